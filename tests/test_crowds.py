"""The chart and the counts of a large dossier: the same as when every event is looked at."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict

from events import asking, chart_items, charts, counting, crowds, dates, history, lanes
from events.as_of import AsOf, Clock
from events.filters import EventFilter
from events.models import Conflict, ConflictMember, Dossier, Event, Evidence, Participation
from events.roles import Viewer
from tests import factories

WORDS = ("ceasefire", "border", "grain", "prisoners")
QUERIES = [
    "", "side=S1", "side=S1&side=S2", "side=none", "side=none&side=S0", "kind=talks&kind=attack",
    "state=draft", "modality=planned", "contested=1", "undated=1", "q=border", "q=border&side=S2",
    "contested=1&q=grain", "from=2025-03-03&to=2025-03-08", "from=2025-03-05&kind=talks",
    "to=2025-03-04T15:00Z&q=grain", "from=2025-03-06T10:00Z&to=2025-03-07T04:00Z&side=S0",
    "lanes=kind", "lanes=kind&side=S1&from=2025-02-20&to=2025-04-01",
]  # fmt: skip


@pytest.fixture
def dossier(db: None) -> Dossier:
    """120 events of every sort, most in March 2025."""
    chance = random.Random(11)
    with history.recording(by=factories.UserFactory(), keeps_state=True):
        dossier = factories.DossierFactory(time_zone="Europe/Kyiv", visibility="public")
        sides = [factories.SideFactory(dossier=dossier, code=f"S{n}") for n in range(3)]
        actors = [factories.ActorFactory(dossier=dossier, side=one) for one in [*sides, None]]
        within = {"dossier": dossier}
        passage = factories.PassageFactory(**within)
        conflict = factories.ConflictFactory(**within, status=Conflict.Status.OPEN)
        events, people, evidence, members = [], [], [], []
        for _ in range(120):
            event = an_event(dossier, chance)
            events.append(event)
            for actor in chance.sample(actors, chance.randint(0, 3)):
                role = chance.choice(Participation.Role.values)
                people.append(Participation(**within, event=event, actor=actor, role=role))
            if chance.random() < 0.15:
                evidence += [
                    Evidence(**within, event=event, passage=passage, bearing=bearing)
                    for bearing in Evidence.Bearing.values
                ]
            elif chance.random() < 0.1:
                members.append(ConflictMember(**within, conflict=conflict, event=event))
        Event.objects.bulk_create(events)
        Participation.objects.bulk_create(people)
        Evidence.objects.bulk_create(evidence)
        ConflictMember.objects.bulk_create(members)
    return dossier


def an_event(dossier: Dossier, chance: random.Random) -> Event:
    """Any event, not saved."""
    event = Event(
        dossier=dossier,
        title=f"About the {chance.choice(WORDS)}",
        kind=chance.choice(["talks", "attack", "statement"]),
        modality=chance.choice(["occurred", "occurred", "planned", "cancelled"]),
    )
    day = f"2025-03-{chance.randint(1, 12):02}"
    when = chance.choice(
        [day, day, f"{day}T{chance.randint(0, 23):02}:30+02:00", "2025-03", "", "202X",
         f"before {day}", f"{day}/2025-03-20", f"{day}/.."]
    )  # fmt: skip
    event.set_when(dates.read(when, zone=dossier.time_zone))
    event.state = chance.choice(Event.State.values)
    return event


def viewers(dossier: Dossier, past: AsOf | None = None) -> list[Viewer]:
    """A member and a visitor."""
    users = factories.UserFactory(), factories.UserFactory()
    return [
        Viewer(user, dossier, role, past) for user, role in zip(users, ("analyst", ""), strict=True)
    ]


def told(wanted: EventFilter) -> dict[str, Any]:
    """Every number beside the chart."""
    return {
        "total": wanted.total,
        "matching": wanted.matching,
        "listed": (wanted.listed, wanted.listed_words),
        "undated": wanted.undated,
        "groups": {
            group.name: [(one.value, one.count, one.checked) for one in group.options]
            for group in wanted.groups
        },
        "active": [(one.label, one.without) for one in wanted.active],
    }


def test_counts_are_those_of_the_rows(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    for viewer, query in product(viewers(dossier), QUERIES):
        small = told(EventFilter(QueryDict(query), viewer))
        monkeypatch.setattr(counting, "SMALL", 0)
        large = EventFilter(QueryDict(query), viewer)
        assert large.is_large
        assert (query, told(large)) == (query, small)
        monkeypatch.undo()


def test_a_chart_tells_of_every_event(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn one by one or as crowds: in the window, before, after and undated, all are told of."""
    monkeypatch.setattr(counting, "SMALL", 0)
    for few, viewer, query in product([crowds.FEW, 10], viewers(dossier), QUERIES):
        monkeypatch.setattr(crowds, "FEW", few)
        wanted = EventFilter(QueryDict(query), viewer)
        chart = charts.draw(wanted, 1440).chart
        assert (query, chart.total, chart.undated) == (query, wanted.matching, undated(wanted))
        assert chart.shown <= wanted.listed
        if "from" not in query and "to" not in query:
            # Nothing lies far out, so the window that fits shows nearly all there is.
            assert chart.shown >= wanted.matching * 0.6 - chart.undated


def undated(wanted: EventFilter) -> int:
    rows = wanted.events(everywhere=True).filter(earliest=None, latest=None)
    return rows.exclude(modality="planned").count()


