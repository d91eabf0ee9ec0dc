"""The strip under the chart: all dates in equal bins, and the window among them.

Also `fit`, the window a dossier opens with.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median

from events.timeline import scale, wording
from events.timeline.items import Item, Shape
from events.timeline.scale import DAY, HOUR, WEEK, YEAR, Scale, Tick, Window

HEIGHT = 46
BASE = 30  # the line the bins stand on
TALLEST = 22
LEAST_BRUSH = 24
FEWEST_BINS = 28
BIN_PIXELS = 16  # bins are not drawn narrower
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
    anchors = [(item.anchor, item.planned) for item in items if item.anchor is not None]
    # Bins finer than the dates would show a rhythm that nobody recorded.
    sizes = [size for size in BINS if size >= min(_precision(items), BINS[-1])]
    size, whole = _range([anchor for anchor, _ in anchors], window, width - left, zone, sizes)
    span = Scale(whole, left, width)
    happened = Counter((a - whole.start) // size for a, planned in anchors if not planned)
    planned = Counter((a - whole.start) // size for a, planned in anchors if planned)
    highest = max((happened[b] + planned[b] for b in happened | planned), default=1)
    bins = tuple(
        _bin(span, whole.start + index * size, size, happened[index], planned[index], highest)
        for index in sorted(happened | planned)
    )
    begin = min(max(span.x(window.start), left), width - LEAST_BRUSH)
    end = max(min(span.x(window.end), width), begin + LEAST_BRUSH)
    return Overview(
        width=width,
        height=HEIGHT,
        left=left,
        right=width,
        base=BASE,
        name=_name(anchors, window, zone),
        start=scale.format_instant(whole.start),
        end=scale.format_instant(whole.end),
        bins=bins,
        ticks=tuple(tick for tick in _ticks(span, zone) if tick.label),
        brush_x=begin,
        brush_width=end - begin,
        now_x=span.x(now) if whole.start <= now < whole.end else None,
    )


def _range(
    anchors: Sequence[int], window: Window, pixels: int, zone: str, sizes: Sequence[int]
) -> tuple[int, Window]:
    """The size of a bin in seconds and a whole number of bins around all dates and the window."""
    first = min([window.start, *anchors])
    last = max([window.end, *(anchor + 1 for anchor in anchors)])
    most = max(pixels // BIN_PIXELS, 4)
    size = next((size for size in sizes if (last - first) // size + 2 <= most), sizes[-1])
    # Bins begin at midnight of the zone, weeks on a Monday, so that a bin can be said in words.
    origin = scale.from_local(4 * DAY if size == WEEK else 0, zone)
    start = first - (first - origin) % size
    count = -(-(last - start) // size)
    spare = max(min(FEWEST_BINS, most) - count, 2)
    start -= spare // 2 * size
    return size, Window(start, start + (count + spare) * size)


def _bin(span: Scale, start: int, size: int, count: int, planned: int, highest: int) -> Bin:
    left, right = span.x(start), span.x(start + size)
    full = round(TALLEST * (count / highest) ** 0.5)
    both = round(TALLEST * ((count + planned) / highest) ** 0.5)
    return Bin(
        x=left + 2,
        width=max(right - left - 4, 2),
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


def _name(anchors: Sequence[tuple[int, bool]], window: Window, zone: str) -> str:
    parts = [f"All dates: {wording.count(len(anchors))}"]
    if anchors:
        instants = [anchor for anchor, _ in anchors]
        first, last = (scale.spoken_day(edge(instants), zone) for edge in (min, max))
        parts.append(f"from {first} to {last}")
    shown = f"{scale.spoken_day(window.start, zone)} to {scale.spoken_day(window.end - 1, zone)}"
    return " ".join(parts) + f". The timeline shows {shown}."


def fit(items: Collection[Item], now: int, zone: str = "UTC") -> Window:
    """A window that shows where most events lie, in whole days of ``zone`` when it has days.

    It is the shortest stretch with four of five dated events, widened to those near by; what lies
    far out does not stretch it. How near is near depends on how precisely dates are known.
    """
    anchors = sorted(item.anchor for item in items if item.anchor is not None)
    if not anchors:
        return _whole_days(now - 3 * DAY, now + 4 * DAY, zone)
    precision = _precision(items)
    most = -(-len(anchors) * 4 // 5)
    first, last = min(
        zip(anchors, anchors[most - 1 :], strict=False), key=lambda pair: pair[1] - pair[0]
    )
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
