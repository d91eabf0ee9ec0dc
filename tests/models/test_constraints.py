"""The database holds the rules: each is met by an attempt to break it past all Python checks."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from events.history import recording
from events.models import Record, Reviewable
from events.models.fields import OneOf, UncertainDate, Within
from tests import factories
from tests.factories import RECORDS

pytestmark = pytest.mark.django_db

MODELS = sorted(
    (m for m in apps.get_app_config("events").get_models() if issubclass(m, Record)),
    key=lambda m: m.__name__,
)
ENUMS = [(m, f) for m in MODELS for f in m._meta.concrete_fields if isinstance(f, OneOf)]
KEYS = [(m, f) for m in MODELS for f in m._meta.concrete_fields if isinstance(f, Within)]
DELETE_ACTIONS = {models.CASCADE: "c", models.SET_NULL: "n", models.RESTRICT: "a"}


def named(pair):
    return f"{pair[0].__name__}.{pair[1].name}" if isinstance(pair, tuple) else pair.__name__


@pytest.fixture
def ann():
    return factories.UserFactory(username="ann")


@contextmanager
def refused(ann, words):
    """What the block writes must be refused, now or at commit, for the reason in `words`."""
    with (  # noqa: PT012 - the block is the caller's
        pytest.raises(IntegrityError, match=words),
        transaction.atomic(),
        recording(by=ann),
        connection.cursor() as cursor,
    ):
        yield cursor
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def make(ann, model, **given):
    with recording(by=ann):
        return RECORDS[model](**given)


def test_every_record_has_a_factory():
    assert set(RECORDS) == set(MODELS)


@pytest.mark.parametrize("pair", ENUMS, ids=named)
def test_enum_is_checked(ann, pair):
    model, field = pair
    record = make(ann, model)
    with refused(ann, "violates check constraint") as cursor:
        cursor.execute(
            f'UPDATE {model._meta.db_table} SET "{field.column}" = %s WHERE id = %s',
            ["?", record.pk],
        )


def test_enums_outside_records_are_checked(ann):
    make(ann, factories.models.Side)
    with refused(ann, "violates check constraint") as cursor:
        cursor.execute("UPDATE events_dossier SET visibility = 'bogus'")
    with refused(ann, "violates check constraint") as cursor:
        cursor.execute("UPDATE events_user SET theme = 'bogus'")


@pytest.mark.parametrize("pair", KEYS, ids=named)
def test_reference_stays_in_its_dossier(ann, pair):
    model, field = pair
    if field.name in getattr(model, "TARGETS", ()) or (model.__name__, field.name) in {
        ("Note", "position"),
        ("Note", "commitment"),
        ("Note", "proposal"),
        ("Note", "source"),
        ("Note", "actor"),
        ("Note", "conflict"),
    }:
        first = next(f.name for f in model._meta.fields if f.name == "event")
        with recording(by=ann):
            record = RECORDS[model]()
            own = RECORDS[field.related_model](dossier=record.dossier)
            setattr(record, first, None)
            setattr(record, field.name, own)
            record.save()
    else:
        record = make(ann, model)
    foreign = make(ann, field.related_model)
    assert foreign.dossier_id != record.dossier_id
    fixed = model is factories.models.SourceText  # its trigger refuses before the key is asked
    reason = "cannot be changed" if fixed else "violates foreign key constraint"
    with refused(ann, reason) as cursor:
        cursor.execute(
            f'UPDATE {model._meta.db_table} SET "{field.column}" = %s WHERE id = %s',
            [foreign.pk, record.pk],
        )


def test_references_of_model_and_database_agree():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text,
                   c.confdeltype::text, c.condeferrable AND c.condeferred
            FROM pg_constraint c
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[2]
            WHERE c.contype = 'f' AND cardinality(c.conkey) = 2
            """
        )
        found = set(cursor.fetchall())
    assert found == {
        (
            model._meta.db_table,
            field.column,
            field.related_model._meta.db_table,
            DELETE_ACTIONS[field.remote_field.on_delete],
            True,
        )
        for model, field in KEYS
    }


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_record_cannot_name_a_missing_dossier(ann, model):
    record = make(ann, model)
    with refused(ann, "keeps its id and its dossier") as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} SET dossier_id = 0 WHERE id = %s", [record.pk]
        )


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_ref_is_unique_in_its_dossier(ann, model):
    first = make(ann, model)
    second = make(ann, model, dossier=first.dossier)
    elsewhere = make(ann, model)
    assert (first.ref, second.ref, elsewhere.ref) == (
        f"{model.ref_prefix}1",
        second.ref,
        f"{model.ref_prefix}1",
    )
    assert second.ref != first.ref
    with refused(ann, f"{model._meta.model_name}_ref") as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} SET ref = %s WHERE id = %s", [first.ref, second.pk]
        )


