"""A source's text as numbered paragraphs, cut where cited passages begin and end. Pure.

Passages may lie inside each other or overlap. Each becomes a run of nested marks: where two cross,
the one that began later is closed and taken up again, so that the result is always well formed.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage: code points `start` to `end` (exclusive) of the text, its name, what it is for."""

    start: int
    end: int
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A mark that begins here; `is_first` is false where it goes on after a cut."""

    name: str
    kind: str
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


def paragraphs(text: str, cited: Iterable[Cited] = ()) -> list[Paragraph]:
    """The paragraphs of `text` with the marks of `cited`. Lines that are blank are left out."""
    found: list[Paragraph] = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            found.append(Paragraph(len(found) + 1, at, at + len(line)))
        at += len(line) + 1
    within: list[list[Cited]] = [[] for _ in found]
    # Outer before inner, so that of two that begin together the longer one holds the shorter.
    for passage in sorted(cited, key=lambda c: (c.start, -c.end, c.name)):
        for index in range(number_at(found, passage.start) - 1, len(found)):
            if found[index].start >= passage.end:
                break
            if found[index].end > passage.start:
                within[index].append(passage)
    for paragraph, passages in zip(found, within, strict=True):
        _cut(text, paragraph, passages)
    return found


def number_at(found: list[Paragraph], offset: int) -> int:
    """Number of the paragraph that `offset` (code points) lies in, at least 1."""
    return max(bisect_right(found, offset, key=lambda paragraph: paragraph.start), 1)


def _cut(text: str, paragraph: Paragraph, passages: list[Cited]) -> None:
    """Fill the paragraph's pieces."""
    start, end = paragraph.start, paragraph.end
    spans = [(max(c.start, start), min(c.end, end), c) for c in passages]
    borders = sorted({start, end, *(s for s, _, _ in spans), *(e for _, e, _ in spans)})
    coming = list(reversed(spans))
    stack: list[tuple[int, Cited]] = []
    for here, following in pairwise(borders):
        closed, again = 0, []
        deepest = min((i for i, (stop, _) in enumerate(stack) if stop <= here), default=len(stack))
        while len(stack) > deepest:
            stop, passage = stack.pop()
            closed += 1
            if stop > here:
                again.append((stop, passage))
        opened = []
        for stop, passage in reversed(again):
            stack.append((stop, passage))
            opened.append(Opening(passage.name, passage.kind, is_first=False))
        while coming and coming[-1][0] == here:
            _, stop, passage = coming.pop()
            stack.append((stop, passage))
            opened.append(Opening(passage.name, passage.kind, is_first=passage.start >= start))
        paragraph.pieces.append(Piece(text[here:following], closed, tuple(opened)))
    paragraph.left_open = len(stack)
