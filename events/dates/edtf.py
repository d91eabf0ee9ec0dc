"""EDTF (ISO 8601-2): reading, canonical printing and bounds.

Read are levels 0 and 1, and of level 2 the seasons 21 to 41, X for any digit, and sets, with `..`
ranges. Years of more than four digits, exponents, significant digits and marks on a single part
of a date are refused with a message. Times may stop at the hour or the minute (ISO 8601-1).

Choices where the standard leaves one:

- Seasons 21 to 24 are the meteorological ones of the north; winter 2025 is December 2025 to
  February 2026. 29 to 32 are those of the south.
- `~` and `%` widen the bounds by one unit on each side (a day for a day, a month for a month),
  but by 30 minutes for a minute and by one minute for a second. `?` alone doubts the statement,
  not its extent, and widens nothing.
- A one-of set is one happening of uncertain date, an all-of set is one that spans its members.
- A local time that exists twice covers both; one that does not exist is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from itertools import product
from typing import Literal, NamedTuple

from events.dates.civil import (
    DAY,
    Civil,
    add_months,
    civil,
    days,
    end_instant,
    first_instant,
    from_local,
    is_leap,
    month_length,
    shift_months,
)
from events.dates.model import MAX_LENGTH, DateError, Precision, quote, refusal

MAX_MEMBERS = 50
MAX_OFFSET = 14 * 60
"""In minutes."""
FIRST_YEAR = -4712
"""4713 BC, where the database's timestamps begin."""

SEASONS: dict[str, tuple[int, int]] = {
    "21": (3, 3), "22": (6, 3), "23": (9, 3), "24": (12, 3),
    "25": (3, 3), "26": (6, 3), "27": (9, 3), "28": (12, 3),
    "29": (9, 3), "30": (12, 3), "31": (3, 3), "32": (6, 3),
    "33": (1, 3), "34": (4, 3), "35": (7, 3), "36": (10, 3),
    "37": (1, 4), "38": (5, 4), "39": (9, 4),
    "40": (1, 6), "41": (7, 6),
}  # fmt: skip
"""First month and number of months; winters of the north and summers of the south run on."""


class NotEdtf(DateError):
    """The text does not have the form of EDTF, so that it may be something else."""


class Time(NamedTuple):
    """A time of day. `offset` is in minutes; None is the local time of the reader's zone."""

    hour: int
    minute: int | None = None
    second: int | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One date: a year with optional sign and X digits, month or season, day, time."""

    year: str
    month: str = ""
    day: str = ""
    time: Time | None = None
    approximate: bool = False
    uncertain: bool = False

    @property
    def plain(self) -> Point:
        """The same date without its marks."""
        return replace(self, approximate=False, uncertain=False)


class Edge(Enum):
    """An end of an interval that is not a date."""

    OPEN = ".."
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """Something that lasts."""

    start: Point | Edge
    end: Point | Edge


class Member(NamedTuple):
    """A member of a set: one date (both ends the same) or a range, None being an open end."""

    start: Point | None
    end: Point | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A set: one of its members, or every one."""

    members: tuple[Member, ...]
    every: bool = False


type Node = Point | Interval | Choice


class Bounds(NamedTuple):
    """Outer and inner bounds in instants, half open."""

    earliest: int | None
    latest: int | None
    certain_from: int | None = None
    certain_to: int | None = None


# Reading

_POINT = re.compile(
    r"(?P<year>-?[0-9X]{4})(?:-(?P<month>[0-9X]{2})(?:-(?P<day>[0-9X]{2})"
    r"(?:T(?P<hour>\d\d)(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?P<fraction>[.,]\d+)?)?)?"
    r"(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?)?)?(?P<mark>[?~%]{0,2})",
    re.ASCII,
)
_LONG_YEAR = re.compile(r"Y-?\d+(E\d+)?(S\d+)?", re.ASCII)
_POWER_YEAR = re.compile(r"-?\d+E\d+(S\d+)?", re.ASCII)
_SIGNIFICANT = re.compile(r"(-?\d{4})S\d+", re.ASCII)
_PART_MARK = re.compile(r"[?~%]?-?[0-9X]{4}[?~%]?-[0-9X?~%-]+", re.ASCII)
_CHARACTERS = frozenset("0123456789XTZYES:+-~?%.,/[]{}")


