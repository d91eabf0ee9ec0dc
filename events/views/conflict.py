"""Pages of conflicts: what cannot all hold, side by side, and the decision about it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from events import history
from events.forms import lookup
from events.forms.conflict import ConflictForm, ConflictsForm, StatusForm
from events.forms.paging import OptionsForm
from events.forms.records import ReturnForm
from events.forms.review import DecisionForm
from events.gate import requires
from events.models import Conflict
from events.roles import Access, Viewer
from events.views.addresses import page_of
from events.views.contested import compared_in, contested_records, sides_of, would_be_sides
from events.views.editing import Formed, RecordCreate
from events.views.panels import evidence_of
from events.views.records import RecordDetail, RecordList, RecordView

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


class ConflictCreate(RecordCreate):
    """A new conflict, with both sides and their words beside the form."""

    def context(self, **more: Any) -> dict[str, Any]:
        context = super().context(**more)
        if "form" in more:
            context["sides"] = would_be_sides(more["form"].sides, self.request.viewer, SHOWN)
        return context

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("act") == "look":
            sent = self.form_class.initial_from(request.POST)
            return self.form_page(
                self.form(initial=sent | {"reason": request.POST.get("reason", "")}), None
            )
        form = self.form(request.POST)
        if not form.write(by=request.user):
            return self.form_page(form, None)
        record = form.record
        to = ReturnForm(request.GET, request).to or page_of(record)
        said = f"Conflict {record.ref} created"
        response = self.answer(record, said, undo=self.undo_url(record), to=to)
        return self.forget(response, [request.get_full_path()])


@requires(Access.EDIT)
class ConflictSides(RecordView):
    """Records and passages that may conflict, as <option> elements: those the words fit."""

    def get(self, request: HttpRequest) -> HttpResponse:
        models = ConflictForm.base_fields["first"].models
        found = lookup.among(request.dossier, models, OptionsForm(request.GET).words())
        return render(request, "events/record_form.html#options", {"options": found})


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
