"""The forms of readouts: whose account of an event, its points, and the words of each on each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db.models import Max

from events.forms.quotation import Quoting
from events.forms.records import RecordForm
from events.models import Passage, Readout, ReadoutPassage, ReadoutPoint

if TYPE_CHECKING:
    from events.models import Record

OFFERED = 40
"""Passages of a source that are offered, the first of its text; other words are pasted."""

SHOWN = 240
"""Characters of a passage in the offer."""


class ReadoutForm(RecordForm):
    """The source that gives an account of an event, and whose account it is."""

    together = ("event",)

    class Meta(RecordForm.Meta):
        model = Readout
        fields: ClassVar[list[str]] = ["event", "source", "actor"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "actor" in self.fields:
            self.fields["actor"].help_text = "The party whose account it is; empty for none."
        if self.latest is not None:
            self.fields.pop("event", None)

    def clean(self) -> dict[str, Any]:
        """Refuse another source while words of the present one stand in the comparison."""
        found: dict[str, Any] = super().clean() or {}
        source = found.get("source")
        if self.latest is None or source is None or source.pk == self.latest.source_id:
            return found
        if count := self.latest.passages.count():
            words = "its words stand" if count == 1 else f"{count} of its words stand"
            self.add_error(
                "source",
                f"{words[0].upper()}{words[1:]} in the comparison. Remove them first,"
                f" or add {source.ref} as another account.",
            )
        return found


class ReadoutPointForm(RecordForm):
    """A point that the accounts make, leave out or contradict; a new one comes last."""

    together = ("event",)

    class Meta(RecordForm.Meta):
        model = ReadoutPoint
        fields: ClassVar[list[str]] = ["event", "subject", "reading", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "subject" in self.fields:
            self.fields["subject"].label = "Point"
            self.fields["subject"].help_text = "What the accounts speak of: Start of the ceasefire."
        if "reading" in self.fields:
            self.fields["reading"].label = "How the accounts read"
        if self.latest is not None:
            self.fields.pop("event", None)

    def complete(self, record: Record) -> None:
        """Number it after the others."""
        points = ReadoutPoint.objects.filter(event=record.event)
        record.number = (points.aggregate(n=Max("number"))["n"] or 0) + 1


class ReadoutPassageForm(Quoting):
    """The words with which an account makes a point: marked in its source already, or found there
    as they are typed or pasted."""

    marked = forms.ChoiceField(
        label="Words marked in the source", required=False, widget=forms.RadioSelect
    )
    quote = forms.CharField(
        label="Other words of the source",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="As they stand in its text.",
    )
    place = forms.ChoiceField(label="Which place", required=False, widget=forms.HiddenInput)
    together = ("marked", "quote", "place")
    field_order: ClassVar[list[str]] = ["point", "readout", "marked", "quote", "place"]

    class Meta(RecordForm.Meta):
        model = ReadoutPassage
        fields: ClassVar[list[str]] = ["point", "readout"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.more = 0
        self.passage: Passage | None = None
        self.known_point = self._known("point", ReadoutPoint)
        self.account = self._known("readout", Readout)
        for name, known in (("point", self.known_point), ("readout", self.account)):
            if known is not None and name in self.fields:
                self.fields[name].widget = forms.HiddenInput()
        if "marked" in self.fields:
            self.fields["marked"].choices = offers = self._offers()
            self.initial["marked"] = str(self.latest.passage_id) if self.latest else ""
            if len(offers) == 1:
                # Nothing is marked in it yet.
                del self.fields["marked"]
                self.fields["quote"].label = "Words of the source"

    def _known(self, name: str, model: type[Any]) -> Any:
        """The point or account that is meant, None while none is known."""
        if self.latest is not None:
            return getattr(self.latest, name)
        typed = str(self[name].value() or "") if name in self.fields else ""
        rows = model.objects.filter(dossier=self.dossier, ref=typed.partition(" ")[0])
        related = ("source", "actor") if model is Readout else ("event",)
        return rows.select_related(*related).first() if typed and "\0" not in typed else None

    def _offers(self) -> list[tuple[str, str]]:
        """The passages of the source, the one that stands here now among them."""
        if self.account is None:
            return [("", "None of these")]
        rows = Passage.objects.filter(source_text__source=self.account.source_id)
        first = list(rows.order_by("-source_text__number", "start", "id")[: OFFERED + 1])
        self.more = max(0, len(first) - OFFERED)
        offered = {passage.pk: passage for passage in first[:OFFERED]}
        if self.latest is not None:
            offered.setdefault(self.latest.passage_id, self.latest.passage)
        listed = [(str(key), _shortened(passage.exact)) for key, passage in offered.items()]
        return [*listed, ("", "None of these")]

    def clean(self) -> dict[str, Any]:
        """Find the words, and refuse what does not belong together."""
        found: dict[str, Any] = super().clean() or {}
        point, readout = found.get("point", self.known_point), found.get("readout", self.account)
        if point and readout and point.event_id != readout.event_id:
            self.add_error(None, f"{readout.ref} is an account of another event than {point.ref}.")
            return found
        if readout is None or "quote" not in self.fields:
            return found
        marked, quote = found.get("marked"), found.get("quote")
        # Of words that stand there already one is always chosen; typed ones take their place.
        if quote and marked and self.latest is None:
            self.add_error("quote", "Choose marked words or give others, not both.")
        elif quote:
            self._find(readout.source, quote, found.get("place") or "")
        elif marked:
            self.passage = Passage.objects.filter(pk=marked, dossier=self.dossier).first()
        elif not self.has_error("marked"):
            self.add_error("quote", "Choose marked words, or paste the words of the source.")
        if point and not self.errors:
            self._refuse_twice(point, readout)
        return found

    def _find(self, source: Any, quote: str, place: str) -> None:
        self.text = source.current_text
        if self.text is None:
            self.add_error("quote", f"{source.ref} has no text yet. Add its text first.")
        else:
            self.look_up(source, quote, place)

    def _refuse_twice(self, point: ReadoutPoint, readout: Readout) -> None:
        same = ReadoutPassage.objects.filter(point=point, readout=readout)
        same = same.exclude(pk=self.latest.pk if self.latest else None)
        if self.passage is not None:
            same = same.filter(passage=self.passage)
        else:
            marking = Passage.marking(self.text, self.span.start, self.span.end)
            same = same.filter(passage__in=marking)
        if same.exists():
            self.add_error("quote" if self.passage is None else "marked", "They stand there now.")

    def values(self, names: list[str]) -> dict[str, Any]:
        """The columns; what says which words makes one passage."""
        found = super().values([name for name in names if name not in self.together])
        if set(names) & set(self.together):
            passage = self.passage
            if passage is None and self.span is not None:
                passage = Passage.at(self.text, self.span.start, self.span.end)
            found |= {"passage": passage} if passage is not None else {}
        return found


class PlaceForm(forms.Form):
    """The place that a point is to have among those of its event."""

    number = forms.IntegerField(min_value=1, max_value=1000)


def _shortened(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"
