"""The form of evidence: words of a source, found in its text, for or against a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from events import anchors
from events.forms.fields import RecordField, TargetField
from events.forms.records import RecordForm
from events.models import (
    Affiliation,
    Commitment,
    Conflict,
    Event,
    Evidence,
    Link,
    Participation,
    Passage,
    Position,
    Proposal,
    Source,
)

if TYPE_CHECKING:
    from events.models import SourceText

QUOTED = ("source", "quote", "place")
NEAR = 60
"""Characters of context by which a person tells places apart."""


class EvidenceForm(RecordForm):
    """A quotation typed or pasted, looked up in the newest text of its source.

    Words found once are cited there; found several times the person is asked which place is meant;
    words that are not in the text are refused, since evidence is what a source says.
    """

    about = TargetField(
        Event,
        Position,
        Commitment,
        Proposal,
        Affiliation,
        Participation,
        Link,
        Conflict,
        label="About",
        help_text="The record, by its number: E7.",
    )
    source = RecordField(Source, label="Source")
    quote = forms.CharField(
        label="Words of the source",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="As they stand in its text.",
    )
    place = forms.ChoiceField(label="Which place", required=False, widget=forms.HiddenInput)

    field_order: ClassVar[list[str]] = [
        "about",
        "bearing",
        "note",
        "source",
        "quote",
        "place",
        "manner",
        "speaker",
        "credibility",
    ]

    class Meta(RecordForm.Meta):
        model = Evidence
        fields: ClassVar[list[str]] = ["bearing", "note", "manner", "speaker", "credibility"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.latest is not None and "quote" in self.fields:
            passage = self.instance.passage
            self.initial["source"] = passage.source_text.source
            self.initial["quote"] = passage.exact
        self.text: SourceText | None = None
        self.span: anchors.Span | None = None
        if "place" in self.fields and self.data.get("place"):
            # The offer of the last round is taken as sent; clean() checks it against the text.
            self.fields["place"].choices = [(self.data["place"], "")]

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
            (
                str(span.start),
                f"…{text[max(0, span.start - NEAR) : span.start]}"
                f"[{text[span.start : span.end]}]{text[span.end : span.end + NEAR]}…",
            )
            for span in spans[:20]
        ]
        message = f"These words are at {len(spans)} places of the text. Choose the one meant."
        self.add_error("place", message)

    def values(self, names: list[str]) -> dict[str, Any]:
        """The columns; the three fields of the quotation make one passage."""
        quoted = [name for name in names if name in QUOTED]
        found = super().values([name for name in names if name not in QUOTED])
        if quoted and self.span is not None:
            passage = self._passage()
            clean = anchors.clean(passage.exact)
            found |= {"passage": passage, "clean_text": clean if clean != passage.exact else ""}
        return found

    def _passage(self) -> Passage:
        """The passage at the place found, the stored one where somebody cited it before."""
        start, end = self.span.start, self.span.end
        known = Passage.objects.filter(source_text=self.text, start=start, end=end).first()
        if known is not None:
            return known
        passage = Passage.cut(self.text, start, end)
        passage.dossier = self.dossier
        passage.save()
        return passage
