"""A source's text as numbered paragraphs, cut where marks begin and end. Pure.

Marks are passages, suggestions, and what the text itself brings: citation digits, insertions of
editors, control characters. They may lie inside each other or overlap. Each becomes a run of nested
elements: where two cross, the one that began later is closed and taken up again, so that the
result is always well formed. No character of the text is left out or added.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from events import anchors, signs

if TYPE_CHECKING:
    from collections.abc import Iterable


class Sort(StrEnum):
    """What a mark is."""

    PASSAGE = "passage"
    SUGGESTION = "suggestion"
    CITATION = "citation"
    INSERTION = "insertion"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Mark:
    """Code points `start` to `end` (exclusive) of the text, with a name, and what it is for.

    `card` is the id of what stands beside it, `number` its place among the passages. `is_more` says
    that a mark of the same name came before: some rest on several places.
    """

    start: int
    end: int
    name: str = ""
    kind: str = ""
    sort: Sort = Sort.PASSAGE
    card: str = ""
    number: int = 0
    is_more: bool = False

    @property
    def ident(self) -> str:
        """The id of its first element in the page; suggestions are named by a long fingerprint."""
        return f"sg-{self.name[:8]}" if self.sort == Sort.SUGGESTION else self.name


@dataclass(frozen=True, slots=True)
class Opening:
    """A mark that begins here; `is_first` is false where it goes on after a cut."""

    mark: Mark
    is_first: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Words between two borders: first `closed` marks end, then `opened` begin, then the words."""

    text: str
    closed: int
    opened: tuple[Opening, ...]


@dataclass(slots=True)
class Paragraph:
    """One paragraph, counted from 1 as Passage.paragraph counts; `left_open` marks end with it."""

    number: int
    start: int
    end: int
    pieces: list[Piece] = field(default_factory=list)
    left_open: int = 0


_INSERTION = re.compile(r"\[(?:[^\[\]\n]{0,120}[^\W\d_][^\[\]\n]{0,120}|…|\.\.\.)\]")


def found_in(text: str) -> list[Mark]:
    """What the text itself brings: citation digits, insertions of editors in square brackets, and
    characters that are not seen but change what is.

    Directional marks that touch no other letters (signs.USUAL) are left alone.
    """
    citations = [
        Mark(span.start, span.end, sort=Sort.CITATION) for span in anchors.citation_marks(text)
    ]
    taken = {mark.start for mark in citations}
    insertions = [
        Mark(match.start(), match.end(), sort=Sort.INSERTION)
        for match in _INSERTION.finditer(text)
        if match.start() not in taken
    ]
    controls = [
        Mark(match.start(), match.end(), signs.named(match[0]), sort=Sort.CONTROL)
        for match in signs.SHOWN.finditer(text)
        if match[0] not in signs.USUAL
    ]
    return [*citations, *insertions, *controls]


def paragraphs(text: str, marks: Iterable[Mark] = ()) -> list[Paragraph]:
    """The paragraphs of `text` with `marks`. Lines that are blank are left out."""
    found: list[Paragraph] = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            found.append(Paragraph(len(found) + 1, at, at + len(line)))
        at += len(line) + 1
    within: list[list[Mark]] = [[] for _ in found]
    # Outer before inner, so that of two that begin together the longer one holds the shorter.
    for mark in sorted(marks, key=lambda m: (m.start, -m.end, m.sort, m.name)):
        for index in range(number_at(found, mark.start) - 1, len(found)):
            if found[index].start >= mark.end:
                break
            if found[index].end > mark.start:
                within[index].append(mark)
    for paragraph, inside in zip(found, within, strict=True):
        _cut(text, paragraph, inside)
    return found


def number_at(found: list[Paragraph], offset: int) -> int:
    """Number of the paragraph that `offset` (code points) lies in, at least 1."""
    return max(bisect_right(found, offset, key=lambda paragraph: paragraph.start), 1)


def _cut(text: str, paragraph: Paragraph, marks: list[Mark]) -> None:
    """Fill the paragraph's pieces."""
    start, end = paragraph.start, paragraph.end
    spans = [(max(m.start, start), min(m.end, end), m) for m in marks]
    borders = sorted({start, end, *(s for s, _, _ in spans), *(e for _, e, _ in spans)})
    coming = list(reversed(spans))
    stack: list[tuple[int, Mark]] = []
    for here, following in pairwise(borders):
        closed, again = 0, []
        deepest = min((i for i, (stop, _) in enumerate(stack) if stop <= here), default=len(stack))
        while len(stack) > deepest:
            stop, mark = stack.pop()
            closed += 1
            if stop > here:
                again.append((stop, mark))
        opened = []
        for stop, mark in reversed(again):
            stack.append((stop, mark))
            opened.append(Opening(mark, is_first=False))
        while coming and coming[-1][0] == here:
            _, stop, mark = coming.pop()
            stack.append((stop, mark))
            opened.append(Opening(mark, is_first=mark.start >= start and not mark.is_more))
        paragraph.pieces.append(Piece(text[here:following], closed, tuple(opened)))
    paragraph.left_open = len(stack)
