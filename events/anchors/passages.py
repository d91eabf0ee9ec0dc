"""Finding passages of a text again in its next version. Pure: no database, no requests.

The words alone do not tell which of two equal sentences was meant, so the two texts are laid side
by side: stretches of words that stand once in each are paired, the longest first (as patience and
Heckel's diff do, so that paragraphs that changed places are seen too), and grown to both sides.
A passage is where its words went. Where that is not certain it is lost: a question, never a guess.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from .finding import occurrences
from .marks import citation_marks
from .plain import DROPPED, WORD, How, Plain, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

# The number of a note that stands by itself, with the white space before it.
_APART = re.compile(
    r"\s+(?:\[\d{1,3}\]|(?<=[.!?…”\"’'»)]\s)(\d{1,3})(?=\s+[^\Wa-z\d_]|\s+[“\"„«]|\s*$))", re.M
)
_STOP = re.compile(r"[.!?…。\n]")
_HIDDEN = str.maketrans("", "", DROPPED)

_EVERYWHERE = (32, 16, 8, 4)
_BETWEEN = (8, 4, 3)
"""Lengths, in words, of the stretches that are paired: in the whole texts, and then between two
that are paired already, where less is enough."""

_BESIDE = 3
"""Words on either side that must have come along for a place to be taken without a question."""

_CONTEXT = 200
"""Words on either side that are compared where the same words stand elsewhere too."""

_WIDE = 4
"""Bytes of a word's number."""
_STRIDE = 64
_MOST = 500
"""Places after which words count as too common to tell them apart one by one."""

_EFFORT = 8_000_000
"""What may be spent on telling places apart, in words compared, about a second: a text that says
the same all over could take hours. A comparison costs _EACH and the words it goes over."""
_EACH = 10


