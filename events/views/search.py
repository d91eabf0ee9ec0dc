"""Search: a page of results, and the panel that follows what is typed into the top bar."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from events.filters import SearchForm
from events.gate import requires
from events.roles import Access
from events.search import BY_KEY, search

PANEL = "div#search-panel"
IN_PANEL = 3
"""Hits of a kind in the panel."""


@requires(Access.READ)
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What was found, as a page or as the panel under the search field."""
    words, kind, relevant = SearchForm(request.GET).asked
    viewer = request.viewer  # type: ignore[attr-defined]
    in_panel = bool(request.htmx) and request.htmx.target == PANEL  # type: ignore[attr-defined]
    found = (
        search(words, viewer, relevant=True, each=IN_PANEL)
        if in_panel
        else search(words, viewer, relevant=relevant, kind=kind)
    )
    context = {
        "dossier": viewer.dossier,
        "viewer": viewer,
        "screen": "search",
        "search_query": words,
        "found": found,
        "nothing_title": f"Nothing found for ‘{words}’",
        "kind": BY_KEY.get(kind),
        "relevant": relevant,
    }
    answer = TemplateResponse(request, "search.html#panel" if in_panel else "search.html", context)
    patch_vary_headers(answer, ["HX-Request", "HX-Target"])
    return answer
