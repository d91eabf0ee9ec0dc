"""What the reader of a source shows: its text cut into marks, and a card for each record there.

A visitor reads only the words that are cited; drafts, suggestions and the whole text are for
members.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.db.models import Count

from events import marks
from events.cards import CONTESTED, KINDS, Card, cards_of, suggested
from events.forms.reader import ReaderForm
from events.marks import Mark, Paragraph
from events.models import Passage
from events.suggestions import Review, review_of

if TYPE_CHECKING:
    from events.models import Source, SourceText
    from events.roles import Viewer

LISTED = 200
"""Paragraphs that the outline lists one by one; of a longer text only those with marks."""


@dataclass(slots=True)
class Line:
    """A paragraph in the outline: the kinds marked in it, and how many marks begin there."""

    number: int
    kinds: list[str] = field(default_factory=list)
    marks: int = 0
    open: int = 0

    @property
    def swatches(self) -> list[str]:
        """The kinds in the order of the outline."""
        return sorted(self.kinds, key=list(ReaderForm.KINDS).index)


@dataclass(slots=True)
class Block:
    """Paragraphs that stand open, or are folded as one."""

    paragraphs: list[Paragraph]
    is_folded: bool
    marks: int = 0

    @property
    def name(self) -> str:
        """ "Paragraphs 1 and 2", "Paragraphs 3 to 7", "Paragraph 4"."""
        first, last = self.paragraphs[0].number, self.paragraphs[-1].number
        if first == last:
            return f"Paragraph {first}"
        return f"Paragraphs {first} {'and' if last == first + 1 else 'to'} {last}"


@dataclass(slots=True)
class Reading:
    """One text of a source as one viewer reads it."""

    text: SourceText | None
    cards: list[Card] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    review: Review = field(default_factory=Review)
    lines: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    counts: list[tuple[str, str, int, bool]] = field(default_factory=list)
    """Of each kind: value, name, records (or open suggestions), whether it is shown."""

    @property
    def outline(self) -> list[Line]:
        """The paragraphs that the outline lists."""
        if len(self.lines) <= LISTED:
            return self.lines
        return [line for line in self.lines if line.marks or line.open]

    @property
    def is_long(self) -> bool:
        """Whether what is far from the window should not be laid out until it comes near."""
        return len(self.paragraphs) > 2 * LISTED

    @property
    def record_count(self) -> int:
        """How many records rest on the text."""
        return len({card.record.ref for card in self.cards if card.record})

    @property
    def accepted_share(self) -> int:
        """Percent of all suggestions."""
        return round(100 * self.review.accepted / self.review.total)

    @property
    def rejected_share(self) -> int:
        """Percent of all suggestions."""
        return round(100 * self.review.rejected / self.review.total)


def read(source: Source, viewer: Viewer, form: ReaderForm, *, suggests: bool = True) -> Reading:
    """The newest text of `source` with what rests on it; a fixed number of queries.

    Without `suggests` no suggestions are looked for: only the reader itself shows them.
    """
    text = source.current_text
    if text is None:
        return Reading(None)
    # Both are at hand, and need not be asked for again.
    text.source, text.dossier = source, viewer.dossier
    passages = passages_of(text, viewer)
    words = text.text if viewer.is_member else excerpts(text.text, passages)
    cards = cards_of(passages, viewer)
    review = review_of(text, viewer) if suggests else Review()
    cut = _marks(passages, cards, form.shown)
    for card, found in suggested(review.open):
        cards.append(card)
        card.is_off = "suggestion" not in form.shown
        cut += [replace(mark, kind="off") if card.is_off else mark for mark in found]
    paragraphs = marks.paragraphs(words, [*cut, *marks.found_in(words)])
    cards.sort(key=lambda card: card.start)
    for card in cards:
        card.paragraph = marks.number_at(paragraphs, card.start)
    reading = Reading(text, cards, paragraphs, review)
    reading.lines = _lines(reading)
    reading.blocks = _blocks(reading, is_folded=form.is_folded and viewer.may_edit)
    reading.counts = _counts(reading, form.shown)
    return reading


def passages_of(text: SourceText, viewer: Viewer) -> list[Passage]:
    """The passages of `text` that this viewer may see, in the order of the text.

    Visitors are told whose words they are by the evidence; whom only the passage names, whom they
    may not see elsewhere, is left out.
    """
    rows = text.passages.visible_to(viewer).order_by("start", "-end", "id")
    if viewer.is_member:
        return list(rows.select_related("speaker__side"))
    found = list(rows)
    for passage in found:
        passage.speaker = None
    return found


def excerpts(text: str, passages: list[Passage]) -> str:
    """The words of `passages` (by start) and nothing else of `text`, a paragraph for each run.

    A text is often somebody's whole article, which we may quote but not publish; so visitors get
    what is cited. Moves the passages, in memory, to where their words stand in what is returned.
    """
    runs: list[str] = []
    length = end = 0
    for passage in passages:
        if not runs or passage.start >= end:
            length += len(runs[-1]) + 1 if runs else 0
            runs.append("")
            begin = end = passage.start
        runs[-1] += text[max(end, passage.start) : passage.end]
        end = max(end, passage.end)
        passage.start += length - begin
        passage.end += length - begin
    return "\n".join(runs)


def _marks(passages: list[Passage], cards: list[Card], shown: frozenset[str]) -> list[Mark]:
    """The passages as marks: each of the first of its kinds that is shown, else "off"."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for card in cards:
        card.is_off = card.kind not in shown
        kinds[card.mark].append("off" if card.is_off else card.kind)
    order = [*dict.fromkeys(KINDS.values()), "off"]
    # What visitors see as a side of a conflict has no card.
    rest = ["other" if "other" in shown else "off"]
    return [
        Mark(
            p.start,
            p.end,
            p.ref,
            min(kinds.get(p.ref, rest), key=order.index),
            card=f"card-{p.ref}" if p.ref in kinds else "",
            number=number,
        )
        for number, p in enumerate(passages, 1)
    ]


