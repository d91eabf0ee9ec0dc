"""What changed between two texts, word by word. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

LONGEST = 20_000
"""Characters up to which two texts are compared; longer ones are shown one after the other."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is in both, only in the new one, or only in the old one."""

    kind: Literal["same", "added", "removed"]
    text: str


def words_between(old: str, new: str) -> list[Piece]:
    """The pieces that lead from `old` to `new`, in reading order, removed before added.

    Words, spaces and marks are units of their own; a change of only a space between two changed
    words joins them, so that a rewritten sentence reads as one replacement.
    """
    if len(old) + len(new) > LONGEST:
        return _one_after_the_other(old, new)
    before, after = _units(old), _units(new)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in _joined(
        SequenceMatcher(None, before, after, autojunk=False), before
    ):
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[i1:i2])))
            continue
        if i1 < i2:
            pieces.append(Piece("removed", "".join(before[i1:i2])))
        if j1 < j2:
            pieces.append(Piece("added", "".join(after[j1:j2])))
    return pieces


class Budget:
    """Compares texts word by word until LONGEST characters were compared for one page."""

    def __init__(self) -> None:
        self.left = LONGEST

    def words_between(self, old: str, new: str) -> list[Piece]:
        """As words_between; what is over the budget is shown one after the other."""
        self.left -= len(old) + len(new)
        return words_between(old, new) if self.left >= 0 else _one_after_the_other(old, new)


def _one_after_the_other(old: str, new: str) -> list[Piece]:
    return [piece for piece in (Piece("removed", old), Piece("added", new)) if piece.text]


