"""Calendar arithmetic on whole numbers, because datetime stops at the year 1.

Years are astronomical (0 is 1 BC, -1 is 2 BC), the calendar is the proleptic Gregorian one of
ISO 8601. A local second is what a clock on the wall shows, counted as if it were UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = 86_400
_EPOCH = datetime(1970, 1, 1)
_CYCLE = 146_097 * DAY
"""The Gregorian calendar repeats, weekdays included, every 400 years."""
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Civil(NamedTuple):
    """A date and time of day as read from a calendar and a clock."""

    year: int
    month: int
    day: int
    hour: int = 0
    minute: int = 0
    second: int = 0

    @property
    def weekday(self) -> int:
        """0 for Monday to 6 for Sunday."""
        return weekday(days(self.year, self.month, self.day))


def is_leap(year: int) -> bool:
    """Say whether an astronomical year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """Return the number of days of a month."""
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]


def days(year: int, month: int, day: int) -> int:
    """Return days since 1970-01-01. The year is taken to begin in March, so that the leap day
    comes last and the months form a regular pattern."""
    shifted = year - (month <= 2)
    era, year_of_era = divmod(shifted, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return (
        era * 146_097
        + year_of_era * 365
        + year_of_era // 4
        - year_of_era // 100
        + (day_of_year - 719_468)
    )


def from_days(number: int) -> tuple[int, int, int]:
    """Return year, month and day of a number of days since 1970-01-01."""
    era, day_of_era = divmod(number + 719_468, 146_097)
    year_of_era = (
        day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    return year_of_era + era * 400 + (month <= 2), month, day


def weekday(number: int) -> int:
    """Return 0 (Monday) to 6 for a number of days since 1970-01-01, a Thursday."""
    return (number + 3) % 7


def add_months(year: int, month: int, count: int) -> tuple[int, int]:
    """Return the year and month `count` months later."""
    carry, index = divmod(month - 1 + count, 12)
    return year + carry, index + 1


def shift_months(local: int, count: int) -> int:
    """Move a local second by months; a day the month does not have becomes its last one."""
    number, rest = divmod(local, DAY)
    year, month, day = from_days(number)
    year, month = add_months(year, month, count)
    return days(year, month, min(day, month_length(year, month))) * DAY + rest


def local_seconds(moment: Civil) -> int:
    """Return the local second of a date and time."""
    number = days(moment.year, moment.month, moment.day)
    return number * DAY + moment.hour * 3600 + moment.minute * 60 + moment.second


def from_local(local: int) -> Civil:
    """Return the date and time of a local second."""
    number, rest = divmod(local, DAY)
    return Civil(*from_days(number), rest // 3600, rest // 60 % 60, rest % 60)


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


def _within_datetime(seconds: int) -> tuple[datetime, int]:
    """Return a datetime for `seconds` and what was added to make it fit the years 2 to 9998."""
    moved = 0
    if seconds < -62_100_000_000:
        moved = -((seconds + 62_100_000_000) // _CYCLE) * _CYCLE
    elif seconds > 253_300_000_000:
        moved = -((seconds - 253_300_000_000 + _CYCLE - 1) // _CYCLE) * _CYCLE
    return _EPOCH + timedelta(seconds=seconds + moved), moved


def _offset(moment: datetime) -> int:
    offset = moment.utcoffset()
    assert offset is not None
    return offset.days * DAY + offset.seconds


def _offsets(local: int, zone: str) -> tuple[int, int]:
    """Return the offsets that PEP 495 gives for fold 0 and 1: equal for an ordinary time, falling
    where clocks go back (the time exists twice), rising where they go forward (not at all)."""
    if zone == "UTC":
        return 0, 0
    moment = _within_datetime(local)[0].replace(tzinfo=_zone(zone))
    return _offset(moment), _offset(moment.replace(fold=1))


def _after_gap(local: int, before: int, after: int, zone: str) -> int:
    """Return the instant at which clocks skipped over the local second `local`."""
    low, high = local - after, local - before
    while low < high:
        middle = (low + high) // 2
        if offset_at(middle, zone) == before:
            low = middle + 1
        else:
            high = middle
    return low


def first_instant(local: int, zone: str) -> int:
    """Return the first instant at which clocks show `local`, or the one they skip it at."""
    before, after = _offsets(local, zone)
    return local - before if before >= after else _after_gap(local, before, after, zone)


def end_instant(local: int, zone: str) -> int:
    """Return the instant after the last second before `local` (which is exclusive)."""
    before, after = _offsets(local - 1, zone)
    if before < after:
        return _after_gap(local - 1, before, after, zone)
    return local - after


def single_offset(local: int, zone: str) -> int | None:
    """Return the offset in seconds at a local second, None when it exists twice or not at all."""
    before, after = _offsets(local, zone)
    return before if before == after else None


def offset_at(instant: int, zone: str) -> int:
    """Return the offset from UTC in seconds at an instant."""
    if zone == "UTC":
        return 0
    moment = _within_datetime(instant)[0].replace(tzinfo=UTC)
    return _offset(moment.astimezone(_zone(zone)))


def civil(instant: int, zone: str = "UTC") -> Civil:
    """Return what calendar and clock show at an instant in a zone (IANA name)."""
    return from_local(instant + offset_at(instant, zone))


def instant(moment: Civil, zone: str = "UTC") -> int:
    """Return the first instant at which calendar and clock show `moment` in a zone."""
    return first_instant(local_seconds(moment), zone)


def iso(value: int) -> str:
    """Return an instant as ISO 8601 in UTC, years before 0 with a sign."""
    moment = civil(value)
    year = f"{moment.year:04d}" if moment.year >= 0 else f"-{-moment.year:04d}"
    clock = f"{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d}"
    return f"{year}-{moment.month:02d}-{moment.day:02d}T{clock}Z"
