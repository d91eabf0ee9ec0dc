"""Readouts: several parties' accounts of one event side by side, point by point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from events import history
from events.forms.readout import PlaceForm
from events.gate import requires
from events.models import Readout, ReadoutPoint
from events.roles import Access
from events.views.addresses import page_of
from events.views.compared import ACCOUNTS, POINTS, compared
from events.views.records import RecordView, Written

if TYPE_CHECKING:
    from events.models import Event
    from events.roles import Viewer


def accounts_of(event: Event, viewer: Viewer) -> dict[str, Any]:
    """How many accounts an event has, and how their points read; for the panel on its page."""
    here = {"event": event}
    points = ReadoutPoint.objects.visible_to(viewer).filter(**here).order_by()
    counts = dict(points.values_list("reading").annotate(Count("pk")))
    total, opposed = sum(counts.values()), counts.get(ReadoutPoint.Reading.CONTRADICT, 0)
    told = f"{total} point{'' if total == 1 else 's'}" if total else ""
    if opposed:
        told = f"{opposed} point{' contradicts' if opposed == 1 else 's contradict'}"
    accounts = Readout.objects.visible_to(viewer).filter(**here).count()
    return {"accounts": accounts, "points_told": told, "points_contradict": opposed}


@requires(Access.READ)
class EventReadouts(RecordView):
    """The accounts of an event side by side."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        event = self.record(ref)
        readouts, rows = compared(event, request.viewer)
        context = self.context(record=event, readouts=readouts, rows=rows)
        context["is_full"] = len(readouts) == ACCOUNTS or len(rows) == POINTS
        return self.page("readouts", context | {"readings": ReadoutPoint.Reading.choices})


@requires(Access.EDIT)
class PointPlace(Written):
    """Give a point another place among those of its event."""

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        point, form = self.record(ref), PlaceForm(request.POST)
        if not form.is_valid():
            messages.error(request, "That is no place. Nothing has been moved.")
            return redirect(page_of(point))
        try:
            with history.recording(by=request.user):
                point.stand_at(form.cleaned_data["number"])
        except IntegrityError:
            messages.error(request, "Somebody else put the points in order meanwhile. Try again.")
            return redirect(page_of(point))
        return self.answer(point, f"{ref} moved", undo=self.undo_url(point))


@requires(Access.EDIT)
class PointConflict(Written):
    """Make a conflict of the words of a point, in one step."""

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        point = self.record(ref)
        try:
            with history.recording(by=request.user):
                conflict = point.make_conflict()
        except ValueError as problem:
            messages.error(request, str(problem))
            return redirect(page_of(point))
        undo, to = self.undo_url(conflict), conflict.get_absolute_url()
        return self.answer(conflict, f"Conflict {conflict.ref} created", undo=undo, to=to)
