"""Pairing quotation marks: where quoted words begin and end, how deep, and over which paragraphs.

The marks are those of English, German, French, Ukrainian and Russian (Unicode, section 6.2). One
pass with a stack: each mark opens or closes by what it is, what stands beside it and what is
open. An apostrophe does neither. What is never closed is not quoted, except that a paragraph may
leave it to the next one that opens with the same mark again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from events.suggest.words import Script

_MARK = re.compile("[“”„‟«»\"‘’‚'‹›]")
# What closes each opening mark.
_CLOSERS = {
    "“": '”"“‟',
    "„": '“”"‟',
    "«": "»",
    "»": "«",
    '"': '"”',
    "‘": "’'",
    "‚": "‘’'",
    "'": "'",
    "‹": "›",
    "›": "‹",
    "”": "”",
}
_SINGLE = frozenset("‘’‚'")
_OPENING = re.compile(r"[“„«»\"‘‚'‹›]")
DEPTH = 8


@dataclass(slots=True)
class Pair:
    """Quoted words between marks: `start` to `end` within them, `outer` with them.

    `reopened` are the marks with which further paragraphs begin.
    """

    mark: str
    opened: int
    start: int
    end: int = 0
    closed: int = 0
    depth: int = 0
    reopened: list[tuple[int, int]] = field(default_factory=list)


def pairs(script: Script) -> list[Pair]:
    """Every pair of marks in order of its beginning."""
    found: list[Pair] = []
    left: list[Pair] = []
    for start, end in script.paragraphs:
        left = _pair(script.text, start, end, left, found)
    found.sort(key=lambda pair: (pair.start, -pair.end))
    return found


def _pair(text: str, start: int, end: int, left: list[Pair], found: list[Pair]) -> list[Pair]:
    """Pair the marks of a paragraph; what it leaves open is returned."""
    at, stack = start, []
    # The paragraph goes on with the outermost quotation that the last one left open.
    for pair in left[:1]:
        mark = text[start]
        if mark == pair.mark or (pair.mark in "«»" and mark in "«»"):
            pair.reopened.append((start, start + 1))
            stack.append(pair)
            at = start + 1
    marks = [match.start() for match in _MARK.finditer(text, at, end)]
    singles = [place for place in marks if text[place] in "’'" and _may_close(text, place, end)]
    for place in marks:
        mark = text[place]
        if mark in _SINGLE and _is_apostrophe(text, place, end, stack, singles):
            continue
        closing = _closes(text, place, end, stack)
        if closing is not None:
            pair = stack[closing]
            del stack[closing:]
            pair.end, pair.closed, pair.depth = place, place + 1, len(stack)
            if text[pair.start : pair.end].strip():
                found.append(pair)
        elif _opens(text, place, start, end):
            if len(stack) >= DEPTH:
                del stack[0]
            stack.append(Pair(mark, place, place + 1))
    return [pair for pair in stack if pair.mark in '“„«»"']


def _before(text: str, place: int) -> str:
    return text[place - 1] if place else " "


def _after(text: str, place: int, end: int) -> str:
    return text[place + 1] if place + 1 < end else " "


def _closes(text: str, place: int, end: int, stack: list[Pair]) -> int | None:
    """Which open quotation the mark closes, None where it closes none."""
    mark, after = text[place], _after(text, place, end)
    for index in range(len(stack) - 1, -1, -1):
        pair = stack[index]
        if mark not in _CLOSERS[pair.mark]:
            continue
        # A mark that could as well open must stand at the end of a word.
        if mark in "\"'“»«" and after.isalpha() and _before(text, place).isspace():
            return None
        if mark == "“" and pair.mark == "“" and after.isalnum():
            return None
        return index
    return None


def _opens(text: str, place: int, start: int, end: int) -> bool:
    mark, before, after = text[place], _before(text, place), _after(text, place, end)
    free = place == start or before.isspace() or before in "([{-–—/" or _OPENING.match(before)
    if mark in "”’›‟":
        return False
    if mark in "„“":
        return not after.isspace()
    if mark == "«":
        return bool(free)
    return bool(free) and not after.isspace() and after not in ".,;:!?)"


def _may_close(text: str, place: int, end: int) -> bool:
    return not _before(text, place).isspace() and not _after(text, place, end).isalnum()


def _is_apostrophe(text: str, place: int, end: int, stack: list[Pair], singles: list[int]) -> bool:
    """Whether a single mark is none: within a word, of a plural owner, or with no partner."""
    before, after = _before(text, place), _after(text, place, end)
    if before.isalnum() and after.isalnum():
        return True
    is_open = bool(stack) and stack[-1].mark in _SINGLE
    later = bisect_right(singles, place)
    if text[place] in "’'" and is_open and _may_close(text, place, end):
        owner = before in "sSxzß" and after == " " and text[place + 2 : place + 3].islower()
        return owner and later < len(singles)
    if text[place] == "‘" and is_open and stack[-1].mark == "‚":
        return False
    # Without an end in the paragraph it is an apostrophe left out at the beginning: 'twas, '90s.
    return before.isalnum() or not after.isalnum() or later >= len(singles)
