"""The history: complete over every table and every way to write, exact in time, undoable."""

from __future__ import annotations

import hashlib
import json
import threading

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from events import history
from events.history import recording
from events.models import (
    Actor,
    Change,
    Dossier,
    Event,
    Membership,
    Participation,
    Revision,
    SourceText,
)
from tests import factories
from tests.factories import RECORDS

TABLES = [Dossier, *sorted(RECORDS, key=lambda m: m.__name__)]


@pytest.fixture
def ann():
    return factories.UserFactory(username="ann")


def make(model, **given):
    return factories.DossierFactory(**given) if model is Dossier else RECORDS[model](**given)


def rows(model):
    """The table as the change log would write it: id -> columns."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")
        cursor.execute(f"SELECT id, to_jsonb(t) FROM {model._meta.db_table} t")
        return {pk: json.loads(row) for pk, row in cursor.fetchall()}


def log(model, after_change):
    """Changes of the table's rows since a change id: (operation, before, after, author)."""
    return [
        (c.operation, c.before, c.after, c.revision.author.username)
        for c in Change.objects.filter(table=model._meta.db_table, id__gt=after_change)
        .select_related("revision__author")
        .order_by("id")
    ]


def last_change():
    return Change.objects.order_by("-id").values_list("id", flat=True).first() or 0


def column(model):
    """A column any row may change, and a value for it."""
    return ("title", "Renamed") if model is Dossier else ("ref", "renamed")


def by_save(model, record):
    name, value = column(model)
    setattr(record, name, value)
    record.save()


def by_update(model, record):
    name, value = column(model)
    model.objects.filter(pk=record.pk).update(**{name: value})


def by_bulk_update(model, record):
    name, value = column(model)
    setattr(record, name, value)
    model.objects.bulk_update([record], [name])


def by_sql_update(model, record):
    name, value = column(model)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} SET {name} = %s WHERE id = %s", [value, record.pk]
        )


def by_merge(model, record):
    name, value = column(model)
    with connection.cursor() as cursor:
        cursor.execute(
            f"MERGE INTO {model._meta.db_table} t USING (SELECT %s AS v, %s AS id) n"
            f" ON n.id = t.id WHEN MATCHED THEN UPDATE SET {name} = n.v",
            [value, record.pk],
        )


def by_delete(model, record):
    record.delete()


def by_queryset_delete(model, record):
    model.objects.filter(pk=record.pk).delete()


def by_sql_delete(model, record):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [record.pk])


def by_cascade(model, record):
    dossier = record.pk if model is Dossier else record.dossier_id
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM events_dossier WHERE id = %s", [dossier])


def by_truncate(model, record):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")


def by_create(model, spare):
    model.objects.create(**spare)


def by_bulk_create(model, spare):
    model.objects.bulk_create([model(**spare)])


def by_upsert(model, spare):
    model.objects.bulk_create(
        [model(**spare)],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[column(model)[0]],
    )


def columns_of(model, spare):
    record = model(**spare)
    pairs = {
        f.column: f.get_db_prep_save(getattr(record, f.attname), connection)
        for f in model._meta.concrete_fields
        if f.attname not in ("version", "created_at", "updated_at", "sha256")
    }
    return list(pairs), list(pairs.values())


def by_copy(model, spare):
    names, values = columns_of(model, spare)
    listed = ", ".join(f'"{name}"' for name in names)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({listed}) FROM STDIN") as copy,
    ):
        copy.write_row(values)


def by_sql_insert(model, spare):
    names, values = columns_of(model, spare)
    listed = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({listed}) VALUES ({marks})", values)


CHANGING = [by_save, by_update, by_bulk_update, by_sql_update, by_merge]
REMOVING = [by_delete, by_queryset_delete, by_sql_delete, by_cascade, by_truncate]
ADDING = [by_create, by_bulk_create, by_upsert, by_copy, by_sql_insert]


def named(value):
    return value.__name__


def prepare(model, path):
    """A record to change or remove, or the columns of one to add."""
    record = make(model)
    if path not in ADDING:
        return record
    spare = {
        f.attname: getattr(record, f.attname)
        for f in model._meta.concrete_fields
        if f.attname not in ("version", "created_at", "updated_at", "sha256")
    }
    model.objects.filter(pk=record.pk).delete()
    return spare


