"""The chart of a large dossier: crowds counted beforehand, and the few events drawn one by one.

What it costs follows the width of the chart: cells of about a pill's width are read from the
pyramid (density.py), and only events that stand alone in theirs are looked up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q

from events import asking, counting, density, keyset, timeline
from events.chart_items import items
from events.density import ANY, EVERY_LANE, Cell, Counts, Flavour
from events.models import Link, Placement
from events.timeline import Tally, scale
from events.timeline.cells import Grain, cell, following
from events.timeline.drawing import HEADER
from events.timeline.items import MIXED, PLANNED, Beyond, Outside

if TYPE_CHECKING:
    from events.filters import EventFilter

FEW = 160
"""Events in a window that are drawn one by one."""

PILL = 48
"""Pixels of a cell, at least: a crowd's pill fits."""

BINS = 75
"""Columns of the strip of all dates, at most."""

ALONE = 120
"""Events that are looked up because they stand alone in their cell, at most."""

LINKED = 60
"""Links of the selected event that are drawn, at most."""

UNDATED = 12
"""Planned events without a date that are drawn, at most; they all stand at now."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is drawn, how many events that tells of and how many there are in all, and what lies
    outside the window by lane."""

    items: list[timeline.Item]
    links: list[timeline.Link]
    shown: int
    total: int
    beyond: Mapping[str, Beyond]


