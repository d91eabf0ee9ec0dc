"""The clock of something that lasts: not started, day 12 of 30, ended. Pure.

Ends that are worked out are called computed, and a start that is uncertain gives an end that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from events import dates
from events.negotiation.times import Times, later_by

DAY = 86_400
MOST = 60
"""Most cells of a clock: beyond, a cell is a week, a month or a year."""
_UNITS = ((1, "day"), (7, "week"), (30, "month"), (365, "year"))


class Run(StrEnum):
    """Where a clock stands."""

    NOT_STARTED = "not started"
    MAY_HAVE_STARTED = "may have started"
    RUNNING = "running"
    MAY_HAVE_ENDED = "may have ended"
    ENDED = "ended"


class Cell(StrEnum):
    """A day (or week) of a clock: gone, gone if the start was early, the present one, to come."""

    PAST = "past"
    MAYBE = "maybe"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock at an instant.

    `days` is how many it has; `day` the present one, from the least to the most that is possible,
    None before it surely started and after it surely ended. `end` are the bounds of its end, and
    `end_day` its day in words, from an imagined start today (`is_imagined`) while none is known.
    """

    run: Run
    length: str
    days: int
    unit: str
    cells: tuple[Cell, ...]
    day: tuple[int, int] | None
    start: Times
    end: Times
    is_imagined: bool

    @property
    def is_uncertain(self) -> bool:
        """Whether its end may be on several days."""
        early, late = self.end.earliest, self.end.latest
        return early is None or late is None or late - early > DAY

    @property
    def groups(self) -> list[tuple[Cell, ...]]:
        """The cells by seven."""
        return [self.cells[at : at + 7] for at in range(0, len(self.cells), 7)]


def clock(length: str, start: Times, now: int, zone: str) -> Clock | None:
    """The clock of what lasts for `length` (ISO 8601) from `start`, at `now` (seconds, exclusive:
    the end of a day is still that day).

    None for a length that is none. A start of one day is of the whole day: thirty days from 12
    March end on 11 April.
    """
    try:
        span = dates.duration(length)
    except dates.DateError:
        return None
    today = midnight(now - 1, zone)
    begun = start if start.is_known else Times(today, midnight(today + DAY + DAY // 2, zone))
    end = later_by(begun, length, zone)
    base = begun.earliest if begun.earliest is not None else begun.latest
    over = end.earliest if end.earliest is not None else end.latest
    days = max(1, round((over - base) / DAY)) if base is not None and over is not None else 1
    run = _run(start, end, now)
    day = _day(start, days, run, now, zone)
    size, unit = next((one for one in _UNITS if days <= one[0] * MOST), _UNITS[-1])
    cells = _cells(min(MOST, -(-days // size)), size, run, day)
    return Clock(run, span.label, days, unit, cells, day, start, end, not start.is_known)


def midnight(instant: int, zone: str) -> int:
    """The first instant of its day in `zone`."""
    moment = dates.civil(instant, zone)
    return dates.instant(dates.Civil(moment.year, moment.month, moment.day), zone)


def _run(start: Times, end: Times, now: int) -> Run:
    if not start.is_known or (start.earliest is not None and now < start.earliest):
        return Run.NOT_STARTED
    if end.surely_over(now):
        return Run.ENDED
    if end.earliest is None or end.earliest < now:
        # With an open start it may be over at any time.
        return Run.MAY_HAVE_ENDED
    # A start within one day is taken for that day, as its precision says.
    early, late = start.earliest, start.latest
    one_day = early is not None and late is not None and late - early <= DAY + 3600
    if one_day or (late is not None and late <= now):
        return Run.RUNNING
    return Run.MAY_HAVE_STARTED


def _day(start: Times, days: int, run: Run, now: int, zone: str) -> tuple[int, int] | None:
    if run not in (Run.RUNNING, Run.MAY_HAVE_STARTED, Run.MAY_HAVE_ENDED):
        return None
    if start.earliest is None or start.latest is None:
        return None
    low, high = (_days_between(at, now - 1, zone) + 1 for at in (start.latest - 1, start.earliest))
    return max(1, min(low, days)), max(1, min(high, days))


def _days_between(start: int, end: int, zone: str) -> int:
    return round((midnight(end, zone) - midnight(start, zone)) / DAY)


def _cells(count: int, size: int, run: Run, day: tuple[int, int] | None) -> tuple[Cell, ...]:
    if run is Run.ENDED:
        return (Cell.PAST,) * count
    if day is None:
        kind = Cell.MAYBE if run is Run.MAY_HAVE_ENDED else Cell.AHEAD
        return (kind,) * count
    low, high = (min(count - 1, (one - 1) // size) for one in day)
    if run is Run.MAY_HAVE_STARTED:
        return tuple(Cell.MAYBE if at <= high else Cell.AHEAD for at in range(count))
    between = (Cell.MAYBE,) * (high - low)
    return ((Cell.PAST,) * low + between + (Cell.NOW,) + (Cell.AHEAD,) * count)[:count]


def told(found: Clock, zone: str, *, may_begin: bool = True) -> tuple[str, str]:
    """A clock in words: where it stands, and a sentence about its end, "" where there is none.

    `may_begin` says whether what has no start may still get one.
    """
    end = _when(found.end, zone)
    doubt = "; the start is uncertain" if found.is_uncertain and not found.is_imagined else ""
    computed = f"(computed{doubt})"
    match found.run:
        case Run.NOT_STARTED if found.is_imagined:
            rest = f"If it began today it would end on {end} (computed)." if may_begin else ""
            return "Not started.", rest
        case Run.NOT_STARTED:
            begins = _when(found.start, zone)
            return "Not started.", f"It begins {_on(begins)} and would end {_on(end)} {computed}."
        case Run.MAY_HAVE_STARTED:
            return "It may have started.", f"It would end {_on(end)} {computed}."
        case Run.ENDED:
            return "Ended.", f"Its time was over {_on(end)} {computed}."
        case Run.MAY_HAVE_ENDED:
            return "It may have ended.", f"Its time is over {_on(end)} {computed}."
    return f"{_day_words(found)}.", f"It ends {_on(end)} {computed}."


def _day_words(found: Clock) -> str:
    if found.day is None:
        return "Running"
    low, high = found.day
    which = (
        f"{low}" if low == high else f"{low} or {high}" if high == low + 1 else f"{low} to {high}"
    )
    return f"Day {which} of {found.days}"


def _on(words: str) -> str:
    return (
        words if words.startswith(("between", "by", "not before", "at a time")) else f"on {words}"
    )


def _when(times: Times, zone: str) -> str:
    """Bounds by their days: "Fri 11 April 2025", "between ... and ...", "by ..."."""
    early = None if times.earliest is None else dates.day_label(dates.civil(times.earliest, zone))
    late = None if times.latest is None else dates.day_label(dates.civil(times.latest - 1, zone))
    if early is None:
        return f"by {late}" if late else "at a time not stated"
    if late is None:
        return f"not before {early}"
    return early if early == late else f"between {early} and {late}"
