"""Two people look at one dossier: what one saves appears with the other, and nothing moves."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from events import dates, history
from events.models import Event, Presence
from tests import factories
from tests.browser.pages import settled
from tests.views.negotiation import Negotiation
from tests.views.room import Room

pytestmark = pytest.mark.django_db(transaction=True)

TIMELINE = "/d/room/"
E1 = "/d/room/events/E1/"
CHANGED = re.compile(r"\bis-changed\b")
WAITING = re.compile(r"\bis-waiting\b")

Open = Callable[..., Page]


@pytest.fixture
def room() -> Room:
    """A room with forty dated events: more than a window shows."""
    room = Room()
    with history.recording(by=room.people["owner"]):
        for day in range(1, 41):
            dated(room, f"{1 + day % 28} March 2025", f"Event of day {day}")
    return room


def dated(room: Room, day: str, title: str) -> Event:
    """An event on a day."""
    event: Event = factories.EventFactory.build(dossier=room.dossier, title=title)
    event.set_when(dates.read(day))
    event.save()
    return event


@pytest.fixture
def opened(as_user: Callable[..., Page]) -> Open:
    """Open an address in a browser of one's own: `opened(user, address)`."""

    def open_page(user: Any, address: str, **options: Any) -> Page:
        page = as_user(user, **options)
        page.goto(address)
        return page

    return open_page


