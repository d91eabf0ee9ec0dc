"""What is drawn of an event at this span: a mark, a mark with whiskers, or a bar, and where."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from events.timeline.items import Item, Shape
from events.timeline.lettering import pill_width
from events.timeline.scale import DAY, Level, Scale, day_start, next_day

RADIUS = 10  # of a disc
WORTH_DRAWING = 24  # an extent up to this wide is the disc itself
DAY_STEP = 23  # between the events of one day
OPEN_REACH = 140  # how far an open whisker runs from the bound that is known
PLANNED_REACH = 200  # the same for what has no date but lies ahead
PLANNED_START = 14  # clear of the now line
OPEN_SHARE = 0.6  # where the mark stands on it
FADE = 60  # the open end of a bar
SHORT_FADE = 24


class End(StrEnum):
    """How an extent ends."""

    KNOWN = "known"  # a tick, or the edge of a bar
    OPEN = "open"  # an arrow
    VAGUE = "vague"  # nothing, or a fade
    CUT = "cut"  # it goes on outside the window


@dataclass(frozen=True, slots=True)
class Extent:
    """Pixels from ``left`` to ``right`` and how both ends are. ``sure_left`` to ``sure_right`` is
    the part of a bar without a fade."""

    left: int
    right: int
    start: End
    end: End
    sure_left: int
    sure_right: int


@dataclass(frozen=True, slots=True)
class Figure:
    """An item at this span. ``x`` is the centre of its mark, or the start of its bar's label.

    ``left`` and ``right`` are the pixels it takes. ``bar`` says whether the extent is a bar or a
    whisker. ``instant`` is the moment the mark stands for; ``crowded`` that its place among the
    events of its day is unknown.
    """

    item: Item
    x: int
    left: int
    right: int
    instant: int
    extent: Extent | None = None
    bar: bool = False
    crowded: bool = False

    @property
    def disc(self) -> bool:
        """Whether it is a mark and nothing else."""
        return self.extent is None and not self.item.crowd

    def reduced(self) -> "Figure":
        """The disc alone, for the lanes beside the home lane, which shows how long or how vague."""
        if self.item.crowd:
            return self
        return replace(self, left=self.x - RADIUS, right=self.x + RADIUS, extent=None, bar=False)


@dataclass(frozen=True, slots=True)
class View:
    """The items of a window: those drawn, in packing order, and those before and after it."""

    figures: tuple[Figure, ...]
    earlier: tuple[Item, ...]
    later: tuple[Item, ...]
    undated: tuple[Item, ...]


def view(items: Collection[Item], scale: Scale, zone: str, now: int) -> View:
    """Decide for every item what is drawn of it. Packing order is start, known order, id."""
    columns = _day_columns(items, scale, zone)
    figures: list[tuple[int, Figure]] = []
    earlier: list[Item] = []
    later: list[Item] = []
    undated: list[Item] = []
    for item in items:
        if not item.dated and not item.planned:
            undated.append(item)
            continue
        figure = _figure(item, scale, now, columns)
        # A sliver of a bar at the edge says less than the count of what lies beyond it.
        sliver = 8 if figure.bar else 0
        if figure.right < scale.left + sliver or (not figure.bar and figure.x < scale.left):
            earlier.append(item)
        elif figure.left > scale.right - sliver or (not figure.bar and figure.x > scale.right):
            later.append(item)
        else:
            start = item.earliest if item.earliest is not None else scale.instant(figure.left)
            figures.append((start, figure))
    figures.sort(key=lambda pair: (pair[0], pair[1].x, _order(pair[1].item), pair[1].item.id))
    return View(
        tuple(_inside(figure, scale) for _, figure in figures),
        tuple(earlier),
        tuple(later),
        tuple(undated),
    )


def _order(item: Item) -> float:
    return float("inf") if item.order is None else item.order


def is_whole_day(item: Item, zone: str) -> bool:
    """Whether all that is known is the day, in ``zone``."""
    return (
        item.shape == Shape.POINT
        and not item.approximate
        and item.earliest is not None
        and item.latest is not None
        and item.latest - item.earliest <= DAY + 7200
        and day_start(item.earliest, zone) == item.earliest
        and next_day(item.earliest, zone) == item.latest
    )


def _day_columns(items: Collection[Item], scale: Scale, zone: str) -> dict[int, tuple[float, bool]]:
    """Pixels from the middle of its day for each item known to the day; and if order is unknown."""
    days: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        if item.earliest is not None and not item.crowd and is_whole_day(item, zone):
            days[item.earliest].append(item)
    found: dict[int, tuple[float, bool]] = {}
    for of_day in days.values():
        ranks = sorted({_order(item) for item in of_day})
        room = scale.pixels(DAY) - 2 * RADIUS - 2
        # All of a day stay inside it: where 23 px are too many, they stand closer.
        step = min(DAY_STEP, max(room, 0) / max(len(ranks) - 1, 1))
        for item in of_day:
            column = ranks.index(_order(item)) - (len(ranks) - 1) / 2
            found[item.id] = column * step, item.order is None and len(of_day) > 1
    return found


def _mark(item: Item, x: int, instant: int, *, crowded: bool = False) -> Figure:
    return Figure(item, x, x - RADIUS, x + RADIUS, instant, crowded=crowded)


def _crowd(item: Item, scale: Scale, now: int) -> Figure:
    """The pill of a crowd, in the middle of what the window shows of its span."""
    if item.dated:
        ends = [end for end in (item.earliest, item.latest) if end is not None]
        left, right = scale.x(min(ends)), scale.x(max(ends))
    else:
        left = right = scale.x(now) + PLANNED_START + round(PLANNED_REACH * OPEN_SHARE)
    if left < scale.right and right > scale.left:
        left, right = max(left, scale.left), min(right, scale.right)
    x, half = (left + right) // 2, pill_width(item.count) // 2
    return Figure(item, x, x - half, x + half, item.anchor or scale.instant(x))


def _figure(item: Item, scale: Scale, now: int, columns: dict[int, tuple[float, bool]]) -> Figure:
    if item.crowd:
        return _crowd(item, scale, now)
    if not item.dated:
        left = scale.x(now) + PLANNED_START
        return _open(item, scale, left, left + PLANNED_REACH, End.KNOWN, End.OPEN)
    if item.shape == Shape.INTERVAL:
        return _interval(item, scale, now)
    if item.earliest is None and item.latest is not None:
        right = scale.x(item.latest)
        return _open(item, scale, right - OPEN_REACH, right, End.OPEN, End.KNOWN)
    if item.latest is None and item.earliest is not None:
        left = scale.x(item.earliest)
        return _open(item, scale, left, left + OPEN_REACH, End.KNOWN, End.OPEN)
    assert item.earliest is not None
    assert item.latest is not None
    middle = (item.earliest + item.latest) // 2
    left, right = scale.x(item.earliest), scale.x(item.latest)
    x = scale.x(middle)
    crowded = False
    if item.id in columns:
        shift, crowded = columns[item.id]
        if scale.window.level is not Level.HOURS:
            # Seen from days or farther away the day itself is the mark; its whisker would only
            # repeat the grid, and would part events whose order is known.
            return _mark(item, scale.x(middle) + round(shift), middle, crowded=crowded)
        x += round(shift)
    if right - left <= WORTH_DRAWING:
        return _mark(item, x, middle, crowded=crowded)
    end = End.VAGUE if item.approximate else End.KNOWN
    extent = _clip(Extent(left, right, end, end, left, right), scale)
    x = _between(x, extent)
    return Figure(item, x, extent.left, extent.right, middle, extent, crowded=crowded)


def _open(item: Item, scale: Scale, left: int, right: int, start: End, end: End) -> Figure:
    share = OPEN_SHARE if end is End.OPEN else 1 - OPEN_SHARE
    x = left + round((right - left) * share)
    extent = _clip(Extent(left, right, start, end, left, right), scale)
    return Figure(item, _between(x, extent), extent.left, extent.right, scale.instant(x), extent)


def _between(x: int, extent: Extent) -> int:
    """``x``, or the middle of what the window shows of the extent when ``x`` is outside."""
    if extent.left + RADIUS <= x <= extent.right - RADIUS:
        return x
    return (extent.left + extent.right) // 2


def _clip(extent: Extent, scale: Scale) -> Extent:
    """The part inside the window. An open end keeps its arrow at the edge; others run out of it."""
    left, right, start, end = extent.left, extent.right, extent.start, extent.end
    if left < scale.left < right:
        left, start = scale.left, (End.OPEN if start is End.OPEN else End.CUT)
    if right > scale.right > left:
        right, end = scale.right, (End.OPEN if end is End.OPEN else End.CUT)
    sure_left = min(max(extent.sure_left, left), right)
    return Extent(left, right, start, end, sure_left, max(min(extent.sure_right, right), sure_left))


def _sure(bound: int | None, certain: int | None, item: Item) -> bool:
    """Whether an end of an interval is known as well as days are known."""
    if bound is None or item.approximate:
        return False
    return certain is None or abs(certain - bound) <= DAY + 7200


def _interval(item: Item, scale: Scale, now: int) -> Figure:
    start = End.KNOWN if _sure(item.earliest, item.certain_from, item) else End.VAGUE
    end = End.KNOWN if _sure(item.latest, item.certain_to, item) else End.VAGUE
    if item.earliest is None:
        # Nothing says when it began: it comes from the left edge.
        left, start = min(scale.left, scale.x(item.latest or 0) - FADE), End.OPEN
    else:
        left = scale.x(item.earliest)
    if item.latest is None:
        # It was going on when last heard of, or goes on now; beyond that it only may.
        known = max(scale.x(now), scale.x(item.certain_to or item.earliest or 0))
        right, end = known + FADE, End.OPEN
        sure_right = known
    else:
        right = sure_right = scale.x(item.latest)
        if end is End.VAGUE:
            inner = scale.x(item.certain_to) if item.certain_to is not None else right
            sure_right = min(inner, right - SHORT_FADE)
    sure_left = left
    if start is End.OPEN:
        inner = scale.x(item.certain_from) if item.certain_from is not None else scale.right
        sure_left = min(max(left, scale.left) + FADE, inner)
    elif start is End.VAGUE:
        inner = scale.x(item.certain_from) if item.certain_from is not None else left
        sure_left = max(inner, left + SHORT_FADE)
    middle = item.anchor or 0
    if right - left < WORTH_DRAWING:
        return _mark(item, (left + right) // 2, middle)
    if sure_left > sure_right:
        sure_left = sure_right = (sure_left + sure_right) // 2
    extent = _clip(Extent(left, right, start, end, sure_left, sure_right), scale)
    if start is End.OPEN and extent.start is End.OPEN and extent.right > scale.left:
        extent = replace(extent, left=max(extent.left, scale.left))
    # Whole at the right edge too: in the lanes beside the home lane a disc stands there.
    x = min(extent.left + RADIUS, scale.right - RADIUS - 1)
    return Figure(item, x, extent.left, extent.right, middle, extent, True)


def _inside(figure: Figure, scale: Scale) -> Figure:
    """A disc at the very edge is moved in far enough to be whole."""
    if figure.bar or figure.item.crowd:
        return figure
    x = min(max(figure.x, scale.left + RADIUS + 1), scale.right - RADIUS - 1)
    left, right = (x, x) if figure.disc else (figure.left, figure.right)
    return replace(figure, x=x, left=min(left, x - RADIUS), right=max(right, x + RADIUS))
