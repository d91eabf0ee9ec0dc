"""What differs between two points in the history of a record: fields, and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from events import dates
from events.diff import Budget, Piece, folded
from events.forms.labels import Label, labels_of
from events.models import Change, Passage, Record
from events.naming import Names, tracked

if TYPE_CHECKING:
    from events.forms.records import RecordForm
    from events.telling.belongings import Around, Place

SHOWN = 40
"""Rows belonging to the record that one comparison shows."""


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field in two versions, as pieces of text that stayed, came or went.

    `precision` says how exactly a date was known before and is now, where that is told.
    """

    label: str
    pieces: tuple[Piece, ...]
    precision: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A row belonging to the record that came ("+"), went ("−") or changed ("±")."""

    sign: str
    kind: str
    words: str
    quoted: bool
    source: str
    fields: tuple[FieldDiff, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two points, and the fields that do not."""

    fields: list[FieldDiff]
    same: list[FieldDiff]
    groups: dict[str, list[Item]]
    is_more: bool = False
    contested: str = ""


def compare(
    model: type[Record],
    before: dict[str, Any] | None,
    after: dict[str, Any],
    form_class: type[RecordForm] | None,
) -> Difference:
    """What differs between two rows of the record's table, field by field.

    Without `before` the row is read as it is: all of it is new, so nothing stands out.
    """
    names, budget = (
        Names([Change(table=model._meta.db_table, before=before, after=after)]),
        Budget(),
    )
    labels = labels_of(model, form_class)
    found = [
        (_diff(model, column, label, before, after, names, budget), column)
        for column, label in _told(labels, before, after).items()
    ]
    diffs = [(one, column) for one, column in found if one.pieces]
    differing = [one for one, c in diffs if not before or before.get(c) != after.get(c)]
    same = [one for one, c in diffs if before and before.get(c) == after.get(c)]
    return Difference(differing, same, {})


def _told(
    labels: dict[str, Label], before: dict[str, Any] | None, after: dict[str, Any]
) -> dict[str, Label]:
    """The columns that are told of: of a date its words, or its reading where these are alike."""
    told = {}
    for column, label in labels.items():
        text = f"{column.removesuffix('_edtf')}_text"
        if column.endswith("_edtf") and text in labels:
            words, was = after.get(text), (before or {}).get(text)
            if words != was or (before or {}).get(column) == after.get(column):
                continue
        told[column] = label
    return told


def _diff(
    model: type[Record],
    column: str,
    label: Label,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    names: Names,
    budget: Budget,
) -> FieldDiff:
    one = names.said(model, column, (before or {}).get(column))
    other = names.said(model, column, after.get(column))
    if not before or one == other:
        pieces = [Piece("same", other)] if other else []
    else:
        pieces = budget.words_between(one, other)
    precision = None
    name = column.removesuffix("_text").removesuffix("_edtf")
    if before and f"{name}_edtf" in after and column != name:
        both = (_precision(before, name), _precision(after, name))
        precision = both if all(both) and before[f"{name}_edtf"] != after[f"{name}_edtf"] else None
    return FieldDiff(label.column, tuple(folded(pieces)), precision)


def _precision(row: dict[str, Any], name: str) -> str:
    """How exactly the date is known: "day", "day, ordered", "" without one."""
    edtf = row.get(f"{name}_edtf") or ""
    try:
        found = dates.from_edtf(edtf)
    except dates.DateError:
        return ""
    if not edtf:
        return "none"
    about = "about a " if found.approximate else ""
    ordered = ", ordered" if row.get(f"{name}_anchor_event_id") else ""
    return f"{about}{found.unit.value}{ordered}"


def with_belongings(difference: Difference, around: Around, low: Place, high: Place) -> Difference:
    """The difference with the rows that came, went or changed on the way from `low` to `high`."""
    is_back = low > high
    first, last = sorted((low, high))
    rows = around.between(first, last, SHOWN + 1)
    if not rows:
        return difference
    if is_back:
        rows = [(table, new, old) for table, old, new in rows]
    names = Names([Change(table=table, before=old, after=new) for table, old, new in rows])
    budget, passages = Budget(), _passages(rows)
    groups: dict[str, list[Item]] = {}
    for table, old, new in rows[:SHOWN]:
        item = _item(table, old, new, names, budget, passages)
        groups.setdefault(around.labels[table], []).append(item)
    contested = ""
    if {table for table, _, _ in rows} & {"events_evidence", "events_conflictmember"}:
        was, is_now = around.is_contested(low), around.is_contested(high)
        contested = "" if was == is_now else "Became contested" if is_now else "No longer contested"
    return replace(difference, groups=groups, is_more=len(rows) > SHOWN, contested=contested)


def _item(
    table: str,
    old: dict[str, Any] | None,
    new: dict[str, Any] | None,
    names: Names,
    budget: Budget,
    passages: dict[int, Passage],
) -> Item:
    model: Any = tracked()[table]
    row: dict[str, Any] = new or old or {}
    words, source = names.headline(model, row), ""
    quoted = table == "events_evidence"
    kinds = [names.said(model, c, row.get(c)) for c in ("bearing", "role", "kind", "stance")]
    if passage := passages.get(row.get("passage_id") or 0):
        words = str(row.get("clean_text") or passage.exact)[:400]
        source = f"Source {passage.source_text.source.ref}, paragraph {passage.paragraph}"
    fields: tuple[FieldDiff, ...] = ()
    if old and new:
        fields = tuple(
            one
            for column, label in labels_of(model, None).items()
            if old.get(column) != new.get(column)
            and (one := _diff(model, column, label, old, new, names, budget)).pieces
        )
    sign = "±" if old and new else "+" if new else "−"
    return Item(sign, next((kind for kind in kinds if kind), ""), words, quoted, source, fields)


def _passages(rows: list[tuple[str, Any, Any]]) -> dict[int, Passage]:
    keys = {row["passage_id"] for _, *both in rows for row in both if row and row.get("passage_id")}
    found = Passage.objects.filter(pk__in=keys).select_related("source_text__source")
    return {passage.pk: passage for passage in found}
