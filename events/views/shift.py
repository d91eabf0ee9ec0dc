"""Position shifts: what moved between two days, by side and issue, both quotes side by side."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from events import shifts as moved
from events import stepping
from events.forms.shift import ShiftForm
from events.gate import requires
from events.models import Dossier
from events.roles import Access


@requires(Access.READ)
@require_safe
def shifts(request: HttpRequest) -> HttpResponse:
    """The page. It has instants of its own: one that the whole site is seen from becomes its
    second."""
    viewer = request.viewer
    if viewer.as_of is not None:
        until = {} if viewer.as_of.is_recorded else {"until": viewer.as_of.text}
        return redirect(f"{request.path}?{urlencode(until)}&as_of=".replace("?&", "?"))
    known = sorted(stepping.changes_of(viewer))
    form = ShiftForm(request.GET, viewer, stepping.name_of(known[-1] - 1) if known else "")
    found = None
    if form.is_valid() and form.found is not None:
        found = moved.read(viewer, *form.found)
    context = {
        "dossier": request.dossier,
        "dossiers": Dossier.objects.visible_to(request.user),
        "viewer": viewer,
        "screen": "positions",
        "form": form,
        "found": found,
        "since": form.found[0] if form.found else None,
        "until": form.found[1] if form.found else None,
    }
    return TemplateResponse(request, "shifts.html", context, status=200 if form.is_valid() else 422)
