"""Sources, the versions of their text, and the passages cited from them."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import Any, Self

from django.apps import apps
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Left
from django.urls import reverse

from events import anchors

from .base import Record, Within, named_in, ordered
from .fields import OneOf, UncertainDate


class Basis(models.TextChoices):
    """How a date is known."""

    STATED = "stated", "Stated"
    DERIVED_DOCUMENT = "derived_document", "Derived from the document's date"
    DERIVED_EVENT = "derived_event", "Derived from another event"
    INFERRED = "inferred", "Inferred"


class Source(Record):
    """A document or utterance that records rest on."""

    ref_prefix = "S"

    class Kind(models.TextChoices):
        """What sort of document it is."""

        ARTICLE = "article", "Article"
        OFFICIAL_STATEMENT = "official_statement", "Official statement"
        JOINT_STATEMENT = "joint_statement", "Joint statement"
        SOCIAL_POST = "social_post", "Social post"
        TRANSCRIPT = "transcript", "Transcript"
        INTERVIEW = "interview", "Interview"
        VIDEO = "video", "Video"
        REPORT = "report", "Report"
        AGREEMENT = "agreement", "Agreement"

    class Reliability(models.TextChoices):
        """Admiralty code, first half: the source."""

        A = "A", "A: completely reliable"
        B = "B", "B: usually reliable"
        C = "C", "C: fairly reliable"
        D = "D", "D: not usually reliable"
        E = "E", "E: unreliable"
        F = "F", "F: cannot be judged"

    class Translation(models.TextChoices):
        """Who stands behind a translation; of an original it says nothing."""

        UNKNOWN = "unknown", "Not known whose"
        OFFICIAL = "official", "Official translation"
        UNOFFICIAL = "unofficial", "Unofficial translation"

    title = models.CharField(max_length=300)
    kind = OneOf(choices=Kind, default=Kind.ARTICLE)
    publisher = models.CharField(max_length=200, blank=True, default="")
    author = models.CharField(max_length=200, blank=True, default="")
    published = UncertainDate("published")
    published_basis = OneOf("basis of the date", choices=Basis, default=Basis.STATED)
    url = models.URLField("address", max_length=2000, blank=True, default="")
    language = models.CharField(max_length=35, default="en", help_text="BCP 47 tag, such as en.")
    reliability = OneOf(choices=Reliability, default=Reliability.F)
    translation_of = Within(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="translations"
    )
    translation_status = OneOf(
        "whose translation",
        choices=Translation,
        default=Translation.UNKNOWN,
        help_text="Says something of a translation only.",
    )
    note = models.TextField(blank=True, default="")

    class Meta(Record.Meta):
        ordering = ["id"]
        constraints = [
            *Record.Meta.constraints,
            ordered("published_earliest", "published_latest"),
        ]
        indexes = [
            GinIndex(
                SearchVector("title", "publisher", "author", config="simple"),
                name="source_search",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("events:source-detail", args=[self.dossier.slug, self.ref])

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        """What no published record cites."""
        cited = Passage.cited_in_public().filter(source_text__source=models.OuterRef("pk"))
        return ~models.Q(models.Exists(cited))

    def receive(self, text: str, taken_from: str = "") -> SourceText | None:
        """Save a new source with the first version of its text; run inside `recording()`.

        `text` is kept as it is. An empty one is none: some sources are known only by others.
        `taken_from` says what it was read from, such as "statement.pdf (PDF, 2 pages)".
        """
        self.save()
        if not text:
            return None
        return SourceText.objects.create(
            dossier_id=self.dossier_id, source=self, text=text, taken_from=taken_from
        )

    def foresee(self, text: str, taken_from: str = "") -> Reread:
        """What `add_text` would make of the passages; nothing is written, the records are unsaved.

        Raises ValueError for an empty text, or the newest one again.
        """
        return self._reread(text, taken_from, Passage.objects.all())

    def add_text(self, text: str, taken_from: str = "", *, after: int | None = None) -> Reread:
        """Store a new version of the text and take the passages along; run inside `recording()`.

        `text` and `taken_from` are as in `receive`, older versions stay. A passage whose words are
        found again stands in the new version from then on, its evidence with it; MOVED ones want a
        look. An orphan stays where it stood. `after` is the number of the newest version that the
        person saw, 0 for none. Raises NewerText when it is not any more, and ValueError for an
        empty text, or the newest one again.
        """
        # Two who do this at once would both take the next number.
        Source.objects.select_for_update(no_key=True).get(pk=self.pk)
        last = self.texts.order_by("-number").values_list("number", flat=True).first() or 0
        if after is not None and after != last:
            raise NewerText(f"Text {last} of {self.ref} was stored meanwhile.")
        found = self._reread(text, taken_from, Passage.objects.select_for_update(no_key=True))
        found.text.save()
        moving = [passage for passages in found.passages.values() for passage in passages]
        Passage.objects.bulk_update(moving, [*Passage.WHERE, "state"], batch_size=500)
        return found

    def _reread(self, text: str, taken_from: str, rows: models.QuerySet[Passage]) -> Reread:
        """The next version, and the passages as they would stand with it; all unsaved."""
        last = self.current_text
        if not text or (last is not None and last.text == text):
            raise ValueError("A new version has a text, and another one than the last version.")
        made = SourceText(
            dossier_id=self.dossier_id,
            source=self,
            number=last.number + 1 if last else 1,
            text=text,
            taken_from=taken_from,
        )
        found = Reread(made)
        before: dict[int, list[Passage]] = {}
        for passage in rows.filter(source_text__source=self).order_by("start", "id"):
            before.setdefault(passage.source_text_id, []).append(passage)
        texts = SourceText.objects.in_bulk(before)
        for pk, passages in before.items():
            spans = [anchors.Span(passage.start, passage.end) for passage in passages]
            places = anchors.again(texts[pk].text, text, spans)
            for passage, place in zip(passages, places, strict=True):
                found.was[passage.pk] = copy(passage)
                passage.stand_at(made, place)
                found.passages[Passage.State(passage.state)].append(passage)
        return found

    @property
    def current_text(self) -> SourceText | None:
        """The newest version of the text, None before one was stored."""
        return self.texts.order_by("-number").first()


class NewerText(Exception):
    """Somebody stored another version of a source's text meanwhile; nothing was written."""


