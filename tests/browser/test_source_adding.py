"""Adding a source in the browser: by keyboard alone, without script, with a file, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from events.models import SourceText
from tests.browser.pages import PHONE, assert_fits
from tests.formats.made import body, docx, paragraph
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "/d/room/sources/new"
TEXT = "Second day of talks\n\n“We shall see,” the envoy said.1\n\u202eNothing else."


@pytest.fixture
def room() -> Negotiation:
    return Negotiation()


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus."""
    expect(target).to_be_visible()
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(target).to_be_focused()


def test_by_keyboard_alone_and_enter_in_a_field_saves(
    room: Negotiation, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto(NEW)
    expect(page.get_by_label("Paste the text")).to_be_focused()
    page.keyboard.insert_text(TEXT)
    tab_to(page, page.get_by_role("button", name="Continue"))
    page.keyboard.press("Enter")
    expect(page.locator(".stored > li")).to_have_text(
        [
            "Second day of talks",
            "“We shall see,” the envoy said.1",
            "right-to-left overrideNothing else.",
        ]
    )
    title = page.get_by_label("Title")
    expect(title).to_have_value("Second day of talks")
    tab_to(page, title)
    page.keyboard.press("End")
    page.keyboard.type(", noon")
    tab_to(page, page.get_by_label("Published"))
    page.keyboard.type("31 Feb 2025")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("#id_published_error")).to_have_text(
        "'31 Feb 2025' is not a date. Try '28 Feb 2025'."
    )
    published = page.get_by_label("Published")
    tab_to(page, published)
    page.keyboard.press("Control+a")
    page.keyboard.type("12 March 2025")
    expect(page.locator("#id_published_preview")).to_have_text("Wed 12 March 2025, day precision")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sources/S2/"))
    expect(page.locator("h1")).to_have_text("Second day of talks, noon")
    assert SourceText.objects.latest("id").text == TEXT
    # What was pasted is saved, so no draft of it waits any more.
    page.goto(NEW)
    expect(page.get_by_label("Paste the text")).to_have_value("")
    expect(page.locator(".draft-note")).to_have_count(0)


def test_without_script(
    room: Negotiation,
    new_context: Callable[..., BrowserContext],
    sign_in: Callable[..., None],
) -> None:
    context = new_context(java_script_enabled=False)
    sign_in(context, room.people["analyst"])
    page = context.new_page()
    page.goto(NEW)
    page.get_by_label("Or choose a file").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": "Їхня відповідь.".encode("koi8-u")}
    )
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Encoding").select_option("koi8-u")
    page.get_by_role("button", name="Read again").click()
    expect(page.locator(".stored > li")).to_have_text(["Їхня відповідь."])
    page.get_by_label("Title").fill("Answer")
    page.get_by_label("B: usually reliable").check()
    page.get_by_role("button", name="Choose another file").click()
    expect(page.locator(".banner")).to_contain_text("Until now it was a.txt.")
    page.get_by_label("Paste the text").fill(TEXT)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Title")).to_have_value("Answer")
    expect(page.get_by_label("B: usually reliable")).to_be_checked()
    page.get_by_role("button", name="Save source").click()
    expect(page.locator("h1")).to_have_text("Answer")
    assert SourceText.objects.latest("id").text == TEXT


def test_a_file_is_dropped_anywhere_on_the_page(
    room: Negotiation, page: Page, sign_in: Callable[..., None], tmp_path: Path
) -> None:
    sign_in(page, room.people["analyst"])
    page.goto(NEW)
    content = list(docx(body(paragraph("Words of the briefing."))))
    moved = page.evaluate_handle(
        """content => {
            const moved = new DataTransfer();
            moved.items.add(new File([new Uint8Array(content)], "briefing.docx"));
            return moved;
        }""",
        content,
    )
    page.dispatch_event("h1", "dragover", {"dataTransfer": moved})
    expect(page.locator(".drop")).to_have_class(re.compile("is-over"))
    page.dispatch_event("h1", "drop", {"dataTransfer": moved})
    expect(page.locator(".drop")).not_to_have_class(re.compile("is-over"))
    expect(page.get_by_label("Or choose a file")).to_be_focused()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".taken")).to_contain_text("briefing.docx")
    expect(page.locator(".stored > li")).to_have_text(["Words of the briefing."])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_second_step_is_accessible_and_no_wider_than_a_phone(
    room: Negotiation,
    scheme: Any,
    as_user: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
) -> None:
    for options in ({}, PHONE):
        page = as_user(room.people["analyst"], color_scheme=scheme, **options)
        page.goto(NEW)
        page.get_by_label("Paste the text").fill(f"{TEXT}\n{'word' * 300}\tcell\n")
        page.get_by_role("button", name="Continue").click()
        expect(page.locator(".taken")).to_be_visible()
        page.get_by_label("Title").fill("")
        page.get_by_role("button", name="Save source").click()
        expect(page.locator(".error-summary")).to_be_focused()
        assert_fits(page)
        assert_accessible(page)