@pytest.mark.parametrize("query", ["", "kind={0.kind}", "q={1}"])
def test_the_selected_event_stands_by_itself(
    dossier: Dossier, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It and the events linked to it, if they are asked for; crowds count the others."""
    monkeypatch.setattr(counting, "SMALL", 0)
    monkeypatch.setattr(crowds, "FEW", 10)
    talks, *others = Event.objects.filter(dossier=dossier, when_edtf__startswith="2025-03-0")
    linked = others[:12]
    with history.recording(by=factories.UserFactory()):
        for other in linked:
            factories.LinkFactory(dossier=dossier, from_event=other, to_event=talks)
    query = query.format(talks, talks.title.split()[-1])
    viewer = viewers(dossier)[0]
    wanted = EventFilter(QueryDict(f"{query}&selected={talks.ref}"), viewer)
    without = charts.draw(EventFilter(QueryDict(query), viewer), 1440).chart
    chart = charts.draw(wanted, 1440).chart
    assert any(mark.cluster for lane in chart.lanes for mark in lane.marks)
    asked = wanted.events(everywhere=True).filter(pk__in=[one.pk for one in [talks, *linked]])
    items = chart_items.items(wanted, [one.pk for one in asked])[0]
    named = {ref for lane in chart.lanes for mark in lane.marks for ref in refs_of(mark)}
    assert {item.ref for item in items.values()} <= named
    assert chart.selected == talks.ref
    assert (chart.shown, chart.total) == (without.shown, without.total)
    assert [lane.count for lane in chart.lanes] == [lane.count for lane in without.lanes]


def refs_of(mark: Any) -> list[str]:
    """The events a mark or a pill tells of by name."""
    refs: list[str] = mark.refs.split() if mark.cluster else [mark.ref]
    return refs


def test_queries_do_not_grow(
    dossier: Dossier, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(counting, "SMALL", 0)
    monkeypatch.setattr(crowds, "FEW", 10)
    viewer = viewers(dossier)[0]
    with django_assert_num_queries(12):
        charts.draw(EventFilter(QueryDict(""), viewer), 1440)


def test_too_many_words_are_not_counted(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "SMALL", 0)
    monkeypatch.setattr(counting, "MOST", 5)
    wanted = EventFilter(QueryDict("q=border"), viewers(dossier)[0])
    assert (wanted.is_counted, wanted.listed_words, wanted.total) == (False, "5+", 120)
    assert {one.count for group in wanted.groups for one in group.options} == {None}
    assert charts.draw(wanted, 1440).chart.shown == 5


# --- The past


@pytest.mark.parametrize(
    ("day", "queries"),
    [("2025-03-05", QUERIES), ("2025-03-31", QUERIES[::3]), ("2024-01-01", QUERIES[::3])],
)
def test_so_are_those_of_what_had_happened(
    dossier: Dossier, day: str, queries: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    instant = dates.read(day, zone=dossier.time_zone).latest
    assert instant is not None
    past = AsOf(Clock.HAPPENED, instant, day, day)
    rows = Event.objects.filter(dossier=dossier, earliest__gte=instant)
    later = set(rows.values_list("ref", flat=True))
    for viewer, query in product(viewers(dossier, past), queries):
        with past.entered(dossier, public=not viewer.is_member):
            small = told(EventFilter(QueryDict(query), viewer))
            monkeypatch.setattr(counting, "SMALL", 0)
            large = EventFilter(QueryDict(query), viewer)
            chart = charts.draw(large, 1440).chart
            assert (query, told(large), chart.total) == (query, small, small["matching"])
            refs = {mark.ref for lane in chart.lanes for mark in lane.marks if not mark.cluster}
            assert refs.isdisjoint(later)
            monkeypatch.undo()


def test_what_a_large_dossier_said_is_told_in_part(
    dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Event.objects.filter(dossier=dossier).in_time().first()
    assert first is not None
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # seals what was recorded so far
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    number = history.sealed_number(dossier.pk)
    title = first.title
    with history.recording(by=factories.UserFactory()):
        Event.objects.filter(pk=first.pk).update(title="Renamed", earliest=None, latest=None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    monkeypatch.setattr(counting, "SMALL", 0)
    monkeypatch.setattr(asking, "RECALLED", 20)
    past = AsOf(Clock.RECORDED, 0, f"r{number}", "", number)
    viewer = viewers(dossier, past)[0]
    with past.entered(dossier, public=False):
        wanted = EventFilter(QueryDict(""), viewer)
        assert not wanted.is_large
        assert wanted.total in (20, 21)
        assert wanted.events().get(pk=first.pk).title == title
        assert charts.draw(wanted, 1440).chart.total == wanted.total
        assert wanted.messages == [
            "Of what this dossier said, only the first 20 events of the window are shown."
            " Go closer to see others."
        ]
        monkeypatch.setattr(asking, "RECALLABLE", 50)
        wanted = EventFilter(QueryDict(""), viewer)
        assert (wanted.total, charts.draw(wanted, 1440).chart.total) == (0, 0)
        assert wanted.messages == [
            "What a dossier of so many events said earlier is not shown as a timeline."
            " The pages of its records and its history tell it."
        ]


@pytest.mark.parametrize("small", [0, counting.SMALL])
def test_of_many_sides_some_share_a_lane(
    dossier: Dossier, small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "SMALL", small)
    monkeypatch.setattr(lanes, "MOST_SIDES", 2)
    chart = charts.draw(EventFilter(QueryDict(""), viewers(dossier)[0]), 1440).chart
    assert [lane.key for lane in chart.lanes] == ["S0", "S1", ""]
    assert chart.lanes[-1].count > 0
