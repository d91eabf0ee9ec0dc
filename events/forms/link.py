"""The form of a link."""

from __future__ import annotations

from typing import ClassVar

from events.forms.records import RecordForm
from events.models import Link


class LinkForm(RecordForm):
    """What one event has to do with another; reads as a sentence from top to bottom."""

    class Meta(RecordForm.Meta):
        model = Link
        labels: ClassVar[dict[str, str]] = {
            "from_event": "Event",
            "kind": "Does what",
            "to_event": "To event",
        }
        fields: ClassVar[list[str]] = ["from_event", "kind", "to_event", "note"]
