"""Pages of conflicts: what cannot all hold, side by side, and the decision about it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from events import history
from events.forms.conflict import ConflictsForm, StatusForm
from events.forms.review import DecisionForm
from events.gate import requires
from events.models import Conflict
from events.roles import Access, Viewer
from events.views.addresses import page_of
from events.views.contested import compared_in, contested_records, sides_of
from events.views.editing import Formed
from events.views.panels import evidence_of
from events.views.records import RecordDetail, RecordList

SHOWN = 4
"""Most pieces of evidence of one member; its own page has all."""

EARLIER = 50
"""Versions of a conflict in which earlier decisions are looked for."""


class ConflictList(RecordList):
    """Open conflicts first with their sides, then records that only their evidence contests."""

    order = ("status_order", "id")

    def get(self, request: HttpRequest) -> HttpResponse:
        form = ConflictsForm(request.GET)
        rows = self.rows().in_order()
        if form.shown:
            rows = rows.filter(status=form.shown)
        page = form.page_of(rows, self.order)
        context = self.list_context(form, page)
        sides_of(page.rows, request.viewer, shown=1)
        if form.with_contested:
            context["contested"] = contested_records(request.viewer)
        return self.page("list", context)


class ConflictDetail(RecordDetail):
    """One conflict with what stands in it and the words each side rests on."""

    below = "events/conflict_detail.html#members"
    panels = "events/record_panels.html#evidence"
    lead = "events/conflict_detail.html#lead"

    def extra(self, record: Conflict) -> dict[str, Any]:
        viewer = self.request.viewer
        sides_of([record], viewer, shown=SHOWN)
        # That its own evidence points both ways is what a conflict is, not news about it.
        about = evidence_of(record, viewer) | {"contested": False}
        return about | {
            "members": record.sides,
            "points": compared_in(record.sides, viewer),
            "decisions": decisions_on(record, viewer),
        }


@requires(Access.EDIT)
class ConflictDecision(Formed):
    """Settle a conflict with a reason, call it apparent only, or open it again."""

    fields = ("status", "resolution")

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        record = self.record(ref)
        initial = StatusForm(request.GET).initial_status
        return self.form_page(self.form(instance=record, only=self.fields, initial=initial), record)

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        record: Any = self.record(ref)
        was = record.version
        form = self.form(request.POST, instance=record, only=self.fields)
        if not form.write(by=request.user):
            return self.form_page(form, record)
        changed = record.version != was
        status = record.get_status_display().lower()
        said = f"{ref} is {status}" if changed else "Nothing changed"
        undo = self.undo_url(record) if changed else ""
        return self.answer(record, said, undo=undo, to=DecisionForm(request).to or page_of(record))


def decisions_on(record: Conflict, viewer: Viewer) -> list[dict[str, Any]]:
    """What was decided about it before, the newest first: a reason stays when it opens again."""
    if not viewer.is_member:
        return []
    found = []
    for change in history.changes_of(record)[:EARLIER]:
        before, after = history.as_json(change.before), history.as_json(change.after)
        if before and after and before["status"] != after["status"]:
            status = Conflict.Status(after["status"]).label
            found.append({"status": status, "reason": after["resolution"], "change": change})
    return found
