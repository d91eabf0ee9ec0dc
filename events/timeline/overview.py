"""The strip under the chart: all dates in equal bins, and the window among them.

Also `fit`, the window a dossier opens with. Both take items, or tallies of what is already counted.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, batched
from statistics import median

from events.timeline import scale, wording
from events.timeline.items import Item, Shape, Tally, heads
from events.timeline.scale import DAY, HOUR, WEEK, YEAR, Scale, Tick, Window

HEIGHT = 46
BASE = 30  # the line the bins stand on
TALLEST = 22
LEAST_BRUSH = 24
FEWEST_BINS = 28
BIN_PIXELS = 16  # bins are not drawn narrower
LEAST_PIXELS = 3  # nor counted ones than this
BINS = (HOUR, 6 * HOUR, DAY, WEEK, 4 * WEEK, YEAR, 10 * YEAR, 100 * YEAR, 1000 * YEAR)


@dataclass(frozen=True, slots=True)
class Bin:
    """A column: happened events full, planned ones as an outline on top. ``y`` is its top."""

    x: int
    width: int
    y: int
    height: int
    planned_y: int
    planned_height: int
    count: int
    planned: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The strip: bins, labels, the brush (what the chart shows), now, all in whole pixels."""

    width: int
    height: int
    left: int
    right: int
    base: int
    name: str
    start: str
    end: str
    bins: tuple[Bin, ...]
    ticks: tuple[Tick, ...]
    brush_x: int
    brush_width: int
    now_x: int | None

    @property
    def brush_end(self) -> int:
        """The right edge of the brush."""
        return self.brush_x + self.brush_width


