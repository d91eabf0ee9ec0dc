"""Lines between marks: ties of one event in several lanes, links of the selected event."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from events.timeline.chart import Branch, Tag, Tie
from events.timeline.detail import View
from events.timeline.items import Link
from events.timeline.lanes import Strip
from events.timeline.scale import Scale

MOST = 300  # links of other events than the selected one
BEND = 10
HEAD = 7
CLEAR = 3  # between a line and the disc it starts at


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an event stands: the point lines start from, its pixels, its lane.

    ``reach`` is how far it extends above and below ``y``; ``alone`` is false in a cluster.
    """

    x: int
    y: int
    left: int
    right: int
    reach: int
    strip: Strip
    alone: bool = True


def ties(seats: dict[str, list[Seat]]) -> tuple[Tie, ...]:
    """A line between the marks of every event that stands in several lanes."""
    found = []
    for of_event in seats.values():
        down = sorted(of_event, key=lambda seat: seat.y)
        for upper, lower in pairwise(down):
            # In a cluster the event has no place of its own to be tied to.
            if upper.alone and lower.alone and upper.x == lower.x:
                found.append(Tie(upper.x, upper.y + upper.reach, lower.y - lower.reach))
    return tuple(found)


def join(
    selected: str | None,
    links: Sequence[Link],
    seats: dict[str, list[Seat]],
    view: View,
    span: Scale,
) -> tuple[tuple[Branch, ...], tuple[Tag, ...]]:
    """The links of the selected event, and the tags of those that leave the window.

    A link to a later event runs down a trunk from the selected mark and bends towards its target;
    one from an earlier event ends at the selected mark.
    """
    if selected is None or selected not in seats:
        return (), ()
    home = seats[selected][0]
    branches: list[Branch] = []
    outside: list[str] = []
    for link in links:
        if selected not in (link.source, link.target) or link.source == link.target:
            continue
        answer = link.target == selected
        other = link.source if answer else link.target
        if other not in seats:
            outside.append(other)
            continue
        seat = _nearest(seats[other], home)
        start, end = (home, seat) if answer else (seat, home)
        branches.append(_drawn(link, other, start, end))
    return tuple(branches), _tags(home, outside, view, span)


def rest(
    selected: str | None, links: Sequence[Link], seats: dict[str, list[Seat]]
) -> tuple[Branch, ...]:
    """The first 300 links between two events of the chart, without those of the selected one.

    What would lie on another or within one pill is drawn once or not at all.
    """
    found: dict[str, Branch] = {}
    for link in links:
        if selected in (link.source, link.target) or not {link.source, link.target} <= seats.keys():
            continue
        start = seats[link.target][0]
        end = _nearest(seats[link.source], start)
        if (start.x, start.y) == (end.x, end.y):
            continue
        branch = _drawn(link, link.source, start, end, "is-quiet")
        found.setdefault(branch.path, branch)
        if len(found) == MOST:
            break
    return tuple(found.values())


def _nearest(seats: Sequence[Seat], to: Seat) -> Seat:
    return min(seats, key=lambda one: abs(one.y - to.y))


def _drawn(link: Link, ref: str, start: Seat, end: Seat, *looks: str) -> Branch:
    path, head = _branch(start, end, cross=link.kind == "contradicts")
    suggested = ("is-suggested",) if link.suggested else ()
    classes = " ".join((f"link-{link.kind.replace('_', '-')}", *looks, *suggested))
    return Branch(ref=ref, path=path, head=head, classes=classes)


def _branch(start: Seat, end: Seat, *, cross: bool) -> tuple[str, str]:
    """Path and head from one seat to another."""
    turn = 1 if end.x >= start.x else -1
    tip = end.left - 2 if turn > 0 else end.right + 2
    if start.y == end.y:
        edge = start.right + CLEAR if turn > 0 else start.left - CLEAR
        path = f"M{edge} {start.y}H{tip - turn * HEAD}"
        return path, _head(tip, end.y, turn, 0, cross=cross)
    down = 1 if end.y > start.y else -1
    begin = start.y + down * (start.reach + CLEAR)
    run = (tip - start.x) * turn
    size = HEAD
    if run < HEAD + 2:
        # Hardly beside it: a smaller head that touches, if there is room for one.
        tip += 2 * turn
        run = size = min((tip - start.x) * turn, HEAD)
    if run < 4:
        # Right above or below: straight to it.
        tip_y = end.y - down * (end.reach + 2)
        path = f"M{start.x} {begin}V{tip_y - down * HEAD}"
        return path, _head(start.x, tip_y, 0, down, cross=cross)
    bend = min(BEND, run - size + 4, abs(end.y - begin))
    path = (
        f"M{start.x} {begin}V{end.y - down * bend}"
        f"Q{start.x} {end.y} {start.x + turn * bend} {end.y}H{tip - turn * (size - 1)}"
    )
    return path, _head(tip, end.y, turn, 0, cross=cross, size=size)


def _head(x: int, y: int, right: int, down: int, *, cross: bool, size: int = HEAD) -> str:
    """A full arrow head (or a cross) with its tip at a point, pointing right or down."""
    if cross:
        centre_x, centre_y = x - right * 4, y - down * 4
        return (
            f"M{centre_x - 4} {centre_y - 4}L{centre_x + 4} {centre_y + 4}"
            f"M{centre_x + 4} {centre_y - 4}L{centre_x - 4} {centre_y + 4}"
        )
    back_x, back_y = x - right * size, y - down * size
    across_x, across_y = 4 * abs(down), 4 * abs(right)
    return (
        f"M{x} {y}L{back_x - across_x} {back_y - across_y}L{back_x + across_x} {back_y + across_y}Z"
    )


def _tags(home: Seat, outside: Sequence[str], view: View, span: Scale) -> tuple[Tag, ...]:
    found = []
    y = home.strip.bottom
    for items, x, turn, word in (
        (view.earlier, span.left, -1, "earlier"),
        (view.later, span.right, 1, "later"),
    ):
        count = sum(item.ref in outside for item in items)
        if count:
            begin = home.y + home.reach + CLEAR
            bend = min(BEND, max(y - begin, 0))
            path = (
                f"M{home.x} {begin}V{y - bend}Q{home.x} {y} {home.x + turn * bend} {y}"
                f"H{x - turn * 26}"
            )
            found.append(Tag(x - turn * 14, y, count, path, f"{count} linked, {word}"))
    return tuple(found)
