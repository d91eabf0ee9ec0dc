"""The timeline of a dossier: chart, filters, list and the drawer of the selected event."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import condition, require_safe

from events import charts, chronicle, lanes
from events.charts import Drawn
from events.filters import ChartForm, EventFilter
from events.gate import requires
from events.models import Dossier
from events.roles import Access
from events.timeline import Level, pan
from events.views.addresses import drawer_of

LEVELS = (Level.HOURS, Level.DAYS, Level.WEEKS, Level.MONTHS, Level.YEARS)
LISTED = {"div#list": "list", "div#rail-and-list": "rail_and_list"}
"""Parts without the chart: a further page of the list, and what follows changes of others."""

REGION = "div#timeline"
"""The part of the page that filters and the window change: everything but the drawer."""


@requires(Access.READ)
@require_safe
def timeline(request: HttpRequest) -> HttpResponseBase:
    """The page, or the parts of it that htmx asks for."""
    wanted = EventFilter(request.GET, request.viewer)  # type: ignore[attr-defined]
    target = request.htmx.target if request.htmx else None  # type: ignore[attr-defined]
    if target in LISTED:
        context = _list(wanted)
        template = f"timeline.html#{LISTED[target]}"
    else:
        context = _everything(wanted, ChartForm(request).pixels)
        template = "timeline.html#region" if target == REGION else "timeline.html"
        if target != REGION:
            context["selected_drawer"] = drawer_of(request, wanted.selected)
    context |= {"dossier": wanted.dossier, "viewer": wanted.viewer, "screen": "timeline"}
    context["dossiers"] = Dossier.objects.visible_to(request.user)
    answer = TemplateResponse(request, template, context)
    patch_vary_headers(answer, ["HX-Request", "HX-Target"])
    return answer


@requires(Access.READ)
@require_safe
def chart(request: HttpRequest) -> HttpResponseBase:
    """The chart and its strip alone; answers 304 while nothing it shows has changed."""
    wanted = EventFilter(request.GET, request.viewer)  # type: ignore[attr-defined]
    width = ChartForm(request).pixels
    tag = charts.fingerprint(wanted, width)
    answer: HttpResponse = condition(etag_func=lambda _: tag)(partial(_chart, wanted, width))(
        request
    )
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def _chart(wanted: EventFilter, width: int, request: HttpRequest) -> HttpResponse:
    context = _region(wanted, charts.draw(wanted, width)) | {"dossier": wanted.dossier}
    return render(request, "timeline.html#chart_region", context)


def _everything(wanted: EventFilter, width: int) -> dict[str, Any]:
    drawn = charts.draw(wanted, width)
    return _region(wanted, drawn) | _controls(wanted, drawn) | _list(wanted)


def _list(wanted: EventFilter) -> dict[str, Any]:
    page = chronicle.read(wanted)
    found = {
        "filter": wanted,
        "list": page,
        "next_url": wanted.page_url(page.next) if page.next else "",
        "start_url": wanted.url() if page.continued else "",
        "fit_url": wanted.url(from_=None, to=None, level=None),
        "problems": [*wanted.messages, *([page.message] if page.message else [])],
    }
    # The counts are of the whole dossier: a further page of the list does without them.
    return found if page.days else found | _nothing(wanted)


def _nothing(wanted: EventFilter) -> dict[str, Any]:
    """Why there is nothing to list, and which filter to take back."""
    hidden, count = wanted.total - wanted.listed, len(wanted.active)
    nearest = wanted.nearest
    return {
        "nothing_title": f"No events match {count} filter{'' if count == 1 else 's'}",
        "nothing_text": f"{hidden:,} event{' is' if hidden == 1 else 's are'} hidden."
        + (f" The nearest match is without ‘{nearest.label}’." if nearest else ""),
    }


def _region(wanted: EventFilter, drawn: Drawn) -> dict[str, Any]:
    """The chart with its strip: all that is drawn anew while one moves it."""
    return {
        "filter": wanted,
        "chart": drawn.chart,
        "overview": drawn.overview,
        "density": drawn.density,
        "earlier_url": wanted.window_url(pan(drawn.window, -0.5)),
        "later_url": wanted.window_url(pan(drawn.window, 0.5)),
    }


def _controls(wanted: EventFilter, drawn: Drawn) -> dict[str, Any]:
    """Where the buttons above the chart lead."""
    level = drawn.window.level
    return {
        "levels": [
            {
                "name": one.value.capitalize(),
                "url": wanted.window_url(drawn.level(one)),
                "current": one is level,
            }
            for one in LEVELS
        ],
        "closer_url": wanted.window_url(drawn.zoomed(2)),
        "farther_url": wanted.window_url(drawn.zoomed(0.5)),
        "view_query": wanted.url().removesuffix("?"),
        "links_url": wanted.url(links=None if wanted.every_link else "all"),
        "lanes": lanes.menu(wanted, drawn.chart, drawn.lanes_by),
    }
