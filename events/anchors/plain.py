"""A text in plain typography, and the way back to where its characters stood. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class How(StrEnum):
    """What had to be overlooked for the words to be found."""

    EXACT = "exact"
    FOLDED = "folded"
    UNMARKED = "unmarked"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: code points from `start` to `end`, exclusive."""

    start: int
    end: int
    how: How = How.EXACT


DROPPED = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Characters that are not seen: soft hyphens, joiners, byte order marks."""

# Of scripts without spaces each sign is a word.
_SIGN = "\u3040-\u30ff\u3400-\u9fff"
WORD = re.compile(rf"[{_SIGN}]|[^\W{_SIGN}]+(?:[{DROPPED}]+[^\W{_SIGN}]+)*")
"""A word, hidden characters within it included."""

_FOLDS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″〝〞＂", '"'),
        **dict.fromkeys("‘’‚‛‹›′`´ʼ＇", "'"),
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    }
)
_UNEVEN = re.compile(rf"[\s{DROPPED}]*[{DROPPED}][\s{DROPPED}]*|\s{{2,}}|[^\S ]|…")
"""What takes another number of characters when plain, or is white space other than a space."""


def plain(text: str) -> str:
    """`text` with quotation marks, dashes, white space and dots in their plainest form."""
    return _UNEVEN.sub(lambda m: _instead(m[0]), text).translate(_FOLDS)


def _instead(found: str) -> str:
    if found == "…":
        return "..."
    return " " if any(letter not in DROPPED for letter in found) else ""


class Plain:
    """`text` in plain typography as `letters`, without the stretches of `left_out`.

    The way back is kept as pieces, not for each character, so that a text of 1 MB is read by a few
    passes of the regular expression engine.
    """

    __slots__ = ("_at", "_begin", "_end", "letters")

    def __init__(self, text: str, left_out: list[Span] | None = None) -> None:
        self._at: list[int] = []
        self._begin: list[int] = []
        self._end: list[int] = []
        kept: list[str] = []
        length = done = 0
        for start, end, instead in [*self._uneven(text, left_out or []), (len(text), -1, "")]:
            for begin, stop, piece in ((done, start, text[done:start]), (start, end, instead)):
                if piece:
                    self._at.append(length)
                    self._begin.append(begin)
                    self._end.append(stop)
                    kept.append(piece)
                    length += len(piece)
            done = end
        self.letters = "".join(kept).translate(_FOLDS)

    @staticmethod
    def _uneven(text: str, left_out: list[Span]) -> Iterator[tuple[int, int, str]]:
        """Stretches that are not copied letter by letter, in order, with what stands for them."""
        found = [(m.start(), m.end(), _instead(m[0])) for m in _UNEVEN.finditer(text)]
        # No mark holds white space but "[1, 2]"; what lies within one goes with it.
        for span in left_out:
            found.append((span.start, span.end, ""))
        found.sort(key=lambda each: (each[0], -each[1]))
        done = 0
        for start, end, instead in found:
            if start >= done:
                yield start, end, instead
                done = end

    def span(self, start: int, end: int, how: How) -> Span:
        """Where the letters from `start` to `end` (exclusive, not empty) stand in the text."""
        return Span(self._edge(start, 0), self._edge(end - 1, 1), how)

    def _edge(self, index: int, after: int) -> int:
        piece = bisect_right(self._at, index) - 1
        begin, end = self._begin[piece], self._end[piece]
        width = (self._at[piece + 1] if piece + 1 < len(self._at) else len(self.letters)) - (
            self._at[piece]
        )
        if width == end - begin:
            return begin + index - self._at[piece] + after
        return end if after else begin
