"""The page of an event in a browser: editing in place, its keys, deleting, without script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from events import dates, history
from events.models import Event
from tests import factories
from tests.views.room import Room

pytestmark = pytest.mark.django_db(transaction=True)

E1 = "/d/room/events/E1/"


@pytest.fixture
def room() -> Room:
    """A room whose event has everything beside it that an event can have."""
    room = Room()
    dossier, event = room.dossier, room.event
    with history.recording(by=room.people["owner"]):
        event.set_when(dates.read("11 March 2025"))
        event.save()
        side = factories.SideFactory(dossier=dossier, code="US", name="United States", slot=1)
        rubio = factories.ActorFactory(dossier=dossier, name="Marco Rubio", side=side)
        factories.ParticipationFactory(dossier=dossier, event=event, actor=rubio)
        said = {"dossier": dossier, "event": event}
        factories.EvidenceFactory(**said)
        factories.EvidenceFactory(**said, bearing="disputes")
        factories.PositionFactory(**said, actor=rubio, stance="supports")
        factories.CommitmentFactory(**said, debtor=rubio)
        factories.LinkFactory(dossier=dossier, to_event=event)
        factories.ConflictMemberFactory(**said)
    return room


def test_date_edited_in_place_stays(
    page: Page, room: Room, sign_in: Callable[..., None], assert_accessible: Callable[..., None]
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto(E1)
    assert_accessible(page)
    page.get_by_role("link", name="Edit when").click()
    box = page.get_by_label("When", exact=True)
    expect(box).to_be_focused()
    box.fill("about 10 to 12 March")
    expect(page.locator("#id_when_preview")).to_contain_text("about Mon 10 to Wed 12 March 2025")
    assert_accessible(page)
    box.press("Enter")
    row = page.locator("#E1-when")
    expect(row).to_contain_text("about 10 to 12 March")
    expect(row).to_contain_text("Saved.")
    expect(page.locator("#E1-foot")).to_contain_text("Version 3. Analyst X changed when")
    page.reload()
    expect(row).to_contain_text("about 10 to 12 March")
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("listitem").filter(has_text="Analyst X")).to_contain_text("When")
    assert_accessible(page)
    assert Event.objects.get(ref="E1").when_edtf == "2025-03-10~/2025-03-12~"


def test_bad_input_stays_with_its_error_beside_it(
    page: Page, room: Room, sign_in: Callable[..., None], assert_accessible: Callable[..., None]
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto(E1)
    page.get_by_role("link", name="Edit when").click()
    box = page.get_by_label("When", exact=True)
    expect(box).to_be_focused()
    box.fill("31 Feb 2025")
    box.press("Enter")
    expect(page.locator("#E1-when .errors")).to_contain_text("'31 Feb 2025' is not a date.")
    expect(box).to_have_value("31 Feb 2025")
    expect(box).to_be_focused()
    assert_accessible(page)
    # One thing is said of a date, and of the words that stand there now.
    expect(page.locator("#id_when_preview")).to_have_count(0)
    box.fill("28 Feb 2025")
    expect(page.locator("#E1-when .errors")).to_have_count(0)
    expect(page.locator("#id_when_preview")).to_contain_text("Fri 28 February 2025")
    box.press("Escape")
    expect(page.locator("#E1-when")).to_contain_text("11 March 2025")
    assert Event.objects.get(ref="E1").version == 2


def place_becomes_riyadh(page: Page) -> None:
    """Edit where E1 was, in place, and wait until the focus is back at the field."""
    page.get_by_role("link", name="Edit where").click()
    box = page.get_by_label("Where", exact=True)
    expect(box).to_be_focused()
    box.fill("Riyadh")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("E1 saved")
    expect(page.locator("#E1-place")).to_contain_text("Riyadh")
    expect(page.locator("#E1-place .field-edit")).to_be_focused()


def test_undo_by_key(page: Page, room: Room, sign_in: Callable[..., None]) -> None:
    sign_in(page, room.people["analyst"])
    page.goto(E1)
    place_becomes_riyadh(page)
    page.keyboard.press("u")
    expect(page.locator("#E1-place")).to_contain_text("Jeddah")
    expect(page.locator("#toasts")).to_contain_text("Undone.")


def test_undo_by_key_after_the_message_has_gone(
    page: Page, room: Room, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto(E1)
    place_becomes_riyadh(page)
    page.reload()
    expect(page.locator(".toast")).to_have_count(0)
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("Undone.")
    expect(page.locator("#E1-place")).to_contain_text("Jeddah")
    # The last change is now the undoing itself: that is shown and asked about first.
    page.reload()
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Undo revision 4?")).to_be_visible()
    assert room.now().place == "Jeddah"


def test_edit_that_met_another(page: Page, room: Room, sign_in: Callable[..., None]) -> None:
    sign_in(page, room.people["analyst"])
    page.goto(E1)
    page.get_by_role("link", name="Edit where").click()
    box = page.get_by_label("Where", exact=True)
    expect(box).to_be_focused()
    room.changed("owner", place="Riyadh")
    box.fill("Jeddah, Saudi Arabia")
    box.press("Enter")
    # The same text, on the merge page.
    expect(page.locator("h1")).to_have_text("Owner X saved E1 while you were editing")
    row = page.get_by_role("radiogroup", name="Where")
    expect(row.get_by_role("radio", name="Theirs")).to_have_attribute("data-text", "Riyadh")
    page.keyboard.press("3")
    expect(row.get_by_role("radio", name="Yours")).to_be_checked()
    page.get_by_role("button", name="Save as version").click()
    expect(page.locator("#E1-place")).to_contain_text("Jeddah, Saudi Arabia")


def test_deleting_asks_and_can_be_undone(
    page: Page, room: Room, sign_in: Callable[..., None], assert_accessible: Callable[..., None]
) -> None:
    sign_in(page, room.people["analyst"])
    with history.recording(by=room.people["owner"]):
        factories.EventFactory(dossier=room.dossier, title="A slip")
    slip = Event.objects.get(title="A slip")
    page.goto(f"/d/room/events/{slip.ref}/")
    page.get_by_label(f"More for {slip.ref}").click()
    page.get_by_role("link", name="Delete").click()
    expect(page).to_have_url(re.compile("/deletion$"))
    assert_accessible(page)
    page.get_by_role("button", name=f"Delete {slip.ref}").click()
    expect(page.locator("#toasts")).to_contain_text(f"{slip.ref} deleted")
    assert not Event.objects.filter(pk=slip.pk).exists()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Undone.")
    assert Event.objects.get(pk=slip.pk).title == "A slip"


def test_names_are_offered_while_typing(
    page: Page, room: Room, sign_in: Callable[..., None], assert_accessible: Callable[..., None]
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto("/d/room/participations/new?event=E1")
    expect(page.get_by_label("Event")).to_have_value("E1 Talks in Jeddah")
    page.get_by_label("Actor").press_sequentially("rub")
    expect(page.locator("#id_actor_options option")).to_have_attribute("value", "A1 Marco Rubio")
    page.get_by_label("Actor").fill("Rubo")
    page.get_by_role("button", name="Create participation").click()
    expect(page.get_by_role("link", name="Actor", exact=True)).to_be_visible()
    expect(page.get_by_label("Actor")).to_have_value("Rubo")
    assert_accessible(page)


def test_reader_and_phone(
    as_user: Callable[..., Page],
    room: Room,
    assert_accessible: Callable[..., None],
) -> None:
    page = as_user(
        room.people["reader"],
        viewport={"width": 320, "height": 700},
        color_scheme="dark",
    )
    for address in (E1, f"{E1}history", "/d/room/events/"):
        page.goto(address)
        assert_accessible(page)
        # At 320 px nothing scrolls sideways.
        assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.goto(E1)
    expect(page.locator(".field-edit")).to_have_count(0)


def test_all_of_it_without_script(as_user: Callable[..., Page], room: Room) -> None:
    page = as_user(room.people["owner"], java_script_enabled=False)
    page.goto(E1)
    page.get_by_role("link", name="Edit when").click()
    expect(page).to_have_url(re.compile(r"/edit#id_when$"))
    page.get_by_label("When").fill("31 Feb 2025")
    page.get_by_label("Where").fill("Riyadh")
    page.get_by_role("button", name="Save event").click()
    expect(page.locator(".error-summary")).to_contain_text("'31 Feb 2025' is not a date.")
    expect(page.get_by_label("Where")).to_have_value("Riyadh")
    page.get_by_label("When").fill("12 March 2025")
    page.get_by_role("button", name="Save event").click()
    expect(page.locator("#E1-when")).to_contain_text("12 March 2025")
    page.get_by_label("More for E1").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#E1-chips")).to_contain_text("Published")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#E1-chips")).to_contain_text("Draft")


def test_pages_of_accounts_and_errors(
    page: Page, room: Room, assert_accessible: Callable[[Page], Any], sign_in: Callable[..., None]
) -> None:
    page.goto("/sign-in/")
    assert_accessible(page)
    page.get_by_label("User name").fill("nobody")
    page.get_by_label("Password").fill("x")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert_accessible(page)
    page.goto("/no/such/page")
    assert_accessible(page)
    sign_in(page, room.people["reader"])
    page.goto(f"{E1}edit")
    expect(page.get_by_role("heading", name="You may not do this")).to_be_visible()
    assert_accessible(page)


def test_review_in_the_drawer(
    page: Page, room: Room, sign_in: Callable[..., None], assert_accessible: Callable[..., None]
) -> None:
    sign_in(page, room.people["reviewer"])
    page.goto("/d/room/?selected=E1")
    drawer = page.locator("#drawer")
    expect(drawer.locator("h2")).to_have_text("Talks in Jeddah")
    assert_accessible(page)
    drawer.get_by_label("More for E1").click()
    drawer.get_by_role("button", name="Publish").click()
    expect(drawer.locator("#E1-chips")).to_contain_text("Published")
    expect(page.locator("#toasts")).to_contain_text("E1 published")
    expect(page.locator("#row-E1")).to_contain_text("Published")


def test_date_edited_in_the_drawer_moves_the_row(
    page: Page, room: Room, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto("/d/room/?selected=E1")
    page.locator("#drawer").get_by_role("link", name="Edit when").click()
    box = page.get_by_label("When", exact=True)
    expect(box).to_be_focused()
    box.fill("about 10 to 12 March")
    box.press("Enter")
    expect(page.locator("#row-E1 .row-when")).to_contain_text("about 10 to 12 Mar")
    mark = page.locator('[data-chart] [data-ref="E1"]').first
    expect(mark).to_have_accessible_name(re.compile("about Mon 10 to Wed 12 March 2025"))
    page.reload()
    expect(page.locator("#E1-when")).to_contain_text("about 10 to 12 March")
