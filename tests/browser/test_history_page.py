"""The history of a record in a browser: keys, without script, on a phone, as of then."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.views.room import Room
from tests.views.test_history import scene

pytestmark = pytest.mark.django_db(transaction=True)

E1 = "/d/room/events/E1/history"


@pytest.fixture
def room() -> Room:
    room = Room()
    scene(room)
    return room


def test_restoring_is_left_by_escape_and_done_by_enter(
    room: Room, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto(f"{E1}/1")
    page.get_by_role("link", name="Restore version 1").click()
    expect(page.get_by_role("button", name="Restore as version 4")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/history/1$"))
    assert room.now().version == 3
    page.get_by_role("link", name="Restore version 1").click()
    expect(page.get_by_role("button", name="Restore as version 4")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("E1 is as it was in version 1")
    assert (room.now().place, room.now().version) == ("Jeddah", 4)


def test_keys_go_on_from_the_version_shown_and_leave_an_undo(
    room: Room, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["owner"])
    page.goto(f"{E1}/2")
    page.keyboard.press("j")
    expect(page.locator(".version a").nth(2)).to_be_focused()
    page.goto("/d/room/history/")
    newest = page.locator(".version .number").first.inner_text()
    page.get_by_role("link", name=f"Undo revision {newest}").click()
    expect(page.get_by_role("button", name=f"Undo revision {newest}")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(rf"/history/{newest}/$"))
    page.goto("/d/room/events/E1/deletion")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("/events/E1/$"))


def test_two_versions_are_compared_without_script(room: Room, as_user: Callable[..., Page]) -> None:
    page = as_user(room.people["reader"], java_script_enabled=False)
    page.goto(E1)
    # No hint of a key that would do nothing.
    expect(page.locator(".search-box kbd")).to_be_hidden()
    page.get_by_label("Compared with").select_option("1")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("Positions expressed", exact=True)).to_be_visible()
    page.locator("summary", has_text="All people").click()
    page.get_by_label("Person").select_option(room.people["reviewer"].username)
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".version")).to_have_count(1)
    expect(page.locator(".version")).to_contain_text("Marked as reviewed")


def test_the_dossier_of_that_time_is_a_click_away(
    room: Room, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["reader"])
    page.goto(f"{E1}/2")
    page.get_by_role("link", name="See the dossier at this time").click()
    expect(page).to_have_url(re.compile(r"/d/room/\?.*as_of=r6"))
    expect(page.locator(".as-of-banner")).to_contain_text("As of")


def test_a_phone_shows_the_list_or_one_version(
    room: Room,
    as_user: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
) -> None:
    page = as_user(
        room.people["reader"],
        viewport={"width": 375, "height": 740},
        color_scheme="dark",
    )
    page.goto(E1)
    expect(page.locator(".difference")).to_be_hidden()
    assert_accessible(page)
    page.get_by_role("link", name="When, Where, Evidence. Back to draft").click()
    expect(page.get_by_text("Became contested")).to_be_visible()
    expect(page.locator(".versions")).to_be_hidden()
    assert_accessible(page)
    page.get_by_role("link", name="History", exact=True).click()
    expect(page.locator(".versions")).to_be_visible()
