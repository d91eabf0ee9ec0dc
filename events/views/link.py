"""Pages of links: what one event has to do with another."""

from __future__ import annotations

from typing import Any

from events.models import Link
from events.views.cited import said_when
from events.views.panels import evidence_of
from events.views.records import RecordDetail, RecordList


class LinkList(RecordList):
    """Links as sentences, in the order they were added."""

    related = ("from_event", "to_event")


class LinkDetail(RecordDetail):
    """One link with its two events."""

    related = ("from_event", "to_event")
    lead = "events/link_detail.html#lead"
    panels = "events/record_panels.html#evidence"

    def extra(self, record: Link) -> dict[str, Any]:
        dossier = self.request.dossier
        for event in (record.from_event, record.to_event):
            event.shown_when = said_when(event, dossier)
        return evidence_of(record, self.request.viewer)
