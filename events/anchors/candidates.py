"""Places of a text whose words are like those of a lost passage. Pure: no database, no requests.

What `again` could not find is a question to a person; these are its likely answers. Stretches with
many of the passage's words, the rare ones above all, are fitted word by word to it. Each text is
read once, so the time follows its length and not what the words are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING

from .marks import citation_marks
from .plain import DROPPED, WORD, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LONGEST = 300
"""Words of a passage that is looked for; a longer one is found sooner by its reader."""

_LEAST = 0.4
"""Likeness below which a place is no candidate."""

_STEM = 4
"""First letters by which words may be forms of one another: "take" and "takes"."""

_FITTED = 8
"""Stretches that are fitted word by word."""

_CELLS = 60_000
"""Pairs of words that are compared for that in all, one stretch at least."""

_BESIDE = 8
"""Words on either side that decide between places that are as like."""

_GAP = 0.12
"""What a word between two matching ones takes off; a rare word that matches adds 1."""

_ABSENT = 0.5
"""What a word counts that the new text has no more; a rare one that it has counts 1."""

_OPENING = frozenset("“„«‘‚‹\"'([—–")
_CLOSING = frozenset("”“»’›\"')].,;:!?…")
_ENDS = frozenset(".!?…\n。")
_HIDDEN = str.maketrans("", "", DROPPED)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place of the new text, and how like its words are: 1 for the same, 0 for none shared."""

    span: Span
    similarity: float


@dataclass(frozen=True, slots=True)
class _Word:
    """A word where it stands, in small letters, and the stem by which its forms are alike."""

    start: int
    end: int
    letters: str
    stem: str


def candidates(old: str, span: Span, new: str, *, limit: int = 3) -> list[Candidate]:
    """The places of `new` most like `span` of `old`, the best first; none where nothing is near.

    Spans are code points. They do not overlap, and of equal ones that with like surroundings leads.
    """
    quote = old[span.start : span.end]
    wanted = _words(quote, citation_marks(quote))
    if not wanted or len(wanted) > LONGEST:
        return []
    fitting = _Fitting(wanted, _words(new), new)
    found = [fitting.fit(first, last) for first, last in fitting.windows()]
    beside = fitting.beside(old, span)
    near = [(fit, beside(fit)) for fit in found if fit and fit.similarity >= _LEAST]
    near.sort(key=lambda each: (-each[0].similarity - each[1] / 10, each[0].span.start))
    chosen: list[Candidate] = []
    for fit, _ in near:
        if all(fit.span.end <= c.span.start or c.span.end <= fit.span.start for c in chosen):
            place = _with_marks(quote, new, fit.span)
            chosen.append(Candidate(place, round(min(fit.similarity, 1.0), 3)))
    return chosen[:limit]


def _words(text: str, without: Iterable[Span] = ()) -> list[_Word]:
    """The words of a text; those that begin within `without` are left out."""
    out = list(without)
    hides = any(letter in text for letter in DROPPED)
    found = []
    for match in WORD.finditer(text):
        start = match.start()
        if out and any(mark.start <= start < mark.end for mark in out):
            continue
        letters = match[0].translate(_HIDDEN).lower() if hides else match[0].lower()
        found.append(_Word(start, match.end(), letters, letters[:_STEM]))
    return found


