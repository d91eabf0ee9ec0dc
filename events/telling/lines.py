"""The lines of a record's history: who, when, and what was done, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from events.forms.lookup import day_of
from events.models import Event, Link, Revision

if TYPE_CHECKING:
    import datetime as dt

    from events.forms.labels import Label
    from events.models import Change
    from events.telling.belongings import Around, Place, Step


@dataclass(frozen=True, slots=True)
class Version:
    """What one change did to a record: labels of the fields, a sentence where it has one."""

    fields: tuple[str, ...]
    said: str


@dataclass(slots=True)
class Entry:
    """A line of the history: a version of the record, or what changed beside it alone.

    It tells of the changes up to `place`; `day` is set where a new day begins.
    """

    place: Place
    own: Step | None
    beside: list[Step] = field(default_factory=list)
    said: str = ""
    revision: Revision | None = None
    day: dt.date | None = None

    @property
    def number(self) -> int:
        """Its version. A deletion makes none of its own, so there is none to show or restore."""
        return self.own.version if self.own and self.own.operation in ("insert", "update") else 0

    @property
    def token(self) -> str:
        """How an address names it: "7", or "r12" where it is no version."""
        return str(self.number) if self.number else f"r{self.place[0]}"

    @property
    def title(self) -> str:
        """What it is called in a sentence: "version 7", "revision 12"."""
        return f"version {self.number}" if self.number else f"revision {self.place[0]}"


def tell(entries: list[Entry], around: Around, labels: dict[str, Label], zone: str) -> None:
    """Complete the lines: who, when, what."""
    steps = [step for entry in entries for step in (entry.own, *entry.beside) if step]
    found = Revision.objects.select_related("author").in_bulk({step.revision for step in steps})
    ends = {
        step.link[end] for step in steps if step.link for end in ("from_event_id", "to_event_id")
    }
    refs = dict(Event.objects.filter(pk__in=ends).values_list("pk", "ref"))
    day = None
    for entry in entries:
        step = entry.own or entry.beside[0]
        entry.revision = found[step.revision]
        if entry.own:
            version = _version(
                step.operation, step.version, set(step.columns), (step.was, step.state), labels
            )
            names = [*version.fields, *dict.fromkeys(around.labels[b.table] for b in entry.beside)]
            entry.said = ". ".join(part for part in (", ".join(names), version.said) if part)
        else:
            entry.said = _beside(entry, around, refs)
        its = day_of(int(entry.revision.sealed_at.timestamp()), zone)
        entry.day, day = (its if its != day else None), its


def _beside(entry: Entry, around: Around, refs: dict[int, str]) -> str:
    """ "Evidence, 1 added", "Link added: follows from E6"."""
    (first, *others), parts = entry.beside, []
    if first.link and not others:
        to = first.link["from_event_id"] == around.values["id"]
        other = refs.get(first.link["to_event_id" if to else "from_event_id"], "an event")
        kind = Link.Kind(first.link["kind"]).label.lower()
        did = "added" if first.came else "removed" if first.went else "changed"
        return f"Link {did}: {kind} {other}" if to else f"Link {did}: {other} {kind} this"
    for label in dict.fromkeys(around.labels[step.table] for step in entry.beside):
        did = Counter(
            "added" if step.came else "removed" if step.went else "changed"
            for step in entry.beside
            if around.labels[step.table] == label
        )
        parts.append(", ".join([label, *(f"{count} {what}" for what, count in did.items())]))
    return "; ".join(parts)


def version_of(change: Change, labels: dict[str, Label]) -> Version:
    """What one change of a record did, in the labels of its columns."""
    before, after = change.before or {}, change.after or {}
    columns = {column for column in labels if before.get(column) != after.get(column)}
    version, states = (after or before)["version"], (before.get("state"), after.get("state"))
    return _version(change.operation, version, columns, states, labels)


def _version(
    operation: str,
    version: int,
    columns: set[str],
    states: tuple[str | None, str | None],
    labels: dict[str, Label],
) -> Version:
    if operation == "insert":
        return Version((), "Restored after deletion" if version > 1 else "Created")
    if operation != "update":
        return Version((), "Deleted")
    fields = tuple(dict.fromkeys(labels[column].field for column in labels if column in columns))
    was, state = states
    said = ""
    if was != state:
        said = {"reviewed": "Marked as reviewed", "published": "Published"}.get(
            state or "", "Back to draft" if fields else "Withdrawn to draft"
        )
    return Version(fields, said)
