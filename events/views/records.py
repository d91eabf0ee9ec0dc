"""Pages to read one kind of record: list, detail, history, and the names an input offers.

Each class works for any record model; urls.py says for which. A noun that shows more has a
subclass in a file of its own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import select_template
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.views import View

from events import history
from events.forms import lookup
from events.forms.paging import ListForm, OptionsForm
from events.gate import requires
from events.models import Dossier, Record, Reviewable
from events.roles import Access
from events.views.addresses import drawer_of, page_of, screen_of
from events.views.panels import notes_of
from events.views.rows import rows_of

if TYPE_CHECKING:
    from events.forms.paging import Page
    from events.forms.records import RecordForm

DRAWER = "aside#drawer"


class RecordView(View):
    """What all pages of a record share. `model` and `form_class` are set in urls.py."""

    model: type[Record] = Record  # type: ignore[type-abstract]
    form_class: type[RecordForm] | None = None
    related: tuple[str, ...] = ()
    """Paths for select_related on every row."""
    detail_class: type[RecordDetail] | None = None
    beside_list = False
    """Whether a list page asks for the drawer that it shows from the start."""

    @property
    def noun(self) -> str:
        """Its name in addresses and templates."""
        return str(self.model._meta.model_name)

    def rows(self) -> Any:
        """The rows this viewer may see."""
        return self.model.objects.visible_to(self.request.viewer).select_related(
            *self.related or [None]
        )

    def record(self, ref: str) -> Record:
        """The record of that ref; 404 for one that is not there or may not be seen."""
        found = self.rows().filter(ref=ref).first()
        if found is None:
            raise Http404(f"There is no {self.model._meta.verbose_name} {ref} here.")
        found.dossier = self.request.dossier
        return found

    def context(self, **more: Any) -> dict[str, Any]:
        """What every template of a record reads."""
        meta = self.model._meta
        viewer = self.request.viewer
        return {
            "dossier": self.request.dossier,
            "dossiers": Dossier.objects.visible_to(self.request.user),
            "viewer": viewer,
            "form_class": self.form_class,
            "drawer": self.in_drawer(),
            "heading": "h3" if self.in_drawer() else "h2",
            "noun": self.noun,
            "screen": screen_of(self.noun),
            "noun_name": meta.verbose_name,
            "noun_plural": meta.verbose_name_plural,
            "may_edit": viewer.may_edit and self.form_class is not None,
        } | more

    def list_context(self, form: ListForm, page: Page, **more: Any) -> dict[str, Any]:
        """What every list reads: its page of rows, what was asked for, the record selected."""
        selected = form.cleaned_data.get("selected", "")
        context = self.context(form=form, page=page, query=form.cleaned_data.get("q", ""))
        context |= {"selected": selected, "selected_drawer": drawer_of(self.request, selected)}
        return context | more

    def page(self, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Render `<noun>_<name>.html` where there is one, else `record_<name>.html`."""
        file, _, part = name.partition("#")
        part = f"#{part}" if part else ""
        names = [f"events/{noun}_{file}.html{part}" for noun in (self.noun, "record")]
        template = select_template(names)
        response = HttpResponse(template.render(context, self.request), status=status)
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response

    def in_drawer(self) -> bool:
        """Whether the answer goes into the drawer beside a list."""
        if self.beside_list:
            return True
        return self.goes_into(DRAWER) and not self.request.htmx.history_restore_request

    def goes_into(self, target: str) -> bool:
        """Whether the answer is for an element of the page, such as "div#notes-E7"."""
        htmx = getattr(self.request, "htmx", None)
        return bool(htmx) and htmx.target == target

    def url(self, action: str, record: Record | None = None, *args: Any) -> str:
        """The address of another page of this noun, "" where it has none."""
        parts = [self.request.dossier.slug, *([record.ref] if record else []), *args]
        try:
            return reverse(f"events:{self.noun}-{action}", args=parts)
        except NoReverseMatch:
            return ""


@requires(Access.READ)
class RecordList(RecordView):
    """All records of a kind, page by page. `order` ends with a unique column."""

    order: tuple[str, ...] = ("id",)

    def get(self, request: HttpRequest) -> HttpResponse:
        form = ListForm(request.GET)
        page = form.page_of(self.rows(), self.order)
        return self.page("list", self.list_context(form, page, **self.extra(page.rows)))

    def extra(self, rows: list[Any]) -> dict[str, Any]:
        """What the list of a noun shows besides its rows."""
        return {}


@requires(Access.READ)
class RecordDetail(RecordView):
    """One record: a page, or the drawer's content when htmx asks for that."""

    lead = ""
    """A partial that says the gist under the title; it follows when a field is edited in place."""
    panels = ""
    """A partial with what stands beside the fields: related records."""
    below = ""
    """A partial with what stands under the fields, where that is much; last in the drawer."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        return self.shown(self.record(ref))

    def shown(self, record: Record) -> HttpResponse:
        """The page or the drawer of `record`."""
        return self.page("detail#drawer" if self.in_drawer() else "detail", self.about(record))

    def about(self, record: Any) -> dict[str, Any]:
        """Everything the page of `record` shows."""
        viewer = self.request.viewer
        context = self.context(record=record, reviewable=isinstance(record, Reviewable))
        context |= {"lead": self.lead, "panels": self.panels, "below": self.below}
        context["rows"] = rows_of(record, self.form_class, viewer)
        context["is_own"] = (
            context["reviewable"]
            and viewer.may_review
            and not viewer.may_own
            and record.state != Reviewable.State.PUBLISHED
            and history.last_writer(record) == viewer.user.pk
        )
        context["last_change"] = history.changes_of(record).first() if viewer.is_member else None
        context["notes"] = notes_of(record, viewer)
        return context | self.extra(record)

    def extra(self, record: Any) -> dict[str, Any]:
        """What the page of a noun shows besides its fields."""
        return {}


@requires(Access.EDIT)
class RecordOptions(RecordView):
    """Names for a record input, as <option> elements: those that fit what was typed so far."""

    def get(self, request: HttpRequest) -> HttpResponse:
        words = OptionsForm(request.GET).words()
        found = lookup.matching(request.dossier, self.model, words)
        return render(request, "events/record_form.html#options", {"options": found})


class Written(RecordView):
    """A page that writes, and how it answers afterwards."""

    def answer(self, record: Record, said: str, undo: str = "", to: str = "") -> HttpResponse:
        """Say what was done and show the record: in the drawer, or as the page to go to."""
        messages.success(self.request, said, extra_tags=f"undo={undo}" if undo else "")
        if not self.in_drawer() or self.detail_class is None:
            return redirect(to or page_of(record))
        view = self.detail_class(model=self.model, form_class=self.form_class)
        view.setup(self.request)
        return announce(view.shown(view.record(record.ref)), record)

    def undo_url(self, record: Record) -> str:
        """Where the newest change of `record` by this person is undone, "" where there is none."""
        change = history.changes_of(record).filter(revision__author=self.request.user).first()
        if change is None or change.revision.number is None:
            return ""
        return reverse("events:undo", args=[self.request.dossier.slug, change.revision.number])


def announce(response: HttpResponse, record: Record) -> HttpResponse:
    """Tell the page by an event that `record` changed, so that its lists can follow."""
    detail = {"ref": record.ref, "noun": record._meta.model_name, "version": record.version}
    response["HX-Trigger"] = json.dumps({"record-changed": detail})
    return response
