"""Dates of invented events in all the ways in which people know them: to the minute or hardly."""

from __future__ import annotations

import datetime as dt
import random
from functools import cache

from events import dates
from events.models.fields import timestamptz

ZONE = "Europe/Helsinki"
"""A zone with summer time, so that it is not forgotten."""

When = tuple[str, str, str | None, str | None, str | None, str | None]
"""Words, EDTF, earliest, latest, certain from, certain to; the bounds as Postgres reads them."""

UNDATED: When = ("", "", None, None, None, None)


def forms(events: int) -> dict[str, float]:
    """The ways to date an event, and how many in a thousand are dated so.

    Of what has no end there are fewer the more events there are: a war has few open questions
    that stay open, however many dispatches.
    """
    open_ones = min(20.0, 1000 * 2 / events**0.5)
    return {
        "day": 380,
        "minute": 270,
        "hour": 60,
        "days": 80,
        "hours": 50,
        "month": 35,
        "about": 35,
        "one of": 35,
        "about month": 8,
        "year": 4,
        "open": open_ones,
        "undated": 15,
    }


def when(form: str, day: dt.date, chance: random.Random) -> When:
    """A date of the given form that begins on `day`, or around it."""
    if form == "undated":
        return chance.choice((UNDATED, ("no day given", *UNDATED[1:]), ("soon", *UNDATED[1:])))
    later = day + dt.timedelta(chance.choice((1, 1, 2, 3, 6)))
    hour = chance.randrange(6, 22)
    if form == "day":
        return read(f"{day}")
    if form == "minute":
        return read(f"{day}T{hour:02}:{chance.choice(('00', '30'))}")
    if form == "hour":
        return read(f"{day}T{hour:02}Z")
    if form == "days":
        return read(f"{day}/{later}")
    if form == "hours":
        begin, length = chance.choice((7, 9, 13, 16)), chance.choice((2, 4))
        return read(f"{day}T{begin:02}Z/{day}T{begin + length:02}Z")
    if form == "month":
        return read(f"{day:%Y-%m}")
    if form == "about":
        return read(f"{day}~")
    if form == "one of":
        return read(f"[{day}..{later}]")
    if form == "about month":
        return read(f"{day:%Y-%m}~")
    if form == "year":
        return read(f"{day:%Y}")
    return read(chance.choice(("[..{0}]", "[{0}..]", "{0}/..", "../{0}")).format(day))


@cache
def read(edtf: str) -> When:
    """What is stored of a date."""
    reading = dates.from_edtf(edtf, zone=ZONE)
    return (
        dates.short_label(reading),
        reading.edtf,
        _bound(reading.earliest),
        _bound(reading.latest),
        _bound(reading.certain_from),
        _bound(reading.certain_to),
    )


def _bound(seconds: int | None) -> str | None:
    return None if seconds is None else timestamptz(seconds)
