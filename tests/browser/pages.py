"""Going through many pages of one dossier, and what is measured on each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from playwright.sync_api import Page, expect

PHONE: dict[str, Any] = {"viewport": {"width": 375, "height": 812}, "has_touch": True}


def assert_on_each(
    page: Page, addresses: Iterable[str], *checks: Callable[[Page], None], below: str = "/d/room/"
) -> None:
    """Open each address and check the page there; each has exactly one first heading."""
    for address in addresses:
        page.goto(f"{below}{address}")
        expect(page.locator("h1")).to_have_count(1)
        for check in checks:
            check(page)


def assert_fits(page: Page) -> None:
    """Check that nothing in a page is wider than its window."""
    assert page.viewport_size is not None
    assert (page.url, width_of(page)) == (page.url, page.viewport_size["width"])


def width_of(page: Page) -> int:
    """How wide the page's content is, in CSS pixels."""
    return int(page.evaluate("document.documentElement.scrollWidth"))


def settled(page: Page) -> None:
    """Wait until the chart is drawn at the width it has; narrow screens do not draw it anew."""
    page.wait_for_function(
        """() => {
            const place = document.querySelector("#chart-region");
            const drawn = place?.querySelector(".chart-axis")?.width.baseVal.value;
            return innerWidth < 768 || !drawn || Math.abs(place.clientWidth - drawn) < 16;
        }"""
    )
