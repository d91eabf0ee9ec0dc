"""The list of a timeline for paper: all its pages in one, each event with what is cited for it."""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from events import chronicle
from events.models import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.chronicle import Row
    from events.filters import EventFilter

MOST = 500
"""Events on paper; of more the sheet says that the list goes on, and after which event."""


@dataclass(frozen=True, slots=True)
class Cited:
    """Words that an event rests on, whether they dispute it, and the source they are from."""

    words: str
    disputes: bool
    source: str


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row of the list with what is cited for it."""

    row: Row
    cited: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class PrintedDay:
    """The events under one heading."""

    title: str
    rows: tuple[PrintedRow, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """The whole list. `next` is the ref after which it goes on elsewhere, "" at the end."""

    days: tuple[PrintedDay, ...]
    next: str


def read(wanted: EventFilter) -> Printed:
    """The list that `wanted` asks for from its start: a handful of queries for each hundred."""
    days: dict[str, tuple[str, list[Row]]] = {}
    following, count = "", 0
    part = wanted
    while count < MOST:
        page = chronicle.read(part)
        for day in page.days:
            days.setdefault(day.key, (day.title, []))[1].extend(day.rows)
        count += sum(len(day.rows) for day in page.days)
        following = page.next
        if not following:
            break
        part = _after(wanted, following)
    cited = _cited(wanted, (row.event.pk for _, rows in days.values() for row in rows))
    return Printed(tuple(_day(title, rows, cited) for title, rows in days.values()), following)


def _after(wanted: EventFilter, ref: str) -> EventFilter:
    """The same list from the page that follows `ref`."""
    part = copy(wanted)
    part.values = wanted.values | {"after": ref}
    return part


def _day(title: str, rows: list[Row], cited: dict[int, list[Cited]]) -> PrintedDay:
    return PrintedDay(title, tuple(PrintedRow(row, tuple(cited[row.event.pk])) for row in rows))


def _cited(wanted: EventFilter, events: Iterable[int]) -> dict[int, list[Cited]]:
    """What is cited for each event, what supports it first."""
    rows = (
        Evidence.objects.visible_to(wanted.viewer)
        .filter(event__in=list(events))
        .select_related("passage__source_text__source")
        .defer("passage__source_text__text")
        .order_by("-bearing", "id")
    )
    found: dict[int, list[Cited]] = defaultdict(list)
    for one in rows:
        source = one.passage.source_text.source
        disputes = one.bearing == Evidence.Bearing.DISPUTES
        words = " ".join(one.words.split())
        cited = Cited(words, disputes, f"{source.ref} {source.title}")
        found[one.event_id or 0].append(cited)
    return found
