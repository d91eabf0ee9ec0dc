"""What restoring a version of a record would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from events import history
from events.forms.labels import labels_of

if TYPE_CHECKING:
    from events.forms.records import RecordForm
    from events.models import Record


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
