"""The matrix of positions, and the ledger of one of its cells."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from events import ledger as ledgers
from events import matrix as matrices
from events import matrix_line, stepping
from events.forms.matrix import MatrixForm
from events.gate import requires
from events.models import Dossier, Side
from events.roles import Access
from events.views.addresses import drawer_of
from events.views.records import DRAWER

LEGEND = (
    ("supports", "Accepts or supports"),
    ("conditional", "With conditions"),
    ("open", "Open, not ruled out"),
    ("unclear", "Unclear"),
    ("opposes", "Opposes"),
    ("denies_discussed", "Denies discussed"),
    ("awaited", "Awaited"),
)


@requires(Access.READ)
@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """The page: slider, matrix, legend, and the ledger of the cell selected."""
    form, viewer = MatrixForm(request.GET), request.viewer
    found = matrices.read(viewer, form.wanted)
    line = matrix_line.read(found, viewer, form.asked("by"), form.asked("at"))
    context = _frame(request) | _slider(request, form) | _line(form, line)
    context |= {
        "form": form,
        "matrix": found,
        "roots": matrices.roots(found.issues),
        "sides": list(Side.objects.visible_to(viewer)),
        "legend": LEGEND,
        "selected": form.asked("selected"),
        "query": form.url(**(viewer.as_of.parameters if viewer.as_of else {})),
        "selected_drawer": _drawer(request, form),
    }
    return TemplateResponse(request, "matrix.html", context)


def _slider(request: HttpRequest, form: MatrixForm) -> dict[str, Any]:
    """The slider with its addresses; the ledger that is open stays open."""
    found = stepping.slider(request.viewer, request.as_of_form)
    open_cell = form.asked("selected") or None

    def at(instant: str) -> str:
        if instant == "now":
            # An empty instant marks a link that leads out of the past on purpose.
            return form.url(selected=open_cell, as_of="")
        return form.url(selected=open_cell, as_of=instant, clock="happened") if instant else ""

    for tick in found.ticks:
        tick.url = at(tick.day)
    return {
        "slider": found,
        "slider_earlier": at(found.earlier),
        "slider_later": at(found.later),
        "now_url": at("now"),
    }


def _line(form: MatrixForm, line: matrix_line.Line) -> dict[str, Any]:
    """The one line that a phone shows, with its addresses."""
    return {
        "line": line,
        "bar": matrix_line.bar(line.shares),
        "by_issue_url": form.url(by="issue", at=None),
        "by_actor_url": form.url(by="actor", at=None),
        "line_previous_url": form.url(at=line.previous or None),
        "line_next_url": form.url(at=line.next or None),
    }


def _frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page reads."""
    return {
        "dossier": request.dossier,
        "dossiers": Dossier.objects.visible_to(request.user),
        "viewer": request.viewer,
        "screen": "positions",
    }


def _drawer(request: HttpRequest, form: MatrixForm) -> SafeString:
    """What stands beside the matrix: a ledger, or a record that was opened from one."""
    if form.cell is None:
        return drawer_of(request, form.asked("selected"))
    try:
        answer = _ledger(request, *form.cell, in_drawer=True)
    except Http404:
        return mark_safe("")
    return mark_safe(answer.render().content.decode())


@requires(Access.READ)
@require_safe
def ledger(request: HttpRequest, actor: str, issue: str) -> HttpResponse:
    """Everything one actor stated on one issue: a page, or the drawer beside the matrix."""
    htmx = request.htmx
    in_drawer = bool(htmx) and htmx.target == DRAWER and not htmx.history_restore_request
    answer = _ledger(request, actor, issue, in_drawer=in_drawer)
    patch_vary_headers(answer, ["HX-Request", "HX-Target"])
    return answer


def _ledger(request: HttpRequest, actor: str, issue: str, *, in_drawer: bool) -> TemplateResponse:
    found = ledgers.read(request.viewer, actor, issue)
    if found is None:
        raise Http404("There is no such actor or issue here.")
    context = _frame(request) | {
        "ledger": found,
        "cell": found.cell,
        "drawer": in_drawer,
        "heading": "h3" if in_drawer else "h2",
        "may_edit": request.viewer.may_edit,
    }
    return TemplateResponse(request, "ledger.html#drawer" if in_drawer else "ledger.html", context)