def top_of(page: Page, selector: str) -> float:
    """Where an element stands in the window, in CSS pixels from its top."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    return round(box["y"], 1)


def watch_marks(page: Page) -> None:
    """Note from now on what is marked as changed, and by whom: the marks do not stay."""
    page.evaluate(
        """() => {
            window.marked = [];
            window.toldBy = [];
            const note = (changes) => changes.forEach(({ target, addedNodes }) => {
                for (const mark of ["is-fresh", "is-changed"]) {
                    if (target.matches(`.${mark}`)) window.marked.push(`${target.id} ${mark}`);
                }
                for (const added of addedNodes) {
                    if (!added.matches?.(".live-by")) continue;
                    window.toldBy.push(`${added.closest("[id]").id}: ${added.textContent}`);
                }
            });
            new MutationObserver(note).observe(document.body,
                { attributes: true, attributeFilter: ["class"], childList: true, subtree: true });
        }"""
    )


def until_marked(page: Page, identifier: str, words: str) -> None:
    """Wait until an element has been marked as changed, with these words beside it."""
    page.wait_for_function(
        "([mark, words]) => window.marked.includes(mark) && window.toldBy.includes(words)",
        arg=[f"{identifier} is-changed", f"{identifier}: {words}"],
    )


def test_a_save_appears_with_the_other(room: Room, opened: Open) -> None:
    reader = opened(room.people["reader"], TIMELINE)
    listed = opened(room.people["owner"], "/d/room/events/")
    drawer = opened(room.people["reviewer"], f"{TIMELINE}?selected=E1")
    watch_marks(drawer)
    analyst = opened(room.people["analyst"], f"{E1}edit")
    analyst.get_by_label("Title").fill("Talks in Riyadh")
    analyst.get_by_label("Where").fill("Riyadh")
    analyst.get_by_role("button", name="Save event").click()
    expect(analyst.locator("h1")).to_have_text("Talks in Riyadh")
    for page in (reader, listed, drawer):
        expect(page.locator("#row-E1 .row-title a")).to_have_text("Talks in Riyadh")
    place = drawer.locator("#E1-place")
    expect(place).to_contain_text("Riyadh")
    until_marked(drawer, "E1-place", "Analyst X, just now")
    expect(drawer.locator("#drawer h2")).to_have_text("Talks in Riyadh")
    expect(drawer.locator("#row-E1")).to_have_class(re.compile(r"\bis-selected\b"))
    expect(place).not_to_have_class(CHANGED)
    expect(place).not_to_contain_text("just now")


def test_the_field_being_edited_keeps_its_text(room: Room, opened: Open) -> None:
    page = opened(room.people["analyst"], E1)
    page.get_by_role("link", name="Edit where").click()
    box = page.get_by_label("Where", exact=True)
    expect(box).to_be_focused()
    box.fill("Jeddah, Saudi Arabia")
    room.changed("owner", place="Riyadh", summary="Moved")
    expect(page.locator("#E1-place .live-saved")).to_contain_text("Owner X saved ‘Riyadh’ at ")
    expect(page.locator("#E1-place .live-saved")).to_contain_text("leads to the merge page")
    expect(page.locator("#E1-summary")).to_contain_text("Moved")
    expect(box).to_have_value("Jeddah, Saudi Arabia")
    expect(box).to_be_focused()
    box.press("Escape")
    expect(page.locator("#E1-place .field-value")).to_have_text("Riyadh")


def test_a_form_says_what_was_saved_meanwhile(room: Room, opened: Open) -> None:
    page = opened(room.people["analyst"], f"{E1}edit")
    page.get_by_label("Summary").fill("A long text")
    room.changed("owner", place="Riyadh")
    told = page.locator("form .live-saved")
    expect(told).to_have_text(
        re.compile(r"^Owner X saved E1 at \d\d:\d\d\. Saving yours merges the two\.$")
    )
    room.changed("owner", place="Doha")
    expect(told).to_have_count(1)
    expect(page.get_by_label("Summary")).to_have_value("A long text")


def test_new_rows_wait_and_nothing_moves(room: Room, opened: Open) -> None:
    page = opened(room.people["reader"], TIMELINE)
    settled(page)
    middle = page.locator("#row-E21 .row-title a")
    middle.focus()
    middle.scroll_into_view_if_needed()
    stood = top_of(page, "#row-E21")
    count = page.locator("#list [data-row]").count()
    rows = page.locator("#list [data-row]")
    first = rows.first.get_attribute("data-ref")
    with history.recording(by=room.people["owner"]):
        for number in range(3):
            dated(room, "1 February 2025", f"Found later {number}")
        above = Event.objects.get(ref=first)
        above.title = "A much longer title than before, which takes more than one line " * 4
        above.save()
    button = page.get_by_role("button", name="3 new events, show")
    expect(button).to_have_count(1)
    expect(page.locator(f"#row-{first}")).to_contain_text("A much longer title")
    expect(page.locator("#rail .filters-head")).to_contain_text("44 of 44")
    expect(page.locator("#in-view")).to_contain_text("of 44 events")
    expect(middle).to_be_focused()
    expect(rows).to_have_count(count)
    assert abs(top_of(page, "#row-E21") - stood) <= 1
    button.click()
    expect(button).to_have_count(0)
    expect(rows).to_have_count(count + 3)
    expect(page.locator("#list .row-title a").first).to_be_focused()
    expect(rows.first).to_contain_text("Found later 0")


def test_what_is_under_the_pointer_waits(room: Room, opened: Open) -> None:
    page = opened(room.people["reader"], "/d/room/events/")
    row = page.locator("#row-E1")
    row.hover()
    room.changed("owner", title="Talks in Riyadh")
    expect(row).to_have_class(WAITING)
    expect(row).to_contain_text("Talks in Jeddah")
    page.locator("h1").hover()
    expect(row).to_contain_text("Talks in Riyadh")
    expect(row).not_to_have_class(WAITING)


def test_rows_that_moved_wait_for_their_new_place(room: Room, opened: Open) -> None:
    page = opened(room.people["reader"], "/d/room/events/")
    expect(page.locator("[data-row]").last).to_have_attribute("data-ref", "E1")
    with history.recording(by=room.people["owner"]):
        event = room.now()
        event.set_when(dates.read("1 February 2025"))
        event.save()
    expect(page.locator("#row-E1")).to_contain_text("1 Feb")
    expect(page.locator("[data-row]").last).to_have_attribute("data-ref", "E1")
    page.get_by_role("button", name="New order, show").click()
    expect(page.locator("[data-row]").first).to_have_attribute("data-ref", "E1")


def test_words_not_sent_are_kept(room: Room, opened: Open) -> None:
    page = opened(room.people["analyst"], E1)
    note = page.get_by_label("Write a note")
    note.fill("Half a sentence")
    page.locator("h1").click()
    with history.recording(by=room.people["owner"]):
        factories.NoteFactory(dossier=room.dossier, event=room.event, author=room.people["owner"])
    expect(page.locator(".panel.notes")).to_have_class(WAITING)
    expect(note).to_have_value("Half a sentence")
    note.fill("")
    page.locator("h1").click()
    expect(page.locator(".note")).to_have_count(1)


def test_a_deleted_row_is_struck_and_stays(room: Room, opened: Open) -> None:
    page = opened(room.people["reader"], f"{TIMELINE}?selected=E5")
    count = page.locator("#list [data-row]").count()
    with history.recording(by=room.people["owner"]):
        Event.objects.get(ref="E5").delete()
    expect(page.locator("#row-E5")).to_have_class(re.compile(r"\bis-gone\b"))
    expect(page.locator("#row-E5")).to_contain_text("Owner X deleted this.")
    expect(page.locator("#toasts")).to_contain_text("Owner X deleted E5")
    expect(page.locator("#list [data-row]")).to_have_count(count)


def test_people_and_what_they_edit_are_seen(
    room: Room, opened: Open, assert_accessible: Callable[[Page], None]
) -> None:
    reader = opened(room.people["reader"], f"{TIMELINE}?selected=E1")
    people = reader.get_by_role("group", name="Who is here")
    expect(people.get_by_role("img", name="Live: changes")).to_be_visible()
    analyst = opened(room.people["analyst"], E1)
    expect(people).to_contain_text("Analyst X")
    expect(analyst.get_by_role("group", name="Who is here")).to_contain_text("Reader X")
    analyst.get_by_role("link", name="Edit where").click()
    expect(reader.locator("#row-E1 .live-edit")).to_contain_text("Analyst X is editing E1")
    expect(reader.locator("#E1-place .live-edit")).to_have_text("AX is editing Where")
    assert_accessible(reader)
    box = analyst.get_by_label("Where", exact=True)
    expect(box).to_be_focused()
    box.press("Escape")
    expect(reader.locator(".live-edit")).to_have_count(0)
    analyst.goto("about:blank")
    expect(people).not_to_contain_text("Analyst X")


def test_one_s_own_saves_make_no_stir_but_those_of_another_page_do(
    room: Room, opened: Open
) -> None:
    page = opened(room.people["analyst"], "/d/room/events/?selected=E1")
    other = page.context.new_page()
    other.goto("/d/room/events/?selected=E1")
    for each in (page, other):
        watch_marks(each)
    with page.expect_response(lambda answer: "/changes" in answer.url and answer.status == 200):
        page.locator("#drawer").get_by_role("link", name="Edit where").click()
        box = page.get_by_label("Where", exact=True)
        expect(box).to_be_focused()
        box.fill("Riyadh")
        page.keyboard.press("Enter")
        expect(page.locator("#E1-place")).to_contain_text("Saved.")
    until_marked(other, "E1-place", "You, in another page, just now")
    room.changed("owner", summary="Moved")
    expect(page.locator("#E1-summary")).to_contain_text("Moved")
    assert [mark for mark in page.evaluate("window.marked") if "E1-place" in mark] == []


def test_failing_is_told_and_recovers(
    room: Room, opened: Open, assert_accessible: Callable[[Page], None]
) -> None:
    page = opened(room.people["reader"], TIMELINE)
    people = page.get_by_role("group", name="Who is here")
    expect(people.get_by_role("img", name="Live: changes")).to_be_visible()
    page.route("**/d/room/changes?*", lambda route: route.abort())
    banner = page.locator(".live-off")
    expect(banner).to_contain_text(re.compile(r"Live updates stopped. This page is from \d\d:\d\d"))
    expect(people.get_by_role("img", name="Live updates are off")).to_be_visible()
    assert_accessible(page)
    room.changed("owner", title="Talks in Riyadh")
    page.unroute("**/d/room/changes?*")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(banner).to_have_count(0)
    expect(page.locator("#row-E1")).to_contain_text("Talks in Riyadh")
    expect(people.get_by_role("img", name="Live: changes")).to_be_visible()


def test_who_is_no_member_asks_nothing(opened: Open, as_user: Callable[..., Page]) -> None:
    room = Room(visibility="public")
    asked: list[str] = []
    visitor = as_user(None)
    visitor.on("request", lambda request: asked.append(request.url))
    visitor.goto(TIMELINE)
    expect(visitor.locator("h1")).to_have_text("Timeline")
    expect(visitor.locator("body[data-live], .live-people")).to_have_count(0)
    plain = opened(room.people["reader"], TIMELINE, java_script_enabled=False)
    expect(plain.locator(".live-people, .live-new")).to_have_count(0)
    assert [url for url in asked if "changes" in url or "presence" in url] == []
    assert Presence.objects.count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("address", "row"),
    [
        ("/d/room/review/", "E2"),
        ("/d/room/conflicts/", "X1"),
        ("/d/room/positions/list/", "PO1"),
        ("/d/room/proposals/PR1/", ""),
    ],
)
def test_other_pages_follow_too(
    address: str,
    row: str,
    scheme: str,
    opened: Open,
    assert_accessible: Callable[[Page], None],
) -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        room.statement.withdraw()
    page = opened(room.people["reviewer"], address, color_scheme=scheme)
    by = room.people["owner"]
    with history.recording(by=by):
        for record, name in (
            (room.statement, "title"),
            (room.conflict, "title"),
            (room.answer, "summary"),
            (room.proposal.terms.get(), "text"),
        ):
            setattr(record, name, "Written anew")
            record.save()
        room.made("Conflict", title="One more")
        room.made("Position", actor=room.usa, issue=room.issue, summary="One more")
    place = page.locator(f"#row-{row}") if row else page.locator("main")
    # A position's row shows its quotation; what changed there is the number of them.
    if row != "PO1":
        expect(place).to_contain_text("Written anew")
    if row:
        expect(page.locator(".live-new button")).to_be_visible()
    assert_accessible(page)
