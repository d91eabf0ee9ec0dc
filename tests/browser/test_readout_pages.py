"""Accounts side by side, profiles and issues in the browser: by keyboard, on a phone, no script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from events.models import Conflict, ReadoutPoint
from tests.browser.pages import PHONE, assert_fits, assert_on_each
from tests.views.test_readout import PAGE, Accounts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_no_wider_than_a_phone(
    scheme: Any, as_user: Callable[..., Page], assert_accessible: Callable[[Page], None]
) -> None:
    room = Accounts()
    accounts, words = "events/E1/readouts", "readout-passages/new?point=RP1&readout=RO1"
    profile, topic = ("actors/A2/", "actors/A2/events"), ("issues/I2/",)
    conflict = ("conflicts/new?first=PO1&second=PO2",)
    desk = as_user(room.people["analyst"], color_scheme=scheme)
    assert_on_each(desk, (accounts, words, *profile, *topic, *conflict), assert_accessible)
    phone = as_user(room.people["analyst"], color_scheme=scheme, **PHONE)
    assert_on_each(phone, (accounts, profile[0], *topic), assert_accessible, assert_fits)


def test_contradiction_is_found_and_made_a_conflict_by_keyboard(
    page: Page, sign_in: Callable[..., None]
) -> None:
    room = Accounts()
    sign_in(page, room.people["analyst"])
    page.goto(PAGE)
    choice = page.get_by_label("How the accounts of Length read")
    choice.focus()
    expect(choice).to_be_focused()
    choice.press("C")
    expect(choice).to_have_value("contradict")
    button = page.get_by_role("button", name="Set how RP1 reads")
    button.focus()
    button.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("RP1 saved")
    expect(page.locator("#RP1 .reading")).to_have_text("Contradict")
    button = page.get_by_role("button", name="Make a conflict of RP1")
    button.focus()
    button.press("Enter")
    expect(page.locator("h1")).to_have_text("Length: accounts of Talks in Jeddah")
    expect(page.locator(".from-accounts a")).to_have_text("Length")
    expect(page.locator(".side-by-side > .card")).to_have_count(2)
    assert ReadoutPoint.objects.get(ref="RP1").reading == "contradict"
    assert Conflict.objects.count() == 2


def test_phone_shows_one_point_at_a_time(as_user: Callable[..., Page]) -> None:
    page = as_user(Accounts().people["reader"], **PHONE)
    page.goto(PAGE)
    expect(page.locator("#RP1")).to_be_visible()
    expect(page.locator("#RP2")).to_be_hidden()
    expect(page.locator("#RP1 .in-cell")).to_contain_text(["US", "Russia"])
    page.locator("#RP1").get_by_role("link", name="Next").click()
    expect(page.locator("#RP2")).to_be_visible()
    expect(page.locator("#RP1")).to_be_hidden()


def test_words_are_added_and_points_moved_without_script(as_user: Callable[..., Page]) -> None:
    page = as_user(Accounts().people["analyst"], java_script_enabled=False)
    page.goto(PAGE)
    page.get_by_role("link", name="Words of Russia on Aid").click()
    page.get_by_label("Other words of the source").fill("Nothing was said of aid")
    page.get_by_role("button", name="Add words").click()
    expect(page.locator("#RP3 q")).to_have_text("‘Nothing was said of aid’")
    page.get_by_role("button", name="Move RP3 up").click()
    expect(page.locator("tbody .subject")).to_have_text(["Length", "Aid", "Prisoners"])
