"""Whole states: what undo, restore, bringing back and the past give is compared row by row."""

from __future__ import annotations

import datetime as dt
import random
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events import history
from events.formats import dossier as dossier_format
from events.formats import writer
from events.history import recording
from events.models import (
    Change,
    Dossier,
    Event,
    Membership,
    Participation,
    Position,
    Revision,
    Source,
    SourceText,
    User,
)
from events.naming import tracked
from tests import factories
from tests.factories import RECORDS

pytestmark = pytest.mark.django_db(transaction=True)

SEED = Path(__file__).parent.parent / "seeds" / "jeddah"
GO_ON = ("version", "updated_at")
"""Columns that only ever go on: undo writes a new version."""


def whole(dossier: Dossier) -> dict[str, dict[int, dict[str, Any]]]:
    """Every row of every table under the history, as the tables hold it."""
    found = {}
    with connection.cursor() as cursor:
        for table in tracked():
            key = "id" if table == "events_dossier" else "dossier_id"
            cursor.execute(f"SELECT id, to_jsonb(t) FROM {table} t WHERE {key} = %s", [dossier.pk])
            rows = {pk: history.as_json(row) for pk, row in cursor.fetchall()}
            if rows:
                found[table] = rows
    return found


def forgetful(state: dict[str, dict[int, dict[str, Any]]]) -> dict[str, Any]:
    """The state without the columns that only go on."""
    return {
        table: {
            pk: {name: value for name, value in row.items() if name not in GO_ON}
            for pk, row in rows.items()
        }
        for table, rows in state.items()
    }


def content(dossier: Dossier) -> dict[str, Any]:
    return forgetful(whole(dossier))


def newest(dossier: Dossier) -> Revision:
    return Revision.objects.filter(dossier_id=dossier.pk).latest("number")


def undo(revision: Revision, by: User) -> None:
    with recording(by=by, note="undo"):
        history.undo(revision)


@pytest.fixture
def ann() -> User:
    return factories.UserFactory(username="ann")


@pytest.fixture
def world(ann: User) -> Dossier:
    """A dossier with a record of every noun, and records that depend on one another."""
    with recording(by=ann):
        dossier = factories.DossierFactory()
        factories.MembershipFactory(dossier=dossier, user=ann, role="owner")
        for model, factory in RECORDS.items():
            if model is Membership or not model.objects.filter(dossier=dossier).exists():
                factory(dossier=dossier)
        event = factories.EventFactory(dossier=dossier)
        position = factories.PositionFactory(dossier=dossier, event=event)
        factories.PositionFactory(dossier=dossier, shifts_from=position)
        factories.EventFactory(dossier=dossier, part_of=event, when_anchor_event=event)
        for target in (event, position):
            noun = target._meta.model_name
            factories.EvidenceFactory(dossier=dossier, **{"event": None, noun: target})
            factories.ConflictMemberFactory(dossier=dossier, **{"event": None, noun: target})
        commitment = factories.CommitmentFactory(dossier=dossier, event=event)
        factories.OutcomeFactory(dossier=dossier, commitment=commitment)
        factories.LinkFactory(dossier=dossier, from_event=event)
    with recording(by=ann):
        event.publish()
    return dossier


def create(dossier: Dossier, model: Any) -> None:
    RECORDS[model](dossier=dossier)


def create_many(dossier: Dossier, model: Any) -> None:
    made = RECORDS[model](dossier=dossier)
    made.ref = "renamed"
    made.save()
    RECORDS[model](dossier=dossier)


def change(dossier: Dossier, model: Any) -> None:
    for record in model.objects.filter(dossier=dossier):
        record.ref = f"{record.ref}-changed"
        record.save()


def change_in_bulk(dossier: Dossier, model: Any) -> None:
    rows = model.objects.filter(dossier=dossier)
    rows.update(ref=Concat("ref", Value("-new")))


def delete(dossier: Dossier, model: Any) -> None:
    """The newest one that others do not hold back, with all that hangs on it."""
    for record in model.objects.filter(dossier=dossier).order_by("-id"):
        try:
            with transaction.atomic():
                record.delete()
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return
        except (models.RestrictedError, models.ProtectedError):
            continue
    RECORDS[model](dossier=dossier).delete()


def replace(dossier: Dossier, model: Any) -> None:
    """Delete one, and make another that takes its ref; change a third."""
    made = RECORDS[model](dossier=dossier)
    ref = made.ref
    made.delete()
    RECORDS[model](dossier=dossier, ref=ref)
    change(dossier, model)


