"""The chart of a filter: events as items, sides as lanes, and the window they are seen in."""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from events import dates, history, timeline
from events.filters import EventFilter, side_ids
from events.models import Event, Evidence, Link, Participation
from events.models.event import EventQuerySet
from events.ordering import in_known_order, related
from events.timeline import scale

if TYPE_CHECKING:
    from events.as_of import AsOf

MOST = 20_000
"""Events that are counted and stand in the strip of all dates."""

DRAWN = 2_000
"""Events in a window that marks are made of; a chart has at most 400 marks."""

DENSITY_WIDTH = 343
"""Pixels of the strip that phones see in place of the chart; it is scaled to fit."""

ROLES = {role: place for place, role in enumerate(Participation.ACTING)}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with its strip of all dates, and the windows its controls lead to."""

    chart: timeline.Chart
    overview: timeline.Overview
    window: timeline.Window
    anchor: int | None
    density: timeline.Overview

    def zoomed(self, factor: float) -> timeline.Window:
        """Closer by `factor`, the selected event (or the middle) staying where it is."""
        return timeline.zoom(self.window, factor, self._within())

    def level(self, level: str) -> timeline.Window:
        """The usual window of a level, around the selected event or the middle."""
        return timeline.at_level(self.window, timeline.Level(level), self._within())

    def _within(self) -> int | None:
        inside = self.anchor is not None and self.window.start <= self.anchor < self.window.end
        return self.anchor if inside else None


def draw(wanted: EventFilter, width: int) -> Drawn:
    """Lay out the chart that `wanted` asks for, `width` pixels wide; five queries."""
    zone, now, past = wanted.dossier.time_zone, wanted.viewer.now, wanted.viewer.as_of
    outlines = _outlines(wanted, wanted.events(everywhere=True))
    selected = next((item for item in outlines if item.ref == wanted.selected), None)
    anchor = selected.anchor if selected else None
    # A filter does not move the window: it fits all events, shown or not.
    every = outlines
    if wanted.is_narrowed:
        every = _outlines(wanted, Event.objects.visible_to(wanted.viewer))
    later, veil = [], None
    if past is not None and not past.is_recorded:
        later, veil = _later(wanted, past), past.instant
    # Nor does looking back.
    window = wanted.window(timeline.fit([*every, *later], int(time.time()), zone), anchor)
    items, links = _items(wanted, outlines, window)
    lanes = [timeline.Lane(side.code, side.name, min(side.slot, 5)) for side in wanted.sides]
    chart = timeline.layout(
        [*items, *later],
        lanes,
        window,
        width,
        zone,
        now,
        selected=selected.ref if selected else None,
        links=links,
        as_of=veil,
        flag="Now" if past is None else "As of",
    )
    strip = timeline.overview(items, window, width, zone, now, left=chart.left)
    density = timeline.overview(items, window, DENSITY_WIDTH, zone, now)
    return Drawn(chart, strip, window, anchor, density)


def _later(wanted: EventFilter, past: AsOf) -> list[timeline.Item]:
    """What happened at the instant looked back from or later: where it lies, and no more."""
    with past.lifted():
        rows = wanted.events(everywhere=True).filter(earliest__gte=past.instant)
        return _outlines(wanted, rows)


def fingerprint(wanted: EventFilter, width: int) -> str:
    """An ETag of the chart: what was recorded, what is asked for, by whom, at which minute."""
    parts = (
        wanted.dossier.pk,
        wanted.dossier.version,
        history.sealed_number(wanted.dossier.pk),
        wanted.viewer.is_member,
        wanted.viewer.as_of,
        wanted.url(selected=wanted.selected),
        width,
        int(time.time()) // 60,
    )
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def _outlines(wanted: EventFilter, rows: EventQuerySet) -> list[timeline.Item]:
    """Each event's place in time and its lanes, enough to count it: one lean query."""
    codes = {side.pk: side.code for side in wanted.sides}
    columns = ("pk", "ref", "modality", "earliest", "latest", "certain_from", "lane_ids")
    lean = rows.annotate(lane_ids=side_ids(wanted.sides)).in_time().values_list(*columns)[:MOST]
    return [
        timeline.Item(
            id=pk,
            ref=ref,
            title="",
            kind="",
            modality=modality,
            state="",
            lanes=tuple(codes[side] for side in sides or () if side in codes),
            earliest=earliest,
            latest=latest,
            shape=timeline.Shape.POINT if certain is None else timeline.Shape.INTERVAL,
        )
        for pk, ref, modality, earliest, latest, certain, sides in lean
    ]


