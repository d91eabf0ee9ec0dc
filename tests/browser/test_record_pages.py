"""Record pages in the browser: accessible, no wider than a phone, drawers, passages, no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import PHONE, assert_fits, assert_on_each
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESSES = (
    *("events/", "sources/", "actors/", "affiliations/", "sides/", "issues/", "proposals/"),
    *("positions/", "positions/list/", "commitments/", "links/", "conflicts/"),
    "actors/?selected=A2",
    *("events/E1/", "sources/S1/", "actors/A2/", "affiliations/AF1/", "issues/I2/"),
    *("proposals/PR1/", "positions/PO1/", "commitments/C1/", "links/L1/", "conflicts/X1/"),
    *("sources/new", "positions/new", "commitments/C1/edit", "terms/TM1/edit", "actors/A2/edit"),
    *("sides/new", "positions/PO1/history", "issues/I2/deletion", "actors/?q=nothing"),
)


@pytest.fixture
def room() -> Negotiation:
    return Negotiation()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_pages_are_accessible(
    room: Negotiation,
    scheme: Any,
    as_user: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
) -> None:
    page = as_user(room.people["reviewer"], color_scheme=scheme)
    assert_on_each(page, ADDRESSES, assert_accessible)


def test_no_page_is_wider_than_a_phone(room: Negotiation, as_user: Callable[..., Page]) -> None:
    page = as_user(room.people["reviewer"], **PHONE)
    assert_on_each(page, ADDRESSES, assert_fits)


def test_row_opens_the_drawer_and_its_evidence_the_passage(
    room: Negotiation, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto("/d/room/positions/list/")
    page.get_by_role("link", name="Ukraine", exact=True).click()
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("heading", level=2)).to_have_text("Ukraine on 30-day ceasefire")
    expect(page).to_have_url(re.compile(r"\?selected=PO1$"))
    page.reload()
    expect(drawer.get_by_role("heading", level=2)).to_have_text("Ukraine on 30-day ceasefire")
    drawer.get_by_role("link", name="Source S1, paragraph 3").click()
    expect(page).to_have_url(re.compile(rf"/sources/S1/#{room.agreed.ref}$"))
    mark = page.locator(f"mark#{room.agreed.ref}")
    expect(mark).to_be_in_viewport()
    expect(mark).to_have_css("outline-style", "solid")


def test_stance_is_changed_in_the_drawer_and_undone(
    room: Negotiation, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto("/d/room/positions/list/?selected=PO1")
    drawer = page.locator("#drawer")
    drawer.get_by_role("link", name="Edit stance").click()
    stance = drawer.get_by_role("combobox", name="Stance")
    expect(stance).to_be_focused()
    stance.select_option("supports")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.locator("#PO1-lead")).to_contain_text("Accepts")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#PO1-lead")).to_contain_text("Conditional")


def test_source_is_added_without_script(room: Negotiation, as_user: Callable[..., Page]) -> None:
    page = as_user(room.people["analyst"], java_script_enabled=False)
    page.goto("/d/room/sources/")
    page.get_by_role("link", name="New source").click()
    page.get_by_label("Paste the text").fill("First line.\n\nSecond line.")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("textbox", name="Title").fill("Second report")
    page.get_by_role("button", name="Save source").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Second report")
    expect(page.locator("ol.text > li")).to_have_text(["First line.", "Second line."])
