"""Two people in one record at once: merging, the merge page, and text that is never lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from events import history
from tests.browser.pages import assert_fits
from tests.views.room import Room

pytestmark = pytest.mark.django_db(transaction=True)

E1 = "/d/room/events/E1/"
THEIRS = "States that the US will immediately resume assistance."
MINE = "States that the US will resume assistance if Russia accepts."


@pytest.fixture
def room() -> Room:
    room = Room()
    room.changed("owner", summary="States that the US will resume assistance.")
    return room


@pytest.fixture
def of(room: Room, as_user: Callable[..., Page]) -> Callable[..., Page]:
    """A page of someone's own browser."""
    return lambda role, **options: as_user(room.people[role], **options)


def begin(page: Page, field: str, text: str) -> None:
    """Open a field of the event in place and type."""
    page.goto(E1)
    page.get_by_role("link", name=f"Edit {field}").click()
    box = page.locator(".field-editor").locator("input:not([type=hidden]), textarea")
    expect(box).to_be_focused()
    box.fill(text)


def in_conflict(page: Page, room: Room) -> None:
    """The merge page, from the form page, with two fields to decide."""
    page.goto(f"{E1}edit")
    room.changed("owner", summary=THEIRS, place="Riyadh", title="Talks in Riyadh")
    page.get_by_label("Summary").fill(MINE)
    page.get_by_label("Where").fill("Jeddah, Saudi Arabia")
    page.get_by_role("button", name="Save event").click()
    expect(page.locator("h1")).to_have_text("Owner X saved E1 while you were editing")


def test_two_people_in_one_event(of: Callable[..., Page], room: Room) -> None:
    one, two = of("analyst"), of("reviewer")
    # A field each: merged, and both are there.
    begin(one, "where", "Riyadh")
    begin(two, "summary", THEIRS)
    one.keyboard.press("Enter")
    expect(one.locator("#E1-place")).to_contain_text("Saved.")
    two.keyboard.press("Control+Enter")
    expect(two.locator("#toasts")).to_contain_text("beside what others changed meanwhile: Where")
    assert (room.now().place, room.now().summary) == ("Riyadh", THEIRS)
    # The same field: the second meets the merge page with both texts, and decides by keys.
    begin(one, "where", "Diriyah")
    begin(two, "where", "Doha, Qatar")
    one.keyboard.press("Enter")
    expect(one.locator("#E1-place")).to_contain_text("Saved.")
    two.keyboard.press("Enter")
    expect(two.locator("h1")).to_have_text("Analyst X saved E1 while you were editing")
    row = two.get_by_role("radiogroup", name="Where")
    texts = [row.get_by_role("radio", name=name) for name in ("Before", "Theirs", "Yours")]
    for radio, text in zip(texts, ("Riyadh", "Diriyah", "Doha, Qatar"), strict=True):
        expect(radio).to_have_attribute("data-text", text)
    save = two.get_by_role("button", name=re.compile("Save as version"))
    expect(save).to_be_disabled()
    expect(two.locator("[data-left]")).to_have_text("1 field left")
    two.keyboard.press("2")
    expect(texts[1]).to_be_checked()
    two.keyboard.press("3")
    expect(texts[2]).to_be_checked()
    expect(two.locator("[data-progress]")).to_have_text("1 of 1 decided")
    expect(save).to_be_enabled()
    save.press("Enter")
    expect(two).to_have_url(re.compile(f"{E1}$"))
    expect(two.locator("#E1-place")).to_contain_text("Doha, Qatar")
    two.goto(E1)
    # What was kept for the field is of no use any more.
    expect(two.locator(".has-draft")).to_have_count(0)
    assert room.now().place == "Doha, Qatar"


