"""The form of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from events.forms.fields import CoordinatesField, EventWhenField
from events.forms.records import RecordForm
from events.models import Event

if TYPE_CHECKING:
    from events.models import Record


class EventForm(RecordForm):
    """What happened, when, where, of what kind; order on the day comes with the date."""

    when = EventWhenField("when", label="When")
    coordinates = CoordinatesField(label="Coordinates")

    field_order: ClassVar[list[str]] = [
        "title",
        "when",
        "when_basis",
        "place",
        "coordinates",
        "kind",
        "modality",
        "channel",
        "part_of",
        "summary",
    ]
    off_page = ("title", "when_basis")
    led_by: ClassVar[dict[str, str]] = {"when_basis": "when"}
    when_empty: ClassVar[dict[str, str]] = {
        "when": "Add a date",
        "place": "Add a place",
        "coordinates": "Add coordinates",
        "part_of": "Add the event it is part of",
    }

    class Meta(RecordForm.Meta):
        model = Event
        fields: ClassVar[list[str]] = [
            "title",
            "when_basis",
            "place",
            "kind",
            "modality",
            "channel",
            "part_of",
            "summary",
        ]
        labels: ClassVar[dict[str, str]] = {"place": "Where", "when_basis": "Basis of the date"}
        help_texts: ClassVar[dict[str, str]] = {
            "when_basis": "Follows from the words of the date, unless you change it."
        }

    def after_write(self, record: Record) -> None:
        """Store the order that the words of the date name ("after the talks")."""
        if "when" not in self.changed_data:
            return
        order = self.fields["when"].order_of(self.cleaned_data["when"])
        if order is not None:
            relation, other = order
            record.order_against(other, relation)
