"""A date moved on a time line: what it says where it was put, no finer than it can be put there.

An undated or single date is put anew. What has two bounds keeps its length when it is moved as a
whole, and its other bound when one is; an open end stays open.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum

from events.dates.civil import Civil, civil, local_seconds
from events.dates.civil import from_local as civil_of
from events.dates.edtf import (
    Choice,
    Interval,
    Member,
    Node,
    Point,
    check,
    from_civil,
    local_start,
    make_set,
    parse,
    points,
    print_node,
)
from events.dates.model import DateError, Precision, Reading

FINENESS = (Precision.HOUR, Precision.DAY, Precision.MONTH, Precision.YEAR)
"""What a date can be moved by, from fine to coarse."""

SECONDS = {Precision.HOUR: 3600, Precision.DAY: 86_400}


class Part(StrEnum):
    """What of a date is moved."""

    WHOLE = "whole"
    START = "start"
    END = "end"


def is_as_fine(reading: Reading, size: Precision) -> bool:
    """Whether all that a date names is known to `size` at least."""
    order = (Precision.SECOND, Precision.MINUTE, *FINENESS)
    return reading.unit in order and order.index(reading.unit) <= order.index(size)


def moved(reading: Reading, part: Part, by: int, size: Precision, start: int | None = None) -> str:
    """EDTF of `reading` with one part later by `by` seconds, rounded to `size` in its zone.

    `start` is the instant at which a date that has none is drawn. Raises DateError where there is
    no such part, or the ends would change places.
    """
    node = parse(reading.edtf) if reading.edtf else None
    if node is None or (part is Part.WHOLE and isinstance(node, Point)):
        middle = _middle(reading, start)
        found: Node = from_civil(civil(middle + by, reading.zone), size)
    elif part is Part.WHOLE and not isinstance(node, Point):
        found = _shifted(reading, node, by, size)
    else:
        found = _with_bound(reading, node, part, by, size)
    text = print_node(found)
    if any(len(point.year.lstrip("-")) > 4 for point in points(found)):
        raise DateError("That is out of range. Years run from 4713 BC to 9999.")
    check(found, text)
    return text


def _middle(reading: Reading, start: int | None) -> int:
    known = [each for each in (reading.earliest, reading.latest, start) if each is not None]
    if not known:
        raise DateError("This event has no date that could be moved.")
    if reading.earliest is None or reading.latest is None:
        return known[0]
    return (reading.earliest + reading.latest) // 2


def _local(instant: int, zone: str) -> int:
    return local_seconds(civil(instant, zone))


def _months(moment: Civil) -> int:
    return moment.year * 12 + moment.month - 1


def _step(size: Precision) -> int:
    return 12 if size is Precision.YEAR else 1


def _boundary(instant: int, zone: str, size: Precision) -> int:
    """The local second nearest to an instant at which a unit begins; for hours and days. For months
    and years the number of their months since the year 0."""
    local = _local(instant, zone)
    if size in SECONDS:
        return round(local / SECONDS[size]) * SECONDS[size]
    months, step = _months(civil_of(local)), _step(size)
    first = months // step * step
    low, high = (local_seconds(_first_of(each)) for each in (first, first + step))
    return first if local - low < high - local else first + step


def _first_of(months: int) -> Civil:
    return Civil(months // 12, months % 12 + 1, 1)


def _unit_at(boundary: int, size: Precision, units: int = 0) -> Point:
    """The date of `size` that begins so many units after a boundary."""
    if size in SECONDS:
        return from_civil(civil_of(boundary + units * SECONDS[size]), size)
    return from_civil(_first_of(boundary + units * _step(size)), size)


def _ends(node: Interval | Choice) -> tuple[Point | None, Point | None]:
    """The two dates between which an interval or a single range lies, None for an open end."""
    if isinstance(node, Interval):
        first, last = node.start, node.end
        return first if isinstance(first, Point) else None, last if isinstance(
            last, Point
        ) else None
    return node.members[0].start, node.members[-1].end


def _joined(node: Node, first: Point | None, last: Point | None) -> Node:
    """A date of the same kind with other ends."""
    if isinstance(node, Interval):
        return Interval(first or node.start, last or node.end)
    return make_set([Member(first, last)], every=isinstance(node, Choice) and node.every)


def _shifted(reading: Reading, node: Interval | Choice, by: int, size: Precision) -> Node:
    """Both ends as many units later as the first known one comes to lie."""
    known = reading.earliest if reading.earliest is not None else reading.latest
    assert known is not None
    length = _boundary(known + by, reading.zone, size) - _boundary(known, reading.zone, size)
    if isinstance(node, Choice):
        pairs = [[end and _later(end, length, size) for end in each] for each in node.members]
        return make_set([Member(*pair) for pair in pairs], every=node.every)
    first, last = _ends(node)
    return _joined(node, *(end and _later(end, length, size) for end in (first, last)))


def _later(point: Point, length: int, size: Precision) -> Point:
    """A date later by so many seconds, or months, in the precision in which it is moved."""
    begin = _begin_of(point)
    if size in SECONDS:
        found = from_civil(civil_of(local_seconds(begin) + length), size)
    else:
        found = from_civil(_first_of(_months(begin) + length), size)
    return replace(found, approximate=point.approximate, uncertain=point.uncertain)


def _begin_of(point: Point) -> Civil:
    """The moment at which a date begins, by its own clock."""
    return civil_of(local_start(point))


def _with_bound(reading: Reading, node: Node, part: Part, by: int, size: Precision) -> Node:
    """One end put anew, the other as it was."""
    bound = reading.earliest if part is Part.START else reading.latest
    if bound is None:
        raise DateError(f"This date has no {part} that could be moved.")
    at = _boundary(bound + by, reading.zone, size)
    mine = _unit_at(at, size, 0 if part is Part.START else -1)
    first, last = _ends(node) if not isinstance(node, Point) else _bounds(reading, size)
    ends = (mine, last) if part is Part.START else (first, mine)
    return _joined(node, *ends)


def _bounds(reading: Reading, size: Precision) -> tuple[Point | None, Point | None]:
    """The first and the last unit of a single date that covers several."""
    zone, first, last = reading.zone, reading.earliest, reading.latest
    return (
        None if first is None else from_civil(civil(first, zone), size),
        None if last is None else from_civil(civil(last - 1, zone), size),
    )


def in_words(short: str) -> str:
    """A short label as one would type it: '11 Mar 2025 9am' for '11 Mar 2025 09:00'."""

    def clock(found: re.Match[str]) -> str:
        hour = int(found[1])
        return f" {(hour - 1) % 12 + 1}{'am' if hour < 12 else 'pm'}"

    return re.sub(r" (\d\d):00\b", clock, short)