class Crowds:
    """What a filter asks for of a large dossier, as the chart takes it."""

    def __init__(self, wanted: EventFilter) -> None:
        self.wanted = wanted
        self.dossier = wanted.dossier.pk
        self.zone = wanted.dossier.time_zone
        by_kind = wanted.lanes_by == "kind"
        self.broad = not wanted.is_narrowed and not by_kind
        """Whether kinds, and which sides go together, need not be told apart."""
        self.looking = bool(wanted.values["q"] or wanted.values["contested"])
        """Whether the pyramid does not know what is asked for."""
        seen = list(filter(wanted.can_see, density.ALL))
        # The window and the strip often ask for the same.
        self._everything = cache(partial(density.cells, self.dossier, broad=True, only=seen))
        codes = {side.pk: side.code for side in wanted.lane_sides}
        self._lanes_of: Callable[[Flavour], list[str]] = (
            (lambda flavour: [flavour.kind])
            if by_kind
            else lambda flavour: (
                list(dict.fromkeys(codes.get(key, "") for key in flavour.sides)) or [""]
            )
        )

    # --- All dates

    @cached_property
    def _extent(self) -> tuple[int, int]:
        now = scale.local(self.wanted.viewer.now, self.zone)
        # Drafts do not move what others see.
        found = density.extent(self.dossier, published=not self.wanted.viewer.is_member)
        return found or (now, now + scale.DAY)

    def window(self) -> timeline.Window:
        """The window that is asked for, at full hours; without one that in which most lies."""
        start, end = self.wanted.clocks
        if start is None or end is None:
            window = self.wanted.window(self.fit(), self._anchor())
        else:
            window = scale.clamp(self._instant(start), self._instant(end) - self._instant(start))
        edges = (self._instant(self._clock(edge)) for edge in (window.start, window.end))
        return timeline.Window(*edges)

    def _anchor(self) -> int | None:
        """The instant of the selected event, around which a level alone is put."""
        if not self.wanted.selected:
            return None
        rows = self.wanted.visible().filter(ref=self.wanted.selected).order_by()
        at = next(iter(rows.values_list("placement__anchor", flat=True)), None)
        return None if at is None else self._instant(at)

    def fit(self) -> timeline.Window:
        """The window a visit begins with; a filter does not move it."""
        start, end = self._extent
        found: list[Tally] = []
        grain = None
        # Far-out dates make cells long: look closer at where most are, until that changes nothing.
        for _ in range(4):
            finer = density.grain_for(end - start, BINS)
            if finer is grain:
                break
            grain = finer
            found = self._tallies(self._everything(grain, start, end))
            window = timeline.fit_of(found, self.wanted.viewer.now, self.zone)
            start, end = (self._clock(edge) for edge in (window.start, window.end))
        return window

    def strip(self, window: timeline.Window) -> list[Tally]:
        """All that is asked for, counted in the columns of the strip."""
        start, end = self._extent
        reach = max(end, self._clock(window.end)) - min(start, self._clock(window.start))
        grain = density.grain_for(reach, BINS)
        if self.looking:
            return self._looked_at(grain)
        if self.broad:
            return self._tallies(self._everything(grain, start, end))
        lane = self._only_lane()
        only = self._flavours if lane is None else lane
        found = density.cells(self.dossier, grain, start, end, broad=lane is not None, only=only)
        return self._tallies(found)

    def _only_lane(self) -> list[Flavour] | None:
        """All of one lane, where a side is asked for and nothing else: few cells tell of it."""
        values = self.wanted.values
        if len(values["side"]) != 1 or any(values[name] for name in ("kind", "modality", "state")):
            return None
        keys = {side.code: side.pk for side in self.wanted.sides} | {asking.NO_SIDE: None}
        return list(filter(self.wanted.can_see, density.lanes(keys[values["side"][0]])))

    def _is_asked_for(self, flavour: Flavour) -> bool:
        """Whether any of it is; what was narrowed is asked for as it comes."""
        return not self.broad or self.wanted.can_see(flavour)

    def _looked_at(self, grain: Grain) -> list[Tally]:
        """The strip of what has to be looked for, as far as that goes."""
        rows = Placement.objects.filter(pk__among=self._found_first[: counting.MOST])
        anchors = rows.filter(anchor__isnull=False).values_list("anchor", flat=True)
        columns = Counter(cell(grain, at or 0) for at in anchors)
        return [
            Tally(self._instant(at), self._instant(following(grain, at)), number)
            for at, number in sorted(columns.items())
        ]

    def _tallies(self, cells: Iterable[Cell]) -> list[Tally]:
        return [
            replace(one, start=self._instant(one.start), end=self._instant(one.end))
            for one in density.tallies(cells)
        ]

    @cached_property
    def _flavours(self) -> list[Flavour] | None:
        """What is asked for, where kinds matter; None for everything, lane by lane."""
        if self.broad:
            return None
        return [one for one in density.flavours(self.dossier) if self.wanted.accepts(one)]

    # --- The window

    def gather(self, window: timeline.Window, width: int) -> Gathered:
        """Everything drawn in a window for a chart `width` pixels wide."""
        start, end = self._clock(window.start), self._clock(window.end)
        if self.looking:
            return self._looked_for(start, end, width)
        found = counting.counts(self.wanted, (start, end), broad=self.broad, only=self._flavours)
        found = {flavour: one for flavour, one in found.items() if self._is_asked_for(flavour)}
        if self.wanted.values["undated"]:
            found = {flavour: one.undated for flavour, one in found.items()}
        all_ = {flavour: one for flavour, one in found.items() if self._counts_once(flavour)}
        undated = sum(one.total - one.dated for one in all_.values())
        shown = sum(one.touching for one in all_.values()) - undated
        if shown <= FEW:
            keys, crowds = self._touching(start, end), list[timeline.Item]()
        else:
            keys, crowds = self._cells(start, end, width)
        ahead = sum(
            one.total - one.dated for flavour, one in all_.items() if flavour.modality in PLANNED
        )
        drawn, links = self._drawn(keys, crowds, self._undated() if ahead else ())
        if undated > ahead:
            drawn.append(_undated(undated - ahead))
        total = sum(one.total for one in all_.values())
        return Gathered(drawn, links, shown, total, self._beyond(found, window))

    def _drawn(
        self,
        keys: Mapping[int, tuple[str, ...]],
        crowds: Iterable[timeline.Item],
        undated: Iterable[int],
    ) -> tuple[list[timeline.Item], list[timeline.Link]]:
        """The events of these keys in the lanes given, the crowds, and the selected event with
        those linked to it, which no crowd counts then; and the links."""
        selected = self._selected()
        full, links = items(self.wanted, {*keys, *selected, *undated})
        lone = [full[key] for key in selected if key not in keys]
        return [*_in_lanes(full, keys), *_without(crowds, lone)], links

    def _counts_once(self, flavour: Flavour) -> bool:
        """Whether no other flavour tells of the same events, as lanes do of those of others."""
        return not self.broad or flavour.sides == (EVERY_LANE,)

    def _looked_for(self, start: int, end: int, width: int) -> Gathered:
        """What is found in a window one by one, the first of it."""
        keys, crowds = self._touching(start, end, counting.MOST), list[timeline.Item]()
        shown = len(keys)
        if shown > FEW:
            grain = grain_of(start, end, width)
            rows = Placement.objects.filter(pk__among=keys, anchor__range=(start, end - 1))
            columns = ("pk", "anchor", "kind", "modality", "state", "sides")
            cells = [
                Cell(cell(grain, at or 0), following(grain, at or 0), alike, 1, key)
                for key, at, kind, modality, state, sides in rows.values_list(*columns)
                for alike in [Flavour(kind, modality, state, tuple(sides))]
            ]
            keys, crowds = self._crowded(cells)
        nowhere = keyset.undated(asking.asked(self.wanted), None, counting.MOST + 1)
        ahead = self._undated() if nowhere else []
        drawn, links = self._drawn(keys, crowds, ahead)
        if len(nowhere) > len(ahead):
            drawn.append(_undated(len(nowhere) - len(ahead)))
        found = 0 if self.wanted.values["undated"] else len(self._found_first)
        # As many as counting.looked_at() would tell.
        total = min(found + len(nowhere), counting.MOST + 1)
        return Gathered(drawn, links, shown, total, {})

    @cached_property
    def _found_first(self) -> list[int]:
        """Keys of the first dated events that are found, whatever the window."""
        question = asking.asked(self.wanted, (None, None))
        return [place.event for place in keyset.dated(question, None, counting.MOST + 1)]

    def _touching(self, start: int, end: int, most: int = FEW + 1) -> dict[int, tuple[str, ...]]:
        """Keys of the first events of a window, at most so many; their lanes are their own."""
        if self.wanted.values["undated"]:
            return {}
        places = keyset.dated(asking.asked(self.wanted, (start, end)), None, most)
        return {place.event: () for place in places}

    def _cells(
        self, start: int, end: int, width: int
    ) -> tuple[dict[int, tuple[str, ...]], list[timeline.Item]]:
        """Keys of events that stand alone, with the lanes they do so in, and the crowds."""
        grain, veil = grain_of(start, end, width), self.wanted.veil
        # No crowd stands on both sides of the instant looked back from.
        cuts = [start, veil, end] if veil is not None and start < veil < end else [start, end]
        found = [
            one
            for low, high in pairwise(cuts)
            for one in density.cells(
                self.dossier, grain, low, high, broad=self.broad, only=self._flavours
            )
        ]
        return self._crowded(one for one in found if self._is_asked_for(one.flavour))

    def _crowded(
        self, cells: Iterable[Cell]
    ) -> tuple[dict[int, tuple[str, ...]], list[timeline.Item]]:
        return crowded(
            Piece(self._instant(one.start), self._instant(one.end), lane, one.number, one.keys,
                  one.flavour.kind, one.flavour.modality in PLANNED)
            for one in cells
            if one.flavour.sides != (EVERY_LANE,)
            for lane in self._lanes_of(one.flavour)
        )  # fmt: skip

    def _selected(self) -> list[int]:
        """Keys of the selected event and of those linked to it: they are drawn by themselves."""
        ref, viewer = self.wanted.selected, self.wanted.viewer
        if not ref:
            return []
        # Without an order: sorting by time would be done before the one is found.
        rows = self.wanted.events(everywhere=True).filter(ref=ref).order_by()
        key = next(iter(rows.values_list("pk", flat=True)), None)
        if key is None:
            return []
        links = Link.objects.visible_to(viewer).exclude(kind=Link.Kind.AFTER)
        pairs = links.filter(Q(from_event=key) | Q(to_event=key))
        both = pairs.values_list("from_event_id", "to_event_id")[:LINKED]
        keys = dict.fromkeys([key, *(one for pair in both for one in pair)])
        if not self.wanted.is_narrowed:
            return list(keys)
        # What is not asked for is not drawn, nor does any crowd count it.
        rows = self.wanted.events(everywhere=True).filter(pk__in=keys).order_by()
        asked = set(rows.values_list("pk", flat=True))
        return [one for one in keys if one in asked]

    def _undated(self) -> list[int]:
        """Keys of planned events without a date."""
        question = asking.asked(self.wanted)
        ahead = PLANNED.intersection(question.modalities or PLANNED)
        places = keyset.undated(replace(question, modalities=sorted(ahead)), None, UNDATED)
        return [place.event for place in places]

    def _beyond(
        self, found: Mapping[Flavour, Counts], window: timeline.Window
    ) -> dict[str, Beyond]:
        """What lies outside the window in each lane. The nearest of it is not looked for: a step
        to the side shows it, or how many are left."""
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for flavour, one in found.items():
            if flavour.sides != (EVERY_LANE,):
                for lane in self._lanes_of(flavour):
                    sums[lane][0] += one.before
                    sums[lane][1] += one.after
        return {
            lane: (
                Outside(before, window.start - 1) if before else None,
                Outside(after, window.end) if after else None,
            )
            for lane, (before, after) in sums.items()
        }

    # --- Clocks

    def _clock(self, instant: int) -> int:
        """The clock at an instant, at a full hour like all windows."""
        return scale.local(instant, self.zone) // scale.HOUR * scale.HOUR

    def _instant(self, clock: int) -> int:
        return scale.from_local(clock, self.zone)


