"""The matrix and its ledger as a person uses them: by keyboard, on a phone, in the dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import PHONE, assert_fits
from tests.views.negotiation import Negotiation

THEN = "as_of=2025-03-12&clock=happened"


@pytest.fixture
def room(live_server: Any) -> Negotiation:
    return Negotiation(visibility="public")


def test_cells_by_keyboard(room: Negotiation, page: Page, sign_in: Callable[..., None]) -> None:
    sign_in(page, room.people["analyst"])
    page.goto("/d/room/positions/")
    grid = page.get_by_role("grid")
    rubio = grid.get_by_role("link", name=re.compile("^Opposes"))
    ukraine = grid.get_by_role("link", name=re.compile("^Conditional"))
    expect(rubio).to_have_attribute("tabindex", "0")
    expect(ukraine).to_have_attribute("tabindex", "-1")
    rubio.focus()
    expect(rubio).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(ukraine).to_be_focused()
    page.keyboard.press("Enter")
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("heading", level=2)).to_have_text("30-day ceasefire")
    expect(drawer.get_by_text("Condition: Russia does the same")).to_be_visible()
    expect(page).to_have_url(re.compile(r"selected=A3\.I2"))
    expect(ukraine).to_have_attribute("aria-current", "true")
    page.keyboard.press("Escape")
    expect(drawer.get_by_role("heading", level=2)).to_have_count(0)
    # The changes are stepped through by their keys.
    page.keyboard.press("[")
    expect(page).to_have_url(re.compile(r"as_of=2025-03-11&clock=happened"))
    expect(grid.get_by_role("link", name=re.compile("^Opposes"))).to_have_count(0)
    page.keyboard.press("]")
    expect(page).to_have_url(re.compile(r"as_of=2025-03-12&clock=happened"))
    expect(grid.get_by_role("link", name=re.compile("^Opposes"))).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_fit(
    room: Negotiation,
    as_user: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    scheme: str,
) -> None:
    for size in ({"viewport": {"width": 1440, "height": 900}}, PHONE):
        page = as_user(room.people["analyst"], color_scheme=scheme, **size)
        for address in (f"?{THEN}&selected=A3.I2", "shifts?since=2025-03-10", "of/A3/on/I2/"):
            page.goto(f"/d/room/positions/{address}")
            assert_fits(page)
            assert_accessible(page)


def test_everything_is_a_link_without_script(
    room: Negotiation, new_context: Callable[..., Any]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"/d/room/positions/?{THEN}")
    page.get_by_role("link", name=re.compile("^Conditional")).click()
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("heading", level=2)).to_have_text("30-day ceasefire")
    page.get_by_role("link", name="Before the last change").click()
    expect(page).to_have_url(re.compile(r"as_of=2025-03-10"))
    page.get_by_label("As of", exact=True).last.fill("12 March 2025")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("link", name=re.compile("^Awaited"))).to_have_count(1)
