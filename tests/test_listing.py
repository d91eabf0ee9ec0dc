"""Pages of the list, however it is narrowed: the same events in the same order as one by one."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F
from django.http import QueryDict

from events import chronicle, dates, history, keyset, listing, search
from events.filters import EventFilter
from events.models import Event, Evidence, Participation
from events.roles import Viewer
from tests import factories as make

WHEN = (
    "2025-03-11",
    "2025-03-11",
    "2025-03-11T10:00",
    "2025-03-12T23:30",
    "2025-03",
    "2024/2025-03-11",
    "2024-12-31/2025-03-10",
    "../2025-03-11",
    "../2020",
    "2025-03-09/..",
    "2019/..",
    "[2025-03-10..2025-03-12]",
    "-0499",
    "2025-07-04",
    "",
)


@pytest.fixture(params=["UTC", "America/New_York"])
def viewer(request: pytest.FixtureRequest, db: None) -> Viewer:
    """A member of a dossier with 50 events of every kind of date."""
    chance = random.Random(7)
    user = make.UserFactory()
    with history.recording(by=user):
        dossier = make.DossierFactory(time_zone=request.param, visibility="public")
        sides = [make.SideFactory(dossier=dossier, code=code) for code in ("US", "UA")]
        actors = [make.ActorFactory(dossier=dossier, side=side) for side in [*sides, None]]
        passage = make.PassageFactory(dossier=dossier)
        events, people, evidence = [], [], []
        for number in range(50):
            event = Event(
                dossier=dossier,
                title=f"{chance.choice(['Ceasefire', 'Talks'])} {number}",
                kind=chance.choice(["talks", "call", "attack"]),
                modality=chance.choice(["occurred", "occurred", "planned"]),
                state=chance.choice(["draft", "published"]),
            )
            event.set_when(dates.from_edtf(chance.choice(WHEN), zone=request.param))
            events.append(event)
            people += [
                Participation(dossier=dossier, event=event, actor=actor, role="initiator")
                for actor in chance.sample(actors, chance.randrange(3))
            ]
            evidence += [
                Evidence(dossier=dossier, event=event, passage=passage, bearing=bearing)
                for bearing in chance.choice([(), (), ("supports",), ("supports", "disputes")])
            ]
        Event.objects.bulk_create(events)
        Participation.objects.bulk_create(people)
        Evidence.objects.bulk_create(evidence)
        make.EventFactory(title="Ceasefire elsewhere", earliest=0)
    return Viewer(user, dossier, "analyst")


def wanted(query: str, viewer: Viewer) -> EventFilter:
    return EventFilter(QueryDict(query), viewer)


def pages(query: str, viewer: Viewer, size: int) -> Iterator[list[str]]:
    """The refs of each page."""
    page = listing.read(wanted(query, viewer), size)
    yield [event.ref for event in page.events]
    while page.next:
        page = listing.read(wanted(f"{query}&after={page.next}", viewer), size)
        yield [event.ref for event in page.events]


def one_by_one(query: str, viewer: Viewer) -> list[str]:
    """The refs of all events asked for, by the plain conditions of the filter."""
    rows = wanted(query, viewer).events()
    known = F("latest").asc(nulls_last=True)
    found = [
        *rows.filter(earliest=None).exclude(latest=None).order_by(known, "id"),
        *rows.exclude(earliest=None).order_by("earliest", known, "id"),
        *rows.filter(earliest=None, latest=None).order_by("id"),
    ]
    return [event.ref for event in found]


QUERIES = (
    "",
    "kind=call",
    "kind=call&kind=talks&modality=planned",
    "state=draft",
    "side=US",
    "side=none",
    "side=UA&side=none&kind=attack",
    "q=cease",
    "q=cease+-1*",
    "q=ceasefire&side=US",
    "q=nothing",
    "contested=1",
    "undated=1",
    "undated=1&kind=call",
    "from=2025-03-11&to=2025-03-11",
    "from=2025-03-11T09:00Z&to=2025-03-11T12:00Z",
    "from=2025-03-12",
    "to=2025-03-10",
    "to=1000",
    "from=2025-03-11&to=2025-03-11&side=US&modality=occurred",
    "from=2025&q=talks",
)


@pytest.mark.parametrize("nearby", [2, 5_000])
def test_pages_are_the_list(viewer: Viewer, nearby: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyset, "NEARBY", nearby)
    public = Viewer(AnonymousUser(), viewer.dossier, "")
    for one in (viewer, public):
        for query in QUERIES:
            whole = one_by_one(query, one)
            found = [ref for page in pages(query, one, 7) for ref in page]
            assert (query, found) == (query, whole)


def test_the_past_is_read_from_the_events(viewer: Viewer) -> None:
    """Both ways of reading give the same pages."""
    for query in ("", "kind=call", "from=2025-03-11&to=2025-03-11"):
        present = listing.read(wanted(query, viewer), 7)
        past = listing._past(wanted(query, viewer), 7)
        assert [event.ref for event in past.events] == [event.ref for event in present.events]
        assert past.next == present.next


def test_a_cursor_one_may_not_see_is_none(viewer: Viewer) -> None:
    draft = Event.objects.filter(dossier=viewer.dossier, state="draft").order_by("-id").first()
    assert draft is not None
    public = Viewer(AnonymousUser(), viewer.dossier, "")
    page = listing.read(wanted(f"after={draft.ref}", public), 7)
    assert page.message == f"There is no event {draft.ref}; the list starts at its beginning."
    assert page.events == listing.read(wanted("", public), 7).events


def test_a_day_on_several_pages_tells_how_many_it_has(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chronicle, "PAGE", 3)
    user = make.UserFactory()
    with history.recording(by=user):
        dossier = make.DossierFactory(time_zone="Asia/Tokyo")
        for day, count in (("2025-03-10", 1), ("2025-03-11", 7), ("2025-03-12", 1)):
            for _ in range(count):
                event = make.EventFactory.build(dossier=dossier)
                event.set_when(dates.from_edtf(day, zone="Asia/Tokyo"))
                event.save()
    viewer = Viewer(user, dossier, "analyst")

    def headings() -> Iterator[list[str]]:
        page = chronicle.read(wanted("", viewer))
        yield [f"{day.key} {day.count}" for day in page.days]
        while page.next:
            page = chronicle.read(wanted(f"after={page.next}", viewer))
            yield [f"{day.key} {day.count}" for day in page.days]

    assert list(headings()) == [
        ["2025-03-10 1 event"],
        ["2025-03-11 3 of 7 events"],
        ["2025-03-11 3 of 7 events"],
        ["2025-03-11 1 of 7 events", "2025-03-12 1 event"],
    ]
    monkeypatch.setattr(listing, "COUNTED", 5)
    assert [*headings()][1] == ["2025-03-11 3 of 5+ events"]


@pytest.fixture
def large(db: None) -> Viewer:
    """A member of a dossier with 20,000 events, every fifth with a common word."""
    with history.recording(by=make.UserFactory()):
        dossier = make.DossierFactory()
        make.SideFactory(dossier=dossier, code="US")
    user = make.UserFactory()
    with connection.cursor() as cursor:
        # Placements are written below, all at once: what keeps them is tested elsewhere.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            """INSERT INTO events_event (dossier_id, ref, state, title, summary, kind, modality,
                when_text, when_edtf, earliest, latest, when_basis, place, channel)
            SELECT %s, 'E' || i, 'published',
                CASE WHEN i %% 5 = 0 THEN 'Ceasefire' WHEN i = 77 THEN 'Zanzibar' ELSE 'Talks' END,
                '', CASE WHEN i %% 1000 = 1 THEN 'call' ELSE 'talks' END, 'occurred', '', '',
                at, at + interval '1 hour', 'stated', '', 'unknown'
            FROM generate_series(1, 20000) i,
                LATERAL (SELECT timestamptz '2000-01-01Z' + i * interval '8 hours' AS at) clock""",
            [dossier.pk],
        )
        cursor.execute(
            "INSERT INTO events_placement (event_id, dossier_id, kind, modality, state, sides,"
            " starts, ends, anchor, words) SELECT event_id, dossier_id, kind, modality, state,"
            " sides, starts, ends, anchor, words FROM truceline_placed WHERE dossier_id = %s",
            [dossier.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE events_event, events_placement")
    return Viewer(user, dossier, "analyst")


def test_no_page_goes_through_all_events(large: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyset, "NEARBY", 500)
    plans: list[str] = []

    def explained(sql: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}", given)
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
        return asked(sql, given)

    asked = keyset._rows
    monkeypatch.setattr(keyset, "_rows", explained)
    for query in (
        "",
        "after=E10000",
        "kind=call&after=E50",
        "side=none&after=E19900",
        "q=zanzibar",
        "q=cease",
        "from=2005-01&to=2005-02",
        "from=2005-01&kind=call",
    ):
        plans.clear()
        listing.read(wanted(query, large), 100)
        assert plans
        assert not [plan for plan in plans if "Seq Scan on events_placement" in plan]


def test_a_common_word_and_a_rare_one(large: Viewer) -> None:
    """Newest first, counted up to 1,000, in however many events the word is."""
    words = {"cease": 4_000, "zanzibar": 1, "talks -zan": 15_999, "nothing": 0}
    found = {text: search.search(text, large, kind="event") for text in words}
    assert {text: results.count_words for text, results in found.items()} == {
        "cease": "1,000+",
        "zanzibar": "1",
        "talks -zan": "1,000+",
        "nothing": "0",
    }
    shown = [hit.ref for hit in found["cease"].groups[0].hits]
    assert shown == [f"E{number}" for number in range(20_000, 19_900, -5)]


@pytest.mark.parametrize("nearby", [3, 5_000])
def test_the_newest_are_found_wherever_they_are(
    viewer: Viewer, nearby: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyset, "NEARBY", nearby)
    monkeypatch.setattr(search, "COUNTED", 10)
    rows = Event.objects.filter(dossier=viewer.dossier, placement__isnull=False)
    order = [f"-placement__{name}" for name in ("starts", "ends", "event")]
    for word in ("cease", "talks"):
        whole = rows.filter(title__istartswith=word).order_by(*order)
        (group,) = search.search(word, viewer, kind="event", each=5).groups
        assert [hit.ref for hit in group.hits] == [event.ref for event in whole[:5]]
        assert group.count_words == "10+"
