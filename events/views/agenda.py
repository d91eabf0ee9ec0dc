"""What to watch next: a page, and a calendar file to subscribe to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from events import agenda
from events.formats import calendar
from events.forms.paging import ListForm
from events.gate import requires
from events.models import Dossier
from events.negotiation.agenda import When, away
from events.negotiation.agenda import spoken as in_days
from events.negotiation.times import Times
from events.roles import Access
from events.views.addresses import drawer_of
from events.views.cited import add_quotes

QUOTED = ("event", "commitment")
"""Nouns of which the words are shown that a record rests on."""

TITLES = {
    When.OVERDUE: "Overdue",
    When.NOW: "Due now",
    When.SOON: "Next few days",
    When.UNDATED: "No date stated",
}


@requires(Access.READ)
@require_safe
def upcoming(request: HttpRequest) -> HttpResponse:
    """All that is to be watched, by group."""
    form = ListForm(request.GET)
    form.is_valid()
    context = {
        "dossier": request.dossier,
        "dossiers": Dossier.objects.visible_to(request.user),
        "viewer": request.viewer,
        "screen": "table",
        "selected_drawer": drawer_of(request, form.cleaned_data.get("selected", "")),
    }
    return render(request, "agenda.html", context | shown(request.viewer))


@requires(Access.READ)
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What has a date, as an iCalendar file. Who is no member gets what the public sees."""
    found = agenda.read(request.viewer)
    host = request.build_absolute_uri("/").removesuffix("/")
    content = calendar.file_of(request.dossier, found.items, host)
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{request.dossier.slug}-agenda.ics"'
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def shown(viewer: Any) -> dict[str, Any]:
    """The agenda as the page and the panel beside the table read it: groups with their headings."""
    found = agenda.read(viewer)
    for noun in QUOTED:
        of_noun = [item for item in found.items if item.noun == noun]
        add_quotes([item.record for item in of_noun], noun, viewer)
        for item in of_noun:
            item.quote = item.record.quote
    zone, now = viewer.dossier.time_zone, viewer.now
    headed = []
    for group in found.groups:
        place, beside = group.place, f"{len(group.items)}"
        title = TITLES.get(place.when, "")
        if place.when is When.NOW:
            beside = in_days(Times(now - 1, now), zone)
        elif place.day is not None:
            title = in_days(Times(place.day, place.day + 1), zone)
            beside = away(place.day, now, zone)
        headed.append({"title": title, "beside": beside, "items": group.items})
    return {"agenda": headed, "agenda_is_cut": found.is_cut}
