"""How many events each day has: quiet months, busy weeks, days on which everything happens."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

FIRST = dt.date(2016, 12, 1)
"""The first day of every invented archive; fixed, so that a seed always gives the same one."""

PRESENT = dt.date(2026, 11, 1)
"""From this day on nothing has occurred yet."""

LAST = dt.date(2027, 6, 1)
AHEAD = 0.02
"""The part of all events that lies ahead."""


def days(events: int, chance: random.Random) -> Iterator[tuple[dt.date, int]]:
    """Each day that has events, with their number; `events` in all."""
    weights = _weights(chance)
    past = sum(weight for day, weight in weights if day < PRESENT)
    ahead = sum(weight for day, weight in weights if day >= PRESENT)
    total = given = 0.0
    for day, weight in weights:
        total += weight * ((1 - AHEAD) / past if day < PRESENT else AHEAD / ahead)
        # Rounding the sum, not the day, makes the numbers come to what was asked for.
        number = round(total * events) - round(given * events)
        given = total
        if number:
            yield day, number


def _weights(chance: random.Random) -> list[tuple[dt.date, float]]:
    length = (LAST - FIRST).days
    months: dict[tuple[int, int], float] = {}
    burst = 1.0
    found = []
    for number in range(length):
        day = FIRST + dt.timedelta(number)
        month = months.setdefault((day.year, day.month), chance.choice((0.05, 0.4, 1, 1, 1.6, 2.5)))
        if number % 7 == 0:
            burst = chance.choices((1, 4, 9), (88, 9, 3))[0]
        crisis = 12 if chance.random() < 0.004 else 1
        weekend = 0.5 if day.weekday() > 4 else 1
        growth = 0.5 + number / length
        found.append((day, growth * month * burst * crisis * weekend * chance.uniform(0.6, 1.4)))
    return found
