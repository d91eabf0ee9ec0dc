"""What to say when two people changed the same field of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from events import dates, history
from events.forms.labels import fields_of
from events.views.rows import shown

if TYPE_CHECKING:
    from events.forms.records import RecordForm
    from events.models import Record
    from events.roles import Viewer

LOOKED_AT = 50
"""Newest changes searched for the one that touched a field."""


def sentences(form: RecordForm, viewer: Viewer) -> dict[str, str]:
    """For each field that others changed as well: who saved what, and when.

    `form` stands over the latest version and holds what was typed.
    """
    record = form.latest
    said = {}
    for name in form.conflicts & set(form.fields):
        theirs = form.fields[name].prepare_value(form.initial.get(name))
        if hasattr(record, f"get_{name}_display"):
            theirs = shown(record, name, form.fields[name], viewer)
        quoted = f"'{theirs}'" if theirs not in ("", None) else "it empty"
        words = f"{_who_and_when(record, name, form.fields[name], quoted)}."
        said[name] = f"{words} Save again to put your text in its place."
    return said


def _who_and_when(record: Record, name: str, field: Any, quoted: str) -> str:
    """ "T. Lindqvist saved 'Riyadh' at 09:38": the newest change of that field."""
    fields = {field.name: field for field in record._meta.concrete_fields}
    columns = [fields[own].column for own in fields_of(field, name, fields)]
    for change in history.changes_of(record)[:LOOKED_AT]:
        before, after = change.before or {}, change.after or {}
        if all(before.get(column) == after.get(column) for column in columns):
            continue
        author, sealed = change.revision.author, change.revision.sealed_at
        who = author.get_full_name() or author.get_username()
        if sealed is None:
            return f"{who} saved {quoted}"
        clock = dates.time_label(int(sealed.timestamp()), record.dossier.time_zone)
        return f"{who} saved {quoted} at {clock}"
    return f"Somebody saved {quoted}"
