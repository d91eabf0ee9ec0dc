"""Puts what is drawn into the rows of its lanes, and finds room for the labels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from events.timeline import packing, wording
from events.timeline.detail import RADIUS, End, Figure
from events.timeline.items import Item, Lane, Outside, heads, lanes_of
from events.timeline.lanes import MOST_ROWS
from events.timeline.lettering import pill_width, text_width
from events.timeline.packing import GAP, Place, Shelf, Side, Spot, Unit
from events.timeline.scale import Scale

MOST_MARKS = 400
CROWD_ROWS = 2  # of a lane of crowds: more numbers than these are harder to read, not easier
EDGE = 4  # labels keep this far from the edges of the plot

# How dear it is, in pixels, to swallow one of these in a pill.
_WORTH_SELECTED = 10_000  # what one looks at stays in sight
_WORTH_BAR = packing.DEAR
_WORTH_WHISKER = 30
_WORTH_SINGLE = 25
_WORTH_EACH = 3  # of those already in a pill: two small pills say more than a large one

type Group = tuple[Figure, ...]


def is_pill(group: Group) -> bool:
    """Whether a group is drawn as a pill with a number: several figures, or a crowd."""
    return len(group) > 1 or group[0].item.crowd


def number_of(group: Group) -> int:
    """How many events a group stands for."""
    return heads(figure.item for figure in group)


@dataclass(frozen=True, slots=True)
class Placed:
    """What was packed in one lane: one figure, or several that share a pill."""

    group: Group
    unit: Unit
    spot: Spot

    @property
    def figure(self) -> Figure | None:
        """The figure, unless this is a pill."""
        return None if is_pill(self.group) else self.group[0]


@dataclass(frozen=True, slots=True)
class Frame:
    """What every step of the layout needs to know."""

    scale: Scale
    zone: str
    now: int
    selected: str | None
    as_of: int | None
    lanes: tuple[Lane, ...]

    def ghost(self, group: Group) -> bool:
        """Whether all of a group lies beyond the instant the chart is seen from."""
        return all(one.item.surely_after(self.as_of) for one in group)

    def chosen(self, group: Group) -> bool:
        """Whether the selected event is in a group."""
        return bool(self.selected) and any(one.item.ref == self.selected for one in group)

    def lane_labels(self, item: Item) -> list[str]:
        """The names of the lanes of an item."""
        labels = {lane.key: lane.label for lane in self.lanes}
        return [labels[key] for key in lanes_of(item, self.lanes)]


def edge_space(span: Scale, later: Outside | None) -> tuple[Unit, ...]:
    """The room that the count of later events takes at the right end of the first row."""
    if not later:
        return ()
    left = span.right - EDGE - text_width(f"{wording.short(later.count)} ›")
    return (Unit(left, left, span.right, False),)


def pack_lanes(
    frame: Frame, figures: Sequence[Figure], taken: dict[str, tuple[Unit, ...]]
) -> dict[str, list[Placed]]:
    """Pack every lane; with ever larger groups and fewer rows until the marks are few enough."""
    folded = {lane.key for lane in frame.lanes if lane.folded}
    of_lane: dict[str, list[Figure]] = {lane.key: [] for lane in frame.lanes}
    for figure in figures:
        home, *others = lanes_of(figure.item, frame.lanes)
        of_lane[home].append(figure.reduced() if home in folded else figure)
        for key in others:
            of_lane[key].append(figure.reduced())
    # More than fills all rows twice over cannot end as single marks, so none are tried.
    full = 2 * MOST_ROWS * (frame.scale.right - frame.scale.left) // (2 * RADIUS)
    cell = 0 if all(len(one) <= full for one in of_lane.values()) else 2 * RADIUS + 2
    while True:
        placed = {
            key: _pack_lane(frame, members, taken[key], cell, folded=key in folded)
            for key, members in of_lane.items()
        }
        if cell > frame.scale.right or sum(map(len, placed.values())) <= MOST_MARKS:
            return placed
        cell = max(cell * 2, 2 * RADIUS + 2)


def _pack_lane(
    frame: Frame, figures: Sequence[Figure], taken: tuple[Unit, ...], cell: int, *, folded: bool
) -> list[Placed]:
    # Most groups are the same in the next round of packing.
    @cache
    def unit_of(group: tuple[int, ...]) -> Unit:
        unit = _unit(frame, tuple(figures[index] for index in group))
        return replace(unit, places=()) if folded else unit

    if not figures:
        return []
    rows = 1 if folded else _rows(figures)
    cells: dict[int, list[int]] = {}
    for index, figure in enumerate(figures):
        cells.setdefault(figure.x // cell if cell else index, []).append(index)
    return [
        Placed(tuple(figures[index] for index in group), unit, spot)
        for group, unit, spot in packing.settle(
            [tuple(group) for group in cells.values()], unit_of, rows, taken
        )
    ]


def _rows(figures: Sequence[Figure]) -> int:
    """How many rows a lane may have: a further one for what stands beside crowds."""
    crowds = sum(figure.item.crowd for figure in figures)
    return MOST_ROWS if not crowds else CROWD_ROWS + (crowds < len(figures))


def _unit(frame: Frame, group: Group) -> Unit:
    """The pixels of a figure or pill, with the places for its label."""
    span = frame.scale
    text = text_of(group)
    if not is_pill(group):
        figure = group[0]
        places = _places(span, group, figure.left, figure.right, text_width(text))
        worth = _WORTH_BAR if figure.bar else 0 if figure.disc else _WORTH_WHISKER
        worth += _WORTH_SINGLE * _important(figure.item)
        worth += _WORTH_SELECTED * frame.chosen(group)
        kind = figure.item.kind
        return Unit(figure.x, figure.left, figure.right, figure.disc, places, worth, kind)
    width = pill_width(number_of(group))
    middle = sum(one.x * one.item.count for one in group) // number_of(group)
    left = min(max(middle - width // 2, span.left + 1), span.right - width - 1)
    # The number of a crowd stands in its pill: no room is kept for words that repeat it.
    crowded = any(one.item.crowd for one in group)
    places = () if crowded else _places(span, group, left, left + width, text_width(text))
    kinds = {one.item.kind for one in group}
    kind = kinds.pop() if len(kinds) == 1 else ""
    # A crowd counts by the length of its number, so that a large one is dear but not beyond price.
    worth = _WORTH_EACH * sum(one.item.count.bit_length() for one in group)
    return Unit(left + width // 2, left, left + width, False, places, worth, kind)


def _important(item: Item) -> bool:
    """What should not vanish in a pill if something else can."""
    return item.contested or item.kind in {"decision", "talks"}


def text_of(group: Group) -> str:
    """The words beside a mark or pill, uncut; "" for none."""
    if not is_pill(group):
        return wording.label(group[0].item)
    return wording.cluster_label([one.item for one in group])


def first_place(frame: Frame, one: Placed) -> Place | None:
    """Where a label that is not written may stand on hover and focus."""
    width = text_width(text_of(one.group))
    return next(iter(_places(frame.scale, one.group, one.unit.left, one.unit.right, width)), None)


def _places(span: Scale, group: Group, left: int, right: int, width: int) -> tuple[Place, ...]:
    """Where a label of this width may stand: in the bar, right, left; always inside the plot."""
    if not width:
        return ()
    figure = None if is_pill(group) else group[0]
    badge = 3 if any(one.item.contested for one in group) else 0
    space = GAP if figure is None or figure.disc else GAP + 2
    found = [
        Place(Side.RIGHT, right + space + badge, right + space + badge + width),
        Place(Side.LEFT, left - space - width, left - space),
    ]
    if figure and figure.bar and figure.extent:
        begin = left + (20 if figure.extent.start is End.OPEN else 8)
        room = right - (20 if figure.extent.end is End.OPEN else 8) - 2 * badge
        if begin + width <= room:
            found.insert(0, Place(Side.INSIDE, begin, begin + width))
    return tuple(
        place
        for place in found
        if place.left >= span.left + EDGE and place.right <= span.right - EDGE
    )


# --- Labels.


def write_labels(
    frame: Frame, placed: dict[str, list[Placed]], taken: dict[str, tuple[Unit, ...]]
) -> dict[tuple[str, int], Place | None]:
    """The label written at each packed thing, most important first; None where there is no room.

    An event of several lanes is labelled once, in the first lane that has room.
    """
    shelves = {
        key: Shelf([(one.unit, one.spot) for one in members], taken[key])
        for key, members in placed.items()
    }
    found: dict[tuple[str, int], Place | None] = {
        (key, index): None for key, members in placed.items() for index in range(len(members))
    }
    done: set[str] = set()
    for key, index, one in sorted(every(placed), key=lambda entry: _weight(frame, *entry)):
        if (
            not one.unit.places
            or frame.ghost(one.group)
            or (one.figure and one.figure.item.ref in done)
        ):
            continue
        places = one.unit.places
        if frame.chosen(one.group):
            wide = text_width(text_of(one.group), weight=600)
            places = _places(frame.scale, one.group, one.unit.left, one.unit.right, wide)
        # The place it was packed for comes first: it is free unless something weightier took it.
        places = tuple(sorted(places, key=lambda place: place.side is not _side(one.spot)))
        place = shelves[key].write(one.spot.row, places)
        found[key, index] = place
        if place and one.figure:
            done.add(one.figure.item.ref)
    return found


def _side(spot: Spot) -> Side | None:
    return spot.place.side if spot.place else None


def every(placed: dict[str, list[Placed]]) -> Iterator[tuple[str, int, Placed]]:
    """All placed items with their lane and their place in it."""
    for key, members in placed.items():
        for index, one in enumerate(members):
            yield key, index, one


def _weight(frame: Frame, key: str, index: int, one: Placed) -> tuple[object, ...]:
    items = [figure.item for figure in one.group]
    home = lanes_of(items[0], frame.lanes)
    return (
        not frame.chosen(one.group),
        not any(item.contested for item in items),
        not any(item.kind in {"decision", "talks"} for item in items),
        -sum(item.link_count for item in items),
        -sum(item.source_count for item in items),
        -max(figure.instant for figure in one.group),
        items[0].id,
        home.index(key) if key in home else 0,
        index,
    )