class Piece(NamedTuple):
    """So many events of one lane between two instants; of one, `keys` is its key."""

    start: int
    end: int
    lane: str
    number: int
    keys: int
    kind: str
    planned: bool


def grain_of(start: int, end: int, width: int) -> Grain:
    """The level whose cells are as wide as a pill in a chart `width` pixels wide."""
    return density.grain_for(end - start, max(width - HEADER, PILL) // PILL)


def crowded(
    pieces: Iterable[Piece],
) -> tuple[dict[int, tuple[str, ...]], list[timeline.Item]]:
    """Events that stand alone, by key with the lanes they do so in; the others as crowds."""
    sums: dict[tuple[int, int, str], list[Piece]] = defaultdict(list)
    for piece in pieces:
        sums[piece.start, piece.end, piece.lane].append(piece)
    alone: dict[int, list[str]] = defaultdict(list)
    crowds: list[timeline.Item] = []
    for (_, _, lane), found in sorted(sums.items()):
        if sum(one.number for one in found) == 1 and len(alone) < ALONE:
            alone[found[0].keys].append(lane)
        else:
            crowds.append(_crowd(-2 - len(crowds), found))
    return {key: tuple(lanes) for key, lanes in alone.items()}, crowds


def _in_lanes(
    found: Mapping[int, timeline.Item], lanes: Mapping[int, tuple[str, ...]]
) -> list[timeline.Item]:
    """Items by their keys in the lanes given for them, in their own where none are."""
    return [
        replace(item, lanes=lanes[key]) if lanes.get(key) else item for key, item in found.items()
    ]


def _crowd(key: int, pieces: Sequence[Piece]) -> timeline.Item:
    """One item for all events of these pieces, which are of one lane and time."""
    kinds = {one.kind for one in pieces} - {ANY, ""}
    return timeline.Item(
        id=key,
        ref="",
        title="",
        kind=kinds.pop() if len(kinds) == 1 else MIXED,
        modality="planned" if all(one.planned for one in pieces) else "occurred",
        state="",
        lanes=(pieces[0].lane,),
        earliest=pieces[0].start,
        latest=pieces[0].end,
        count=sum(one.number for one in pieces),
    )


def _undated(count: int) -> timeline.Item:
    """One item for all events without a date, which are only counted."""
    return timeline.Item(
        -1, "", "", MIXED, "occurred", "", (), None, None, shape="none", count=count
    )


def _without(crowds: Iterable[timeline.Item], lone: Iterable[timeline.Item]) -> list[timeline.Item]:
    """Crowds that no longer count the events drawn beside them."""
    lone = list(lone)
    left = []
    for crowd in crowds:
        inside = sum(_among(one, crowd) for one in lone)
        if crowd.count > inside:
            left.append(replace(crowd, count=crowd.count - inside))
    return left


def _among(one: timeline.Item, crowd: timeline.Item) -> bool:
    """Whether a crowd counts the event."""
    at, start, end = one.anchor, crowd.earliest, crowd.latest
    within = at is not None and start is not None and end is not None and start <= at < end
    return within and not set(crowd.lanes).isdisjoint(one.lanes or ("",))
