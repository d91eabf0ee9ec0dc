"""Placements and the pyramid of counts: whatever is written, they equal a count from scratch."""

from __future__ import annotations

import random
import threading
from collections import Counter
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from events import chart_items, dates, history
from events.models import Actor, Density, Dossier, Event, Participation, Placement, Revision, Side
from events.models.density import BROAD
from events.models.placement import FOREVER
from events.timeline import cells, scale
from events.timeline.cells import Grain
from tests import factories

Cells = dict[tuple[int, int, int, str], tuple[int, int, int, int]]
ZONES = ["UTC", "Europe/Kyiv", "Asia/Kathmandu", "America/St_Johns"]
DATES = [
    *("2025-03-11", "2025-03-11T14:30Z", "2025-03", "2025", "202X", "before 9 March 2025", ""),
    *("after 2024-10-27", "2025-03-03/2025-03-11", "2025-03-12/..", "44 BC", "-0489-09-12", "1914"),
    *("2025-10-26T03+03:00", "2025-10-26T03:30+03:00", "2024-10-27T01:30+01:00", "2024-12-31"),
    *("2025-01-01", "9000", "-4712"),
]


def placed(dossier: Dossier) -> dict[int, tuple[Any, ...]]:
    """Event id -> (sides, starts, ends, anchor), from the events themselves."""
    zone = dossier.time_zone
    found = {}
    for event in Event.objects.filter(dossier=dossier):
        people = event.participations.select_related("actor__side")
        codes = chart_items.lanes_of(people)
        sides = Side.objects.filter(dossier=dossier, code__in=codes).order_by("pk")
        known = [at for at in (event.earliest, event.latest) if at is not None]
        middle = sum(known) // len(known) if known else None
        starts = -FOREVER if event.earliest is None else scale.local(event.earliest, zone)
        ends = FOREVER if event.latest is None else scale.local(event.latest, zone) - 1
        found[event.pk] = (
            [side.pk for side in sides],
            starts,
            max(starts, ends),
            None if middle is None else scale.local(middle, zone),
        )
    return found


def counted(dossier: Dossier) -> Cells:
    """The pyramid from scratch: (level, at, flavour) -> (starts, ends, anchors, keys)."""
    found: dict[Any, Counter[str]] = {}
    kinds = dict(Event.objects.values_list("pk", "kind"))
    modalities = dict(Event.objects.values_list("pk", "modality"))
    states = dict(Event.objects.values_list("pk", "state"))
    for pk, (sides, starts, ends, anchor) in placed(dossier).items():
        names = [kinds[pk], modalities[pk], states[pk], ",".join(map(str, sides))]
        for grain in Grain:
            for what, clock in (("starts", starts), ("ends", ends), ("anchors", anchor)):
                if clock is None:
                    continue
                at = clock if abs(clock) == FOREVER else cells.cell(grain, clock)
                key = dossier.pk, int(grain), at, "/".join(names)
                found.setdefault(key, Counter())[what] += 1
                if what == "anchors":
                    found[key]["keys"] += pk
    for (dossier_pk, level, at, flavour), of in list(found.items()):
        if level >= Grain.DAY:
            for lane in _lanes(flavour):
                key = dossier_pk, level + BROAD, at, lane
                found.setdefault(key, Counter()).update(of)
    measures = ("starts", "ends", "anchors", "keys")
    return {key: tuple(of[name] for name in measures) for key, of in found.items()}  # type: ignore[misc]


def _lanes(flavour: str) -> list[str]:
    """What a flavour is called where kinds do not matter, lane by lane."""
    _, modality, state, sides = flavour.split("/")
    modality = "occurred" if modality in ("occurred", "cancelled") else "planned"
    state = "published" if state == "published" else "draft"
    return [f"*/{modality}/{state}/{lane}" for lane in ("*", *sides.split(","))]


