"""Notes in the browser: writing, calling members by keyboard, drafts, phones, without script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from events import history
from events.models import Note
from tests.browser.pages import PHONE, assert_fits, assert_on_each
from tests.browser.test_injection import LONG, NOTHING, OBEYED
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db(transaction=True)

MARKDOWN = "See **E2** and S1, @lars:\n\n# Title\n\n- one\n- two\n\n|a|b|\n|-|-|\n|1|2|\n\n> said"


@pytest.fixture
def room() -> Negotiation:
    """The analyst is mia, the owner lars, the reader laura; the outsider latif."""
    room = Negotiation()
    names = {"analyst": "mia", "owner": "lars", "reader": "laura", "outsider": "latif"}
    for role, name in names.items():
        room.people[role].username = name
        room.people[role].save()
    return room


def noted(room: Negotiation, role: str, text: str) -> Note:
    with history.recording(by=room.people[role]):
        note: Note = room.made("Note", event=room.talks, author=room.people[role], text=text)
    return note


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Write a note")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_no_wider_than_a_phone(
    room: Negotiation,
    scheme: Any,
    as_user: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
) -> None:
    for text in (MARKDOWN, "word" * 300, f"`{'code ' * 100}`"):
        noted(room, "owner", text)
    addresses = (
        "events/E1/",
        "notes/",
        "notes/?show=mine",
        "notes/?selected=E1",
        "notes/new?about=E1",
    )
    for options in ({}, PHONE):
        page = as_user(room.people["owner"], color_scheme=scheme, **options)
        assert_on_each(page, addresses, assert_accessible, assert_fits)
        for button in page.locator(".note-tools .button, .note-form .button").all():
            box = button.bounding_box()
            assert box is None or not options or box["height"] >= 44


def test_note_is_written_by_keyboard_and_calls_a_member(
    room: Negotiation,
    page: Page,
    sign_in: Callable[..., None],
    assert_accessible: Callable[[Page], None],
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto("/d/room/?selected=E1")
    field(page).press_sequentially("Is it so, @la")
    members = page.get_by_role("listbox", name="Members")
    expect(members.get_by_role("option")).to_have_text([re.compile("@lars"), re.compile("@laura")])
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    expect(members.get_by_role("option", selected=True)).to_contain_text("@laura")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(members).to_have_count(0)
    expect(field(page)).to_have_value("Is it so, @lars ")
    field(page).press_sequentially("as **E2** says? @lat")
    expect(members).to_have_count(0)
    page.keyboard.press("Control+Enter")
    note = page.locator("#N1")
    expect(note.locator(".mention")).to_have_text("@lars")
    expect(page.locator("#E1-note-count")).to_have_text("1 open")
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("")
    note.get_by_role("link", name="E2").click()
    expect(page.locator("#drawer h2").first).to_have_text("Rubio to the press")
    assert Note.objects.get().text == "Is it so, @lars as **E2** says? @lat"


def test_escape_closes_the_names_and_leaves_the_words(
    room: Negotiation, page: Page, sign_in: Callable[..., None]
) -> None:
    noted(room, "analyst", "A word")
    sign_in(page, room.people["analyst"])
    page.goto("/d/room/events/E1/")
    page.locator("#N1 .field-edit").click()
    editor = page.get_by_role("textbox", name="Note", exact=True)
    expect(editor).to_be_focused()
    editor.press("End")
    editor.press_sequentially(" to @lau")
    members = page.get_by_role("listbox", name="Members")
    expect(members.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(members).to_have_count(0)
    expect(editor).to_be_focused()
    editor.press_sequentially("r")
    expect(members.get_by_role("option")).to_have_count(1)
    members.get_by_role("option").click()
    expect(editor).to_have_value("A word to @laura ")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#N1 .mention")).to_have_text("@laura")
    assert Note.objects.get().text == "A word to @laura"


def test_note_is_resolved_and_opened_again_in_place(
    room: Negotiation, page: Page, sign_in: Callable[..., None]
) -> None:
    noted(room, "owner", "Is it so?")
    sign_in(page, room.people["analyst"])
    page.goto("/d/room/events/E1/")
    expect(page.get_by_role("link", name="Delete N1")).to_have_count(0)
    expect(page.locator("#N1 .field-edit")).to_have_count(0)
    page.get_by_role("button", name="Resolve N1").click()
    expect(page.locator("#E1-note-count")).to_have_text("0 open")
    expect(page.locator("#toasts")).to_contain_text("N1 resolved")
    page.locator(".notes summary").click()
    page.get_by_role("button", name="Open again N1").click()
    expect(page.locator("#E1-note-count")).to_have_text("1 open")


def test_what_was_typed_survives_a_reload_and_a_server_that_fails(
    room: Negotiation, as_user: Callable[..., Page]
) -> None:
    page = as_user(room.people["analyst"])
    page.goto("/d/room/events/E1/")
    page.route("**/notes/new", lambda route: route.fulfill(status=500, body="no"))
    field(page).fill("A long thought")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("#toasts .is-error")).to_contain_text("Your text is kept.")
    expect(field(page)).to_have_value("A long thought")
    page.reload()
    expect(field(page)).to_have_value("A long thought")
    page.goto("/d/room/events/E2/")
    expect(field(page)).to_have_value("")
    page.unroute("**/notes/new")
    page.goto("/d/room/events/E1/")
    expect(field(page)).to_have_value("A long thought")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("#N1")).to_contain_text("A long thought")
    page.reload()
    expect(page.locator("#N1")).to_be_visible()
    expect(field(page)).to_have_value("")


def test_nothing_in_a_note_is_obeyed(
    room: Negotiation, page: Page, sign_in: Callable[..., None]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    sign_in(page, room.people["analyst"])
    page.goto("/d/room/events/E1/")
    texts = (
        LONG,
        f"# {LONG}",
        f"[a](https://x.invalid/ '{LONG}')",
        "![a](https://x.invalid/a.png)",
    )
    for number, text in enumerate(texts, 1):
        field(page).fill(text)
        page.get_by_role("button", name="Add note").click()
        expect(page.locator(f"#N{number}")).to_be_visible()
        expect(field(page)).to_be_focused()
        assert page.evaluate(OBEYED) == NOTHING
    page.goto("/d/room/notes/")
    expect(page.locator(".note-row")).to_have_count(len(texts))
    assert page.evaluate(OBEYED) == NOTHING
    assert (dialogs, [url for url in asked if "x.invalid" in url]) == ([], [])


def test_without_script(room: Negotiation, as_user: Callable[..., Page]) -> None:
    page = as_user(room.people["analyst"], java_script_enabled=False)
    page.goto("/d/room/events/E1/")
    field(page).fill("For @lars")
    page.get_by_role("button", name="Add note").click()
    expect(page).to_have_url(re.compile(r"/events/E1/#N1$"))
    page.get_by_role("link", name="Edit note").click()
    page.get_by_label("Note", exact=True).fill("For @laura")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("#N1 .mention")).to_have_text("@laura")
    page.goto("/d/room/notes/?show=mine")
    page.get_by_role("button", name="Resolve N1").click()
    expect(page).to_have_url(re.compile(r"/notes/\?show=mine$"))
    expect(page.locator("#row-N1")).to_contain_text("Resolved")
