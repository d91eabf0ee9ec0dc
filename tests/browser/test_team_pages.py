"""Members and history in the browser: accessible, on a phone, by keys, without script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from events import history
from events.models import Event
from tests.browser.pages import PHONE, assert_fits, assert_on_each
from tests.factories import EventFactory
from tests.views.room import Room

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESSES = (
    *("history/", "history/2/", "history/3/", "history/?kind=actor", "history/?deleted=on"),
    *("revisions/2/undo", "revisions/3/undo", "members/", "departure"),
    *("members/M2/removal", "members/?x=1"),
)


@pytest.fixture
def room() -> Room:
    """Three revisions more: long words changed, an import, a deletion and a change over it."""
    room = Room()
    room.changed("owner", summary="Theywillresumesharing" * 9, place="Jeddah, Saudi Arabia")
    with history.recording(by=room.people["owner"], note="From a file", origin="import"):
        EventFactory.create_batch(24, dossier=room.dossier)
    with history.recording(by=room.people["owner"]):
        Event.objects.get(ref="E3").delete()
    room.changed("owner", summary="They will resume.")
    return room


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_pages_are_accessible(
    room: Room,
    scheme: Any,
    as_user: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
) -> None:
    page = as_user(room.people["owner"], color_scheme=scheme)
    assert_on_each(page, ADDRESSES, assert_accessible)


def test_no_page_is_wider_than_a_phone(room: Room, as_user: Callable[..., Page]) -> None:
    page = as_user(room.people["owner"], **PHONE)
    assert_on_each(page, ADDRESSES, assert_fits)


def test_on_a_phone_the_list_leads_to_the_revision_and_back(
    room: Room, as_user: Callable[..., Page]
) -> None:
    page = as_user(room.people["reader"], **PHONE)
    page.goto("/d/room/history/")
    expect(page.locator(".difference")).to_be_hidden()
    page.get_by_role("link", name="Revision 3: Created 24 events").click()
    expect(page.get_by_role("heading", name=re.compile("^Revision 3"))).to_be_visible()
    expect(page.locator(".versions")).to_be_hidden()
    page.get_by_role("link", name="History", exact=True).click()
    expect(page.locator(".versions")).to_be_visible()


def test_u_asks_and_enter_undoes_ones_own_last_change(
    room: Room, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["owner"])
    page.goto("/d/room/history/")
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile(r"/revisions/5/undo$"))
    expect(page.get_by_role("button", name="Undo revision 5")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/history/$"))
    expect(page.locator(".version").first).to_contain_text("Undid revision 5")
    assert room.now().summary == "Theywillresumesharing" * 9


def test_difference_unfolds_by_keyboard(
    room: Room, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["reader"])
    page.goto("/d/room/history/3/")
    first = page.locator(".deed").first
    expect(first.locator(".diff")).to_be_hidden()
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(first.locator(".diff")).to_be_visible()


def test_all_of_it_works_without_script(room: Room, as_user: Callable[..., Page]) -> None:
    page = as_user(room.people["owner"], java_script_enabled=False)
    page.goto("/d/room/")
    page.locator(".dossier-switch > summary").click()
    page.get_by_role("link", name="Members", exact=True).click()
    name = room.people["outsider"].username
    page.get_by_role("textbox", name="User name").fill(name)
    page.get_by_role("button", name="Add member").click()
    row = page.locator(".members > li", has_text=name)
    row.get_by_role("combobox").select_option("analyst")
    row.get_by_role("button", name="Change").click()
    expect(page.locator("#toasts")).to_contain_text("is now analyst")
    expect(row.get_by_role("combobox")).to_have_value("analyst")
    row.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name=f"Remove {name}").click()
    expect(page.locator("#toasts")).to_contain_text("is no longer a member")
    expect(page.locator(".members")).to_be_visible()
    expect(row).to_have_count(0)
    page.goto("/d/room/history/")
    page.locator(".history-filters > summary").click()
    page.get_by_label("Deleted only").check()
    page.get_by_label("Kind of record").select_option("event")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("button", name="Bring E3 back").click()
    expect(page.locator("#toasts")).to_contain_text("E3 is back")
