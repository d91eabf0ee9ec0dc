"""Notes: what members say to each other about a record, on its page and on a page of all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from events import history, note_text
from events.forms import lookup
from events.forms.note import NotesForm, PeopleForm
from events.forms.review import DecisionForm
from events.gate import requires
from events.models import Note, Position, Proposal, Record
from events.roles import Access
from events.views.addresses import page_of
from events.views.editing import FieldEdit, RecordCreate, RecordEdit
from events.views.history import Restoration
from events.views.lifecycle import RecordDelete
from events.views.panels import notes_of
from events.views.records import RecordView, Written

if TYPE_CHECKING:
    from events.forms.records import RecordForm

EXCERPT = 1000
"""Characters of a note in the list of all; the record's page has it whole."""


class InPanel(Written):
    """A page that writes notes: it answers the panel of the record where htmx asks for that."""

    def answer(self, record: Record, said: str, undo: str = "", to: str = "") -> HttpResponse:
        messages.success(self.request, said, extra_tags=f"undo={undo}" if undo else "")
        target = record.target  # type: ignore[attr-defined]
        if self.in_panel(target):
            return self.panel(target)
        to = DecisionForm(self.request).to or to
        return redirect(to or f"{page_of(record)}#{record.ref}")

    def in_panel(self, target: Record) -> bool:
        """Whether the answer takes the place of the notes beside `target`."""
        return self.goes_into(f"div#notes-{target.ref}")

    def panel(self, target: Record, form: RecordForm | None = None) -> HttpResponse:
        """The notes beside `target`; 422 with a form that was refused."""
        context = self.context(record=target, notes=notes_of(target, self.request.viewer, form))
        return self.page("detail#answer", context, status=422 if form else 200)


class NoteCreate(InPanel, RecordCreate):
    """A new note about a record."""

    def form_page(self, form: RecordForm, record: Record | None) -> HttpResponse:
        typed = str(form["about"].value() or "")
        try:
            target = lookup.find(self.request.dossier, form.fields["about"].models, typed)
        except LookupError:
            return super().form_page(form, record)
        if form.is_bound and self.in_panel(target):
            return self.panel(target, form)
        return super().form_page(form, record)


class OwnWords(InPanel):
    """Only who wrote a note changes it; an owner of the dossier may delete it as well."""

    def may(self, note: Note) -> bool:
        """Whether this person may do this to `note`."""
        return bool(note.author_id == self.request.user.pk)

    def record(self, ref: str) -> Any:
        note = super().record(ref)
        if not self.may(note):
            whose = f"{ref} is by {note.author.called}."
            raise PermissionDenied(f"{whose} A note is changed by who wrote it.")
        return note


class NoteEdit(OwnWords, RecordEdit):
    """The words of a note on a page of their own."""


class NoteField(OwnWords, FieldEdit):
    """The words of a note where they stand."""

    def page(self, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        if row := context.get("row"):
            note = context["record"]
            note_text.render([note], self.request.dossier, self.request.user)
            context["row"] = replace(row, value=note.html)
        return super().page(name, context, status)


class NoteRestoration(OwnWords, Restoration):
    """An earlier version of a note."""


class NoteDelete(OwnWords, RecordDelete):
    """Delete a note; its history brings it back."""

    def may(self, note: Note) -> bool:
        return super().may(note) or self.request.viewer.may_own


@requires(Access.EDIT)
class Resolution(InPanel):
    """Resolve a note, or open it again: any editor may, whoever wrote it."""

    resolved = True

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        note: Any = self.record(ref)
        with history.recording(by=request.user):
            note.settle(self.resolved)
        said = f"{ref} {'resolved' if self.resolved else 'opened again'}"
        return self.answer(note, said, undo=self.undo_url(note))


@requires(Access.READ)
class NoteList(RecordView):
    """All notes of a dossier, the newest first; only members see that there are any."""

    def get(self, request: HttpRequest) -> HttpResponse:
        viewer = request.viewer
        if not viewer.is_member:
            raise Http404("Only members see the notes.")
        form = NotesForm(request.GET)
        positions = Position.objects.select_related("actor", "issue")
        page = form.newest(
            form.chosen(viewer)
            .select_related("author", "event", "commitment", "source", "actor", "conflict")
            .prefetch_related(
                Prefetch("position", positions),
                Prefetch("proposal", Proposal.objects.select_related("issue")),
            )
        )
        for note in page.rows:
            note.is_cut = len(note.text) > EXCERPT
            note.text = note.text[:EXCERPT]
        note_text.render(page.rows, request.dossier, request.user)
        return self.page("list", self.list_context(form, page, screen="notes"))


@requires(Access.EDIT)
class NotePeople(View):
    """Members whose names begin with what was typed after an @, as options of a list."""

    def get(self, request: HttpRequest) -> HttpResponse:
        people = PeopleForm(request.GET).members(request.viewer)
        return render(request, "events/note_detail.html#people", {"people": people})
