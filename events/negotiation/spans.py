"""How long ago something was, and how long an answer has been awaited: one way to say it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from events.dates.civil import civil, days

HOUR = 3_600
DAY = 86_400
WEEKS_FROM, MONTHS_FROM = 14, 61
"""Days from which a length is told in weeks, and from which in months."""

_MONTH = 30.44
_UNITS = {"h": "hour", "d": "day", "wk": "week", "mo": "month"}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A length of time as pages tell it.

    `days` are days of the calendar; `hours` only count where both ends are known to the hour, else
    they are None. `at_least` says that what it begins with is known to less than a day.
    """

    days: int
    hours: int | None = None
    at_least: bool = False

    @property
    def number(self) -> tuple[int, str]:
        """How many of which unit: h, d, wk or mo."""
        if self.hours is not None and self.hours < 24:
            return self.hours, "h"
        if self.days < WEEKS_FROM:
            return self.days, "d"
        if self.days < MONTHS_FROM:
            return self.days // 7, "wk"
        return int(self.days / _MONTH), "mo"

    @property
    def short(self) -> str:
        """ "5 h", "1 d", "3 wk", "20 mo"; "today" for no whole day."""
        count, unit = self.number
        return f"{count} {unit}" if count or unit == "h" else "today"

    @property
    def words(self) -> str:
        """ "5 hours", "1 day", "20 months"; "today" for no whole day or hour."""
        count, unit = self.number
        if count == 0:
            return "under an hour" if unit == "h" else "today"
        return f"{count} {_UNITS[unit]}{'' if count == 1 else 's'}"

    @property
    def exact(self) -> str:
        """The same without rounding days away: "620 days", "at least 12 days"."""
        count, unit = self.number
        words = self.words if unit in "hd" or not count else f"{self.days} days"
        return f"at least {words}" if self.at_least and count else words


def between(earliest: int | None, latest: int | None, now: int, zone: str) -> Span | None:
    """How long before `now` something was that happened from `earliest` until before `latest`.

    All in seconds since 1970; `now` is exclusive, like the end of a day that one looks back from.
    What is known to the day counts by days of the calendar in `zone`, what is known to less counts
    from its last day. None where its end is not known, or is still to come for more than a day.
    """
    if latest is None:
        return None
    past = now - latest
    width = None if earliest is None else latest - earliest
    if width is not None and width <= HOUR:
        # Known to the hour or better: the clock counts, and a day is over after 24 hours.
        hours = max(past, 0) // HOUR
        return Span(hours // 24, hours) if past >= -width else None
    passed = day_number(now - 1, zone) - day_number(latest - 1, zone)
    if passed < 0:
        return Span(0) if earliest is not None and earliest < now else None
    # The day on which the clocks change has 25 hours.
    return Span(passed, at_least=width is None or width > DAY + HOUR)


def day_number(seconds: int, zone: str) -> int:
    """Days since 1970 on the calendar of `zone`."""
    moment = civil(seconds, zone)
    return days(moment.year, moment.month, moment.day)
