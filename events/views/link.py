"""Pages of links: what one event has to do with another."""

from __future__ import annotations

from typing import Any

from events.models import Link
from events.views.panels import evidence_of
from events.views.records import RecordDetail, RecordList


class LinkList(RecordList):
    """Links as sentences, in the order they were added."""

    related = ("from_event", "to_event")


class LinkDetail(RecordDetail):
    """One link and what it rests on."""

    related = ("from_event", "to_event")
    panels = "events/record_panels.html#evidence"

    def extra(self, record: Link) -> dict[str, Any]:
        return evidence_of(record, self.request.viewer)
