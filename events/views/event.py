"""Pages of events: the list in time, and everything known about one."""

from __future__ import annotations

from typing import Any

from events import dates
from events.models import Event, Record
from events.views.editing import FieldEdit
from events.views.panels import (
    IN_TIME,
    commitments_of,
    evidence_of,
    links_of,
    neighbours,
    people_of,
    positions_of,
)
from events.views.records import RecordDetail, RecordList

ABOVE_PEOPLE = ("when", "place", "kind", "modality", "channel")


class EventList(RecordList):
    """All events in the order of time, undated ones last."""

    order = IN_TIME

    def extra(self, rows: list[Event]) -> dict[str, Any]:
        """Dates and glyphs, put into words here once."""
        zone = self.request.dossier.time_zone
        for event in rows:
            event.shown_when = dates.short_label(event.when_edtf, text=event.when_text, zone=zone)
            event.kind_glyph = f"kind-{event.kind}"
        return {}


class EventDetail(RecordDetail):
    """One event with the people in it, its evidence, and what was said, promised and answered."""

    related = ("part_of", "when_anchor_event")

    def about(self, record: Event) -> dict[str, Any]:
        """The fields above and below the people."""
        context = super().about(record)
        above = [row for row in context["rows"] if row.name in ABOVE_PEOPLE]
        below = [row for row in context["rows"] if row.name not in ABOVE_PEOPLE]
        return context | {"rows_above": above, "rows_below": below}

    def extra(self, record: Event) -> dict[str, Any]:
        viewer = self.request.viewer
        found: dict[str, Any] = {"event": record, "kind_glyph": f"kind-{record.kind}"}
        found["people"] = people_of(record, viewer)
        found |= evidence_of(record, viewer) | positions_of(record, viewer)
        found |= links_of(record, viewer)
        found["commitments"] = commitments_of(record, viewer)
        found["parts"] = record.parts.visible_to(viewer).in_time()[:50]
        if not self.in_drawer():
            found |= neighbours(record, viewer)
        return found


class EventField(FieldEdit):
    """A field of an event; its date may bring a known order, which is a link."""

    related = EventDetail.related

    def along(self, record: Record, name: str) -> dict[str, Any]:
        """The chips, and with a date the links."""
        viewer = self.request.viewer
        found = evidence_of(record, viewer)
        return found | links_of(record, viewer) if name == "when" else found
