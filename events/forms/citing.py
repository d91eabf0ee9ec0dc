"""The part of a form that says which words of a source a record rests on, and how."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from events import anchors
from events.forms.newcomers import KIND, Newcomers
from events.forms.quotation import Quoting
from events.forms.records import RecordForm
from events.models import Evidence, Passage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.models import Record, Source, SourceText

ALONG = 60
"""Further quotations that are offered along with the words."""

SAID = ("bearing", "manner", "speaker", "credibility", "note")
"""What the form says about the words, each a column of the evidence."""

_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})-([a-z_]{1,20})")


class WordsForm(Quoting, Newcomers):
    """Words of the newest text of a source, with bearing, manner and speaker.

    `at` is where they stand ("12-80-1": start, end, version of the text); where that does not hold
    any more, or nothing was selected, they are found by their words. `along` are further places
    the record rests on ("90-120-direct_quote"). All offsets are code points.
    """

    prefix = "cited"

    quote = forms.CharField(
        label="Words of the source",
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="As they stand in its text.",
    )
    at = forms.RegexField(
        r"^\d{1,9}-\d{1,9}-\d{1,5}$", required=False, widget=forms.HiddenInput, label="Place"
    )
    place = forms.ChoiceField(label="Which place", required=False, widget=forms.HiddenInput)
    along = forms.MultipleChoiceField(
        label="It also rests on", required=False, widget=forms.CheckboxSelectMultiple
    )
    beside: ClassVar[tuple[str, ...]] = ("quote", "at", "place", "along")

    class Meta(RecordForm.Meta):
        model = Evidence
        fields: ClassVar[list[str]] = ["bearing", "manner", "speaker", "credibility", "note"]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        source: Source,
        text: SourceText | None,
        initial: dict[str, Any] | None = None,
        wants: tuple[str, ...] = (),
    ) -> None:
        super().__init__(data, dossier=source.dossier, initial=initial)
        self.source, self.text = source, text
        self.evidence: list[Evidence] = []
        kept = {*wants, *(name + KIND for name in wants), *self.beside}
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]
        self.fields["along"].choices = self._offers(initial or {})

    def _offers(self, initial: dict[str, Any]) -> list[tuple[str, str]]:
        """The further places, with their words; those that are none of the text are left out."""
        sent = self.data.getlist("cited-along") if hasattr(self.data, "getlist") else []
        listed = (self.data.get("cited-offered") or "").split()
        offers = []
        for value in dict.fromkeys([*initial.get("offered", []), *listed, *sent][:ALONG]):
            span = self._read(value)
            if span is not None:
                words = self.text.text[span[0] : span[1]]
                offers.append((value, words if len(words) <= 160 else f"{words[:158]} …"))
        self.offered = " ".join(value for value, _ in offers)
        return offers

    def _read(self, value: str) -> tuple[int, int, str] | None:
        match = _SPAN.fullmatch(value)
        if match is None or self.text is None:
            return None
        start, end, manner = int(match[1]), int(match[2]), match[3]
        known = manner in Evidence.Manner.values
        return (start, end, manner) if known and start < end <= len(self.text.text) else None

    @property
    def first(self) -> list[Any]:
        """The fields shown at once."""
        return self._bound("speaker", "manner", "bearing")

    @property
    def more(self) -> list[Any]:
        """The fields folded away."""
        return self._bound("credibility", "note")

    def _bound(self, *names: str) -> list[Any]:
        return [self[name] for name in names if name in self.fields]

    @property
    def is_placed(self) -> bool:
        """Whether the words are shown as they stand, rather than typed."""
        return bool(self["at"].value()) and not self.has_error("quote")

    def clean(self) -> dict[str, Any]:
        """Find the words; ask where they are there more than once."""
        found = super().clean()
        quote = found.get("quote")
        if not quote:
            return found
        if self.text is None:
            self.add_error("quote", f"{self.source.ref} has no text yet. Add its text first.")
            return found
        quote = quote.replace("\r\n", "\n")
        self.span = self._placed(found.get("at") or "", quote)
        if self.span is None:
            self.look_up(self.source, quote, found.get("place") or "")
        return found

    def _placed(self, at: str, quote: str) -> anchors.Span | None:
        """The place that was sent, if these words stand there in the newest text."""
        if not at:
            return None
        start, end, number = (int(part) for part in at.split("-"))
        same = number == self.text.number and self.text.text[start:end] == quote
        return anchors.Span(start, end) if same and start < end else None

    def _get_validation_exclusions(self) -> set[str]:
        # What it is evidence for is not there yet.
        return super()._get_validation_exclusions() | {"passage", *Evidence.TARGETS}

    def _post_clean(self) -> None:
        """Nothing of its own is checked against the table before it has its record."""

    def known(self) -> Passage | None:
        """The passage that marks exactly these words already."""
        span = self.span
        return Passage.marking(self.text, span.start, span.end).first() if span else None

    def passage(self) -> Passage:
        """The passage at the place found, the stored one where somebody cited it before."""
        return Passage.at(self.text, self.span.start, self.span.end)

    def cite(self, record: Record) -> Passage:
        """Make the words evidence for `record`; run inside `recording()`."""
        said = self.cleaned_data
        own = {name: said[name] for name in SAID if name in said}
        first = self.passage()
        self._add(record, first, own)
        for value in said.get("along", []):
            start, end, manner = self._read(value)
            passage = Passage.at(self.text, start, end)
            self._add(record, passage, {**own, "manner": manner})
        return first

    def _add(self, record: Record, passage: Passage, said: dict[str, Any]) -> None:
        evidence = Evidence(
            dossier=self.dossier, passage=passage, clean_text=passage.clean_text, **said
        )
        setattr(evidence, str(record._meta.model_name), record)
        evidence.full_clean(exclude=record.GIVEN)
        evidence.save()
        self.evidence.append(evidence)
