"""The list of a timeline: a page of events in order, grouped by day, each made ready to print.

Dates and words are formatted here, once, because doing it in the template costs more than the
queries do.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count, Q

from events import dates, listing, offers
from events.chart_items import foremost
from events.dates.civil import civil
from events.dates.labels import MONTHS
from events.filters import EventFilter
from events.models import Basis, Event, Evidence, Link, Participation, Side
from events.ordering import in_known_order, reached, related
from events.timeline import scale

PAGE = 50
"""Events on a page of the list; a day is not cut unless it has more."""

LONGEST_QUOTE = 300

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DOUBTS = str.maketrans("", "", "~?%")

# Kinds of which a day seldom has two.
_MET = (Event.Kind.TALKS, Event.Kind.MEETING, Event.Kind.CALL)

# What a row says an event has to do with an earlier one, the weightiest first.
_TOLD = (
    Link.Kind.FOLLOWS_FROM,
    Link.Kind.RESPONDS_TO,
    Link.Kind.IMPLEMENTS,
    Link.Kind.VIOLATES,
    Link.Kind.WALKS_BACK,
    Link.Kind.CONTRADICTS,
    Link.Kind.CLARIFIES,
    Link.Kind.SUPERSEDES,
    Link.Kind.PART_OF_TALKS,
    Link.Kind.SAME_AS,
)


_NO_ORDER = ("", "no hour stated", "order unknown")
"""What is written beneath a date that stands in no known order to others."""


@dataclass(slots=True)
class Row:
    """One event of the list, in words."""

    event: Event
    url: str
    when: str
    when_full: str
    precision: str
    derived: bool
    on_day: bool
    sides: list[Side]
    quote: str = ""
    people: str = ""
    relation: str = ""
    related: str = ""
    related_title: str = ""
    related_url: str = ""
    responses: str = ""
    sources: int = 0

    @property
    def glyph(self) -> str:
        """The symbol of the event's kind."""
        return f"kind-{self.event.kind}"


@dataclass(slots=True)
class Day:
    """The events under one heading. `total` counts those on other pages too, up to 1,001."""

    key: str
    title: str
    rows: list[Row] = field(default_factory=list)
    total: int = 0

    @property
    def count(self) -> str:
        """ "15 events", of a day on several pages "100 of 250 events"."""
        shown = len(self.rows)
        if self.total <= shown:
            return f"{shown} event{'' if shown == 1 else 's'}"
        more = "+" if self.total > listing.COUNTED else ""
        return f"{shown} of {min(self.total, listing.COUNTED):,}{more} events"


@dataclass(slots=True)
class Chronicle:
    """A page of the list. `next` is the ref to go on after, "" at the end."""

    days: list[Day]
    next: str
    continued: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class _When:
    """Where in the list an event stands, and how its date reads."""

    reading: dates.Reading
    start: int | None
    end: int | None
    day: int | None
    whole_day: bool
    timed: bool


def read(wanted: EventFilter) -> Chronicle:
    """The page of the list that `wanted` asks for; ten queries, however long the list."""
    page = listing.read(wanted, PAGE)
    events = page.events
    zone = wanted.dossier.time_zone
    whens = {event.pk: _when(event, zone) for event in events}
    keys = [event.pk for event in events]
    links = _links(wanted, keys)
    after = [
        (link.from_event_id, link.to_event_id) for link in links if link.kind == Link.Kind.AFTER
    ]
    # Under a day its year goes without saying; rows whose start is not stated are under none.
    single = len({_year(when, zone) for when in whens.values() if when.reading.edtf}) == 1
    days: list[Day] = []
    for heading, members in _by_day(events, whens, zone):
        ordered, words = _order(members, whens, after)
        _order_beyond(words, members, links, zone)
        plain = single or heading[0] != "before"
        rows = [
            _row(wanted, event, whens[event.pk], _beneath(event, words), plain=plain)
            for event in ordered
        ]
        days.append(Day(heading[0], heading[1], rows, page.totals.get(heading[0], 0)))
    by_key = {row.event.pk: row for day in days for row in day.rows}
    _add_people(wanted, by_key)
    _add_evidence(by_key)
    _add_relations(wanted, by_key, links)
    return Chronicle(
        days, page.next, continued=bool(wanted.cursor) and not page.message, message=page.message
    )