def expected(operation, before, after):
    wanted = []
    for pk in sorted(before.keys() | after.keys()):
        was, is_now = before.get(pk), after.get(pk)
        if was != is_now:
            wanted.append((operation, was, is_now, "ann"))
    return wanted


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*CHANGING, *REMOVING, *ADDING], ids=named)
@pytest.mark.parametrize("model", TABLES, ids=named)
def test_every_way_to_write_is_in_the_history(ann, model, path):
    with recording(by=ann):
        target = prepare(model, path)
    before, mark = rows(model), last_change()
    with recording(by=ann, note="why", origin="command"):
        path(model, target)
    after = rows(model)
    operation = (
        "truncate"
        if path is by_truncate
        else ("update" if path in CHANGING else "delete" if path in REMOVING else "insert")
    )
    assert before != after
    key = lambda entry: (entry[1] or entry[2])["id"]  # noqa: E731
    assert sorted(log(model, mark), key=key) == expected(operation, before, after)


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*CHANGING, *REMOVING, *ADDING], ids=named)
@pytest.mark.parametrize("model", TABLES, ids=named)
def test_no_write_without_an_author(ann, model, path):
    with recording(by=ann):
        target = prepare(model, path)
    before = rows(model)
    # COPY goes past Django, which then does not translate the error.
    refusals = (IntegrityError, psycopg.IntegrityError)
    with pytest.raises(refusals, match="A change needs an author"), transaction.atomic():
        path(model, target)
    assert rows(model) == before


