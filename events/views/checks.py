"""The data checks of a dossier: what does not hold together, and the way to mend it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events import checks
from events.forms.review import ChecksForm
from events.gate import requires
from events.models import Dossier
from events.roles import Access
from events.views.addresses import drawer_of

IN_SHORT = 8
"""Findings of a check on the page of all checks; its own page has them all."""


@requires(Access.READ)
@require_safe
def data_checks(request: HttpRequest) -> HttpResponse:
    """All checks with their first findings, or one of them with all."""
    viewer = request.viewer
    if not viewer.is_member:
        raise Http404("Only members see the data checks.")
    form = ChecksForm(request.GET)
    alone = form.asked("check")
    results = checks.run(request.dossier, alone, viewer.now)
    if not results:
        raise Http404(f"There is no check {alone}.")
    context = {
        "dossier": request.dossier,
        "dossiers": Dossier.objects.visible_to(request.user),
        "viewer": viewer,
        "screen": "checks",
        "results": results,
        "found": [result for result in results if result.found],
        "alone": results[0] if alone else None,
        "in_short": None if alone else IN_SHORT,
        "selected": form.asked("selected"),
        "selected_drawer": drawer_of(request, form.asked("selected")),
    }
    return render(request, "checks.html", context)
