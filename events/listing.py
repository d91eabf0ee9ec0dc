"""The events of one page of the timeline's list, read from where the last page ended.

Three stretches follow each other: events whose start is not stated, those with one, those without
a date. A day is not torn unless it has more than a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import F, Q

from events import asking, keyset
from events.filters import EventFilter
from events.models import Event
from events.models.event import EventQuerySet
from events.timeline import scale
from events.timeline.scale import DAY

COUNTED = 1_000
"""The events of a day that has more than a page are counted up to here."""


@dataclass(slots=True)
class Page:
    """The events of a page, the ref to go on after, and what was wrong with the cursor.

    `totals` are by the name of the day, of days that other pages show as well: up to 1,001.
    """

    events: list[Event]
    next: str = ""
    message: str = ""
    totals: dict[str, int] = field(default_factory=dict)


def read(wanted: EventFilter, size: int) -> Page:
    """The page of at most `size` events that `wanted` asks for."""
    if wanted.recalls:
        return _past(wanted, size)
    question, page = asking.asked(wanted), Page([])
    place = None
    if wanted.cursor:
        visible = keyset.Asked(wanted.dossier.pk, states=wanted.viewer.visible_states)
        place = keyset.place_of(visible, wanted.cursor)
        page.message = "" if place else _no_cursor(wanted)
    if wanted.values["undated"]:
        after = place if place and not place.is_dated else None
        places = keyset.undated(question, after, size + 1)
    else:
        places = keyset.page(question, place, size + 1)
    keys = [one.event for one in places]
    rows = Event.objects.filter(pk__among=keys).with_contested(wanted.viewer, keys).order_by()
    by_key = {event.pk: event for event in rows}
    # What was deleted in between is left out.
    events = [by_key[key] for key in keys if key in by_key]
    _cut(page, events, size, wanted.dossier.time_zone)
    _add_totals(page, place, events, question, wanted.dossier.time_zone)
    return page


def _no_cursor(wanted: EventFilter) -> str:
    return f"There is no event {wanted.cursor}; the list starts at its beginning."


# --- Days


def _cut(page: Page, events: list[Event], size: int, zone: str) -> None:
    """Put into `page` what fits of `events`, which are one too many where others follow."""
    page.events = events
    if len(events) > size:
        cut = _whole_days(events, size, zone)
        page.events, page.next = events[:cut], events[cut - 1].ref


def _whole_days(events: Sequence[Event], size: int, zone: str) -> int:
    """Where to cut a page of one event too many so that no day is torn, if it can be helped."""
    last = events[size]
    if last.earliest is None:
        return size
    day = scale.day_start(last.earliest, zone)
    for cut in range(size, 0, -1):
        earliest = events[cut - 1].earliest
        if earliest is None or earliest < day:
            return cut
    return size


def _add_totals(
    page: Page, place: keyset.Place | None, events: list[Event], asked: keyset.Asked, zone: str
) -> None:
    """Count the day that the page begins within, and the one that it ends within."""
    torn: set[int] = set()
    shown = len(page.events)
    days = [_day(event, zone) for event in events[: shown + 1]]
    if place is not None and days and days[0] == place.starts // DAY:
        torn.add(place.starts // DAY)
    if page.next and shown and days[shown] is not None and days[shown - 1] == days[shown]:
        torn.add(days[shown] or 0)
    for day in torn:
        name = scale.day_name(scale.from_local(day * DAY, zone), zone)
        page.totals[name] = keyset.count(asked, day * DAY, (day + 1) * DAY, COUNTED + 1)


def _day(event: Event, zone: str) -> int | None:
    """Days since 1970 of the clock at which an event begins."""
    return None if event.earliest is None else scale.local(event.earliest, zone) // DAY


# --- Looking back


def _past(wanted: EventFilter, size: int) -> Page:
    """The same of what the dossier said earlier, of which there are no placements."""
    page = Page([])
    rows = wanted.events().with_contested(wanted.viewer, wanted.recalled)
    cursor = None
    if wanted.cursor:
        cursor = Event.objects.visible_to(wanted.viewer).filter(ref=wanted.cursor).first()
        page.message = "" if cursor else _no_cursor(wanted)
    events: list[Event] = []
    for number, stretch in enumerate(_stretches(rows)):
        place = _stretch_of(cursor) if cursor else 0
        if number < place or len(events) > size:
            continue
        if cursor and number == place:
            stretch = stretch.filter(_beyond(cursor))
        events += stretch[: size + 1 - len(events)]
    _cut(page, events, size, wanted.dossier.time_zone)
    return page


def _stretches(rows: EventQuerySet) -> list[EventQuerySet]:
    return [
        rows.filter(earliest__isnull=True, latest__isnull=False).order_by("latest", "id"),
        rows.filter(earliest__isnull=False).order_by(
            "earliest", F("latest").asc(nulls_last=True), "id"
        ),
        rows.filter(earliest__isnull=True, latest__isnull=True).order_by("id"),
    ]


def _stretch_of(event: Event) -> int:
    if event.earliest is not None:
        return 1
    return 2 if event.latest is None else 0


def _beyond(event: Event) -> Q:
    """The rows of the event's stretch that come after it."""
    later = Q(pk__gt=event.pk)
    if event.latest is None:
        later &= Q(latest__isnull=True)
    else:
        later &= Q(latest=event.latest)
        later |= Q(latest__gt=event.latest) | Q(latest__isnull=True)
    if event.earliest is None:
        return later if event.latest is not None else Q(pk__gt=event.pk)
    # The first condition alone lets the index find its place.
    return Q(earliest__gte=event.earliest) & (Q(earliest__gt=event.earliest) | later)
