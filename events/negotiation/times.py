"""Stretches of time with uncertain ends, as the records of a negotiation have them.

Instants are seconds since 1970; `earliest` counts, `latest` no longer does.
"""

from __future__ import annotations

from dataclasses import dataclass

from events import dates


@dataclass(frozen=True, slots=True)
class Times:
    """The outer bounds of a date; None where one is open or nothing is known."""

    earliest: int | None = None
    latest: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether anything is known of it."""
        return self.earliest is not None or self.latest is not None

    def surely_over(self, now: int) -> bool:
        """Whether it lies in the past however it is read."""
        return self.latest is not None and self.latest <= now

    def maybe_begun(self, now: int) -> bool:
        """Whether it may have come."""
        return self.earliest is not None and self.earliest < now


NEVER = Times()


def later_by(times: Times, length: str, zone: str) -> Times:
    """`times` moved later by an ISO 8601 length, by the calendar of `zone`; NEVER without one.

    What falls out of the calendar has no bound.
    """
    try:
        span = dates.duration(length)
    except dates.DateError:
        return NEVER
    return Times(_add(times.earliest, span, zone), _add(times.latest, span, zone))


def _add(instant: int | None, span: dates.Duration, zone: str) -> int | None:
    if instant is None:
        return None
    try:
        return dates.add(instant, span, zone)
    except (dates.DateError, ValueError, OverflowError):
        return None
