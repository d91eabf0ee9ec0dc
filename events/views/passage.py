"""Passages that moved or were lost when a new version of their text came: the queue, and one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from events import history, whereabouts
from events.forms.paging import ListForm, beyond
from events.forms.passage import DecidedForm, PlaceForm
from events.forms.review import DecisionForm
from events.gate import requires
from events.models import Passage, Record
from events.roles import Access
from events.views.editing import RecordEdit
from events.views.records import RecordDetail, RecordView, Written

ORDER = ("source_text_id", "start", "id")


class PassageView(RecordView):
    """What the queue, the page of a passage and the decisions share; only members see them."""

    related = ("source_text__source",)

    def rows(self) -> Any:
        # A passage on a page of its own is shown with what stands around it.
        return super().rows() if self.request.viewer.is_member else Passage.objects.none()

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(screen="sources", **more)

    def waiting(self) -> Any:
        """Those that wait for a person, in the order of the queue."""
        return self.rows().filter(state__in=Passage.UNSURE).order_by(*ORDER)

    def queue_url(self, ref: str = "") -> str:
        """The queue, at one of its passages."""
        queue = reverse("events:passage-queue", args=[self.request.dossier.slug])
        return f"{queue}?selected={ref}" if ref else queue


@requires(Access.READ)
class PassageQueue(PassageView):
    """All passages that wait, those of one text together; the first is open beside the list."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.viewer.is_member:
            raise Http404("Only members see what became of passages.")
        form = ListForm(request.GET)
        rows = self.waiting().defer("source_text__text").annotate(evidence_count=Count("evidence"))
        page = form.page_of(rows, ORDER)
        if page.rows and not form.cleaned_data.get("selected"):
            form.cleaned_data["selected"] = page.rows[0].ref
        context = self.list_context(form, page, waiting_count=self.waiting().count())
        return self.page("list", context)


class PassageDetail(PassageView, RecordDetail):
    """One passage: where it stood, where it may stand, and what rests on it."""

    def about(self, record: Any) -> dict[str, Any]:
        context = self.context(record=record, onward=self.onward(record))
        context["question"] = whereabouts.question_of(record)
        context["resting"] = whereabouts.resting_on(record)
        context["last_change"] = history.changes_of(record).first()
        return context

    def onward(self, passage: Passage) -> str:
        """Where to go on from `passage`: the next one that waits, the first after the last."""
        waiting = self.waiting().values_list("ref", flat=True)
        mark = [passage.source_text_id, passage.start, passage.pk]
        ref = waiting.filter(beyond(ORDER, mark, True)).first()
        ref = ref or waiting.exclude(pk=passage.pk).first() or ""
        if self.in_drawer() or not ref:
            return self.queue_url(ref)
        return reverse("events:passage-detail", args=[self.request.dossier.slug, ref])


class PassageDecision(PassageView, Written):
    """A decision about one passage, refused where somebody else decided meanwhile."""

    form: type[DecidedForm] = DecidedForm

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        passage: Any = self.record(ref)
        form = self.form(request.POST, passage)
        if form.problem:
            return self.refused(passage, form.problem, 422)
        try:
            with history.recording(by=request.user):
                passage.expect(form.cleaned_data["version"])
                said = self.decide(passage, form)
        except history.StaleEdit:
            told = f"{ref} was changed meanwhile. Nothing was done: look how it stands now."
            return self.refused(self.record(ref), told, 409)
        undo = self.undo_url(passage)
        messages.success(request, said, extra_tags=f"undo={undo}" if undo else "")
        return redirect(DecisionForm(request).to or self.queue_url())

    def decide(self, passage: Passage, form: Any) -> str:
        """Do it, and say what was done."""
        raise NotImplementedError

    def refused(self, passage: Record, problem: str, status: int) -> HttpResponse:
        """The page of the passage as it stands, with what is wrong."""
        view = PassageDetail(model=self.model, form_class=self.form_class)
        view.setup(self.request)
        return self.page("detail", view.about(passage) | {"problem": problem}, status)


@requires(Access.EDIT)
class PassagePlace(PassageDecision):
    """Where the words stand in the newest text: a place that was offered, or the present one."""

    form = PlaceForm

    def decide(self, passage: Passage, form: Any) -> str:
        sent = form.cleaned_data
        stays = (passage.source_text_id, passage.start) == (form.newest.pk, sent["start"])
        passage.settle(form.newest, sent["start"], sent["end"])
        return f"{passage.ref} {'stays where it is' if stays else 'has a new place'}"


@requires(Access.EDIT)
class PassageLoss(PassageDecision):
    """The source does not say it any more: the passage stays with its old text, settled."""

    def decide(self, passage: Passage, form: Any) -> str:
        passage.give_up()
        return f"{passage.ref}: no longer in the source"


class PassageEdit(RecordEdit):
    """The words of a passage typed or pasted; back to where one came from."""

    def answer(self, record: Record, said: str, undo: str = "", to: str = "") -> HttpResponse:
        return super().answer(record, said, undo, to or self.came_from())
