"""Words of a source that were typed or pasted, looked up in its newest text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from events import anchors
from events.forms.fields import RecordField
from events.forms.records import RecordForm
from events.models import Source

if TYPE_CHECKING:
    from events.models import Passage, SourceText

QUOTED = ("source", "quote", "place")
NEAR = 60
"""Characters of context by which a person tells places apart."""
OFFERED = 20
"""Places of a quotation that are offered."""


class Quoting(RecordForm):
    """A form with the fields "quote" and "place": the words, and which of their places is meant."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text: SourceText | None = None
        self.span: anchors.Span | None = None
        chosen = self.data.get(self.add_prefix("place"))
        if "place" in self.fields and chosen:
            # The offer of the last round is taken as sent; look_up() checks it against the text.
            self.fields["place"].choices = [(chosen, "")]

    def look_up(self, source: Source, quote: str, place: str) -> None:
        """Set the span of the words in `text`; ask which place is meant where there are several.

        Words that are not in the text are refused, since only what a source says can be cited.
        """
        spans = anchors.find(self.text.text, quote)
        chosen = [span for span in spans if str(span.start) == place]
        if len(spans) == 1 or chosen:
            self.span = (chosen or spans)[0]
        elif spans:
            self._ask(spans)
        else:
            words = quote if len(quote) <= 60 else f"{quote[:57]}…"
            message = f"'{words}' is not in the text of {source.ref}. Copy the words from it."
            self.add_error("quote", message)

    def _ask(self, spans: list[anchors.Span]) -> None:
        """Offer each place with the words around it."""
        text = self.text.text
        field = self.fields["place"]
        field.widget = forms.RadioSelect()
        field.choices = [
            (str(span.start), words_around(text, span.start, span.end)) for span in spans[:OFFERED]
        ]
        message = f"These words are at {len(spans)} places of the text. Choose the one meant."
        self.add_error("place", message)


class QuotationForm(Quoting):
    """A quotation of a source that is named along with it."""

    source = RecordField(Source, label="Source")
    quote = forms.CharField(
        label="Words of the source",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="As they stand in its text.",
    )
    place = forms.ChoiceField(label="Which place", required=False, widget=forms.HiddenInput)
    together = QUOTED

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
        else:
            self.look_up(source, quote, found.get("place") or "")
        return found


def words_around(text: str, start: int, end: int) -> str:
    """A passage in brackets with the whole words near it, so that places can be told apart."""
    before, after = text[max(0, start - NEAR) : start], text[end : end + NEAR]
    if start > NEAR:
        before = f"…{before.partition(' ')[2] or before}"
    if end + NEAR < len(text):
        after = f"{after.rpartition(' ')[0] or after}…"
    return f"{before}[{text[start:end]}]{after}"
