"""Marking words of a source in the browser: by pointer, by keyboard alone, and without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from events import history
from events.models import Dossier, Event, Evidence, Membership, Participation, Passage, User
from tests.factories import DossierFactory, MembershipFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = (
    "The envoys 🤝 met in Porto Lira on Monday.\n"
    "“We will open the harbour this Saturday,” Marko Ilic said. “It took two 🚢🚢 weeks.”\n"
    "<b>No answer</b> came from the islands."
)


def made(text: str = TEXT) -> Any:
    """An owner and a dossier with one source of 10 March 2025."""
    owner = UserFactory(username="owner")
    with history.recording(by=owner):
        dossier = DossierFactory(slug="port")
        MembershipFactory(dossier=dossier, user=owner, role=Membership.Role.OWNER)
        if text:
            source = SourceFactory.build(
                dossier=dossier,
                title="Report",
                published_text="10 March 2025",
                published_edtf="2025-03-10",
                published_earliest=1741564800,
                published_latest=1741651200,
            )
            source.receive(text)
    return owner


@pytest.fixture
def page(as_user: Callable[..., Page]) -> Page:
    """The reader of the source, opened by its owner."""
    page = as_user(made())
    page.goto("/d/port/sources/S1/")
    return page


def select(page: Page, paragraph: int, words: str) -> None:
    """Select words of a paragraph, as a pointer would."""
    page.evaluate(
        """([id, words]) => {
            const p = document.querySelector(`#${id} > p`);
            const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
            const from = p.textContent.indexOf(words), to = from + words.length;
            const range = document.createRange();
            let at = 0;
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const end = at + node.length;
                if (from >= at && from < end) range.setStart(node, from - at);
                if (to > at && to <= end) range.setEnd(node, to - at);
                at = end;
            }
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }""",
        [f"paragraph-{paragraph}", words],
    )


class Counted:
    """Counts what a person does: clicks, keys pressed, fields filled, words selected."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def click(self, name: str, role: Any = "button", exact: bool = False) -> None:
        self.count += 1
        self.page.get_by_role(role, name=name, exact=exact).first.click()

    def fill(self, label: str, text: str) -> None:
        self.count += 1
        self.page.get_by_label(label).first.fill(text)

    def press(self, name: str) -> None:
        self.count += 1
        self.page.keyboard.press(name)

    def select(self, paragraph: int, words: str) -> None:
        self.count += 1
        select(self.page, paragraph, words)


def test_from_an_empty_dossier_to_a_published_event(as_user: Callable[..., Page]) -> None:
    page = as_user(made(text=""))
    page.goto("/d/port/")
    does = Counted(page)
    does.click("Sources", "link")
    expect(page).to_have_url("/d/port/sources/")
    does.click("Add a source", "link")
    expect(page.get_by_label("Paste the text")).to_be_focused()
    does.fill("Paste the text", TEXT)
    does.click("Continue")
    expect(page.get_by_label("Title")).to_be_visible()
    does.fill("Title", "Harbour report")
    does.fill("Published", "10 March 2025")
    does.click("Save source")
    expect(page.locator("#reader")).to_be_visible()
    does.select(2, "We will open the harbour this Saturday")
    expect(page.get_by_role("toolbar", name="Record the selected words")).to_be_visible()
    does.press("e")
    form = page.locator("#marking form")
    expect(form.get_by_label("Title")).to_have_value(
        "Marko Ilic: ‘We will open the harbour this Saturday’"
    )
    expect(form.get_by_label("Title")).to_be_focused()
    does.click("Save and publish")
    expect(page.locator("#reader mark[data-mark].is-event").first).to_be_focused()
    assert does.count < 15
    event = Event.objects.get()
    assert (event.state, event.when_edtf, event.when_basis) == (
        *("published", "2025-03-10", "derived_document"),
    )
    evidence = Evidence.objects.get()
    assert (evidence.passage.exact, evidence.manner, evidence.speaker.name) == (
        *("We will open the harbour this Saturday", "direct_quote", "Marko Ilic"),
    )
    assert Participation.objects.get().headline == "Marko Ilic as speaker"


def test_offsets_are_code_points(page: Page) -> None:
    select(page, 2, "two 🚢🚢 weeks")
    page.get_by_role("button", name="Quote only").click()
    expect(page.locator("#marking .marked-words")).to_have_text("two 🚢🚢 weeks")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#P1")).to_have_text("two 🚢🚢 weeks")
    expect(page.locator("#P1")).to_be_focused()


def test_a_text_with_markup_is_text(page: Page) -> None:
    select(page, 3, "<b>No answer</b> came")
    expect(page.get_by_role("toolbar", name="Record the selected words")).to_be_visible()
    page.keyboard.press("p")
    expect(page.locator("#marking .marked-words")).to_have_text("<b>No answer</b> came")
    expect(page.get_by_label("Stance")).to_have_value("")