def parse(text: str) -> Node:
    """Read EDTF. Raises NotEdtf where the form is not EDTF's, DateError where it cannot be."""
    if len(text) > MAX_LENGTH:
        raise too_long(text)
    body = "".join(text.upper().split()) if text[:1] in "[{" or "/" in text else text.upper()
    if not body or not _CHARACTERS.issuperset(body):
        raise not_edtf(text)
    if body[0] in "[{":
        return _parse_set(body, text)
    if body.count("/") == 1:
        return _parse_interval(body, text)
    point = _parse_point(body, text)
    check(point, text)
    return point


def too_long(text: str) -> DateError:
    """Return the error for a text over the limit."""
    return DateError(f"The date has {len(text)} characters. Write at most {MAX_LENGTH}.")


def not_edtf(text: str) -> NotEdtf:
    """Return the error for a text without the form of EDTF."""
    return NotEdtf(f"{quote(text)} is not an EDTF date. '2025-03-11' or '2025-03?' would work.")


def looks_like(text: str) -> bool:
    """Say whether a text that is not EDTF was probably meant to be."""
    return (
        text[:1] in "[{"
        or ".." in text
        or (_CHARACTERS.issuperset(text.upper()) and any(digit in text.upper() for digit in "XY"))
    )


def _parse_interval(body: str, text: str) -> Node:
    left, right = body.split("/")
    if not left and not right:
        raise not_edtf(text)
    start = _parse_end(left, text)
    end = _parse_end(right, text)
    node = Interval(start, end)
    check(node, text)
    return node


def _parse_end(body: str, text: str) -> Point | Edge:
    return Edge(body) if body in ("", "..") else _parse_point(body, text)


def _parse_set(body: str, text: str) -> Node:
    every = body[0] == "{"
    if len(body) < 3 or body[-1] != ("}" if every else "]"):
        raise DateError(
            f"{quote(text)} is not a set of dates. '[2025-03-10,2025-03-12]' would work."
        )
    parts = body[1:-1].split(",")
    if len(parts) > MAX_MEMBERS:
        raise DateError(f"The set has {len(parts)} members. At most {MAX_MEMBERS} are read.")
    node = make_set([_parse_member(part, text) for part in parts], every=every)
    check(node, text)
    return node


def _parse_member(body: str, text: str) -> Member:
    left, dots, right = body.partition("..")
    if not dots:
        point = _parse_point(body, text)
        return Member(point, point)
    if not left and not right:
        raise not_edtf(text)
    return Member(
        _parse_point(left, text) if left else None, _parse_point(right, text) if right else None
    )


def make_set(members: list[Member], *, every: bool = False) -> Node:
    """Return a set in canonical order without repeats; a set of one date is that date."""
    kept = sorted(dict.fromkeys(members), key=_member_order)
    first = kept[0]
    if len(kept) == 1 and first.start is not None and first.start == first.end:
        return first.start
    return Choice(tuple(kept), every)


def _member_order(member: Member) -> tuple[float, float, str]:
    start = -float("inf") if member.start is None else _start_key(member.start)
    end = float("inf") if member.end is None else _start_key(member.end)
    return start, end, _print_member(member)


def _start_key(point: Point) -> float:
    try:
        return _extent(point)[0]
    except DateError:
        return 0  # it is refused with its message when the whole set is checked


def _parse_point(body: str, text: str) -> Point:
    found = _POINT.fullmatch(body)
    if found is None:
        raise _not_point(body, text)
    if found["fraction"]:
        raise refusal(
            f"{quote(text)} has a fraction of a second, which is not kept.",
            text.replace(found["fraction"], ""),
        )
    time = None
    if found["hour"]:
        time = Time(
            int(found["hour"]),
            int(found["minute"]) if found["minute"] else None,
            int(found["second"]) if found["second"] else None,
            _parse_zone(found["zone"]),
        )
    mark = found["mark"]
    return Point(
        found["year"],
        found["month"] or "",
        found["day"] or "",
        time,
        approximate="~" in mark or "%" in mark,
        uncertain="?" in mark or "%" in mark,
    )


def _parse_zone(zone: str | None) -> int | None:
    if not zone:
        return None
    if zone == "Z":
        return 0
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return -minutes if zone[0] == "-" else minutes


