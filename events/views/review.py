"""The review queue: what waits, and publishing several records in one go."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from events import history, review
from events.forms.review import ChosenForm, DecisionForm, QueueForm, written
from events.gate import requires
from events.models import Dossier
from events.models.base import ReviewRefused
from events.roles import Access
from events.views.addresses import drawer_of


class QueueView(View):
    """What the page of the queue and the decisions on it share."""

    def shown(self, problem: str = "", kept: tuple[str, ...] = (), status: int = 200) -> Any:
        """The queue; `problem` says why nothing was done with the records `kept`."""
        request = self.request
        form = QueueForm(request.GET)
        page = review.queue(request.viewer, by_kind=form.by_kind, **form.start())
        here = {"order": "kind"} if form.by_kind else {}
        context = {
            "dossier": request.dossier,
            "dossiers": Dossier.objects.visible_to(request.user),
            "viewer": request.viewer,
            "screen": "review",
            "queue": page,
            "by_kind": form.by_kind,
            "after_url": self._turn(here, after=written(page.after)),
            "before_url": self._turn(here, before=written(page.before)),
            "selected": form.asked("selected"),
            "selected_drawer": drawer_of(request, form.asked("selected")),
            "problem": problem,
            "kept": kept,
        }
        return render(request, "review.html", context, status=status)

    @staticmethod
    def _turn(here: dict[str, str], **mark: str) -> str:
        return f"?{urlencode(here | mark)}" if all(mark.values()) else ""


@requires(Access.EDIT)
class ReviewQueue(QueueView):
    """All drafts and reviewed records; reviewers and owners decide, analysts read."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown()


@requires(Access.REVIEW)
class Decision(QueueView):
    """One decision on all records that were chosen: all of them or none, as one revision."""

    verb = "publish"
    said = "published"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ChosenForm(request)
        try:
            chosen = form.chosen()
            with history.recording(by=request.user):
                records = review.move(request.dossier, self.verb, chosen, by=request.user)
        except (ReviewRefused, ValidationError) as problem:
            words = problem.messages[0] if isinstance(problem, ValidationError) else str(problem)
            kept = tuple(value.partition(":")[0] for value in form.sent)
            return self.shown(f"{words} Nothing was {self.said}.", kept, status=409)
        number = history.changes_of(records[0]).values_list("revision__number", flat=True).first()
        undo = reverse("events:undo", args=[request.dossier.slug, number]) if number else ""
        said = f"{len(records)} records {self.said}"
        if len(records) == 1:
            said = f"{records[0].ref} {self.said}"
        messages.success(request, said, extra_tags=f"undo={undo}" if undo else "")
        queue = reverse("events:review", args=[request.dossier.slug])
        return redirect(DecisionForm(request).to or queue)
