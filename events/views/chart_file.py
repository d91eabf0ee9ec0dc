"""The present view of the timeline to take away: as SVG, as PNG, on paper."""

from __future__ import annotations

from functools import partial

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from events import chart_file, charts, printed
from events.filters import ChartForm, EventFilter
from events.gate import requires
from events.roles import Access

PAPER = 840
"""Pixels of the chart that is printed. Across a sheet of A4 its letters are 7.5 points high."""

A_MINUTE = 30
"""PNGs that are drawn for one person, or one address, in a minute."""


@requires(Access.READ)
@require_safe
def svg(request: HttpRequest) -> HttpResponseBase:
    """The chart as an SVG file; answers 304 while nothing it shows has changed."""
    return _file(request, "svg")


@requires(Access.READ)
@require_safe
def png(request: HttpRequest) -> HttpResponseBase:
    """The same as a PNG of twice the size; 429 for whoever asks for too many."""
    if too_many(request):
        return refused()
    return _file(request, "png")


@requires(Access.READ)
@require_safe
def on_paper(request: HttpRequest) -> HttpResponseBase:
    """The chart as wide as a sheet, then the events with every quotation in full."""
    wanted = EventFilter(request.GET, request.viewer)  # type: ignore[attr-defined]
    drawn = charts.draw(wanted, PAPER)
    listed = printed.read(wanted)
    context = {
        "dossier": wanted.dossier,
        "viewer": wanted.viewer,
        "screen": "timeline",
        "chart": drawn.chart,
        "list": listed,
        "filters": chart_file.filters_in_words(wanted),
        "as_of": chart_file.as_of_in_words(wanted),
        "sources": chart_file.sources_in_words(wanted, drawn),
        "problems": wanted.messages,
        "address": chart_file.address(request, wanted),
        "now": timezone.now(),
    }
    return render(request, "timeline_print.html", context)


def _file(request: HttpRequest, ending: str) -> HttpResponse:
    wanted = EventFilter(request.GET, request.viewer)  # type: ignore[attr-defined]
    width = ChartForm(request).pixels
    tag = f'"{ending}-{charts.fingerprint(wanted, width)[1:]}'
    draw = partial(_drawn, wanted, width, ending)
    answer: HttpResponse = condition(etag_func=lambda _: tag)(draw)(request)
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def _drawn(wanted: EventFilter, width: int, ending: str, request: HttpRequest) -> HttpResponse:
    drawn = charts.draw(wanted, width)
    document = chart_file.svg(request, wanted, drawn, timezone.now())
    name = chart_file.file_name(wanted, drawn, ending)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if ending == "png":
        return HttpResponse(chart_file.png(document), content_type="image/png", headers=headers)
    return HttpResponse(document, content_type="image/svg+xml; charset=utf-8", headers=headers)


def refused() -> HttpResponse:
    """The answer to whoever asked for too many."""
    words = "Too many pictures in a minute. Try again in a minute, or take the SVG.\n"
    headers = {"Retry-After": "60"}
    return HttpResponse(words, status=429, content_type="text/plain", headers=headers)


def too_many(request: HttpRequest) -> bool:
    """Whether this person, or this address, has asked for its share; counted in each process."""
    who = request.user.pk or request.META.get("REMOTE_ADDR", "")
    key = f"pictures:{who}"
    cache.add(key, 0, timeout=60)
    try:
        return cache.incr(key) > A_MINUTE
    except ValueError:
        return False  # It expired between the two.
