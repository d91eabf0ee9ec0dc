"""Marking: a record and the words of a source it rests on, made together on one form.

Each noun has its own form here, which brings along `words`: the passage, how it bears on the
record, and whose words it is. Both are checked together and written in one revision. Actors and
issues that the dossier does not have yet are added on the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property

from events import anchors, suggestions
from events.forms.citing import WordsForm
from events.forms.commitment import CommitmentForm
from events.forms.event import EventForm
from events.forms.evidence import EvidenceForm
from events.forms.fields import WhenField
from events.forms.newcomers import KIND, Newcomers
from events.forms.passage import marked_as
from events.forms.position import PositionForm
from events.forms.records import RecordForm
from events.models import Evidence, Participation, Passage, Source, Suggestion
from events.models.base import Reviewable, ReviewRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.drafting import Draft
    from events.models import Record, SourceText, User

DECIDED = "Somebody decided about this suggestion already."
AGAIN = "Nothing has been written. Look whether the words are still right, then save once more."


class Marked(Newcomers, RecordForm):
    """A new record together with the words it rests on.

    `text` is the newest one of `source`, None for none. `draft` is the suggestion it began as: it
    is accepted in the same revision.
    """

    short: ClassVar[tuple[str, ...]] = ()
    """The fields shown at once; the others are folded away."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        source: Source,
        text: SourceText | None,
        draft: Draft | None = None,
        initial: dict[str, Any] | None = None,
        words: dict[str, Any] | None = None,
    ) -> None:
        self.source, self.draft = source, draft
        super().__init__(data, dossier=source.dossier, initial=initial)
        self.words = WordsForm(data, source=source, text=text, initial=words, wants=self.wants)
        for field in self.fields.values():
            if isinstance(field, WhenField):
                field.counts_from(source)

    wants: ClassVar[tuple[str, ...]] = ("bearing", "manner", "speaker", "credibility", "note")
    """The fields of the evidence that are asked."""

    @property
    def first(self) -> list[Any]:
        """The fields shown at once."""
        return [self[name] for name in self.short if name in self.fields]

    @property
    def more(self) -> list[Any]:
        """The fields folded away."""
        names = [name for name in self.fields if not name.endswith(KIND)]
        return [self[name] for name in names if name not in self.short]

    @property
    def more_is_open(self) -> bool:
        """Whether a mistake is among them."""
        return any(bound.errors for bound in [*self.more, *self.words.more])

    def is_valid(self) -> bool:
        """Both parts, so that every mistake is told at once."""
        own, theirs = super().is_valid(), self.words.is_valid()
        return own and theirs

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Every mistake: id of its field, label, sentence."""
        found = []
        for form in (self, self.words):
            for name, errors in form.errors.items():
                bound = form[name] if name in form.fields else None
                label = str(bound.label) if bound else ""
                place = bound.id_for_label or bound.auto_id if bound else ""
                found += [(place, label, str(error)) for error in errors]
        return found

    def write(self, by: User, *, publish: bool = False) -> bool:
        """Save all of it in one revision, published where `publish` asks and `by` may."""
        self.by, self.publishes = by, publish
        self.kept_back = ""
        return super().write(by)

    def _create(self) -> Record:
        self._begin()
        return super()._create()

    def _begin(self) -> None:
        """What is written first, whatever is made: see that the words still stand in the newest
        text, take the suggestion, add who is new."""
        # Whoever stores a new version, or marks words of this one, waits for us, and we for them.
        source = Source.objects.select_for_update(no_key=True).get(pk=self.source.pk)
        newest = source.texts.order_by("-number").values_list("pk", flat=True).first()
        if newest != self.words.text.pk:
            raise ValidationError(f"A newer text of {source.ref} was stored meanwhile. {AGAIN}")
        if self.draft is not None:
            self._decide()
        self.settle(self.words)

    def _decide(self) -> None:
        """Store that the suggestion is accepted. Whoever comes second is refused here, before
        anything is made twice."""
        try:
            suggestions.decide(self.source, self.draft, Suggestion.Decision.ACCEPTED)
        except IntegrityError as problem:
            if "suggestion_once" not in str(problem):
                raise
            raise ValidationError(DECIDED, code="decided") from None

    def after_write(self, record: Record) -> None:
        """The evidence, and what follows from it."""
        super().after_write(record)
        self.passage = self.words.cite(record)
        if self.publishes and isinstance(record, Reviewable):
            try:
                record.publish(by=self.by)
            except ReviewRefused as problem:
                self.kept_back = str(problem)

    @property
    def noun(self) -> str:
        """What is made, as templates name it."""
        return str(self._meta.model._meta.model_name)

    @property
    def is_reviewable(self) -> bool:
        """Whether what is made goes through review."""
        return issubclass(self._meta.model, Reviewable)

    def as_sent(self, note: str) -> QueryDict:
        """What this form would send as it begins, with `note` for the history."""
        sent = QueryDict(mutable=True)
        for form in (self, self.words):
            for bound in form:
                value = bound.value()
                many = isinstance(value, (list, tuple)) and bound.name == "along"
                sent.setlist(bound.html_name, value if many else ["" if value is None else value])
        sent["reason"] = note
        sent["cited-offered"] = self.words.offered
        return sent

    @property
    def is_decided(self) -> bool:
        """Whether it was refused because somebody decided before."""
        return self.has_error(forms.forms.NON_FIELD_ERRORS, "decided")


class EventMark(Marked, EventForm):
    """An event, with the speaker's part in it and who was spoken to."""

    role = forms.ChoiceField(
        label="The speaker's part in it",
        required=False,
        choices=[("", "None: only speaks about it"), *Participation.Role.choices],
    )
    addressee = Newcomers.actor_field("Spoken to", required=False)
    beside = ("role", "addressee")
    short = ("title", "when", "kind", "role", "addressee")
    field_order: ClassVar[list[str]] = [
        *("title", "when", "kind", "role", "addressee", "place", "when_basis", "modality"),
        *("channel", "part_of", "coordinates", "summary", "reason"),
    ]

    def after_write(self, record: Record) -> None:
        """Also who took part."""
        super().after_write(record)
        parts = [(self.words.cleaned_data.get("speaker"), self.cleaned_data["role"])]
        parts.append((self.cleaned_data.get("addressee"), Participation.Role.ADDRESSEE))
        for actor, role in parts:
            if actor is not None and role:
                Participation.objects.create(
                    dossier=self.dossier, event=record, actor=actor, role=role
                )


