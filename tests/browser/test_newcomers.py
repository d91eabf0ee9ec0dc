"""What to add when a name is not in the list: asked only where the list has nothing that fits."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from events import history
from events.models import Actor, Membership
from tests.factories import (
    ActorFactory,
    DossierFactory,
    MembershipFactory,
    SourceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "The council will open the northern gate.\nNobody objected."
MARK = "/d/port/sources/S1/marking/commitment?start=4&end=39&text=1"


def made() -> Any:
    """An owner, and a dossier with one actor and one source."""
    owner = UserFactory(username="owner")
    with history.recording(by=owner):
        dossier = DossierFactory(slug="port")
        MembershipFactory(dossier=dossier, user=owner, role=Membership.Role.OWNER)
        ActorFactory(dossier=dossier, name="Harbour board")
        SourceFactory.build(dossier=dossier, title="Report").receive(TEXT)
    return owner


def test_the_choice_comes_when_the_list_has_nothing_that_fits(
    page: Page, sign_in: Callable[..., None]
) -> None:
    owner = made()
    sign_in(page, owner)
    page.goto(MARK)
    debtor = page.get_by_label("Debtor", exact=True)
    choice = page.get_by_label("Debtor: If not in the list")
    debtor.fill("")
    expect(choice).to_be_hidden()
    debtor.press_sequentially("Harb")
    expect(page.locator("#id_debtor_options option")).to_have_count(1)
    expect(choice).to_be_hidden()
    debtor.fill("Town council")
    expect(choice).to_be_visible()
    choice.select_option("Add as a government body")
    debtor.fill("Harbour board")
    expect(choice).to_be_hidden()
    debtor.fill("Town council")
    expect(choice).to_be_visible()
    expect(choice).to_have_value("government_body")
    page.get_by_label("Action").fill("Open the gate")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#P1")).to_be_visible()
    assert Actor.objects.filter(name="Town council", kind="government_body").exists()


def test_without_script_it_is_always_there_and_a_refusal_keeps_it(
    new_context: Callable[..., Any], sign_in: Callable[..., None]
) -> None:
    owner = made()
    context = new_context(java_script_enabled=False)
    sign_in(context, owner)
    page = context.new_page()
    page.goto(MARK)
    choice = page.get_by_label("Debtor: If not in the list")
    expect(choice).to_be_visible()
    expect(choice.locator("option").first).to_have_text("Say so, add nothing")
    page.get_by_label("Debtor", exact=True).fill("Town council")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#id_debtor_error")).to_contain_text("'Town council' is not an actor here.")
    expect(choice).to_be_visible()


def test_the_caret_follows_what_is_filled_in_and_ctrl_enter_saves(
    page: Page, sign_in: Callable[..., None]
) -> None:
    owner = made()
    sign_in(page, owner)
    page.goto("/d/port/sources/S1/")
    expect(page.locator("#reader")).to_be_visible()
    page.keyboard.press("m")
    expect(page.get_by_role("toolbar", name="Record the selected words")).to_be_visible()
    page.keyboard.press("e")
    title = page.locator("#marking").get_by_label("Title")
    expect(title).to_be_focused()
    expect(title).not_to_have_value("")
    page.keyboard.press("!")
    expect(title).to_have_value(re.compile(r"^[^!]+!$"))
    page.keyboard.press("Control+Enter")
    expect(page.locator("#P1")).to_be_focused()
