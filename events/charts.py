"""The chart of a filter: events as items, sides as lanes, and the window they are seen in."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.crypto import salted_hmac

from events import history, lanes, timeline
from events.chart_items import items
from events.crowds import FEW, Crowds, Piece, crowded, grain_of
from events.filters import EventFilter, side_ids
from events.models.event import EventQuerySet
from events.timeline import scale
from events.timeline.cells import Grain, cell, following

if TYPE_CHECKING:
    from events.as_of import AsOf

MOST = 5_000
"""Events that are looked at, in the order of time, where they were not counted beforehand."""

DENSITY_WIDTH = 343
"""Pixels of the strip that phones see in place of the chart; it is scaled to fit."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with its strip of all dates, and the windows its controls lead to."""

    chart: timeline.Chart
    overview: timeline.Overview
    window: timeline.Window
    anchor: int | None
    density: timeline.Overview
    lanes_by: str

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
    """Lay out the chart that `wanted` asks for, `width` pixels wide."""
    return _draw_crowds(wanted, width) if wanted.is_large else _draw_events(wanted, width)


def _draw_crowds(wanted: EventFilter, width: int) -> Drawn:
    """The chart of a large dossier; ten queries or so, whose cost does not grow with it."""
    past = wanted.viewer.as_of
    if past is None:
        return _crowds(wanted, width)
    # What happened later stands there as well, as places without names.
    with past.lifted():
        return _crowds(wanted, width)


def _crowds(wanted: EventFilter, width: int) -> Drawn:
    zone, now = wanted.dossier.time_zone, wanted.viewer.now
    crowds = Crowds(wanted)
    window = crowds.window()
    gathered = crowds.gather(window, width)
    placed, rows = lanes.group(wanted, gathered.items, window)
    by = lanes.used(wanted, placed)
    selected = next((item for item in placed if wanted.selected == item.ref != ""), None)
    chart = _laid_out(
        wanted,
        placed,
        rows,
        window,
        width,
        selected,
        links=gathered.links,
        shown=gathered.shown,
        total=gathered.total,
        beyond=gathered.beyond if by in lanes.COUNTED else None,
    )
    tallies = crowds.strip(window)
    strip = timeline.overview_of(tallies, window, width, zone, now, left=chart.left)
    density = timeline.overview_of(tallies, window, DENSITY_WIDTH, zone, now)
    anchor = selected.anchor if selected else None
    return Drawn(chart, strip, window, anchor, density, by)


def _draw_events(wanted: EventFilter, width: int) -> Drawn:
    """The chart of a dossier all of whose events can be looked at; five queries."""
    zone, now, past = wanted.dossier.time_zone, wanted.viewer.now, wanted.viewer.as_of
    outlines = _outlines(wanted, wanted.events(everywhere=True))
    selected = next((item for item in outlines if item.ref == wanted.selected), None)
    anchor = selected.anchor if selected else None
    # A filter does not move the window: it fits all events, shown or not.
    every = outlines
    if wanted.is_narrowed:
        every = _outlines(wanted, wanted.visible())
    later = _later(wanted, past) if past is not None and not past.is_recorded else []
    # Nor does looking back.
    window = wanted.window(timeline.fit([*every, *later], int(time.time()), zone), anchor)
    placed, rows = lanes.group(wanted, [*outlines, *later], window)
    drawn, shown, links = _told(wanted, placed[: len(outlines)], window, width)
    told = [*drawn, *placed[len(outlines) :]]
    chart = _laid_out(wanted, told, rows, window, width, selected, links=links, shown=shown)
    strip = timeline.overview(outlines, window, width, zone, now, left=chart.left)
    density = timeline.overview(outlines, window, DENSITY_WIDTH, zone, now)
    return Drawn(chart, strip, window, anchor, density, lanes.used(wanted, placed))


