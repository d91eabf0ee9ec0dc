"""Lengths of time (ISO 8601 durations): reading, adding in calendar terms, words.

'30 days' are 30 days of the calendar, whatever the clocks do in between; a month later is the
same day of the next month, or its last one; hours and less are counted exactly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace

from events.dates.civil import DAY, Civil, days, first_instant, from_days, offset_at, shift_months
from events.dates.edtf import (
    FIRST_YEAR,
    Choice,
    Edge,
    Interval,
    Member,
    Node,
    Point,
    check,
    day_range,
    from_civil,
    local_start,
    make_set,
    parse,
    print_node,
    too_long,
    unit,
)
from events.dates.model import MAX_LENGTH, DateError, Precision, quote
from events.dates.words import NUMBERS, fold, tokens

_LIMIT = 100_000
_ISO = re.compile(
    r"P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?",
    re.ASCII | re.IGNORECASE,
)
_NAMES = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in calendar units, none of them negative, not all of them 0."""

    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0
    hours: int = 0
    minutes: int = 0
    seconds: int = 0

    @property
    def iso(self) -> str:
        """The canonical form: 'P30D', 'P1Y6M', 'PT72H'. Units are kept as they were given."""
        date = [(self.years, "Y"), (self.months, "M"), (self.weeks, "W"), (self.days, "D")]
        time = [(self.hours, "H"), (self.minutes, "M"), (self.seconds, "S")]
        text = "P" + "".join(f"{count}{sign}" for count, sign in date if count)
        clock = "".join(f"{count}{sign}" for count, sign in time if count)
        return f"{text}T{clock}" if clock else text

    @property
    def exact(self) -> int:
        """The seconds of the hours, minutes and seconds."""
        return self.hours * 3600 + self.minutes * 60 + self.seconds

    @property
    def label(self) -> str:
        """The duration in words: '30 days', '1 year and 6 months'."""
        parts = []
        for part in fields(self):
            count = getattr(self, part.name)
            if count:
                parts.append(f"{count} {part.name if count > 1 else part.name[:-1]}")
        return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def duration(text: str) -> Duration:
    """Read 'P30D', '30 days', 'two weeks', '1 year and 6 months'. Raises DateError."""
    if len(text) > MAX_LENGTH:
        raise too_long(text)
    folded = fold(text).strip()
    found = _ISO.fullmatch(folded)
    numbers = [int(number or 0) for number in found.groups()] if found else _typed(folded)
    if not numbers or not any(numbers):
        raise DateError(
            f"{quote(text.strip())} is not a length of time. '30 days' or 'P30D' would work."
        )
    if max(numbers) >= _LIMIT:
        raise DateError(f"{quote(text.strip())} is too long. At most 99,999 of a unit are kept.")
    return Duration(*numbers)


def is_duration(folded: str) -> bool:
    """Say whether a folded text is a length of time in words, such as '30 days'."""
    return bool(_typed(folded))


def _typed(folded: str) -> list[int]:
    """Return the numbers of units named, in the order of the fields; [] when not understood."""
    numbers = dict.fromkeys(_NAMES, 0)
    words = [token for token in tokens(folded) if token.value not in (",", "and")]
    if len(words) == 3 and words[1].value == "-":
        del words[1]  # '30-day'
    for count, name in zip(words[::2], words[1::2], strict=False):
        plural = name.value if name.value.endswith("s") else name.value + "s"
        plural, times = ("weeks", 2) if plural == "fortnights" else (plural, 1)
        number = int(count.value[:6]) if count.kind == "number" else NUMBERS.get(count.value, 0)
        if not number or plural not in numbers or numbers[plural]:
            return []
        numbers[plural] = number * times
    return list(numbers.values()) if words and len(words) % 2 == 0 else []


def add(instant: int, length: Duration, zone: str = "UTC") -> int:
    """Return the instant `length` after `instant`, by the calendar and clocks of `zone`.

    A time that the clocks skip becomes the moment they do; of one that comes twice, the first.
    """
    local = instant + offset_at(instant, zone)
    moved = _add_days(local, length)
    # Without days nothing goes through the clocks, so that the second 02:30 stays the second.
    return (instant if moved == local else first_instant(moved, zone)) + length.exact


def _add_days(local: int, length: Duration) -> int:
    moved = shift_months(local, length.years * 12 + length.months)
    return moved + (length.weeks * 7 + length.days) * DAY


def shift(edtf: str, length: Duration) -> str:
    """Return the canonical EDTF of a date `length` later, '' for none.

    A day or a time stays one; the day 30 days after some day in March is one of a range. Ends
    that are open stay open. Hours after a day without a time may reach into the next day.
    """
    if not edtf:
        return ""
    node = _shift_node(parse(edtf), length)
    text = print_node(node)
    check(node, text)
    return text


def _shift_node(node: Node, length: Duration) -> Node:
    match node:
        case Point():
            start, end = _shift_point(node, length)
            return start if start == end else make_set([Member(start, end)])
        case Interval(start, end):
            return Interval(
                start if isinstance(start, Edge) else _shift_point(start, length)[0],
                end if isinstance(end, Edge) else _shift_point(end, length)[1],
            )
        case Choice(members, every):
            moved = [
                Member(
                    None if low is None else _shift_point(low, length)[0],
                    None if high is None else _shift_point(high, length)[1],
                )
                for low, high in members
            ]
            return make_set(moved, every=every)


def _shift_point(point: Point, length: Duration) -> tuple[Point, Point]:
    """Return the first and the last date that a date may become."""
    size = unit(point)
    if point.time is not None:
        local = _add_days(local_start(point), length) + length.exact
        moved = _dated(local, size, point)
        return moved, moved
    first, last = day_range(point)
    start, end = (_add_days(days(*day[:3]) * DAY, length) for day in (first, last))
    if length.exact:
        start, end = start + length.exact, end + DAY - 1 + length.exact
        return _dated(start, Precision.DAY, point), _dated(end, Precision.DAY, point)
    whole_months = not (length.weeks or length.days)
    if size is Precision.MONTH and point.day == "" and whole_months:
        moved = _dated(start, Precision.MONTH, point)
        return moved, moved
    if size is Precision.YEAR and point.month == "" and whole_months and not length.months:
        moved = _dated(start, Precision.YEAR, point)
        return moved, moved
    return _dated(start, Precision.DAY, point), _dated(end, Precision.DAY, point)


def _dated(local: int, size: Precision, like: Point) -> Point:
    number, rest = divmod(local, DAY)
    year, month, day = from_days(number)
    if not FIRST_YEAR <= year <= 9999:
        raise DateError("The date worked out is out of range. Years run from 4713 BC to 9999.")
    moment = Civil(year, month, day, rest // 3600, rest // 60 % 60, rest % 60)
    offset = like.time.offset if like.time else None
    moved = from_civil(moment, size, offset)
    return replace(moved, approximate=like.approximate, uncertain=like.uncertain)
