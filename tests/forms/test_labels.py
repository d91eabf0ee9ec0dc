"""What the columns of a record are called in its history."""

from __future__ import annotations

from events.forms.event import EventForm
from events.forms.labels import labels_of
from events.models import Event


def test_labels_of_an_event() -> None:
    labels = labels_of(Event, EventForm)
    assert [(column, label.column, label.field) for column, label in labels.items()] == [
        ("title", "Title", "Title"),
        ("when_text", "When", "When"),
        ("when_edtf", "When, EDTF", "When"),
        ("when_basis", "Basis of the date", "When"),
        ("when_anchor_day", "Worked out from the day", "When"),
        ("when_anchor_event_id", "Worked out from the event", "When"),
        ("place", "Where", "Where"),
        ("latitude", "Latitude", "Coordinates"),
        ("longitude", "Longitude", "Coordinates"),
        ("kind", "Kind", "Kind"),
        ("modality", "Modality", "Modality"),
        ("channel", "Channel", "Channel"),
        ("part_of_id", "Part of", "Part of"),
        ("summary", "Summary", "Summary"),
    ]
