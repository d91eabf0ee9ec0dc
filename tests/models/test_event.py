"""What lists show of events: whether they are contested, for whom."""

import pytest
from django.contrib.auth.models import AnonymousUser

from events import history
from events.models import Event, Position
from events.roles import Viewer
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_open_conflict_contests_its_members_for_those_who_see_it() -> None:
    with history.recording(by=make.UserFactory()):
        owner = make.MembershipFactory(role="owner")
        dossier = owner.dossier
        event = make.EventFactory(dossier=dossier, state="published")
        position = make.PositionFactory(dossier=dossier, state="published", event=event)
        draft = make.EventFactory(dossier=dossier)
        # With one published side alone the public does not see the conflict.
        unseen = make.ConflictFactory(dossier=dossier)
        for one in (event, draft):
            make.ConflictMemberFactory(dossier=dossier, conflict=unseen, event=one)
        seen = make.ConflictFactory(dossier=dossier)
        settled = make.ConflictFactory(dossier=dossier, status="resolved", resolution="By S2")
        other = make.EventFactory(dossier=dossier, state="published")
        for conflict, one in ((seen, other), (settled, event)):
            make.ConflictMemberFactory(dossier=dossier, conflict=conflict, event=one)
        make.ConflictMemberFactory(dossier=dossier, conflict=seen, event=None, position=position)

    found = {}
    for name, user in (("owner", owner.user), ("public", AnonymousUser())):
        viewer = Viewer.of(user, dossier)
        events = Event.objects.filter(dossier=dossier).with_contested(viewer)
        positions = Position.objects.with_contested(viewer)
        found[name] = {row for row in (*events, *positions) if row.contested}
    assert found == {"owner": {event, draft, other, position}, "public": {other, position}}