def _not_point(body: str, text: str) -> DateError:
    if _LONG_YEAR.fullmatch(body) or _POWER_YEAR.fullmatch(body):
        return DateError(f"{quote(text)} is out of range. Years run from 4713 BC to 9999.")
    significant = _SIGNIFICANT.fullmatch(body)
    if significant:
        return refusal(
            f"{quote(text)} counts significant digits, which is not read.", f"{significant[1]}~"
        )
    if any(mark in body for mark in "?~%") and _PART_MARK.fullmatch(body):
        bare = body.translate({ord(mark): None for mark in "?~%"})
        if _POINT.fullmatch(bare):
            mark = "".join(sorted({mark for mark in body if mark in "?~%"}))
            mark = mark if len(mark) == 1 else "%"
            return refusal(
                f"{quote(text)} marks one part of the date, which is not read.", bare + mark
            )
    return not_edtf(text)


# Checking


def check(node: Node, text: str) -> None:
    """Raise DateError when a part is no date, out of range, or ends stand the wrong way round."""
    match node:
        case Point():
            _check_point(node, text)
        case Interval(start, end):
            for end_point in (start, end):
                if isinstance(end_point, Point):
                    _check_point(end_point, text)
            if isinstance(start, Point) and isinstance(end, Point):
                _check_order(start, end, text)
        case Choice(members):
            for member in members:
                for bound in dict.fromkeys(member):
                    if bound is not None:
                        _check_point(bound, text)
                if member.start is not None and member.end is not None:
                    _check_order(member.start, member.end, text)


def _check_order(start: Point, end: Point, text: str) -> None:
    """Nominal extents count, so that 'about' cannot turn a reversed interval round. A local date
    and a time with offset can be compared only in a zone, when the bounds are worked out."""
    comparable = (_offset(start) is None) == (_offset(end) is None)
    if comparable and _nominal(end)[1] <= _nominal(start)[0]:
        raise DateError(f"{quote(text)} ends before it starts. Swap the two dates.")


def _offset(point: Point) -> int | None:
    return point.time.offset if point.time else None


def _nominal(point: Point) -> tuple[int, int]:
    start, end = _extent(point)
    offset = (_offset(point) or 0) * 60
    return start - offset, end - offset


def _check_point(point: Point, text: str) -> None:
    if point.year == "-0000":
        raise refusal(f"{quote(text)} is not a date: 1 BC is written 0000.", "0000")
    try:
        start, _ = _widened(point, *_extent(point))
    except NotEdtf:
        raise _impossible(point, text) from None
    if start < days(FIRST_YEAR, 1, 1) * DAY:
        raise DateError(f"{quote(text)} is out of range. Years run from 4713 BC to 9999.")
    if point.time is not None:
        _check_time(point, text)


def _impossible(point: Point, text: str) -> DateError:
    """Name the nearest date that exists, or the month that does not."""
    printed = print_point(point.plain)
    if not point.month.isdigit() or not 1 <= int(point.month) <= 12:
        if point.day and point.month.isdigit() and point.day.isdigit():
            swapped = replace(point, month=point.day, day=point.month)
            if _exists(swapped):
                return refusal(
                    f"{quote(text)} is not a date: there is no month {point.month}.",
                    text.replace(printed, print_point(swapped.plain)),
                )
        return DateError(f"{quote(text)} is not a date: there is no month {point.month}.")
    if point.day.isdigit() and 28 < int(point.day) <= 31 and "X" not in point.year:
        last = month_length(int(point.year), int(point.month))
        fixed = print_point(replace(point, day=f"{last:02d}").plain)
        return refusal(f"{quote(text)} is not a date.", text.replace(printed, fixed))
    return DateError(f"{quote(text)} is not a date: there is no day {point.day}.")


def _exists(point: Point) -> bool:
    try:
        _extent(point)
    except NotEdtf:
        return False
    return True


def _check_time(point: Point, text: str) -> None:
    time = point.time
    assert time is not None
    if "X" in point.year + point.month + point.day:
        raise DateError(f"{quote(text)} has a time on a day that is not known.")
    if time.hour > 23 or (time.minute or 0) > 59 or (time.second or 0) > 59:
        raise DateError(f"{quote(text)} is not a time. Times run from 00:00 to 23:59.")
    if time.offset is not None and abs(time.offset) > MAX_OFFSET:
        raise DateError(f"{quote(text)} is too far from UTC. Offsets run from -14:00 to +14:00.")