def review(dossier: Dossier, model: Any) -> None:
    for record in model.objects.filter(dossier=dossier):
        if hasattr(record, "publish"):
            record.publish()
        else:
            record.ref = f"{record.ref}-beside"
            record.save()


@pytest.mark.parametrize(
    "act",
    [create, create_many, change, change_in_bulk, delete, replace, review],
    ids=lambda act: act.__name__,
)
def test_undo_and_undo_of_the_undo_of_every_noun(ann: User, world: Dossier, act: Any) -> None:
    wrong = []
    for model in RECORDS:
        before = content(world)
        with recording(by=ann):
            act(world, model)
        after, done = content(world), newest(world)
        undo(done, ann)
        if content(world) != before or before == after:
            wrong.append((model.__name__, "undo"))
        undo(newest(world), ann)
        if content(world) != after:
            wrong.append((model.__name__, "undo of the undo"))
        undo(newest(world), ann)
        # What was done, undone, done again and undone again is as it was.
        if content(world) != before:
            wrong.append((model.__name__, "undo, thrice"))
    assert wrong == []


def test_settings_and_a_truncated_table_come_back(ann: User, world: Dossier) -> None:
    before = content(world)
    with recording(by=ann):
        Dossier.objects.filter(pk=world.pk).update(title="Other", visibility="public")
    with recording(by=ann), connection.cursor() as cursor:
        cursor.execute("TRUNCATE events_note, events_link, events_evidence")
    undo(newest(world), ann)
    undo(Revision.objects.get(dossier_id=world.pk, number=newest(world).number - 2), ann)
    assert content(world) == before


def test_every_version_of_every_noun_can_be_restored(ann: User, world: Dossier) -> None:
    wrong = []
    for model in RECORDS:
        record = model.objects.filter(dossier=world).order_by("id").first()
        first = record.version
        for ref in ("second", "third"):
            with recording(by=ann):
                model.objects.filter(pk=record.pk).update(ref=ref)
        for version in range(first, first + 3):
            with recording(by=ann):
                history.restore(record, version)
            kept = history.changes_of(record).filter(after__version=version).get().after
            now = whole(world)[model._meta.db_table][record.pk]
            differing = {name for name in kept if kept[name] != now[name]}
            if differing - {"state", *GO_ON}:
                wrong.append((model.__name__, version, differing))
    assert wrong == []


def test_what_was_deleted_comes_back_whole(ann: User, world: Dossier) -> None:
    with recording(by=ann):
        event = factories.EventFactory(dossier=world)
        factories.ParticipationFactory(dossier=world, event=event)
        factories.EvidenceFactory(dossier=world, event=event)
        factories.LinkFactory(dossier=world, to_event=event)
        event.publish()
    before = content(world)
    with recording(by=ann):
        event.delete()
    gone = newest(world).changes.get(ref=event.ref)
    with recording(by=ann):
        back = history.bring_back(gone)
    assert (len(back), content(world)) == (4, before)


def seed() -> Any:
    return dossier_format.load(SEED)


def ready_for(file: Any, dossier: Dossier, by: User) -> None:
    """Let an import meet this dossier, and no stored text that it would have to change."""
    with recording(by=by):
        Dossier.objects.filter(pk=dossier.pk).update(slug=file.dossier.slug)
        for model in (Source, SourceText):
            model.objects.filter(dossier=dossier).update(ref=Concat("ref", Value("-own")))


@pytest.mark.parametrize("filled", [False, True], ids=["empty", "filled"])
def test_an_import_is_undone_in_one_step(ann: User, world: Dossier, filled: bool) -> None:
    file = seed()
    if filled:
        dossier = world
        ready_for(file, dossier, ann)
    else:
        with recording(by=ann):
            dossier = factories.DossierFactory(slug=file.dossier.slug)
            factories.MembershipFactory(dossier=dossier, user=ann, role="owner")
    before = content(dossier)
    writer.apply(file, ann)
    after = content(dossier)
    assert len(after["events_event"]) >= 20
    undo(newest(dossier), ann)
    assert content(dossier) == before
    undo(newest(dossier), ann)
    assert content(dossier) == after


# --- Sequences of writes by several people


def folded(dossier: Dossier) -> dict[int, dict[str, dict[int, dict[str, Any]]]]:
    """The state after each revision, from the first change on, one change after the other."""
    state: dict[str, dict[int, dict[str, Any]]] = {}
    states = {}
    for revision in Revision.objects.filter(dossier_id=dossier.pk).order_by("number"):
        for one in Change.objects.filter(revision=revision).order_by("id"):
            rows = dict(state.get(one.table, {}))
            if rows.get(one.record_id) != one.before:
                raise AssertionError(f"{one.ref} was not what revision {revision.number} says.")
            rows.pop(one.record_id, None)
            if one.after is not None:
                rows[one.record_id] = one.after
            state = {**state, one.table: rows}
        state = {table: rows for table, rows in state.items() if rows}
        states[revision.number] = state
    return states


