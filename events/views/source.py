"""Pages of sources: the list, the reader of a text, the records that rest on it, its details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count

from events import cards, history, reading
from events.forms.reader import ReaderForm
from events.models import Passage, Source
from events.views.addresses import drawer_of
from events.views.beside import counterparts
from events.views.cited import said_date
from events.views.records import RecordDetail, RecordList
from events.views.text_version import texts_of

if TYPE_CHECKING:
    from django.http import HttpResponse

READER = "section#reader"


class SourceList(RecordList):
    """The sources in the order they were added."""

    def extra(self, rows: list[Source]) -> dict[str, Any]:
        """Dates in words, and how many passages each has that this viewer may see."""
        passages = Passage.objects.visible_to(self.request.viewer).order_by()
        passages = passages.filter(source_text__source__in=rows)
        counts = dict(passages.values_list("source_text__source").annotate(Count("pk")))
        for source in rows:
            source.passage_count = counts.get(source.pk, 0)
            source.shown_published = said_date(
                source.published_text, source.published_edtf, self.request.dossier
            )
        return {}


class SourceDetail(RecordDetail):
    """The reader: the newest text with its marks and what stands beside them.

    In the drawer beside a list it is the source's fields and what rests on it, without the text.
    """

    related = ("translation_of",)
    panels = "events/source_records.html#resting"
    tab = "detail"

    def shown(self, record: Any) -> HttpResponse:
        """The drawer; the reader alone, after a suggestion was decided; or the whole page."""
        if self.in_drawer():
            return super().shown(record)
        if self.goes_into(READER):
            return self.reader(record)
        return self.page(self.tab, self.about_page(record))

    def reader(self, record: Source, form: ReaderForm | None = None) -> HttpResponse:
        """The reader as it now stands, as the answer to an htmx request for `section#reader`."""
        context = self.above(record) | self.read(record, form or ReaderForm(self.request.GET))
        return self.page("detail#reader_again", context)

    def about_page(self, record: Source) -> dict[str, Any]:
        """What the whole page shows: besides the text, the drawer that stands open beside it."""
        form = ReaderForm(self.request.GET)
        drawer = drawer_of(self.request, form.selected_ref)
        return self.above(record) | self.read(record, form) | {"selected_drawer": drawer}

    def above(self, record: Source) -> dict[str, Any]:
        """What stands above every tab: the source in a line, and who added it."""
        dossier, viewer = self.request.dossier, self.request.viewer
        added = history.changes_of(record).last() if viewer.is_member else None
        published = said_date(record.published_text, record.published_edtf, dossier)
        context = self.context(record=record, tab=self.tab, added=added)
        context["counterparts"] = counterparts(record, viewer)
        return context | {"shown_published": published}

    def read(self, record: Source, form: ReaderForm) -> dict[str, Any]:
        """The text and its cards."""
        viewer = self.request.viewer
        is_reader = self.tab == "detail" and not self.in_drawer()
        found = reading.read(record, viewer, form, suggests=is_reader)
        return {
            "reading": found,
            "text": found.text,
            "form": form,
            "misplaced": reading.misplaced(record, viewer) if viewer.is_member else {},
        }

    def extra(self, record: Source) -> dict[str, Any]:
        """What the drawer shows besides the fields."""
        found = self.read(record, ReaderForm({}))
        return found | self.resting(found["reading"])

    def resting(self, found: reading.Reading) -> dict[str, Any]:
        """What rests on the source, and the words that nothing rests on."""
        spare = [card for card in found.cards if card.kind == "quote" and card.passage]
        return {"groups": cards.resting_on(found.cards), "spare": spare}


class SourceRecords(SourceDetail):
    """The records that rest on a source, by noun."""

    tab = "records"

    def about_page(self, record: Source) -> dict[str, Any]:
        context = super().about_page(record)
        return context | self.resting(context["reading"])


class SourceDetails(SourceDetail):
    """What is known about a source: its fields, the versions of its text, notes."""

    tab = "details"

    def about_page(self, record: Source) -> dict[str, Any]:
        context = super().about_page(record)
        context |= RecordDetail.about(self, record) | {"tab": self.tab}
        if not record.translation_of_id:
            # Of an original nobody asks whose translation it is.
            context["rows"] = [row for row in context["rows"] if row.name != "translation_status"]
        if self.request.viewer.is_member:
            context["texts"] = texts_of(record)
        return context

    def extra(self, record: Source) -> dict[str, Any]:
        return super().extra(record) if self.in_drawer() else {}