class PositionMark(Marked, PositionForm):
    """A position; its stance is for a person to say, so none is chosen beforehand."""

    short = ("actor", "issue", "stance", "summary", "condition", "event")


class CommitmentMark(Marked, CommitmentForm):
    """A commitment or a signal."""

    short = ("action", "debtor", "firmness", "condition", "due", "creditor", "event")


class PassageMark(Marked):
    """Words kept on their own, with whose they are."""

    wants = ("speaker",)

    class Meta(RecordForm.Meta):
        model = Passage
        fields: ClassVar[list[str]] = []

    def is_valid(self) -> bool:
        """Words are marked once."""
        if not super().is_valid():
            return False
        known = self.words.known()
        if known is not None:
            self.words.add_error("quote", marked_as(known))
        return known is None

    def _create(self) -> Record:
        self._begin()
        if known := self.words.known():
            raise ValidationError(marked_as(known))
        self.passage = self.words.passage()
        return self.passage

    def after_write(self, record: Record) -> None:
        """Whose words they are stands on the passage itself."""
        speaker = self.words.cleaned_data.get("speaker")
        if speaker is not None:
            record.speaker = speaker
            record.save()


class EvidenceMark(Marked):
    """Words for or against a record that is there already."""

    about = EvidenceForm.base_fields["about"]
    short = ("about",)

    class Meta(RecordForm.Meta):
        model = Evidence
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [self.dossier.slug, self.source.ref]
        address = reverse("events:source-mark-targets", args=names)
        self.fields["about"].widget.options_url = f"{address}?of=about"

    def _create(self) -> Record:
        self._begin()
        self.passage = self.words.cite(self.cleaned_data["about"])
        return self.words.evidence[0]

    def after_write(self, record: Record) -> None:
        """All is written."""