BOUNDS = [
    (m, f"{name}_earliest", f"{name}_latest")
    for m in MODELS
    for name, value in vars(m).items()
    if isinstance(value, UncertainDate)
] + [
    (factories.models.Event, "earliest", "latest"),
    (factories.models.Event, "certain_from", "certain_to"),
    (factories.models.Event, "earliest", "certain_from"),
    (factories.models.Event, "certain_to", "latest"),
]


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda b: f"{b[0].__name__}.{b[1]}-{b[2]}")
def test_bounds_are_ordered(ann, bound):
    model, first, last = bound
    record = make(ann, model)
    with refused(ann, "violates check constraint") as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} SET {first} = now(), {last} = now() - interval '1 day'"
            " WHERE id = %s",
            [record.pk],
        )


TARGETED = [
    (factories.models.Evidence, "event_id", "position_id"),
    (factories.models.ConflictMember, "event_id", "position_id"),
    (factories.models.Note, "event_id", "position_id"),
]


@pytest.mark.parametrize("case", TARGETED, ids=lambda c: c[0].__name__)
def test_exactly_one_target(ann, case):
    model, target, other = case
    record = make(ann, model)
    position = make(ann, factories.models.Position, dossier=record.dossier)
    table = model._meta.db_table
    with refused(ann, "one_target") as cursor:
        cursor.execute(f"UPDATE {table} SET {target} = NULL WHERE id = %s", [record.pk])
    with refused(ann, "one_target") as cursor:
        cursor.execute(f"UPDATE {table} SET {other} = %s WHERE id = %s", [position.pk, record.pk])


ROWS = [
    ("Side", "slot = 6", "side_slot_range"),
    ("Actor", "wikidata = 'Berlin'", "actor_wikidata_item"),
    ("Affiliation", "body_id = member_id", "affiliation_not_self"),
    ("Passage", '"end" = start', "passage_start_end"),
    ("Passage", "exact = 'Who'", "is not what the passage says"),
    ("SourceText", "text = 'Forged.'", "cannot be changed"),
    ("SourceText", "sha256 = ''", "cannot be changed"),
    ("Event", "latitude = 21.5", "event_coordinates"),
    ("Event", "latitude = 91, longitude = 0", "event_coordinates"),
    ("Proposal", "duration = '30 days'", "proposal_duration_iso"),
    ("Commitment", "duration = 'P'", "commitment_duration_iso"),
    ("Commitment", "depends_on_commitment_id = id", "commitment_not_on_self"),
    ("Position", "shifts_from_id = id", "position_not_from_self"),
    ("Link", "to_event_id = from_event_id", "link_not_self"),
    ("Conflict", "status = 'resolved'", "conflict_resolution_given"),
    ("Evidence", "credibility = 7", "evidence_credibility_known"),
    ("Event", "part_of_id = id", "cannot be part of itself"),
    ("Issue", "parent_id = id", "cannot be part of itself"),
    ("Proposal", "earlier_id = id", "cannot be part of itself"),
    ("Proposal", "ending = 'agreed'", "proposal_ending_in_event"),
    ("Outcome", "due_text = 'Friday'", "outcome_due_if_extended"),
]