def write_something(dossier: Dossier, what: int, which: int) -> None:
    """One of a few kinds of writes to the dossier; some find nothing to do."""
    events = list(Event.objects.filter(dossier=dossier).order_by("id"))
    event = events[which % len(events)] if events else factories.EventFactory(dossier=dossier)
    match what % 9:
        case 0:
            factories.EventFactory(dossier=dossier, part_of=event)
        case 1:
            Event.objects.filter(pk=event.pk).update(place=f"Place {which}")
        case 2:
            event.delete()
        case 3:
            factories.ParticipationFactory(dossier=dossier, event=event)
            factories.PositionFactory(dossier=dossier, event=event)
        case 4:
            Event.objects.filter(dossier=dossier).update(summary=f"Summary {which}")
        case 5:
            event.publish() if event.state == "draft" else event.withdraw()
        case 6:
            factories.EvidenceFactory(dossier=dossier, event=event)
            factories.LinkFactory(dossier=dossier, from_event=event)
        case 7:
            Participation.objects.filter(dossier=dossier).delete()
            Position.objects.filter(dossier=dossier).update(summary=f"{which}")
        case 8:
            made = [Event(dossier=dossier, title=f"Many {n}") for n in range(which % 5 + 1)]
            Event.objects.bulk_create(made)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 9)), min_size=4, max_size=12))
def test_any_sequence_is_taken_back_step_by_step(steps: list[tuple[int, int]]) -> None:
    people = [factories.UserFactory() for _ in range(3)]
    with recording(by=people[0]):
        dossier = factories.DossierFactory()
        factories.EventFactory(dossier=dossier)
    states = {newest(dossier).number: whole(dossier)}
    for index, (what, which) in enumerate(steps):
        with recording(by=people[index % 3]):
            write_something(dossier, what, which)
        states[newest(dossier).number] = whole(dossier)
    assert states == {number: history.as_recorded(dossier.pk, number) for number in states}
    assert states == folded(dossier)
    for number in sorted(states)[:0:-1]:
        undo(Revision.objects.get(dossier_id=dossier.pk, number=number), people[number % 3])
        assert content(dossier) == forgetful(states[number - 1])


def test_the_past_of_a_busy_dossier_is_the_fold_of_its_changes(ann: User, world: Dossier) -> None:
    """Several people write, delete, truncate, restore and undo at once; then every revision."""
    failures: list[BaseException] = []

    def work(person: User, start: int) -> None:
        chance = random.Random(start)
        try:
            for _ in range(14):
                try:
                    with recording(by=person):
                        write_something(world, chance.randrange(9), chance.randrange(9))
                    if chance.random() < 0.4:
                        mine = Revision.objects.filter(dossier_id=world.pk, author=person)
                        undo(mine.latest("number"), person)
                    if chance.random() < 0.3 and (event := Event.objects.last()):
                        with recording(by=person):
                            history.restore(event, 1)
                except (history.CannotUndo, LookupError, models.ObjectDoesNotExist):
                    continue
                except DatabaseError:
                    # Two who take each other's records away: one of them is refused.
                    continue
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    people = [factories.UserFactory() for _ in range(4)]
    threads = [threading.Thread(target=work, args=(p, n)) for n, p in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with recording(by=ann), connection.cursor() as cursor:
        cursor.execute("TRUNCATE events_evidence, events_link")
    undo(newest(world), ann)
    ready_for(seed(), world, ann)
    writer.apply(seed(), ann)
    undo(newest(world), ann)
    states = folded(world)
    revisions = {r.number: r.sealed_at for r in Revision.objects.filter(dossier_id=world.pk)}
    assert list(states) == list(range(1, len(revisions) + 1))
    assert len(states) > 30
    wrong = [n for n, state in states.items() if history.as_recorded(world.pk, n) != state]
    assert (wrong, whole(world)) == ([], states[max(states)])
    tick = dt.timedelta(microseconds=1)
    found = [
        tuple(history.number_at(world.pk, at + delta) for delta in (-tick, tick * 0, tick))
        for _, at in sorted(revisions.items())
    ]
    following = {n: revisions.get(n + 1) for n in revisions}
    assert found == [
        (n - 1, n, n + (following[n] == revisions[n] + tick)) for n in sorted(revisions)
    ]
