"""The cells that time is counted in: hours to millennia on the clock of a zone.

A clock is seconds since 1970-01-01T00:00 as the zone shows them (``scale.local``), so a day is a
day of that zone whatever the season. Months and longer are those of the calendar. What the
database counts by (migrations/sql/density.sql) is worked out by the same rules.
"""

from enum import IntEnum
from itertools import pairwise

from events.timeline.scale import DAY, HOUR, WEEK, date_of, days_of


class Grain(IntEnum):
    """How long the cells of a level are, from fine to coarse."""

    HOUR = 0
    SIX_HOURS = 1
    DAY = 2
    WEEK = 3
    MONTH = 4
    QUARTER = 5
    YEAR = 6
    DECADE = 7
    CENTURY = 8
    MILLENNIUM = 9

    @property
    def usual(self) -> int:
        """The mean length of a cell in seconds."""
        return _USUAL[self]


_USUAL = {
    Grain.HOUR: HOUR,
    Grain.SIX_HOURS: 6 * HOUR,
    Grain.DAY: DAY,
    Grain.WEEK: WEEK,
    Grain.MONTH: 2_629_746,
    Grain.QUARTER: 7_889_238,
    Grain.YEAR: 31_556_952,
    Grain.DECADE: 315_569_520,
    Grain.CENTURY: 3_155_695_200,
    Grain.MILLENNIUM: 31_556_952_000,
}
_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3}
_YEARS = {Grain.YEAR: 1, Grain.DECADE: 10, Grain.CENTURY: 100, Grain.MILLENNIUM: 1000}
_MONDAY = 4 * DAY  # 5 January 1970

CHAIN = (
    Grain.MILLENNIUM, Grain.CENTURY, Grain.DECADE, Grain.YEAR, Grain.QUARTER, Grain.MONTH,
    Grain.DAY, Grain.SIX_HOURS, Grain.HOUR,
)  # fmt: skip
"""The levels whose cells nest, from coarse to fine: weeks do not."""


def cell(grain: Grain, clock: int) -> int:
    """The clock at which the cell that holds ``clock`` begins."""
    return _edge(grain, clock, 0)


def following(grain: Grain, clock: int) -> int:
    """The clock at which the next cell begins."""
    return _edge(grain, clock, 1)


def _edge(grain: Grain, clock: int, later: int) -> int:
    if grain in _MONTHS:
        year, month, _ = date_of(clock // DAY)
        size = _MONTHS[grain]
        first = (month - 1) // size * size + later * size
        return days_of(year + first // 12, first % 12 + 1, 1) * DAY
    if grain in _YEARS:
        year, _, _ = date_of(clock // DAY)
        size = _YEARS[grain]
        return days_of((year // size + later) * size, 1, 1) * DAY
    origin = _MONDAY if grain is Grain.WEEK else 0
    return clock - (clock - origin) % grain.usual + later * grain.usual


def between(start: int, end: int) -> list[tuple[Grain, int, int]]:
    """The time from ``start`` to ``end`` (full hours) as few cells: (level, from, to), in order."""
    found: list[tuple[Grain, int, int]] = []
    tail: list[tuple[Grain, int, int]] = []
    grain = CHAIN[-1]
    for grain, coarser in pairwise(reversed(CHAIN)):
        up, down = cell(coarser, start), cell(coarser, end)
        up = up if up == start else following(coarser, start)
        if up >= down:
            break
        if start < up:
            found.append((grain, start, up))
        if down < end:
            tail.append((grain, down, end))
        start, end, grain = up, down, coarser
    if start < end:
        found.append((grain, start, end))
    return [*found, *reversed(tail)]


def before(clock: int) -> list[tuple[Grain, int | None, int]]:
    """All time before ``clock`` (a full hour) as few cells: (level, from, to); None: no limit."""
    found: list[tuple[Grain, int | None, int]] = []
    start: int | None = None
    for grain in CHAIN:
        end = cell(grain, clock)
        if start is None or start < end:
            found.append((grain, start, end))
            start = end
    return found