# Printing


def print_node(node: Node) -> str:
    """Return canonical EDTF."""
    match node:
        case Point():
            return print_point(node)
        case Interval(start, end):
            return f"{_print_end(start)}/{_print_end(end)}"
        case Choice(members, every):
            inner = ",".join(_print_member(member) for member in members)
            return f"{{{inner}}}" if every else f"[{inner}]"


def _print_end(end: Point | Edge) -> str:
    return end.value if isinstance(end, Edge) else print_point(end)


def _print_member(member: Member) -> str:
    start = "" if member.start is None else print_point(member.start)
    if member.start is not None and member.start == member.end:
        return start
    return f"{start}..{'' if member.end is None else print_point(member.end)}"


def print_point(point: Point) -> str:
    """Return one date as canonical EDTF."""
    text = "-".join(part for part in (point.year, point.month, point.day) if part)
    if point.time is not None:
        text += "T" + print_clock(point.time) + _print_offset(point.time.offset)
    if point.approximate:
        return text + ("%" if point.uncertain else "~")
    return text + "?" if point.uncertain else text


def print_clock(time: Time) -> str:
    """Return hours, minutes and seconds as far as they are known."""
    parts = (part for part in (time.hour, time.minute, time.second) if part is not None)
    return ":".join(f"{part:02d}" for part in parts)


def _print_offset(offset: int | None) -> str:
    if offset is None:
        return ""
    return "Z" if offset == 0 else print_offset(offset)


def print_offset(offset: int) -> str:
    """Return an offset in minutes as '+03:00'."""
    sign = "-" if offset < 0 else "+"
    return f"{sign}{abs(offset) // 60:02d}:{abs(offset) % 60:02d}"


# Precision


def unit(point: Point) -> Precision:
    """Return how finely a date is known; SET where X leaves dates that are not in one piece."""
    if point.time is not None:
        if point.time.second is not None:
            return Precision.SECOND
        return Precision.HOUR if point.time.minute is None else Precision.MINUTE
    month, day = point.month, point.day
    if day == "XX":
        day = ""
    if month == "XX" and not day:
        month = ""
    if "X" in month + day or ("X" in point.year and month):
        return Precision.SET
    if day:
        return Precision.DAY
    if month:
        return Precision.SEASON if month in SEASONS else Precision.MONTH
    return _year_unit(point.year.lstrip("-"))


def _year_unit(year: str) -> Precision:
    if "X" not in year:
        return Precision.YEAR
    if year.endswith("X") and "X" not in year[:3]:
        return Precision.DECADE
    if year.endswith("XX") and "X" not in year[:2]:
        return Precision.CENTURY
    return Precision.SET


_COARSENESS = list(Precision)


def coarsest(node: Node) -> Precision:
    """Return the coarsest unit among the dates in a node."""
    units = [unit(point) for point in points(node)]
    if Precision.SET in units:
        return Precision.SET
    return max(units, key=_COARSENESS.index, default=Precision.NONE)


def points(node: Node) -> Iterator[Point]:
    """Yield the dates that a node names, in order."""
    match node:
        case Point():
            yield node
        case Interval(start, end):
            yield from (end for end in (start, end) if isinstance(end, Point))
        case Choice(members):
            for member in members:
                yield from (end for end in dict.fromkeys(member) if end is not None)


# Bounds


def bounds(node: Node, zone: str, text: str) -> Bounds:
    """Return the bounds of a checked node. Local times and days are those of `zone`."""
    match node:
        case Point():
            return Bounds(*_instants(node, zone, text, alone=True))
        case Interval(start, end):
            return _interval_bounds(start, end, zone, text)
        case Choice(members):
            spans = [_member_instants(member, zone, text) for member in members]
            starts = [start for start, _ in spans if start is not None]
            ends = [end for _, end in spans if end is not None]
            return Bounds(
                min(starts) if len(starts) == len(spans) else None,
                max(ends) if len(ends) == len(spans) else None,
            )