@dataclass(slots=True)
class Reread:
    """A new version of a source's text, and what became of the passages, by state.

    `was` has each passage, by its key, as it stood before.
    """

    text: SourceText
    passages: dict[Passage.State, list[Passage]] = field(
        default_factory=lambda: {state: [] for state in Passage.State}
    )
    was: dict[int, Passage] = field(default_factory=dict)


class SourceText(Record):
    """One version of a source's text, exactly as received; never changed once stored."""

    ref_prefix = "ST"

    source = Within(Source, on_delete=models.CASCADE, related_name="texts")
    number = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()
    taken_from = models.CharField(
        max_length=300,
        blank=True,
        default="",
        help_text="What it was read from: a file's name and type, or nothing for a pasted text.",
    )
    sha256 = models.CharField(max_length=64, db_default="", editable=False)

    class Meta(Record.Meta):
        ordering = ["source_id", "number"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["source", "number"], name="sourcetext_number"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="sourcetext_from_1"),
        ]
        indexes = [
            # A tsvector holds at most 1 MB; the head of a long text is what search looks at.
            GinIndex(
                SearchVector(Left("text", 200_000), config="simple"), name="sourcetext_search"
            ),
        ]

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        """Those nobody cites. Of the others too the public sees only the passages cited."""
        cited = Passage.cited_in_public().filter(source_text=models.OuterRef("pk"))
        return ~models.Q(models.Exists(cited))

    @property
    def headline(self) -> str:
        return f"text {self.number} of {self.source.ref}"


