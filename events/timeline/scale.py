"""The time scale of the chart: which instants are shown, where they stand, what is written there.

An instant is an ``int``, seconds since 1970-01-01T00:00Z in the proleptic Gregorian calendar, so
dates before our era work as any other. Calendar steps (midnights, Mondays, months) are those of the
dossier's zone. Pixels are whole numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from events.timeline.lettering import text_width

HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY
YEAR = 31_556_952  # the mean Gregorian year, 365.2425 days

NARROWEST = 6 * HOUR
WIDEST = 12_000 * YEAR
FIRST = -12_000 * YEAR  # no window reaches beyond these two
LAST = 12_000 * YEAR

LABEL_GAP = 64  # labels of the first line are at least this far apart
MINOR_GAP = 5
LABEL_INSET = 6  # a label stands this far right of its tick

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Level(StrEnum):
    """How closely one looks. The order is from near to far."""

    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    DECADES = "decades"


class Unit(StrEnum):
    """A calendar step of the axis."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


# Nominal lengths decide only whether a step fits; positions always come from the calendar.
NOMINAL = {
    Unit.HOUR: HOUR,
    Unit.DAY: DAY,
    Unit.WEEK: WEEK,
    Unit.MONTH: YEAR // 12,
    Unit.YEAR: YEAR,
}

type Step = tuple[Unit, int]

