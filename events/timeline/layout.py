"""Lays the chart out: from items to every coordinate, name and class the template writes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from events.timeline import chart, detail, packing, scale, wording
from events.timeline.detail import RADIUS, End, Figure
from events.timeline.items import Item, Lane, Link, lanes_of, with_others
from events.timeline.lanes import MOST_ROWS, ROW, Strip, stack
from events.timeline.lettering import cut_to_width, text_width
from events.timeline.links import Seat, join, ties
from events.timeline.packing import GAP, Place, Shelf, Side, Spot, Unit
from events.timeline.scale import Scale, Window

HEADER = 112  # the column of lane names
AXIS = 40
LEAST_PLOT = 160
MOST_MARKS = 400
BAR = 18
LABEL_SPACE = GAP  # between a disc and its label
EDGE = 4  # labels keep this far from the edges of the plot
BADGE = (7, -8)  # from the centre of a disc

type Group = tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    """What was packed in one lane: one figure, or several that share a pill."""

    group: Group
    unit: Unit
    spot: Spot

    @property
    def figure(self) -> Figure | None:
        """The figure, unless this is a cluster."""
        return self.group[0] if len(self.group) == 1 else None


@dataclass(frozen=True, slots=True)
class _Frame:
    """What every step of the layout needs to know."""

    scale: Scale
    zone: str
    now: int
    selected: str | None
    as_of: int | None
    lanes: tuple[Lane, ...]

    def ghost(self, group: Group) -> bool:
        """Whether a group lies beyond the instant the chart is seen from."""
        return self.as_of is not None and min(one.instant for one in group) > self.as_of

    def chosen(self, group: Group) -> bool:
        """Whether the selected event is in a group."""
        return any(one.item.ref == self.selected for one in group)

    def lane_labels(self, item: Item) -> list[str]:
        """The names of the lanes of an item."""
        labels = {lane.key: lane.label for lane in self.lanes}
        return [labels[key] for key in lanes_of(item, self.lanes)]


def layout(
    items: Sequence[Item],
    lanes: Sequence[Lane],
    window: Window,
    width: int,
    zone: str,
    now: int,
    selected: str | None = None,
    links: Sequence[Link] = (),
    as_of: int | None = None,
) -> chart.Chart:
    """Lay out ``items`` in ``lanes`` for a chart ``width`` pixels wide.

    ``zone`` is the IANA name of the dossier's zone, ``now`` and ``as_of`` are instants,
    ``selected`` is the ref of an event. Of ``links`` those of the selected event are drawn. At most
    400 marks are drawn however many items there are (as long as there are fewer lanes than that).
    """
    width = max(width, HEADER + LEAST_PLOT)
    span = Scale(window, HEADER, width)
    every = with_others(tuple(lanes), items)
    frame = _Frame(span, zone, now, selected, as_of, every)
    view = detail.view(items, span, zone, now)
    edges = {
        lane.key: (_of_lane(view.earlier, lane, every), _of_lane(view.later, lane, every))
        for lane in every
    }
    taken = {key: _edge_space(span, len(later)) for key, (_, later) in edges.items()}
    placed = _pack(frame, view.figures, taken)
    heights = stack(
        [max((one.spot.row + 1 for one in placed[lane.key]), default=1) for lane in every]
    )
    strips = {lane.key: strip for lane, strip in zip(every, heights, strict=True)}
    labels = _labels(frame, placed, taken)
    stop = _tab_stop(frame, placed)
    boxes = tuple(
        _lane_box(
            frame,
            lane,
            strips[lane.key],
            [
                _draw(frame, lane, strips[lane.key], one, labels[lane.key, index], stop is one)
                for index, one in enumerate(placed[lane.key])
            ],
            sum(len(one.group) for one in placed[lane.key]),
            edges[lane.key],
        )
        for lane in every
    )
    seats = _seats(placed, strips, every)
    height = strips[every[-1].key].bottom if every else 0
    branches, tags = join(selected, links, seats, view, span)
    now_x = span.x(now) if window.start <= now < window.end else None
    return chart.Chart(
        width=width,
        height=height,
        axis_height=AXIS,
        left=HEADER,
        right=width,
        name=wording.chart_name(window, zone, len(view.figures), len(items)),
        level=window.level,
        start=scale.format_instant(window.start),
        end=scale.format_instant(window.end),
        axis=scale.axis(span, zone, keep_clear=_flag(now_x)),
        lanes=boxes,
        ties=ties(seats),
        branches=branches,
        tags=tags,
        now_x=now_x,
        future_x=HEADER if now < window.start else now_x,
        veil_x=None if as_of is None else min(max(span.x(as_of), HEADER), width),
        shown=len(view.figures),
        total=len(items),
        undated=len(view.undated),
        undated_text=f"‹ {len(view.undated)} undated",
        selected=selected or "",
    )


def _flag(now_x: int | None) -> tuple[int, int] | None:
    """The pixels of the flag of the now line."""
    return None if now_x is None else (now_x, now_x + text_width("Now", 12, 600) + 12)


def _of_lane(items: Sequence[Item], lane: Lane, lanes: tuple[Lane, ...]) -> list[Item]:
    return [item for item in items if lane.key in lanes_of(item, lanes)]


# --- Packing.


def _edge_space(span: Scale, later: int) -> tuple[Unit, ...]:
    """The room that the count of later events takes at the right end of the first row."""
    if not later:
        return ()
    left = span.right - EDGE - text_width(f"{later} ›")
    return (Unit(left, left, span.right, False),)


def _pack(
    frame: _Frame, figures: Sequence[Figure], taken: dict[str, tuple[Unit, ...]]
) -> dict[str, list[_Placed]]:
    """Pack every lane; with ever larger groups and fewer rows until the marks are few enough."""
    of_lane: dict[str, list[Figure]] = {lane.key: [] for lane in frame.lanes}
    for figure in figures:
        for key in lanes_of(figure.item, frame.lanes):
            of_lane[key].append(figure)
    # More than fills all rows twice over cannot end as single marks, so none are tried.
    full = 2 * MOST_ROWS * (frame.scale.right - frame.scale.left) // (2 * RADIUS)
    cell = 0 if all(len(one) <= full for one in of_lane.values()) else 2 * RADIUS + 2
    while True:
        placed = {
            key: _pack_lane(frame, members, taken[key], cell) for key, members in of_lane.items()
        }
        if cell > frame.scale.right or sum(map(len, placed.values())) <= MOST_MARKS:
            return placed
        cell = max(cell * 2, 2 * RADIUS + 2)


def _pack_lane(
    frame: _Frame, figures: Sequence[Figure], taken: tuple[Unit, ...], cell: int
) -> list[_Placed]:
    def unit_of(group: tuple[int, ...]) -> Unit:
        return _unit(frame.scale, tuple(figures[index] for index in group))

    if not figures:
        return []
    cells: dict[int, list[int]] = {}
    for index, figure in enumerate(figures):
        cells.setdefault(figure.x // cell if cell else index, []).append(index)
    return [
        _Placed(tuple(figures[index] for index in group), unit, spot)
        for group, unit, spot in packing.settle(
            [tuple(group) for group in cells.values()], unit_of, taken=taken
        )
    ]


def _unit(span: Scale, group: Group) -> Unit:
    """The pixels of a figure or pill, with the places for its label."""
    text = _text(group)
    if len(group) == 1:
        figure = group[0]
        places = _places(span, group, figure.left, figure.right, text_width(text))
        return Unit(figure.x, figure.left, figure.right, figure.disc, places)
    width = 28 + 8 * len(str(len(group)))
    middle = sum(one.x for one in group) // len(group)
    left = min(max(middle - width // 2, span.left + 1), span.right - width - 1)
    places = _places(span, group, left, left + width, text_width(text))
    return Unit(left + width // 2, left, left + width, False, places)


def _text(group: Group) -> str:
    if len(group) == 1:
        return wording.label(group[0].item)
    return wording.cluster_label([one.item for one in group])


def _places(span: Scale, group: Group, left: int, right: int, width: int) -> tuple[Place, ...]:
    """Where a label of this width may stand: in the bar, right, left; always inside the plot."""
    figure = group[0] if len(group) == 1 else None
    badge = 3 if any(one.item.contested for one in group) else 0
    space = LABEL_SPACE if figure is None or figure.disc else LABEL_SPACE + 2
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


def _labels(
    frame: _Frame, placed: dict[str, list[_Placed]], taken: dict[str, tuple[Unit, ...]]
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
    for key, index, one in sorted(_every(placed), key=lambda entry: _weight(frame, *entry)):
        if frame.ghost(one.group) or (one.figure and one.figure.item.ref in done):
            continue
        places = one.unit.places
        if frame.chosen(one.group):
            wide = text_width(_text(one.group), weight=600)
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


def _every(placed: dict[str, list[_Placed]]) -> Iterator[tuple[str, int, _Placed]]:
    for key, members in placed.items():
        for index, one in enumerate(members):
            yield key, index, one


def _weight(frame: _Frame, key: str, index: int, one: _Placed) -> tuple[object, ...]:
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


# --- Drawing.


def _tab_stop(frame: _Frame, placed: dict[str, list[_Placed]]) -> _Placed | None:
    """The one thing in the tab order: the selected event, else the leftmost of the first lane."""
    for lane in frame.lanes:
        for one in placed[lane.key]:
            if frame.chosen(one.group):
                return one
    for lane in frame.lanes:
        if placed[lane.key]:
            return min(placed[lane.key], key=lambda one: one.unit.x)
    return None


def _draw(
    frame: _Frame, lane: Lane, strip: Strip, one: _Placed, place: Place | None, tab: bool
) -> chart.Mark | chart.Cluster:
    y = strip.middle(one.spot.row)
    if one.figure is None:
        return _cluster(frame, lane, one, y, _label(frame, one, place, y), tab)
    figure, item = one.figure, one.figure.item
    bar = _bar(figure, y, frame.lanes.index(lane) + 1) if figure.bar else None
    whisker, caps = ("", "") if figure.bar else _whisker(figure, y)
    badge = (figure.right - 4, y - BAR // 2) if bar else (figure.x + BADGE[0], y + BADGE[1])
    return chart.Mark(
        ref=item.ref,
        url=item.url,
        name=wording.name(item, frame.lane_labels(item), crowded=figure.crowded),
        lane=lane.key,
        kind=item.kind,
        x=figure.x,
        y=y,
        classes=_classes(frame, lane, one.group),
        tab=tab,
        instant=figure.instant,
        badge=badge if item.contested else None,
        whisker=whisker,
        caps=caps,
        bar=bar,
        label=_label(frame, one, place, y),
    )


def _classes(frame: _Frame, lane: Lane, group: Group) -> str:
    items = [figure.item for figure in group]
    extents = [figure.extent for figure in group if figure.extent]
    looks = {
        f"s{lane.slot}": True,
        "is-planned": all(item.planned for item in items),
        "is-cancelled": all(item.modality == "cancelled" for item in items),
        "is-draft": all(item.state == "draft" for item in items),
        "is-contested": any(item.contested for item in items),
        "is-about": len(group) == 1 and any(one.start is End.VAGUE for one in extents),
        "is-selected": frame.chosen(group),
        "is-ghost": frame.ghost(group),
    }
    return " ".join(name for name, holds in looks.items() if holds)


def _label(frame: _Frame, one: _Placed, place: Place | None, y: int) -> chart.Label | None:
    """The label; without a place it is kept for hover and focus, where the plot has room."""
    if frame.ghost(one.group):
        return None
    shown = place is not None
    place = place or next(iter(one.unit.places), None)
    if place is None:
        return None
    left = place.side is Side.LEFT
    return chart.Label(
        x=place.right if left else place.left,
        y=y + 4,
        anchor="end" if left else "start",
        text=_text(one.group),
        shown=shown,
    )


def _whisker(figure: Figure, y: int) -> tuple[str, str]:
    """The line of a whisker on both sides of its disc, and what stands at its ends."""
    extent = figure.extent
    if extent is None:
        return "", ""
    line, caps = [], []
    if extent.left < figure.x - RADIUS:
        line.append(f"M{extent.left} {y}H{figure.x - RADIUS}")
    if extent.right > figure.x + RADIUS:
        line.append(f"M{figure.x + RADIUS} {y}H{extent.right}")
    for x, end, turn in ((extent.left, extent.start, 1), (extent.right, extent.end, -1)):
        if end is End.KNOWN:
            caps.append(f"M{x} {y - 5}V{y + 5}")
        elif end is End.OPEN:
            caps.append(f"M{x + 5 * turn} {y - 5}L{x} {y}L{x + 5 * turn} {y + 5}")
    return "".join(line), "".join(caps)


def _bar(figure: Figure, y: int, number: int) -> chart.Bar:
    extent = figure.extent
    assert extent is not None
    top, bottom = y - BAR // 2, y + BAR // 2
    left, right = extent.left, extent.right
    edges, arrows = [], []
    for x, end, turn in ((left, extent.start, 1), (right, extent.end, -1)):
        if end is End.KNOWN:
            edges.append(f"M{x + turn} {top}V{bottom}")
        elif end is End.OPEN:
            x += 7 * turn
            arrows.append(f"M{x + 5 * turn} {y - 5}L{x} {y}L{x + 5 * turn} {y + 5}")
    return chart.Bar(
        x=left,
        y=top,
        width=right - left,
        height=BAR,
        sure_x=extent.sure_left,
        sure_width=extent.sure_right - extent.sure_left,
        fade_left=extent.sure_left - left,
        fade_right_x=extent.sure_right,
        fade_right=right - extent.sure_right,
        fade=number,
        edges="".join(edges),
        arrows="".join(arrows),
        outline=_outline(extent, top, bottom) if figure.item.planned else "",
    )


def _outline(extent: detail.Extent, top: int, bottom: int) -> str:
    """The dashed frame of a planned bar, without the sides where it runs on."""
    left, right, r = extent.left, extent.right, 3
    closed_left = extent.start in {End.KNOWN, End.VAGUE}
    closed_right = extent.end in {End.KNOWN, End.VAGUE}
    if closed_left and closed_right:
        return (
            f"M{left + r} {top}H{right - r}Q{right} {top} {right} {top + r}V{bottom - r}"
            f"Q{right} {bottom} {right - r} {bottom}H{left + r}"
            f"Q{left} {bottom} {left} {bottom - r}V{top + r}Q{left} {top} {left + r} {top}Z"
        )
    if closed_left:
        return (
            f"M{right} {top}H{left + r}Q{left} {top} {left} {top + r}V{bottom - r}"
            f"Q{left} {bottom} {left + r} {bottom}H{right}"
        )
    if closed_right:
        return (
            f"M{left} {top}H{right - r}Q{right} {top} {right} {top + r}V{bottom - r}"
            f"Q{right} {bottom} {right - r} {bottom}H{left}"
        )
    return f"M{left} {top}H{right}M{left} {bottom}H{right}"


def _cluster(
    frame: _Frame, lane: Lane, one: _Placed, y: int, label: chart.Label | None, tab: bool
) -> chart.Cluster:
    items = [figure.item for figure in one.group]
    kinds = {item.kind for item in items}
    first, last = _reach(frame, one.group)
    width = one.unit.right - one.unit.left
    window = scale.clamp(first - (last - first) // 10, (last - first) * 12 // 10)
    # Going closer helps only if something is left to part and the window gets narrower by it.
    to_list = wording.same_day(items, frame.zone) or window.span >= frame.scale.window.span
    return chart.Cluster(
        refs=" ".join(item.ref for item in items),
        count=len(items),
        name=wording.cluster_name(items, first, last, frame.zone, lane.label),
        lane=lane.key,
        glyph=f"kind-{kinds.pop()}" if len(kinds) == 1 else "ui-dots",
        x=one.unit.x,
        y=y,
        left=one.unit.left,
        width=width,
        classes=_classes(frame, lane, one.group),
        stack=f"M6 -10V-11Q6 -13 8 -13H{width - 8}Q{width - 6} -13 {width - 6} -11V-10",
        tab=tab,
        instant=min(figure.instant for figure in one.group),
        start="" if to_list else scale.format_instant(window.start),
        end="" if to_list else scale.format_instant(window.end),
        anchor=f"day-{scale.day_name(first, frame.zone)}" if to_list else "",
        badge=(one.unit.right - 4, y - 8) if any(item.contested for item in items) else None,
        label=label,
    )


def _reach(frame: _Frame, group: Group) -> tuple[int, int]:
    """From the first to the last instant that the figures of a group stand for."""
    bounds = [
        bound
        for figure in group
        for bound in (figure.item.earliest, figure.item.latest, figure.instant)
        if bound is not None
    ]
    return min(bounds), max(max(bounds), min(bounds) + 1)


def _lane_box(
    frame: _Frame,
    lane: Lane,
    strip: Strip,
    marks: Sequence[chart.Mark | chart.Cluster],
    count: int,
    edges: tuple[list[Item], list[Item]],
) -> chart.LaneBox:
    earlier, later = edges
    return chart.LaneBox(
        key=lane.key,
        label=cut_to_width(lane.label, HEADER - 20, 12, 600),
        name=f"{lane.label}, {wording.count(count)}",
        slot=lane.slot,
        count=count,
        count_text=wording.count(count) if count else "No events",
        top=strip.top,
        bottom=strip.bottom,
        height=strip.height,
        name_y=strip.top + 17,
        count_y=strip.top + 32,
        marks=tuple(sorted(marks, key=lambda mark: (mark.x, mark.y))),
        earlier=_beyond(frame, lane, earlier, "earlier", max, HEADER - 8, strip.top + 32, "‹ {}"),
        later=_beyond(
            frame, lane, later, "later", min, frame.scale.right - EDGE, strip.middle(0) + 4, "{} ›"
        ),
    )


def _beyond(
    frame: _Frame,
    lane: Lane,
    items: Sequence[Item],
    word: str,
    nearest: Callable[[list[int]], int],
    x: int,
    y: int,
    text: str,
) -> chart.Beyond | None:
    if not items:
        return None
    anchors = [frame.now if item.anchor is None else item.anchor for item in items]
    span = frame.scale.window.span
    window = scale.clamp(nearest(anchors) - span // 2, span)
    noun = "event" if len(items) == 1 else "events"
    return chart.Beyond(
        count=len(items),
        name=f"{len(items)} {word} {noun}, {lane.label}",
        text=text.format(len(items)),
        x=x,
        y=y,
        left=x - text_width(text.format(len(items))) - GAP,
        top=y - ROW // 2 - 4,
        start=scale.format_instant(window.start),
        end=scale.format_instant(window.end),
    )


def _seats(
    placed: dict[str, list[_Placed]], strips: dict[str, Strip], lanes: tuple[Lane, ...]
) -> dict[str, list[Seat]]:
    """Where each event is to be found, for links and ties: home lane first."""
    found: dict[str, list[tuple[int, Seat]]] = {}
    for key, _, one in _every(placed):
        y = strips[key].middle(one.spot.row)
        for figure in one.group:
            unit, strip = one.unit, strips[key]
            if one.figure is None:
                seat = Seat(unit.x, y, unit.left, unit.right, RADIUS, strip, alone=False)
            elif figure.bar:
                seat = Seat(unit.left + RADIUS, y, unit.left, unit.right, BAR // 2, strip)
            else:
                seat = Seat(figure.x, y, figure.x - RADIUS, figure.x + RADIUS, RADIUS, strip)
            rank = lanes_of(figure.item, lanes).index(key)
            found.setdefault(figure.item.ref, []).append((rank, seat))
    return {
        ref: [seat for _, seat in sorted(seats, key=lambda pair: pair[0])]
        for ref, seats in found.items()
    }
