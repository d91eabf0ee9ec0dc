"""The versions of a source's text: a new one, an older one, what changed from one to the next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.db.models.functions import Length
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from events import diff, history, marks, whereabouts
from events.forms.source_text import ReceivedForm
from events.forms.text_version import StoreForm
from events.gate import requires
from events.models import Passage, Source, SourceText
from events.models.source import NewerText
from events.roles import Access
from events.views.records import RecordView
from events.views.source_text import TextReceived


def texts_of(source: Source) -> list[SourceText]:
    """The versions of a source's text without their words, newest first: each with `counted`
    characters, `standing` (passages that stand in it) and `stored` (the change, with its author);
    two queries."""
    rows = source.texts.defer("text").order_by("-number")
    texts: list[SourceText] = list(rows.annotate(length=Length("text"), standing=Count("passages")))
    stored = whereabouts.stored(texts)
    for text in texts:
        text.source = source
        text.stored = stored.get(text.pk)
        text.counted = f"{text.length:,} character{'' if text.length == 1 else 's'}"
    return texts


class OfSource(RecordView):
    """A page about whole texts of a source, which are for members."""

    def source(self, ref: str) -> Any:
        """The source, 404 for who is no member."""
        if not self.request.viewer.is_member:
            raise Http404("Only members read whole texts.")
        return self.record(ref)

    def version(self, source: Source, number: int) -> SourceText:
        """The version of that number."""
        found = source.texts.filter(number=number).first()
        if found is None:
            raise Http404(f"There is no text {number} of {source.ref}.")
        found.source, found.dossier = source, self.request.dossier
        return found

    def newest(self, source: Source) -> int:
        """The number of the newest version, without its words."""
        return int(source.texts.order_by("-number").values_list("number", flat=True)[0])

    def at(self, name: str, source: Source, *args: Any) -> str:
        """The address of a page of the source."""
        return reverse(f"events:source-{name}", args=[source.dossier.slug, source.ref, *args])


@requires(Access.EDIT)
class TextCreate(TextReceived):
    """A new version: pasted or as a file, then compared with the newest one, then stored."""

    needed = True

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        self.of = self.record(ref)
        return self.first(request)

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        self.of = self.record(ref)
        return self.next(request)

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(record=self.of, newest=self.of.current_text, **more)

    def cancel_url(self) -> str:
        return reverse("events:source-detail", args=[self.of.dossier.slug, self.of.ref])

    def page(self, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """The first step has a page of its own here."""
        return super().page("text_add" if name == "add" else name, context, status)

    def typed(self, received: ReceivedForm | None, **about: Any) -> dict[str, str]:
        return {"reason": self.request.POST.get("reason", "")[:300]}

    def preview_page(
        self, received: ReceivedForm, *, typed: dict[str, str], **about: Any
    ) -> HttpResponse:
        """What differs and what becomes of the passages; `problem` says why it was not stored."""
        newest = self.of.current_text
        number = newest.number if newest else 0
        form = StoreForm(initial={"after": number, "reason": typed.get("reason", "")})
        context = self.previewed(received, form=form, problem=about.get("problem", ""))
        text = received.document.text
        # A text that is like the one it follows is no surprise here.
        context["preview"].likeness = None
        try:
            context["fates"] = whereabouts.foreseen(self.of.foresee(text))
        except ValueError:
            context["is_same"] = True
        context["comparison"] = diff.by_paragraph(newest.text if newest else "", text)
        return self.page(
            "text_preview", context, 422 if received.errors else about.get("status", 200)
        )

    def finish(self, received: ReceivedForm, **about: Any) -> HttpResponse:
        form, typed = StoreForm(self.request.POST), self.typed(received)
        if received.document is None or not form.is_valid():
            return self.first(self.request)
        document, source = received.document, self.of
        try:
            with history.recording(by=self.request.user, note=form.cleaned_data["reason"]):
                made = source.add_text(
                    document.text, document.taken_from, after=form.cleaned_data["after"]
                )
        except NewerText as newer:
            problem = f"{newer} Nothing has been written. Look what this text would change now."
            return self.preview_page(received, typed=typed, problem=problem, status=409)
        except ValueError:
            return self.preview_page(received, typed=typed, status=422)
        fates = whereabouts.foreseen(made)
        said = f"Text {made.text.number} of {source.ref} stored"
        said += f". Passages: {fates.sentence}" if fates.sentence else ""
        undo = self.undo_url(made.text)
        messages.success(self.request, said, extra_tags=f"undo={undo}" if undo else "")
        at = [source.dossier.slug, source.ref, made.text.number]
        response = redirect(reverse("events:source-text-changes", args=at))
        return self.forget(response, [self.request.get_full_path()])


@requires(Access.READ)
class TextChanges(OfSource):
    """What a version changed against the one before it, and what became of the passages."""

    def get(self, request: HttpRequest, ref: str, number: int) -> HttpResponse:
        source = self.source(ref)
        text = self.version(source, number)
        earlier = source.texts.filter(number__lt=number).order_by("-number").first()
        if earlier is None:
            return redirect(self.at("text-detail", source, number))
        waiting = Passage.objects.filter(source_text__source=source, state__in=Passage.UNSURE)
        context = self.context(record=source, text=text, earlier=earlier)
        context["comparison"] = diff.by_paragraph(earlier.text, text.text)
        context["fates"] = whereabouts.became(text)
        context["waiting"] = waiting.count()
        context["newest"] = self.newest(source)
        context["stored"] = whereabouts.stored([text]).get(text.pk)
        return self.page("text_changes", context)


@requires(Access.READ)
class TextDetail(OfSource):
    """An older version, read only: what still stands there, and where the rest went."""

    def get(self, request: HttpRequest, ref: str, number: int) -> HttpResponse:
        source = self.source(ref)
        text = self.version(source, number)
        newest = self.newest(source)
        if number == newest:
            return redirect(source.get_absolute_url())
        here = list(text.passages.order_by("start", "id"))
        gone_on = whereabouts.moved_on(text)
        cut = [marks.Mark(p.start, p.end, p.ref, "lost") for p in here]
        cut += [marks.Mark(each.start, each.end, each.passage.ref, "past") for each in gone_on]
        paragraphs = marks.paragraphs(text.text, [*cut, *marks.found_in(text.text)])
        context = self.context(record=source, text=text, newest=newest)
        context |= {"paragraphs": paragraphs, "here": here, "gone_on": gone_on}
        following = source.texts.filter(number__gt=number).order_by("number")
        context["following"] = following.values_list("number", flat=True)[0]
        context["stored"] = whereabouts.stored([text]).get(text.pk)
        for passage in here:
            passage.at = marks.number_at(paragraphs, passage.start)
        return self.page("text_detail", context)
