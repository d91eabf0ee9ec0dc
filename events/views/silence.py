"""Who has not answered what, addressed how and by whom, since when."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events import silence
from events.forms.silence import SilenceForm
from events.gate import requires
from events.models import Dossier
from events.roles import Access
from events.views.addresses import drawer_of
from events.views.cited import add_quotes, said_when


@requires(Access.READ)
@require_safe
def silences(request: HttpRequest) -> HttpResponse:
    """Awaited answers first, then addresses without a reply, the newest first."""
    viewer = request.viewer
    form = SilenceForm(request.GET)
    page = silence.read(viewer, form.place)
    awaited = [] if form.place else silence.awaited(viewer)
    for consent in awaited:
        consent.shown_when = said_when(consent.proposal.tabled_in, viewer.dossier)
    for row in page.rows:
        row.event.shown_when = said_when(row.event, viewer.dossier)
    add_quotes([position for row in page.rows for position in row.positions], "position", viewer)
    context = {
        "dossier": request.dossier,
        "dossiers": Dossier.objects.visible_to(request.user),
        "viewer": viewer,
        "screen": "table",
        "awaited": awaited,
        "page": page,
        "continued": form.place is not None,
        "after": form.mark(page.after),
        "selected_drawer": drawer_of(request, form.cleaned_data.get("selected", "")),
    }
    return render(request, "silence.html", context)
