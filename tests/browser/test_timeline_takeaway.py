"""The timeline taken away, and for those who do not look at it: files, paper, screen readers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from events.models import Dossier, User
from tests.browser.pages import PHONE, settled
from tests.browser.test_timeline import dossier, ida, timeline

__all__ = ["dossier", "ida", "timeline"]

pytestmark = pytest.mark.django_db(transaction=True)


def opened(page: Page) -> Page:
    page.locator(".download > summary").click()
    expect(page.locator(".download .menu-panel")).to_be_visible()
    return page


# --- Files


def downloaded(page: Page, name: str) -> Path:
    """The file that a link of the menu gives, called as it has to be."""
    with page.expect_download() as begun:
        page.get_by_role("link", name=re.compile(f"^{name}")).click()
    assert re.fullmatch(
        rf"jeddah-timeline-2025-\d\d-\d\d--2025-\d\d-\d\d\.{name.lower()}",
        begun.value.suggested_filename,
    )
    return Path(begun.value.path())


def test_files_show_what_the_page_shows(timeline: Page) -> None:
    timeline.locator("#row-E3 .row-title a").click()
    expect(timeline).to_have_url(re.compile(r"selected=E3$"))
    root = ET.parse(downloaded(opened(timeline), "SVG")).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    selected = [one for one in root.iter() if "is-selected" in one.get("class", "").split()]
    assert len(selected) >= 1
    # The menu stays open.
    assert downloaded(timeline, "PNG").read_bytes().startswith(b"\x89PNG")


def test_without_script(as_user: Callable[..., Page], dossier: Dossier) -> None:
    page = as_user(None, java_script_enabled=False)
    page.goto("/d/jeddah/?kind=statement")
    link = opened(page).get_by_role("link", name=re.compile("^SVG"))
    expect(link).to_have_attribute("href", "/d/jeddah/chart.svg?kind=statement")
    page.get_by_role("link", name=re.compile("^Print")).click()
    expect(page.locator(".sheet-row")).to_have_count(1)
    expect(page.locator("[data-print]")).to_be_hidden()


# --- Paper


def words_of(pdf: bytes) -> list[str]:
    """The text of each page, its lines joined."""
    return [
        " ".join(page.get_textpage().get_text_bounded().split())
        for page in pypdfium2.PdfDocument(pdf)
    ]


def test_on_paper(as_user: Callable[..., Page], dossier: Dossier) -> None:
    page = as_user(None, color_scheme="dark")
    page.goto("/d/jeddah/print?side=US&side=UA&as_of=15+Mar+2025&from=2025-03-01&to=2025-03-20")
    expect(page.locator("[data-print]")).to_be_visible()
    sheets = words_of(page.pdf(prefer_css_page_size=True))
    for words in (
        "Ukraine ceasefire",
        "Filters: side United States or Ukraine.",
        "As of Sat 15 March 2025: what had happened by then",
        "/d/jeddah/?side=US&side=UA&as_of=2025-03-15",
        "United States",
        "Joint statement E3",
        "‘They agreed.’",
        "Disputed: ‘They did not.’",
        "1 of",
    ):
        assert words in sheets[0]
    assert "Print" not in sheets[0]


def test_the_page_itself_on_paper(timeline: Page) -> None:
    timeline.goto("/d/jeddah/?side=US&kind=decision&kind=statement")
    expect(timeline.locator("li.row")).to_have_count(2)
    settled(timeline)
    (sheet, *_) = words_of(timeline.pdf(prefer_css_page_size=True))
    filters = "Filters: United States, Statement, Decision."
    for words in ("Ukraine ceasefire", "Timeline", "Aid halted", filters, "1 of"):
        assert words in sheet
    assert "All dates" not in sheet
    assert "Download" not in sheet


# --- For a screen reader


def test_the_chart_says_what_it_is_and_leads_on_to_the_list(timeline: Page) -> None:
    region = timeline.get_by_role("region", name="Chart")
    expect(region).to_have_accessible_description(re.compile("Arrow keys lead from event to event"))
    lanes = region.get_by_role("group", name=re.compile(r"^Timeline, .* 2025 to .* 2025, \d+ of 6"))
    expect(lanes).to_be_visible()
    stops = region.locator("[data-chart] [data-lane][tabindex='0']")
    expect(stops).to_have_count(1)
    talks = region.get_by_role(
        "link", name="Talks in Jeddah, Tue 11 March 2025, day precision, Ukraine, published"
    )
    expect(talks.first).to_be_attached()
    skip = timeline.get_by_role("link", name="Skip the chart")
    skip.focus()
    expect(skip).to_be_in_viewport()
    skip.press("Enter")
    expect(timeline.locator("#list")).to_be_focused()
    timeline.keyboard.press("Tab")
    expect(timeline.locator("#list .row a").first).to_be_focused()


def test_what_is_shown_is_said(timeline: Page) -> None:
    timeline.get_by_role("link", name="Hours").click()
    said = timeline.get_by_role("status").filter(has_text=re.compile("March 2025"))
    expect(said).to_have_text(re.compile(r"^\w+ \d+ March 2025 to .* 2025, \d of 6 events$"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(
    as_user: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    ida: User,
    dossier: Dossier,
    scheme: str,
) -> None:
    page = as_user(ida, color_scheme=scheme)
    for path in ("?selected=E3", "?as_of=12+Mar+2025", "?level=hours&contested=1"):
        page.goto(f"/d/jeddah/{path}")
        settled(page)
        assert_accessible(page)
        assert_accessible(opened(page))
        page.locator(".as-of > summary").click()
        assert_accessible(page)
    page.goto("/d/jeddah/print?as_of=12+Mar+2025")
    assert_accessible(page)


# --- On a phone


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(
    as_user: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    ida: User,
    dossier: Dossier,
    scheme: str,
) -> None:
    page = as_user(ida, color_scheme=scheme, **PHONE)
    page.goto("/d/jeddah/")
    for control in (".download > summary", ".new-event", "#rail > summary", ".as-of > summary"):
        box = page.locator(control).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, control
    panel = opened(page).locator(".download .menu-panel")
    assert_accessible(page)
    box = panel.bounding_box()
    assert box is not None
    assert (box["x"] >= 0, box["x"] + box["width"] <= 375) == (True, True)
    with page.expect_download() as begun:
        page.get_by_role("link", name=re.compile("^PNG")).click()
    assert begun.value.suggested_filename.endswith(".png")


def test_the_window_of_a_phone_moves_without_dragging(
    as_user: Callable[..., Page], dossier: Dossier
) -> None:
    page = as_user(None, **PHONE)
    page.goto("/d/jeddah/?from=2025-03-01&to=2025-03-05")
    expect(page.locator("li.row h3 a")).to_have_text(["Aid halted", "Trump to call Putin"])
    for end in page.locator(".density .handle .hit").all():
        box = end.bounding_box()
        assert box is not None
        assert (round(box["width"]), round(box["height"])) == (44, 44)
    expect(page.get_by_role("link", name="Later")).to_be_hidden()
    page.locator("#rail > summary").click()
    page.get_by_role("link", name="Later").click()
    expect(page).to_have_url(re.compile("from=2025-03-03&to=2025-03-07"))
    expect(page.get_by_role("link", name="Fit all")).to_be_visible()


def test_a_finger_drags_an_end_of_the_strip(as_user: Callable[..., Page], dossier: Dossier) -> None:
    page = as_user(None, **PHONE)
    page.goto("/d/jeddah/?from=2025-03-01&to=2025-03-10")
    expect(page.locator("li.row h3 a")).to_have_text(["Aid halted", "Trump to call Putin"])
    box = page.locator(".density [data-handle=to] .hit").bounding_box()
    assert box is not None
    # Beside the grip, where only the wider target of a finger is.
    x, y = box["x"] + box["width"] - 6, box["y"] + box["height"] / 2
    fingers = page.context.new_cdp_session(page)
    for kind, places in (
        ("touchStart", [x]),
        ("touchMove", [x + 30]),
        ("touchMove", [x + 120]),
        ("touchEnd", []),
    ):
        points = [{"x": place, "y": y} for place in places]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(page.locator("#row-E2")).to_be_visible()
    expect(page).not_to_have_url(re.compile("to=2025-03-10$"))
