"""What happens to a record as a whole: deleted, reviewed, published, withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from events import history, review
from events.deletion import effects_of
from events.forms.review import DecisionForm
from events.forms.versions import version_sent
from events.gate import requires
from events.models import Record
from events.models.base import ReviewRefused
from events.roles import Access
from events.views.addresses import drawer_of, page_of
from events.views.records import Written, announce

STAYS = "Its history stays, and you can undo this."


@requires(Access.EDIT)
class RecordDelete(Written):
    """Delete a record; its history stays and brings it back."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        return self.asked(self.record(ref))

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        record = self.record(ref)
        to, pk = self.after(record), record.pk
        try:
            drafts = effects_of(record).drafts
            with history.recording(by=request.user, note=request.POST.get("reason", "")[:300]):
                record.expect(version_sent(request.POST.get("version")))
                record.delete()
        except history.StaleEdit as stale:
            newest = f"Version {stale.latest.version} of {ref} is the newest by now"
            messages.error(request, f"{newest}. Nothing was deleted: look what it says.")
            return self.asked(self.record(ref), status=409)
        except (ProtectedError, RestrictedError, IntegrityError):
            record.pk = pk
            return self.asked(record, status=409)
        record.pk = pk
        said = f"{record.ref} deleted"
        if drafts:
            said += f". {drafts} record{' is a draft' if drafts == 1 else 's are drafts'} again"
        return self.answer(record, said, undo=self.undo_url(record), to=to)

    def asked(self, record: Record, status: int = 200) -> HttpResponse:
        """The page that names the effect, or the records that stand in the way."""
        context = self.context(record=record, cancel=page_of(record))
        try:
            effects = effects_of(record)
        except (ProtectedError, RestrictedError) as problem:
            held = getattr(problem, "protected_objects", None) or problem.restricted_objects
            context["named"] = sorted(held, key=str)
            return self.page("delete", context, status=status)
        gone = f"With it go: {effects.counted}. " if effects.counted else ""
        context |= {"question": f"Delete {record.ref}?", "effect": f"{gone}{STAYS}"}
        return self.page("delete", context | {"effects": effects}, status=status)

    def after(self, record: Record) -> str:
        """Where to go when the page of the record is gone."""
        own = hasattr(record, "get_absolute_url")
        return record.dossier.get_absolute_url() if own else page_of(record)


@requires(Access.REVIEW)
class StateChange(Written):
    """A review state as a resource: POST gives it to the record, DELETE takes it back."""

    verb = "publish"
    said = "published"

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        return self.change(ref, self.verb, self.said)

    def delete(self, request: HttpRequest, ref: str) -> HttpResponse:
        return self.change(ref, "withdraw", "withdrawn to draft")

    def change(self, ref: str, verb: str, said: str) -> HttpResponse:
        """Let the record do what `verb` names, and show it; 409 when it may not."""
        request, record, sent = self.request, self.record(ref), DecisionForm(self.request)
        try:
            with history.recording(by=request.user):
                getattr(record, verb)(by=request.user, base_version=sent.base_version)
        except ReviewRefused as problem:
            return self.refused(record, str(problem))
        undo, said = self.undo_url(record), f"{record.ref} {said}"
        if self.in_queue(record):
            messages.success(request, said, extra_tags=f"undo={undo}")
            return announce(self.row(record), record)
        return self.answer(record, said, undo=undo, to=sent.to)

    def refused(self, record: Record, problem: str) -> HttpResponse:
        """Show the record as it stands, and why it stays so."""
        if self.in_queue(record):
            messages.error(self.request, problem)
            return self.row(self.record(record.ref), status=409)
        if self.in_drawer() and self.detail_class:
            messages.error(self.request, problem)
            return HttpResponse(drawer_of(self.request, record.ref), status=409)
        context = {"dossier": self.request.dossier, "problem": problem, "record": record}
        return render(self.request, "409.html", context, status=409)

    def in_queue(self, record: Record) -> bool:
        """Whether the answer takes the place of the record's row in the review queue."""
        return self.goes_into(f"li#row-{record.ref}")

    def row(self, record: Record, status: int = 200) -> HttpResponse:
        """The record's row in the review queue, with the message."""
        viewer = self.request.viewer
        (row,) = review.about([record], viewer)
        context = {"row": row, "viewer": viewer, "dossier": viewer.dossier}
        return render(self.request, "review.html#answer", context, status=status)
