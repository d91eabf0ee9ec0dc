"""The reader of a source: marks by key, cards and wires, the sheet on phones, no script, print."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from events import history
from events.models import Passage, Source, SourceText
from tests.browser.pages import width_of
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db(transaction=True)

READER = "/d/room/sources/S1/"

type SignIn = Callable[[Page | BrowserContext, Any], None]


@pytest.fixture
def room() -> Negotiation:
    """The negotiation: two passages with three records on them."""
    return Negotiation()


def opened(page: Page, address: str = READER) -> Page:
    """The reader, once its script has placed the cards."""
    page.goto(address)
    expect(page.locator("body.is-placed")).to_have_count(1)
    return page


def card_of(page: Page, record: str) -> Locator:
    """The card of a record."""
    return page.locator("[data-card]", has=page.locator(f"[data-drawer='{record}']"))


def current(page: Page) -> Locator:
    """The mark at hand."""
    return page.locator("#reader mark[aria-current=true]")


def test_j_and_k_walk_the_marks_and_unfold_their_cards(
    page: Page, sign_in: SignIn, room: Negotiation
) -> None:
    sign_in(page, room.people["reader"])
    opened(page)
    page.keyboard.press("j")
    ball = page.locator(f"mark#{room.ball.ref}")
    expect(ball).to_be_focused()
    expect(current(page)).to_have_attribute("id", room.ball.ref)
    expect(page.locator("[data-card].is-current")).to_have_count(2)
    expect(page.locator("div.sr[role=status]")).to_have_text(
        "Position PO2 United States Rubio on 30-day ceasefire. 1 of 2"
    )
    page.keyboard.press("j")
    expect(page.locator(f"mark#{room.agreed.ref}")).to_be_focused()
    page.keyboard.press("j")
    expect(current(page)).to_have_attribute("id", room.agreed.ref)
    page.keyboard.press("k")
    expect(ball).to_be_focused()
    expect(page.locator(".paragraphs a[aria-current]")).to_have_text("Paragraph 2, 2 highlights")


def test_enter_opens_the_record_where_the_cards_are(
    page: Page, sign_in: SignIn, room: Negotiation
) -> None:
    sign_in(page, room.people["reader"])
    opened(page)
    page.keyboard.press("j")
    expect(page.locator(f"mark#{room.ball.ref}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer h2")).to_have_text("Rubio on 30-day ceasefire")
    expect(page).to_have_url(re.compile(r"\?selected=PO2$"))
    # Its evidence leads back to the words.
    page.locator("#drawer .evidence .meta a").first.click()
    expect(page.locator("#drawer > *")).to_have_count(0)
    expect(current(page)).to_have_attribute("id", room.ball.ref)
    expect(page.locator(f"mark#{room.ball.ref}")).to_be_focused()


def test_a_click_makes_a_mark_current_and_a_second_opens_its_record(
    page: Page, sign_in: SignIn, room: Negotiation
) -> None:
    sign_in(page, room.people["reader"])
    opened(page)
    mark = page.locator(f"mark#{room.agreed.ref}")
    mark.click()
    expect(current(page)).to_have_attribute("id", room.agreed.ref)
    expect(card_of(page, "PO1").locator(".card-more")).to_be_visible()
    mark.click()
    expect(page.locator("#drawer h2")).to_have_text("Ukraine on 30-day ceasefire")


def test_an_address_with_a_passage_leads_to_it_and_keys_go_on_from_there(
    page: Page, sign_in: SignIn, room: Negotiation
) -> None:
    sign_in(page, room.people["reader"])
    opened(page, f"{READER}#{room.agreed.ref}")
    expect(page.locator(f"mark#{room.agreed.ref}")).to_be_focused()
    page.keyboard.press("k")
    expect(current(page)).to_have_attribute("id", room.ball.ref)
    opened(page, f"{READER}#P99")
    expect(page.locator(".toast")).to_contain_text("P99 is not in this version of the text.")


def test_cards_stand_beside_their_marks_and_are_wired_to_them(
    page: Page, sign_in: SignIn, room: Negotiation
) -> None:
    sign_in(page, room.people["reader"])
    opened(page)
    mark, card = page.locator(f"mark#{room.agreed.ref}"), card_of(page, "PO1")
    expect(card).to_be_visible()
    expect(page.locator(".wires path.wire")).to_have_count(1)
    # Cards may have made way for each other by their own height, no more.
    near = """([mark, card]) => Math.abs(
        mark.getBoundingClientRect().bottom - card.getBoundingClientRect().top) < 120"""
    found = page.evaluate(near, [mark.element_handle(), card.element_handle()])
    assert found is True
    beside = "([mark, card]) => mark.getBoundingClientRect().right < card.getBoundingClientRect().x"
    assert page.evaluate(beside, [mark.element_handle(), card.element_handle()]) is True


def test_kinds_are_hidden_at_once_and_kept_in_the_address(
    page: Page, sign_in: SignIn, room: Negotiation
) -> None:
    sign_in(page, room.people["reader"])
    opened(page)
    page.get_by_label("Positions 2").uncheck(force=True)
    expect(page.locator(f"mark#{room.agreed.ref}")).to_have_class("is-off")
    expect(page.locator(f"mark#{room.ball.ref}")).to_have_class("is-event")
    expect(card_of(page, "PO1")).to_be_hidden()
    expect(card_of(page, "E2")).to_be_visible()
    page.reload()
    expect(page.locator("body.is-placed")).to_have_count(1)
    expect(page.locator(f"mark#{room.agreed.ref}")).to_have_class("is-off")
    expect(page.get_by_label("Positions 2")).not_to_be_checked()


def test_on_a_phone_cards_open_as_a_sheet(
    new_context: Callable[..., BrowserContext], sign_in: SignIn, room: Negotiation
) -> None:
    context = new_context(viewport={"width": 375, "height": 720}, has_touch=True)
    sign_in(context, room.people["reader"])
    page = opened(context.new_page())
    sheet = page.locator("#margin")
    expect(sheet).to_be_hidden()
    page.locator(f"mark#{room.agreed.ref}").tap()
    expect(sheet).to_be_visible()
    expect(card_of(page, "PO1")).to_be_visible()
    expect(card_of(page, "E2")).to_be_hidden()
    expect(page.locator(".sheet-bar .meta")).to_have_text("2 of 2")
    page.get_by_role("button", name="Previous").tap()
    expect(card_of(page, "PO1")).to_be_hidden()
    expect(card_of(page, "E2")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).tap()
    expect(sheet).to_be_hidden()
    assert width_of(page) == 375


@pytest.mark.parametrize("width", [375, 1024, 1440])
def test_the_tabs_are_accessible(
    new_context: Callable[..., BrowserContext],
    sign_in: SignIn,
    room: Negotiation,
    assert_accessible: Callable[[Page], None],
    width: int,
) -> None:
    context = new_context(viewport={"width": width, "height": 800})
    sign_in(context, room.people["analyst"])
    page = opened(context.new_page())
    page.keyboard.press("j")
    expect(page.locator(f"mark#{room.ball.ref}")).to_be_focused()
    assert_accessible(page)
    for tab in ("records", "details"):
        page.goto(f"{READER}{tab}")
        expect(page.locator("h1")).to_have_text("Report from Jeddah")
        assert_accessible(page)
        assert width_of(page) == width


def test_without_script_the_cards_are_a_list_with_links(
    new_context: Callable[..., BrowserContext], sign_in: SignIn, room: Negotiation
) -> None:
    context = new_context(java_script_enabled=False)
    sign_in(context, room.people["reader"])
    page = context.new_page()
    page.goto(READER)
    expect(page.locator("[data-card]:visible")).to_have_count(3)
    page.locator(f"[data-for={room.agreed.ref}] .card-place").click()
    expect(page.locator(f"mark#{room.agreed.ref}:target")).to_be_in_viewport()
    page.locator("label", has_text="Positions").locator("input").uncheck(force=True)
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("[data-card]:visible")).to_have_count(1)
    card_of(page, "E2").get_by_role("link", name="Rubio to the press").click()
    expect(page.locator("h1")).to_have_text("Rubio to the press")


def test_print_numbers_the_marks_and_lists_the_records_with_their_words(
    page: Page, sign_in: SignIn, room: Negotiation
) -> None:
    sign_in(page, room.people["reader"])
    opened(page)
    page.emulate_media(media="print")
    expect(card_of(page, "PO1").locator(".card-words")).to_have_text(
        "‘Ukraine agreed to a ceasefire of 30 days’"
    )
    expect(card_of(page, "PO1").locator(".card-words")).to_be_visible()
    for gone in (".outline", ".wires", ".crumbs", ".reader-keys"):
        expect(page.locator(gone)).to_be_hidden()
    number = "e => getComputedStyle(e, '::before').content"
    assert page.locator(f"mark#{room.agreed.ref}").evaluate(number) == '"2"'


def test_what_others_change_is_offered(page: Page, sign_in: SignIn, room: Negotiation) -> None:
    sign_in(page, room.people["reader"])
    opened(page)
    with history.recording(by=room.people["analyst"]):
        passage = Passage.cut(SourceText.objects.get(pk=room.text.pk), 0, 15)
        passage.save()
    news = page.locator(".reader-news")
    expect(news).to_contain_text("Analyst X changed what is marked here.")
    news.get_by_role("button", name="Show").click()
    expect(page.locator(f"mark#{passage.ref}")).to_have_class("is-quote")
    expect(news).to_have_count(0)


def test_words_that_turn_their_direction_are_shut_in(
    page: Page, sign_in: SignIn, room: Negotiation
) -> None:
    words = "He said \u202eabc def and more."
    with history.recording(by=room.people["owner"]):
        source = room.made("Source", title="Odd note")
        SourceText.objects.create(dossier=room.dossier, source=source, text=words)
    sign_in(page, room.people["reader"])
    page.goto(f"/d/room/sources/{source.ref}/")
    paragraph = page.locator(".text p")
    assert paragraph.evaluate("p => p.textContent") == words
    # What follows runs on to the right: its letters come in their order.
    order = """p => {
        const text = p.lastChild, at = (i) => {
            const r = document.createRange();
            r.setStart(text, i), r.setEnd(text, i + 1);
            return r.getBoundingClientRect().x;
        };
        return at(0) < at(1) && at(1) < at(2);
    }"""
    assert paragraph.evaluate(order) is True


TOLD = """The talks ended late on Tuesday in Jeddah.

