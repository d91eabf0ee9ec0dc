"""What a proposal still waits for."""

import pytest

from events import history
from events.models import Consent, Position
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_awaited_until_the_actor_answers_for_or_against() -> None:
    with history.recording(by=make.UserFactory()):
        tabled = make.EventFactory()
        dossier = tabled.dossier
        proposal = make.ProposalFactory(dossier=dossier, tabled_in=tabled)
        announced = make.ProposalFactory(dossier=dossier)
        make.ConsentFactory(dossier=dossier, proposal=announced)
        answered, waiting, vague = (
            make.ConsentFactory(dossier=dossier, proposal=proposal) for _ in range(3)
        )
        answer = make.PositionFactory(
            dossier=dossier, actor=answered.actor, issue=proposal.issue, stance="conditional"
        )
        make.PositionFactory(
            dossier=dossier, actor=vague.actor, issue=proposal.issue, stance="none"
        )

    known = Position.objects.exclude(pk=answer.pk)
    assert list(Consent.objects.awaited().order_by("id")) == [waiting, vague]
    assert list(Consent.objects.awaited(known).order_by("id")) == [answered, waiting, vague]
