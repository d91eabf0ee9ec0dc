"""Texts in new versions in the browser: the queue by keys, storing one, phones, no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from events import history
from events.models import Passage, SourceText
from tests.browser.pages import PHONE, assert_fits, assert_on_each
from tests.views.negotiation import TEXT, Negotiation
from tests.views.test_beside import WORDS
from tests.views.test_passage import NEW, SAID, Corrected

pytestmark = pytest.mark.django_db(transaction=True)

QUEUE = "/d/room/passages/"
ADDRESSES = (
    *(QUEUE, f"{QUEUE}P1/", f"{QUEUE}P2/", f"{QUEUE}?selected=P2"),
    *(f"/d/room/sources/S1/texts/{tail}" for tail in ("new", "1/", "2/changes")),
    "/d/room/sources/S2/beside/S1",
)


@pytest.fixture
def room() -> Corrected:
    """What Ukraine agreed to (P1) is lost, what Rubio said (P2) has moved; S2 is a translation."""
    room = Corrected()
    with history.recording(by=room.people["owner"]):
        german = room.made("Source", title="Bericht", language="de", translation_of=room.source)
        SourceText.objects.create(dossier=room.dossier, source=german, text=f"{WORDS}\nEnde.")
    return room


def state(ref: str) -> tuple[str, str]:
    passage = Passage.objects.get(ref=ref)
    return str(passage.state), passage.exact


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_no_wider_than_a_phone(
    room: Corrected,
    scheme: Any,
    as_user: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
) -> None:
    for options in ({}, PHONE):
        page = as_user(room.people["analyst"], color_scheme=scheme, **options)
        assert_on_each(page, ADDRESSES, assert_accessible, assert_fits, below="")


def test_queue_is_worked_through_with_one_key_each(
    room: Corrected, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto(QUEUE)
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("heading", level=2)).to_have_text("Where are these words now?")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#row-P2 .row-title a")).to_be_focused()
    expect(drawer.get_by_role("heading", level=2)).to_have_text("Is this still the place?")
    page.keyboard.press("k")
    expect(drawer.get_by_role("heading", level=2)).to_have_text("Where are these words now?")
    page.keyboard.press("1")
    expect(page.locator("#toasts")).to_contain_text("P1 has a new place")
    expect(page).to_have_url(re.compile(r"\?selected=P2$"))
    expect(page.locator("#queue > li")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("P2 stays where it is")
    expect(page.get_by_role("heading", name="No passage is lost")).to_be_visible()
    assert [state("P1"), state("P2")] == [
        ("anchored", SAID),
        ("anchored", "The ball is now in their court"),
    ]
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("Undone")
    expect(page.locator("#row-P2")).to_be_visible()
    assert state("P2")[0] == "moved"


def test_what_is_said_no_more_and_what_is_skipped(
    room: Corrected, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto(QUEUE)
    expect(page.locator("#drawer .guess")).to_have_count(1)
    page.keyboard.press("s")
    expect(page).to_have_url(re.compile(r"\?selected=P2$"))
    page.keyboard.press("s")
    expect(page).to_have_url(re.compile(r"\?selected=P1$"))
    expect(page.locator("#drawer .guess")).to_have_count(1)
    page.keyboard.press("o")
    expect(page.locator("#toasts")).to_contain_text("P1: no longer in the source")
    expect(page.locator("#queue > li")).to_have_count(1)
    assert state("P1")[0] == "gone"


@pytest.mark.parametrize("options", [{"java_script_enabled": False}, PHONE])
def test_queue_without_script_and_on_a_phone(
    options: dict[str, Any], room: Corrected, as_user: Callable[..., Page]
) -> None:
    page = as_user(room.people["analyst"], **options)
    page.goto(QUEUE)
    page.locator("#row-P1").get_by_role("link", name="Ukraine agreed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where are these words now?")
    page.get_by_role("button", name="Take place 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this still the place?")
    page.get_by_role("button", name="Confirm this place").click()
    expect(page.get_by_role("heading", name="No passage is lost")).to_be_visible()
    assert [state("P1")[0], state("P2")[0]] == ["anchored", "anchored"]


@pytest.mark.parametrize("script", [True, False])
def test_a_new_version_is_compared_stored_and_undone(
    script: bool, as_user: Callable[..., Page]
) -> None:
    room = Negotiation()
    page = as_user(room.people["analyst"], java_script_enabled=script)
    page.goto("/d/room/sources/S1/details")
    page.get_by_role("link", name="New version").click()
    page.get_by_label("Paste the text").fill(TEXT)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("This is text 1 to the letter")
    page.get_by_role("button", name="Change the text").click()
    page.get_by_label("Paste the text").fill(NEW)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#fates-title")).to_contain_text("0 kept, 1 moved, 1 lost")
    expect(page.locator(".is-lost .fate")).to_contain_text("Ukraine agreed to a ceasefire")
    page.get_by_label("Why there is a new version").fill("Corrected")
    page.get_by_role("button", name="Store as text 2").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Text 2: what changed")
    expect(page.locator(".is-lost .fate")).to_contain_text("Ukraine agreed to a ceasefire")
    assert [state("P1")[0], state("P2")[0]] == ["orphaned", "moved"]
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page).to_have_url(re.compile("/d/room/sources/S1/$"))
    assert [state("P1")[0], state("P2")[0]] == ["anchored", "anchored"]
    assert SourceText.objects.count() == 1
