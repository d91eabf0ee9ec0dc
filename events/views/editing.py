"""Pages that write one record: create, edit, edit in place.

Without script each is a page with a form; with it the same view answers the piece it changed.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from events import history
from events.forms import lookup
from events.forms.records import RecordForm, ReturnForm
from events.gate import requires
from events.models import Record, Reviewable
from events.roles import Access
from events.views.addresses import OWNERS, page_of
from events.views.meanwhile import sentence
from events.views.merging import Merged
from events.views.records import announce
from events.views.rows import rows_of


class Formed(Merged):
    """A page with the form of a record."""

    def form_page(self, form: RecordForm, record: Record | None) -> HttpResponse:
        """The form as a page, 422 with errors; the merge page where others changed the same."""
        if form.stale is not None:
            return self.merge_page(form)
        back = page_of(record) if record else self.came_from()
        cancel = back or self.url("list") or self.owner_page(form)
        context = self.context(form=form, record=record, cancel=cancel)
        return self.page("form", context, status=422 if form.is_bound else 200)

    def came_from(self) -> str:
        """Where one started from: an address of ours that was given, else the record that the
        address of this form names first, such as ?from_event=E7; "" for neither."""
        if to := ReturnForm(self.request.GET, self.request).to:
            return to
        for name, typed in self.form_class.initial_from(self.request.GET).items():
            models = getattr(self.form_class.base_fields[name], "models", ())
            if not models:
                continue
            try:
                return page_of(lookup.find(self.request.dossier, models, typed))
            except LookupError:
                continue
        return ""

    def owner_page(self, form: RecordForm) -> str:
        """The page of the record that a new one will belong to, else the dossier's."""
        dossier = self.request.dossier
        for name in {"about", OWNERS.get(self.noun)} & set(form.fields):
            try:
                models, typed = form.fields[name].models, str(form[name].value() or "")
                return page_of(lookup.find(dossier, models, typed))
            except LookupError:
                continue
        return dossier.get_absolute_url()


@requires(Access.EDIT)
class RecordCreate(Formed):
    """A new record. Parameters named like fields fill them, such as ?event=E7."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.form_page(self.form(initial=self.form_class.initial_from(request.GET)), None)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.write(by=request.user):
            return self.form_page(form, None)
        said = f"{form.record._meta.verbose_name.capitalize()} {form.record.ref} created"
        to = self.came_from()
        response = self.answer(form.record, said, undo=self.undo_url(form.record), to=to)
        return self.forget(response, [request.get_full_path()])


@requires(Access.EDIT)
class RecordEdit(Formed):
    """All fields of a record on one page."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        record = self.record(ref)
        return self.form_page(self.form(instance=record), record)

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        record = self.record(ref)
        was = record.version
        state = getattr(record, "state", "")
        form = self.form(request.POST, instance=record)
        if not form.write(by=request.user):
            return self.form_page(form, record)
        changed = record.version != was
        said = f"{saved(form)}{back_to_draft(record, state)}" if changed else "Nothing changed"
        response = self.answer(record, said, undo=self.undo_url(record) if changed else "")
        return self.forget(response, [request.path])


@requires(Access.EDIT)
class FieldEdit(Formed):
    """One field where it stands: its editor, and what stands there after saving."""

    def get(self, request: HttpRequest, ref: str, name: str) -> HttpResponse:
        record = self.record(ref)
        form = self.narrowed(name, None, record)
        if not request.htmx:
            return redirect(f"{self.url('edit', record)}#{form[name].id_for_label}")
        return self.editor(form, name, record)

    def post(self, request: HttpRequest, ref: str, name: str) -> HttpResponse:
        record = self.record(ref)
        state, was = getattr(record, "state", ""), record.version
        form = self.narrowed(name, request.POST, record)
        if not form.write(by=request.user):
            if form.stale is not None and not request.htmx:
                return self.merge_page(form)
            return self.editor(form, name, record)
        changed = record.version != was
        said = f"{saved(form)}{back_to_draft(record, state)}"
        undo = self.undo_url(record) if changed else ""
        if not request.htmx:
            return self.forget(self.answer(record, said, undo=undo), [request.path])
        if changed:
            messages.success(request, said, extra_tags=f"undo={undo}" if undo else "")
        # Read again: the row shows names of other records that the write only knows by number.
        record = self.record(ref)
        row = rows_of(record, self.form_class, request.viewer, names=(name,))[0]
        context = self.context(row=row, record=record, last_change=None, changed_field=name)
        context["last_change"] = history.changes_of(record).first()
        context["reviewable"] = isinstance(record, Reviewable)
        return announce(self.page("detail#field", context | self.along(record, name)), record)

    def along(self, record: Record, name: str) -> dict[str, Any]:
        """What else changes on the page when this field does: the lead of the noun's page."""
        if self.detail_class is None:
            return {}
        view = self.detail_class(model=self.model, form_class=self.form_class)
        view.setup(self.request)
        return view.extra(record) | {"lead": view.lead}

    def narrowed(self, name: str, data: Any, record: Record) -> RecordForm:
        """The form with this field alone; 404 for a name that is no field."""
        if name not in self.form_class.shown_fields() or name in self.form_class.together:
            raise Http404(f"{record.ref} has no field {name}.")
        return self.form(data, instance=record, only=(name,))

    def editor(self, form: RecordForm, name: str, record: Record) -> HttpResponse:
        """The field's editor: 422 with errors; 409 with what somebody else saved meanwhile, still
        made from the old version, so that sending it as a page leads to the merge page."""
        status, conflict = (422 if form.is_bound else 200), ""
        if form.stale is not None:
            status, conflict = 409, sentence(form, name, self.request.viewer)
        label = str(form[name].label)
        context = self.context(record=record, field=form[name], name=name, label=label)
        context |= {"edit": self.url("field", record, name), "conflict": conflict}
        context["version"] = form["version"].value()
        return self.page("detail#editor", context, status=status)


def saved(form: RecordForm) -> str:
    """What was saved, and beside which changes of others."""
    kept = f", beside what others changed meanwhile: {', '.join(form.kept)}" if form.kept else ""
    return f"{form.record.ref} saved{kept}"


def back_to_draft(record: Record, state: str) -> str:
    """A clause that says when a reviewed or published record became a draft by the change."""
    is_draft = getattr(record, "state", "") == "draft"
    return (
        f". It was {state} and is a draft again" if is_draft and state not in ("", "draft") else ""
    )