def test_keys_of_the_merge_page(of: Callable[..., Page], room: Room) -> None:
    page = of("analyst")
    in_conflict(page, room)
    where, summary = (page.get_by_role("radiogroup", name=name) for name in ("Where", "Summary"))
    expect(where).to_have_class(re.compile("is-current"))
    page.keyboard.press("1")
    expect(where.get_by_role("radio", name="Before")).to_be_checked()
    expect(where.locator("[data-chosen]")).to_have_text("Jeddah")
    page.keyboard.press("j")
    expect(summary.get_by_role("radio", name="Before")).to_be_focused()
    page.keyboard.press("k")
    expect(where.get_by_role("radio", name="Before")).to_be_focused()
    page.keyboard.press("j")
    summary.get_by_role("button", name="Start from theirs").press("Enter")
    own = summary.get_by_label("Summary, a text of your own")
    expect(own).to_have_value(THEIRS)
    expect(own).to_be_focused()
    # One goes on where the text ends.
    page.keyboard.type(" So far.")
    expect(own).to_have_value(f"{THEIRS} So far.")
    # Figures and letters are typed here, and Enter takes the text.
    own.fill("Immediately, on 12 March")
    own.press("Enter")
    expect(summary.locator("[data-chosen]")).to_have_text("Immediately, on 12 March")
    save = page.get_by_role("button", name="Save as version 4")
    expect(save).to_be_focused()
    page.keyboard.press("Enter")
    toast = page.locator("#toasts")
    expect(toast).to_contain_text("E1 saved as version 4")
    now = room.now()
    assert (now.title, now.place, now.summary) == (
        "Talks in Riyadh",
        "Jeddah",
        "Immediately, on 12 March",
    )
    # A merge is undone as any other change.
    toast.get_by_role("button", name="Undo").click()
    expect(toast).to_contain_text("Undone")
    assert (room.now().version, room.now().summary) == (5, THEIRS)


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_merge_page_is_accessible(
    of: Callable[..., Page],
    room: Room,
    assert_accessible: Callable[[Page], None],
    width: int,
    scheme: str,
) -> None:
    page = of("analyst", viewport={"width": width, "height": 800}, color_scheme=scheme)
    in_conflict(page, room)
    assert_accessible(page)
    if width < 768:
        # One field at a time, and nothing scrolls sideways.
        shown = page.get_by_role("radiogroup")
        expect(shown).to_have_count(1)
        page.get_by_role("button", name="Next field").click()
        expect(page.get_by_role("radiogroup", name="Summary")).to_be_visible()
        expect(shown).to_have_count(1)
    assert_fits(page)
    page.get_by_role("radio", name="Yours").last.check()
    assert_accessible(page)


def test_merge_page_without_script(of: Callable[..., Page], room: Room) -> None:
    page = of("analyst", java_script_enabled=False)
    in_conflict(page, room)
    page.get_by_role("radiogroup", name="Where").get_by_role("radio", name="Theirs").check()
    page.get_by_role("button", name="Save as version").click()
    summary = page.get_by_role("radiogroup", name="Summary")
    expect(summary).to_contain_text("Choose one of the three, or a text of your own.")
    summary.get_by_label("a text of your own").fill("A third wording")
    summary.get_by_role("radio", name="Use this text").check()
    page.get_by_role("button", name="Save as version").click()
    expect(page.locator("h1")).to_have_text("Talks in Riyadh")
    assert (room.now().place, room.now().summary) == ("Riyadh", "A third wording")


def test_decisions_survive_leaving_the_page(of: Callable[..., Page], room: Room) -> None:
    page = of("analyst")
    begin(page, "summary", MINE)
    room.changed("owner", summary=THEIRS, place="Riyadh")
    page.keyboard.press("Control+Enter")
    own = page.get_by_label("Summary, a text of your own")
    own.fill("Half written")
    # The form of the record offers the text, and leads back to what was being decided.
    page.goto(f"{E1}edit")
    expect(page.locator(".draft-note")).to_contain_text("This is your unsaved text")
    expect(page.get_by_label("Summary")).to_have_value(MINE)
    page.get_by_role("button", name="Save event").click()
    expect(page.locator("h1")).to_have_text("Owner X saved E1 while you were editing")
    expect(own).to_have_value("Half written")
    own.press("Enter")
    page.get_by_role("button", name="Save as version").click()
    expect(page.locator("#E1-summary")).to_contain_text("Half written")
    page.goto(f"{E1}edit")
    expect(page.locator(".draft-note")).to_have_count(0)
    assert (room.now().place, room.now().summary) == ("Riyadh", "Half written")


