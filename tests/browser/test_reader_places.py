"""Where one is in a source: after an undo, and once words were chosen on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import PHONE
from tests.browser.test_marking import made, select
from tests.test_suggestions import Port

pytestmark = pytest.mark.django_db(transaction=True)


def test_undo_comes_back_to_the_suggestion(page: Page, sign_in: Callable[..., None]) -> None:
    sign_in(page, Port().analyst)
    page.goto("/d/port/sources/S1/")
    marks = page.locator("mark.is-suggested[id]")
    expect(marks.nth(1)).to_be_visible()
    first, second = marks.evaluate_all("all => all.slice(0, 2).map((mark) => mark.id)")
    page.keyboard.press("j")
    expect(page.locator(f"#{first}")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator(f"#{first}")).to_have_count(0)
    expect(page.locator(f"#{second}")).to_be_focused()
    expect(page.locator(".toast")).to_contain_text("Rejected")
    page.keyboard.press("u")
    expect(page.locator(".toast")).to_contain_text("Undone")
    expect(page.locator(f"#{first}")).to_be_focused()
    expect(page.locator(f"#{first}")).to_have_attribute("aria-current", "true")


def test_enter_stores_a_new_version(page: Page, sign_in: Callable[..., None]) -> None:
    sign_in(page, Port().analyst)
    page.goto("/d/port/sources/S1/texts/new")
    page.get_by_label("Paste the text").fill("Another text altogether.")
    page.keyboard.press("Control+Enter")
    why = page.get_by_label("Why there is a new version")
    why.fill("Corrected")
    width = page.locator(".action-bar").evaluate("bar => innerWidth - bar.offsetWidth")
    assert width < 20  # all of the window but a scroll bar
    why.press("Enter")
    expect(page).to_have_url(re.compile("/texts/2/changes$"))


def test_the_bar_goes_once_its_form_is_there(
    new_context: Callable[..., Any], sign_in: Callable[..., None]
) -> None:
    context = new_context(**PHONE)
    sign_in(context, made())
    page = context.new_page()
    page.goto("/d/port/sources/S1/")
    select(page, 1, "met in Porto Lira")
    bar = page.get_by_role("toolbar", name="Record the selected words")
    bar.get_by_role("button", name="Event").tap()
    expect(page.locator("#marking").get_by_label("Title")).to_be_focused()
    expect(bar).to_have_count(0)
    page.locator("#marking").get_by_label("Title").blur()
    expect(bar).to_have_count(0)
