"""Conflicts and deletions in the browser: settled in place, on a phone, without script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from events import history
from events.models import Conflict
from tests.browser.pages import PHONE, assert_fits, assert_on_each
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db(transaction=True)

CONFLICTS = "/d/room/conflicts/"


@pytest.fixture
def room() -> Negotiation:
    """Besides the conflict X1, evidence disputes what Rubio said (E2), which no conflict names."""
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        room.made("Evidence", passage=room.agreed, event=room.statement, bearing="disputes")
    return room


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_no_wider_than_a_phone(
    room: Negotiation,
    scheme: Any,
    as_user: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
) -> None:
    conflicts = ("", "?selected=X1", "?status=contested", "X1/", "X1/decision", "new?first=E2")
    addresses = (*(f"conflicts/{address}" for address in conflicts), "events/E1/deletion")

    def unfolded(page: Page) -> None:
        # Not by clicks: the drawer may lie over them.
        page.locator(".decision summary").evaluate_all(
            "(all) => all.forEach(({ parentElement }) => (parentElement.open = true))"
        )

    for options in ({}, PHONE):
        page = as_user(room.people["analyst"], color_scheme=scheme, **options)
        assert_on_each(page, addresses, unfolded, assert_accessible, assert_fits)


def test_sides_are_columns_on_the_desk_and_stacked_on_the_phone(
    room: Negotiation, as_user: Callable[..., Page]
) -> None:
    columns = {}
    for name, options in (("desk", {}), ("phone", PHONE)):
        page = as_user(room.people["reader"], **options)
        page.goto(f"{CONFLICTS}X1/")
        cards = page.locator(".side-by-side > .card").all()
        columns[name] = len({round(card.bounding_box()["x"]) for card in cards})
    assert columns == {"desk": 2, "phone": 1}


def test_conflict_is_settled_where_it_stands_and_opened_again(
    room: Negotiation, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto(f"{CONFLICTS}?status=open")
    row = page.locator("#row-X1")
    row.locator("summary").click()
    row.get_by_role("button", name="Resolve X1").click()
    expect(page.locator("#id_resolution_error")).to_have_text("Say how the conflict was resolved.")
    page.get_by_label("Resolution").fill("PO2 is of another day.")
    page.get_by_role("button", name="Save conflict").click()
    expect(page.locator("#toasts")).to_contain_text("X1 is resolved")
    expect(page.locator("#X1-lead")).to_have_text("Resolved")
    page.get_by_role("button", name="Open again X1").click()
    expect(page.locator("#X1-lead")).to_have_text("Open")
    expect(page.locator(".decisions-made > li")).to_contain_text(["Open", "PO2 is of another day."])
    page.goto(CONFLICTS)
    page.get_by_role("button", name="Apparent only X1").click()
    expect(page).to_have_url(re.compile(f"{CONFLICTS}$"))
    expect(page.locator("#row-X1 .row-title")).to_contain_text("Apparent only")


def test_contested_record_becomes_a_conflict_without_script(
    room: Negotiation, as_user: Callable[..., Page]
) -> None:
    page = as_user(room.people["analyst"], java_script_enabled=False)
    page.goto(f"{CONFLICTS}?status=contested")
    page.get_by_role("link", name="Make a conflict of E2").click()
    expect(page.get_by_label("One side")).to_have_value("E2 Rubio to the press")
    page.get_by_label("What differs").fill("Whose court")
    page.get_by_role("button", name="Create conflict").click()
    expect(page.locator("#toasts")).to_contain_text("Conflict X2 created")
    page.goto(f"{CONFLICTS}?status=contested")
    expect(page.get_by_role("heading", level=2)).to_have_text("Nothing found")
    assert Conflict.objects.get(ref="X2").members.count() == 2


def test_deletion_names_its_effects_and_keys_reach_them(
    room: Negotiation, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto("/d/room/events/E1/deletion")
    expect(page.locator("#losses .banner")).to_contain_text("3 records would return to draft")
    expect(page.locator("#gone")).to_contain_text("L1 Rubio to the press responds to")
    page.get_by_role("button", name="Delete E1").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("3 records are drafts again")
