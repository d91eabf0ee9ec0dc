"""A text comes in, in two steps: pasted or as a file, then looked at and saved.

Nothing is kept between the steps; the page carries the text that was read (see the forms).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from events.forms.source_text import (
    GONE,
    NewSourceForm,
    Preview,
    ReceivedForm,
    TextForm,
)
from events.gate import requires
from events.roles import Access
from events.views.editing import Formed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from events.formats.documents import Document
    from events.forms.records import RecordForm


class TextReceived(Formed):
    """The two steps at one address. A subclass says what is asked beside the text:
    `preview_page` answers the second step, `finish` saves what was sent by it.

    The button that was pressed says which step it is: "read" (also without a button), "again" in
    another encoding, "change" back to the first step, "save".
    """

    needed = False
    """Whether there must be a text."""

    takes_texts = True
    """A request with more than it may hold is answered by this view (see events/carried.py)."""

    def receiving(self, form: TextForm, **more: Any) -> HttpResponse:
        """Step one as a page."""
        status = 422 if form.errors else 200
        context = self.context(form=form, cancel=self.cancel_url(), **more)
        return self.page("add", context, status=status)

    def cancel_url(self) -> str:
        """Where one goes without saving."""
        return self.came_from() or self.url("list")

    def first(self, request: HttpRequest) -> HttpResponse:
        """Step one, empty; with an error where more was sent than a request may hold."""
        if getattr(request, "is_too_much", False):
            form = TextForm({}, needed=self.needed)
            form.refuse_size()
            return self.receiving(form)
        return self.receiving(TextForm(needed=self.needed))

    def next(self, request: HttpRequest, **about: Any) -> HttpResponse:
        """The answer to any step; `about` goes on to preview_page() and finish()."""
        step = request.POST.get("step", "read")
        if step not in ("again", "change", "save"):
            return self.read(request, **about)
        received = ReceivedForm(request.POST)
        if received.is_lost:
            form = TextForm({}, needed=self.needed)
            form.add_error("text", GONE)
            return self.receiving(form, typed=self.typed(received, **about))
        if step == "change":
            document = received.sent
            text = document.text if document and not document.name else ""
            form = TextForm(initial={"text": text}, needed=self.needed)
            return self.receiving(form, typed=self.typed(received, **about), sent=document)
        if step == "again" or not received.is_valid() or received.is_read_again:
            return self.preview_page(received.shown(), typed=self.typed(received, **about), **about)
        return self.finish(received, **about)

    def read(self, request: HttpRequest, **about: Any) -> HttpResponse:
        """What came by step one, looked at; or step one again with what is wrong beside it."""
        form = TextForm(request.POST, request.FILES, needed=self.needed)
        typed = self.typed(None, **about)
        if not form.is_valid():
            return self.receiving(form, typed=typed)
        return self.preview_page(ReceivedForm.of(form.document), typed=typed, **about)

    def typed(self, received: ReceivedForm | None, **about: Any) -> dict[str, str]:
        """What a person typed into the fields beside the text, to survive another step."""
        return {}

    def previewed(self, received: ReceivedForm, **more: Any) -> dict[str, Any]:
        """The context of step two: the form that carries the text, and the text as shown."""
        document: Document | None = received.document
        preview = Preview(document, self.request.dossier) if document else None
        return self.context(received=received, preview=preview, cancel=self.cancel_url(), **more)

    def preview_page(
        self, received: ReceivedForm, *, typed: dict[str, str], **about: Any
    ) -> HttpResponse:
        """Step two as a page."""
        raise NotImplementedError

    def finish(self, received: ReceivedForm, **about: Any) -> HttpResponse:
        """Write what step two sent, and lead on."""
        raise NotImplementedError


@requires(Access.EDIT)
class SourceCreate(TextReceived):
    """A new source. Parameters named like fields fill them, such as ?title=Joint+statement."""

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.form_class = NewSourceForm

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.first(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.next(request)

    def typed(self, received: ReceivedForm | None, **about: Any) -> dict[str, str]:
        sent = self.form_class.initial_from(self.request.POST)
        document = received.sent if received else None
        return sent if received is None else self.blank(document).different(sent)

    def blank(self, document: Document | None, typed: dict[str, str] | None = None) -> RecordForm:
        """The form as it is first shown: what the document offers, the address, what was typed."""
        offered = self.form_class.offered_by(document) if document else {}
        asked = self.form_class.initial_from(self.request.GET)
        return self.form(initial=offered | asked | (typed or {}))

    def preview_page(
        self, received: ReceivedForm, *, typed: dict[str, str], **about: Any
    ) -> HttpResponse:
        form = self.blank(received.document, typed)
        form.says_date_of(received.document)
        return self.second(received, form)

    def second(self, received: ReceivedForm, form: RecordForm) -> HttpResponse:
        """Step two with a form that is new, or has errors."""
        status = 422 if form.errors or received.errors else 200
        return self.page("add_preview", self.previewed(received, form=form), status=status)

    def finish(self, received: ReceivedForm, **about: Any) -> HttpResponse:
        form = self.form(self.request.POST)
        form.document = received.document
        if not form.write(by=self.request.user):
            return self.second(received, form)
        said = f"Source {form.record.ref} added"
        to = self.came_from()
        response = self.answer(form.record, said, undo=self.undo_url(form.record), to=to)
        return self.forget(response, [self.request.get_full_path()])
