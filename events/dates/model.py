"""The values that reading a date gives: the reading itself, its vocabulary and its error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

MAX_LENGTH = 200
"""Longest text that is read, in characters."""


class Precision(StrEnum):
    """How finely a date is known. INTERVAL and SET have a finer answer in `Reading.unit`."""

    NONE = "none"
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"
    INTERVAL = "interval"
    SET = "set"


class Shape(StrEnum):
    """POINT happens once, however vaguely known; INTERVAL lasts; NONE has no date."""

    POINT = "point"
    INTERVAL = "interval"
    NONE = "none"


class Basis(StrEnum):
    """What a date rests on."""

    STATED = "stated"
    DERIVED_DOCUMENT = "derived_document"
    DERIVED_EVENT = "derived_event"
    INFERRED = "inferred"


type Order = tuple[Literal["before", "after"], str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a typed date means.

    Instants are seconds since 1970-01-01T00:00Z in the proleptic Gregorian calendar. Bounds are
    half open; None is an open or unknown end. `certain_from` and `certain_to` are inner bounds
    of an interval: between them it was surely going on.
    """

    text: str
    edtf: str
    earliest: int | None
    latest: int | None
    certain_from: int | None
    certain_to: int | None
    precision: Precision
    shape: Shape
    approximate: bool
    uncertain: bool
    basis: Basis
    anchor_day: date | None
    anchor_event: str | None
    order: Order | None
    label: str
    unit: Precision = Precision.NONE
    """The coarsest unit among the dates named: day for '10 to 12 March'."""
    zone: str = "UTC"
    """The time zone (IANA name) the bounds were worked out in."""


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event that a date may refer to."""

    ref: str
    title: str
    edtf: str
    earliest: int | None
    latest: int | None


class DateError(ValueError):
    """A text that cannot be read as a date.

    `message` quotes the input and says what would work; `suggestions` are whole texts that could
    replace the input.
    """

    def __init__(self, message: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.suggestions = suggestions


def quote(text: str) -> str:
    """Return `text` in single quotation marks, cut when it is long."""
    return f"'{text}'" if len(text) <= 60 else f"'{text[:57].rstrip()}…'"


def alternatives(texts: tuple[str, ...]) -> str:
    """Return quoted texts as a list with 'or'."""
    quoted = [quote(text) for text in texts]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def refusal(problem: str, *suggestions: str) -> DateError:
    """Return the error for `problem`, its message ending in the suggestions."""
    message = f"{problem} Try {alternatives(suggestions)}." if suggestions else problem
    return DateError(message, suggestions)
