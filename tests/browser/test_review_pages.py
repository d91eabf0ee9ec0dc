"""The review queue and the data checks in the browser: keys, refusals, phones, no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from events import history, review
from events.models import Event, Position
from tests.browser.pages import PHONE, assert_fits, assert_on_each
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db(transaction=True)

REVIEW, CHECKS = "/d/room/review/", "/d/room/checks/"
ADDRESSES = (
    *(REVIEW, f"{REVIEW}?order=kind", f"{REVIEW}?selected=E3"),
    *(CHECKS, f"{CHECKS}?check=unsourced", f"{CHECKS}?selected=E3"),
)


@pytest.fixture
def room() -> Negotiation:
    """Waiting are, oldest first: what Rubio said (PO2), E3 and E4 by the analyst, E5 by the
    reviewer."""
    room = Negotiation()
    for title, role in (("Talks go on", "analyst"), ("Call", "analyst"), ("Note", "reviewer")):
        with history.recording(by=room.people[role]):
            Event.objects.create(dossier=room.dossier, title=title)
    return room


def state(ref: str) -> str:
    return str(Event.objects.get(ref=ref).state)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_no_wider_than_a_phone(
    room: Negotiation,
    scheme: Any,
    as_user: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
) -> None:
    for options in ({}, PHONE):
        page = as_user(room.people["reviewer"], color_scheme=scheme, **options)
        assert_on_each(page, ADDRESSES, assert_accessible, assert_fits, below="")


def test_queue_is_worked_through_with_keys(
    room: Negotiation, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["reviewer"])
    page.goto(REVIEW)
    page.keyboard.press("p")  # no row was chosen: nothing happens
    page.keyboard.press("j")
    page.keyboard.press("j")
    row = page.locator("#row-E3")
    expect(row.get_by_role("link", name="Talks go on")).to_be_focused()
    page.keyboard.press("r")
    expect(row.locator(".state")).to_have_text("Reviewed")
    expect(page.locator("#toasts")).to_contain_text("E3 marked as reviewed")
    expect(row.get_by_role("link", name="Talks go on")).to_be_focused()
    page.keyboard.press("p")
    expect(row.locator(".state")).to_have_text("Published")
    expect(page.locator("#toasts")).to_contain_text("E3 published")
    expect(row.get_by_role("link", name="Talks go on")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("heading", level=2)).to_have_text("Call")
    expect(page).to_have_url(re.compile(r"\?selected=E4$"))
    page.keyboard.press("r")
    # The state shows before the server has answered; the message comes with the answer.
    expect(page.locator("#row-E4 .state")).to_have_text("Reviewed")
    expect(page.locator("#toasts")).to_contain_text("E4 marked as reviewed")
    page.keyboard.press("k")
    expect(drawer.get_by_role("heading", level=2)).to_have_text("Talks go on")
    assert [state(ref) for ref in ("E3", "E4", "E5")] == ["published", "reviewed", "draft"]
    assert Position.objects.get(ref="PO2").state == "draft"


def test_what_moves_up_from_the_next_page_is_not_called_new(
    room: Negotiation, page: Page, sign_in: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "PER_PAGE", 3)
    sign_in(page, room.people["reviewer"])
    page.goto(REVIEW)
    expect(page.locator("#queue > li")).to_have_count(3)
    counted = page.locator("#counted")
    before = counted.inner_text()
    with history.recording(by=room.people["owner"]):
        Event.objects.get(ref="E3").publish()
    # The number and the rows follow in one go.
    expect(counted).not_to_have_text(before)
    expect(page.locator("#row-E4")).to_be_visible()
    expect(page.locator(".live-new")).to_have_count(0)


def test_undo_of_a_decision(room: Negotiation, page: Page, sign_in: Callable[..., None]) -> None:
    sign_in(page, room.people["reviewer"])
    page.goto(REVIEW)
    page.get_by_role("button", name="Publish E3").click()
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(re.compile(f"{REVIEW}$"))
    expect(page.locator("#row-E3 .state")).to_have_text("Draft")


def test_refused_decision_is_taken_back(
    room: Negotiation, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["reviewer"])
    # The page is not told what others do, so that the decision is on what they have changed.
    page.route("**/changes?*", lambda route: route.fulfill(status=204))
    page.goto(REVIEW)
    with history.recording(by=room.people["analyst"]):
        event = Event.objects.get(ref="E3")
        event.place = "Riyadh"
        event.save()
    page.get_by_role("button", name="Publish E3").click()
    toast = page.locator("#toasts .is-error")
    expect(toast).to_contain_text("E3 was changed meanwhile. Read it again first.")
    expect(page.locator("#row-E3 .state")).to_have_text("Draft")
    # The row that came back is the newest version: now it may be published.
    page.get_by_role("button", name="Publish E3").click()
    expect(page.locator("#row-E3 .state")).to_have_text("Published")


def test_decision_that_does_not_arrive_is_taken_back(
    room: Negotiation, as_user: Callable[..., Page], problems: list[str]
) -> None:
    page = as_user(room.people["reviewer"])
    page.goto(REVIEW)
    page.route("**/publication", lambda route: route.abort())
    page.get_by_role("button", name="Publish E3").click()
    toast = page.locator("#toasts .is-error")
    expect(toast).to_contain_text("E3 stays as it is: the server did not answer.")
    expect(page.locator("#row-E3 .state")).to_have_text("Draft")
    expect(page.get_by_role("button", name="Publish E3")).to_be_enabled()
    (failed,) = problems
    assert "Failed to fetch" in failed
    problems.clear()


def test_own_words_cannot_be_decided_on(
    room: Negotiation, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["reviewer"])
    page.goto(f"{REVIEW}?selected=E5")
    row = page.locator("#row-E5")
    expect(row).to_contain_text("Yours: someone else reviews it")
    expect(row.get_by_role("button")).to_have_count(0)
    drawer = page.locator("#drawer")
    drawer.get_by_label("More for E5").click()
    expect(drawer.get_by_text("You wrote this version. Someone else")).to_be_visible()
    expect(drawer.get_by_role("button", name="Publish")).to_have_count(0)


def test_several_are_chosen_and_published(
    room: Negotiation, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["reviewer"])
    page.goto(REVIEW)
    page.get_by_role("checkbox", name="Choose E3").focus()
    page.keyboard.press("Space")
    page.get_by_role("checkbox", name="Choose E4").check()
    expect(page.locator("[data-chosen-count]")).to_have_text("2 of 3 chosen.")
    page.get_by_role("button", name="Publish chosen").click()
    expect(page.locator("#toasts")).to_contain_text("2 records published")
    expect(page.locator(".queue .row")).to_have_count(2)


def test_queue_follows_what_is_edited_in_the_drawer(
    room: Negotiation, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["owner"])
    page.goto(f"{REVIEW}?selected=E3")
    page.locator("#drawer").get_by_role("link", name="Edit where").click()
    box = page.get_by_role("textbox", name="Where")
    expect(box).to_be_focused()
    box.fill("Riyadh")
    page.keyboard.press("Enter")
    expect(page.locator("#row-E3")).to_contain_text("Owner X")
    page.get_by_role("button", name="Publish E3").click()
    expect(page.locator("#toasts")).to_contain_text("E3 published")


def test_without_script(room: Negotiation, as_user: Callable[..., Page]) -> None:
    page = as_user(room.people["reviewer"], java_script_enabled=False)
    page.goto(REVIEW)
    page.get_by_role("button", name="Mark as reviewed E3").click()
    expect(page).to_have_url(re.compile(f"{REVIEW}$"))
    expect(page.locator("#row-E3 .state")).to_have_text("Reviewed")
    page.get_by_role("checkbox", name="Choose E4").check()
    page.get_by_role("button", name="Publish chosen").click()
    expect(page.locator("#toasts")).to_contain_text("E4 published")


def test_from_the_menu_to_a_mended_record(
    room: Negotiation, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto("/d/room/events/")
    page.locator(".dossier-switch > summary").click()
    page.get_by_role("link", name="Data checks").click()
    page.get_by_role("link", name="Add a date for E3").click()
    expect(page.locator("#id_when")).to_be_in_viewport()
    page.locator("#id_when").fill("12 March 2025")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("E3 saved")
    page.goto(CHECKS)
    expect(page.get_by_role("link", name="Add a date for E3")).to_have_count(0)
