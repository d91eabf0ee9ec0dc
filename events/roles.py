"""Who may use a view: every view is declared with `@requires(...)` or `@open_to(...)`.

A view under /d/<slug>/ gets `request.dossier` and `request.viewer`. A private dossier answers 404
to all but its members, so that nothing tells it exists.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import Count, Subquery
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View

from events import history
from events.as_of import carry
from events.forms.as_of import AsOfForm
from events.models import Dossier, Membership, Note, Revision

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    from events.as_of import AsOf


SAFE = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing."""


class Access(StrEnum):
    """What a view lets one do; the test over the URL map reads it as `view.access`."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    STAFF = "staff"
    READ = "read"
    EDIT = "edit"
    REVIEW = "review"
    OWN = "own"


_ALLOWS: dict[Access, tuple[str, ...]] = {
    Access.READ: ("reader", "analyst", "reviewer", "owner"),
    Access.EDIT: ("analyst", "reviewer", "owner"),
    Access.REVIEW: ("reviewer", "owner"),
    Access.OWN: ("owner",),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person looking at a dossier, and the role they have in it ("" for none).

    `as_of` is the instant they look back to, None for the present: the past is only read.
    """

    user: AbstractBaseUser | AnonymousUser
    dossier: Dossier
    role: str
    as_of: AsOf | None = None
    number: int = 0
    """Of a member: the newest revision before anything of the page was read."""
    mentions: int = 0
    """Of a member: how many open notes call them."""

    @classmethod
    def of(cls, user: AbstractBaseUser | AnonymousUser, dossier: Dossier) -> Viewer:
        """Look up the role; a superuser counts as owner."""
        calling = Note.objects.within(dossier).still_open().mentioning(user.get_username())
        if getattr(user, "is_superuser", False):
            number, called = history.sealed_number(dossier.pk), calling.count()
            return cls(user, dossier, Membership.Role.OWNER.value, number=number, mentions=called)
        if not user.is_authenticated:
            return cls(user, dossier, "")
        newest = Revision.objects.filter(dossier_id=dossier.pk, number__isnull=False)
        mentions = calling.order_by().values("dossier").annotate(n=Count("pk")).values("n")
        found = Membership.objects.filter(dossier=dossier, user_id=user.pk).values_list(
            "role",
            Subquery(newest.order_by("-number").values("number")[:1]),
            Subquery(mentions),
        )
        role, last, called = found.first() or ("", 0, 0)
        return cls(user, dossier, role, number=last or 0, mentions=called or 0)

    @property
    def is_member(self) -> bool:
        """Whether drafts and notes may be seen."""
        return self.role != ""

    def may(self, access: Access | str) -> bool:
        """Whether this viewer may do what `access` names, such as "edit"."""
        access = Access(access)
        if access == Access.READ and self.dossier.is_public:
            return True
        if access != Access.READ and self.as_of is not None:
            return False
        return self.role in _ALLOWS[access]

    @property
    def now(self) -> int:
        """The instant that "now" is on the page, in seconds since 1970."""
        return int(time.time()) if self.as_of is None else self.as_of.instant

    @property
    def may_edit(self) -> bool:
        """May create and change records."""
        return self.may(Access.EDIT)

    @property
    def may_review(self) -> bool:
        """May review, publish and withdraw records."""
        return self.may(Access.REVIEW)

    @property
    def may_own(self) -> bool:
        """May manage members and the dossier itself."""
        return self.may(Access.OWN)


class RoleNeeded(PermissionDenied):
    """A member's role does not allow this; the 403 page says which roles do."""

    def __init__(self, access: Access) -> None:
        self.roles = _ALLOWS[access]
        *some, last = [f"{role}s" for role in self.roles]
        who = f"{', '.join(some)} and {last}" if some else last
        does = {Access.OWN: "manage members and settings"}.get(access, access.value)
        super().__init__(f"Only {who} can {does} here.")


class PastIsRead(PermissionDenied):
    """Something was to be changed in a dossier as it was."""

    def __init__(self) -> None:
        super().__init__("This is the dossier as it was. It can be read, not changed.")


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
