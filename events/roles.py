"""Who may do what in a dossier: what can be allowed, and what the role of a viewer allows."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet, Subquery

from events import history
from events.compiled import compiled
from events.models import Dossier, Event, Membership, Note, Revision

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from events.as_of import AsOf
    from events.models.note import NoteQuerySet


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
        name, key = user.get_username(), user.pk
        if getattr(user, "is_superuser", False):
            number = history.sealed_number(dossier.pk)
            called = _calling(dossier.pk, name).count()
            return cls(user, dossier, Membership.Role.OWNER.value, number=number, mentions=called)
        if not user.is_authenticated:
            return cls(user, dossier, "")
        role, last, called = next(iter(_membership(dossier.pk, key, name)), ("", 0, 0))
        return cls(user, dossier, role, number=last or 0, mentions=called or 0)

    @classmethod
    def standing_in(cls, dossier: int, *, is_member: bool) -> Viewer:
        """Somebody who may see as much, for a query whose text is kept (compiled.py)."""
        role = Membership.Role.READER.value if is_member else ""
        return cls(AnonymousUser(), Dossier(pk=dossier), role)

    @property
    def is_member(self) -> bool:
        """Whether drafts and notes may be seen."""
        return self.role != ""

    @property
    def visible_states(self) -> list[str] | None:
        """The states of events they may see, None for any."""
        return None if self.is_member else [Event.State.PUBLISHED.value]

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


def _calling(dossier: int, name: str) -> NoteQuerySet:
    """The open notes that call the user of this name."""
    return Note.objects.filter(dossier=dossier).still_open().mentioning(name)


@compiled
def _membership(dossier: int, user: int, name: str) -> QuerySet[Any, Any]:
    """The role of a member, the newest revision of the dossier, how many open notes call them."""
    newest = Revision.objects.filter(dossier_id=dossier, number__isnull=False)
    mentions = _calling(dossier, name).order_by().values("dossier").annotate(n=Count("pk"))
    return Membership.objects.filter(dossier=dossier, user_id=user).values_list(
        "role",
        Subquery(newest.order_by("-number").values("number")[:1]),
        Subquery(mentions.values("n")),
    )


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
