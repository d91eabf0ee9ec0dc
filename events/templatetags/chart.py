"""Tags for the chart: the marks of a lane, the columns of the strip, the ticks of both.

They are many, and a template works out every number anew, so they are written here, as SVG. Numbers
and our own words stand as they are; what people wrote is escaped.
"""

from collections.abc import Iterable
from html import escape

from django import template
from django.template.context import Context
from django.template.defaulttags import querystring
from django.utils.safestring import SafeString, mark_safe

from events import glyphs
from events.timeline.chart import Bar, Chart, Cluster, LaneBox, Mark
from events.timeline.overview import Overview
from events.timeline.scale import Tick

register = template.Library()


@register.simple_tag(takes_context=True)
def lane_marks(context: Context, chart: Chart, lane: LaneBox) -> SafeString:
    """The marks and pills of a lane, each an item of a list."""
    pen = _Pen(context, chart.selected)
    written = (
        pen.cluster(mark) if isinstance(mark, Cluster) else pen.mark(mark) for mark in lane.marks
    )
    # Nothing in it is as people wrote it: each text went through escape().
    return mark_safe("\n".join(f'<g role="listitem">{one}</g>' for one in written))


@register.simple_tag
def chart_glyphs(chart: Chart) -> SafeString:
    """The symbols that the marks of a chart use."""
    names = set()
    for lane in chart.lanes:
        for mark in lane.marks:
            names.add(mark.glyph if isinstance(mark, Cluster) else f"kind-{mark.kind}")
            if mark.badge:
                names.add("ui-contested")
    return mark_safe(glyphs.symbols(names))


@register.simple_tag
def axis_ticks(chart: Chart) -> SafeString:
    """The ticks of the axis with their labels: small ones, the first line, the second line."""
    axis, bottom = chart.axis, chart.axis_height
    minor = [f'<path class="tick-minor" d="M{x} {bottom - 5}v5"></path>' for x in axis.minor]
    first = [
        f'<path class="tick" d="M{tick.x} 6V{bottom}"></path>{_tick_label(tick, "tick-label", 16)}'
        for tick in axis.ticks
    ]
    second = []
    for tick in axis.context:
        # What holds at the left edge began before it.
        if tick.x != chart.left:
            second.append(f'<path class="tick-context" d="M{tick.x} 0V{bottom}"></path>')
        second.append(_tick_label(tick, "context-label", 32))
    return mark_safe("".join([*minor, *first, *second]))


@register.simple_tag
def strip_ticks(overview: Overview) -> SafeString:
    """The ticks of the strip with their labels."""
    base = overview.base
    written = (
        f'<path class="tick" d="M{tick.x} {base}v5"></path>'
        + _tick_label(tick, "overview-label", base + 13)
        for tick in overview.ticks
    )
    return mark_safe("".join(written))


def _tick_label(tick: Tick, look: str, y: int) -> str:
    if not tick.label:
        return ""
    return f'<text class="{look}" x="{tick.label_x}" y="{y}">{escape(tick.label)}</text>'


@register.simple_tag
def strip_columns(overview: Overview) -> SafeString:
    """The columns of the strip: what happened as one path, what is planned as another."""
    happened = _boxes((bin.x, bin.y, bin.width, bin.height) for bin in overview.bins)
    planned = _boxes((bin.x, bin.planned_y, bin.width, bin.planned_height) for bin in overview.bins)
    paths = (("bin", happened), ("bin-planned", planned))
    written = (f'<path class="{look}" d="{path}"></path>' for look, path in paths if path)
    return mark_safe("".join(written))


def _boxes(boxes: Iterable[tuple[int, int, int, int]]) -> str:
    """A path around each box of x, y, width and height that is not flat."""
    return "".join(f"M{x} {y}h{w}v{h}h-{w}z" for x, y, w, h in boxes if h)


