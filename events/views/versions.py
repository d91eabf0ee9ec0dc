"""The versions of a record and what differs between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps

from events import history
from events.diff import Piece, words_between
from events.forms.labels import Label, labels_of

if TYPE_CHECKING:
    from events.forms.records import RecordForm
    from events.models import Change, Dossier, Record, Revision


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its change, the labels of what it changed, a sentence where it has one."""

    number: int
    change: Change
    fields: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field in two versions, as pieces of text that stayed, came or went."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """The history of a record with one version in view."""

    record: Record
    is_gone: bool
    versions: list[Version]
    current: Version
    compared_with: int | None
    fields: list[FieldDiff]
    unchanged: int

    @property
    def newest(self) -> Revision:
        """The revision of the last change."""
        return self.versions[0].change.revision


def of(
    model: type[Record],
    dossier: Dossier,
    ref: str,
    form_class: type[RecordForm] | None,
    number: int | None = None,
) -> Shown | None:
    """The history of the record `ref`, version `number` (None: the newest) in view.

    None when there never was such a record or version. Deleted records have their history too.
    """
    changes = apps.get_model("events", "Change").objects.filter(
        dossier_id=dossier.pk, table=model._meta.db_table, ref=ref
    )
    found = list(changes.select_related("revision__author").order_by("-id"))
    if not found:
        return None
    labels = labels_of(model, form_class)
    versions = [version_of(change, labels) for change in found]
    at = 0
    if number is not None:
        at = next((i for i, v in enumerate(versions) if v.number == number), -1)
        if at < 0:
            return None
    change = found[at]
    after, before = change.after or change.before, change.before if change.after else None
    record = history.materialise(model, found[0].after or found[0].before)
    record.dossier = dossier
    fields, unchanged = compare(model, before or {}, after, labels)
    return Shown(
        record=record,
        is_gone=found[0].after is None,
        versions=versions,
        current=versions[at],
        compared_with=before["version"] if before else None,
        fields=fields,
        unchanged=unchanged,
    )


def version_of(change: Change, labels: dict[str, Label]) -> Version:
    """What one change of a record did, in the labels of its columns."""
    row = change.after or change.before
    if change.operation == "insert":
        said = "Restored after deletion" if row["version"] > 1 else "Created"
        return Version(row["version"], change, (), said)
    if change.after is None:
        # A deletion makes no version of its own, so there is none to show or restore.
        return Version(0, change, (), "Deleted")
    differing = [c for c in labels if change.before.get(c) != change.after.get(c)]
    fields = tuple(dict.fromkeys(labels[column].field for column in differing))
    was, state = change.before.get("state"), change.after.get("state")
    said = ""
    if was != state:
        said = {"reviewed": "Marked as reviewed", "published": "Published"}.get(
            state, "Back to draft" if fields else "Withdrawn to draft"
        )
    return Version(row["version"], change, fields, said)


def compare(
    model: type[Record], before: dict[str, Any], after: dict[str, Any], labels: dict[str, Label]
) -> tuple[list[FieldDiff], int]:
    """What differs between two rows of a table field by field, and how many fields are the same."""
    differing: list[FieldDiff] = []
    unchanged = 0
    for column, label in labels.items():
        old, new = before.get(column), after.get(column)
        if old == new:
            unchanged += bool(new)
            continue
        if not (one := _said(model, column, old)) and not _said(model, column, new):
            continue
        # The first version is read as it is: all of it is new, so nothing stands out.
        pieces = words_between(one, _said(model, column, new))
        if not before:
            pieces = [Piece("same", piece.text) for piece in pieces]
        differing.append(FieldDiff(label.column, tuple(pieces)))
    return differing, unchanged


def _said(model: type[Record], column: str, value: Any) -> str:
    """A stored value in words."""
    if value is None or value == "" or value == []:
        return ""
    field = next(f for f in model._meta.concrete_fields if f.column == column)
    if field.is_relation:
        other = field.related_model._base_manager.filter(pk=value).first()
        return str(other) if other else "a record that is gone"
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@dataclass(frozen=True, slots=True)
class Restoring:
    """What restoring a version would do."""

    version: int
    makes: int
    fields: tuple[str, ...]

    @property
    def question(self) -> str:
        """What is asked."""
        return f"Restore version {self.version}?"

    @property
    def effect(self) -> str:
        """What it would do, in words."""
        made = f"Makes a new version {self.makes} equal to version {self.version}."
        count = len(self.fields)
        if not count:
            return f"{made} No field will change."
        word = "field" if count == 1 else "fields"
        changing = f"{count} {word} will change: {', '.join(self.fields)}."
        return f"{made} All others stay in the history. {changing}"


def towards(record: Record, version: int, form_class: type[RecordForm] | None) -> Restoring:
    """Which fields of `record` would change if `version` were restored."""
    labels = labels_of(type(record), form_class)
    old = history.version_of(record, version)
    columns = {field.column: field.attname for field in record._meta.concrete_fields}
    differing = [
        label.field
        for column, label in labels.items()
        if column != "state" and getattr(old, columns[column]) != getattr(record, columns[column])
    ]
    return Restoring(version, record.version + 1, tuple(dict.fromkeys(differing)))
