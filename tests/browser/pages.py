"""Going through many pages of one dossier, and what is measured on each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from playwright.sync_api import Page, expect


def visited(page: Page, addresses: Iterable[str], below: str = "/d/room/") -> Iterator[str]:
    """Open each address in turn; every page has exactly one first heading."""
    for address in addresses:
        page.goto(f"{below}{address}")
        expect(page.locator("h1")).to_have_count(1)
        yield address


def width_of(page: Page) -> int:
    """How wide the page's content is, in CSS pixels."""
    return int(page.evaluate("document.documentElement.scrollWidth"))