def _interval_bounds(start: Point | Edge, end: Point | Edge, zone: str, text: str) -> Bounds:
    """Inner bounds need both ends known or open on purpose, and in order: of '10 to 12 March'
    the whole of the 11th is certain; of an interval with an unknown end nothing is."""
    first = _instants(start, zone, text) if isinstance(start, Point) else None
    last = _instants(end, zone, text) if isinstance(end, Point) else None
    earliest, sure_from = first or (None, None)
    sure_to, latest = last or (None, None)
    if Edge.UNKNOWN in (start, end):
        sure_from = sure_to = None
    if sure_from is not None and sure_to is not None and sure_from >= sure_to:
        sure_from = sure_to = None
    if earliest is not None and latest is not None and earliest >= latest:
        raise DateError(f"{quote(text)} ends before it starts. Swap the two dates.")
    return Bounds(earliest, latest, sure_from, sure_to)


def _member_instants(member: Member, zone: str, text: str) -> tuple[int | None, int | None]:
    start = None if member.start is None else _instants(member.start, zone, text)[0]
    end = None if member.end is None else _instants(member.end, zone, text)[1]
    if start is not None and end is not None and start >= end:
        raise DateError(f"{quote(text)} ends before it starts. Swap the two dates.")
    return start, end


def _instants(point: Point, zone: str, text: str, *, alone: bool = False) -> tuple[int, int]:
    start, end = _extent(point)
    if point.time is not None and point.time.offset is not None:
        start, end = _widened(point, start, end)
        offset = point.time.offset * 60
        return start - offset, end - offset
    earliest, latest = first_instant(start, zone), end_instant(end, zone)
    if earliest >= latest:
        raise _skipped(point, earliest, zone, text, alone=alone)
    if point.approximate:
        start, end = _widened(point, start, end)
        earliest, latest = first_instant(start, zone), end_instant(end, zone)
    return earliest, latest


def _skipped(point: Point, resumed: int, zone: str, text: str, *, alone: bool) -> DateError:
    """The clocks of the zone went over this time or day when they were put forward. Only for a
    date that stands alone is the next one a replacement of the whole text."""
    shown = civil(resumed, zone)
    if point.time is None:
        fixed = replace(point, day=f"{shown.day:02d}", month=f"{shown.month:02d}").plain
    else:
        fixed = from_civil(shown, Precision.MINUTE)
    printed = print_point(fixed)
    if not alone:
        return DateError(
            f"{quote(text)} names {print_point(point.plain)}, which does not exist in {zone}, "
            f"where clocks were put forward to {printed}."
        )
    return refusal(
        f"{quote(text)} does not exist in {zone}, where clocks were put forward.", printed
    )


def _extent(point: Point) -> tuple[int, int]:
    """Return the local seconds of first and end (exclusive), without widening.
    Raises NotEdtf when there is no such date."""
    if point.time is not None:
        return _time_extent(point)
    low, high = _year_range(point.year)
    if not point.month:
        return days(low, 1, 1) * DAY, days(high + 1, 1, 1) * DAY
    if point.month in SEASONS and not point.day:
        month, length = SEASONS[point.month]
        end_year, end_month = add_months(high, month, length)
        return days(low, month, 1) * DAY, days(end_year, end_month, 1) * DAY
    months = _matching(point.month, 12)
    if not months:
        raise NotEdtf(point.month)
    if not point.day:
        end_year, end_month = add_months(high, months[-1], 1)
        return days(low, months[0], 1) * DAY, days(end_year, end_month, 1) * DAY
    wanted = _matching(point.day, 31)
    first = _first_day(_years(point.year), months, wanted)
    last = _first_day(_years(point.year, backwards=True), months[::-1], wanted[::-1])
    return first * DAY, (last + 1) * DAY


def _time_extent(point: Point) -> tuple[int, int]:
    time = point.time
    assert time is not None
    if "X" in point.year + point.month + point.day:
        start, _ = _extent(replace(point, time=None))
        return start, start + 1
    start, _ = _extent(replace(point, time=None))
    start += time.hour * 3600 + (time.minute or 0) * 60 + (time.second or 0)
    return start, start + (3600 if time.minute is None else 60 if time.second is None else 1)


@lru_cache(maxsize=512)
def _matching(pattern: str, last: int) -> tuple[int, ...]:
    """The numbers from 1 to `last` that two digits, each perhaps X, may stand for."""
    return tuple(
        number
        for number in range(1, last + 1)
        if all(pattern[place] in (digit, "X") for place, digit in enumerate(f"{number:02d}"))
    )