UP_TO = (  # the widest span each level shows
    (Level.HOURS, 3 * DAY),
    (Level.DAYS, 21 * DAY),
    (Level.WEEKS, YEAR // 3),
    (Level.MONTHS, 3 * YEAR),
    (Level.YEARS, 25 * YEAR),
)
LABEL_STEPS: dict[Level, tuple[Step, ...]] = {
    Level.HOURS: tuple((Unit.HOUR, n) for n in (1, 3, 6, 12, 24)),
    Level.DAYS: ((Unit.DAY, 1), (Unit.DAY, 2), (Unit.WEEK, 1)),
    Level.WEEKS: ((Unit.WEEK, 1), (Unit.WEEK, 2), (Unit.MONTH, 1)),
    Level.MONTHS: tuple((Unit.MONTH, n) for n in (1, 2, 3, 6, 12)),
    Level.YEARS: tuple((Unit.YEAR, n) for n in (1, 2, 5, 10)),
    Level.DECADES: tuple(
        (Unit.YEAR, n) for n in (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
    ),
}
MINOR_STEPS: dict[Level, tuple[Step, ...]] = {
    Level.HOURS: ((Unit.HOUR, 1), (Unit.HOUR, 3), (Unit.HOUR, 6)),
    Level.DAYS: ((Unit.HOUR, 6), (Unit.HOUR, 12), (Unit.DAY, 1)),
    Level.WEEKS: ((Unit.DAY, 1), (Unit.WEEK, 1)),
    Level.MONTHS: ((Unit.WEEK, 1), (Unit.MONTH, 1)),
    Level.YEARS: ((Unit.MONTH, 3), (Unit.YEAR, 1)),
    Level.DECADES: tuple((Unit.YEAR, n) for n in (1, 5, 10, 50, 100, 500, 1000)),
}
CONTEXT_STEP: dict[Level, Step] = {
    Level.HOURS: (Unit.DAY, 1),
    Level.DAYS: (Unit.MONTH, 1),
    Level.WEEKS: (Unit.MONTH, 1),
    Level.MONTHS: (Unit.YEAR, 1),
    Level.YEARS: (Unit.YEAR, 10),
    Level.DECADES: (Unit.YEAR, 100),
}
TYPICAL = {  # the span a level button gives
    Level.HOURS: DAY,
    Level.DAYS: WEEK,
    Level.WEEKS: 8 * WEEK,
    Level.MONTHS: YEAR,
    Level.YEARS: 10 * YEAR,
    Level.DECADES: 50 * YEAR,
}


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time: ``start`` inclusive, ``end`` exclusive, both instants."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError("A window has to start before it ends.")

    @property
    def span(self) -> int:
        """Length in seconds."""
        return self.end - self.start

    @property
    def level(self) -> Level:
        """The level at which this span is drawn."""
        for level, widest in UP_TO:
            if self.span <= widest:
                return level
        return Level.DECADES


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps the instants of ``window`` to the pixels ``left`` to ``right``."""

    window: Window
    left: int
    right: int

    def x(self, instant: int) -> int:
        """The pixel of an instant, also outside the window. Never decreases as time goes on."""
        twice = 2 * (instant - self.window.start) * (self.right - self.left)
        return self.left + (twice + self.window.span) // (2 * self.window.span)

    def instant(self, x: int) -> int:
        """The instant at a pixel."""
        return self.window.start + (x - self.left) * self.window.span // (self.right - self.left)

    def pixels(self, seconds: int) -> float:
        """How wide a duration is drawn."""
        return seconds * (self.right - self.left) / self.window.span


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled tick: ``x`` of its line, ``label_x`` where its text starts."""

    x: int
    label_x: int
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """What the axis shows: labelled ticks, small ones, and the second line of labels."""

    level: Level
    ticks: tuple[Tick, ...]
    minor: tuple[int, ...]
    context: tuple[Tick, ...]


# --- The calendar. The day arithmetic is the usual one of eras of 400 years, counted from 1 March.


def days_of(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 to a date of the proleptic Gregorian calendar (year 0 is 1 BCE)."""
    shifted = year - (month <= 2)
    era, of_era = divmod(shifted, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def date_of(days: int) -> tuple[int, int, int]:
    """Year, month and day of a count of days from 1970-01-01."""
    era, of_era = divmod(days + 719_468, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    march = (5 * of_year + 2) // 153
    month = march + 3 if march < 10 else march - 9
    return year + era * 400 + (month <= 2), month, of_year - (153 * march + 2) // 5 + 1


@lru_cache(maxsize=8192)
def offset(instant: int, zone: str) -> int:
    """Seconds that ``zone`` is ahead of UTC. Beyond the years 2 to 9998 the nearest known holds."""
    clamped = min(max(instant, -62_100_000_000), 253_300_000_000)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=clamped)
    ahead = moment.astimezone(ZoneInfo(zone)).utcoffset()
    return int(ahead.total_seconds()) if ahead else 0


def local(instant: int, zone: str) -> int:
    """The wall clock of ``zone`` at an instant, as seconds since 1970-01-01T00:00 of that clock."""
    return instant + offset(instant, zone)


@lru_cache(maxsize=8192)
def from_local(clock: int, zone: str) -> int:
    """The instant at which the clock of ``zone`` shows ``clock``; the first if it does twice."""
    earlier, later = (clock - offset(clock + side, zone) for side in (-DAY, DAY))
    if earlier == later or earlier + offset(earlier, zone) == clock:
        return earlier
    return later


def day_start(instant: int, zone: str) -> int:
    """Midnight before (or at) an instant, in ``zone``."""
    return from_local(local(instant, zone) // DAY * DAY, zone)


def next_day(instant: int, zone: str) -> int:
    """Midnight after an instant, in ``zone``."""
    return from_local((local(instant, zone) // DAY + 1) * DAY, zone)


def day_name(instant: int, zone: str) -> str:
    """ISO 8601 date of an instant in ``zone``, e.g. ``2025-03-11`` or ``-0043-03-15``."""
    year, month, day = date_of(local(instant, zone) // DAY)
    sign = "-" if year < 0 else ""
    return f"{sign}{abs(year):04}-{month:02}-{day:02}"


@lru_cache(maxsize=4096)
def format_instant(instant: int) -> str:
    """An instant for an address: ``2025-03-09``, with ``T12:30Z`` added unless midnight UTC."""
    name, clock = day_name(instant, "UTC"), instant % DAY
    if not clock:
        return name
    seconds = f":{clock % 60:02}" if clock % 60 else ""
    return f"{name}T{clock // HOUR:02}:{clock % HOUR // 60:02}{seconds}Z"


def parse_instant(text: str) -> int:
    """Read what `format_instant` writes. Raises ValueError for anything else."""
    date, _, time = text.partition("T")
    if len(text) > 30 or (time and not time.endswith("Z")) or not text.isascii():
        raise ValueError(f"'{text[:30]}' is not an instant. Try '2025-03-09T12:00Z'.")
    try:
        sign = -1 if date.startswith("-") else 1
        year, month, day = (int(part) for part in date.removeprefix("-").split("-"))
        parts = [int(part) for part in time.removesuffix("Z").split(":")] if time else [0, 0]
        hour, minute, second = (*parts, 0) if len(parts) == 2 else parts
    except ValueError:
        raise ValueError(f"'{text}' is not an instant. Try '2025-03-09T12:00Z'.") from None
    days = days_of(sign * year, month, day) if 1 <= month <= 12 else 0
    if date_of(days) != (sign * year, month, day) or hour > 23 or minute > 59 or second > 59:
        raise ValueError(f"'{text}' is not an instant. Try '2025-03-09T12:00Z'.")
    return days * DAY + hour * HOUR + minute * 60 + second


# --- Moving the window.


def clamp(start: int, span: int) -> Window:
    """A window of about this start and span, within what the chart can show."""
    span = min(max(span, NARROWEST), WIDEST)
    start = min(max(start, FIRST), LAST - span)
    return Window(start, start + span)


def zoom(window: Window, factor: float, at: int | None = None) -> Window:
    """Closer by ``factor`` (below 1: farther); the instant ``at`` (or the middle) stays put."""
    at = window.start + window.span // 2 if at is None else at
    span = min(max(round(window.span / factor), NARROWEST), WIDEST)
    return clamp(at - round((at - window.start) * span / window.span), span)


def pan(window: Window, windows: float) -> Window:
    """Later by so many windows (negative: earlier)."""
    return clamp(window.start + round(window.span * windows), window.span)


def at_level(window: Window, level: Level, at: int | None = None) -> Window:
    """The usual span of a level around ``at`` (or the middle); unchanged if it is there already."""
    return window if window.level is level else zoom(window, window.span / TYPICAL[level], at)


# --- Ticks.


def _boundaries(step: Step, start: int, end: int, zone: str) -> Iterator[int]:
    """Instants in [start, end) at which a calendar step of ``zone`` begins."""
    unit, count = step
    last = None
    for clock in _clocks(unit, count, local(start, zone) - DAY, local(end, zone) + DAY):
        instant = from_local(clock, zone)
        if start <= instant < end and instant != last:
            last = instant
            yield instant


def _clocks(unit: Unit, count: int, first: int, last: int) -> Iterator[int]:
    if unit is Unit.HOUR:
        yield from range(first // (count * HOUR) * count * HOUR, last, count * HOUR)
    elif unit is Unit.DAY:
        yield from range(first // (count * DAY) * count * DAY, last, count * DAY)
    elif unit is Unit.WEEK:
        monday = 4 * DAY  # 1970-01-05
        length = count * WEEK
        yield from range((first - monday) // length * length + monday, last, length)
    else:
        months = count * (12 if unit is Unit.YEAR else 1)
        year, month, _ = date_of(first // DAY)
        index = (year * 12 + month - 1) // months * months
        while (clock := days_of(index // 12, index % 12 + 1, 1) * DAY) < last:
            yield clock
            index += months


def _era(year: int) -> str:
    return str(year) if year > 0 else f"{1 - year} BCE"


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if 10 <= number % 100 <= 13 else ending}"


def _decade(year: int) -> str:
    first = year // 10 * 10
    return f"{first}s" if first > 0 else _era(first)


def _century(year: int) -> str:
    # By hundreds, as people speak of them: 2000 opens the 21st century.
    if year >= 0:
        return f"{_ordinal(year // 100 + 1)} century"
    return f"{_ordinal(-(year // 100))} century BCE"


def _label(level: Level, step: Step, clock: int) -> str:
    year, month, day = date_of(clock // DAY)
    unit, count = step
    match level:
        case Level.HOURS:
            return f"{clock % DAY // HOUR:02}"
        case Level.DAYS:
            return f"{WEEKDAYS[(clock // DAY + 3) % 7]} {day}"
        case Level.WEEKS:
            return str(day) if unit is Unit.WEEK else MONTHS[month - 1][:3]
        case Level.MONTHS:
            return MONTHS[month - 1][:3]
        case Level.YEARS:
            return _era(year)
        case Level.DECADES:
            return _decade(year) if count == 10 else _era(year)


def _context(level: Level, clock: int, *, full: bool) -> str:
    year, month, day = date_of(clock // DAY)
    match level:
        case Level.HOURS:
            return f"{WEEKDAYS[(clock // DAY + 3) % 7]} {day} {MONTHS[month - 1]} {_era(year)}"
        case Level.DAYS | Level.WEEKS:
            name = MONTHS[month - 1]
            return f"{name} {_era(year)}" if full or month == 1 else name
        case Level.MONTHS:
            return _era(year)
        case Level.YEARS:
            return _decade(year)
        case Level.DECADES:
            return _century(year)


def _pick(steps: tuple[Step, ...], scale: Scale, gap: int) -> Step:
    for unit, count in steps:
        # A hundredth of slack: months and years of one label step differ a little in length.
        if scale.pixels(NOMINAL[unit] * count) >= gap * 1.01:
            return unit, count
    return steps[-1]


def axis(scale: Scale, zone: str, keep_clear: tuple[int, int] | None = None) -> Axis:
    """The axis of a window in the calendar of ``zone``.

    Labels of the first line are at least 64 px apart and left out where they would meet the pixels
    ``keep_clear`` (the flag of the now line) or leave the chart. The second line marks its own
    changes and starts with the one that holds at the left edge.
    """
    window, level = scale.window, scale.window.level
    step = _pick(LABEL_STEPS[level], scale, LABEL_GAP)
    ticks: list[Tick] = []
    taken = scale.left - LABEL_GAP
    for instant in _boundaries(step, window.start, window.end, zone):
        x, label = scale.x(instant), _label(level, step, local(instant, zone))
        begin, end = x + LABEL_INSET, x + LABEL_INSET + text_width(label, weight=500)
        clear = keep_clear is None or end + 4 <= keep_clear[0] or begin >= keep_clear[1] + 4
        # Short months (and clocks put forward) may bring two steps nearer than the nominal length.
        if end > scale.right or not clear or x - taken < LABEL_GAP:
            label = ""
        else:
            taken = x
        ticks.append(Tick(x, begin, label))
    minor = {
        scale.x(instant)
        for instant in _boundaries(
            _pick(MINOR_STEPS[level], scale, MINOR_GAP), window.start, window.end, zone
        )
    }
    return Axis(
        level, tuple(ticks), tuple(sorted(minor - {tick.x for tick in ticks})), _second(scale, zone)
    )


def _second(scale: Scale, zone: str) -> tuple[Tick, ...]:
    window, level = scale.window, scale.window.level
    unit, count = CONTEXT_STEP[level]
    if scale.pixels(NOMINAL[unit] * count) < LABEL_GAP:
        return ()  # centuries too narrow for their names
    changes = list(_boundaries((unit, count), window.start, window.end, zone))
    found: list[Tick] = []
    edge = scale.right - LABEL_INSET
    # From the right, so that a change keeps its label and what holds at the left edge gives way.
    for instant in reversed([window.start, *(t for t in changes if t > window.start)]):
        x, first = scale.x(instant), instant == window.start
        label = _context(level, local(instant, zone), full=first)
        begin = x + LABEL_INSET
        if begin + text_width(label) > edge:
            label = ""
        else:
            edge = x - LABEL_INSET
        found.append(Tick(x, begin, label))
    if found and found[-1].x == scale.left and window.start not in changes:
        sticky = found.pop()
        if sticky.label:
            found.append(sticky)
    return tuple(reversed(found))


@lru_cache(maxsize=4096)
def spoken_day(instant: int, zone: str) -> str:
    """A day as it is said in a name: ``Tue 11 March 2025``."""
    return _context(Level.HOURS, local(instant, zone), full=True)
