"""The format covers the models: no field forgotten, no rule of the database unheard of."""

from __future__ import annotations

from django.db import models as db

from events import models
from events.formats import rules
from events.formats.records import DOSSIER_FIELDS, KINDS, natural

OF_EVERY_RECORD = {"id", "dossier", "ref", "version", "created_at", "updated_at"}


def test_every_field_is_in_the_file_or_worked_out() -> None:
    left_out = {}
    for kind in KINDS:
        bounds = {column for name in kind.dates for column in kind.bounds(name)}
        named = {field.name for field in kind.model._meta.concrete_fields}
        rest = named - OF_EVERY_RECORD - bounds - kind.columns.keys()
        if rest:
            left_out[kind.name] = rest
        assert kind.columns.keys() <= named
    assert left_out == {"source_texts": {"sha256"}, "passages": {"prefix", "suffix"}}


def test_every_kind_of_record_is_in_the_file_or_of_the_installation() -> None:
    records = {model for model in models.Record.__subclasses__() if not model._meta.abstract}
    for abstract in (models.Reviewable, models.proposal.ProposalPart):
        records |= set(abstract.__subclasses__())
    in_file = {kind.model for kind in KINDS}
    assert records - in_file == {models.Membership, models.Note, models.Snapshot}


def test_every_field_of_the_dossier_is_in_the_file() -> None:
    named = {field.name for field in models.Dossier._meta.concrete_fields}
    assert named - OF_EVERY_RECORD == set(DOSSIER_FIELDS)


def test_every_rule_of_the_database_is_asked_of_a_row() -> None:
    """Apart from those on bounds, which hold by how bounds are worked out."""
    unasked = set()
    for kind in KINDS:
        values = dict.fromkeys(kind.columns) | {"id": "X1"}
        for check in kind.model._meta.constraints:
            if isinstance(check, db.CheckConstraint):
                try:
                    rules._holds(check.condition, values | _filled(check, values))
                except rules._Unknown:
                    unasked.add(check.name)
    assert unasked == {
        "affiliation_held_earliest_held_latest",
        "commitment_due_earliest_due_latest",
        "event_certain_from_certain_to",
        "event_certain_to_latest",
        "event_earliest_certain_from",
        "event_earliest_latest",
        "outcome_due_earliest_due_latest",
        "proposal_expires_earliest_expires_latest",
        "proposal_start_earliest_start_latest",
        "source_published_earliest_published_latest",
    }


def _filled(check: db.CheckConstraint, values: dict[str, object]) -> dict[str, object]:
    """Values that lead the rule to its last comparison."""
    texts = {
        name: "" for name in ("duration", "wikidata", "status", "resolution") if name in values
    }
    numbers = dict.fromkeys(("start", "end", "slot", "credibility", "number"), 1)
    return texts | {name: value for name, value in numbers.items() if name in values}


def test_refs_sort_as_people_count() -> None:
    refs = ["E10", "E2", "E1", "e1", "E1.2", "E1.10", "E01", "x", "7", "10"]
    assert sorted(refs, key=natural) == [
        "E01", "E1", "E1.2", "E1.10", "E2", "E10", "e1", "x", "7", "10",
    ]  # fmt: skip
