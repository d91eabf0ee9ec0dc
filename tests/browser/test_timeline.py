"""The timeline as a person uses it: by mouse, by keyboard, on a phone, without script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from events import dates, history
from events.models import Dossier, User
from tests import factories as make
from tests.browser.pages import PHONE, settled, width_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ida() -> User:
    user: User = make.UserFactory(username="ida", first_name="Ida", last_name="Okafor")
    return user


@pytest.fixture
def dossier(ida: User) -> Dossier:
    with history.recording(by=ida):
        dossier: Dossier = make.DossierFactory(
            slug="jeddah", title="Ukraine ceasefire", visibility="public"
        )
        make.MembershipFactory(dossier=dossier, user=ida, role="analyst")
        actors = [
            make.ActorFactory(
                dossier=dossier,
                name=name,
                side=make.SideFactory(dossier=dossier, code=code, name=side, order=n, slot=n),
            )
            for n, (code, side, name) in enumerate(
                (("US", "United States", "Rubio"), ("UA", "Ukraine", "Yermak")), 1
            )
        ]
        events = []
        for number, (title, edtf, kind, state) in enumerate(
            (
                ("Aid halted", "2025-03-03", "decision", "published"),
                ("Talks in Jeddah", "2025-03-11", "talks", "published"),
                ("Joint statement", "2025-03-11", "statement", "published"),
                ("Rubio speaks", "2025-03-12T09:00Z", "statement", "reviewed"),
                ("Leaders meet", "2025-03-15", "meeting", "draft"),
                ("Trump to call Putin", "", "call", "published"),
            )
        ):
            event = make.EventFactory.build(dossier=dossier, title=title, kind=kind, state=state)
            event.set_when(dates.from_edtf(edtf))
            event.save()
            events.append(event)
            make.ParticipationFactory(
                dossier=dossier, event=event, actor=actors[number % 2], role="speaker"
            )
        for later, earlier, kind in (
            (2, 1, "after"),
            (2, 1, "follows_from"),
            (3, 2, "responds_to"),
        ):
            make.LinkFactory(
                dossier=dossier,
                from_event=events[later],
                to_event=events[earlier],
                kind=kind,
                state="published",
            )
        text = make.SourceTextFactory(dossier=dossier, text="They agreed. They did not.")
        for start, end, bearing in ((0, 12, "supports"), (13, 26, "disputes")):
            make.EvidenceFactory(
                dossier=dossier,
                event=events[2],
                bearing=bearing,
                passage=make.PassageFactory(
                    dossier=dossier,
                    source_text=text,
                    start=start,
                    end=end,
                    exact=text.text[start:end],
                ),
            )
    return dossier


@pytest.fixture
def timeline(page: Page, sign_in: Callable, ida: User, dossier: Dossier) -> Page:
    """The timeline, open, as an analyst sees it."""
    sign_in(page, ida)
    page.goto("/d/jeddah/")
    expect(page.get_by_role("heading", name="Timeline", exact=True)).to_be_visible()
    settled(page)
    return page


def expect_rows(page: Page, *refs: str) -> None:
    """Wait until the list has these records, in this order."""
    listed = page.locator("li.row")
    expect(listed).to_have_count(len(refs))
    for number, ref in enumerate(refs):
        expect(listed.nth(number)).to_have_attribute("data-ref", ref)


def test_filter_and_back(timeline: Page) -> None:
    timeline.get_by_role("checkbox", name=re.compile("^(.. )?Statement")).check()
    expect(timeline.locator("li.row")).to_have_count(2)
    expect(timeline).to_have_url(re.compile(r"\?kind=statement$"))
    expect(timeline.locator(".filters-head .count")).to_have_text("2 of 6")
    timeline.get_by_role("checkbox", name=re.compile("^(.. )?Ukraine")).check()
    expect(timeline.locator("li.row")).to_have_count(1)
    expect(timeline).to_have_url(re.compile(r"side=UA"))
    timeline.get_by_role("link", name="Clear").click()
    expect(timeline.locator("li.row")).to_have_count(6)
    expect(timeline.locator("#rail input:checked")).to_have_count(0)
    expect(timeline).to_have_url(re.compile(r"/d/jeddah/$"))
    timeline.go_back()
    expect_rows(timeline, "E4")


def test_select_by_mouse(timeline: Page) -> None:
    timeline.locator("#row-E3").click(position={"x": 600, "y": 30})  # anywhere in the row
    expect(timeline.locator("#drawer h2")).to_have_text("Joint statement")
    expect(timeline).to_have_url(re.compile(r"selected=E3$"))
    # One row stands out, though the row of E4 has a link to E3 too.
    expect(timeline.locator("#row-E3")).not_to_have_css("box-shadow", "none")
    for row in timeline.locator("li.row:not(#row-E3)").all():
        expect(row).to_have_css("box-shadow", "none")
    # The chart is drawn anew in the room that is left, with the links of what is selected.
    expect(timeline.locator("#chart .mark.is-selected").first).to_be_visible()
    expect(timeline.locator("#chart .link").first).to_be_attached()
    timeline.wait_for_function(
        """() => Number(document.querySelector(".chart-lanes").getAttribute("width")) ===
            Math.floor(document.querySelector("#chart-region").clientWidth / 8) * 8"""
    )
    timeline.locator("#drawer").get_by_role("link", name="Close").click()
    expect(timeline.locator("#drawer > *")).to_have_count(0)
    expect(timeline.locator("#chart .mark.is-selected")).to_have_count(0)


def test_a_record_that_comes_late_is_selected_in_the_chart_too(timeline: Page) -> None:
    """The chart has been drawn for the narrower room by then, with nothing selected."""
    narrower = timeline.locator(".chart-lanes")
    before = narrower.get_attribute("width") or ""

    def late(route: Route) -> None:
        expect(narrower).not_to_have_attribute("width", before)
        route.continue_()

    timeline.route("**/events/E3/*", late)
    timeline.locator("#row-E3").click(position={"x": 600, "y": 30})
    expect(timeline.locator("#drawer h2")).to_have_text("Joint statement")
    expect(timeline.locator("#chart .mark.is-selected").first).to_be_visible()


def test_select_in_the_chart(timeline: Page) -> None:
    timeline.locator("#chart .mark[data-ref=E4]").first.click()
    expect(timeline.locator("#drawer h2")).to_have_text("Rubio speaks")
    expect(timeline.locator("#row-E4")).to_have_class(re.compile("is-selected"))


def test_what_does_not_load_says_so_and_can_be_asked_for_again(
    as_user: Callable[..., Page], ida: User, dossier: Dossier, problems: list[str]
) -> None:
    page = as_user(ida, viewport={"width": 1440, "height": 800})
    page.goto("/d/jeddah/")
    page.route("**/events/E3/", lambda route: route.abort())
    page.locator("#row-E3 .row-title a").click()
    failed = page.locator("#drawer").get_by_role("alert")
    expect(failed).to_contain_text("E3 did not load")
    expect(failed).to_contain_text("The server did not answer. The list stays as it is.")
    (failure,) = problems
    assert "Failed to fetch" in failure
    problems.clear()
    page.unroute("**/events/E3/")
    failed.get_by_role("button", name="Try again").click()
    expect(page.locator("#drawer h2").first).to_have_text("Joint statement")
    # The chart has been drawn beside the drawer, at the width to which it comes back below.
    settled(page)
    expect(page.locator("#chart .mark.is-selected").first).to_be_visible()
    page.route("**/chart?**", lambda route: route.fulfill(status=500))
    page.set_viewport_size({"width": 1200, "height": 800})
    failed = page.locator("#chart-failed")
    expect(failed).to_have_text("The chart did not load. The list below is complete. Try again")
    page.unroute("**/chart?**")
    page.set_viewport_size({"width": 1440, "height": 800})
    expect(failed).to_have_count(0)


def test_focus_goes_back_to_the_mark(timeline: Page) -> None:
    mark = timeline.locator("[data-chart] a[data-ref=E2]").first
    mark.focus()
    timeline.keyboard.press("Enter")
    expect(timeline.locator("#drawer h2")).to_be_focused()
    timeline.keyboard.press("Escape")
    expect(timeline.locator("#drawer")).to_be_empty()
    expect(mark).to_be_focused()


def test_select_by_keyboard(timeline: Page) -> None:
    timeline.keyboard.press("j")
    timeline.keyboard.press("j")
    expect(timeline.locator("#row-E2 .row-title a")).to_be_focused()
    timeline.keyboard.press("Enter")
    expect(timeline.locator("#drawer h2")).to_have_text("Talks in Jeddah")
    expect(timeline).to_have_url(re.compile("selected=E2"))
    expect(timeline.locator("#drawer h2")).to_be_focused()
    timeline.keyboard.press("Escape")
    expect(timeline.locator("#drawer > *")).to_have_count(0)
    expect(timeline.locator("#row-E2 .row-title a")).to_be_focused()
    timeline.keyboard.press("k")
    expect(timeline.locator("#row-E1 .row-title a")).to_be_focused()


def test_zoom_and_pan_by_keys_keep_the_selection(timeline: Page) -> None:
    timeline.goto("/d/jeddah/?selected=E3")
    chart = timeline.locator("#chart")
    whole = chart.get_attribute("data-from")
    timeline.keyboard.press("+")
    expect(timeline).to_have_url(re.compile(r"from=.*to=.*selected=E3|selected=E3.*from="))
    expect(chart).not_to_have_attribute("data-from", whole or "")
    expect(timeline.locator("#drawer h2")).to_have_text("Joint statement")
    closer = chart.get_attribute("data-from")
    timeline.keyboard.press("Shift+ArrowLeft")
    expect(chart).not_to_have_attribute("data-from", closer or "")
    timeline.keyboard.press("-")
    timeline.keyboard.press("0")
    expect(chart).to_have_attribute("data-from", whole or "")
    expect(timeline).to_have_url(re.compile(r"\?selected=E3$"))


def test_levels(timeline: Page) -> None:
    timeline.get_by_role("link", name="Hours").click()
    expect(timeline.locator(".levels [aria-current]")).to_have_text("Hours")
    expect(timeline.locator("#chart")).to_have_attribute("data-level", "hours")


def test_drag_the_window(timeline: Page) -> None:
    brush = timeline.locator(".overview:not(.density) [data-handle=from]")
    before = timeline.locator("#chart").get_attribute("data-from")
    box = brush.bounding_box()
    assert box
    timeline.mouse.move(box["x"] + 12, box["y"] + 12)
    timeline.mouse.down()
    timeline.mouse.move(box["x"] + 72, box["y"] + 12, steps=4)
    timeline.mouse.up()
    expect(timeline).to_have_url(re.compile(r"from=2025-03-\d\dT\d\d%3A00Z"))
    expect(timeline.locator("#chart")).not_to_have_attribute("data-from", before or "")


def test_what_is_saved_shows_in_the_list(timeline: Page, ida: User, dossier: Dossier) -> None:
    with history.recording(by=ida):
        event = dossier.event_set.get(ref="E2")
        event.title = "Talks in Jeddah, eight hours"
        event.save()
    timeline.evaluate(
        "document.body.dispatchEvent(new CustomEvent('record-changed', {bubbles: true}))"
    )
    expect(timeline.locator("#row-E2 .row-title a")).to_have_text("Talks in Jeddah, eight hours")
    expect(timeline).to_have_url(re.compile(r"/d/jeddah/$"))


def test_a_field_edited_in_the_drawer_shows_in_the_list(timeline: Page) -> None:
    timeline.locator("#row-E3 .row-title a").click()
    row = timeline.locator("#drawer #E3-kind")
    row.locator(".field-edit").click()
    expect(row.locator("select")).to_be_focused()
    row.locator("select").select_option("call")
    row.get_by_role("button", name="Save").click()
    expect(timeline.locator("#row-E3 .row-kind svg")).to_have_attribute("aria-label", "Call")
    expect(timeline.locator("#drawer h2, #drawer h3").first).to_have_text("Joint statement")
    expect(timeline).to_have_url(re.compile(r"\?selected=E3$"))


def test_search_as_you_type(timeline: Page) -> None:
    field = timeline.get_by_role("combobox", name="Search this dossier")
    timeline.keyboard.press("/")
    expect(field).to_be_focused()
    timeline.keyboard.type("talk")
    hits = timeline.locator("#search-panel [data-hit]")
    expect(hits.first).to_contain_text("Talks in Jeddah")
    timeline.keyboard.press("ArrowDown")
    expect(hits.first).to_have_attribute("aria-selected", "true")
    timeline.keyboard.press("Escape")
    expect(hits).to_have_count(0)

    # Before there are hits there is nothing to choose from.
    def pressed_before(route: Route) -> None:
        timeline.keyboard.press("ArrowDown")
        route.continue_()

    timeline.route("**/search?*", pressed_before)
    timeline.keyboard.type("s")
    expect(hits.first).to_be_visible()
    expect(timeline.locator("#search-panel [aria-selected=true]")).to_have_count(0)
    timeline.keyboard.press("ArrowDown")
    expect(hits.first).to_have_attribute("aria-selected", "true")
    timeline.keyboard.press("Enter")
    expect(timeline).to_have_url(re.compile(r"/events/E2/$"))


def test_search_by_enter(timeline: Page) -> None:
    timeline.get_by_role("combobox", name="Search this dossier").fill("statement")
    timeline.keyboard.press("Enter")
    expect(timeline).to_have_url(re.compile(r"/search\?q=statement$"))
    expect(timeline.locator(".hits h2").first).to_have_text("Events 1")


def test_without_script(as_user: Callable[..., Page], ida: User, dossier: Dossier) -> None:
    page = as_user(ida, java_script_enabled=False)
    page.goto("/d/jeddah/")
    expect_rows(page, "E1", "E2", "E3", "E4", "E5", "E6")
    expect(page.locator("#chart .mark").first).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("^(.. )?Statement")).check()
    page.get_by_role("button", name="Apply").click()
    expect_rows(page, "E3", "E4")
    page.get_by_role("link", name="Hours").click()
    expect(page.locator("#chart")).to_have_attribute("data-level", "hours")
    page.get_by_role("link", name="Fit all").click()
    expect(page.locator("#chart")).not_to_have_attribute("data-level", "hours")
    page.locator("#row-E3 .row-title a").click()
    expect(page).to_have_url(re.compile(r"/events/E3/$"))


def test_on_a_phone(as_user: Callable[..., Page], ida: User, dossier: Dossier) -> None:
    page = as_user(ida, **PHONE)
    page.goto("/d/jeddah/")
    expect(page.locator("#chart")).to_be_hidden()
    expect(page.locator(".overview.density")).to_be_visible()
    expect(page.locator("#rail form")).to_be_hidden()
    page.locator("#rail summary").click()
    page.get_by_role("checkbox", name=re.compile("^(.. )?Meeting")).check()
    expect(page.locator("li.row")).to_have_count(1)
    expect(page.locator("#rail form")).to_be_visible()  # for the next box
    page.locator("#rail summary").click()
    page.locator("#row-E5 .row-title a").click()
    expect(page).to_have_url(re.compile(r"/events/E5/$"))
    assert width_of(page) <= 375


@pytest.mark.parametrize("width", [320, 768, 1024, 1440])
def test_nothing_scrolls_sideways(page: Page, dossier: Dossier, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/d/jeddah/")
    settled(page)
    assert width_of(page) <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/dossiers/new",
        "/d/jeddah/",
        "/d/jeddah/?selected=E3&kind=statement",
        "/d/jeddah/?side=UA&kind=meeting",
        "/d/jeddah/search?q=talks",
        "/d/jeddah/search?q=xyzzy",
    ],
)
def test_accessible(
    as_user: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    ida: User,
    dossier: Dossier,
    scheme: str,
    path: str,
) -> None:
    page = as_user(ida, color_scheme=scheme)
    page.goto(path)
    settled(page)
    assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible_on_a_phone(
    as_user: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    dossier: Dossier,
    scheme: str,
) -> None:
    page = as_user(None, color_scheme=scheme, **PHONE)
    page.goto("/d/jeddah/")
    assert_accessible(page)
    page.locator("#rail summary").click()
    assert_accessible(page)
