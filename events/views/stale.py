"""What to say when two people changed the same field of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events import dates, history
from events.views.rows import shown

if TYPE_CHECKING:
    from events.forms.records import RecordForm
    from events.roles import Viewer


def sentences(form: RecordForm, viewer: Viewer) -> dict[str, str]:
    """For each field that others changed as well: who saved what, and when.

    `form` stands over the latest version and holds what was typed.
    """
    record = form.latest
    change = history.changes_of(record).first()
    who, at = "Somebody", ""
    if change is not None:
        who = change.revision.author.get_full_name() or change.revision.author.get_username()
        sealed = change.revision.sealed_at
        zone = record.dossier.time_zone
        at = f" at {dates.time_label(int(sealed.timestamp()), zone)}" if sealed else ""
    said = {}
    for name in form.conflicts:
        if name in form.fields:
            value = form.initial.get(name)
            theirs = form.fields[name].prepare_value(value)
            if hasattr(record, f"get_{name}_display"):
                theirs = shown(record, name, form.fields[name], viewer)
            quoted = f"'{theirs}'" if theirs not in ("", None) else "it empty"
            said[name] = f"{who} saved {quoted}{at}. Save again to put your text in its place."
    return said