def _lines(reading: Reading) -> list[Line]:
    lines = [Line(paragraph.number) for paragraph in reading.paragraphs]
    for card in reading.cards:
        line = lines[card.paragraph - 1]
        if card.suggestion:
            line.open += 1
        else:
            line.marks += 1
        if card.kind not in line.kinds:
            line.kinds.append(card.kind)
    for start in reading.review.waiting:
        # What comes when others are decided is left to review all the same.
        lines[marks.number_at(reading.paragraphs, start) - 1].open += 1
    return lines


def _blocks(reading: Reading, *, is_folded: bool) -> list[Block]:
    """The paragraphs as they are shown; without folding they are one block."""
    if not is_folded:
        return [Block(reading.paragraphs, is_folded=False)] if reading.paragraphs else []
    blocks: list[Block] = []
    for paragraph, line in zip(reading.paragraphs, reading.lines, strict=True):
        done = line.open == 0
        if not blocks or blocks[-1].is_folded != done:
            blocks.append(Block([], is_folded=done))
        blocks[-1].paragraphs.append(paragraph)
        blocks[-1].marks += line.marks
    return blocks


def _counts(reading: Reading, shown: frozenset[str]) -> list[tuple[str, str, int, bool]]:
    """The rows of the outline: the four main kinds always, others where there are any."""
    found: dict[str, set[str]] = {kind: set() for kind in ReaderForm.KINDS}
    for card in reading.cards:
        found[card.kind].add(card.record.ref if card.record else card.mark)
    counts = {kind: len(names) for kind, names in found.items()}
    counts["suggestion"] += len(reading.review.waiting)
    return [
        (kind, name, counts[kind], kind in shown)
        for kind, name in ReaderForm.KINDS.items()
        if found[kind] or kind in CONTESTED
    ]


def misplaced(source: Source, viewer: Viewer) -> dict[str, int]:
    """How many passages of `source` were lost, and how many moved and want a look; {} for none."""
    rows = Passage.objects.visible_to(viewer).filter(source_text__source=source).order_by()
    unsure = rows.filter(state__in=Passage.UNSURE)
    found = dict(unsure.values_list("state").annotate(Count("pk")))
    return {str(state): found.get(state, 0) for state in Passage.UNSURE} if found else {}
