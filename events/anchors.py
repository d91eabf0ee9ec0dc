"""Finding quoted words in a text. Pure: no database, no requests.

Offsets are code points of the stored text, `end` exclusive (W3C TextPositionSelector). A quote is
looked for as it is, then with typography folded, then past citation marks; among several places
the context (W3C TextQuoteSelector prefix and suffix) decides, and where it cannot, all are given.
"""

from __future__ import annotations

import re
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


_FOLDS = {
    **dict.fromkeys("“”„‟«»″〝〞＂", '"'),
    **dict.fromkeys("‘’‚‛‹›′`´ʼ＇", "'"),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    "…": "...",
}
_DROPPED = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_ABBREVIATIONS = frozenset(
    [
        "p",
        "pp",
        "no",
        "nos",
        "art",
        "arts",
        "vol",
        "ch",
        "sec",
        "fig",
        "figs",
        "v",
        "nr",
        "abs",
        "st",
        "cf",
        "c",
        "ca",
    ]
)
_MARK = re.compile(
    rf"[{_SUPERSCRIPTS}]+|\[\d{{1,3}}\]|(?<=[^\W\d_]|[.,;:!?…”“’‘\"'»)\]])\d{{1,3}}(?!\w)(?!\.\d)"
)
_CLOSING = ".,;:!?…”“’‘\"'»)]"


def citation_marks(text: str) -> list[Span]:
    """Where digits or bracketed numbers are glued to a word or sentence as citations.

    "ceasefire.1", "court.17" and "peace¹" carry one; "30-day", "G7", "3.14", "p.12" and "No.5"
    do not.
    """
    return [Span(m.start(), m.end()) for m in _MARK.finditer(text) if _is_mark(text, m)]


def _is_mark(text: str, match: re.Match[str]) -> bool:
    if match[0][0] in _SUPERSCRIPTS or match[0][0] == "[":
        return match.start() > 0 and not text[match.start() - 1].isspace()
    before = text[: match.start()].rstrip(_CLOSING)
    word = re.search(r"[^\W\d_]+$", before[-40:])
    if word is None:
        return False
    if len(before) == match.start():
        # Glued to the letters themselves: "ceasefire1" but not "G7", "F16" or "Su27".
        return len(word[0]) >= 4 and word[0][1:].islower()
    stop_alone = text[len(before) : match.start()] == "."
    return not (stop_alone and word[0].lower() in _ABBREVIATIONS)


def clean(exact: str) -> str:
    """`exact` without its citation marks; white space left double by them is joined."""
    kept: list[str] = []
    done = 0
    for mark in citation_marks(exact):
        kept.append(exact[done : mark.start])
        done = mark.end
    return re.sub(r"[ \u00a0]{2,}", " ", "".join([*kept, exact[done:]])).strip()


def find(text: str, quote: str, *, prefix: str = "", suffix: str = "") -> list[Span]:
    """Every place of `text` where `quote` stands, in order; empty when it stands nowhere.

    Several places are a question to the user unless `prefix` and `suffix` (the words before and
    after) settle it. Quotation marks and dots put around the quote are tried without.
    """
    for wording in _wordings(quote):
        for how in How:
            found = _places(text, wording, how)
            if len(found) > 1 and (prefix or suffix):
                found = _nearest(text, found, prefix, suffix)
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


def _places(text: str, quote: str, how: How) -> list[Span]:
    if how == How.EXACT:
        folded, starts, ends = text, None, None
        wanted = quote
    else:
        folded, starts, ends = _fold(text, past_marks=how == How.UNMARKED)
        wanted = _fold(quote, past_marks=how == How.UNMARKED)[0].strip()
    found: list[Span] = []
    if not wanted:
        return found
    at = folded.find(wanted)
    while at >= 0:
        last = at + len(wanted) - 1
        start, end = (at, last + 1) if starts is None or ends is None else (starts[at], ends[last])
        if not found or found[-1].start != start:
            found.append(Span(start, end, how))
        at = folded.find(wanted, at + 1)
    return found


def _fold(text: str, *, past_marks: bool) -> tuple[str, list[int], list[int]]:
    """The text in plain typography, and for each of its characters where it began and ended."""
    marks = {s.start: s.end for s in citation_marks(text)} if past_marks else {}
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(text):
        if at in marks:
            at = marks[at]
            continue
        letter = text[at]
        if letter in _DROPPED:
            at += 1
            continue
        plain = " " if letter.isspace() else _FOLDS.get(letter, letter)
        if plain == " " and letters and letters[-1] == " ":
            ends[-1] = at + 1
        else:
            for part in plain:
                letters.append(part)
                starts.append(at)
                ends.append(at + 1)
        at += 1
    return "".join(letters), starts, ends


def _nearest(text: str, found: list[Span], prefix: str, suffix: str) -> list[Span]:
    """Those of `found` whose surroundings agree best with the context."""

    def agreement(span: Span) -> int:
        before = _fold(text[max(0, span.start - len(prefix) - 8) : span.start], past_marks=False)[0]
        after = _fold(text[span.end : span.end + len(suffix) + 8], past_marks=False)[0]
        return _common(reversed(before.rstrip()), reversed(prefix.rstrip())) + _common(
            iter(after.lstrip()), iter(suffix.lstrip())
        )

    scored = [(agreement(span), span) for span in found]
    best = max(score for score, _ in scored)
    return [span for score, span in scored if score == best]


def _common(one: Iterator[str], other: Iterator[str]) -> int:
    """How many characters two readings share from their beginning, typography aside."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if _FOLDS.get(a, a) != _FOLDS.get(b, b):
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
