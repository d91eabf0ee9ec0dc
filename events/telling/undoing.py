"""Undoing a revision: who may, and what it would do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from events import history
from events.deletion import counted
from events.models import Dossier, Membership
from events.naming import tracked
from events.roles import Access, RoleNeeded

if TYPE_CHECKING:
    from events.models import Revision
    from events.roles import Viewer

OWNED = tuple(model._meta.db_table for model in (Dossier, Membership))
"""Tables that only an owner changes: who may see the dossier, and who may do what in it."""

NAMED = 12
"""Records that a question names one by one."""


def is_owned(revision: Revision) -> bool:
    """Whether undoing it would change what only an owner does: members or settings."""
    return bool(revision.changes.filter(table__in=OWNED).exists())


def refuse_undo(viewer: Viewer, revision: Revision) -> None:
    """Raise PermissionDenied unless `viewer` may undo it: their own with EDIT, anyone's with
    REVIEW, and what touches members or settings only as an owner."""
    if not viewer.may_edit:
        raise RoleNeeded(Access.EDIT)
    if revision.author_id != viewer.user.pk and not viewer.may_review:
        raise PermissionDenied("Only who made a change, or a reviewer or owner, can undo it.")
    if viewer.may_own:
        return
    fell = Q(after__isnull=True) | Q(after__state__in=("reviewed", "draft"))
    fell &= Q(before__state__in=("published", "reviewed"))
    touching = revision.changes.filter(Q(table__in=OWNED) | fell)
    tables = set(touching.order_by("table").values_list("table", flat=True).distinct())
    if tables & set(OWNED):
        raise RoleNeeded(Access.OWN)
    if tables and (lowered := history.lowered_by(revision)):
        # Undoing a decision publishes: for that it takes who may publish.
        if not viewer.may_review:
            raise RoleNeeded(Access.REVIEW)
        if own := sorted(ref for ref, writer in lowered.items() if writer == viewer.user.pk):
            raise PermissionDenied(
                f"You wrote the present version of {', '.join(own)}. Someone else has to put it"
                " back to what it was, or an owner of the dossier."
            )


def may_undo(viewer: Viewer, revision: Revision) -> bool:
    """Whether `viewer` may undo it."""
    try:
        refuse_undo(viewer, revision)
    except PermissionDenied:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing a revision would do, or why it cannot be done."""

    number: int
    effect: str
    in_the_way: tuple[str, ...]
    more: int

    @property
    def question(self) -> str:
        """What is asked."""
        return f"Undo revision {self.number}?"

    @property
    def why_not(self) -> str:
        """What stands in the way, by ref."""
        rest = f" and {self.more} more" if self.more else ""
        refs = f"{', '.join(self.in_the_way)}{rest}"
        return f"Changed again since: {refs}. Undo the later changes first, or restore a version."


def undoing(revision: Revision) -> Undoing:
    """Look ahead: the records of `revision` and what undoing would do to them, in words."""
    rows = revision.changes.order_by("id").values_list("table", "operation", "ref")
    tallies = Counter((table, operation) for table, operation, _ in rows)
    named = list(dict.fromkeys(ref for _, _, ref in rows[:NAMED] if ref))
    will = {"insert": "go", "update": "be as before"}
    parts: dict[str, list[str]] = {"go": [], "be as before": [], "come back": []}
    for (table, operation), count in tallies.items():
        parts[will.get(operation, "come back")].append(counted(count, tracked()[table]))
    told = [f"{', '.join(some)} will {what}" for what, some in parts.items() if some]
    rest = sum(tallies.values()) - len(named)
    refs = f" ({', '.join(named)}{f' and {rest:,} more' if rest > 0 else ''})" if named else ""
    blocked = history.changed_again(revision)
    effect = f"{'; '.join(told)}{refs}. Nothing is erased: the history keeps both."
    return Undoing(revision.number, effect, tuple(blocked[:NAMED]), max(len(blocked) - NAMED, 0))