def overview(
    items: Collection[Item], window: Window, width: int, zone: str, now: int, left: int = 0
) -> Overview:
    """Bin all dated ``items`` and place ``window`` among them.

    ``width`` is that of the strip, ``left`` where its plot begins (the chart's column of names).
    Heights go with the square root, so that a lone event stays visible beside a busy day.
    """
    dated = [item for item in items if item.anchor is not None]
    anchors = [item.anchor for item in dated if item.anchor is not None]
    edges = (min(anchors), max(anchors)) if anchors else None
    # Bins finer than the dates would show a rhythm that nobody recorded.
    sizes = [size for size in BINS if size >= min(_precision(items), BINS[-1])]
    size, whole = _range(edges, window, width - left, zone, sizes)
    bins: dict[int, list[Item]] = defaultdict(list)
    for anchor, item in zip(anchors, dated, strict=True):
        bins[(anchor - whole.start) // size].append(item)
    tallies = [
        _tally(whole.start + index * size, size, of_bin) for index, of_bin in sorted(bins.items())
    ]
    return _strip(tallies, edges, whole, window, width, zone, now, left)


def overview_of(
    tallies: Sequence[Tally],
    window: Window,
    width: int,
    zone: str,
    now: int,
    left: int = 0,
) -> Overview:
    """The strip of what is already counted: a column for each of ``tallies``.

    These are in order, do not overlap and are about as long as `bin_seconds` says; where they are
    far shorter, several are drawn as one.
    """
    tallies = [tally for tally in tallies if tally.count]
    edges = (tallies[0].start, tallies[-1].end - 1) if tallies else None
    whole = _padded(edges, window, max((t.end - t.start for t in tallies), default=DAY), zone)
    most = max((width - left) // LEAST_PIXELS // 2, 1)
    if len(tallies) > most:
        tallies = [_joined(some) for some in batched(tallies, -(-len(tallies) // most))]
    return _strip(tallies, edges, whole, window, width, zone, now, left)


def bin_seconds(first: int, last: int, window: Window, pixels: int) -> int:
    """How long a bin of the strip should be at least, in seconds.

    ``first`` and ``last`` are the instants of the first and last event, ``pixels`` the width of
    the plot.
    """
    span = max(last + 1, window.end) - min(first, window.start)
    return -(-span // max(pixels // BIN_PIXELS - 2, 2))


def _tally(start: int, size: int, items: Sequence[Item]) -> Tally:
    planned = heads(item for item in items if item.planned)
    return Tally(start, start + size, heads(items), planned)


def _joined(tallies: Sequence[Tally]) -> Tally:
    return Tally(
        tallies[0].start,
        tallies[-1].end,
        sum(tally.count for tally in tallies),
        sum(tally.planned for tally in tallies),
    )


def _strip(
    tallies: Sequence[Tally],
    edges: tuple[int, int] | None,
    whole: Window,
    window: Window,
    width: int,
    zone: str,
    now: int,
    left: int,
) -> Overview:
    """Draw ``tallies`` in the range ``whole``; ``edges`` are the first and last instant said."""
    span = Scale(whole, left, width)
    highest = max((tally.count for tally in tallies), default=1)
    narrowest = min((span.x(t.end) - span.x(t.start) for t in tallies), default=BIN_PIXELS)
    gap = 4 if narrowest >= BIN_PIXELS // 2 else 1
    begin = min(max(span.x(window.start), left), width - LEAST_BRUSH)
    end = max(min(span.x(window.end), width), begin + LEAST_BRUSH)
    return Overview(
        width=width,
        height=HEIGHT,
        left=left,
        right=width,
        base=BASE,
        name=_name(sum(tally.count for tally in tallies), edges, window, zone),
        start=scale.format_instant(whole.start),
        end=scale.format_instant(whole.end),
        bins=tuple(_bin(span, tally, highest, gap) for tally in tallies),
        ticks=tuple(tick for tick in _ticks(span, zone) if tick.label),
        brush_x=begin,
        brush_width=end - begin,
        now_x=span.x(now) if whole.start <= now < whole.end else None,
    )


def _reach(edges: tuple[int, int] | None, window: Window) -> tuple[int, int]:
    """From the first to the last of all dates and the window."""
    first, last = edges or (window.start, window.start)
    return min(window.start, first), max(window.end, last + 1)


def _range(
    edges: tuple[int, int] | None, window: Window, pixels: int, zone: str, sizes: Sequence[int]
) -> tuple[int, Window]:
    """The size of a bin in seconds and a whole number of bins around all dates and the window."""
    first, last = _reach(edges, window)
    most = max(pixels // BIN_PIXELS, 4)
    size = next((size for size in sizes if (last - first) // size + 2 <= most), sizes[-1])
    # Bins begin at midnight of the zone, weeks on a Monday, so that a bin can be said in words.
    origin = scale.from_local(4 * DAY if size == WEEK else 0, zone)
    start = first - (first - origin) % size
    count = -(-(last - start) // size)
    spare = max(min(FEWEST_BINS, most) - count, 2)
    start -= spare // 2 * size
    return size, Window(start, start + (count + spare) * size)


def _padded(edges: tuple[int, int] | None, window: Window, size: int, zone: str) -> Window:
    """The range of counted bins and the window, with a bin's length of room on both sides."""
    first, last = _reach(edges, window)
    return _whole_days(first - size, last + size, zone)


def _bin(span: Scale, tally: Tally, highest: int, gap: int) -> Bin:
    left, right = span.x(tally.start), span.x(tally.end)
    count, planned = tally.count - tally.planned, tally.planned
    full = round(TALLEST * (count / highest) ** 0.5)
    both = round(TALLEST * (tally.count / highest) ** 0.5)
    return Bin(
        x=left + gap // 2,
        width=max(right - left - gap, 2),
        y=BASE - full,
        height=full,
        planned_y=BASE - both,
        planned_height=both - full,
        count=count,
        planned=planned,
    )


def _ticks(span: Scale, zone: str) -> tuple[Tick, ...]:
    """Labels of the strip: those of the axis, with the month added where it changes."""
    axis = scale.axis(span, zone)
    if axis.level is not scale.Level.WEEKS:
        return axis.ticks
    named: list[Tick] = []
    month = -1
    for tick in axis.ticks:
        clock = scale.local(span.instant(tick.x) + DAY // 2, zone)
        _, current, _ = scale.date_of(clock // DAY)
        new, month = current != month, current
        label = f"{tick.label} {scale.MONTHS[current - 1]}" if new and tick.label else tick.label
        named.append(Tick(tick.x, tick.label_x, label))
    return tuple(named)


def _name(number: int, edges: tuple[int, int] | None, window: Window, zone: str) -> str:
    parts = [f"All dates: {wording.count(number)}"]
    if edges:
        first, last = (scale.spoken_day(edge, zone) for edge in edges)
        parts.append(f"from {first} to {last}")
    shown = f"{scale.spoken_day(window.start, zone)} to {scale.spoken_day(window.end - 1, zone)}"
    return " ".join(parts) + f". The timeline shows {shown}."


def fit(items: Collection[Item], now: int, zone: str = "UTC") -> Window:
    """A window that shows where most events lie, in whole days of ``zone`` when it has days.

    It is the shortest stretch with four of five dated events, widened to those near by; what lies
    far out does not stretch it. How near is near depends on how precisely dates are known.
    """
    weights: dict[int, int] = defaultdict(int)
    for item in items:
        if item.anchor is not None:
            weights[item.anchor] += item.count
    return _fit(weights, _precision(items), now, zone)


def fit_of(tallies: Iterable[Tally], now: int, zone: str = "UTC") -> Window:
    """`fit` for what is already counted; as precise as the tallies are long."""
    weights: dict[int, int] = defaultdict(int)
    lengths = []
    for tally in tallies:
        if tally.count:
            weights[tally.middle] += tally.count
            lengths.append(tally.end - tally.start)
    return _fit(weights, int(median(lengths)) if lengths else DAY, now, zone)


def _shortest(weights: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The shortest stretch with four of five events, of instants in order with their numbers."""
    sums = [0, *accumulate(weight for _, weight in weights)]
    most = -(-sums[-1] * 4 // 5)
    best: tuple[int, int] | None = None
    end = 0
    for begin, (first, _) in enumerate(weights):
        while end < len(weights) and sums[end] - sums[begin] < most:
            end += 1
        if sums[end] - sums[begin] < most:
            break
        last = weights[end - 1][0]
        if best is None or last - first < best[1] - best[0]:
            best = first, last
    assert best is not None
    return best


def _fit(weights: Mapping[int, int], precision: int, now: int, zone: str) -> Window:
    """The window for so many events at each instant, whose dates are ``precision`` seconds long."""
    anchors = sorted(weights)
    if not anchors:
        return _whole_days(now - 3 * DAY, now + 4 * DAY, zone)
    first, last = _shortest([(anchor, weights[anchor]) for anchor in anchors])
    reach = max(5 * precision, last - first)
    for anchor in reversed([a for a in anchors if a < first]):
        if first - anchor > reach:
            break
        first = anchor
    for anchor in [*(a for a in anchors if a > last), now]:
        if 0 < anchor - last <= reach:
            last = anchor
    # Anchors are the middles of their dates: half a date on either side shows them whole, and
    # where there are few of them a whole one gives them room.
    few = last - first < 4 * precision
    margin = max((last - first) // 12, precision if few else (precision + 1) // 2)
    if precision < DAY // 2:
        return scale.clamp(first - margin, last - first + 2 * margin)
    return _whole_days(first - margin, last + margin, zone)


def _precision(items: Collection[Item]) -> int:
    """The middling extent of the dates of single events, in seconds; a day when there is none."""
    extents = [
        item.latest - item.earliest
        for item in items
        if item.shape == Shape.POINT and item.earliest is not None and item.latest is not None
    ]
    return max(int(median(extents)), 60) if extents else DAY


def _whole_days(start: int, end: int, zone: str) -> Window:
    start, end = max(start, scale.FIRST), min(end, scale.LAST)
    return Window(scale.day_start(start, zone), scale.next_day(end - 1, zone))