def _year_range(pattern: str) -> tuple[int, int]:
    digits = pattern.lstrip("-")
    low, high = int(digits.replace("X", "0")), int(digits.replace("X", "9"))
    return (-high, -low) if pattern[0] == "-" else (low, high)


def _years(pattern: str, *, backwards: bool = False) -> Iterator[int]:
    """Yield the years that fit a pattern in order, one by one: there may be ten thousand."""
    sign = -1 if pattern[0] == "-" else 1
    order = "9876543210" if backwards == (sign == 1) else "0123456789"
    for digits in product(*(order if digit == "X" else digit for digit in pattern.lstrip("-"))):
        yield sign * int("".join(digits))


def _first_day(years: Iterator[int], months: Sequence[int], wanted: Sequence[int]) -> int:
    pairs = [(m, d) for m in months for d in wanted if d <= month_length(2000, m)]
    only_leap_day = all(pair == (2, 29) for pair in pairs)
    for year in years if pairs else ():
        if only_leap_day and not is_leap(year):
            continue
        for month, day in pairs:
            if day <= month_length(year, month):
                return days(year, month, day)
    raise NotEdtf("no such day")


_MONTHS_OF = {
    Precision.MONTH: 1,
    Precision.SEASON: 3,
    Precision.YEAR: 12,
    Precision.DECADE: 120,
    Precision.CENTURY: 1200,
}
_SECONDS_OF = {
    Precision.SECOND: 60,
    Precision.MINUTE: 1800,
    Precision.HOUR: 3600,
    Precision.DAY: DAY,
}


def _widened(point: Point, start: int, end: int) -> tuple[int, int]:
    """Return the local extent of an approximate date, wider by one unit on each side."""
    if not point.approximate:
        return start, end
    size = unit(point)
    if size is Precision.SET:
        size = Precision.DAY if point.day else Precision.MONTH if point.month else Precision.CENTURY
    if size in _SECONDS_OF:
        return start - _SECONDS_OF[size], end + _SECONDS_OF[size]
    months = SEASONS[point.month][1] if size is Precision.SEASON else _MONTHS_OF[size]
    return shift_months(start, -months), shift_months(end, months)


# Building


def year_text(year: int) -> str:
    """Return an astronomical year in EDTF's four digits."""
    return f"{year:04d}" if year >= 0 else f"-{-year:04d}"


def from_civil(moment: Civil, size: Precision, offset: int | None = None) -> Point:
    """Return the date of that precision (year, month, day, hour, minute or second)."""
    year, month = year_text(moment.year), f"{moment.month:02d}"
    if size is Precision.YEAR:
        return Point(year)
    if size is Precision.MONTH:
        return Point(year, month)
    if size is Precision.DAY:
        return Point(year, month, f"{moment.day:02d}")
    minute = None if size is Precision.HOUR else moment.minute
    second = moment.second if size is Precision.SECOND else None
    return Point(year, month, f"{moment.day:02d}", Time(moment.hour, minute, second, offset))


def neighbour(point: Point, side: Literal["before", "after"]) -> Point:
    """Return the date of the same precision just before or after, keeping the marks. Beside a
    season stands a month, beside a decade or century a year."""
    start, end = _extent(point)
    size = unit(point)
    if size is Precision.SEASON:
        size = Precision.MONTH
    elif size in (Precision.DECADE, Precision.CENTURY, Precision.SET):
        size = Precision.DAY if point.day else Precision.MONTH if point.month else Precision.YEAR
    offset = point.time.offset if point.time else None
    beside = from_civil(from_local(start - 1 if side == "before" else end), size, offset)
    return replace(beside, approximate=point.approximate, uncertain=point.uncertain)


def day_range(point: Point) -> tuple[Civil, Civil]:
    """Return the first and the last day of a date, without widening."""
    start, end = _extent(point)
    return from_local(start), from_local(end - 1)


def local_start(point: Point) -> int:
    """Return the local second at which a date begins, without widening."""
    return _extent(point)[0]


def local_end(point: Point) -> int:
    """Return the local second at which a date has ended, without widening."""
    return _extent(point)[1]