def test_by_keyboard_alone(page: Page) -> None:
    page.goto("/d/port/sources/S1/#paragraph-1")
    bar = page.get_by_role("toolbar", name="Record the selected words")
    expect(page.locator("#reader")).to_be_visible()
    page.locator("#paragraph-1").evaluate("p => { p.tabIndex = -1; p.focus(); }")
    page.keyboard.press("m")
    expect(bar).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("c")
    expect(page.locator("#marking .marked-words")).to_have_text("envoys 🤝 met")
    expect(page.get_by_label("Action")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#marking form")).to_have_count(0)
    expect(page.locator("#paragraph-1")).to_be_focused()
    page.keyboard.press("m")
    expect(bar).to_be_visible()
    page.keyboard.press("Escape")
    expect(bar).to_have_count(0)


def test_a_selection_over_paragraphs_made_backwards(page: Page) -> None:
    page.evaluate(
        """() => {
            const nodeOf = (words) => {
                const texts = document.createTreeWalker(
                    document.querySelector(".text"), NodeFilter.SHOW_TEXT);
                while (!texts.nextNode().data.includes(words));
                return texts.currentNode;
            };
            const [from, to] = [nodeOf("Monday"), nodeOf(" said")];
            getSelection().setBaseAndExtent(
                to, to.data.indexOf(" said"), from, from.data.indexOf("Monday"));
        }"""
    )
    page.get_by_role("button", name="Quote only").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#P1")).to_be_focused()
    assert Passage.objects.get().exact == (
        "Monday.\n“We will open the harbour this Saturday,” Marko Ilic"
    )


def test_words_drawn_from_any_place_of_a_point(as_user: Callable[..., Page]) -> None:
    text = "Readout\n- President Aro agreed to release the crew.\nNothing else was said."
    page = as_user(made(text))
    page.goto("/d/port/sources/S1/")
    box = page.locator("#paragraph-2 > p").bounding_box()
    assert box is not None
    bar = page.get_by_role("toolbar", name="Record the selected words")
    for left in (1, 3, 6, 8, 12):
        page.mouse.move(box["x"] + left, box["y"] + 15)
        page.mouse.down()
        page.mouse.move(box["x"] + 120, box["y"] + 15, steps=6)
        page.mouse.move(box["x"] + 240, box["y"] + 15, steps=6)
        page.mouse.up()
        expect(bar).to_be_visible()
        words = page.evaluate("getSelection().toString()")
        assert "President Aro agreed to" in words
        page.keyboard.press("Escape")
        expect(bar).to_have_count(0)


def test_a_mark_is_taken_whole(page: Page) -> None:
    select(page, 1, "met in Porto Lira on Monday.")
    page.get_by_role("button", name="Quote only").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#P1")).to_be_focused()
    page.keyboard.press("m")
    expect(page.get_by_role("toolbar", name="Record the selected words")).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator("#marking .marked-words")).to_have_text("met in Porto Lira on Monday.")


def test_the_bar_and_the_form_are_reached_and_read_by_all(
    page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    page.locator("#paragraph-1").evaluate("p => { p.tabIndex = -1; p.focus(); }")
    page.keyboard.press("m")
    bar = page.get_by_role("toolbar", name="Record the selected words")
    expect(bar).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Tab")
    expect(bar.get_by_role("button", name="Event")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(bar.get_by_role("button", name="Evidence for…")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#marking #id_about")).to_be_focused()
    assert_accessible(page)


def test_what_was_typed_outlives_the_end_of_the_session(page: Page) -> None:
    select(page, 1, "met in Porto Lira on Monday")
    expect(page.get_by_role("toolbar", name="Record the selected words")).to_be_visible()
    page.keyboard.press("e")
    page.locator("#marking").get_by_label("Title").fill("Envoys meet")
    owner = User.objects.get(username="owner")
    owner.set_password("harbour bridge north")
    owner.save()
    Session.objects.all().delete()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("main")).to_contain_text("nothing you wrote is lost")
    page.get_by_label("User name").fill("owner")
    page.get_by_label("Password").fill("harbour bridge north")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("#P1")).to_have_text("met in Porto Lira on Monday")
    assert Event.objects.get().title == "Envoys meet"


def test_what_was_typed_stays_with_errors(page: Page) -> None:
    select(page, 1, "met in Porto Lira on Monday")
    expect(page.get_by_role("toolbar", name="Record the selected words")).to_be_visible()
    page.keyboard.press("e")
    title = page.locator("#marking").get_by_label("Title")
    title.fill("Envoys meet")
    page.locator("#marking").get_by_label("When", exact=False).first.fill("the 41st")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#marking .error-summary")).to_contain_text("When")
    expect(title).to_have_value("Envoys meet")
    page.locator("#marking").get_by_label("When", exact=False).first.fill("Monday 10 March 2025")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#P1")).to_have_text("met in Porto Lira on Monday")
    assert Event.objects.get().title == "Envoys meet"


def test_without_script(as_user: Callable[..., Page]) -> None:
    page = as_user(made(), java_script_enabled=False)
    page.goto("/d/port/sources/S1/")
    page.get_by_role("link", name="Mark words").click()
    page.get_by_label("Event", exact=True).check()
    page.get_by_label("Words of the source").fill('"We will open the harbour this Saturday,"')
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Title")).to_have_value(
        "Marko Ilic: ‘We will open the harbour this Saturday’"
    )
    page.get_by_role("button", name="Save draft").click()
    expect(page).to_have_url("/d/port/sources/S1/#P1")
    assert Dossier.objects.get().pk == Event.objects.get().dossier_id
