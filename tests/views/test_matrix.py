"""The matrix of positions and the ledger of a cell: what they show, to whom, at what cost."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import history
from tests.markup import Element, parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db

PAGE = "/d/room/positions/"
LEDGER = "/d/room/positions/of/A3/on/I2/"
DRAWER = {"headers": {"HX-Request": "true", "HX-Target": "aside#drawer"}}
THEN = "as_of=2025-03-12&clock=happened"


def table(room: Negotiation, role: str = "reader", query: str = THEN) -> list[list[str]]:
    """What the matrix says, row by row, as a screen reader has it; the first row is the head."""
    page = parse(room.client(role).get(f"{PAGE}?{query}").content)
    return [[said(cell) for cell in row.parts if isinstance(cell, Element)] for row in rows(page)]


def rows(page: Element) -> list[Element]:
    return page.one("table", "matrix").all("tr")


def said(cell: Element) -> str:
    links = cell.all("a")
    return links[0].get("aria-label") or cell.text if links else cell.text


def test_actors_by_side_and_what_they_say() -> None:
    room = Negotiation()
    assert table(room) == [
        ["Actor", "30-day ceasefireProposal PR1"],
        ["United States"],
        ["Marco RubioSecretary of State, US", "Opposes, today, contested"],
        ["Ukraine"],
        [
            "UkraineState",
            "Conditional: accepts with conditions, 1 day, contested",
        ],
        ["Others"],
        ["RussiaState", "Awaited, 1 day"],
    ]


def test_public_sees_neither_drafts_nor_what_only_they_conflict_with() -> None:
    room = Negotiation(visibility="public")
    assert table(room, "") == [
        ["Actor", "30-day ceasefireProposal PR1"],
        ["Ukraine"],
        ["UkraineState", "Conditional: accepts with conditions, 1 day, contested"],
        ["Others"],
        ["RussiaState", "Awaited, 1 day"],
    ]


def test_costs_the_same_however_many_there_are(django_assert_num_queries) -> None:
    room = Negotiation()
    client = room.client("reader")
    with history.recording(by=room.people["owner"]):
        room.made("Position", actor=room.rubio, issue=room.issue, event=room.talks)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGE)
    with history.recording(by=room.people["owner"]):
        for number in range(6):
            actor = room.made("Actor")
            issue = room.made("Issue", parent=room.war)
            event = room.event_on(f"{number + 1} March 2025", "A word")
            for one in (issue, room.issue):
                room.made("Position", actor=actor, issue=one, event=event, stance="open")
    with django_assert_num_queries(len(queries)):
        client.get(PAGE)
    assert len(queries) == 20


def test_ledger_tells_who_said_it_in_which_office_then() -> None:
    room = Negotiation()
    page = parse(room.client("reader").get(f"/d/room/positions/of/A2/on/I2/?{THEN}").content)
    (entry,) = page.one("section", "ledger").all("li")
    assert re.sub(r" +", " ", entry.text) == (
        "Opposes 12 Mar 2025 Draft ‘The ball is now in their court’Source S1, paragraph 2"
        " Said by Marco Rubio, Secretary of State then In Rubio to the press (E2)"
        " Agreed or awaited"
    )
    assert page.one("p", "gist").text == "Latest stance today."