class _Pen:
    """Writes marks and pills of a page, whose query its links keep; `selected` is a ref."""

    def __init__(self, context: Context, selected: str) -> None:
        self.selected = selected
        self.window = _query(context, "from", "to", "width")
        self.undated = _query(context, "undated", "from", "to", "level", "after", "width")

    def mark(self, mark: Mark) -> str:
        """A mark or bar: a link to its event, or a picture where that is not told of yet."""
        look = f"mark {mark.classes}{' has-bar' if mark.bar else ''}"
        figure = _bar(mark.bar) if mark.bar else self._disc(mark)
        if not mark.ref:
            return (
                f'<g class="{look}" role="img" aria-label="{escape(mark.name)}">{figure}</g>'
            )  # fmt: skip
        current = ' aria-current="true"' if mark.ref == self.selected else ""
        return (
            f'<a class="{look}" href="{escape(mark.url)}" data-ref="{escape(mark.ref)}"'
            f' data-lane="{escape(mark.lane)}" data-t="{mark.instant}"'
            f' tabindex="{0 if mark.tab else -1}"{current} aria-label="{escape(mark.name)}">'
            f"{figure}{self._notes(mark)}</a>"
        )

    def cluster(self, pill: Cluster) -> str:
        """A pill: a link closer in, or to the place of the list where its events are."""
        window = f' data-from="{pill.start}" data-to="{pill.end}"' if pill.start else ""
        return (
            f'<a class="mark cluster {pill.classes}" href="{self._closer(pill)}"'
            f' data-refs="{escape(pill.refs)}" data-lane="{escape(pill.lane)}"'
            f' data-t="{pill.instant}"{window} tabindex="{0 if pill.tab else -1}"'
            f' aria-label="{escape(pill.name)}"><g transform="translate({pill.left} {pill.y})">'
            f'<path class="stack" d="{pill.stack}"></path>'
            f'<rect class="halo" x="-2.5" y="-12.5" width="{pill.width + 5}" height="25" rx="12.5">'
            f'</rect><rect class="disc" y="-10" width="{pill.width}" height="20" rx="10"></rect>'
            f'<use class="kind" href="#{pill.glyph}" x="7" y="-6" width="12"'
            f' height="12"></use><text class="cluster-count" x="23" y="4">{pill.count_text}</text>'
            f"</g>{self._notes(pill)}</a>"
        )

    def _closer(self, pill: Cluster) -> str:
        if pill.anchor == "undated":
            return f"{self.undated}undated=1"
        if pill.anchor:
            return f"#{pill.anchor}"
        return f"{self.window}from={_quoted(pill.start)}&amp;to={_quoted(pill.end)}"

    def _disc(self, mark: Mark) -> str:
        whisker = (
            f'<path class="whisker" d="{mark.whisker}"></path>'
            f'<path class="caps" d="{mark.caps}"></path>'
        )
        kind = (
            f'<use class="kind" href="#kind-{mark.kind}" x="-6" y="-6" width="12"'
            ' height="12"></use>'
        )
        return (
            f'{whisker if mark.whisker else ""}<g transform="translate({mark.x} {mark.y})">'
            '<circle class="hit" r="12"></circle><circle class="halo" r="12.5"></circle>'
            f'<circle class="disc" r="10"></circle>{kind if mark.kind else ""}</g>'
        )

    def _notes(self, mark: Mark | Cluster) -> str:
        """The badge of what is contested, and the label."""
        written = ""
        if mark.badge:
            x, y = mark.badge
            written = (
                f'<g class="badge" transform="translate({x} {y})"><circle r="5.5"></circle>'
                f'<use href="#ui-contested" x="-3.5" y="-3.5" width="7" height="7">'
                "</use></g>"
            )
        if label := mark.label:
            written += (
                f'<text class="label{"" if label.shown else " is-hidden"}" x="{label.x}"'
                f' y="{label.y}" text-anchor="{label.anchor}">{escape(label.text)}</text>'
            )
        return written


def _bar(bar: Bar) -> str:
    """A bar with its fades and edges, or with an outline in their place."""
    line = f'y="{bar.y}"'
    written = [
        f'<rect class="bar-ground" x="{bar.x}" {line} width="{bar.width}" height="{bar.height}"'
        ' rx="3"></rect>'
    ]
    if bar.outline:
        written.append(f'<path class="bar-outline" d="{bar.outline}"></path>')
    else:
        pieces = (
            ("in", bar.x, bar.fade_left),
            ("", bar.sure_x, bar.sure_width),
            ("out", bar.fade_right_x, bar.fade_right),
        )
        for fade, x, width in pieces:
            look = f'bar-fade" fill="url(#chart-{fade}-{bar.fade})' if fade else "bar-sure"
            if width or not fade:
                written.append(
                    f'<rect class="{look}" x="{x}" {line} width="{width}" height="{bar.height}">'
                    "</rect>"
                )
        written.append(f'<path class="bar-edge" d="{bar.edges}"></path>')
    if bar.arrows:
        written.append(f'<path class="caps" d="{bar.arrows}"></path>')
    return "".join(written)


def _query(context: Context, *without: str) -> str:
    """The query of the page without some parameters, to be gone on with."""
    kept = escape(querystring(context, **dict.fromkeys(without)))
    return kept if kept == "?" else f"{kept}&amp;"


def _quoted(instant: str) -> str:
    """An instant as addresses have it: of its characters only the colon needs it."""
    return instant.replace(":", "%3A")
