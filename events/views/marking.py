"""From words of a source to a record: the form in the margin of the reader, and its own page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from events import prefilling, suggestions
from events.forms import lookup
from events.forms.evidence import EvidenceForm
from events.forms.marking import DECIDED, FORMS, NAMES, MeantForm, NounForm
from events.forms.paging import OptionsForm
from events.forms.reader import ReaderForm
from events.gate import requires
from events.models import Source
from events.roles import Access
from events.views.merging import forget
from events.views.records import Written, announce
from events.views.source import READER, SourceDetail

if TYPE_CHECKING:
    from events.forms.marking import Marked
    from events.models import SourceText

MARGIN = "div#marking"


class Marking(Written):
    """What marking and deciding share: a source, and how its reader is shown again."""

    def suggested(self, source: Source, text: SourceText) -> suggestions.Suggested:
        """The newest text as read with the dossier's actors."""
        text.source, text.dossier = source, self.request.dossier
        return suggestions.Suggested(text)

    def saved(self, source: Source, form: Marked, said: str) -> HttpResponse:
        """Tell what was made, and lead back to the words."""
        if form.kept_back:
            said += f", a draft: {form.kept_back}"
        undo = self.undo_url(form.record)
        messages.success(self.request, said, extra_tags=f"undo={undo}" if undo else "")
        response = self.shown(source, form.passage.ref)
        return announce(response, form.record) if form.noun != "passage" else response

    def shown(self, source: Source, mark: str = "", status: int = 200) -> HttpResponse:
        """The reader as it now stands; without script its page, at the mark."""
        if not (self.goes_into(READER) or self.goes_into(MARGIN)):
            return redirect(f"{source.get_absolute_url()}{f'#{mark}' if mark else ''}")
        view = SourceDetail(model=Source, form_class=self.form_class)
        view.setup(self.request)
        asked = urlsplit(self.request.htmx.current_url or "").query
        response = view.reader(view.record(source.ref), ReaderForm(QueryDict(asked)))
        response.status_code = status
        response["HX-Retarget"], response["HX-Reswap"] = "#reader", "outerMorph"
        if mark:
            response["Marked"] = mark
        return response


@requires(Access.EDIT)
class Choice(Marking):
    """Without script: what to record, and the words, typed or pasted."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        source = self.record(ref)
        form = NounForm(request.GET)
        if form.is_valid():
            noun, quote = form.meant
            page = reverse("events:source-mark", args=[request.dossier.slug, ref, noun])
            return redirect(f"{page}?{urlencode({'quote': quote})}")
        context = self.context(record=source, form=form, text=source.current_text)
        status = 422 if form.is_bound else 200
        return render(request, "events/source_marking.html", context, status=status)


@requires(Access.EDIT)
class Mark(Marking):
    """The form of a record together with the words it rests on."""

    def get(self, request: HttpRequest, ref: str, noun: str) -> HttpResponse:
        source, text, place = self.of(ref, noun)
        if text is None:
            raise Http404(f"{ref} has no text yet.")
        suggested = self.suggested(source, text)
        draft = suggested.draft(place.asked.get("suggestion") or "")
        if draft is not None and draft.noun == noun:
            filled = prefilling.from_draft(suggested, draft)
        elif place.span is not None:
            filled = prefilling.from_words(suggested, noun, *place.span)
        else:
            filled = prefilling.Filled(words={"quote": place.words})
        form = FORMS[noun](source=source, text=text, initial=filled.own, words=filled.words)
        lacks = draft.lacks if draft is not None and draft.noun == noun else ""
        return self.form_page(source, noun, form, filled.dates, lacks)

    def post(self, request: HttpRequest, ref: str, noun: str) -> HttpResponse:
        source, text, place = self.of(ref, noun)
        asked, draft = place.asked.get("suggestion") or "", None
        if asked and text is not None:
            draft = self.suggested(source, text).draft(asked)
        form = FORMS[noun](request.POST, source=source, text=text, draft=draft)
        if not form.write(request.user, publish=request.POST.get("act") == "publish"):
            return self.form_page(source, noun, form, [])
        done = "published" if getattr(form.record, "state", "") == "published" else "created"
        made = str(form.record._meta.verbose_name).capitalize()
        response = self.saved(source, form, f"{made} {form.record.ref} {done}")
        return forget(request, response, [request.get_full_path()])

    def of(self, ref: str, noun: str) -> tuple[Any, SourceText | None, MeantForm]:
        """The source, its newest text and the words meant; 404 for what is not made of words."""
        if noun not in FORMS:
            raise Http404(f"Words are not made {noun}.")
        source: Any = self.record(ref)
        text = source.current_text
        return source, text, MeantForm(self.request.GET, source, text)

    def form_page(
        self, source: Source, noun: str, form: Marked, dates: list[Any], lacks: str = ""
    ) -> HttpResponse:
        """The form, in the margin or as a page; 422 with errors, 409 where it was decided. `lacks`
        is why the suggestion it began as could not be taken as it is."""
        in_margin = self.goes_into(MARGIN) or self.goes_into(READER)
        status = 200 if not form.is_bound else 409 if form.is_decided else 422
        context = self.context(record=source, form=form, marks=noun, name=NAMES[noun], dates=dates)
        context |= {"names": NAMES, "in_margin": in_margin, "lacks": lacks}
        context["problem"] = DECIDED * form.is_decided
        context["may_publish"] = self.request.viewer.may_own and form.is_reviewable
        part = "#form" if in_margin else ""
        response = render(
            self.request, f"events/source_marking_form.html{part}", context, status=status
        )
        if in_margin:
            response["HX-Retarget"], response["HX-Reswap"] = "#marking", "innerHTML"
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response


@requires(Access.EDIT)
class Targets(Marking):
    """Records that marked words may be evidence for, as <option> elements: those that rest on the
    same source first, then the newest."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        source, words = self.record(ref), OptionsForm(request.GET).words()
        models = EvidenceForm.base_fields["about"].models
        found = lookup.near(source, models, words)
        return render(request, "events/record_form.html#options", {"options": found})