# --- Days and the order within


def _when(event: Event, zone: str) -> _When:
    reading = dates.from_edtf(event.when_edtf, zone=zone, text=event.when_text)
    start, end = event.earliest, event.latest
    if start is not None and (reading.approximate or reading.uncertain):
        # "About 11 March" stands on 11 March, though it may have been the day before.
        plain = dates.from_edtf(event.when_edtf.translate(_DOUBTS), zone=zone)
        start, end = plain.earliest, plain.latest
    if start is None:
        return _When(reading, start, end, None, whole_day=False, timed=False)
    day = scale.day_start(start, zone)
    inside = end is not None and end <= scale.next_day(start, zone)
    whole = inside and start == day and end == scale.next_day(start, zone)
    return _When(reading, start, end, day, whole_day=whole, timed=inside and not whole)


def _by_day(
    events: Iterable[Event], whens: dict[int, _When], zone: str
) -> list[tuple[tuple[str, str], list[Event]]]:
    groups: dict[int | str, list[Event]] = defaultdict(list)
    for event in events:
        when = whens[event.pk]
        groups[
            "undated" if not when.reading.edtf else "open" if when.day is None else when.day
        ] += [event]
    found: list[tuple[tuple[str, str], list[Event]]] = []
    if "open" in groups:
        found.append((("before", "Earlier, start not stated"), groups.pop("open")))
    without = groups.pop("undated", [])
    for day, members in sorted(groups.items(), key=lambda item: int(item[0])):
        on_it = any(whens[event.pk].whole_day or whens[event.pk].timed for event in members)
        title = day_title(int(day), zone)
        found.append(
            ((scale.day_name(int(day), zone), title if on_it else f"From {title}"), members)
        )
    if without:
        found.append((("undated", "No date stated"), without))
    return found


def day_title(instant: int, zone: str) -> str:
    """A day as a heading: "Tuesday 11 March 2025"."""
    day = civil(instant, zone)
    year = str(day.year) if day.year > 0 else f"{1 - day.year} BCE"
    return f"{_WEEKDAYS[day.weekday]} {day.day} {MONTHS[day.month - 1]} {year}"


def _beneath(event: Event, words: dict[int, str]) -> str:
    """The second line of a date: its known order, else the words it was worked out from, such as
    "before the talks" or "this Saturday"."""
    order = words.get(event.pk, "")
    relative = event.when_basis != Basis.STATED and not any(c.isdigit() for c in event.when_text)
    if relative and event.when_edtf and order in _NO_ORDER:
        return event.when_text
    return order


def _order(
    events: list[Event], whens: dict[int, _When], after: list[tuple[int, int]]
) -> tuple[list[Event], dict[int, str]]:
    """The events of one day in the order known, those of unknown order last; and words on it."""
    by_key = {event.pk: event for event in events}
    known = related(list(by_key), after)
    placed = known | {key for key in by_key if whens[key].timed}

    def rank(event: Event) -> tuple[Any, ...]:
        when = whens[event.pk]
        wide = not (when.whole_day or when.timed)
        unknown = bool(placed) and event.pk not in placed
        return (
            wide and event.pk not in known,
            unknown and not wide,
            when.start or 0,
            when.end is None,
            when.end or 0,
            event.pk,
        )

    base = [event.pk for event in sorted(events, key=rank)]
    ordered = [by_key[key] for key in in_known_order(base, after)]
    return ordered, _order_words(ordered, whens, after, known, placed)


