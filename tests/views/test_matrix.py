"""The matrix of positions and the ledger of a cell: what they show, to whom, at what cost."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

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


def test_table_to_take_away_has_no_formulas() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        room.russia.name = "=Russia"
        room.russia.save()
    answer = room.client("reader").get(f"/d/room/positions.csv?{THEN}")
    assert answer["Content-Disposition"] == (
        'attachment; filename="room-positions-as-of-2025-03-12.csv"'
    )
    assert answer.content.decode().splitlines() == [
        "side,actor,actor_ref,issue,issue_ref,stance,waiting_or_age_days,old,before,moved,"
        "statements,contested",
        "United States,Marco Rubio,A2,30-day ceasefire,I2,opposes,0,,,,1,yes",
        "Ukraine,Ukraine,A3,30-day ceasefire,I2,conditional,1,,,,1,yes",
        ",'=Russia,A4,30-day ceasefire,I2,awaited,1,,,,0,",
    ]


def test_picture_says_what_it_shows_and_from_when() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        room.russia.name = "Russia <& others>\x0c"
        room.russia.save()
    client = room.client("reader")
    answer = client.get(f"/d/room/positions.svg?{THEN}&rows=all")
    words = [one.text for one in ET.fromstring(answer.content).iter() if one.tag.endswith("}text")]
    assert words[:2] == [
        room.dossier.title,
        "Positions as of Wed 12 March 2025: what had happened by then",
    ]
    assert {
        "Awaited",
        "1 d",
        "1 d contested",
        "Russia <& others>",
        "Conditional",
        "Marco Rubio",
    } <= set(words)
    page = "http://testserver/d/room/positions/?rows=all&as_of=2025-03-12"
    assert words[-1].startswith(page)
    answer = client.get(f"/d/room/positions.png?{THEN}")
    assert (answer["Content-Type"], answer.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")


def shifted(room: Negotiation, query: str, role: str = "reader") -> list[tuple[str, ...]]:
    """Of each shift whose it is, which way, and the two sides."""
    page = parse(room.client(role).get(f"/d/room/positions/shifts?{query}").content)
    return [
        (one.one("h3").text, *(side.text for side in one.one("div", "both").all("div")))
        for one in page.all("article")
    ]


def test_shifts_show_both_quotes_side_by_side() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        event = room.event_on("20 March 2025", "A word of Ukraine")
        position = room.made(
            "Position", actor=room.ukraine, issue=room.issue, stance="supports", event=event
        )
        room.made("Evidence", passage=room.ball, event=None, position=position)
    before = "BeforeConditional 11 Mar 2025 ‘Ukraine agreed to a ceasefire of 30 days’Source S1"
    then = "ThenAccepts 20 Mar 2025 ‘The ball is now in their court’Source S1"
    assert shifted(room, "since=2025-03-15") == [
        ("Ukraine on 30-day ceasefire Towards assent", before, then)
    ]
    assert shifted(room, "since=2025-03-10&until=2025-03-11") == [
        (
            "Ukraine on 30-day ceasefire First stance",
            "BeforeNo stance recorded",
            before.replace("Before", "Then"),
        )
    ]
    assert shifted(room, "since=2025-03-12&until=2025-03-19") == []


def test_shifts_refuse_what_is_no_day_beside_the_field() -> None:
    room = Negotiation()
    answer = room.client("reader").get("/d/room/positions/shifts?since=no+day&until=11+Mar+2025")
    page = parse(answer.content)
    assert answer.status_code == 422
    assert page.one("input", id="id_since")["value"] == "no day"
    assert page.one("ul", id="id_since_error").text.startswith("'no day' is not a date")
    page = parse(
        room.client("reader")
        .get("/d/room/positions/shifts?since=2025-03-12&until=2025-03-11")
        .content
    )
    assert page.one("ul", id="id_until_error").text == (
        "This is not after the first day. Try a later one."
    )


def test_shifts_take_the_instant_of_the_site_for_their_second() -> None:
    room = Negotiation()
    answer = room.client("reader").get(f"/d/room/positions/shifts?{THEN}")
    assert answer["Location"] == "/d/room/positions/shifts?until=2025-03-12&as_of="


def test_rows_and_columns_are_chosen_and_ordered() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        for number in (1, 2):
            event = room.event_on(f"{number} March 2025", "A word")
            room.made("Position", actor=room.usa, issue=room.war, event=event, stance="open")
    chosen = table(room, query=f"{THEN}&side=US&order=most&sides=off")
    names = ["Actor", "United StatesState", "Marco RubioSecretary of State, US"]
    assert [row[0] for row in chosen] == names
    assert chosen[0][1:] == ["Ending the warIssue", "30-day ceasefireProposal PR1"]
    grouped = table(room, query=f"{THEN}&tree=on&issue=I2")
    assert grouped[0] == ["", "Ending the war"]
    everything = table(room, query=f"{THEN}&rows=all&columns=all")
    assert len([row for row in everything if len(row) > 1]) == 1 + 4
    # What does not fit an address counts as not given.
    assert table(room, query=f"{THEN}&order=%00&side=%00&rows=x") == table(room)


def test_ledger_of_nobody_or_nothing_is_not_there() -> None:
    room = Negotiation(visibility="public")
    assert room.client("reader").get("/d/room/positions/of/A9/on/I2/").status_code == 404
    page = parse(room.client("").get("/d/room/positions/of/A2/on/I2/").content)
    assert page.one("p", "gist").text == "No statement recorded."
    page = parse(room.client("reader").get(f"/d/room/positions/of/A4/on/I2/?{THEN}").content)
    assert page.one("p", "gist").text == (
        "Answer awaited from Russia, 1 day. No statement recorded."
    )
