"""The chart, computed: pure functions from dated items to everything the template draws.

A view builds `Item`s and `Lane`s, takes a `Window` (from the address or from `fit`) and calls
`layout` and `overview`; templates/timeline_chart.html draws what they return.
"""

from events.timeline.chart import Chart
from events.timeline.items import MIXED, Item, Lane, Link, Outside, Shape, Tally
from events.timeline.layout import layout
from events.timeline.overview import Overview, bin_seconds, fit, fit_of, overview, overview_of
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
    "MIXED",
    "Chart",
    "Item",
    "Lane",
    "Level",
    "Link",
    "Outside",
    "Overview",
    "Shape",
    "Tally",
    "Window",
    "at_level",
    "bin_seconds",
    "fit",
    "fit_of",
    "format_instant",
    "layout",
    "overview",
    "overview_of",
    "pan",
    "parse_instant",
    "zoom",
]
