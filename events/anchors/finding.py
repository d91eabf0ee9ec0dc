"""Finding quoted words in a text. Pure: no database, no requests.

A quote is looked for as it is, then with typography folded, then past citation marks; among
several places the context (W3C TextQuoteSelector prefix and suffix) decides, and where it cannot,
all are given.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .marks import citation_marks
from .plain import How, Plain, Span, plain

if TYPE_CHECKING:
    from collections.abc import Iterator


class Read:
    """A text that is read for one quote after another: each reading is made once, when needed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._plain: dict[How, Plain] = {}

    def plain(self, how: How) -> Plain:
        """The text in plain typography, for UNMARKED without its citation marks."""
        if how not in self._plain:
            marks = citation_marks(self.text) if how == How.UNMARKED else []
            self._plain[how] = Plain(self.text, marks)
        return self._plain[how]


def find(text: str | Read, quote: str, *, prefix: str = "", suffix: str = "") -> list[Span]:
    """Every place of `text` where `quote` stands, in order; empty when it stands nowhere.

    Several places are a question to the user unless `prefix` and `suffix` (the words before and
    after) settle it. Quotation marks and dots put around the quote are tried without.
    """
    read = text if isinstance(text, Read) else Read(text)
    for wording in _wordings(quote):
        for how in How:
            found = places(read, wording, how)
            if len(found) > 1 and (prefix or suffix):
                found = _nearest(read.text, found, prefix, suffix)
            if found:
                return found
    return []


def _wordings(quote: str) -> Iterator[str]:
    """The quote as given, then bare of the marks a person may have put around it."""
    trimmed = quote.strip()
    if trimmed:
        yield trimmed
    bare = trimmed.strip("“”„«»\"‘’'‹›").strip()
    bare = re.sub(r"^(…|\.{3})\s*|\s*(…|\.{3})$", "", bare)
    if bare and bare != trimmed:
        yield bare


def places(read: Read, quote: str, how: How) -> list[Span]:
    """Every place where `quote` stands when `how` is overlooked, those that overlap included."""
    if how == How.EXACT:
        return [Span(at, at + len(quote)) for at in occurrences(read.text, quote)]
    folded = read.plain(how)
    marks = citation_marks(quote) if how == How.UNMARKED else []
    wanted = Plain(quote, marks).letters.strip()
    found: list[Span] = []
    for at in occurrences(folded.letters, wanted):
        span = folded.span(at, at + len(wanted), how)
        if not found or found[-1].start != span.start:
            found.append(span)
    return found


def occurrences(text: str, words: str) -> list[int]:
    """Where `words` stand in `text`, overlapping ones included; nowhere when there are none."""
    found: list[int] = []
    at = text.find(words) if words else -1
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def _nearest(text: str, found: list[Span], prefix: str, suffix: str) -> list[Span]:
    """Those of `found` whose surroundings agree best with the context."""
    before, after = plain(prefix).rstrip(), plain(suffix).lstrip()

    def agreement(span: Span) -> int:
        ahead = plain(text[max(0, span.start - len(prefix) - 8) : span.start]).rstrip()
        behind = plain(text[span.end : span.end + len(suffix) + 8]).lstrip()
        return _common(ahead[::-1], before[::-1]) + _common(behind, after)

    scored = [(agreement(span), span) for span in found]
    best = max(score for score, _ in scored)
    return [span for score, span in scored if score == best]


def _common(one: str, other: str) -> int:
    """How many characters two readings share from their beginning."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def from_utf16(text: str, offset: int) -> int:
    """Code point offset of a UTF-16 offset (JavaScript's); raises ValueError inside a pair."""
    units = 0
    for index, letter in enumerate(text):
        if units == offset:
            return index
        units += 2 if ord(letter) > 0xFFFF else 1
    if units == offset:
        return len(text)
    raise ValueError(f"{offset} is not the start of a character in this text.")
