"""The English vocabulary of dates and the splitting of a text into tokens."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from events.dates.model import DateError

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun",
            "july jul", "august aug", "september sep sept", "october oct", "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon", "tuesday tue tues", "wednesday wed weds", "thursday thu thur thurs",
            "friday fri", "saturday sat", "sunday sun",
        )
    )
    for name in names.split()
}  # fmt: skip
SEASONS = {"spring": "21", "summer": "22", "autumn": "23", "fall": "23", "winter": "24"}
QUARTERS = {"q1": "33", "q2": "34", "q3": "35", "q4": "36"}
QUARTER_NAMES = {"first": "33", "second": "34", "third": "35", "fourth": "36", "last": "36"}
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
UNITS = {
    "day": "day", "days": "day", "week": "week", "weeks": "week", "fortnight": "fortnight",
    "fortnights": "fortnight", "month": "month", "months": "month", "year": "year",
    "years": "year",
}  # fmt: skip
ABOUT = frozenset(
    ("about", "around", "circa", "c", "ca", "approx", "approximately", "roughly", "~")
)
PERHAPS = frozenset(("probably", "possibly", "perhaps", "maybe"))
FILLERS = frozenset(("on", "in", "at", "the", "of", "sometime", "dated", "towards"))
ADVERBS = ("just", "shortly", "soon", "right", "immediately", "some", "sometime", "directly")
PARTS = {
    "morning": "morning", "afternoon": "afternoon", "evening": "evening", "night": "night",
    "overnight": "night",
}  # fmt: skip
DAY_WORDS = (
    (("last", "night"), -1, "night"),
    (("tonight",), 0, "night"),
    (("this", "morning"), 0, "morning"),
    (("this", "afternoon"), 0, "afternoon"),
    (("this", "evening"), 0, "evening"),
    (("yesterday",), -1, ""),
    (("today",), 0, ""),
    (("now",), 0, ""),
    (("the", "same", "day"), 0, ""),
    (("tomorrow",), 1, ""),
)
"""Words for a day, its distance from the day of the document, and the part of it they mean."""
WHICH = {
    "this": 0, "next": 1, "coming": 1, "following": 1, "last": -1, "past": -1, "previous": -1,
}  # fmt: skip
THIRDS = {
    "early": "early", "mid": "mid", "middle": "mid", "late": "late", "beginning": "early",
    "start": "early", "end": "late",
}  # fmt: skip
ERAS = {"bc": -1, "bce": -1, "ad": 1, "ce": 1}
OFFSETS = {
    "z": 0, "utc": 0, "gmt": 0, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "msk": 180,
    "est": -300, "edt": -240,
}  # fmt: skip
"""Abbreviations of zones with one common meaning, in minutes."""
NOTHING = frozenset(
    ("no date", "no date stated", "none", "unknown", "undated", "date unknown", "unknown date",
     "not dated", "not stated", "n/a", "-")
)  # fmt: skip

LINES = {ord(space): " " for space in "\t\n\r"}
_SPACES = {ord(space): " " for space in "\t\n\r\u00a0\u2007\u2009\u200a\u202f\u3000"}
_DASHES = {ord(dash): "-" for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"}
_QUOTES = {ord(mark): "'" for mark in "\u2018\u2019\u02bc"}
_FOLD = _SPACES | _DASHES | _QUOTES

_TOKEN = re.compile(
    r"(?P<iso>\d{4}-\d\d(?:-\d\d(?:T[\d:]+(?:Z|[+-]\d\d(?::?\d\d)?)?)?)?(?![\w-]))"
    r"|(?P<time>\d{1,2}:\d\d(?::\d\d)?(?![\d:]))"
    r"|(?P<decade>\d{1,3}0'?s(?!\w))"
    r"|(?P<ordinal>\d{1,4}(?:st|nd|rd|th)(?!\w))"
    r"|(?P<number>\d+)"
    r"|(?P<ref>[A-Z]{1,4}\d{1,9}(?!\w))"
    r"|(?P<word>[^\W\d_]+(?:['.][^\W\d_]+)*\.?)"
    r"|(?P<sign>\S)",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: its kind, its value in lower case, and where it stands."""

    kind: str
    value: str
    start: int
    stop: int


def fold(text: str) -> str:
    """Return the text with plain spaces, hyphens and apostrophes, character for character.

    Raises DateError for characters that cannot be seen: they would make two dates look alike.
    """
    for sign in text:
        if ord(sign) in _FOLD:
            continue
        category = unicodedata.category(sign)
        if category in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            kind = "a control character" if category == "Cc" else "an invisible character"
            raise DateError(
                f"The date has {kind} (U+{ord(sign):04X}). Remove it or type the date again."
            )
    return text.translate(_FOLD)


def tokens(folded: str) -> list[Token]:
    """Split a folded text."""
    return [
        Token(
            found.lastgroup or "sign",
            found.group().lower().replace(".", "")
            if found.lastgroup == "word"
            else found.group().lower(),
            found.start(),
            found.end(),
        )
        for found in _TOKEN.finditer(folded)
    ]
