"""HTML, script and htmx attributes in every text that a person can write: shown, never obeyed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import get_resolver
from playwright.sync_api import Page, expect

from events import history
from events.models import Dossier, Passage, Record, Side, SourceText
from events.models.base import Reviewable
from events.models.fields import OneOf
from events.views.records import RecordDetail
from tests.factories import RECORDS
from tests.test_conventions import callbacks
from tests.views.negotiation import Negotiation
from tests.views.test_access import OTHERS

pytestmark = pytest.mark.django_db(transaction=True)

LONG = (
    "<xss id=x hx-get=/healthz hx-trigger=load data-xss></xss><script>alert(1)</script>"
    "<img src=x onerror=alert(2)><svg onload=alert(3)><a href=javascript:alert(4)>a</a>"
    "\"'><xss hx-on:click=alert(5)> ]]>--></style></title></textarea></option></text></svg><xss>"
    " [a](javascript:alert(6)) {{ 7|add:7 }} {% debug %} &lt;xss&gt; \u202e<xss>"
)
SHORT = "\"'><xss "
"""For fields that are too short for all of it."""

OBEYED = """() => ({
    elements: document.querySelectorAll("xss, [data-xss], img[src=x], svg[onload]").length,
    scripts: [...document.scripts].filter((script) => !script.src).length,
    handlers: [...document.querySelectorAll("*")].filter((element) =>
        [...element.attributes].some((attribute) => /^on|hx-on/.test(attribute.name))).length,
    links: [...document.querySelectorAll("[href], [action], [src]")].filter((element) =>
        /^\\s*(javascript|data|vbscript):/i.test(
            element.getAttribute("href") ?? element.getAttribute("action")
            ?? element.getAttribute("src"))).length,
})"""
NOTHING = {"elements": 0, "scripts": 0, "handlers": 0, "links": 0}

KEPT = {"ref", "edtf", "url", "language", "sha256", "exact", "code", "duration", "wikidata", "zone"}
"""Fields (or the last word of their name) that are checked and can hold nothing of the kind."""


def poison(record: models.Model) -> None:
    """Put the text into every field of the record that takes words."""
    for field in record._meta.concrete_fields:
        if isinstance(field, ArrayField):
            setattr(record, field.name, [LONG[:200], SHORT])
        elif (
            isinstance(field, models.CharField | models.TextField)
            and not isinstance(field, OneOf)
            and not field.flatchoices
            and field.name.rpartition("_")[2] not in KEPT
            and field.name != "slug"
        ):
            room = field.max_length or len(LONG)
            setattr(record, field.name, LONG if room >= len(LONG) else (LONG + SHORT)[:room])


def poisoned() -> Negotiation:
    """The negotiation with the text in every field of every record, published."""
    room = Negotiation(visibility="public")
    with history.recording(by=room.people["owner"], keeps_state=True):
        room.made("Outcome", commitment=room.commitment, event=room.statement, result="extended")
        room.made("Note", event=room.talks, author=room.people["owner"])
        for model in [Dossier, *RECORDS]:
            for record in model._base_manager.all():
                if isinstance(record, SourceText):
                    continue
                poison(record)
                if isinstance(record, Reviewable):
                    record.state = "published"
                record.save()
        for number, side in enumerate(Side.objects.all()):
            side.code = f"{SHORT[:5]}{number}"
            side.save()
        text = SourceText.objects.create(
            dossier=room.dossier, source=room.source, number=2, text=f"{LONG}\n\n{LONG}"
        )
        passage = Passage.cut(text, 10, 120)
        passage.save()
        room.made("Evidence", passage=passage, event=room.talks, clean_text=LONG, note=SHORT)
    for person in room.people.values():
        person.first_name, person.last_name = SHORT, LONG[:100]
        person.save()
    return room


def addresses() -> list[str]:
    """Every address of a dossier that answers GET, for one record of each kind."""
    found = []
    for pattern, view in callbacks(get_resolver().url_patterns):
        shown = hasattr(getattr(view, "view_class", RecordDetail), "get")
        if not shown or not pattern.startswith("d/<slug:slug>/"):
            continue
        given = getattr(view, "view_initkwargs", {}).get("model")
        kind: type[Record] | None = given or OTHERS.get(pattern.split("/")[2])
        address = "/" + pattern.replace("<slug:slug>", "room").replace("<int:version>", "1")
        if kind is not None:
            records = kind._base_manager.order_by("-id")
            address = address.replace("<ref:ref>", getattr(records.first(), "ref", ""))
        if "<" not in address:
            found.append(address)
    words = quote("xss alert")
    more = (f"search?q={words}", f"search?q={quote(LONG)}", f"?q={quote(LONG)}", "?selected=E1")
    lists = ("actors/?selected=A2", f"events/?q={quote(SHORT)}", f"events/new?title={quote(LONG)}")
    forged = (f"?side={quote(SHORT)}&kind={quote(SHORT)}&from={quote(SHORT)}&selected={SHORT[:2]}",)
    return found + [f"/d/room/{one}" for one in (*more, *lists, *forged)]


@pytest.mark.parametrize("role", ["owner", ""])
def test_words_stay_words(role: str, page: Page, sign_in: Callable[..., None]) -> None:
    room = poisoned()
    if role:
        sign_in(page, room.people[role])
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    obeyed: dict[str, Any] = {}
    answers = {address: room.client(role).get(address) for address in addresses()}
    # What is only ever saved to a file is not shown: see test_chart_file, test_agenda for what is
    # in it.
    shown = [
        address
        for address, answer in answers.items()
        if answer.status_code == 200
        and not answer.headers.get("Content-Disposition", "").startswith("attachment")
        and not answer.headers["Content-Type"].startswith("text/calendar")
    ]
    for address in [*shown, "/", "/sign-in/"]:
        answer = page.goto(address, wait_until="load")
        assert answer is not None
        assert answer.status < 500, address
        if answer.headers.get("content-type", "").startswith("text/html"):
            found = page.evaluate(OBEYED)
            if found != NOTHING:
                obeyed[address] = found
    assert (obeyed, dialogs) == ({}, [])


def test_words_stay_words_when_they_are_swapped_in(
    page: Page, sign_in: Callable[..., None]
) -> None:
    room = poisoned()
    sign_in(page, room.people["owner"])
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto("/d/room/")
    page.locator(".row-title a").first.click()
    page.locator("#drawer h2").wait_for()
    assert page.evaluate(OBEYED) == NOTHING
    page.locator("#drawer [data-field=place] .field-edit").click()
    place = page.locator("#drawer [name=place]")
    expect(place).to_be_focused()
    place.fill(f"{SHORT} once more")
    place.press("Enter")
    page.locator(".toast").wait_for()
    expect(page.locator("#drawer [data-field=place] .field-edit")).to_be_focused()
    assert page.evaluate(OBEYED) == NOTHING
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search this dossier")).to_be_focused()
    page.keyboard.type("alert", delay=30)
    page.locator("[data-hit]").first.wait_for()
    assert page.evaluate(OBEYED) == NOTHING
    page.goto("/d/room/participations/new")
    page.locator("[name=actor]").fill("xss")
    page.locator("datalist option").first.wait_for(state="attached")
    assert page.evaluate(OBEYED) == NOTHING
    page.goto("/d/room/events/E1/edit")
    page.locator("[name=part_of]").fill(LONG)
    page.locator("[name=when]").fill(SHORT)
    page.locator(".preview *").first.wait_for()
    page.locator(".form-actions button").click()
    page.locator(".error-summary").wait_for()
    assert page.evaluate(OBEYED) == NOTHING
    assert dialogs == []