def _items(
    wanted: EventFilter, outlines: list[timeline.Item], window: timeline.Window
) -> tuple[list[timeline.Item], list[timeline.Link]]:
    """The events as they are drawn, those outside the window as outlines; and the links drawn."""
    keys = [item.id for item in outlines if _touches(item, window)][:DRAWN]
    events = list(
        Event.objects.filter(pk__in=keys)
        .with_contested(wanted.viewer)
        .annotate(
            source_count=_per_event(Evidence, "event", "passage__source_text__source"),
            link_count=Coalesce(_per_event(Link, "from_event"), 0)
            + Coalesce(_per_event(Link, "to_event"), 0),
        )
        .in_time()
    )
    links = list(
        Link.objects.visible_to(wanted.viewer)
        .filter(
            Q(kind=Link.Kind.AFTER, from_event__in=keys, to_event__in=keys)
            | _of_event(wanted.selected)
        )
        .values_list("from_event_id", "to_event_id", "kind", "from_event__ref", "to_event__ref")
    )
    after = [(later, earlier) for later, earlier, kind, *_ in links if kind == Link.Kind.AFTER]
    places = _places(events, after, wanted)
    people = _people(events)
    full = {e.pk: _item(e, people.get(e.pk, []), places.get(e.pk), wanted) for e in events}
    items = [full.get(item.id, item) for item in outlines]
    drawn = [
        timeline.Link(source, target, kind)
        for _, _, kind, source, target in links
        if kind != Link.Kind.AFTER
    ]
    return items, drawn


def _touches(item: timeline.Item, window: timeline.Window) -> bool:
    """Whether an event may be drawn in the window; one without a date always may."""
    return (item.earliest is None or item.earliest < window.end) and (
        item.latest is None or item.latest > window.start
    )


def _of_event(ref: str) -> Q:
    return Q(from_event__ref=ref) | Q(to_event__ref=ref) if ref else Q(pk__in=[])


def _per_event(model: type[Link | Evidence], key: str, distinct: str = "pk") -> Subquery:
    """How many rows of `model` name the event by `key`; NULL for none."""
    rows = model.objects.filter(**{key: OuterRef("pk")}).order_by().values(key)
    return Subquery(rows.annotate(n=Count(distinct, distinct=True)).values("n"))


def _places(
    events: Sequence[Event], after: Iterable[tuple[int, int]], wanted: EventFilter
) -> dict[int, int]:
    """The place of each event whose order on its day is known."""
    after = list(after)
    days: dict[int, list[int]] = defaultdict(list)
    for event in events:
        if event.earliest is not None:
            days[scale.day_start(event.earliest, wanted.dossier.time_zone)].append(event.pk)
    places: dict[int, int] = {}
    for keys in days.values():
        known = related(keys, after) if len(keys) > 1 else set()
        ordered = [key for key in in_known_order(keys, after) if key in known]
        places.update((key, place) for place, key in enumerate(ordered))
    return places


def _people(events: Sequence[Event]) -> dict[int, list[Participation]]:
    rows = Participation.objects.filter(event__in=[event.pk for event in events])
    people: dict[int, list[Participation]] = defaultdict(list)
    for one in rows.select_related("actor__side").order_by("id"):
        people[one.event_id].append(one)
    return people


def lanes_of(people: Iterable[Participation]) -> tuple[str, ...]:
    """Codes of the sides an event belongs to, home first: of who acted, else of who took part."""
    sided = [(one.role, one.actor.side.code) for one in people if one.actor.side is not None]
    acting = sorted((one for one in sided if one[0] in ROLES), key=lambda one: ROLES[one[0]])
    return tuple(dict.fromkeys(code for _, code in acting or sided))


def _item(
    event: Any, people: list[Participation], place: int | None, wanted: EventFilter
) -> timeline.Item:
    """An event, annotated as _items() asks for it, as the chart takes it."""
    reading = dates.from_edtf(event.when_edtf, zone=wanted.dossier.time_zone, text=event.when_text)
    return timeline.Item(
        id=event.pk,
        ref=event.ref,
        title=event.title,
        kind=event.kind,
        modality=event.modality,
        state=event.state,
        lanes=lanes_of(people),
        earliest=event.earliest,
        latest=event.latest,
        certain_from=event.certain_from,
        certain_to=event.certain_to,
        shape=str(reading.shape),
        approximate=reading.approximate,
        contested=event.contested,
        order=place,
        url=wanted.event_url(event.ref),
        when_label=dates.short_label(reading),
        actors=tuple(dict.fromkeys(one.actor.called for one in people if one.role in ROLES)),
        link_count=event.link_count,
        source_count=event.source_count or 0,
    )
