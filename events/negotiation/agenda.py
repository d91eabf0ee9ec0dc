"""What to watch next: dates that lie ahead or have passed without a report, in groups. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from events import dates
from events.negotiation.clocks import DAY, midnight
from events.negotiation.times import Times

SOON = 7
"""Days ahead within which something of more than one day counts as of the next few days."""


class When(StrEnum):
    """The groups of an agenda, in their order."""

    OVERDUE = "overdue"
    NOW = "due now"
    SOON = "next few days"
    DATED = "dated"
    UNDATED = "no date stated"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in an agenda: its group, and of dated things the first instant of the
    day, or of the first of several days."""

    when: When
    day: int | None = None


@dataclass(slots=True)
class Group[Item]:
    """The items of one group or one day."""

    place: Place
    items: list[Item]


def place_of(times: Times, now: int, zone: str) -> Place:
    """The group of something that is to be at some instant within `times`; `now` is exclusive.

    What may still come on several days, some of them near, is of the next few days. Without a
    first day the last one counts, as the one by which it is to be.
    """
    if not times.is_known:
        return Place(When.UNDATED)
    if times.surely_over(now):
        return Place(When.OVERDUE)
    if times.latest is None:
        begins = midnight(times.earliest or 0, zone)
        return Place(When.DATED, begins) if begins > now - 1 else Place(When.UNDATED)
    last = midnight(times.latest - 1, zone)
    first = last if times.earliest is None else midnight(times.earliest, zone)
    today = midnight(now - 1, zone)
    if first == last:
        return Place(When.NOW) if first == today else Place(When.DATED, first)
    return Place(When.SOON) if first < today + SOON * DAY else Place(When.DATED, first)


def grouped[Item](
    placed: Iterable[tuple[Item, Times, int]], now: int, zone: str
) -> list[Group[Item]]:
    """Items with their times and a number to tell them apart, by group; the earliest first.

    What is overdue longest comes last: what passed lately is what one looks for.
    """
    order = list(When)
    found: dict[tuple[int, int], Group[Item]] = {}
    for item, times, _ in sorted(placed, key=lambda one: _order(one[1], one[2], now)):
        place = place_of(times, now, zone)
        key = order.index(place.when), place.day or 0
        found.setdefault(key, Group(place, [])).items.append(item)
    return [found[key] for key in sorted(found)]


def _order(times: Times, number: int, now: int) -> tuple[int, int]:
    at = times.earliest if times.earliest is not None else times.latest
    if at is None:
        return 0, number
    return -(times.latest or at) if times.surely_over(now) else at, number


def away(day: int, now: int, zone: str) -> str:
    """How far ahead a day is: "tomorrow", "in 3 days"."""
    count = round((midnight(day, zone) - midnight(now - 1, zone)) / DAY)
    return {0: "today", 1: "tomorrow"}.get(count, f"in {count:,} days")


def is_whole_days(times: Times, zone: str) -> bool:
    """Whether both ends are midnights of `zone`: then a calendar shows days and no hours."""
    return all(at is None or midnight(at, zone) == at for at in (times.earliest, times.latest))


def spoken(times: Times, zone: str) -> str:
    """The days that something may be on: "Sat 15 March 2025", "12 to 15 March 2025"."""
    if times.earliest is None or times.latest is None:
        return ""
    first, last = (dates.civil(at, zone) for at in (times.earliest, times.latest - 1))
    one, other = dates.day_label(first), dates.day_label(last)
    return one if one == other else f"{one} to {other}"