def kept(table: str = "truceline_density") -> Cells:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT dossier_id, level, at, flavour,"
            " sum(starts), sum(ends), sum(anchors), sum(keys)"
            f" FROM {table} GROUP BY 1, 2, 3, 4"
        )
        rows = {row[:4]: tuple(int(n) for n in row[4:]) for row in cursor.fetchall()}
    return {key: row for key, row in rows.items() if any(row)}  # type: ignore[misc]


def check(*dossiers: Dossier) -> None:
    """Compare what triggers keep with what is there."""
    expected: Cells = {}
    for dossier in dossiers:
        dossier.refresh_from_db()
        rows = Placement.objects.filter(dossier=dossier)
        columns = ("sides", "starts", "ends", "anchor")
        assert {row[0]: row[1:] for row in rows.values_list("pk", *columns)} == placed(dossier)
        expected |= counted(dossier)
    assert kept() == expected


class Busy:
    """Two dossiers in which everything that moves an event happens, at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.by = factories.UserFactory()
        with history.recording(by=self.by):
            self.dossiers = [factories.DossierFactory(time_zone=zone) for zone in ZONES[:2]]
            for dossier in self.dossiers:
                sides = [factories.SideFactory(dossier=dossier) for _ in range(3)]
                for side in [*sides, *sides, None]:
                    factories.ActorFactory(dossier=dossier, side=side)

    def step(self) -> None:
        """One revision of one to three changes."""
        steps = [
            *(self.make, self.make, self.date, self.attend, self.leave, self.recast, self.move),
            *(self.drop, self.rezone, self.state, self.undo, self.many, self.drop_side),
        ]
        with history.recording(by=self.by, keeps_state=self.random.random() < 0.5):
            for step in self.random.choices(steps, k=self.random.randint(1, 3)):
                with suppress(models.RestrictedError, history.CannotUndo), transaction.atomic():
                    step(self.random.choice(self.dossiers))

    def some(self, model: Any, dossier: Dossier) -> Any:
        keys = list(model.objects.filter(dossier=dossier).values_list("pk", flat=True))
        chosen = self.random.sample(keys, self.random.randint(0, min(len(keys), 4)))
        return model.objects.filter(pk__in=chosen)

    def make(self, dossier: Dossier) -> None:
        self.dated(factories.EventFactory.build(dossier=dossier)).save()

    def many(self, dossier: Dossier) -> None:
        events = [self.dated(factories.EventFactory.build(dossier=dossier)) for _ in range(9)]
        Event.objects.bulk_create(events)

    def dated(self, event: Event) -> Event:
        event.kind = self.random.choice(Event.Kind.values)
        event.modality = self.random.choice(Event.Modality.values)
        event.set_when(dates.read(self.random.choice(DATES), zone=event.dossier.time_zone))
        return event

    def date(self, dossier: Dossier) -> None:
        for event in self.some(Event, dossier):
            self.dated(event).save()

    def attend(self, dossier: Dossier) -> None:
        actors = list(Actor.objects.filter(dossier=dossier))
        for event in self.some(Event, dossier):
            role = self.random.choice(Participation.Role.values)
            Participation.objects.get_or_create(
                dossier=dossier, event=event, actor=self.random.choice(actors), role=role
            )

    def leave(self, dossier: Dossier) -> None:
        self.some(Participation, dossier).delete()

    def recast(self, dossier: Dossier) -> None:
        with suppress(Exception), transaction.atomic():
            self.some(Participation, dossier).update(role=self.random.choice(["target", "speaker"]))

    def move(self, dossier: Dossier) -> None:
        sides = [None, *Side.objects.filter(dossier=dossier)]
        self.some(Actor, dossier).update(side=self.random.choice(sides))

    def drop(self, dossier: Dossier) -> None:
        self.some(Event, dossier).delete()

    def drop_side(self, dossier: Dossier) -> None:
        if Side.objects.filter(dossier=dossier).count() > 1 and self.random.random() < 0.2:
            Side.objects.filter(dossier=dossier).first().delete()

    def rezone(self, dossier: Dossier) -> None:
        Dossier.objects.filter(pk=dossier.pk).update(time_zone=self.random.choice(ZONES))
        dossier.refresh_from_db()

    def state(self, dossier: Dossier) -> None:
        self.some(Event, dossier).update(state=self.random.choice(Event.State.values))

    def undo(self, dossier: Dossier) -> None:
        rows = Revision.objects.filter(dossier_id=dossier.pk, number__isnull=False)
        if rows:
            history.undo(self.random.choice(list(rows.order_by("-number")[:3])))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
def test_after_any_mix_of_writes_it_equals_a_count_from_scratch(seed: int) -> None:
    busy = Busy(seed)
    for step in range(25):
        busy.step()
        if step % 5 == 4:
            check(*busy.dossiers)
    assert Event.objects.count() > 10
    assert kept("events_density_pending") == {}
    assert not Density.objects.filter(starts=0, ends=0, anchors=0).exists()


@pytest.fixture
def dossier(transactional_db: Any) -> Dossier:
    with history.recording(by=factories.UserFactory()):
        return factories.DossierFactory(time_zone="Europe/Kyiv")


def test_it_is_exact_before_the_commit_and_as_it_was_after_none(dossier: Dossier) -> None:
    by = factories.UserFactory()
    with suppress(KeyError), history.recording(by=by):
        event = factories.EventFactory(
            dossier=dossier, when_edtf="2025-03-11", earliest=0, latest=9
        )
        check(dossier)
        event.delete()
        check(dossier)
        factories.EventFactory(dossier=dossier)
        raise KeyError
    assert kept() == {}
    check(dossier)


def test_copied_and_truncated_rows_count(dossier: Dossier) -> None:
    with history.recording(by=factories.UserFactory()):
        actor = factories.ActorFactory(dossier=dossier, side=factories.SideFactory(dossier=dossier))
        columns = "dossier_id, title, summary, kind, modality, state, when_text, when_edtf,"
        columns += "ref, earliest, latest, when_basis, place, channel"
        start = [dossier.pk, "A", "", "talks", "occurred", "draft", "", ""]
        end = [None, "stated", "", "direct"]
        rows = [[*start, f"E{n}", f"2025-01-{n % 28 + 1:02} 12:00+00", *end] for n in range(1, 200)]
        with connection.cursor() as cursor:
            with cursor.copy(f"COPY events_event ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(
                "INSERT INTO events_participation (dossier_id, ref, event_id, actor_id, role, note)"
                " SELECT dossier_id, 'PT' || id, id, %s, 'speaker', '' FROM events_event",
                [actor.pk],
            )
    check(dossier)
    assert Density.objects.filter(level=Grain.MILLENNIUM).count() == 2
    with history.recording(by=factories.UserFactory()), connection.cursor() as cursor:
        cursor.execute("TRUNCATE events_participation CASCADE")
    check(dossier)
    with history.recording(by=factories.UserFactory()), connection.cursor() as cursor:
        cursor.execute("TRUNCATE events_event CASCADE")
    check(dossier)
    assert Density.objects.count() == Placement.objects.count() == 0


def test_a_deleted_dossier_leaves_nothing(dossier: Dossier) -> None:
    with history.recording(by=factories.UserFactory()):
        factories.ParticipationFactory(dossier=dossier)
    with history.recording(by=factories.UserFactory()):
        dossier.delete()
    assert Density.objects.count() == Placement.objects.count() == 0


@pytest.mark.parametrize("zone", ["Pacific/Apia", "UTC", "Asia/Kathmandu"])
@pytest.mark.parametrize("when", ["-4712", "-4711-01-01T00:00Z", "-4712-01-01T12:00Z"])
def test_the_first_years_there_are_can_be_kept(dossier: Dossier, when: str, zone: str) -> None:
    with history.recording(by=factories.UserFactory()):
        event = factories.EventFactory.build(dossier=dossier)
        event.set_when(dates.read(when, zone="UTC"))
        event.save()
    check(dossier)
    with history.recording(by=factories.UserFactory()):
        Dossier.objects.filter(pk=dossier.pk).update(time_zone=zone)
    check(dossier)


def test_writers_of_one_event_and_of_its_sides_meet(dossier: Dossier) -> None:
    """Several add participants to the same events while others move the actors between sides."""
    by = factories.UserFactory()
    with history.recording(by=by):
        events = [factories.EventFactory(dossier=dossier) for _ in range(4)]
        sides = [factories.SideFactory(dossier=dossier) for _ in range(3)]
        actors = [factories.ActorFactory(dossier=dossier, side=side) for side in sides]
    problems: list[Exception] = []

    def write(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for step in range(12):
                with history.recording(by=by):
                    actor, event = chance.choice(actors), chance.choice(events)
                    if seed == 0:
                        side = chance.choice(sides)
                        Actor.objects.filter(pk=actor.pk).update(side=side)
                    else:
                        there = event.participations.filter(actor=actor)
                        if there.exists():
                            there.delete()
                        else:
                            ref = f"PT{seed}{step:02}"
                            Participation.objects.create(
                                dossier=dossier, event=event, actor=actor, ref=ref
                            )
        except Exception as problem:  # told below, in the test's own thread
            if "participation_once" not in str(problem):
                problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[seed]) for seed in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    check(dossier)


@pytest.mark.django_db
def test_the_database_knows_who_acts() -> None:
    """The roles in truceline_sides() are those of the model."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'truceline_sides'")
        source = cursor.fetchone()[0]
    listed = source.split("role IN (")[1].split(")")[0]
    assert [word.strip(" '\n") for word in listed.split(",")] == list(Participation.ACTING)