def _order_words(
    events: list[Event],
    whens: dict[int, _When],
    after: list[tuple[int, int]],
    known: set[int],
    placed: set[int],
) -> dict[int, str]:
    """For each whole-day event how it stands to the day's pivot, the one most others refer to."""
    days = [event for event in events if whens[event.pk].whole_day]
    if not placed:
        return {event.pk: "no hour stated" for event in days}
    here = {event.pk: event for event in events}
    earlier: dict[int, list[int]] = defaultdict(list)
    later: dict[int, list[int]] = defaultdict(list)
    for one, other in after:
        if one in here and other in here:
            earlier[one].append(other)
            later[other].append(one)
    weight = Counter({key: len(earlier[key]) + len(later[key]) for key in known})
    pivot = max(weight, key=lambda k: (weight[k], here[k].kind in _MET, -k)) if weight else None
    name = _called(here[pivot], events) if pivot is not None else ""
    before = reached(pivot, earlier) if pivot is not None else set()
    behind = reached(pivot, later) if pivot is not None else set()
    words: dict[int, str] = {}
    for event in days:
        key = event.pk
        if key == pivot:
            words[key] = "no hour stated"
        elif key in behind:
            words[key] = f"after {name}"
        elif key in before:
            words[key] = f"before {name}"
        elif earlier[key]:
            words[key] = f"after {here[earlier[key][0]].ref}"
        elif later[key]:
            words[key] = f"before {here[later[key][0]].ref}"
        else:
            words[key] = "order unknown"
    return words


def _order_beyond(words: dict[int, str], events: list[Event], links: list[Link], zone: str) -> None:
    """Name what an event followed on its day also where a filter hides that."""
    unsaid = {e.pk: e for e in events if words.get(e.pk) in ("no hour stated", "order unknown")}
    here = {event.pk for event in events}
    for link in links:
        event, earlier = unsaid.get(link.from_event_id), link.to_event
        if event is None or link.kind != Link.Kind.AFTER or earlier.pk in here:
            continue
        if earlier.earliest is None or event.earliest is None:
            continue
        if scale.day_start(earlier.earliest, zone) == scale.day_start(event.earliest, zone):
            words[event.pk] = f"after {_called(earlier, [])}"


def _called(event: Event, day: list[Event]) -> str:
    """What a row calls another event of its day: "the talks", or its ref when there are two."""
    alike = [other for other in day if other.kind == event.kind]
    single = len(alike) == 1 or (not day and event.kind in _MET)
    if not single or event.kind == Event.Kind.OTHER:
        return event.ref
    return f"the {event.get_kind_display().lower()}"


# --- Rows


def _year(when: _When, zone: str) -> int:
    return civil(when.start if when.start is not None else (when.end or 1) - 1, zone).year


def _row(wanted: EventFilter, event: Event, when: _When, order: str, *, plain: bool) -> Row:
    """An event in words; `plain`, the year of its date goes without saying."""
    event.dossier = wanted.dossier
    year = _year(when, wanted.dossier.time_zone) if plain else None
    label = dates.short_label(when.reading, default_year=year)
    precision = order
    if when.timed and when.start is not None:
        # The hour goes to the second line, where others say how little is known of it.
        label, clock = _split_time(label)
        zone = wanted.dossier.time_zone
        precision = f"{clock} {'UTC' if zone == 'UTC' else 'local'}" if clock else order
    if event.modality != Event.Modality.OCCURRED:
        precision = event.get_modality_display().lower()
    if not when.reading.edtf:
        label = "No date"
    basis = "" if event.when_basis == "stated" else event.get_when_basis_display().lower()
    return Row(
        event=event,
        url=wanted.event_url(event.ref),
        when=label,
        when_full=f"{when.reading.label}{f'; {basis}' if basis else ''}",
        precision=precision,
        derived=bool(basis and when.reading.edtf),
        on_day=(when.whole_day or when.timed) and not when.reading.approximate,
        sides=[],
    )


_CLOCK = re.compile(r"^(?P<day>.*?)[ ,]*(?P<clock>\d\d:\d\d(?::\d\d)?)(?P<rest>.*)$")


def _split_time(label: str) -> tuple[str, str]:
    found = _CLOCK.match(label)
    if not found or not found["day"]:
        return label, ""
    return found["day"], found["clock"] + found["rest"]


class _Part(NamedTuple):
    """One who took part in an event; `side` is the code of theirs, None without one."""

    role: str
    name: str
    side: str | None


