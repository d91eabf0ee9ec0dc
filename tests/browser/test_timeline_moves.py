"""Moving about in the timeline: by wheel, by dragging, by two fingers, by keys, along the links."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Page, Route, expect

from events import dates, history
from events.models import Dossier, Event, Link, Participation, User
from events.timeline import format_instant, parse_instant
from tests import factories as make
from tests.browser.pages import settled

pytestmark = pytest.mark.django_db(transaction=True)

WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
AT_REST = """() => {
    const query = new URLSearchParams(location.search), {from, to} = chart.dataset;
    return query.get("from") === from && query.get("to") === to;
}"""
"""The chart is drawn for the window in the address, to which the page has moved."""


@pytest.fixture
def ida() -> User:
    user: User = make.UserFactory(username="ida", first_name="Ida", last_name="Okafor")
    return user


@pytest.fixture
def dossier(ida: User) -> Dossier:
    """Twelve events, one every eight days; the sixth answers the second, the seventh the sixth."""
    with history.recording(by=ida):
        dossier: Dossier = make.DossierFactory(slug="room", title="Room", visibility="public")
        make.MembershipFactory(dossier=dossier, user=ida, role="analyst")
        actors = [
            make.ActorFactory(dossier=dossier, side=make.SideFactory(dossier=dossier, slot=slot))
            for slot in (1, 2)
        ]
        events, people = [], []
        for number in range(12):
            event = Event(
                dossier=dossier, title=f"Talks {number + 1}", kind="talks", state="published"
            )
            event.set_when(dates.from_edtf(f"{date(2025, 3, 1) + timedelta(days=8 * number)}"))
            events.append(event)
            actor = actors[number % 2]
            people.append(Participation(dossier=dossier, event=event, actor=actor, role="speaker"))
        Event.objects.bulk_create(events)
        Participation.objects.bulk_create(people)
        Link.objects.bulk_create(
            Link(
                dossier=dossier,
                from_event=events[later],
                to_event=events[earlier],
                kind="responds_to",
                state="published",
            )
            for later, earlier in ((5, 1), (6, 5))
        )
    return dossier


@pytest.fixture
def timeline(as_user: Callable[..., Page], dossier: Dossier) -> Page:
    """The timeline of March 2025, as a visitor sees it."""
    page = as_user(None, **WIDE)
    page.goto("/d/room/?from=2025-03-01&to=2025-03-29")
    settled(page)
    return page


def window_of(page: Page) -> tuple[int, int]:
    """The instants at the edges of the chart that is drawn."""
    start, end = page.evaluate("[chart.dataset.from, chart.dataset.to]")
    return parse_instant(start), parse_instant(end)


def plot_of(page: Page) -> FloatRect:
    """Where the page has the plot: without the names of the lanes."""
    left, right = page.evaluate("[chart.dataset.left, chart.dataset.right].map(Number)")
    box = page.locator(".chart-lanes").bounding_box()
    assert box
    return {"x": box["x"] + left, "y": box["y"], "width": right - left, "height": box["height"]}


def pixel_of(page: Page, instant: float) -> float:
    """Where in the page an instant is drawn."""
    plot, (start, end) = plot_of(page), window_of(page)
    return plot["x"] + (instant - start) / (end - start) * plot["width"]


def instant_at(page: Page, x: float) -> float:
    """Which instant is drawn at a pixel of the page."""
    plot, (start, end) = plot_of(page), window_of(page)
    return start + (x - plot["x"]) / plot["width"] * (end - start)


def ground(page: Page, share: float) -> tuple[float, float]:
    """A point of the plot so far from its left edge, between two lanes, where no mark stands."""
    plot = plot_of(page)
    return plot["x"] + share * plot["width"], plot["y"] + plot["height"] / 2


def expect_moved(page: Page, before: tuple[int, int]) -> None:
    """Wait until the window that the address names is drawn, another one than before."""
    names = [format_instant(edge) for edge in before]
    page.wait_for_function(
        "([start, end]) => chart.dataset.from !== start || chart.dataset.to !== end", arg=names
    )
    page.wait_for_function(AT_REST)
    assert window_of(page) != before


def test_the_wheel_zooms_around_the_pointer(timeline: Page) -> None:
    for share in (0.2, 0.5, 0.9):
        x, y = ground(timeline, share)
        before, held = window_of(timeline), instant_at(timeline, x)
        timeline.mouse.move(x, y)
        timeline.keyboard.down("Control")
        timeline.mouse.wheel(0, -120)
        timeline.keyboard.up("Control")
        expect_moved(timeline, before)
        start, end = window_of(timeline)
        assert end - start < before[1] - before[0]
        assert abs(pixel_of(timeline, held) - x) <= 2
        timeline.wait_for_function("() => !chart.querySelector('[style]')")


def test_the_wheel_scrolls_past_until_the_chart_is_clicked(timeline: Page) -> None:
    timeline.set_viewport_size({"width": 1440, "height": 400})
    x, y = ground(timeline, 0.5)
    before = window_of(timeline)
    timeline.mouse.move(x, y)
    timeline.mouse.wheel(0, 40)
    timeline.wait_for_function("() => scrollY > 0")
    assert window_of(timeline) == before
    timeline.evaluate("scrollTo(0, 0)")
    timeline.mouse.click(x, y)
    timeline.mouse.wheel(0, 120)
    expect_moved(timeline, before)
    assert timeline.evaluate("scrollY") == 0
    start, end = window_of(timeline)
    assert end - start > before[1] - before[0]


def test_the_ground_is_dragged_and_back_leads_to_the_view_before(timeline: Page) -> None:
    (x, y), before = ground(timeline, 0.3), window_of(timeline)
    held, rows = instant_at(timeline, x), timeline.locator("li.row")
    expect(rows).to_have_count(4)
    timeline.mouse.move(x, y)
    timeline.mouse.down()
    timeline.mouse.move(x + 40, y)
    timeline.mouse.move(x + 600, y)
    # It goes along at once, before an answer is there: the list and the counts wait.
    expect_moved(timeline, before)
    assert abs(pixel_of(timeline, held) - x - 600) <= 2
    expect(rows).to_have_count(4)
    timeline.mouse.up()
    expect(rows).to_have_count(2)
    expect(timeline.locator("#rail .filters-head .count")).to_have_text("2 of 12")
    assert abs(pixel_of(timeline, held) - x - 600) <= 2
    timeline.go_back()
    expect(timeline).to_have_url(re.compile(r"from=2025-03-01&to=2025-03-29$"))
    expect(rows).to_have_count(4)
    timeline.wait_for_function(AT_REST)
    assert window_of(timeline) == before
    timeline.go_forward()
    expect(rows).to_have_count(2)
    timeline.wait_for_function(AT_REST)


def test_escape_cancels_a_drag_and_visitors_drag_no_marks(timeline: Page) -> None:
    (x, y), before = ground(timeline, 0.3), window_of(timeline)
    timeline.mouse.move(x, y)
    timeline.mouse.down()
    timeline.mouse.move(x + 300, y)
    expect_moved(timeline, before)
    timeline.keyboard.press("Escape")
    expect(timeline).to_have_url(re.compile(r"from=2025-03-01&to=2025-03-29$"))
    timeline.mouse.up()
    timeline.wait_for_function(AT_REST)
    assert window_of(timeline) == before
    box = timeline.locator("#chart .mark[data-ref=E2] .disc").first.bounding_box()
    assert box
    timeline.mouse.move(box["x"] + 10, box["y"] + 10)
    timeline.mouse.down()
    timeline.mouse.move(box["x"] + 200, box["y"] + 10)
    timeline.mouse.up()
    expect(timeline.locator(".ghost-label, #moved-date")).to_have_count(0)


def test_what_moves_goes_along_before_the_answer(timeline: Page) -> None:
    (x, y), before = ground(timeline, 0.3), window_of(timeline)
    mark = timeline.locator("#chart .mark[data-ref=E3] .disc").first
    box = mark.bounding_box()
    assert box

    def late(route: Route) -> None:
        moved = mark.bounding_box()
        assert moved
        assert abs(moved["x"] - box["x"] - 100) <= 2
        route.continue_()

    timeline.route("**/chart?*", late)
    timeline.mouse.move(x, y)
    timeline.mouse.down()
    timeline.mouse.move(x + 100, y)
    timeline.mouse.up()
    expect_moved(timeline, before)
    moved = mark.bounding_box()
    assert moved
    assert abs(moved["x"] - box["x"] - 100) <= 2


def test_keys_keep_the_focused_mark_where_it_is(timeline: Page) -> None:
    mark, before = timeline.locator("#chart .mark[data-ref=E2]").first, window_of(timeline)
    mark.focus()
    instant = int(mark.get_attribute("data-t") or 0)
    x = pixel_of(timeline, instant)
    timeline.keyboard.press("+")
    expect_moved(timeline, before)
    assert abs(pixel_of(timeline, instant) - x) <= 2
    expect(mark).to_be_focused()
    closer = window_of(timeline)
    assert abs((closer[1] - closer[0]) * 2 - (before[1] - before[0])) <= 3600
    expect(timeline.locator("li.row")).to_have_count(2)
    expect(mark).to_be_focused()  # When the list has followed, too.
    timeline.keyboard.press("-")
    expect_moved(timeline, closer)
    assert abs(pixel_of(timeline, instant) - x) <= 2


def fingers_on(page: Page, y: float) -> Callable[..., None]:
    """Touch the page, so far from its top: with what happens, and where the fingers are then."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *places: float) -> None:
        points = [{"x": x, "y": y, "id": number} for number, x in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    return touch


def test_two_fingers_zoom(as_user: Callable[..., Page], dossier: Dossier) -> None:
    page = as_user(None, viewport={"width": 1024, "height": 1366}, has_touch=True)
    page.goto("/d/room/?from=2025-03-01&to=2025-03-29")
    settled(page)
    (left, y), (right, _), before = ground(page, 0.4), ground(page, 0.6), window_of(page)
    held = [instant_at(page, left), instant_at(page, right)]
    touch = fingers_on(page, y)
    touch("touchStart", left, right)
    touch("touchMove", left - 20, right + 40)
    touch("touchMove", left - 100, right + 150)
    expect_moved(page, before)
    touch("touchEnd")
    page.wait_for_function(AT_REST)
    found = [pixel_of(page, instant) for instant in held]
    assert abs(found[0] - left + 100) <= 2
    assert abs(found[1] - right - 150) <= 2


def test_the_strip_moves_the_chart_while_it_is_dragged(timeline: Page) -> None:
    handle = timeline.locator(".overview:not(.density) [data-handle=from]")
    box, before = handle.bounding_box(), window_of(timeline)
    assert box
    timeline.mouse.move(box["x"] + 12, box["y"] + 12)
    timeline.mouse.down()
    timeline.mouse.move(box["x"] + 92, box["y"] + 12)
    expect_moved(timeline, before)
    dragged = window_of(timeline)
    assert before[0] < dragged[0]
    assert dragged[1] == before[1]
    timeline.mouse.up()
    expect(handle).to_have_attribute("aria-valuenow", str(dragged[0]))
    handle.focus()
    timeline.keyboard.press("ArrowLeft")
    expect_moved(timeline, dragged)
    expect(handle).to_be_focused()
    expect(handle).to_have_attribute("aria-valuetext", re.compile(r"^\w{3},? \d+ March 2025"))
    assert window_of(timeline)[0] < dragged[0]
    # Nor is the focus lost when the page around it has followed.
    timeline.wait_for_function(
        "() => document.querySelector('#rail input[name=from]').value === chart.dataset.from"
    )
    expect(handle).to_be_focused()


def test_a_link_leads_on_while_the_chart_moves(timeline: Page) -> None:
    timeline.goto("/d/room/")
    settled(timeline)
    whole = window_of(timeline)
    timeline.keyboard.press("+")
    expect_moved(timeline, whole)
    timeline.evaluate(
        "() => ['-', '0'].forEach((key) => document.querySelector(`[data-key='${key}']`).click())"
    )
    expect(timeline).not_to_have_url(re.compile("from="))
    expect(timeline.locator("#chart")).to_have_attribute("data-from", format_instant(whole[0]))
    expect(timeline.locator("#chart")).to_have_attribute("data-to", format_instant(whole[1]))


def test_nothing_glides_where_motion_is_not_wanted(
    as_user: Callable[..., Page], dossier: Dossier
) -> None:
    page = as_user(None, reduced_motion="reduce", **WIDE)
    page.goto("/d/room/?from=2025-03-01&to=2025-03-29")
    settled(page)
    before = window_of(page)
    page.evaluate(
        """() => document.addEventListener("chart:moving", () => {
            document.body.dataset.easing = chart.matches(".is-easing");
        })"""
    )
    page.keyboard.press("+")
    expect_moved(page, before)
    expect(page.locator("body")).to_have_attribute("data-easing", "false")


def test_r_follows_to_the_response_and_back(timeline: Page) -> None:
    timeline.locator("#row-E2 .row-title a").click()
    expect(timeline.locator("#drawer h2")).to_have_text("Talks 2")
    settled(timeline)
    before = window_of(timeline)
    timeline.keyboard.press("r")
    expect(timeline.locator("#drawer h2")).to_have_text("Talks 6")
    expect_moved(timeline, before)  # It lay outside.
    expect(timeline.locator("#chart .mark[data-ref=E6]").first).to_have_class(
        re.compile("is-selected")
    )
    expect(timeline.locator("#row-E6")).to_have_class(re.compile("is-selected"))
    timeline.keyboard.press("r")
    expect(timeline.locator("#drawer h2")).to_have_text("Talks 7")
    timeline.keyboard.press("r")
    expect(timeline.get_by_role("status").filter(has_text="No response to E7")).to_be_attached()
    timeline.keyboard.press("Shift+R")
    expect(timeline.locator("#drawer h2")).to_have_text("Talks 6")


# --- Dates


@pytest.fixture
def editing(as_user: Callable[..., Page], ida: User, dossier: Dossier) -> Page:
    """The timeline of March 2025, as an analyst sees it."""
    page = as_user(ida, **WIDE)
    page.goto("/d/room/?from=2025-03-01&to=2025-03-29")
    settled(page)
    return page


def drag(page: Page, ref: str, days: float) -> None:
    """Take a mark by the mouse and let it go so many days later."""
    box = page.locator(f"#chart .mark[data-ref={ref}] .disc").first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    start, end = window_of(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 12, y)
    page.mouse.move(x + days * 86_400 / (end - start) * plot_of(page)["width"], y)
    expect(page.locator(".ghost-label")).to_be_visible()
    page.mouse.up()


def test_a_dragged_mark_proposes_a_date_that_is_saved_and_undone(
    editing: Page, dossier: Dossier
) -> None:
    drag(editing, "E2", 3)
    bar = editing.get_by_role("region", name=re.compile("^Move ‘Talks 2’"))
    expect(bar.get_by_role("heading")).to_have_text(
        "Move ‘Talks 2’ from Sun 9 March 2025 to Wed 12 March 2025, day precision?"
    )
    expect(bar).to_contain_text("It is published and becomes a draft again.")
    expect(editing.locator(".ghost-label")).to_have_text("Wed 12 March 2025")
    expect(bar.get_by_role("button", name="Save")).to_be_focused()
    expect(editing.locator("#row-E2 time")).to_have_text("9 Mar")
    editing.keyboard.press("Enter")
    expect(bar).to_have_count(0)
    expect(editing.locator("#row-E2 time")).to_have_text("12 Mar")
    expect(editing.locator(".ghost, .ghost-label, .is-origin")).to_have_count(0)
    toast = editing.locator("#toasts .toast")
    expect(toast).to_contain_text("E2 saved. It was published and is a draft again")
    event = dossier.event_set.get(ref="E2")
    assert (event.when_edtf, event.version, event.state) == ("2025-03-12", 2, "draft")
    toast.get_by_role("button", name="Undo").click()
    expect(editing.locator("#row-E2 time")).to_have_text("9 Mar")


def test_the_end_of_a_bar_moves_alone(editing: Page, dossier: Dossier, ida: User) -> None:
    with history.recording(by=ida):
        event = make.EventFactory.build(dossier=dossier, title="Ceasefire", kind="talks")
        event.set_when(dates.from_edtf("2025-03-12/2025-03-16"))
        event.save()
    editing.reload()
    settled(editing)
    box = editing.locator("#chart .has-bar .bar-ground").bounding_box()
    assert box
    x, y, day = box["x"] + box["width"] - 2, box["y"] + 9, plot_of(editing)["width"] / 28
    editing.mouse.move(x, y)
    editing.mouse.down()
    editing.mouse.move(x + day, y)
    editing.mouse.move(x + 2 * day, y)
    expect(editing.locator(".ghost-label")).to_have_text("to Tue 18 March 2025")
    editing.mouse.up()
    expect(editing.locator("#moved-date h2")).to_have_text(
        "Change the date of ‘Ceasefire’: Wed 12 to Sun 16 March 2025 becomes "
        "Wed 12 to Tue 18 March 2025, day precision?"
    )
    editing.keyboard.press("Escape")
    expect(editing.locator("#moved-date")).to_have_count(0)
    editing.mouse.move(x - 2 * day, y)
    editing.mouse.down()
    editing.mouse.move(x - day, y)
    editing.mouse.move(x, y)
    expect(editing.locator(".ghost-label")).to_have_text("from Fri 14 March 2025")
    editing.mouse.up()
    expect(editing.locator("#moved-date h2")).to_contain_text(
        "becomes Fri 14 to Tue 18 March 2025, day precision?"
    )


def test_a_proposal_is_cancelled_or_goes_on_as_text(editing: Page, dossier: Dossier) -> None:
    drag(editing, "E2", 3)
    bar = editing.locator("#moved-date")
    expect(bar).to_be_visible()
    expect(bar.get_by_role("button", name="Save")).to_be_focused()
    editing.keyboard.press("Escape")
    expect(bar).to_have_count(0)
    expect(editing.locator(".ghost, .ghost-label, .is-origin")).to_have_count(0)
    expect(editing.locator("#chart .mark[data-ref=E2]").first).to_be_focused()
    assert dossier.event_set.get(ref="E2").version == 1
    # Dragged again, it goes on as text.
    drag(editing, "E2", 3)
    editing.locator("#moved-date").get_by_role("link", name="Edit as text").click()
    field = editing.locator("#drawer #E2-when input[name=when]")
    expect(field).to_have_value("12 Mar 2025")
    expect(editing.locator("#drawer #E2-when .preview")).to_contain_text("Wed 12 March 2025")
    expect(editing.locator("#moved-date")).to_have_count(0)


def test_a_proposal_that_meets_a_change_leads_to_the_merge_page(
    editing: Page, dossier: Dossier, ida: User
) -> None:
    drag(editing, "E2", 3)
    save = editing.locator("#moved-date").get_by_role("button", name="Save")
    expect(save).to_be_focused()
    with history.recording(by=ida):
        event = dossier.event_set.get(ref="E2")
        event.set_when(dates.from_edtf("2025-03-20"))
        event.save()
    save.click()
    expect(editing.get_by_role("heading", level=1)).to_contain_text("E2")
    expect(editing.locator("form[data-merge]")).to_contain_text("12 Mar 2025")


def test_a_finger_that_rests_on_a_mark_takes_it_along(
    as_user: Callable[..., Page], ida: User, dossier: Dossier
) -> None:
    page = as_user(ida, viewport={"width": 1024, "height": 1366}, has_touch=True)
    page.goto("/d/room/?from=2025-03-01&to=2025-03-29")
    settled(page)
    before = window_of(page)
    box = page.locator("#chart .mark[data-ref=E2] .disc").first.bounding_box()
    assert box
    x, day = box["x"] + 10, plot_of(page)["width"] / 28
    touch = fingers_on(page, box["y"] + 10)
    touch("touchStart", x)
    expect(page.locator(".ghost-label")).to_have_text("Sun 9 March 2025")
    touch("touchMove", x + day)
    touch("touchMove", x + 2 * day)
    expect(page.locator(".ghost-label")).to_have_text("Tue 11 March 2025")
    touch("touchEnd")
    expect(page.locator("#moved-date")).to_contain_text("to Tue 11 March 2025, day precision?")
    assert window_of(page) == before


def test_e_opens_the_date_of_a_mark_and_n_is_a_new_event_of_its_day(editing: Page) -> None:
    mark = editing.locator("#chart .mark[data-ref=E3]").first
    mark.focus()
    editing.keyboard.press("e")
    field = editing.locator("#drawer #E3-when input[name=when]")
    expect(field).to_be_focused()
    editing.keyboard.press("Escape")
    expect(field).to_have_count(0)
    mark.focus()
    editing.keyboard.press("n")
    expect(editing).to_have_url(re.compile(r"/events/new\?when=2025-03-17$"))
    expect(editing.get_by_role("textbox", name=re.compile("^When"))).to_have_value("2025-03-17")
