"""Pages of events: the list in time, and everything known about one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from events import dates
from events.forms.event import MovedDateForm
from events.gate import requires
from events.models import Event, Record
from events.roles import Access
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
from events.views.readout import accounts_of
from events.views.records import RecordDetail, RecordList, RecordView

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
        found |= accounts_of(record, viewer)
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


@requires(Access.EDIT)
class MovedDate(RecordView):
    """What the date of an event would be where its mark was dragged to: a bar that asks. Saving it
    is an edit of the field."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        record = self.record(ref)
        zone = request.dossier.time_zone
        was = dates.from_edtf(record.when_edtf, zone=zone, text=record.when_text)
        context = self.context(record=record, was=_plain(was))
        context["field_url"] = self.url("field", record, "when")
        context["edit_url"] = f"{self.url('edit', record)}#id_when"
        try:
            now = MovedDateForm(request.GET).reading(was)
        except dates.DateError as problem:
            context["problem"] = problem.message
            return self.page("detail#moved_date", context, status=422)
        context |= {"now": now, "shown": _plain(now), "costs": self.costs(record, was, now)}
        context["single"] = bool(was.edtf) and not set("/[{") & set(was.edtf + now.edtf)
        return self.page("detail#moved_date", context)

    def costs(self, record: Event, was: dates.Reading, now: dates.Reading) -> list[str]:
        """What the new date gives up, or claims, in sentences."""
        found = []
        units = list(dates.Precision)
        if was.edtf and units.index(now.unit) < units.index(was.unit):
            found.append(
                f"It claims more than before: {now.unit} in place of {was.unit} precision."
            )
        elif was.edtf and units.index(now.unit) > units.index(was.unit):
            found.append(f"It was known to the {was.unit}; that is given up.")
        if was.approximate and not now.approximate:
            found.append("It was approximate; the new date does not say ‘about’.")
        if was.uncertain and not now.uncertain:
            found.append("It was marked as uncertain; the new date is not.")
        if record.when_basis != dates.Basis.STATED and was.edtf:
            basis = record.get_when_basis_display().lower()
            found.append(f"Its basis was ‘{basis}’; the new date counts as stated.")
        elif record.when_text and record.when_text != record.when_edtf:
            found.append(f"The words ‘{record.when_text}’ are replaced.")
        if Event.objects.filter(pk=record.pk).with_contested(self.request.viewer).get().contested:
            found.append("It is contested; its evidence, for and against, stays as it is.")
        if record.state != Event.State.DRAFT:
            found.append(f"It is {record.get_state_display().lower()} and becomes a draft again.")
        return found


def _plain(reading: dates.Reading) -> str:
    """A date in words, without its precision."""
    return reading.label.removesuffix(f", {reading.unit} precision")