def _add_people(wanted: EventFilter, rows: dict[int, Row]) -> None:
    """Sides of each row, and who took part in words."""
    sides = {side.code: side for side in wanted.sides}
    people: dict[int, list[_Part]] = defaultdict(list)
    taking_part = Participation.objects.filter(event__among=list(rows)).order_by("id")
    for event, role, name, short, side in taking_part.values_list(
        "event", "role", "actor__name", "actor__short_name", "actor__side__code"
    ):
        people[event].append(_Part(role, short or name, side))
    for key, found in people.items():
        lanes = foremost((one.role, one.side) for one in found if one.side is not None)
        # A side that was made a moment ago is not among those read before.
        rows[key].sides = [sides[code] for code in lanes if code in sides]
        rows[key].people = _names(found)


def _names(people: Iterable[_Part]) -> str:
    """Who took part, by side: "Rubio, Waltz · Yermak, Sybiha"."""
    sides: dict[str | None, list[str]] = defaultdict(list)
    for one in people:
        if one.role != Participation.Role.ABSENT and one.name not in sides[one.side]:
            sides[one.side].append(one.name)
    return " · ".join(", ".join(names) for names in sides.values())


def _add_evidence(rows: dict[int, Row]) -> None:
    """How many sources each row has, and the words of its first supporting evidence."""
    # Who may see the event may see its evidence.
    evidence = Evidence.objects.filter(event__among=list(rows)).order_by()
    counted = evidence.values_list("event").annotate(
        n=Count("passage__source_text__source", distinct=True)
    )
    for key, count in counted:
        rows[key].sources = count
    first = (
        evidence.filter(bearing=Evidence.Bearing.SUPPORTS)
        .order_by("event_id", "id")
        .distinct("event_id")
        .values_list("event_id", "clean_text", "passage__exact")
    )
    for key, clean, exact in first:
        words = " ".join((clean or exact).split())
        rows[key].quote = words if len(words) <= LONGEST_QUOTE else words[:LONGEST_QUOTE] + "…"


def _links(wanted: EventFilter, keys: list[int]) -> list[Link]:
    links = Link.objects.visible_to(wanted.viewer).filter(
        Q(from_event__among=keys) | Q(to_event__among=keys, kind=Link.Kind.RESPONDS_TO)
    )
    return list(
        links.select_related("to_event")
        .only(
            "kind",
            "from_event_id",
            "to_event_id",
            "to_event__ref",
            "to_event__title",
            "to_event__kind",
            "to_event__earliest",
        )
        .order_by("id")
    )


def _add_relations(wanted: EventFilter, rows: dict[int, Row], links: list[Link]) -> None:
    """What each row follows from, and how many answered or are still to answer."""
    awaited = dict(
        offers.awaited(wanted.viewer)
        .filter(proposal__tabled_in__among=list(rows))
        .values_list("proposal__tabled_in")
        .annotate(n=Count("pk"))
    )
    answers = Counter(link.to_event_id for link in links if link.kind == Link.Kind.RESPONDS_TO)
    for link in sorted(links, key=lambda link: _weight(link.kind)):
        row = rows.get(link.from_event_id)
        if row and not row.relation and link.kind != Link.Kind.AFTER:
            row.relation = link.get_kind_display()
            row.related, row.related_title = link.to_event.ref, link.to_event.title
            row.related_url = wanted.event_url(link.to_event.ref)
    for key, row in rows.items():
        row.responses = _responses(answers[key], awaited.get(key, 0))


def _weight(kind: str) -> int:
    return _TOLD.index(Link.Kind(kind)) if kind in _TOLD else len(_TOLD)


def _responses(answered: int, awaited: int) -> str:
    """ "7 responses, 1 awaited"; "" where nobody answered or is to answer."""
    if not answered and not awaited:
        return ""
    number = answered or awaited
    words = f"{number} response{'' if number == 1 else 's'}"
    if not answered:
        return f"{words} awaited"
    return f"{words}, {awaited} awaited" if awaited else words