class Again(StrEnum):
    """What became of a passage; the words of `Passage.State`."""

    ANCHORED = "anchored"
    MOVED = "moved"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the words of a passage are now: `span` is None only for ORPHANED."""

    became: Again
    span: Span | None = None


_LOST = Place(Again.ORPHANED)


def again(old: str, new: str, spans: Iterable[Span]) -> list[Place]:
    """What became of each of `spans` of `old` in `new`, in the order given.

    ANCHORED: the same words among the same words, typography and citation marks aside. MOVED: the
    same words, but they changed places with others, or what is around them or a stop within them
    is not what it was: to be confirmed. ORPHANED: the words are gone, or may be at several places.
    """
    noted_old, noted_new = _notes(old), _notes(new)
    before, after = _Words(old, noted_old, noted_new), _Words(new, noted_new, noted_old)
    return _Pairing(before, after).places(spans)


def _notes(text: str) -> dict[Span, str]:
    """The citation marks of a text with their numbers."""
    return {mark: text[mark.start : mark.end].strip("[]") for mark in citation_marks(text)}


def _set_apart(text: str, noted: dict[Span, str], numbers: set[str]) -> list[Span]:
    """Numbers of notes that stand by themselves, with the white space before them, in order.

    "[4]" is one anywhere; a bare "4" after the end of a sentence only when the other version has
    it glued as a mark, since by itself it may begin the next sentence.
    """
    glued = {mark.start for mark in noted}
    return [
        Span(m.start(), m.end())
        for m in _APART.finditer(text)
        if m.end() - len(m[0].lstrip()) not in glued and (m[1] is None or m[1] in numbers)
    ]


class _Words:
    """The words of a text without its citation marks, and where they stand."""

    def __init__(self, text: str, noted: dict[Span, str], elsewhere: dict[Span, str]) -> None:
        self.text = text
        apart = _set_apart(text, noted, set(elsewhere.values()))
        self.marks = sorted([*noted, *apart], key=lambda mark: mark.start)
        masked = text
        if self.marks:
            parts, done = [], 0
            for mark in self.marks:
                parts += [text[done : mark.start], " " * (mark.end - mark.start)]
                done = mark.end
            masked = "".join([*parts, text[done:]])
        found = [m.span() for m in WORD.finditer(masked)]
        self.starts = [start for start, _ in found]
        self.ends = [end for _, end in found]
        self.words = [masked[start:end] for start, end in found]
        if any(hidden in text for hidden in DROPPED):
            self.words = [word.translate(_HIDDEN) for word in self.words]

    def within(self, span: Span) -> tuple[int, int]:
        """First and last (exclusive) of the words that the span touches."""
        return bisect_right(self.ends, span.start), bisect_left(self.starts, span.end)

    def is_border(self, word: int) -> bool:
        """Whether a sentence or line ends before the word of that number."""
        start = self.ends[word - 1] if word else 0
        end = self.starts[word] if word < len(self.starts) else len(self.text)
        return not word or end == len(self.text) or bool(_STOP.search(self.text, start, end))

    def plain(self, start: int, end: int) -> Plain:
        """A stretch of the text in plain typography without its citation marks."""
        first = bisect_left(self.marks, start, key=lambda mark: mark.start)
        last = bisect_right(self.marks, end, key=lambda mark: mark.end)
        marks = [Span(m.start - start, m.end - start) for m in self.marks[first:last]]
        return Plain(self.text[start:end], marks)


@dataclass(frozen=True, slots=True)
class _Block:
    """Words that came along together: from `old` on and from `new` on, so many."""

    old: int
    new: int
    length: int


class _Pairing:
    """Two versions of a text, word by word: which stretches came along, and where to."""

    def __init__(self, old: _Words, new: _Words) -> None:
        self.old, self.new = old, new
        numbers: dict[str, int] = {}
        self.a = array("I", [numbers.setdefault(word, len(numbers)) for word in old.words])
        self.b = array("I", [numbers.setdefault(word, len(numbers)) for word in new.words])
        self.went, self.came = bytearray(len(self.a)), bytearray(len(self.b))
        self._bytes = (self.a.tobytes(), self.b.tobytes())
        self.blocks: list[_Block] = []
        for length in _EVERYWHERE:
            self._pair(_free(self.went), _free(self.came), length)
        for length in _BETWEEN:
            self._join()
            for before, after in self._gaps():
                self._pair([before], [after], length)
        self._join()
        self._first = [block.old for block in self.blocks]
        self.in_order = _heaviest_in_order(self.blocks)
        self.left = _EFFORT

    def _pair(self, old: list[tuple[int, int]], new: list[tuple[int, int]], length: int) -> None:
        """Pair the stretches of so many words that stand once in each, and what is around them."""
        once = self._once(0, old, length)
        there = self._once(1, new, length)
        for words, at in once.items():
            to = there.get(words, -1)
            if at >= 0 and to >= 0 and not self.went[at] and not self.came[to]:
                self._grow(at, to)

    def _once(self, side: int, stretches: list[tuple[int, int]], length: int) -> dict[bytes, int]:
        """Every stretch of so many words with its place, -1 when it has several."""
        found: dict[bytes, int] = {}
        data, wide = self._bytes[side], length * _WIDE
        for start, end in stretches:
            for at in range(start * _WIDE, (end - length) * _WIDE + 1, _WIDE):
                words = data[at : at + wide]
                found[words] = -1 if words in found else at // _WIDE
        return found

    def _grow(self, at: int, to: int) -> None:
        """Pair the words at these places and all around them that agree."""
        a, b, went, came = self.a, self.b, self.went, self.came
        end, shift = at, to - at
        most = min(len(a), len(b) - shift)
        # By strides first: a text of which little changed is mostly that.
        while (
            end + _STRIDE <= most
            and a[end : end + _STRIDE] == b[end + shift : end + shift + _STRIDE]
            and went.find(1, end, end + _STRIDE) < 0
            and came.find(1, end + shift, end + shift + _STRIDE) < 0
        ):
            end += _STRIDE
        while end < most and a[end] == b[end + shift] and not (went[end] or came[end + shift]):
            end += 1
        start, least = at, max(0, -shift)
        while start > least and a[start - 1] == b[start - 1 + shift]:
            if went[start - 1] or came[start - 1 + shift]:
                break
            start -= 1
        length = end - start
        if length:
            went[start:end] = came[start + shift : end + shift] = b"\1" * length
            self.blocks.append(_Block(start, start + shift, length))

    def _join(self) -> None:
        """Put the blocks in the order of the old text, as one where they meet in both."""
        found: list[_Block] = []
        for block in sorted(self.blocks, key=lambda each: each.old):
            last = found[-1] if found else None
            if last and (last.old + last.length, last.new + last.length) == (block.old, block.new):
                found[-1] = _Block(last.old, last.new, last.length + block.length)
            else:
                found.append(block)
        self.blocks = found

    def _gaps(self) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """What lies between two paired stretches that follow each other in both texts."""
        blocks = [_Block(-1, -1, 1), *self.blocks, _Block(len(self.a), len(self.b), 1)]
        rank = {block.new: n for n, block in enumerate(sorted(blocks, key=lambda b: b.new))}
        found = []
        for one, two in pairwise(blocks):
            before = (one.old + one.length, two.old)
            after = (one.new + one.length, two.new)
            follows = rank[two.new] == rank[one.new] + 1
            if follows and before[0] < before[1] and after[0] < after[1]:
                found.append((before, after))
        return found

    def places(self, spans: Iterable[Span]) -> list[Place]:
        """What became of each passage."""
        return [self._place(span) for span in spans]

    def _place(self, span: Span) -> Place:
        first, last = self.old.within(span)
        if span.start >= span.end or first >= last:
            return _LOST
        block = self._block_of(first)
        if block is None or last > block.old + block.length:
            to, is_sure = self._likeliest(first, last), False
        else:
            to, is_sure = self._settled(block, first, last)
        if to < 0:
            return _LOST
        found, is_same = self._edges(span, first, last, to, to + last - first)
        return Place(Again.ANCHORED if is_sure and is_same else Again.MOVED, found)

    def _settled(self, block: _Block, first: int, last: int) -> tuple[int, bool]:
        """Where words went with their block, and whether nothing speaks against it; -1 if unknown.

        Where the same words stand elsewhere too, or did, those may be the ones meant.
        """
        to, length = first + block.new - block.old, last - first
        if self.left < 0:
            return to, False
        new, old = self._standing(first, last)
        ours = self._around(first, to, length)
        rivals = [self._around(first, at, length) for at in new if at != to]
        rivals += [self._around(at, to, length) for at in old if at != first]
        if any(sum(rival) > sum(ours) for rival in rivals):
            return self._likeliest(first, last), False
        is_sure = all(rival[0] < ours[0] and rival[1] < ours[1] for rival in rivals)
        if length <= _BESIDE or rivals:
            is_sure &= min(ours) > 0
        else:
            is_sure &= max(ours) >= _BESIDE or self._is_held(block)
        # A sentence that goes on otherwise may be another one.
        is_sure &= ours[0] > 0 or self.old.is_border(first)
        is_sure &= ours[1] > 0 or self.old.is_border(last)
        return to, is_sure and block in self.in_order

    def _block_of(self, word: int) -> _Block | None:
        at = bisect_right(self._first, word) - 1
        if at < 0:
            return None
        block = self.blocks[at]
        return block if word < block.old + block.length else None

    def _is_held(self, block: _Block) -> bool:
        """Whether what comes before and after the block, in both texts, is the same."""
        at = bisect_left(self._first, block.old)
        ahead = self.blocks[at - 1] if at else _Block(0, 0, 0)
        behind = self.blocks[at + 1 :][:1] or [_Block(len(self.a), len(self.b), 0)]
        return (
            (not at or ahead in self.in_order)
            and (not behind[0].length or behind[0] in self.in_order)
            and not any(self.came[ahead.new + ahead.length : block.new])
            and not any(self.came[block.new + block.length : behind[0].new])
        )

    def _standing(self, first: int, last: int) -> tuple[list[int], list[int]]:
        """Where these words stand in the new and in the old text."""
        words = self.a[first:last].tobytes()
        return _all(self._bytes[1], words), _all(self._bytes[0], words)

    def _likeliest(self, first: int, last: int) -> int:
        """The place of words that did not come along together, by what is around it; -1 if unclear.

        It must be better for them than all others, of those that are not better for their likes.
        """
        if self.left < 0:
            return -1
        length = last - first
        new, old = self._standing(first, last)
        likes = [word for word in old if word != first]
        scores: list[tuple[tuple[int, bool], int]] = []
        for at in new:
            if self.left < 0:
                return -1
            # Of two that fit as well, what no other words came to, and came from, is likelier.
            ours = (sum(self._around(first, at, length)), not all(self.came[at : at + length]))
            is_theirs = any(
                (sum(self._around(word, at, length)), not all(self.went[word : word + length]))
                >= (ours[0], not all(self.went[first:last]))
                for word in likes
            )
            if not is_theirs:
                scores.append((ours, at))
        scores.sort(reverse=True)
        if not scores or (len(scores) > 1 and scores[0][0] == scores[1][0]):
            return -1
        return scores[0][1]

    def _around(self, at: int, to: int, length: int) -> tuple[int, int]:
        """How many words before and after two places agree, at most _CONTEXT.

        Where both texts begin or end there, that is as good as some words more.
        """
        before = after = 0
        a, b = self.a, self.b
        for n in range(1, min(_CONTEXT, at, to) + 1):
            if a[at - n] != b[to - n]:
                break
            before = n
        before += _BESIDE if (at - before, to - before) == (0, 0) else 0
        at, to = at + length, to + length
        for n in range(min(_CONTEXT, len(a) - at, len(b) - to)):
            if a[at + n] != b[to + n]:
                break
            after = n + 1
        self.left -= _EACH + min(before, _CONTEXT) + after
        after += _BESIDE if (len(a) - at, len(b) - to) == (after, after) else 0
        return before, after

    def _edges(self, span: Span, i: int, j: int, k: int, m: int) -> tuple[Span, bool]:
        """The passage in letters, words `k` to `m` of the new text, and whether it reads the same.

        It may begin or end within a word, or with marks beside it.
        """
        old, new = self.old, self.new
        window = (
            (old.ends[i - 1] if i else 0, old.starts[j] if j < len(old.starts) else len(old.text)),
            (new.ends[k - 1] if k else 0, new.starts[m] if m < len(new.starts) else len(new.text)),
        )
        quote = old.text[span.start : span.end]
        if (
            quote
            == new.text[window[1][0] : window[1][1]][span.start - window[0][0] :][: len(quote)]
        ):
            start = window[1][0] + span.start - window[0][0]
            return Span(start, start + len(quote)), True
        before, after = old.plain(*window[0]), new.plain(*window[1])
        wanted = old.plain(span.start, span.end).letters.strip()
        found = occurrences(after.letters, wanted)
        ordinals = [
            n
            for n, at in enumerate(occurrences(before.letters, wanted))
            if _is_at(before, at, span, window[0][0])
        ]
        if ordinals and ordinals[0] < len(found):
            at = found[ordinals[0]]
            inner = after.span(at, at + len(wanted), How.UNMARKED)
            place = Span(inner.start + window[1][0], inner.end + window[1][0], inner.how)
            return place, True
        return Span(new.starts[k], new.ends[m - 1], How.UNMARKED), False


def _free(paired: bytearray) -> list[tuple[int, int]]:
    """The stretches of words that are not paired yet."""
    found: list[tuple[int, int]] = []
    at = paired.find(0)
    while at >= 0:
        end = paired.find(1, at)
        end = end if end >= 0 else len(paired)
        found.append((at, end))
        at = paired.find(0, end)
    return found


def _all(data: bytes, words: bytes) -> list[int]:
    """Where the words stand, both as numbers of 4 bytes, counted in words."""
    found: list[int] = []
    at = data.find(words)
    while at >= 0 and len(found) <= _MOST:
        if at % _WIDE == 0:
            found.append(at // _WIDE)
        at = data.find(words, at + 1)
    return found


def _is_at(window: Plain, at: int, span: Span, offset: int) -> bool:
    """Whether the letters at `at` of a window are the first ones of the passage that are seen."""
    return window.span(at, at + 1, How.EXACT).end + offset > span.start


def _heaviest_in_order(blocks: list[_Block]) -> set[_Block]:
    """The blocks that kept their order, so chosen that the most words are among them.

    The heaviest increasing subsequence, by a frontier of ends that are both early and heavy.
    """
    ends: list[int] = []
    best: list[tuple[int, int]] = []
    before: list[int] = []
    for n, block in enumerate(blocks):
        at = bisect_left(ends, block.new)
        weight, previous = (best[at - 1][0], best[at - 1][1]) if at else (0, -1)
        weight += block.length
        before.append(previous)
        cut = at
        while cut < len(ends) and best[cut][0] <= weight:
            cut += 1
        ends[at:cut], best[at:cut] = [block.new], [(weight, n)]
    found: set[_Block] = set()
    n = best[-1][1] if best else -1
    while n >= 0:
        found.add(blocks[n])
        n = before[n]
    return found