def test_text_of_a_form_survives_a_reload_and_a_failure(
    of: Callable[..., Page], room: Room
) -> None:
    page = of("analyst")
    page.goto(f"{E1}edit")
    summary = page.get_by_label("Summary")
    summary.fill(MINE)
    page.reload()
    expect(summary).to_have_value(MINE)
    # A server that fails, and one that cannot be reached.
    page.route(f"**{E1}edit", lambda route: route.fulfill(status=500, body="Failed"))
    page.get_by_role("button", name="Save event").click()
    expect(page.locator("body")).to_have_text("Failed")
    page.unroute_all()
    page.goto(f"{E1}edit")
    expect(summary).to_have_value(MINE)
    # Somebody saved meanwhile: the text goes on from the version it was typed against.
    room.changed("owner", summary=THEIRS)
    page.reload()
    expect(summary).to_have_value(MINE)
    page.get_by_role("button", name="Save event").click()
    expect(page.locator("h1")).to_have_text("Owner X saved E1 while you were editing")
    page.keyboard.press("3")
    expect(page.get_by_role("radio", name="Yours")).to_be_checked()
    page.get_by_role("button", name="Save as version").click()
    expect(page.locator("#E1-summary")).to_contain_text(MINE)
    page.goto(f"{E1}edit")
    expect(summary).to_have_value(MINE)
    expect(page.locator(".draft-note")).to_have_count(0)


def test_discarding_a_draft(of: Callable[..., Page], room: Room) -> None:
    page = of("analyst")
    page.goto(f"{E1}edit")
    page.get_by_label("Where").fill("Doha")
    page.reload()
    page.locator(".draft-note").get_by_role("button", name="Discard").click()
    expect(page.get_by_label("Where")).to_have_value("Jeddah")
    page.reload()
    expect(page.get_by_label("Where")).to_have_value("Jeddah")
    expect(page.locator(".draft-note")).to_have_count(0)


def test_drafts_are_wiped_when_another_person_signs_in(
    of: Callable[..., Page], room: Room, sign_in: Callable[..., None]
) -> None:
    page = of("analyst")
    page.goto(f"{E1}edit")
    page.get_by_label("Where").fill("Known to the analyst alone")
    sign_in(page, room.people["reviewer"])
    page.goto(f"{E1}edit")
    expect(page.get_by_label("Where")).to_have_value("Jeddah")
    kept = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))")
    assert kept == []


def test_text_survives_a_session_that_ended(of: Callable[..., Page], room: Room) -> None:
    user = room.people["analyst"]
    user.set_password("the analyst writes")
    user.save()
    page = of("analyst")
    begin(page, "summary", MINE)
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("nothing you wrote is lost")
    expect(page.get_by_text(MINE)).to_be_visible()
    page.get_by_label("User name").fill(user.username)
    page.get_by_label("Password").fill("the analyst writes")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Send it").click()
    expect(page).to_have_url(re.compile(f"{E1}$"))
    expect(page.locator("#E1-summary")).to_contain_text(MINE)
    expect(page.locator(".has-draft")).to_have_count(0)


def test_settings_typed_survive_a_reload(of: Callable[..., Page], room: Room) -> None:
    page = of("owner")
    page.goto("/d/room/settings")
    page.get_by_label("Title").fill("Truce")
    page.reload()
    expect(page.get_by_label("Title")).to_have_value("Truce")
    with history.recording(by=room.people["reviewer"]):
        room.dossier.title = "Ceasefire"
        room.dossier.save()
    # Still made from the version it was typed against: the other title is told, not covered.
    page.reload()
    page.get_by_role("button", name="Save settings").click()
    expect(page.locator(".error-summary")).to_contain_text("Reviewer X saved 'Ceasefire'")
    page.get_by_role("button", name="Save settings").click()
    expect(page.locator("#toasts")).to_contain_text("Settings saved")
    page.goto("/d/room/settings")
    expect(page.locator(".draft-note")).to_have_count(0)
    expect(page.get_by_label("Title")).to_have_value("Truce")