“We will stop the shelling on Friday,” Marco Rubio said.

Marco Rubio said that the offer stands. “The next step is theirs,” Marco Rubio added."""


@pytest.fixture
def told(room: Negotiation) -> str:
    """The address of a source whose text suggests several records."""
    with history.recording(by=room.people["owner"]):
        source = room.made("Source", title="Late talks")
        SourceText.objects.create(dossier=room.dossier, source=source, text=TOLD)
    return f"/d/room/sources/{source.ref}/"


def suggestions(page: Page) -> Locator:
    """The cards of suggestions that are still open."""
    return page.locator("[data-card].is-suggested:not(.is-deciding)")


def test_a_and_x_decide_and_the_next_suggestion_follows(
    page: Page, sign_in: SignIn, room: Negotiation, told: str
) -> None:
    sign_in(page, room.people["analyst"])
    opened(page, told)
    expect(page.locator(".review-state > p").first).to_have_text("3 suggestions, 3 left")
    ids = "marks => marks.map((mark) => mark.id)"
    first, second, third = page.locator("mark.is-suggested[id]").evaluate_all(ids)
    page.keyboard.press("j")
    expect(page.locator(f"#{first}")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator(f"#{second}")).to_be_focused()
    expect(page.locator(".review-state > .meta")).to_have_text("1 accepted, 0 rejected")
    expect(page.locator(f"#{first}")).to_have_count(0)
    expect(page.locator("#source-tabs")).to_contain_text("Records 1")
    expect(current(page)).to_have_attribute("id", second)
    page.keyboard.press("x")
    expect(page.locator(f"#{third}")).to_be_focused()
    expect(page.locator(".review-state > .meta")).to_have_text("1 accepted, 1 rejected")
    expect(page.locator(".toast")).to_contain_text("Rejected")
    expect(suggestions(page)).to_have_count(1)


def test_several_are_decided_in_a_row_without_waiting(
    page: Page, sign_in: SignIn, room: Negotiation, told: str
) -> None:
    sign_in(page, room.people["analyst"])
    opened(page, told)
    page.keyboard.press("j")
    expect(page.locator("mark.is-suggested[aria-current=true]")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("x")
    expect(page.locator("[data-card].is-suggested")).to_have_count(0)
    expect(page.locator(".review-state > .meta")).to_have_text("0 accepted, 3 rejected")


def test_keys_reach_into_no_suggestion_that_is_not_at_hand(
    page: Page, sign_in: SignIn, room: Negotiation, told: str
) -> None:
    sign_in(page, room.people["analyst"])
    opened(page, told)
    page.keyboard.press("a")
    page.keyboard.press("x")
    page.keyboard.press("j")
    expect(current(page)).to_have_count(1)
    expect(suggestions(page)).to_have_count(3)
    expect(page.locator(".review-state > .meta")).to_have_text("0 accepted, 0 rejected")


def test_what_is_folded_has_no_cards_until_a_key_leads_into_it(
    page: Page, sign_in: SignIn, room: Negotiation
) -> None:
    sign_in(page, room.people["analyst"])
    opened(page, f"{READER}?fold=1")
    fold = page.locator("details.folded")
    expect(fold.locator("summary")).to_contain_text("Paragraphs 1 and 2")
    expect(card_of(page, "PO2")).to_be_hidden()
    expect(card_of(page, "PO1")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(page.locator(f"mark#{room.ball.ref}")).to_be_focused()
    expect(fold).to_have_attribute("open", "")
    expect(card_of(page, "PO2")).to_be_visible()


def test_a_decision_that_is_refused_is_taken_back(
    page: Page, sign_in: SignIn, room: Negotiation, told: str
) -> None:
    sign_in(page, room.people["analyst"])
    opened(page, told)
    page.route("**/rejection", lambda route: route.fulfill(status=500, body="no"))
    first = str(page.locator("mark.is-suggested[id]").first.get_attribute("id"))
    page.keyboard.press("j")
    expect(page.locator(f"#{first}")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator(".toast.is-error")).to_contain_text("The suggestion is still open")
    expect(page.locator("[data-card].is-deciding")).to_have_count(0)
    expect(suggestions(page)).to_have_count(3)
    expect(page.locator(f"#{first}")).to_be_focused()


def test_what_somebody_else_decided_before_is_told(
    page: Page, sign_in: SignIn, room: Negotiation, told: str
) -> None:
    sign_in(page, room.people["analyst"])
    opened(page, told)
    first = page.locator("mark.is-suggested[id]").first
    fingerprint = str(first.get_attribute("data-suggestion"))
    with history.recording(by=room.people["owner"]):
        room.made(
            "Suggestion",
            source=Source.objects.get(title="Late talks"),
            fingerprint=fingerprint,
            decision="accepted",
        )
    page.keyboard.press("j")
    expect(first).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("#toasts")).to_contain_text(
        "Somebody decided about this suggestion already. It is accepted."
    )
    expect(page.locator(f"mark[data-suggestion='{fingerprint}']")).to_have_count(0)
    expect(suggestions(page)).to_have_count(2)
    expect(page.locator("#toasts")).not_to_contain_text("still open")


def test_enter_opens_the_form_of_a_suggestion_in_the_margin(
    page: Page, sign_in: SignIn, room: Negotiation, told: str
) -> None:
    sign_in(page, room.people["analyst"])
    opened(page, told)
    page.keyboard.press("j")
    expect(page.locator("mark.is-suggested[aria-current=true]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#marking form")).to_be_visible()
