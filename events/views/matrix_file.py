"""The matrix of positions to take away: as a table, as a picture."""

from __future__ import annotations

import zoneinfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from events import chart_file, matrix_file
from events import matrix as matrices
from events.forms.matrix import MatrixForm
from events.gate import requires
from events.roles import Access
from events.views.chart_file import refused, too_many


@requires(Access.READ)
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The cells that the page shows, one a row, as CSV."""
    found = matrices.read(request.viewer, MatrixForm(request.GET).wanted)
    return _file(request, matrix_file.table(found), "csv", "text/csv; charset=utf-8")


@requires(Access.READ)
@require_safe
def svg(request: HttpRequest) -> HttpResponse:
    """The matrix of the page as an SVG document."""
    return _file(request, _drawn(request), "svg", "image/svg+xml; charset=utf-8")


@requires(Access.READ)
@require_safe
def png(request: HttpRequest) -> HttpResponse:
    """The same as a PNG of twice the size; 429 for whoever asks for too many."""
    if too_many(request):
        return refused()
    return _file(request, chart_file.png(_drawn(request)), "png", "image/png")


def _drawn(request: HttpRequest) -> str:
    form, viewer = MatrixForm(request.GET), request.viewer
    found = matrices.read(viewer, form.wanted)
    page = reverse("events:matrix", args=[viewer.dossier.slug])
    past = viewer.as_of.parameters if viewer.as_of else {}
    address = request.build_absolute_uri(page) + form.url(**past).removesuffix("?")
    at = timezone.now().astimezone(zoneinfo.ZoneInfo(viewer.dossier.time_zone))
    taken = f"exported {at.day} {at:%B %Y, %H:%M %Z}"
    return matrix_file.svg(found, viewer, address, taken)


def _file(request: HttpRequest, content: str | bytes, ending: str, kind: str) -> HttpResponse:
    name = matrix_file.file_name(request.viewer, ending)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
