"""The history of a record: its versions, restoring one, undoing a change."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from events import history
from events.forms.revision import VersionsForm
from events.forms.versions import version_sent
from events.gate import requires
from events.models import LastOwner, Passage, Revision, SourceText, keeping_owners
from events.roles import Access
from events.telling import versions
from events.telling.restoring import towards
from events.telling.undoing import is_owned, refuse_undo, undoing
from events.views.records import RecordView, Written
from events.views.revision import Chronicle

if TYPE_CHECKING:
    from events.models import Record

TEXTS = SourceText._meta.db_table
PASSAGES = Passage._meta.db_table
OF_A_TEXT = ("source-text-detail", "source-text-changes")
"""Pages of one version of a source's text."""


@requires(Access.READ)
class RecordHistory(RecordView):
    """The versions of a record, and what one of them changed. Deleted records have it too."""

    def get(self, request: HttpRequest, ref: str, version: int | None = None) -> HttpResponse:
        if not request.viewer.is_member:
            raise Http404("Only members see the history.")
        form = VersionsForm(request.GET)
        shown = versions.of(self.model, request.dossier, ref, self.form_class, version, form)
        if shown is None:
            raise Http404(ref if version is None else f"There is no version {version} of {ref}.")
        context = self.context(history=shown, record=shown.record, ref=ref, form=form)
        context["is_chosen"] = bool(version or form.token("at") or form.token("compared"))
        deleted = shown.newest if shown.is_gone else None
        if deleted is not None and context["may_edit"]:
            its_own = deleted.author_id == request.user.pk
            context["may_bring_back"] = its_own or request.viewer.may_review
        return self.page("history", context)


@requires(Access.EDIT)
class Restoration(Written):
    """A new version equal to an earlier one: GET asks, POST does it."""

    def get(self, request: HttpRequest, ref: str, version: int) -> HttpResponse:
        return self.asked(self.record(ref), version)

    def asked(self, record: Record, version: int, status: int = 200) -> HttpResponse:
        """The page that names the effect on the newest version."""
        request, ref = self.request, record.ref
        shown = versions.of(self.model, request.dossier, ref, self.form_class, version)
        if shown is None:
            raise Http404(f"{ref} has no version {version}.")
        back = towards(record, version, self.form_class)
        context = self.context(history=shown, record=record, ref=ref, restoring=back)
        return self.page("history", context, status=status)

    def post(self, request: HttpRequest, ref: str, version: int) -> HttpResponse:
        record = self.record(ref)
        note = f"Restored version {version}"
        try:
            with history.recording(by=request.user, note=note):
                record.expect(version_sent(request.POST.get("version")))
                history.restore(record, version)
        except history.StaleEdit as stale:
            newest = f"Version {stale.latest.version} of {ref} is the newest by now"
            messages.error(request, f"{newest}. Nothing was restored: look what would change.")
            return self.asked(self.record(ref), version, status=409)
        except LookupError as problem:
            raise Http404(str(problem)) from None
        except IntegrityError:
            messages.error(request, f"Version {version} names records that are gone.")
            return redirect(self.url("history", record))
        record.refresh_from_db()
        said = f"{record.ref} is as it was in version {version}"
        return self.answer(record, said, undo=self.undo_url(record))


@requires(Access.EDIT)
class Undo(Chronicle):
    """Undo a whole revision by writing the state before it anew: GET asks, POST does it."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        if number:
            return self.page(number, undoing=undoing(self.revision(number)))
        # Revisions are numbered from 1: 0 asks for the last one of who asks.
        if last := self.own_last():
            return redirect("events:undo", request.dossier.slug, last)
        messages.error(request, "There is no change of yours here that you may undo.")
        return redirect("events:history", request.dossier.slug)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        dossier, revision = request.dossier, self.revision(number)
        owned = is_owned(revision)
        try:
            note = f"Undid revision {number}"
            with keeping_owners(), history.recording(by=request.user, note=note):
                if owned:
                    dossier.lock_members()
                history.undo(revision)
                if owned:
                    dossier.keep_an_owner()
        except (history.CannotUndo, LastOwner) as problem:
            return render(request, "409.html", {"dossier": dossier, "problem": problem}, status=409)
        except IntegrityError:
            problem = "Other records have come to depend on what was done."
            return render(request, "409.html", {"dossier": dossier, "problem": problem}, status=409)
        messages.success(request, "Undone. The history keeps both.")
        return redirect(self.back(revision))

    def revision(self, number: int) -> Revision:
        """The revision of that number, where this person may undo it."""
        rows = Revision.objects.filter(dossier_id=self.request.dossier.pk)
        revision = get_object_or_404(rows, number=number)
        refuse_undo(self.request.viewer, revision)
        return revision

    def back(self, revision: Revision) -> str:
        """The page one came from, or the dossier when that page is gone by the undo."""
        request, home = self.request, self.request.dossier.get_absolute_url()
        came_from = request.headers.get("Referer", "")
        if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
            return home
        parts = urlsplit(came_from)
        path = urlunsplit(("", "", parts.path, parts.query, ""))
        try:
            found = resolve(parts.path)
        except Resolver404:
            return home
        if found.url_name == "undo":
            # The page that asked: nothing is left to be asked.
            return reverse("events:history", args=[request.dossier.slug])
        made = set(revision.changes.filter(operation="insert").values_list("table", "ref"))
        if found.url_name in OF_A_TEXT and any(table == TEXTS for table, _ in made):
            # A version of a text is gone, its source is not.
            at = [request.dossier.slug, found.kwargs["ref"]]
            return reverse("events:source-detail", args=at)
        if found.url_name == "passage-queue" and (ref := self.passage_of(revision)):
            return f"{parts.path}?selected={ref}"
        return home if found.kwargs.get("ref") in {ref for _, ref in made} else path

    def passage_of(self, revision: Revision) -> str:
        """The ref of the one passage that was decided about, and now waits again; else ""."""
        refs = revision.changes.filter(table=PASSAGES, operation="update").values_list("ref")
        found = {str(ref) for (ref,) in refs[:2]}
        return found.pop() if len(found) == 1 else ""