class Passage(Record):
    """Words of a source text: W3C TextPositionSelector and TextQuoteSelector in one.

    `start` and `end` count code points of the stored text, `end` exclusive; the database checks
    that the text between them is `exact`.
    """

    ref_prefix = "P"

    class State(models.TextChoices):
        """Whether the words were found again in the newest text."""

        ANCHORED = "anchored", "Anchored"
        MOVED = "moved", "Moved"
        ORPHANED = "orphaned", "Orphaned"
        GONE = "gone", "No longer in the source"

    UNSURE = (State.MOVED, State.ORPHANED)
    """States that wait for a person. What a person found to be GONE is settled."""

    CONTEXT = 32
    """Code points of context kept on either side."""

    WHERE = ("source_text", "start", "end", "exact", "prefix", "suffix")
    """The columns that say which words of which text it is."""

    source_text = Within(SourceText, on_delete=models.CASCADE, related_name="passages")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=CONTEXT, blank=True, default="")
    suffix = models.CharField(max_length=CONTEXT, blank=True, default="")
    state = OneOf(choices=State, default=State.ANCHORED)
    speaker = Within(
        "Actor",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="words",
        help_text="Whose words they are, of a quotation that is no evidence yet.",
    )

    class Meta(Record.Meta):
        ordering = ["source_text_id", "start", "id"]
        constraints = [
            *Record.Meta.constraints,
            ordered("start", "end", strict=True),
        ]
        indexes = [
            GinIndex(SearchVector("exact", config="simple"), name="passage_search"),
        ]

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        """What is no evidence of a published record nor a side of a conflict the public sees."""
        member: Any = apps.get_model("events", "ConflictMember")
        conflict: Any = apps.get_model("events", "Conflict")
        sides = member._base_manager.filter(
            passage=models.OuterRef("pk"), conflict__in=conflict.objects.seen_by_public()
        ).order_by()
        return ~(
            named_in("Evidence.passage", "ReadoutPassage.passage") | models.Q(models.Exists(sides))
        )

    @classmethod
    def cited_in_public(cls) -> models.QuerySet[Self]:
        """Those the public sees, in no order."""
        return cls._base_manager.exclude(cls.hidden_from_public()).order_by()

    def clean(self) -> None:
        """Refuse words that do not stand at the named place of the text."""
        super().clean()
        if self.source_text_id is None or self.start is None or self.end is None:
            return
        found = self.source_text.text[self.start : self.end]
        if self.state in (self.State.ANCHORED, self.State.MOVED) and found != self.exact:
            raise ValidationError(
                {"exact": f"The text from {self.start} to {self.end} is '{found[:80]}'."}
            )

    @classmethod
    def cut(cls, source_text: SourceText, start: int, end: int) -> Self:
        """The passage from `start` to `end` (code points, end exclusive), unsaved, with context."""
        text = source_text.text
        if not 0 <= start < end <= len(text):
            raise ValueError(f"{start} to {end} is not within a text of {len(text)} characters.")
        return cls(
            dossier_id=source_text.dossier_id,
            source_text=source_text,
            start=start,
            end=end,
            exact=text[start:end],
            prefix=text[max(0, start - cls.CONTEXT) : start],
            suffix=text[end : end + cls.CONTEXT],
        )

    @classmethod
    def marking(cls, source_text: SourceText, start: int, end: int) -> models.QuerySet[Self]:
        """The stored passages of exactly these code points of `source_text`."""
        return cls._base_manager.filter(source_text=source_text, start=start, end=end)

    @classmethod
    def at(cls, source_text: SourceText, start: int, end: int) -> Self:
        """The passage of exactly these code points: the one that marks them already, else a new
        one, saved; run inside `recording()`. Raises ValueError for a place outside the text."""
        passage = cls.marking(source_text, start, end).first()
        if passage is None:
            passage = cls.cut(source_text, start, end)
            passage.save()
        return passage

    @property
    def clean_text(self) -> str:
        """The words without citation marks; "" where they have none."""
        clean = anchors.clean(self.exact)
        return clean if clean != self.exact else ""

    def _stand(self, source_text: SourceText, start: int, end: int) -> None:
        """Take the columns of a place, unsaved."""
        cut = Passage.cut(source_text, start, end)
        for column in self.WHERE:
            setattr(self, column, getattr(cut, column))

    def stand_at(self, source_text: SourceText, place: anchors.Place) -> None:
        """Take the place of the words in a new version of the text, or say that they are lost.

        Unsaved. What a person had not confirmed yet is still to be confirmed.
        """
        if place.span is None:
            is_settled = self.state == self.State.GONE
            self.state = self.State.GONE if is_settled else self.State.ORPHANED
        else:
            self._stand(source_text, place.span.start, place.span.end)
            was_sure = self.state == self.State.ANCHORED
            self.state = self.State(place.became) if was_sure else self.State.MOVED

    def settle(self, source_text: SourceText, start: int, end: int) -> None:
        """Stand at these code points of `source_text`, as a person decided; run inside
        `recording()`. Raises ValueError for a place outside the text."""
        self._stand(source_text, start, end)
        self.state = self.State.ANCHORED
        self.save(update_fields=[*self.WHERE, "state"])

    def give_up(self) -> None:
        """Say that the source has the words no more, as a person found; run inside `recording()`.

        It stays where it stood, its evidence with it.
        """
        self.state = self.State.GONE
        self.save(update_fields=["state"])

    @property
    def loss(self) -> str:
        """What is to be said of words that the newest text does not have, "" of others."""
        if self.state == self.State.GONE:
            return "No longer in the source"
        return "Lost in a newer version of the text" if self.state == self.State.ORPHANED else ""

    @property
    def paragraph(self) -> int:
        """Number of the paragraph it starts in, from 1; paragraphs end with a line break."""
        head = self.source_text.text[: self.start]
        return 1 + sum(1 for line in head.split("\n")[:-1] if line.strip())
