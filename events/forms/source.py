"""The forms of a source and of a passage of it; those of its text are in source_text.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.functional import cached_property

from events import anchors
from events.forms.fields import RecordField, WhenField
from events.forms.records import RecordForm
from events.models import Passage, Source

if TYPE_CHECKING:
    from events.models import SourceText

QUOTED = ("source", "quote", "place")
NEAR = 60
"""Characters of context by which a person tells places apart."""


class QuotationForm(RecordForm):
    """A quotation typed or pasted, looked up in the newest text of its source.

    Words found once are cited there; found several times the person is asked which place is meant;
    words that are not in the text are refused, since only what a source says can be cited.
    """

    source = RecordField(Source, label="Source")
    quote = forms.CharField(
        label="Words of the source",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="As they stand in its text.",
    )
    place = forms.ChoiceField(label="Which place", required=False, widget=forms.HiddenInput)
    together = QUOTED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text: SourceText | None = None
        self.span: anchors.Span | None = None
        if "place" in self.fields and self.data.get("place"):
            # The offer of the last round is taken as sent; clean() checks it against the text.
            self.fields["place"].choices = [(self.data["place"], "")]

    def quotes(self, passage: Passage) -> None:
        """Show the words that are cited now."""
        if "quote" in self.fields:
            self.initial["source"] = passage.source_text.source
            self.initial["quote"] = passage.exact

    def clean(self) -> dict[str, Any]:
        """Find the words; ask when they are there more than once."""
        found: dict[str, Any] = super().clean() or {}
        source, quote = found.get("source"), found.get("quote")
        if source is None or not quote:
            return found
        self.text = source.current_text
        if self.text is None:
            self.add_error("source", f"{source.ref} has no text yet. Add its text first.")
            return found
        spans = anchors.find(self.text.text, quote)
        chosen = [span for span in spans if str(span.start) == found.get("place")]
        if len(spans) == 1 or chosen:
            self.span = (chosen or spans)[0]
        elif spans:
            self._ask(spans)
        else:
            words = quote if len(quote) <= 60 else f"{quote[:57]}…"
            message = f"'{words}' is not in the text of {source.ref}. Copy the words from it."
            self.add_error("quote", message)
        return found

    def _ask(self, spans: list[anchors.Span]) -> None:
        """Offer each place with the words around it."""
        text = self.text.text
        field = self.fields["place"]
        field.widget = forms.RadioSelect()
        field.choices = [
            (str(span.start), words_around(text, span.start, span.end)) for span in spans[:20]
        ]
        message = f"These words are at {len(spans)} places of the text. Choose the one meant."
        self.add_error("place", message)


def words_around(text: str, start: int, end: int) -> str:
    """A passage in brackets with the whole words near it, so that places can be told apart."""
    before, after = text[max(0, start - NEAR) : start], text[end : end + NEAR]
    if start > NEAR:
        before = f"…{before.partition(' ')[2] or before}"
    if end + NEAR < len(text):
        after = f"{after.rpartition(' ')[0] or after}…"
    return f"{before}[{text[start:end]}]{after}"


class SourceForm(RecordForm):
    """What document it is, who published it when, how far it can be relied on."""

    published = WhenField("published", label="Published")
    field_order: ClassVar[list[str]] = [
        "title",
        "kind",
        "publisher",
        "author",
        "published",
        "published_basis",
        "url",
        "language",
        "reliability",
        "translation_of",
        "translation_status",
        "note",
    ]
    off_page = ("title", "published_basis")
    led_by: ClassVar[dict[str, str]] = {"published_basis": "published"}
    when_empty: ClassVar[dict[str, str]] = {
        "publisher": "Publisher not stated",
        "author": "Author not stated",
        "published": "No date stated",
        "url": "Add the address",
        "translation_of": "Add the original, if this is a translation",
    }

    class Meta(RecordForm.Meta):
        model = Source
        fields: ClassVar[list[str]] = [
            "title",
            "kind",
            "publisher",
            "author",
            "published_basis",
            "url",
            "language",
            "reliability",
            "translation_of",
            "translation_status",
            "note",
        ]
        labels: ClassVar[dict[str, str]] = {
            "published_basis": "Basis of the date",
            "translation_status": "Whose translation",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "published_basis": "Follows from the words of the date, unless you change it.",
            "translation_status": "Of a translation only.",
        }

    def clean(self) -> dict[str, Any]:
        """Refuse to say whose translation a source is that is none."""
        found: dict[str, Any] = super().clean() or {}
        original = found.get("translation_of", self.instance.translation_of_id)
        status = found.get("translation_status", self.instance.translation_status)
        if not original and status != Source.Translation.UNKNOWN:
            label = Source.Translation(status).label.lower()
            if "translation_status" in found:
                message = f"Only a translation can be an {label}. Name the original first."
                self.add_error("translation_status", message)
            elif "translation_of" in found:
                message = f"It is marked as an {label}. Set that to ‘Not known whose’ first."
                self.add_error("translation_of", message)
        return found


class PassageForm(QuotationForm):
    """Words of a source marked on their own, before they are evidence for anything."""

    class Meta(RecordForm.Meta):
        model = Passage
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.latest is not None:
            self.quotes(self.instance)

    def clean(self) -> dict[str, Any]:
        """Find the words, and refuse those that are marked already."""
        found = super().clean()
        if self.span is not None:
            start, end = self.span.start, self.span.end
            same = Passage.objects.filter(source_text=self.text, start=start, end=end)
            known = same.exclude(pk=self.latest.pk if self.latest else None).first()
            if known is not None:
                self.add_error("quote", f"{known.ref} marks these words already.")
        return found

    @cached_property
    def changed_data(self) -> list[str]:
        """What was changed; to save a passage that had been lost or moved confirms its place."""
        found = super().changed_data
        is_unsure = self.latest is not None and self.latest.state != Passage.State.ANCHORED
        return found or (["quote"] if is_unsure else [])

    def values(self, names: list[str]) -> dict[str, Any]:
        """The columns, all from the place where the words stand."""
        if self.span is None:
            return {}
        cut = Passage.cut(self.text, self.span.start, self.span.end)
        found = {column: getattr(cut, column) for column in Passage.WHERE}
        return found | {"state": Passage.State.ANCHORED}
