"""A text in plain typography, its words, paragraphs and sentences; offsets stay those of the text.

Borders of sentences are the usual ones of the five languages: a full stop, question or
exclamation mark, what closes after it, and a beginning that is not in lower case (compare Unicode
Standard Annex 29, rules SB6 to SB11).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from sys import maxsize
from typing import NamedTuple

from events.anchors import citation_marks

HIDDEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"


def each(words: str) -> frozenset[str]:
    """The words of a list written with spaces."""
    return frozenset(words.split())


_PLAIN = {
    **{ord(space): " " for space in "\t\u00a0\u2007\u2009\u200a\u202f\u3000"},
    **{ord(dash): "-" for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"},
    **{ord(mark): "'" for mark in "’‘ʼ‛`´"},
}
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{HIDDEN}](?=[^\W_{HIDDEN}]))*")
_DROP = {ord(letter): None for letter in HIDDEN}
_END = re.compile(r"(?<![.!?…])[.!?…]+['\"”’»«“)\]]*(?:\[\d{1,3}\]|\d{1,3}|[⁰¹²³⁴-⁹]+)?(?=\s)")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_SHORT = each(
    "mr mrs ms dr prof gen col sgt st vs etc sen gov rep jan feb mar apr jun jul aug sep sept "
    "oct nov dec hr dipl ing bzw usw vgl mme м г р т д ст ім пан"
)
# 'am 12. November', 'vom 10. bis': the full stop of a German ordinal.
_ORDINAL = re.compile(
    r".{0,2}?(?<!\d)\d{1,2}\.\ (?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September"
    r"|Oktober|November|Dezember)(?!\w)",
    re.DOTALL,
)
_WINDOW = 4000


class Word(NamedTuple):
    """A run of letters and digits; `value` has no hidden characters, and `folded` no case."""

    start: int
    end: int
    value: str
    folded: str


type Stretch = tuple[int, int]
"""Code points from the first to the second, exclusive."""


class Script:
    """A text prepared once for all that look for something in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = text.translate(_PLAIN)

    @cached_property
    def words(self) -> list[Word]:
        """Every word in order."""
        found = []
        folded: dict[str, tuple[str, str]] = {}
        for match in _WORD.finditer(self.text):
            word = match[0]
            if word not in folded:
                value = word if word.isalnum() else word.translate(_DROP)
                folded[word] = (value, value.casefold())
            found.append(Word(*match.span(), *folded[word]))
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [word.start for word in self.words]

    def words_between(self, start: int, end: int) -> list[Word]:
        """The words that begin from `start` on and before `end`."""
        return self.words[
            bisect_right(self._starts, start - 1) : bisect_right(self._starts, end - 1)
        ]

    @cached_property
    def paragraphs(self) -> list[Stretch]:
        """Lines that are not blank, without the white space around them."""
        found = []
        for match in re.finditer(r"[^\n\r\u2028\u2029]+", self.text):
            line = match[0]
            start = match.start() + len(line) - len(line.lstrip())
            end = match.start() + len(line.rstrip())
            if start < end:
                found.append((start, end))
        return found

    @cached_property
    def sentences(self) -> list[Stretch]:
        """Sentences, those within quotations for themselves."""
        return sentences(self.plain, self.paragraphs)

    @cached_property
    def citations(self) -> dict[int, int]:
        """Where citation marks begin, and end: anchors' reading, window by window."""
        found: dict[int, int] = {}
        for start, end in self.paragraphs:
            at = start
            while at < end:
                stop = min(at + _WINDOW, end)
                for mark in citation_marks(self.text[at:stop]):
                    found[at + mark.start] = at + mark.end
                at = stop
        return found


def sentences(plain: str, paragraphs: list[Stretch]) -> list[Stretch]:
    """Cut paragraphs into sentences."""
    found = []
    for start, end in paragraphs:
        at = start
        for match in _END.finditer(plain, start, end):
            following = plain[match.end() : match.end() + 4].lstrip(" -")
            if following[:1].islower() or match.start() < at:
                continue
            if match[0] == "." and _is_short(plain, match.start()):
                continue
            found.append((at, match.end()))
            at = match.end()
            while at < end and plain[at].isspace():
                at += 1
        if at < end:
            found.append((at, end))
    return found


def _is_short(plain: str, stop: int) -> bool:
    """Whether the full stop belongs to an abbreviation or an initial."""
    if _ORDINAL.match(plain, max(0, stop - 3)):
        return True
    word = _LAST_WORD.search(plain[max(0, stop - 6) : stop])
    if word is None:
        return False
    if word[0].casefold() in ("no", "nos", "nr"):
        return plain[stop + 1 : stop + 3].strip().isdigit()
    return len(word[0]) == 1 or word[0].casefold() in _SHORT


def holding(stretches: list[Stretch], offset: int) -> int:
    """Index of the stretch that begins last at or before `offset`, at least 0."""
    return max(bisect_right(stretches, (offset, maxsize)) - 1, 0)


def sentence_at(script: Script, offset: int) -> Stretch:
    """The sentence around an offset, one within a quotation for itself."""
    return script.sentences[holding(script.sentences, offset)]
