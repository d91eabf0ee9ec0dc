"""On the table and the pages beside it: by keyboard, in both themes, on a phone, without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from events import history
from tests.browser.pages import PHONE, assert_fits, assert_on_each
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = "/d/room/table/"
ADDRESSES = ("table/", "agenda/", "silences/", "commitments/", "proposals/PR1/versions")


@pytest.fixture
def room() -> Negotiation:
    """With a rival of the offer, evidence of every sort, and something to watch."""
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        consent = room.proposal.consents.get(actor=room.russia)
        term = room.proposal.terms.get()
        room.made("Evidence", passage=room.ball, event=None, consent=consent, speaker=room.rubio)
        room.made("Evidence", passage=room.agreed, event=None, term=term)
        for bearing in ("supports", "disputes"):
            room.made(
                "Evidence",
                passage=room.agreed if bearing == "supports" else room.ball,
                event=None,
                commitment=room.commitment,
                bearing=bearing,
            )
        rival = room.made(
            "Proposal",
            issue=room.made("Issue", name="Ceasefire of 60 days"),
            earlier=room.proposal,
            relation="counters",
        )
        room.made("Term", proposal=rival, text="Ceasefire of 60 days", subject="Length")
        room.event_on("15 March 2025", "Leaders meet", modality="planned")
        room.made("Participation", event=room.statement, actor=room.russia, role="addressee")
    return room


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_no_wider_than_a_phone(
    room: Negotiation,
    scheme: Any,
    as_user: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
) -> None:
    for options in ({}, PHONE):
        page = as_user(room.people["analyst"], color_scheme=scheme, **options)
        assert_on_each(page, ADDRESSES, assert_accessible, assert_fits)


def test_cards_are_walked_and_opened_by_keyboard(
    room: Negotiation, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, room.people["reader"])
    page.goto(TABLE)
    agenda = page.get_by_role("complementary", name="What to watch next")
    expect(agenda).to_be_visible()
    page.keyboard.press("j")
    first = page.locator("#row-PR1 h2 a")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer h2").first).to_have_text("30-day ceasefire")
    expect(page).to_have_url(f"{page.url.partition('/d/')[0]}{TABLE}?selected=PR1")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer > *")).to_have_count(0)
    expect(agenda).to_be_visible()
    page.get_by_role("navigation", name="Which proposals").get_by_text("Lapsed 0").press("Enter")
    expect(page.get_by_role("heading", name="No proposal has left the table")).to_be_visible()


def test_ledger_is_narrowed_without_script(room: Negotiation, as_user: Callable[..., Page]) -> None:
    page = as_user(room.people["reader"], java_script_enabled=False)
    page.goto(TABLE)
    expect(page.locator(".awaited")).to_contain_text("Answer awaited from Russia")
    page.get_by_role("link", name="Versions and rivals").first.click()
    expect(page.locator("tr.differs")).to_have_count(2)
    page.goto("/d/room/commitments/")
    page.get_by_label("Status").select_option("met")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("heading", name="No commitment is like this")).to_be_visible()
    page.get_by_role("link", name="Show all").last.click()
    expect(page.locator(".row")).to_have_count(1)
