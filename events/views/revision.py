"""The history of a dossier: its revisions, what one of them did, bringing back what it deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from events import history
from events.forms.lookup import day_of
from events.forms.revision import HistoryForm
from events.gate import requires
from events.models import Dossier, Revision
from events.roles import Access
from events.telling import revisions
from events.telling.undoing import may_undo, refuse_undo

if TYPE_CHECKING:
    import datetime as dt

    from events.telling.revisions import Glance


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
        seen = revisions.glances([*leaf.rows, *([shown] if shown else [])])
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
        }
        if shown is not None:
            start = form.chosen("start")
            found, after = revisions.deeds(dossier, shown, form.changes(), start)
            context |= {"glance": seen[shown.pk], "deeds": found, "after": after}
            context |= {"start": start, "may_undo": may_undo(request.viewer, shown)}
        context["own_last"] = self.own_last(shown, context.get("may_undo", False))
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

    def own_last(self, shown: Revision | None = None, may: bool = False) -> int | None:
        """Number of the newest revision of who looks, where they may undo it; `may` answers that
        for the one `shown`."""
        viewer = self.request.viewer
        if not viewer.may_edit:
            return None
        own = Revision.objects.filter(dossier_id=viewer.dossier.pk, author_id=viewer.user.pk)
        found = own.filter(number__isnull=False).order_by("-number").first()
        if found is not None and found == shown:
            return found.number if may else None
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