def _units(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def _joined(
    matcher: SequenceMatcher[str], before: list[str]
) -> list[tuple[str, int, int, int, int]]:
    """The steps, with blanks between two changes taken into the change."""
    found: list[tuple[str, int, int, int, int]] = []
    steps = matcher.get_opcodes()
    for index, (tag, i1, i2, j1, j2) in enumerate(steps):
        blank = tag == "equal" and not "".join(before[i1:i2]).strip()
        inside = blank and 0 < index < len(steps) - 1
        if found and found[-1][0] != "equal" and (tag != "equal" or inside):
            _, a1, _, b1, _ = found[-1]
            found[-1] = ("replace", a1, i2, b1, j2)
        else:
            found.append((tag, i1, i2, j1, j2))
    return found


CONTEXT = 80
"""Characters kept on either side of a change when a long text is folded."""


def folded(pieces: list[Piece]) -> list[Piece]:
    """The pieces with what stayed cut down to the words around the changes, "…" for the rest.

    Text that came or went keeps its first and last `6 * CONTEXT` characters.
    """
    shown: list[Piece] = []
    for index, piece in enumerate(pieces):
        text = piece.text
        if piece.kind != "same":
            text = _cut(text, 6 * CONTEXT, 6 * CONTEXT)
        else:
            is_first, is_last = index == 0, index == len(pieces) - 1
            if is_first and is_last:
                text = _cut(text, 6 * CONTEXT, 0)
            else:
                text = _cut(text, 0 if is_first else CONTEXT, 0 if is_last else CONTEXT)
        shown.append(Piece(piece.kind, text))
    return shown


def _cut(text: str, first: int, last: int) -> str:
    """The first and last so many characters, when at least a good part is saved by it."""
    if len(text) <= first + last + CONTEXT:
        return text
    parts = (text[:first], "…", text[len(text) - last :] if last else "")
    return " ".join(part for part in parts if part)


# --- Long texts, by paragraphs first

ROWS = 300
"""Rows of changed paragraphs that are worked out; what is beyond is only counted."""

_LINES = 20_000
_PAIRS = 200_000
"""Paragraphs of either text that are matched up, and equal ones among them, each with each."""

_LIKE = 0.3
"""Share of words from which a paragraph counts as changed and not as another one."""


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph that changed, came or went, or a run of `count` that stayed. `old` and `new` are
    the paragraphs' numbers from 1, 0 where there is none."""

    kind: Literal["same", "changed", "added", "removed"]
    old: int
    new: int
    pieces: list[Piece]
    count: int = 1


@dataclass(slots=True)
class Comparison:
    """Two texts paragraph by paragraph; `more` rows that differ are not among `rows`."""

    rows: list[Row]
    more: int = 0

    @property
    def differing(self) -> int:
        """How many paragraphs changed, came or went."""
        return sum(row.kind != "same" for row in self.rows) + self.more


def by_paragraph(old: str, new: str) -> Comparison:
    """What leads from one text to another; lines that are blank do not count.

    Paragraphs are matched first, and the words of those that changed then compared as far as the
    budget of one page goes, so that long texts cost no more than a moment.
    """
    before, after = ([line for line in text.split("\n") if line.strip()] for text in (old, new))
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail, most = 0, min(len(before), len(after)) - head
    while tail < most and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    found = [Row("same", 1, 1, [], head)] if head else []
    steps = _steps(before[head : len(before) - tail], after[head : len(after) - tail])
    budget = Budget()
    for tag, i1, i2, j1, j2 in steps:
        if tag == "equal":
            found.append(Row("same", head + i1 + 1, head + j1 + 1, [], i2 - i1))
            continue
        found += _changed(before, after, (head + i1, head + i2), (head + j1, head + j2), budget)
    if tail:
        found.append(Row("same", len(before) - tail + 1, len(after) - tail + 1, [], tail))
    differing = [n for n, row in enumerate(found) if row.kind != "same"]
    shown = found[: differing[ROWS]] if len(differing) > ROWS else found
    more = max(0, len(differing) - ROWS)
    return Comparison(shown, more)


def _steps(before: list[str], after: list[str]) -> list[tuple[str, int, int, int, int]]:
    """How the paragraphs match; too many of them count as one replaced stretch."""
    counts = Counter(after)
    pairs = sum(counts[line] for line in before)
    if max(len(before), len(after)) > _LINES or pairs > _PAIRS:
        return [("replace", 0, len(before), 0, len(after))]
    return list(SequenceMatcher(None, before, after).get_opcodes())


def _changed(
    before: list[str],
    after: list[str],
    old: tuple[int, int],
    new: tuple[int, int],
    budget: Budget,
) -> list[Row]:
    """The rows of a stretch that differs: each paragraph beside the next one that is like it."""
    found: list[Row] = []
    j = new[0]
    for i in range(*old):
        match = next(
            (n for n in range(j, min(j + 5, new[1])) if _is_like(before[i], after[n])), None
        )
        if match is None:
            found.append(Row("removed", i + 1, 0, folded([Piece("removed", before[i])])))
            continue
        found += [
            Row("added", 0, n + 1, folded([Piece("added", after[n])])) for n in range(j, match)
        ]
        pieces = folded(budget.words_between(before[i], after[match]))
        found.append(Row("changed", i + 1, match + 1, pieces))
        j = match + 1
    found += [Row("added", 0, n + 1, folded([Piece("added", after[n])])) for n in range(j, new[1])]
    return found


def _is_like(one: str, other: str) -> bool:
    """Whether enough words are in both."""
    a, b = (set(re.findall(r"\w+", text[:2000].lower())) for text in (one, other))
    return len(a & b) >= _LIKE * max(len(a | b), 1)


# --- Several accounts of the same

_BLANKS = re.compile(r"\s*")


def own_words(texts: list[list[str]], budget: Budget) -> list[list[list[Piece]]]:
    """Of texts that say the same, what each has that no other has at that place: "added"; the rest
    is "same". Each text is a list of stretches and comes back as one of their pieces.

    Whether letters are capital, and marks and blanks alone, make no difference. Texts with few
    words in common, or beyond what the budget allows, are not compared with each other.
    """
    wholes = ["\n".join(stretches) for stretches in texts]
    low = [w.lower() if len(w.lower()) == len(w) else w for w in wholes]
    unmatched: list[bytearray | None] = [None] * len(wholes)
    for i, one in enumerate(low):
        for j in range(i + 1, len(low)):
            size = len(one) + len(low[j])
            if not one or not low[j] or size > budget.left or not _is_like(one, low[j]):
                continue
            for at, mask in zip((i, j), _unmatched(budget.words_between(one, low[j])), strict=True):
                known = unmatched[at]
                both = mask if known is None else bytearray(map(min, known, mask))
                unmatched[at] = both
    found = []
    for stretches, whole, own in zip(texts, wholes, unmatched, strict=True):
        spans = _runs(whole, own) if own is not None else []
        start, cut = 0, []
        for stretch in stretches:
            cut.append(_cut_at(stretch, [(a - start, b - start) for a, b in spans]))
            start += len(stretch) + 1
        found.append(cut)
    return found


def _unmatched(pieces: list[Piece]) -> tuple[bytearray, bytearray]:
    """Of each letter of either text whether the other one lacks it."""
    old, new = bytearray(), bytearray()
    for piece in pieces:
        size = len(piece.text)
        if piece.kind != "added":
            old += bytes([piece.kind == "removed"]) * size
        if piece.kind != "removed":
            new += bytes([piece.kind == "added"]) * size
    return old, new


def _runs(text: str, own: bytearray) -> list[tuple[int, int]]:
    """Where letters that are its own stand in a row, without blanks at the ends; blanks between
    two rows join them, and rows of marks alone are none."""
    found: list[tuple[int, int]] = []
    for run in re.finditer(rb"\x01+", own):
        start, end = run.span()
        if found and _BLANKS.fullmatch(text, found[-1][1], start):
            start = found.pop()[0]
        found.append((start, end))
    trimmed = []
    for start, end in found:
        words = text[start:end]
        if any(letter.isalnum() for letter in words):
            start += len(words) - len(words.lstrip())
            trimmed.append((start, start + len(words.strip())))
    return trimmed


def _cut_at(text: str, spans: list[tuple[int, int]]) -> list[Piece]:
    """The text in pieces, those of `spans` as "added"."""
    pieces, at = [], 0
    for start, end in spans:
        start, end = max(start, at), min(end, len(text))
        if start >= end:
            continue
        if at < start:
            pieces.append(Piece("same", text[at:start]))
        pieces.append(Piece("added", text[start:end]))
        at = end
    if at < len(text):
        pieces.append(Piece("same", text[at:]))
    return pieces
