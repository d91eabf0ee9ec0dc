"""Lays the chart out: from items to every coordinate, name and class the template writes."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from events.timeline import chart, detail, scale, wording
from events.timeline.detail import RADIUS, Figure
from events.timeline.drawing import BAR, HEADER, draw, lane_box
from events.timeline.items import Beyond, Item, Lane, Link, Outside, heads, lanes_of, with_others
from events.timeline.lanes import Strip, stack
from events.timeline.lettering import text_width
from events.timeline.links import Seat, join, rest, ties
from events.timeline.packing import Place
from events.timeline.placing import Frame, Placed, edge_space, every, pack_lanes, write_labels
from events.timeline.scale import Scale, Window

AXIS = 40
LEAST_PLOT = 160


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
    flag: str = "Now",
    shown: int | None = None,
    total: int | None = None,
    beyond: Mapping[str, Beyond] | None = None,
    every_link: bool = False,
) -> chart.Chart:
    """Lay out ``items`` in ``lanes`` for a chart ``width`` pixels wide.

    ``zone`` is the IANA name of the dossier's zone, ``now`` and ``as_of`` are instants: what lies
    beyond the latter is veiled, and only its place is told. ``flag`` stands on the line of now,
    ``selected`` is the ref of an event. Of ``links`` those of the selected event are drawn, with
    ``every_link`` the others, too, up to 300. At most
    400 marks are drawn however many items there are (as long as there are fewer lanes than that).

    Where ``items`` are not all there is, ``total`` is the number of all events, ``shown`` of those
    in the window if crowds are drawn there, and ``beyond`` tells by lane key how many events there
    are whose instant lies before and after the window, the items among them included.
    """
    width = max(width, HEADER + LEAST_PLOT)
    span = Scale(window, HEADER, width)
    rows = with_others(tuple(lanes), items)
    frame = Frame(span, zone, now, selected, as_of, rows)
    view = detail.view(items, span, zone, now)
    counted = {lane.key: beyond.get(lane.key, (None, None)) for lane in rows} if beyond else {}
    edges = _edges(frame, view, counted)
    taken = {lane.key: () if lane.folded else edge_space(span, edges[lane.key][1]) for lane in rows}
    placed = pack_lanes(frame, view.figures, taken)
    heights = stack([_rows(lane, placed[lane.key]) for lane in rows])
    strips = {lane.key: strip for lane, strip in zip(rows, heights, strict=True)}
    labels = write_labels(frame, placed, taken)
    boxes = _boxes(frame, placed, strips, labels, edges)
    seats = _seats(placed, strips, rows)
    height = strips[rows[-1].key].bottom if rows else 0
    ghosts = _ghosts(frame, placed)
    known = {ref: at for ref, at in seats.items() if ref not in ghosts}
    branches, tags = join(selected, links, known, view, span)
    if every_link:
        branches = (*rest(selected, links, known), *branches)
    now_x = span.x(now) if window.start <= now < window.end else None
    if shown is None or not any(figure.item.crowd for figure in view.figures):
        shown = _counted(view.figures, as_of)
    if total is None:
        total = heads(item for item in items if not item.surely_after(as_of))
    undated = heads(view.undated)
    return chart.Chart(
        width=width,
        height=height,
        axis_height=AXIS,
        left=HEADER,
        right=width,
        name=wording.chart_name(window, zone, shown, total),
        level=window.level,
        start=scale.format_instant(window.start),
        end=scale.format_instant(window.end),
        axis=scale.axis(span, zone, keep_clear=_flag(now_x, flag)),
        lanes=boxes,
        ties=ties(seats),
        branches=branches,
        tags=tags,
        now_x=now_x,
        flag=flag,
        future_x=HEADER if now < window.start else now_x,
        veil_x=None if as_of is None else min(max(span.x(as_of), HEADER), width),
        shown=shown,
        total=total,
        undated=undated,
        undated_text=f"‹ {undated:,} undated",
        selected=selected or "",
    )


def _boxes(
    frame: Frame,
    placed: dict[str, list[Placed]],
    strips: dict[str, Strip],
    labels: dict[tuple[str, int], Place | None],
    edges: dict[str, Beyond],
) -> tuple[chart.LaneBox, ...]:
    """The lanes as they are drawn, by what was placed in each."""
    stop = _tab_stop(frame, placed)
    return tuple(
        lane_box(
            frame,
            lane,
            strips[lane.key],
            [
                draw(frame, lane, strips[lane.key], one, labels[lane.key, index], stop is one)
                for index, one in enumerate(placed[lane.key])
            ],
            sum(_counted(one.group, frame.as_of) for one in placed[lane.key]),
            edges[lane.key],
        )
        for lane in frame.lanes
    )


def _rows(lane: Lane, placed: Sequence[Placed]) -> int | None:
    return None if lane.folded else max((one.spot.row + 1 for one in placed), default=1)


def _flag(now_x: int | None, flag: str) -> tuple[int, int] | None:
    """The pixels of the flag of the now line."""
    return None if now_x is None else (now_x, now_x + text_width(flag, 12, 600) + 12)


def _counted(figures: Sequence[Figure], as_of: int | None) -> int:
    """How many of these are told of at the instant the chart is seen from."""
    return heads(figure.item for figure in figures if not figure.item.surely_after(as_of))


def _edges(frame: Frame, view: detail.View, counted: Mapping[str, Beyond]) -> dict[str, Beyond]:
    """What lies before and after the window in each lane."""
    drawn = [figure.item for figure in view.figures]
    groups = [_by_lane(items, frame.lanes) for items in (view.earlier, drawn, view.later)]
    return {
        lane.key: _edges_of(frame, [group[lane.key] for group in groups], counted.get(lane.key))
        for lane in frame.lanes
    }


def _by_lane(items: Iterable[Item], lanes: tuple[Lane, ...]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        for key in lanes_of(item, lanes):
            found[key].append(item)
    return found


def _edges_of(frame: Frame, items: Sequence[Sequence[Item]], counted: Beyond | None) -> Beyond:
    """The same of one lane: of its items (earlier, drawn, later), or as it was ``counted``.

    Counted are events by the instant that stands for each. Those that reach into the window are
    drawn there all the same, and some whose instant is within are not.
    """
    earlier, drawn, later = items
    told = [item for item in later if not item.surely_after(frame.as_of)]
    if counted is None:
        return _outside(frame, earlier, None, 0, max), _outside(frame, told, None, 0, min)
    start, end = frame.scale.window.start, frame.scale.window.end
    before = heads(item for item in drawn if item.anchor is not None and item.anchor < start)
    after = heads(item for item in drawn if item.anchor is not None and item.anchor >= end)
    earlier = [item for item in earlier if item.anchor is None or item.anchor >= start]
    told = [item for item in told if item.anchor is None or item.anchor < end]
    return (
        _outside(frame, earlier, counted[0], before, max),
        _outside(frame, told, counted[1], after, min),
    )


def _outside(
    frame: Frame,
    items: Sequence[Item],
    counted: Outside | None,
    drawn: int,
    nearest: Callable[[list[int]], int],
) -> Outside | None:
    """The items and what is counted without the ``drawn`` ones; None when nothing is left."""
    instants = [frame.now if item.anchor is None else item.anchor for item in items]
    count = heads(items)
    if counted and counted.count > drawn:
        instants.append(counted.nearest)
        count += counted.count - drawn
    return Outside(count, nearest(instants)) if instants else None


def _tab_stop(frame: Frame, placed: dict[str, list[Placed]]) -> Placed | None:
    """The one thing in the tab order: the selected event, else the leftmost of the first lane."""
    for lane in frame.lanes:
        for one in placed[lane.key]:
            if frame.chosen(one.group):
                return one
    for lane in frame.lanes:
        told = [one for one in placed[lane.key] if not frame.ghost(one.group)]
        if told:
            return min(told, key=lambda one: one.unit.x)
    return None


def _ghosts(frame: Frame, placed: dict[str, list[Placed]]) -> set[str]:
    """The events beyond the instant the chart is seen from: their links are not known yet."""
    return {
        figure.item.ref
        for _, _, one in every(placed)
        if frame.ghost(one.group)
        for figure in one.group
    }


def _seats(
    placed: dict[str, list[Placed]], strips: dict[str, Strip], lanes: tuple[Lane, ...]
) -> dict[str, list[Seat]]:
    """Where each event is to be found, for links and ties: home lane first."""
    found: dict[str, list[tuple[int, Seat]]] = {}
    for key, _, one in every(placed):
        y = strips[key].middle(one.spot.row)
        for figure in one.group:
            if not figure.item.ref:
                continue
            unit, strip = one.unit, strips[key]
            if one.figure is None:
                seat = Seat(unit.x, y, unit.left, unit.right, RADIUS, strip, alone=False)
            elif figure.bar:
                seat = Seat(figure.x, y, unit.left, unit.right, BAR // 2, strip)
            else:
                seat = Seat(figure.x, y, figure.x - RADIUS, figure.x + RADIUS, RADIUS, strip)
            rank = lanes_of(figure.item, lanes).index(key)
            found.setdefault(figure.item.ref, []).append((rank, seat))
    return {
        ref: [seat for _, seat in sorted(seats, key=lambda pair: pair[0])]
        for ref, seats in found.items()
    }
