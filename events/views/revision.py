"""The history of a dossier: its revisions, what one of them did, undoing it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from events import history
from events.forms.lookup import day_of
from events.forms.revision import HistoryForm
from events.models import Dossier, Membership, Revision
from events.naming import tracked
from events.roles import Access, RoleNeeded, requires
from events.views import retelling
from events.views.lifecycle import counted

if TYPE_CHECKING:
    import datetime as dt

    from events.roles import Viewer
    from events.views.retelling import Glance

OWNED = tuple(model._meta.db_table for model in (Dossier, Membership))
"""Tables that only an owner changes: who may see the dossier, and who may do what in it."""

NAMED = 12
"""Records that a question names one by one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A revision in the list; `day` where a new day begins."""

    revision: Revision
    glance: Glance
    day: dt.date | None


class Chronicle(View):
    """What the list and the page of one revision share: the list stands beside the revision."""

    def page(self, number: int | None = None, status: int = 200, **more: Any) -> HttpResponse:
        """The list with revision `number` (None: the newest it shows) beside it."""
        request, dossier = self.request, self.request.dossier
        if not request.viewer.is_member:
            raise Http404("Only members see the history.")
        form = HistoryForm(request.GET, dossier=dossier)
        shown = None
        if number is not None:
            rows = Revision.objects.select_related("author")
            shown = get_object_or_404(rows, dossier_id=dossier.pk, number=number)
        leaf = form.leaf(number)
        shown = shown or next(iter(leaf.rows), None)
        seen = retelling.glances([*leaf.rows, *([shown] if shown else [])])
        context = {
            "dossier": dossier,
            "dossiers": Dossier.objects.visible_to(request.user),
            "viewer": request.viewer,
            "screen": "none",
            "form": form,
            "leaf": leaf,
            "entries": self.entries(leaf.rows, seen),
            "is_chosen": number is not None,
            "shown": shown,
            "own_last": self.own_last(),
        }
        if shown is not None:
            start = form.chosen("start")
            found, after = retelling.deeds(dossier, shown, form.changes(), start)
            context |= {"glance": seen[shown.pk], "deeds": found, "after": after}
            context |= {"start": start, "may_undo": may_undo(request.viewer, shown)}
        return render(request, "events/revision_list.html", context | more, status=status)

    def entries(self, rows: list[Revision], seen: dict[int, Glance]) -> list[Entry]:
        """The revisions with a glance at each, cut into days of the dossier's zone."""
        entries, before = [], None
        for revision in rows:
            seconds = int(revision.sealed_at.timestamp())
            day = day_of(seconds, self.request.dossier.time_zone)
            entries.append(Entry(revision, seen[revision.pk], day if day != before else None))
            before = day
        return entries

    def own_last(self) -> int | None:
        """Number of the newest revision of who looks, where they may undo it."""
        viewer = self.request.viewer
        if not viewer.may_edit:
            return None
        own = Revision.objects.filter(dossier_id=viewer.dossier.pk, author_id=viewer.user.pk)
        found = own.filter(number__isnull=False).order_by("-number").first()
        return found.number if found and may_undo(viewer, found) else None


@requires(Access.READ)
class RevisionList(Chronicle):
    """The revisions of a dossier, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()


@requires(Access.READ)
class RevisionDetail(Chronicle):
    """What one revision did, beside the others."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self.page(number)


@requires(Access.EDIT)
class Recovery(View):
    """Bring back a record that a revision deleted, with what went with it; POST only."""

    def post(self, request: HttpRequest, number: int, ref: str) -> HttpResponse:
        dossier = request.dossier
        revision = get_object_or_404(Revision, dossier_id=dossier.pk, number=number)
        gone = revision.changes.filter(after__isnull=True)
        change = get_object_or_404(gone.select_related("revision"), ref=ref)
        refuse_undo(request.viewer, revision)
        try:
            with history.recording(by=request.user, note=f"Brought {ref} back"):
                back = history.bring_back(change)
        except LookupError as problem:
            return self._refused(str(problem))
        except IntegrityError:
            return self._refused(f"{ref} belongs to records that are gone too. Bring those back.")
        along = f", with {len(back) - 1} more" if len(back) > 1 else ""
        messages.success(request, f"{ref} is back{along}")
        return redirect("events:history", dossier.slug)

    def _refused(self, problem: str) -> HttpResponse:
        context = {"dossier": self.request.dossier, "problem": problem}
        return render(self.request, "409.html", context, status=409)


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
    if not viewer.may_own and is_owned(revision):
        raise RoleNeeded(Access.OWN)


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
    blocked = revision.changed_again()
    effect = f"{'; '.join(told)}{refs}. Nothing is erased: the history keeps both."
    return Undoing(revision.number, effect, tuple(blocked[:NAMED]), max(len(blocked) - NAMED, 0))
