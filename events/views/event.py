"""Pages of events."""

from __future__ import annotations

from events.views.records import RecordList


class EventList(RecordList):
    """All events in the order of time, undated ones last."""

    order = ("earliest", "latest", "id")
