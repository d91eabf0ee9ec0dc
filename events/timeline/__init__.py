"""The chart, computed: pure functions from dated items to everything the template draws.

A view builds `Item`s and `Lane`s, takes a `Window` (from the address or from `fit`) and calls
`layout` and `overview`; templates/timeline_chart.html draws what they return.
"""

from events.timeline.chart import Chart
from events.timeline.items import Item, Lane, Link, Shape
from events.timeline.layout import layout
from events.timeline.overview import Overview, fit, overview
from events.timeline.scale import (
    Level,
    Window,
    at_level,
    format_instant,
    pan,
    parse_instant,
    zoom,
)

__all__ = [
    "Chart",
    "Item",
    "Lane",
    "Level",
    "Link",
    "Overview",
    "Shape",
    "Window",
    "at_level",
    "fit",
    "format_instant",
    "layout",
    "overview",
    "pan",
    "parse_instant",
    "zoom",
]
