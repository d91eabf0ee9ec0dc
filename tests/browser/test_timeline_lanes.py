"""Lanes and links of the chart in a browser: folded, moved, grouped, shown by keys and clicks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from events import dates, history
from events.models import Dossier, User
from tests import factories as make
from tests.browser.pages import settled

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ida() -> User:
    user: User = make.UserFactory(username="ida", first_name="Ida", last_name="Okafor")
    return user


@pytest.fixture
def dossier(ida: User) -> Dossier:
    """Three sides with six events on six days; each answers the one before."""
    with history.recording(by=ida):
        dossier: Dossier = make.DossierFactory(slug="room", title="Room", visibility="public")
        make.MembershipFactory(dossier=dossier, user=ida, role="analyst")
        sides = [
            make.SideFactory(dossier=dossier, code=code, name=name, slot=slot, order=slot)
            for slot, (code, name) in enumerate([("A", "Arden"), ("B", "Brill"), ("C", "Corin")], 1)
        ]
        actors = [make.ActorFactory(dossier=dossier, side=side) for side in sides]
        before = None
        for number in range(6):
            event = make.EventFactory.build(
                dossier=dossier, title=f"Talks {number + 1}", kind="talks", state="published"
            )
            event.set_when(dates.from_edtf(f"2025-03-{10 + number}"))
            event.save()
            make.ParticipationFactory(
                dossier=dossier, event=event, actor=actors[number % 3], role="speaker"
            )
            if before:
                make.LinkFactory(
                    dossier=dossier, from_event=event, to_event=before, state="published"
                )
            before = event
    return dossier


@pytest.fixture
def timeline(page: Page, sign_in: Callable, ida: User, dossier: Dossier) -> Page:
    sign_in(page, ida)
    page.goto("/d/room/")
    expect(page.locator("#chart")).to_be_visible()
    settled(page)
    return page


def expect_lanes(page: Page, *names: str) -> None:
    expect(page.locator("#chart .lane-name")).to_have_text(list(names))


def test_a_header_folds_its_lane(timeline: Page) -> None:
    head = timeline.locator('#chart [data-lane="B"] .lane-head')
    expect(head).to_have_attribute("aria-expanded", "true")
    head.click()
    expect(head).to_have_attribute("aria-expanded", "false")
    expect(timeline).to_have_url(re.compile(r"\bfold=B\b"))
    expect(timeline.get_by_role("list", name="Brill, 2 events")).to_be_attached()
    head.press("Enter")
    expect(head).to_have_attribute("aria-expanded", "true")
    expect(timeline).not_to_have_url(re.compile("fold="))


def test_lanes_are_moved_and_grouped_step_by_step_in_an_open_menu(timeline: Page) -> None:
    timeline.locator("#lanes-menu > summary").click()
    down = timeline.get_by_role("link", name="Move Arden down")
    down.focus()
    down.press("Enter")
    expect_lanes(timeline, "Brill", "Arden", "Corin")
    expect(down).to_be_focused()
    down.press("Enter")
    expect_lanes(timeline, "Brill", "Corin", "Arden")
    expect(timeline).to_have_url(re.compile("order=B%2CC%2CA"))
    timeline.get_by_role("link", name="Usual order, nothing folded").click()
    expect_lanes(timeline, "Arden", "Brill", "Corin")
    timeline.locator("#lanes-menu").get_by_role("link", name="Kind").click()
    expect_lanes(timeline, "Talks")
    expect(timeline).to_have_url(re.compile("lanes=kind"))


def test_l_shows_all_links(timeline: Page) -> None:
    links = timeline.locator("#chart .link")
    expect(links).to_have_count(0)
    timeline.keyboard.press("l")
    expect(links).to_have_count(5)
    expect(timeline.locator("#links-toggle")).to_have_attribute("aria-current", "true")
    expect(timeline.locator("#links-toggle")).to_have_accessible_name(re.compile("all are shown"))
    timeline.keyboard.press("l")
    expect(links).to_have_count(0)


def test_arrow_keys_reach_pills(timeline: Page) -> None:
    timeline.goto("/d/room/?from=2024-06-01&to=2026-06-01&lanes=kind")
    pill = timeline.locator("#chart .cluster")
    expect(pill.first).to_be_visible()
    settled(timeline)
    stop = timeline.locator('#chart [data-t][tabindex="0"]')
    expect(stop).to_have_count(1)
    stop.focus()
    timeline.keyboard.press("End")
    expect(timeline.locator("#chart a[data-t]").last).to_be_focused()
