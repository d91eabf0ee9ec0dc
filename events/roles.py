"""Who may use a view: every view is declared with `@requires(...)` or `@open_to(...)`.

A view under /d/<slug>/ gets `request.dossier` and `request.viewer`. A private dossier answers 404
to all but its members, so that nothing tells it exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Subquery
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View

from events import history
from events.models import Dossier, Membership, Revision

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


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
    """A person looking at a dossier, and the role they have in it ("" for none)."""

    user: AbstractBaseUser | AnonymousUser
    dossier: Dossier
    role: str
    number: int = 0
    """Of a member: the newest revision before anything of the page was read."""

    @classmethod
    def of(cls, user: AbstractBaseUser | AnonymousUser, dossier: Dossier) -> Viewer:
        """Look up the role; a superuser counts as owner."""
        if getattr(user, "is_superuser", False):
            number = history.sealed_number(dossier.pk)
            return cls(user, dossier, Membership.Role.OWNER.value, number=number)
        if not user.is_authenticated:
            return cls(user, dossier, "")
        newest = Revision.objects.filter(dossier_id=dossier.pk, number__isnull=False)
        found = Membership.objects.filter(dossier=dossier, user_id=user.pk).values_list(
            "role", Subquery(newest.order_by("-number").values("number")[:1])
        )
        role, last = found.first() or ("", 0)
        return cls(user, dossier, role, number=last or 0)

    @property
    def is_member(self) -> bool:
        """Whether drafts and notes may be seen."""
        return self.role != ""

    def may(self, access: Access | str) -> bool:
        """Whether this viewer may do what `access` names, such as "edit"."""
        access = Access(access)
        if access == Access.READ and self.dossier.is_public:
            return True
        return self.role in _ALLOWS[access]

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