def _laid_out(
    wanted: EventFilter,
    items: Sequence[timeline.Item],
    rows: Sequence[timeline.Lane],
    window: timeline.Window,
    width: int,
    selected: timeline.Item | None,
    **known: Any,
) -> timeline.Chart:
    """The chart of these items, veiled where one looks back at what had happened; `known` is what
    only the caller can tell of it."""
    past = wanted.viewer.as_of
    return timeline.layout(
        items,
        rows,
        window,
        width,
        wanted.dossier.time_zone,
        wanted.viewer.now,
        selected=selected.ref if selected else None,
        as_of=None if past is None or past.is_recorded else past.instant,
        flag="Now" if past is None else "As of",
        every_link=wanted.every_link,
        **known,
    )


def _told(
    wanted: EventFilter, outlines: Sequence[timeline.Item], window: timeline.Window, width: int
) -> tuple[list[timeline.Item], int | None, list[timeline.Link]]:
    """The outlines, those in the window made into events or, where they are many, into crowds;
    how many events these are when not to be counted from them, and the links drawn."""
    near = [item for item in outlines if _touches(item, window)]
    if len(near) <= FEW:
        full, links = items(wanted, [item.id for item in near])
        return [_in_lanes(full.get(item.id, item), item.lanes) for item in outlines], None, links
    zone = wanted.dossier.time_zone
    kind = str if wanted.lanes_by == "kind" else lambda lane: ""
    grain = grain_of(window.start, window.end, width)
    chosen = {item.id for item in near if item.ref == wanted.selected}
    pieces = [
        Piece(*_cell_of(grain, item.anchor, zone), lane, 1, item.id, kind(lane), item.planned)
        for item in near
        if item.anchor is not None and item.id not in chosen
        for lane in item.lanes or ("",)
    ]
    alone, crowds = crowded(pieces)
    full, links = items(wanted, {*alone, *chosen})
    in_lanes = {item.id: item.lanes for item in near} | alone
    lone = [_in_lanes(item, in_lanes[key]) for key, item in full.items()]
    told = {piece.keys for piece in pieces} | chosen
    rest = [item for item in outlines if item.id not in told]
    return [*lone, *crowds, *rest], sum(item.dated for item in near), links


def _in_lanes(item: timeline.Item, keys: tuple[str, ...]) -> timeline.Item:
    return item if item.lanes == keys else replace(item, lanes=keys)


def _cell_of(grain: Grain, anchor: int, zone: str) -> tuple[int, int]:
    """The edges of the cell that an instant lies in."""
    clock = scale.local(anchor, zone)
    edges = cell(grain, clock), following(grain, clock)
    return scale.from_local(edges[0], zone), scale.from_local(edges[1], zone)


def _later(wanted: EventFilter, past: AsOf) -> list[timeline.Item]:
    """What happened at the instant looked back from or later: where it lies, and no more."""
    with past.lifted():
        rows = wanted.events(everywhere=True).filter(earliest__gte=past.instant)
        return _outlines(wanted, rows)


def fingerprint(wanted: EventFilter, width: int) -> str:
    """An ETag of the chart: what was recorded, what is asked for, by whom, at which minute."""
    viewer = wanted.viewer
    parts = (
        wanted.dossier.pk,
        wanted.dossier.version,
        viewer.number if viewer.is_member else history.sealed_number(wanted.dossier.pk),
        viewer.is_member,
        viewer.as_of,
        wanted.url(selected=wanted.selected),
        width,
        int(time.time()) // 60,
    )
    # With the key of the site: whoever knows the rest could else find the number of revisions.
    return f'"{salted_hmac("chart", repr(parts), algorithm="sha256").hexdigest()[:32]}"'


def _outlines(wanted: EventFilter, rows: EventQuerySet) -> list[timeline.Item]:
    """Each event's place in time and its lanes, enough to count it: one lean query."""
    codes = {side.pk: side.code for side in wanted.lane_sides}
    columns = ("pk", "ref", "modality", "earliest", "latest", "certain_from", "lane_ids")
    lean = (
        rows.annotate(lane_ids=side_ids(wanted.sides, wanted.recalled))
        .in_time()
        .values_list(*columns)[:MOST]
    )
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


def _touches(item: timeline.Item, window: timeline.Window) -> bool:
    """Whether an event may be drawn in the window; one without a date always may."""
    return (item.earliest is None or item.earliest < window.end) and (
        item.latest is None or item.latest > window.start
    )