class _Fitting:
    """A passage's words, and a text in which places like it are looked for."""

    def __init__(self, wanted: list[_Word], words: list[_Word], text: str) -> None:
        self.wanted, self.words, self.text = wanted, words, text
        self.counts = Counter(word.stem for word in words)
        self.need = Counter(word.stem for word in wanted)
        self.weight = {stem: self._weight_of(stem) for stem in self.need}
        self.total = sum(self.weight[word.stem] for word in wanted)

    def windows(self) -> list[tuple[int, int]]:
        """Stretches (word numbers, last exclusive) that share the most with the passage."""
        width = len(self.wanted) + max(2, len(self.wanted) // 4)
        hits = [n for n, word in enumerate(self.words) if word.stem in self.need]
        have: Counter[str] = Counter()
        score, tail = 0.0, 0
        best: dict[int, tuple[float, int]] = {}
        for head in hits:
            while hits[tail] <= head - width:
                stem = self.words[hits[tail]].stem
                if have[stem] <= self.need[stem]:
                    score -= self.weight[stem]
                have[stem] -= 1
                tail += 1
            stem = self.words[head].stem
            have[stem] += 1
            if have[stem] <= self.need[stem]:
                score += self.weight[stem]
            # One for each stretch of the text, so that neighbours do not crowd others out.
            place = (score, -hits[tail])
            best[head // width] = max(best.get(head // width, place), place)
        most = max(1, min(_FITTED, _CELLS // (2 * width * len(self.wanted))))
        found: list[tuple[int, int]] = []
        for shared, start in sorted(best.values(), reverse=True):
            if len(found) == most or shared < self.total * _LEAST / 2:
                break
            if all(abs(first + start) > width // 2 for first, _ in found):
                found.append((-start, -start + width))
        return found

    def fit(self, first: int, last: int) -> Candidate | None:
        """The words near a stretch that fit the passage best."""
        slack = len(self.wanted) // 2 + 2
        near = self._unmarked(self.words[max(0, first - slack) : last + slack])
        pairs = self._aligned(near)
        if not pairs:
            return None
        (a, b), (c, d) = pairs[0], pairs[-1]
        start, end = self._spread(near, b, d + 1, a, len(self.wanted) - c - 1)
        shared = sum(self._worth(self.wanted[i], near[j]) for i, j in pairs)
        there = sum(self._weight_of(word.stem) for word in near[start:end])
        span = Span(near[start].start, near[end - 1].end)
        return Candidate(span, 2 * shared / (self.total + there))

    def _worth(self, one: _Word, other: _Word) -> float:
        """What it says that these two words meet; nothing when they are no forms of one word."""
        if one.stem != other.stem:
            return 0.0
        return self.weight[one.stem] * _alike(one.letters, other.letters)

    def _aligned(self, near: list[_Word]) -> list[tuple[int, int]]:
        """Which words of the passage meet which of `near`: the local alignment worth the most
        (Smith and Waterman, each word between two pairs taking off the same)."""
        rows = [[0.0] * (len(near) + 1)]
        best = (0.0, 0, 0)
        for i, one in enumerate(self.wanted, 1):
            above, row = rows[-1], [0.0]
            for j, other in enumerate(near, 1):
                worth = self._worth(one, other) if one.stem == other.stem else -_GAP
                value = max(above[j - 1] + worth, above[j] - _GAP, row[j - 1] - _GAP, 0.0)
                row.append(value)
                if value > best[0]:
                    best = (value, i, j)
            rows.append(row)
        pairs: list[tuple[int, int]] = []
        _, i, j = best
        while rows[i][j] > 0:
            value, worth = rows[i][j], self._worth(self.wanted[i - 1], near[j - 1])
            if worth and value == rows[i - 1][j - 1] + worth:
                pairs.append((i - 1, j - 1))
                i, j = i - 1, j - 1
            elif not worth and value == rows[i - 1][j - 1] - _GAP:
                i, j = i - 1, j - 1
            elif value == rows[i - 1][j] - _GAP:
                i -= 1
            else:
                j -= 1
        return pairs[::-1]

    def _weight_of(self, stem: str) -> float:
        """What a word counts: one that stands everywhere, as "the", a tenth of a rare name. One
        that stands nowhere any more may be of either sort."""
        count = self.counts[stem]
        return 1 / (1 + log2(count)) if count else _ABSENT

    def _unmarked(self, near: list[_Word]) -> list[_Word]:
        """The words without citation marks, which are no words of the sentence."""
        if not near:
            return near
        base = near[0].start
        marks = citation_marks(self.text[base : near[-1].end])
        inside = {n + base for mark in marks for n in range(mark.start, mark.end)}
        return [word for word in near if word.start not in inside]

    def _spread(
        self, near: list[_Word], start: int, end: int, ahead: int, behind: int
    ) -> tuple[int, int]:
        """The stretch with as many more words on either side as the passage has there, as far as
        the sentence goes: what took the place of its first and last words."""
        while ahead and start and not self._is_border(near[start - 1], near[start]):
            start, ahead = start - 1, ahead - 1
        while behind and end < len(near) and not self._is_border(near[end - 1], near[end]):
            end, behind = end + 1, behind - 1
        return start, end

    def _is_border(self, one: _Word, two: _Word) -> bool:
        return not _ENDS.isdisjoint(self.text[one.end : two.start])

    def beside(self, old: str, span: Span) -> Callable[[Candidate], float]:
        """How like the surroundings of a candidate are to those of the passage, from 0 to 1."""
        reach = _BESIDE * 12

        def around(text: str, start: int, end: int) -> Counter[str]:
            ahead = _words(text[max(0, start - reach) : start])[-_BESIDE:]
            behind = _words(text[end : end + reach])[:_BESIDE]
            return Counter(word.stem for word in (*ahead, *behind))

        ours = around(old, span.start, span.end)

        def agreement(fit: Candidate) -> float:
            theirs = around(self.text, fit.span.start, fit.span.end)
            return (ours & theirs).total() / max(ours.total(), 1)

        return agreement


def _alike(one: str, other: str) -> float:
    """How much of two words is the same from their beginning, from 0 to 1."""
    if one == other:
        return 1.0
    pairs = enumerate(zip(one, other, strict=False))
    same = next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))
    return same / max(len(one), len(other))


def _with_marks(quote: str, new: str, span: Span) -> Span:
    """The span with the marks at its ends that the passage has at its own."""
    ahead = len(quote) - len(quote.lstrip("".join(_OPENING)))
    behind = len(quote) - len(quote.rstrip("".join(_CLOSING)))
    start, end = span.start, span.end
    while ahead and start and new[start - 1] in _OPENING:
        start, ahead = start - 1, ahead - 1
    while behind and end < len(new) and new[end] in _CLOSING:
        end, behind = end + 1, behind - 1
    return Span(start, end)