@pytest.mark.django_db
def test_a_tracked_table_has_all_its_triggers():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT tgrelid::regclass::text, array_agg(tgname::text ORDER BY tgname)
            FROM pg_trigger WHERE tgname LIKE 'truceline_%%' AND tgenabled = 'O' GROUP BY 1
            """
        )
        found = dict(cursor.fetchall())
    names = ["delete", "insert", "stamp", "truncate", "update"]
    assert found == {m._meta.db_table: [f"truceline_{n}" for n in names] for m in TABLES}


@pytest.mark.django_db
def test_an_update_that_changes_nothing_leaves_no_trace(ann):
    with recording(by=ann):
        event = factories.EventFactory()
    mark = last_change()
    with recording(by=ann):
        Event.objects.update(title=event.title)
        event.save()
    assert (log(Event, mark), event.version) == ([], 1)


@pytest.mark.django_db
def test_version_is_the_databases_own(ann):
    with recording(by=ann):
        event = factories.EventFactory(version=9)
        event.refresh_from_db()
        assert event.version == 1
        event.title, event.version = "Renamed", 70
        event.save()
    assert event.version == 2


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["revision", "change"])
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO events_{0} SELECT * FROM events_{0}",
        "UPDATE events_{0} SET dossier_id = 0",
        "DELETE FROM events_{0}",
        "TRUNCATE events_{0} CASCADE",
    ],
)
def test_the_history_cannot_be_touched(ann, table, statement):
    with recording(by=ann):
        factories.EventFactory()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with (
        pytest.raises(IntegrityError, match="cannot be written, changed or deleted by hand"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


@pytest.mark.django_db
def test_the_door_closes_behind_the_block(ann):
    with recording(by=ann):
        event = factories.EventFactory()
    with pytest.raises(IntegrityError, match="needs an author"), transaction.atomic():
        Event.objects.update(title="Unseen")
    event.refresh_from_db()
    assert event.title != "Unseen"


@pytest.mark.django_db
def test_one_transaction_has_one_author(ann):
    bob = factories.UserFactory(username="bob")
    with pytest.raises(ValueError, match="one author"), recording(by=ann), recording(by=bob):
        pass
    with recording(by=ann, note="outer"), recording(by=ann, note="inner"):
        event = factories.EventFactory()
    change = history.changes_of(event).get()
    assert (change.revision.author, change.revision.note) == (ann, "outer")


@pytest.mark.django_db
def test_two_blocks_in_a_larger_transaction_keep_their_authors_apart(ann):
    bob = factories.UserFactory(username="bob")
    with recording(by=ann, note="hers"):
        event = factories.EventFactory()
    with recording(by=bob, note="his"):
        Event.objects.update(title="Renamed")
    found = [(c.revision.author, c.revision.note) for c in history.changes_of(event)]
    assert found == [(bob, "his"), (ann, "hers")]


@pytest.mark.django_db
def test_an_author_must_be_stored():
    with pytest.raises(ValueError, match="stored"), recording(by=factories.UserFactory.build()):
        pass


@pytest.mark.django_db(transaction=True)
def test_one_revision_per_transaction_sealed_in_commit_order(ann):
    with recording(by=ann, note="first"):
        event = factories.EventFactory()
        factories.ParticipationFactory(event=event, dossier=event.dossier)
    with recording(by=ann, note="second", origin="admin"):
        event.publish()

    def withdraw_and_fail():
        with recording(by=ann, note="undone"):
            event.withdraw()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        withdraw_and_fail()
    with recording(by=ann, note="nothing"):
        Event.objects.update(title=event.title)
    revisions = Revision.objects.filter(dossier_id=event.dossier_id).order_by("number")
    assert [(r.number, r.note, r.origin, r.author.username) for r in revisions] == [
        (1, "first", "page", "ann"),
        (2, "second", "admin", "ann"),
    ]
    times = [r.sealed_at for r in revisions]
    assert times == sorted(set(times))


@pytest.mark.django_db(transaction=True)
def test_two_dossiers_in_one_transaction_have_a_revision_each(ann):
    with recording(by=ann):
        first, second = factories.EventFactory(), factories.EventFactory()
    assert sorted(Revision.objects.values_list("dossier_id", "number")) == sorted(
        [(first.dossier_id, 1), (second.dossier_id, 1)]
    )


@pytest.mark.django_db(transaction=True)
def test_a_savepoint_rolled_back_leaves_no_revision_behind(ann):
    def fail_inside_a_savepoint():
        with transaction.atomic():
            factories.EventFactory()
            raise ZeroDivisionError

    with recording(by=ann):
        with pytest.raises(ZeroDivisionError):
            fail_inside_a_savepoint()
        event = factories.EventFactory()
    assert list(Revision.objects.values_list("dossier_id", "number")) == [(event.dossier_id, 1)]


def forgetful(state):
    """A state without what restoring may change: versions and times of change."""
    return {
        table: {
            pk: {k: v for k, v in row.items() if k not in ("version", "updated_at")}
            for pk, row in found.items()
        }
        for table, found in state.items()
    }


def state_now(dossier_id):
    return history.as_recorded(dossier_id, history.sealed_number(dossier_id))


@pytest.mark.django_db(transaction=True)
def test_undo_brings_back_the_whole_state(ann):
    with recording(by=ann):
        event = factories.EventFactory()
        dossier = event.dossier
        factories.ParticipationFactory(event=event, dossier=dossier)
        factories.EvidenceFactory(event=event, dossier=dossier)
        factories.PositionFactory(event=event, dossier=dossier)
        event.publish()
    before = state_now(dossier.pk)
    with recording(by=ann):
        event.delete()
    gone = state_now(dossier.pk)
    with recording(by=ann):
        history.undo(Revision.objects.get(dossier_id=dossier.pk, number=2))
    assert "events_event" not in gone
    assert forgetful(state_now(dossier.pk)) == forgetful(before)
    restored = Event.objects.get(ref="E1")
    assert (restored.version, restored.state) == (3, "published")
    with recording(by=ann):
        history.undo(Revision.objects.get(dossier_id=dossier.pk, number=3))
    assert forgetful(state_now(dossier.pk)) == forgetful(gone)


@pytest.mark.django_db(transaction=True)
def test_undo_is_refused_where_others_went_on(ann):
    with recording(by=ann):
        event = factories.EventFactory(title="One")
    with recording(by=ann):
        Event.objects.update(title="Two")
    with recording(by=ann):
        Event.objects.update(title="Three")
    with pytest.raises(history.CannotUndo, match="E1") as caught, recording(by=ann):
        history.undo(Revision.objects.get(dossier_id=event.dossier_id, number=2))
    event.refresh_from_db()
    assert (caught.value.refs, event.title) == (["E1"], "Three")


@pytest.mark.django_db(transaction=True)
def test_restore_makes_a_new_version_of_an_old_one(ann):
    with recording(by=ann):
        event = factories.EventFactory(title="One", earliest=-80_000_000_000, latest=0)
    with recording(by=ann):
        Event.objects.update(title="Two", earliest=5, latest=6)
    event.refresh_from_db()
    with recording(by=ann):
        history.restore(event, 1)
    event.refresh_from_db()
    assert (event.title, event.earliest, event.latest, event.version) == (
        "One",
        -80_000_000_000,
        0,
        3,
    )
    assert history.version_of(event, 2).title == "Two"
    assert history.version_of(event, 1).earliest == -80_000_000_000


@pytest.mark.django_db(transaction=True)
def test_restore_brings_back_no_review(ann):
    with recording(by=ann):
        event = factories.EventFactory(title="One")
    with recording(by=ann):
        event.publish()
    with recording(by=ann):
        Event.objects.update(title="Two")
    event.refresh_from_db()
    with recording(by=ann):
        history.restore(event, 2)
    event.refresh_from_db()
    assert (event.title, event.state, event.version) == ("One", "draft", 4)


@pytest.mark.django_db(transaction=True)
def test_disjoint_edits_merge_and_others_are_refused(ann):
    with recording(by=ann):
        event = factories.EventFactory(title="One", summary="", place="")
    with recording(by=ann):
        Event.objects.update(title="Theirs")
    event.refresh_from_db()
    with recording(by=ann):
        merged = event.revise(1, {"title": "One", "place": "Jeddah"})
    assert (merged, event.title, event.place, event.version) == (["title"], "Theirs", "Jeddah", 3)
    with pytest.raises(history.StaleEdit) as caught, recording(by=ann):
        event.revise(1, {"title": "Mine", "summary": "Kept?"})
    event.refresh_from_db()
    assert caught.value.conflicts == {"title": history.Sides("One", "Theirs", "Mine")}
    assert (event.title, event.summary) == ("Theirs", "")


@pytest.mark.django_db(transaction=True)
def test_a_text_keeps_its_checksum_and_undo_keeps_the_text(ann):
    with recording(by=ann):
        text = factories.SourceTextFactory(text="Слово й діло")
    assert text.sha256 == hashlib.sha256("Слово й діло".encode()).hexdigest()
    with recording(by=ann):
        text.delete()
    with recording(by=ann):
        history.undo(Revision.objects.get(dossier_id=text.dossier_id, number=2))
    assert SourceText.objects.get().text == "Слово й діло"


WRITERS, WRITES, CHECKS = 8, 60, 1_000


@pytest.mark.django_db(transaction=True)
def test_as_recorded_at_t_is_exact_under_concurrent_writers(ann):
    """1,000 moments seen live while 8 people write, each asked for again afterwards."""
    with recording(by=ann):
        dossier = factories.DossierFactory()
        Membership.objects.create(dossier=dossier, user=ann, role="owner")
    people = [factories.UserFactory() for _ in range(WRITERS)]
    failures: list[BaseException] = []
    done = threading.Event()

    def write(person, seed):
        try:
            for n in range(WRITES):
                with recording(by=person):
                    Event.objects.create(dossier=dossier, title=f"{seed} {n}")
                    Event.objects.filter(dossier=dossier, title=f"{seed} {n - 1}").update(
                        summary=f"changed {n}"
                    )
                    if n % 7 == 6:
                        Event.objects.filter(dossier=dossier, title=f"{seed} {n - 3}").delete()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    seen = []

    def look():
        try:
            while len(seen) < CHECKS:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT pg_advisory_xact_lock_shared(truceline_lock_key(%s))",
                        [dossier.pk],
                    )
                    cursor.execute("SELECT clock_timestamp()")
                    moment = cursor.fetchone()[0]
                    cursor.execute(
                        "SELECT id, version, title, summary FROM events_event"
                        " WHERE dossier_id = %s ORDER BY id",
                        [dossier.pk],
                    )
                    seen.append((moment, cursor.fetchall()))
                if done.is_set():
                    done.wait(0.0005)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    watcher = threading.Thread(target=look)
    writers = [threading.Thread(target=write, args=(p, i)) for i, p in enumerate(people)]
    for thread in [watcher, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    watcher.join()
    assert failures == []

    def at(moment):
        state = history.as_recorded(dossier.pk, history.number_at(dossier.pk, moment))
        found = state.get("events_event", {})
        return [
            (pk, found[pk]["version"], found[pk]["title"], found[pk]["summary"])
            for pk in sorted(found)
        ]

    mismatches = [moment for moment, live in seen if at(moment) != live]
    numbers = list(
        Revision.objects.filter(dossier_id=dossier.pk)
        .order_by("sealed_at")
        .values_list("number", flat=True)
    )
    assert (len(seen), mismatches) == (CHECKS, [])
    assert numbers == list(range(1, WRITERS * WRITES + 2))
    assert len({str(live) for _, live in seen}) > 20
    assert not Revision.objects.filter(author__isnull=True).exists()


@pytest.mark.django_db(transaction=True)
def test_undo_takes_nothing_along_that_came_later(ann):
    with recording(by=ann):
        dossier = factories.DossierFactory()
    with recording(by=ann):
        event = factories.EventFactory(dossier=dossier)
    with recording(by=ann):
        position = factories.PositionFactory(dossier=dossier, event=event)
        factories.ParticipationFactory(event=event, dossier=dossier)
    before = state_now(dossier.pk)
    with pytest.raises(history.CannotUndo) as caught, recording(by=ann):
        history.undo(Revision.objects.get(dossier_id=dossier.pk, number=2))
    assert {"PO1", "PT1"} <= set(caught.value.refs)
    assert state_now(dossier.pk) == before
    position.refresh_from_db()
    assert position.event_id == event.pk


@pytest.mark.django_db(transaction=True)
def test_undo_names_what_is_gone(ann):
    with recording(by=ann):
        event = factories.EventFactory()
        factories.ParticipationFactory(event=event, dossier=event.dossier)
    with recording(by=ann):
        Participation.objects.all().delete()
    with recording(by=ann):
        Actor.objects.all().delete()
    with (
        pytest.raises(history.CannotUndo, match=r"names records that are gone: A1\."),
        recording(by=ann),
    ):
        history.undo(Revision.objects.get(dossier_id=event.dossier_id, number=2))
    assert list(Participation.objects.all()) == []


@pytest.mark.django_db(transaction=True)
def test_undo_waits_for_who_is_changing_the_record(ann):
    with recording(by=ann):
        event = factories.EventFactory(title="One", place="")
    with recording(by=ann):
        Event.objects.update(title="Two")
    changed, asked = threading.Event(), threading.Event()
    ends = {}

    def edit():
        try:
            with recording(by=ann):
                Event.objects.filter(pk=event.pk).update(place="Jeddah")
                changed.set()
                asked.wait(10)
                ends["blocked"] = not undone.is_set()
        finally:
            connection.close()

    def undo():
        try:
            with recording(by=ann):
                history.undo(Revision.objects.get(dossier_id=event.dossier_id, number=2))
        except history.CannotUndo as problem:
            ends["refused"] = problem.refs
        finally:
            undone.set()
            connection.close()

    undone = threading.Event()
    threads = [threading.Thread(target=edit), threading.Thread(target=undo)]
    threads[0].start()
    assert changed.wait(10)
    threads[1].start()
    undone.wait(0.5)
    asked.set()
    for thread in threads:
        thread.join(20)
    event.refresh_from_db()
    assert ends == {"blocked": True, "refused": ["E1"]}
    assert (event.title, event.place) == ("Two", "Jeddah")


@pytest.mark.django_db(transaction=True)
def test_what_ended_in_a_deadlock_is_tried_again():
    def refused(cause):
        tries.append(1)
        raise OperationalError("deadlock detected") from cause

    for cause, times in ((psycopg.errors.DeadlockDetected(), 3), (psycopg.OperationalError(), 1)):
        tries = []
        with pytest.raises(OperationalError):
            history.retried(lambda cause=cause: refused(cause))
        assert len(tries) == times
    assert history.retried(lambda: "done") == "done"


@pytest.mark.django_db
def test_a_ref_given_later_is_a_number_of_its_kind_or_none(ann):
    with recording(by=ann):
        event = factories.EventFactory()
        for ref in ("Ex.7", "x12", "E", "E40"):
            Event.objects.filter(pk=event.pk).update(ref=ref)
        assert factories.EventFactory(dossier=event.dossier).ref == "E41"


@pytest.mark.django_db(transaction=True)
def test_undo_names_who_took_the_place(ann):
    with recording(by=ann):
        event = factories.EventFactory(ref="E7")
    with recording(by=ann):
        event.delete()
    with recording(by=ann):
        factories.EventFactory(dossier=event.dossier, ref="E7", title="Another")
    before = state_now(event.dossier_id)
    refused = pytest.raises(history.CannotUndo, match=r"taken by another record: E7\.")
    with refused, recording(by=ann):
        history.undo(Revision.objects.get(dossier_id=event.dossier_id, number=2))
    assert state_now(event.dossier_id) == before


@pytest.mark.django_db(transaction=True)
def test_undo_follows_a_chain_of_refs_back(ann):
    with recording(by=ann):
        first = factories.EventFactory(ref="E1")
        second = factories.EventFactory(dossier=first.dossier, ref="E2")
    with recording(by=ann):
        for event, ref in ((second, "E3"), (first, "E2")):
            Event.objects.filter(pk=event.pk).update(ref=ref)
        factories.EventFactory(dossier=first.dossier, ref="E1")
    with recording(by=ann):
        history.undo(Revision.objects.get(dossier_id=first.dossier_id, number=2))
    assert list(Event.objects.order_by("pk").values_list("pk", "ref")) == [
        (first.pk, "E1"),
        (second.pk, "E2"),
    ]


@pytest.mark.django_db(transaction=True)
def test_undo_of_a_maker_names_those_who_name_it(ann):
    with recording(by=ann):
        dossier = factories.DossierFactory()
    with recording(by=ann):
        actor = factories.ActorFactory(dossier=dossier)
    with recording(by=ann):
        factories.ParticipationFactory(dossier=dossier, actor=actor)
    with pytest.raises(history.CannotUndo, match=r"depend on it by now: PT1\."), recording(by=ann):
        history.undo(Revision.objects.get(dossier_id=dossier.pk, number=2))
    assert Actor.objects.get() == actor


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "following"), [("E007", "E8"), ("E" + "9" * 14, "E1" + "0" * 14), ("Ex", "E1")]
)
def test_a_given_ref_pushes_the_counter(ann, given, following):
    with recording(by=ann):
        dossier = factories.DossierFactory()
        made = factories.EventFactory(dossier=dossier, ref=given)
        assert factories.EventFactory(dossier=dossier).ref == following
        Event.objects.filter(pk=made.pk).update(ref="E5" + "0" * 14)
        assert factories.EventFactory(dossier=dossier).ref == "E5" + "0" * 13 + "1"


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["1" + "0" * 15, "9" * 30])
def test_a_ref_beyond_the_counter_is_refused(ann, number):
    with recording(by=ann):
        event = factories.EventFactory()
    with pytest.raises(IntegrityError, match="is too long: at most 15 digits"), recording(by=ann):
        factories.EventFactory(dossier=event.dossier, ref=f"E{number}")
    with pytest.raises(IntegrityError, match="is too long: at most 15 digits"), recording(by=ann):
        Event.objects.update(ref=f"E{number}")
    assert Event.objects.get().ref == event.ref


@pytest.mark.django_db
def test_the_trigger_keeps_no_plan_that_compares_each_row_with_each(ann):
    """Its connection keeps the plan of the first write, mostly of one row, for one of thousands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT proconfig FROM pg_proc WHERE proname = 'truceline_log'")
        assert "enable_nestloop=off" in cursor.fetchone()[0]
