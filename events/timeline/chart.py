"""The chart as the template prints it: numbers, texts and class names, nothing left to work out.

All numbers are whole pixels. The chart is drawn as two SVGs, the axis above and the lanes below;
both use the same x, and y starts at 0 in each.
"""

from dataclasses import dataclass

from events.timeline.lettering import text_width
from events.timeline.scale import Axis, Level


@dataclass(frozen=True, slots=True)
class Label:
    """Text at a point; ``anchor`` is SVG's text-anchor. Not ``shown``: only on hover and focus."""

    x: int
    y: int
    anchor: str
    text: str
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its sure part, the fades left and right of it (width 0: none), edges and arrows.

    ``fade`` is the lane's number, which names its gradients. ``outline`` is drawn instead of all
    these when the bar is planned.
    """

    x: int
    y: int
    width: int
    height: int
    sure_x: int
    sure_width: int
    fade_left: int
    fade_right_x: int
    fade_right: int
    fade: int
    edges: str
    arrows: str
    outline: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One event in one lane. ``x`` and ``y`` are the centre of its disc (or of its bar's start).

    Without a ``ref`` it lies beyond the instant the chart is seen from, and leads nowhere.

    ``classes`` name its look, ``name`` is what it is called aloud, ``tab`` whether it is the one
    stop of the chart in the tab order. ``whisker`` and ``caps`` are paths.
    """

    ref: str
    url: str
    name: str
    lane: str
    kind: str
    x: int
    y: int
    classes: str
    tab: bool
    instant: int
    badge: tuple[int, int] | None
    whisker: str
    caps: str
    bar: Bar | None
    label: Label | None
    cluster: bool = False


@dataclass(frozen=True, slots=True)
class Cluster:
    """Several events in one pill. Leads to a window, or to a day of the list when it has one day.

    ``start`` and ``end`` are the window to zoom to, written for an address; both are empty when
    ``anchor`` names a place of the page instead. ``refs`` are those of the events known by name.
    """

    refs: str
    count: int
    count_text: str
    name: str
    lane: str
    glyph: str
    x: int
    y: int
    left: int
    width: int
    classes: str
    stack: str
    tab: bool
    instant: int
    start: str
    end: str
    anchor: str
    badge: tuple[int, int] | None
    label: Label | None
    cluster: bool = True


@dataclass(frozen=True, slots=True)
class Beyond:
    """How many events of a lane lie outside the window, and the window that shows the nearest."""

    count: int
    name: str
    text: str
    x: int
    y: int
    left: int
    top: int
    width: int
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class LaneBox:
    """A lane: name, count, place, and what stands in it from left to right.

    ``label`` and ``more`` are the lines of its name as far as there is room, ``title`` is all of
    it, ``word`` its key in an address.
    ``fold`` are the words of the lanes folded once this one is folded, or unfolded if it is.
    """

    key: str
    word: str
    label: str
    more: str
    title: str
    name: str
    slot: int
    count: int
    count_text: str
    top: int
    bottom: int
    height: int
    name_x: int
    name_y: int
    count_x: int
    count_y: int
    folded: bool
    fold: tuple[str, ...]
    marks: tuple[Mark | Cluster, ...]
    earlier: Beyond | None
    later: Beyond | None


@dataclass(frozen=True, slots=True)
class Tie:
    """Joins the marks of one event in two lanes."""

    x: int
    y1: int
    y2: int


@dataclass(frozen=True, slots=True)
class Branch:
    """A link, of the selected event unless it is quiet: path, head (arrow or cross), its look."""

    ref: str
    path: str
    head: str
    classes: str


@dataclass(frozen=True, slots=True)
class Tag:
    """Where the links to events outside the window end: an edge, with their count."""

    x: int
    y: int
    count: int
    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole chart. ``None`` means that a part is not drawn."""

    width: int
    height: int
    axis_height: int
    left: int
    right: int
    name: str
    level: Level
    start: str
    end: str
    axis: Axis
    lanes: tuple[LaneBox, ...]
    ties: tuple[Tie, ...]
    branches: tuple[Branch, ...]
    tags: tuple[Tag, ...]
    now_x: int | None
    flag: str
    future_x: int | None
    veil_x: int | None
    shown: int
    total: int
    undated: int
    undated_text: str
    selected: str

    @property
    def flag_width(self) -> int:
        """Pixels of the flag on the line of now."""
        return text_width(self.flag, 12, 600) + 8

    @property
    def future_width(self) -> int:
        """Pixels from the now line to the right edge."""
        return 0 if self.future_x is None else self.right - self.future_x

    @property
    def veil_width(self) -> int:
        """Pixels from the instant the chart is seen from to the right edge."""
        return 0 if self.veil_x is None else self.right - self.veil_x