FORMS: dict[str, type[Marked]] = {
    "event": EventMark,
    "position": PositionMark,
    "commitment": CommitmentMark,
    "passage": PassageMark,
    "evidence": EvidenceMark,
}
"""What can be made of marked words, by its name in addresses."""

NAMES = {
    "event": "Event",
    "position": "Position",
    "commitment": "Commitment",
    "passage": "Quote only",
    "evidence": "Evidence for a record",
}


class NounForm(forms.Form):
    """What to make of words that are typed or pasted, for those without script. An address that
    names neither asks for the form."""

    noun = forms.ChoiceField(
        label="What to record", choices=list(NAMES.items()), widget=forms.RadioSelect
    )
    quote = forms.CharField(
        label="Words of the source",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Typed or pasted as they stand in the text. Marks and spaces may differ.",
    )

    def __init__(self, query: Mapping[str, str]) -> None:
        super().__init__(query if query.keys() & self.base_fields.keys() else None)

    @property
    def meant(self) -> tuple[str, str]:
        """The noun and the words."""
        return self.cleaned_data["noun"], self.cleaned_data["quote"]


class MeantForm(forms.Form):
    """Which words of the newest text of a source an address means: code points of a version of the
    text, or the words themselves, or a suggestion."""

    start = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    end = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    text = forms.IntegerField(min_value=1, max_value=2**15 - 1, required=False)
    quote = forms.CharField(max_length=20_000, required=False)
    suggestion = forms.CharField(max_length=64, required=False)

    def __init__(self, data: Mapping[str, Any], source: Source, newest: SourceText | None) -> None:
        super().__init__(data)
        self.source, self.newest = source, newest

    @cached_property
    def asked(self) -> dict[str, Any]:
        """What was asked for and can be read."""
        self.is_valid()
        return self.cleaned_data

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """Where the words stand in the newest text, None where that is not sure. Words chosen in
        an older version are looked for."""
        newest, asked = self.newest, self.asked
        start, end, number = asked.get("start"), asked.get("end"), asked.get("text")
        if newest is None:
            return None
        if start is None or end is None or not start < end:
            return sure_place(newest.text, asked.get("quote") or "")
        if number in (None, newest.number):
            return trimmed(newest.text, start, end)
        older = self.source.texts.filter(number=number).first()
        words = older.text[start:end] if older else ""
        return sure_place(newest.text, words)

    @property
    def words(self) -> str:
        """The words, as they stand in the text where they were found."""
        if self.span is not None and self.newest is not None:
            return self.newest.text[slice(*self.span)]
        return self.asked.get("quote") or ""


def sure_place(text: str, quote: str) -> tuple[int, int] | None:
    """Where a quote stands, None unless it stands at one place."""
    spans = anchors.find(text, quote) if quote.strip() else []
    return trimmed(text, spans[0].start, spans[0].end) if len(spans) == 1 else None


_PAIRS = {"“": "”", "„": "“”", "«": "»", "»": "«", '"': '"', "‘": "’", "‚": "‘’", "'": "'"}


def trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A selection without white space and citation digits at its ends, and without the quotation
    marks where it is exactly what stands between them. None where no letter is left."""
    start, end = max(start, 0), min(end, len(text))
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    words = anchors.unmarked(text[start:end])
    end = start + len(words)
    closing = _PAIRS.get(words[:1], "")
    if len(words) > 2 and words[-1] in closing and not set(words[1:-1]) & {words[0], words[-1]}:
        start, end = start + 1, end - 1
    return (start, end) if any(letter.isalnum() for letter in text[start:end]) else None
