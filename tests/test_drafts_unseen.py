"""What a visitor's chart shows does not depend on what is not published."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from events import charts, counting, dates, history
from events.filters import EventFilter
from events.models import Dossier, User
from events.roles import Viewer
from tests import factories as make

pytestmark = pytest.mark.django_db

QUERIES = [
    "", "selected=E900", "selected=E900&level=days", "level=months", "side=none", "q=talks",
    "kind=attack", "from=1900&to=2100", "lanes=kind&from=1900&to=2100", "links=all",
]  # fmt: skip


@pytest.fixture
def ida() -> User:
    user: User = make.UserFactory()
    return user


@pytest.fixture
def dossier(ida: User) -> Dossier:
    """Twelve published events on as many days."""
    with history.recording(by=ida, keeps_state=True):
        dossier: Dossier = make.DossierFactory(visibility="public")
        for day in range(1, 13):
            published(dossier, f"2025-03-{day:02}")
    return dossier


def published(dossier: Dossier, when: str) -> Any:
    return event(dossier, when, state="published")


def event(dossier: Dossier, when: str, **given: Any) -> Any:
    built = make.EventFactory.build(dossier=dossier, **given)
    built.set_when(dates.read(when, zone=dossier.time_zone))
    built.save()
    return built


def seen(dossier: Dossier) -> dict[str, Any]:
    """The chart of each query as a visitor sees it, and what its strip says."""
    found = {}
    for query in QUERIES:
        wanted = EventFilter(QueryDict(query), Viewer(AnonymousUser(), dossier, ""))
        drawn = charts.draw(wanted, 1200)
        found[query] = drawn.window, drawn.chart, drawn.overview.bins, drawn.overview.name
    return found


@pytest.mark.parametrize("small", [1_000, 0])
def test_drafts_move_nothing(
    dossier: Dossier, ida: User, small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "SMALL", small)
    monkeypatch.setattr("time.time", lambda: 1_742_000_000)
    before = seen(dossier)
    with history.recording(by=ida):
        drafts = [event(dossier, when, state="draft") for when in ("1850", "2090-05-06", "")]
        drafts.append(event(dossier, "2025-03-05", state="reviewed", kind="attack"))
        named = event(dossier, "2025-07-01", state="draft", ref="E900", title="Secret talks")
        for of in dossier.event_set.filter(state="published")[:3]:
            for draft in [*drafts, named]:
                make.LinkFactory(dossier=dossier, from_event=of, to_event=draft, kind="responds_to")
    assert seen(dossier) == before


def test_the_tag_of_a_chart_does_not_tell_how_many_revisions_there_are(
    dossier: Dossier, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Whoever knows everything else could count up until the tag fits, but for the site's key."""
    monkeypatch.setattr("time.time", lambda: 1_742_000_000)
    wanted = EventFilter(QueryDict(""), Viewer(AnonymousUser(), dossier, ""))
    tags = set()
    for key in ("one", "another"):
        settings.SECRET_KEY = key
        tags.add(charts.fingerprint(wanted, 1200))
    assert len(tags) == 2
