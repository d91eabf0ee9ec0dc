"""The form of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django import forms

from events import dates
from events.dates import Precision
from events.forms.fields import CoordinatesField, EventWhenField
from events.forms.records import RecordForm
from events.models import Event
from events.timeline import Level
from events.timeline.scale import WIDEST

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


class MovedDateForm(forms.Form):
    """Where the mark of an event was dragged to on the chart: which part, how far, how closely
    one looks. Nothing is written."""

    SIZES: ClassVar[dict[str, tuple[Precision, Precision]]] = {
        Level.HOURS: (Precision.HOUR, Precision.HOUR),
        Level.DAYS: (Precision.DAY, Precision.DAY),
        Level.WEEKS: (Precision.DAY, Precision.DAY),
        Level.MONTHS: (Precision.DAY, Precision.MONTH),
        Level.YEARS: (Precision.MONTH, Precision.YEAR),
        Level.DECADES: (Precision.YEAR, Precision.YEAR),
    }
    """How fine a date can be put at each level: where it was as fine already, and else."""

    part = forms.ChoiceField(choices=[(part, part) for part in dates.Part])
    level = forms.ChoiceField(choices=[(level, level) for level in Level])
    by = forms.IntegerField(min_value=-2 * WIDEST, max_value=2 * WIDEST)
    start = forms.IntegerField(required=False, min_value=-2 * WIDEST, max_value=2 * WIDEST)

    def reading(self, present: dates.Reading) -> dates.Reading:
        """The date that `present` would become. Raises DateError, also for what is no proposal."""
        if not self.is_valid():
            raise dates.DateError("Where the mark was dragged to could not be read.")
        part, level, by, start = (self.cleaned_data[name] for name in self.fields)
        return dates.move(present, dates.Part(part), by, self.SIZES[level], start)
