"""Turns what was placed into what the template prints: marks, bars, clusters, lanes."""

from collections.abc import Sequence

from events.timeline import chart, detail, scale, wording
from events.timeline.detail import RADIUS, End, Figure
from events.timeline.items import Beyond, Item, Lane, Outside, heads
from events.timeline.lanes import LOWEST, ROW, Strip
from events.timeline.lettering import in_lines, text_width
from events.timeline.packing import GAP, Place, Side
from events.timeline.placing import EDGE, Frame, Group, Placed, first_place, text_of

HEADER = 112  # the column of lane names
INSET = 12  # of what is written in it
LINE = 15
CHEVRON = 11  # before the name of a folded lane
BAR = 18
BADGE = (7, -8)  # from the centre of a disc
BADGE_REACH = 6


def draw(
    frame: Frame, lane: Lane, strip: Strip, one: Placed, place: Place | None, tab: bool
) -> chart.Mark | chart.Cluster:
    """The mark or pill of one placed item in `lane`, in pixels of the plot, with its label."""
    y = strip.middle(one.spot.row)
    if one.figure is None:
        return _cluster(frame, lane, one, y, _label(frame, one, place, y), tab)
    figure, item = one.figure, one.figure.item
    bar = _bar(figure, y, frame.lanes.index(lane) + 1) if figure.bar else None
    whisker, caps = ("", "") if figure.bar else _whisker(figure, y)
    badge = (figure.right - 4, y - BAR // 2) if bar else (figure.x + BADGE[0], y + BADGE[1])
    badge = (min(badge[0], frame.scale.right - BADGE_REACH), badge[1])
    lanes = frame.lane_labels(item)
    if ghost := frame.ghost(one.group):
        called = wording.later(lanes)
    else:
        called = wording.name(item, lanes, crowded=figure.crowded)
    return chart.Mark(
        ref="" if ghost else item.ref,
        url="" if ghost else item.url,
        name=called,
        lane=lane.key,
        kind=item.kind,
        x=figure.x,
        y=y,
        classes=_classes(frame, lane, one.group),
        tab=tab,
        instant=figure.instant,
        badge=badge if item.contested and not ghost else None,
        whisker=whisker,
        caps=caps,
        bar=bar,
        label=_label(frame, one, place, y),
    )


def _classes(frame: Frame, lane: Lane, group: Group) -> str:
    items = [figure.item for figure in group]
    extents = [figure.extent for figure in group if figure.extent]
    looks = {
        f"s{lane.slot}": True,
        "is-planned": all(item.planned for item in items),
        "is-cancelled": all(item.modality == "cancelled" for item in items),
        "is-draft": all(item.state == "draft" for item in items),
        "is-contested": any(item.contested for item in items) and not frame.ghost(group),
        "is-about": len(group) == 1 and any(one.start is End.VAGUE for one in extents),
        "is-selected": frame.chosen(group),
        "is-ghost": frame.ghost(group),
    }
    return " ".join(name for name, holds in looks.items() if holds)


def _label(frame: Frame, one: Placed, place: Place | None, y: int) -> chart.Label | None:
    """The label; without a place it is kept for hover and focus, where the plot has room."""
    if frame.ghost(one.group):
        return None
    shown = place is not None
    place = place or first_place(frame, one)
    if place is None:
        return None
    left = place.side is Side.LEFT
    return chart.Label(
        x=place.right if left else place.left,
        y=y + 4,
        anchor="end" if left else "start",
        text=text_of(one.group),
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
    frame: Frame, lane: Lane, one: Placed, y: int, label: chart.Label | None, tab: bool
) -> chart.Cluster:
    items = [figure.item for figure in one.group]
    kind, number = wording.cluster_kind(items), heads(items)
    first, last = _reach(frame, one.group)
    width = one.unit.right - one.unit.left
    window, anchor = _way_in(frame, items, first, last)
    ghost = frame.ghost(one.group)
    contested = any(item.contested for item in items) and not ghost
    called = wording.cluster_name(items, first, last, frame.zone, lane.label)
    return chart.Cluster(
        refs="" if ghost else " ".join(item.ref for item in items if item.ref),
        count=number,
        count_text=f"{number:,}",
        name=f"{number:,} later events, {lane.label}" if ghost else called,
        lane=lane.key,
        glyph=f"kind-{kind}" if kind else "ui-dots",
        x=one.unit.x,
        y=y,
        left=one.unit.left,
        width=width,
        classes=_classes(frame, lane, one.group),
        stack=f"M6 -10V-11Q6 -13 8 -13H{width - 8}Q{width - 6} -13 {width - 6} -11V-10",
        tab=tab,
        instant=min(figure.instant for figure in one.group),
        start=scale.format_instant(window.start) if window else "",
        end=scale.format_instant(window.end) if window else "",
        anchor=anchor,
        badge=(min(one.unit.right - 2, frame.scale.right - BADGE_REACH), y - 9)
        if contested
        else None,
        label=label,
    )


def _way_in(
    frame: Frame, items: Sequence[Item], first: int, last: int
) -> tuple[scale.Window | None, str]:
    """Where a pill leads: to a narrower window, or, when there is none, to a place of the page.

    A crowd is seen closer to the edges of its span, which are round; a cluster with some margin.
    """
    if not any(item.dated for item in items):
        return None, "undated"
    crowded = any(item.crowd for item in items)
    margin = 0 if crowded else (last - first) // 10
    span = max(last - first + 2 * margin, scale.NARROWEST)
    window = scale.clamp((first + last - span) // 2, span)
    if window.span >= frame.scale.window.span:
        return None, "list" if crowded else f"day-{scale.day_name(first, frame.zone)}"
    if not crowded and wording.same_day(items, frame.zone):
        return None, f"day-{scale.day_name(first, frame.zone)}"
    return window, ""


def _reach(frame: Frame, group: Group) -> tuple[int, int]:
    """From the first to the last instant that the figures of a group stand for."""
    bounds = [
        bound
        for figure in group
        for bound in (figure.item.earliest, figure.item.latest, figure.instant)
        if bound is not None
    ]
    return min(bounds), max(max(bounds), min(bounds) + 1)


def lane_box(
    frame: Frame,
    lane: Lane,
    strip: Strip,
    marks: Sequence[chart.Mark | chart.Cluster],
    count: int,
    edges: Beyond,
) -> chart.LaneBox:
    """A lane with its header and marks; `edges` is what lies before and after the window."""
    right = frame.scale.right - EDGE
    # A long name takes a second line where the lane is high enough for it.
    most = 2 if strip.height >= LOWEST + LINE else 1
    named = len(in_lines(lane.label, HEADER - 20, most, 12, 600))
    count_y = strip.top + 17 + named * LINE
    before = _beyond(frame, lane, edges[0], "earlier", HEADER - 8, count_y, "‹ {}")
    after = _beyond(frame, lane, edges[1], "later", right, strip.middle(0) + 4, "{} ›")
    number, room = _count_text(count, before.left if before else HEADER), HEADER - 20
    if lane.folded:
        # What lies beyond is told in its name; a row of marks and pills leaves no room for it.
        before = after = None
        number = wording.short(count)
        room -= CHEVRON + GAP + text_width(number)
    label, *second = in_lines(lane.label, room, most, 12, 600)
    return chart.LaneBox(
        key=lane.key,
        word=lane.word,
        title=lane.label,
        label=label,
        more=" ".join(second),
        name=wording.lane_name(lane, count, edges),
        slot=lane.slot,
        count=count,
        count_text=number,
        top=strip.top,
        bottom=strip.bottom,
        height=strip.height,
        name_x=INSET + (CHEVRON if lane.folded else 0),
        name_y=strip.top + (16 if lane.folded else 17),
        count_x=HEADER - 8 if lane.folded else INSET,
        count_y=strip.top + 16 if lane.folded else count_y,
        folded=lane.folded,
        fold=tuple(one.word for one in frame.lanes if one.folded is not (one is lane)),
        marks=tuple(sorted(marks, key=lambda mark: (mark.x, mark.y))),
        earlier=before,
        later=after,
    )


def _count_text(count: int, right: int) -> str:
    """The count under the name of a lane, as fully as it fits left of the pixel ``right``."""
    if not count:
        return "No events"
    texts = (wording.count(count), f"{count:,}", wording.short(count))
    fitting = (text for text in texts if INSET + text_width(text) <= right)
    return next(fitting, texts[-1])


def _beyond(
    frame: Frame,
    lane: Lane,
    outside: Outside | None,
    word: str,
    x: int,
    y: int,
    text: str,
) -> chart.Beyond | None:
    if outside is None:
        return None
    span = frame.scale.window.span
    window = scale.clamp(outside.nearest - span // 2, span)
    written = text.format(wording.short(outside.count))
    width = text_width(written)
    return chart.Beyond(
        count=outside.count,
        name=f"{wording.count(outside.count, f'{word} event')}, {lane.label}",
        text=written,
        x=x,
        y=y,
        left=x - width - GAP,
        width=max(width + GAP, 24),
        top=y - ROW // 2 - 4,
        start=scale.format_instant(window.start),
        end=scale.format_instant(window.end),
    )
