"""What others saved meanwhile, in words, to somebody who was editing the same record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from events import dates, history
from events.forms.labels import fields_of
from events.forms.versions import LOOKED_AT, who_saved
from events.views.rows import shown

if TYPE_CHECKING:
    import datetime as dt

    from events.forms.merging import Merging
    from events.forms.records import RecordForm
    from events.models import Change, Record, User
    from events.roles import Viewer

FEW = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@dataclass(frozen=True, slots=True)
class Meeting:
    """Who saved what while a person was editing: the head of the merge page."""

    title: str
    told: str
    by: User | None
    saved_at: dt.datetime | None
    before_by: User | None
    before_at: dt.datetime | None


def met(merging: Merging, viewer: Viewer) -> Meeting:
    """The changes of the record since the version that `merging` starts from."""
    record, base = merging.latest, merging.base.version
    found = list(history.changes_of(record).filter(after__version__gte=base)[:LOOKED_AT])
    since = [change for change in found if change.after["version"] > base]
    first = next((change for change in found if change.after["version"] == base), None)
    newest = since[0] if since else first
    people = list(dict.fromkeys(change.revision.author for change in since))
    others = [user.called for user in people if user != viewer.user]
    if not others:
        title = f"You saved {record.ref} in another window"
    else:
        rest = len(others) - 1
        more = f" and {rest} other{'s' if rest > 1 else ''}" if rest else ""
        title = f"{others[0]}{more} saved {record.ref} while you were editing"
    kept = "Everything you typed is kept here."
    return Meeting(
        title=title,
        told=f"{_versions(base, newest, record)} {kept} {_sum(merging)}",
        by=newest.revision.author if newest else None,
        saved_at=newest.revision.sealed_at if newest else None,
        before_by=first.revision.author if first else None,
        before_at=first.revision.sealed_at if first else None,
    )


def _versions(base: int, newest: Change | None, record: Record) -> str:
    at = f" at {_clock(newest, record)}" if newest and newest.revision.sealed_at else ""
    now = record.version
    if now - base > 1:
        return f"You started from version {base}. Version {now}, the newest, was saved{at}."
    return f"You started from version {base}. Version {now} was saved{at}."


def _sum(merging: Merging) -> str:
    asked, merged = len(merging.asked), len(merging.merged)
    both = f"{_few(asked)} field{' was' if asked == 1 else 's were'} changed by both of you"
    more = f"; {_few(merged).lower()} more {'was' if merged == 1 else 'were'} merged"
    return f"{both}{more if merged else ''}."


def _few(number: int) -> str:
    return FEW[number] if number < len(FEW) else str(number)


def _clock(change: Change, record: Record) -> str:
    return dates.time_label(int(change.revision.sealed_at.timestamp()), record.dossier.time_zone)


def sentence(form: RecordForm, name: str, viewer: Viewer) -> str:
    """Who saved what in the field `name` that both sides changed, and when."""
    record, field = form.stale.latest, form.fields[name]
    record.dossier = form.dossier
    theirs = shown(record, name, field, viewer)
    if not hasattr(record, f"get_{name}_display"):
        fresh = type(form)(dossier=form.dossier, instance=record, only=(name,))
        theirs = fresh[name].value()
    quoted = f"'{theirs}'" if theirs not in ("", None) else "it empty"
    fields = {field.name: field for field in record._meta.concrete_fields}
    columns = [fields[own].column for own in fields_of(field, name, fields)]
    return f"{who_saved(record, columns, quoted)}. Your text is kept."
