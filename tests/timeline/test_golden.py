"""The chart as the browser gets it, compared with the files of tests/golden.

After a change that is meant: `TRUCELINE_GOLDEN=write pytest tests/timeline/test_golden.py`, then
look at the difference before committing it.
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import RequestFactory

from events.timeline import Item, Lane, Link, Outside, Window, fit, layout, overview
from tests.timeline.sample import ITEMS, LANES, LINKS, NOW, at, dense, item, march

GOLDEN = Path(__file__).parent.parent / "golden"

PRECISION = (
    item(1, "14:30, stated", "A", earliest=march(11, 14.5), latest=march(11, 14.5) + 60),
    item(2, "11 Mar, day", "A", day=11),
    item(3, "about 11 Mar", "A", day=11, approximate=True),
    item(4, "between 10 and 12 Mar", "A", earliest=march(10), latest=march(13)),
    item(5, "before the talks", "B", latest=march(11, 10)),
    item(6, "after 11 Mar", "B", earliest=march(12)),
    item(7, "10 to 12 Mar, interval", "B", earliest=march(10), latest=march(13), shape="interval"),
    item(8, "from before 10 Mar to 11 Mar", "C", latest=march(11, 15), certain_from=march(10),
         shape="interval"),
    item(9, "from 11 Mar, ongoing", "C", earliest=march(11), shape="interval"),
    item(10, "planned", "C", modality="planned"),
    item(11, "planned, draft", "C", earliest=march(13), latest=march(15), shape="interval",
         modality="planned", state="draft"),
    item(12, "cancelled <b>&", "B", day=14, modality="cancelled", contested=True),
)  # fmt: skip


def render(name: str, **context: object) -> str:
    request = RequestFactory().get("/d/jeddah/", {"kind": "talks", "width": "996"})
    return get_template(f"timeline_chart.html#{name}").render(context, request).strip() + "\n"


def chart(
    items: tuple[Item, ...], window: Window, lanes: tuple[Lane, ...] = LANES, **options: object
) -> str:
    drawn = layout(items, lanes, window, 996, "UTC", NOW, **options)  # type: ignore[arg-type]
    return render("chart", chart=drawn)


CASES = {
    "talks": lambda: chart(ITEMS, fit(ITEMS, NOW), selected="E7", links=LINKS),
    "talks-hours": lambda: chart(ITEMS, Window(march(11), march(12))),
    "talks-months-as-of": lambda: chart(
        ITEMS, Window(at(2024, 10, 1), at(2025, 6, 1)), as_of=march(5)
    ),
    "precision": lambda: chart(
        PRECISION, Window(march(9), march(16)), tuple(Lane(k, k, n) for n, k in enumerate("ABC", 1))
    ),
    "talks-links": lambda: chart(
        ITEMS,
        fit(ITEMS, NOW),
        selected="E7",
        links=(*LINKS, Link("E16", "E15"), Link("E18", "E15", "contradicts")),
        every_link=True,
    ),
    "dense": lambda: chart(
        dense(),
        Window(march(1), march(29)),
        selected="E7",
        links=LINKS,
        total=2_345_678,
        beyond={"US": (Outside(12_345, march(0)), Outside(3, march(40)))},
    ),
    "folded": lambda: chart(
        ITEMS,
        fit(ITEMS, NOW),
        tuple(replace(lane, slot=0, folded=lane.key in {"US", "EU"}) for lane in LANES),
        selected="E7",
        links=LINKS,
    ),
    "empty": lambda: chart((), Window(march(9), march(16))),
    "overview": lambda: render(
        "overview", overview=overview(ITEMS, fit(ITEMS, NOW), 996, "UTC", NOW, left=112)
    ),
    "density": lambda: render("density", density=overview(ITEMS, fit(ITEMS, NOW), 360, "UTC", NOW)),
}


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    path, drawn = GOLDEN / f"chart-{name}.html", CASES[name]()
    if os.environ.get("TRUCELINE_GOLDEN") == "write":
        path.write_text(drawn, encoding="utf-8")
    assert drawn == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_no_inline_style_or_script(name: str) -> None:
    drawn = CASES[name]()
    assert " style=" not in drawn
    assert "<script" not in drawn
    assert " on" not in {attribute[:3] for attribute in drawn.split('"')}


def test_titles_are_escaped() -> None:
    assert "cancelled &lt;b&gt;&amp;" in CASES["precision"]()


def test_links_keep_the_other_parameters_of_the_page() -> None:
    assert 'href="?kind=talks&amp;from=2025-' in CASES["talks"]()
