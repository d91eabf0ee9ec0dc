"""The look that a chart takes along into a file of its own."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from events import chart_style

CHART = (settings.BASE_DIR / "static/css/chart.css").read_text()
CLASSES = set(re.findall(r"\.([a-z][\w-]*)", CHART))


def test_tokens_are_those_of_the_light_theme() -> None:
    found = chart_style.tokens()
    assert [found[name] for name in ("--ink", "--surface", "--s1")] == [
        "#1e1b17",
        "#ffffff",
        "#69588d",
    ]


def test_values_are_plain() -> None:
    """What only browsers know would be drawn black by other programs."""
    style = chart_style.style(CLASSES)
    known = r"[.\w -]+{(?:[a-z-]+:(?:#[0-9a-f]{3,8}|[\w. %-]+)(?:;|(?=})))+}"
    assert [line for line in style.splitlines() if not re.fullmatch(known, line)] == []


@pytest.mark.parametrize(
    "rule",
    [
        ".s1 .disc{stroke:#69588d}",
        ".mark.is-selected .bar-outline{stroke:#2253b5;stroke-width:2px}",
        ".chart .label{fill:#1e1b17}",
    ],
)
def test_rules_are_those_of_the_page(rule: str) -> None:
    assert rule in chart_style.style(CLASSES).splitlines()


def test_only_what_is_drawn_is_taken_along() -> None:
    assert chart_style.style({"chart", "lane-count"}).splitlines() == [
        ".chart text{fill:#4c4943}",
        ".chart .lane-count{fill:#65615c;font-variant-numeric:tabular-nums}",
    ]
