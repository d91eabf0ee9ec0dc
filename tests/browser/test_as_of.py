"""Looking back, as a person does it: by keyboard, on a phone, in the dark, without script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from events import history
from tests.browser.pages import width_of
from tests.views.negotiation import Negotiation

THEN = "as_of=2025-03-10&clock=happened"


@pytest.fixture
def room(live_server: LiveServer) -> Negotiation:
    """A public dossier, with a call before the talks and one after."""
    room = Negotiation(visibility="public")
    with history.recording(by=room.people["owner"]):
        room.event_on("1 March 2025", "An early call", kind="call")
        room.event_on("20 March 2025", "A late call", kind="call")
    return room


def test_by_keyboard(
    page: Page, live_server: LiveServer, sign_in: Callable[..., Any], room: Negotiation
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto(f"{live_server.url}/d/room/")
    rows = page.locator("#list .row-title")
    expect(rows.filter(has_text="A late call")).to_have_count(1)
    page.locator(".as-of summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("As of", exact=True)).to_be_focused()
    page.keyboard.type("10 Mar 2025")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"as_of=10\+Mar\+2025&clock=happened"))
    banner = page.get_by_role("status").filter(has_text="Nothing can be changed here.")
    expect(banner).to_contain_text("As of Mon 10 March 2025.")
    expect(rows.filter(has_text="An early call")).to_have_count(1)
    expect(rows.filter(has_text="A late call")).to_have_count(0)
    # The record opens beside the list as it was then, and there is nothing to edit in it.
    rows.filter(has_text="An early call").get_by_role("link").click()
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("heading", name="An early call")).to_be_visible()
    expect(page).to_have_url(re.compile(r"as_of=.*selected=E"))
    expect(drawer.locator("[data-edit]")).to_have_count(0)
    # Filters, zoom and the chart stay in the past.
    page.get_by_role("navigation", name="Zoom level").get_by_role("link", name="Months").click()
    expect(page).to_have_url(re.compile(r"as_of=.*from="))
    expect(page.locator(".levels [aria-current]")).to_have_text("Months")
    expect(rows.filter(has_text="A late call")).to_have_count(0)
    page.keyboard.press("[")
    expect(banner).to_contain_text("Sat 1 March 2025")
    page.get_by_role("link", name="Back to now").first.click()
    expect(banner).to_have_count(0)
    expect(rows.filter(has_text="A late call")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1440])
def test_it_is_seen_and_said(
    live_server: LiveServer,
    as_user: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    room: Negotiation,
    width: int,
    scheme: str,
) -> None:
    page = as_user(None, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(f"{live_server.url}/d/room/?{THEN}")
    assert width_of(page) <= width
    assert_accessible(page)
    page.locator(".as-of summary").click()
    expect(page.get_by_label("What had happened by then")).to_be_checked()
    panel = page.locator(".as-of .menu-panel")
    expect(panel).to_be_visible()
    box = panel.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert_accessible(page)


def test_without_script(
    live_server: LiveServer, as_user: Callable[..., Page], room: Negotiation
) -> None:
    page = as_user(None, java_script_enabled=False)
    page.goto(f"{live_server.url}/d/room/?kind=call")
    page.locator(".as-of summary").click()
    page.get_by_label("As of", exact=True).fill("31 Feb")
    page.get_by_role("button", name="Show").click()
    field = page.get_by_label("As of", exact=True)
    expect(field).to_have_value("31 Feb")
    expect(page.locator(".as-of .errors")).to_contain_text("'31 Feb' is not a date.")
    field.fill("10 Mar 2025")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"kind=call"))
    expect(page.locator("#list .row-title")).to_have_text(["An early call"])
    page.locator("#list .row-title a").click()
    expect(page).to_have_url(re.compile(r"/events/E\d+/\?as_of=2025-03-10"))
    expect(page.get_by_text("Nothing can be changed here.")).to_be_visible()
