"""The gate of every view: each is declared with `@requires(...)` or `@open_to(...)`.

A view under /d/<slug>/ gets `request.dossier` and `request.viewer`. A private dossier answers 404
to all but its members, so that nothing tells it exists.
"""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View

from events.as_of import carry
from events.forms.as_of import AsOfForm
from events.models import Dossier
from events.roles import Access, PastIsRead, RoleNeeded, Viewer

if TYPE_CHECKING:
    from collections.abc import Callable

    from events.as_of import AsOf

SAFE = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing."""


def _declared(view: Any, access: Access, gate: Callable[[Any], Any]) -> Any:
    """Put `gate` around a view function or a view class and note what it asks for."""
    if isinstance(view, type) and issubclass(view, View):
        view = method_decorator(gate, name="dispatch")(view)
        view.access = access  # type: ignore[attr-defined]
        view.dispatch.access = access  # type: ignore[attr-defined]
        return view
    gated = gate(view)
    gated.access = access
    return gated


def _as_it_was(
    view: Any, request: HttpRequest, viewer: Viewer, as_of: AsOf, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """The answer of `view` with every query reading the past, and every link leading on in it."""
    present = viewer.dossier
    with as_of.entered(present, public=not viewer.is_member):
        dossier = Dossier.objects.get(pk=present.pk)
        request.dossier = dossier  # type: ignore[attr-defined]
        request.viewer = replace(viewer, dossier=dossier, as_of=as_of)  # type: ignore[attr-defined]
        request.as_of_form.viewer = request.viewer  # type: ignore[attr-defined]
        try:
            answer = view(request, *args, **kwargs)
            if hasattr(answer, "render"):
                answer.render()
        except ObjectDoesNotExist as problem:
            # What is told of now, such as a history, may name what was not there yet.
            raise Http404("This was not there yet.") from problem
    carry(answer, as_of, present.get_absolute_url())
    return answer


def requires(access: Access) -> Callable[[Any], Any]:
    """Let in those who may `access` (READ, EDIT, REVIEW, OWN) the dossier named by `slug`."""

    def gate(view: Any) -> Any:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, slug: str, **kwargs: Any) -> HttpResponseBase:
            dossier = Dossier.objects.filter(slug=slug).first()
            viewer = Viewer.of(request.user, dossier) if dossier else None
            if viewer is None or not viewer.may(Access.READ):
                raise Http404("There is no such page.")
            # Set before the refusal: its page leads back to the dossier.
            request.dossier = dossier  # type: ignore[attr-defined]
            request.viewer = viewer  # type: ignore[attr-defined]
            if not viewer.may(access):
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                raise RoleNeeded(access)
            form = AsOfForm(request.GET, viewer)
            if form.is_asked:
                request.present_url = form.present_url  # type: ignore[attr-defined]
            if access == Access.READ and request.method in SAFE:
                request.as_of_form = form  # type: ignore[attr-defined]
                if form.is_asked and form.is_valid() and form.found is not None:
                    return _as_it_was(view, request, viewer, form.found, *args, **kwargs)
            elif form.is_asked:
                raise PastIsRead
            return view(request, *args, **kwargs)

        return checked

    return lambda view: _declared(view, access, gate)


def open_to(access: Access) -> Callable[[Any], Any]:
    """Declare a view outside any dossier: PUBLIC, SIGNED_IN or STAFF."""

    def gate(view: Any) -> Any:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if access != Access.PUBLIC and not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if access == Access.STAFF and not request.user.is_staff:
                raise PermissionDenied("Only staff can do this.")
            return view(request, *args, **kwargs)

        return checked

    return lambda view: _declared(view, access, gate)