@pytest.mark.django_db
def test_both_know_the_same_cells() -> None:
    chance = random.Random(5)
    clocks = [chance.randint(-148_000_000_000, 250_000_000_000) for _ in range(300)]
    years = (-4800, -4712, -4000, -1, 0, 1, 1999, 2000)
    clocks += [scale.days_of(year, 1, 1) * scale.DAY + by for year in years for by in (-1, 0, 1)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT level, clock, truceline_cell(level, clock)"
            " FROM generate_series(0, 9) level, unnest(%s::bigint[]) clock",
            [clocks],
        )
        found = cursor.fetchall()
    assert found == [(level, clock, cells.cell(Grain(level), clock)) for level, clock, _ in found]


@given(st.sampled_from(Grain), st.integers(-(10**12), 10**12))
def test_cells_follow_each_other(grain: Grain, clock: int) -> None:
    start, end = cells.cell(grain, clock), cells.following(grain, clock)
    assert start <= clock < end
    assert (cells.cell(grain, start), cells.cell(grain, end)) == (start, end)
    assert abs(end - start - grain.usual) <= grain.usual // 8


@given(*[st.integers(-(10**8), 10**8).map(lambda hours: hours * 3600)] * 2)
def test_time_between_two_hours_is_few_cells(one: int, other: int) -> None:
    start, end = sorted((one, other))
    stretches = cells.between(start, end)
    edges = [start, *(high for _, _, high in stretches)]
    assert [(low, high) for _, low, high in stretches] == list(pairwise(edges))
    assert edges[-1] == end
    for grain, low, high in stretches:
        assert (cells.cell(grain, low), cells.cell(grain, high)) == (low, high)
        # The days of no more than two months: one begun and one not ended.
        assert (high - low) // grain.usual <= 2 * 31


@given(st.integers(-(10**8), 10**8).map(lambda hours: hours * 3600))
def test_all_time_before_an_hour_is_few_cells(clock: int) -> None:
    stretches = cells.before(clock)
    assert stretches[0][1] is None
    assert stretches[-1][2] == clock
    ends = [end for _, _, end in stretches]
    assert [start for _, start, _ in stretches[1:]] == ends[:-1]
    for grain, start, end in stretches[1:]:
        assert start is not None
        assert (cells.cell(grain, start), cells.cell(grain, end)) == (start, end)
        assert (end - start) // grain.usual <= 31
