"""The agenda as an iCalendar file (RFC 5545), for calendars to subscribe to; only written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

import icalendar

from events import dates
from events.negotiation.agenda import is_whole_days, spoken

if TYPE_CHECKING:
    from events.agenda import Item
    from events.models import Dossier
    from events.negotiation.times import Times

PRODUCT = "-//Truceline//What to watch next//EN"
REFRESH = dt.timedelta(hours=1)
"""How often a calendar is told to ask again."""


def file_of(dossier: Dossier, items: Iterable[Item], host: str) -> bytes:
    """The dated ones of `items` as a calendar; `host` is the address of the site, such as
    "https://truceline.example".

    What has one day or several is an event of whole days, what has an hour one with times. The UID
    of a thing never changes; its DTSTAMP is when its record was last changed.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{dossier.title}: what to watch next")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for item in items:
        entry = _entry(dossier, item, host)
        if entry is not None:
            calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _entry(dossier: Dossier, item: Item, host: str) -> icalendar.Event | None:
    span = _span(item.times, dossier.time_zone)
    if span is None:
        return None
    # All of one dossier: it need not be fetched again for each address.
    item.record.dossier = dossier
    entry = icalendar.Event()
    entry.add("uid", f"{item.key}.{dossier.slug}@truceline")
    entry.add("dtstamp", item.record.updated_at)
    entry.add("last-modified", item.record.updated_at)
    entry.add("sequence", item.record.version - 1)
    entry.add("summary", _title(item))
    entry.add("dtstart", span[0])
    if span[1] is not None:
        entry.add("dtend", span[1])
    entry.add("description", "\n".join(_told(item, dossier.time_zone)))
    entry.add("url", host + item.record.get_absolute_url())  # type: ignore[attr-defined]
    entry.add("categories", [item.word])
    # Nobody is kept busy by what others have announced.
    entry.add("transp", "TRANSPARENT")
    entry.add("status", "TENTATIVE")
    return entry


def _title(item: Item) -> str:
    """Who and what; who is not named twice."""
    who = item.actor.called if item.actor else ""
    return item.title if who in item.title else f"{who}: {item.title}"


def _told(item: Item, zone: str) -> list[str]:
    """When, how sure that is, and what it rests on."""
    lines = [f"{item.record.ref}. {item.when}." if item.when else f"{item.record.ref}."]
    if item.times.earliest is None:
        lines.append("Only its last possible day is known; it may be earlier.")
    elif item.times.latest is None:
        lines.append("Only its first possible day is known; it may be later.")
    elif " to " in spoken(item.times, zone):
        lines.append(f"The exact day is not known: {spoken(item.times, zone)}.")
    return [*lines, *item.basis]


def _span(times: Times, zone: str) -> tuple[dt.date, dt.date | None] | None:
    """Start and exclusive end, as days where both ends are midnights; of one hour alone no end,
    which would have to be later. None without a date and for years that a calendar file cannot say.
    """
    first, last = times.earliest, times.latest
    if first is None and last is None:
        return None
    try:
        if is_whole_days(times, zone):
            start = None if first is None else _day(first, zone)
            end = None if last is None else _day(last - 1, zone) + dt.timedelta(days=1)
            start = start or (end or dt.date.min) - dt.timedelta(days=1)
            return start, end or start + dt.timedelta(days=1)
        moments = [dt.datetime.fromtimestamp(x, dt.UTC) for x in (first, last) if x is not None]
        return moments[0], moments[1] if len(moments) > 1 else None
    except (ValueError, OverflowError, OSError):
        return None


def _day(instant: int, zone: str) -> dt.date:
    moment = dates.civil(instant, zone)
    return dt.date(moment.year, moment.month, moment.day)
