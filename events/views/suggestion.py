"""Deciding about a suggestion: taken as it is, or rejected. Each decision is made once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from events import history, prefilling, suggestions
from events.forms.marking import DECIDED, FORMS
from events.gate import requires
from events.models import Suggestion
from events.roles import Access
from events.views.marking import Marking

if TYPE_CHECKING:
    from events.models import Source

GONE = "This suggestion is not made any more: the text or the actors changed. Nothing was written."


class Deciding(Marking):
    """What both decisions share."""

    def found(self, source: Source, fingerprint: str) -> tuple[Any, Any]:
        """The suggestions of the newest text, and the one asked for, None where it is gone."""
        text = source.current_text
        if text is None:
            raise Http404(f"{source.ref} has no text, so nothing is suggested.")
        suggested = self.suggested(source, text)
        return suggested, suggested.draft(fingerprint) or suggested.name(fingerprint)

    def decided(self, source: Source, fingerprint: str) -> Suggestion | None:
        """What somebody decided about it before."""
        return Suggestion.objects.filter(source=source, fingerprint=fingerprint).first()

    def too_late(self, source: Source, known: Suggestion | None, wanted: str) -> HttpResponse:
        """Tell what was decided before. To say the same twice, as by a double click, is fine.

        `known` is None where that decision was undone, or its source deleted, meanwhile.
        """
        if known is None:
            return self.gone(self.record(source.ref))
        if known.decision != wanted:
            messages.error(self.request, f"{DECIDED} It is {known.decision}.")
        return self.shown(source, status=200 if known.decision == wanted else 409)

    def gone(self, source: Source) -> HttpResponse:
        """Show the reader as it now stands, and tell that what was decided about is not there."""
        messages.error(self.request, GONE)
        return self.shown(source, status=409)


@requires(Access.EDIT)
class Acceptance(Deciding):
    """Make the record that is suggested, a draft with its evidence."""

    def post(self, request: HttpRequest, ref: str, fingerprint: str) -> HttpResponse:
        source = self.record(ref)
        suggested, draft = self.found(source, fingerprint)
        if known := self.decided(source, fingerprint):
            return self.too_late(source, known, "accepted")
        if draft is None or isinstance(draft, suggestions.Named):
            return self.gone(source)
        page = reverse("events:source-mark", args=[request.dossier.slug, ref, draft.noun])
        edit = f"{page}?suggestion={fingerprint}"
        if draft.lacks:
            return redirect(edit)
        filled = prefilling.from_draft(suggested, draft)
        of = {"source": source, "text": suggested.text}
        empty = FORMS[draft.noun](**of, initial=filled.own, words=filled.words)
        form = FORMS[draft.noun](empty.as_sent("Suggestion accepted"), **of, draft=draft)
        if form.write(request.user):
            said = f"Accepted as {form.record.ref}: {draft.title}"
            return self.saved(source, form, said)
        if form.is_decided:
            return self.too_late(source, self.decided(source, fingerprint), "accepted")
        # What cannot be taken as it is, is for a person to look at.
        return redirect(edit)


@requires(Access.EDIT)
class Rejection(Deciding):
    """Say that a suggestion is none; it is not made again."""

    def post(self, request: HttpRequest, ref: str, fingerprint: str) -> HttpResponse:
        source = self.record(ref)
        _, one = self.found(source, fingerprint)
        if known := self.decided(source, fingerprint):
            return self.too_late(source, known, "rejected")
        if one is None:
            return self.gone(source)
        try:
            with history.recording(by=request.user, note="Suggestion rejected"):
                made = suggestions.decide(source, one, Suggestion.Decision.REJECTED)
        except IntegrityError:
            return self.too_late(source, self.decided(source, fingerprint), "rejected")
        title = one.name if isinstance(one, suggestions.Named) else one.title
        messages.success(request, f"Rejected: {title}", extra_tags=f"undo={self.undo_url(made)}")
        return self.shown(source)