@pytest.mark.parametrize("case", ROWS, ids=lambda c: f"{c[0]}: {c[1]}")
def test_row_rules(ann, case):
    name, setting, words = case
    model = getattr(factories.models, name)
    record = make(ann, model)
    with refused(ann, words) as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {setting} WHERE id = %s", [record.pk])


def test_a_date_has_one_anchor(ann):
    event = make(ann, factories.models.Event)
    other = make(ann, factories.models.Event, dossier=event.dossier)
    with refused(ann, "event_one_anchor") as cursor:
        cursor.execute(
            "UPDATE events_event SET when_anchor_event_id = %s, when_anchor_day = '2025-03-11'"
            " WHERE id = %s",
            [other.pk, event.pk],
        )


@pytest.mark.parametrize(("model", "column"), [("Event", "part_of_id"), ("Issue", "parent_id")])
def test_no_circle_over_three(ann, model, column):
    model = getattr(factories.models, model)
    first = make(ann, model)
    rest = [make(ann, model, dossier=first.dossier) for _ in range(2)]
    chain = [first, *rest]
    table = model._meta.db_table
    with refused(ann, "cannot be part of itself") as cursor:
        for child, parent in zip(chain, [*rest, first], strict=True):
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [parent.pk, child.pk])


TWICE = [
    ("Membership", ("dossier", "user")),
    ("Participation", ("dossier", "event", "actor", "role")),
    ("Link", ("dossier", "from_event", "to_event", "kind")),
    ("Proposer", ("dossier", "proposal", "actor")),
    ("Consent", ("dossier", "proposal", "actor")),
    ("Outcome", ("dossier", "commitment", "event")),
    ("Proposal", ("dossier", "issue")),
    ("SourceText", ("dossier", "source", "number")),
    ("Term", ("dossier", "proposal", "number")),
    ("Side", ("dossier", "code")),
    ("Snapshot", ("dossier", "number")),
]


@pytest.mark.parametrize("case", TWICE, ids=lambda c: c[0])
def test_not_twice(ann, case):
    name, fields = case
    model = getattr(factories.models, name)
    record = make(ann, model)
    with refused(ann, "duplicate key"):
        RECORDS[model](**{field: getattr(record, field) for field in fields})


@pytest.mark.parametrize("model", [m for m in MODELS if issubclass(m, Reviewable)], ids=named)
def test_changed_content_is_a_draft_again(ann, model):
    record = make(ann, model)
    with recording(by=ann):
        record.publish()
    assert (record.state, record.version) == ("published", 2)
    with recording(by=ann), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} SET ref = 'renamed' WHERE id = %s", [record.pk]
        )
    record.refresh_from_db()
    assert (record.state, record.version) == ("draft", 3)


def test_refs_are_never_given_twice(ann):
    first = make(ann, factories.models.Event)
    given = make(ann, factories.models.Event, dossier=first.dossier, ref="E40")
    with recording(by=ann):
        given.delete()
    named = make(ann, factories.models.Event, dossier=first.dossier, ref="summit")
    following = make(ann, factories.models.Event, dossier=first.dossier)
    assert (first.ref, named.ref, following.ref) == ("E1", "summit", "E41")


def test_deleting_an_actor_in_use_is_refused(ann):
    position = make(ann, factories.models.Position)
    with refused(ann, "violates foreign key constraint") as cursor:
        cursor.execute("DELETE FROM events_actor WHERE id = %s", [position.actor_id])
    with pytest.raises(models.RestrictedError), recording(by=ann):
        position.actor.delete()


def test_words_of_a_readout_are_of_its_source_and_its_event(ann):
    words = make(ann, factories.models.ReadoutPassage)
    with recording(by=ann):
        other = {
            "events_readout SET source_id": factories.SourceFactory(dossier=words.dossier),
            "events_readoutpoint SET event_id": factories.EventFactory(dossier=words.dossier),
            "events_readoutpassage SET passage_id": factories.PassageFactory(dossier=words.dossier),
        }
    for update, row in other.items():
        with refused(ann, "words of a readout are of its source") as cursor:
            cursor.execute(f"UPDATE {update} = %s", [row.pk])
