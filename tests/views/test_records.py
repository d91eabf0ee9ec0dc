"""What holds for the pages of every kind of record: who may, what drawers and lists are."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import history
from events.models import Actor, Change
from tests.markup import parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db

DRAWER = {"headers": {"HX-Request": "true", "HX-Target": "aside#drawer"}}
PAGES = {
    "events": ("E1", "Talks in Jeddah"),
    "sources": ("S1", "Report from Jeddah"),
    "actors": ("A2", "Marco Rubio"),
    "affiliations": ("AF1", "Rubio, Secretary of State, US"),
    "issues": ("I2", "30-day ceasefire"),
    "proposals": ("PR1", "30-day ceasefire"),
    "positions": ("PO1", "Ukraine on 30-day ceasefire"),
    "commitments": ("C1", "Resume military aid"),
    "links": ("L1", "Rubio to the press responds to Talks in Jeddah"),
    "conflicts": ("X1", "Agreed or awaited"),
}
# Session, user, dossier, membership, the other dossiers, the page's rows; then what the noun adds.
QUERIES = {
    "events": 6,
    "sources": 7,
    "actors": 8,
    "affiliations": 6,
    "issues": 8,
    "proposals": 11,
    "positions/list": 7,
    "commitments": 15,
    "links": 6,
    "conflicts": 18,
    "sides": 7,
    "notes": 6,
}


@pytest.mark.parametrize("plural", PAGES)
def test_page_and_drawer_have_the_same_heading(plural: str) -> None:
    room, (ref, title) = Negotiation(), PAGES[plural]
    client = room.client("analyst")
    page = parse(client.get(f"/d/room/{plural}/{ref}/").content)
    assert [heading.text for heading in page.all("h1")] == [title]
    answer = client.get(f"/d/room/{plural}/{ref}/", **DRAWER)
    drawer = parse(answer.content)
    assert (drawer.all("html"), drawer.all("h1")) == ([], [])
    assert drawer.all("h2")[0].text == title
    assert {"HX-Request", "HX-Target"} <= set(re.split(", *", answer["Vary"]))


@pytest.mark.parametrize("plural", PAGES)
def test_list_names_the_record_and_shows_the_selected_one(plural: str) -> None:
    room, (ref, title) = Negotiation(), PAGES[plural]
    # What stands at the plural of positions is the matrix.
    listed = "positions/list" if plural == "positions" else plural
    page = parse(room.client("reader").get(f"/d/room/{listed}/?selected={ref}").content)
    row = page.one("li", "row", "is-selected")
    assert (row["data-ref"], row.all("a", data_drawer=ref)[0]["href"]) == (
        ref,
        f"/d/room/{plural}/{ref}/",
    )
    assert page.one("aside", id="drawer").all("h2")[0].text == title


def test_selected_record_that_is_not_there_leaves_the_drawer_empty() -> None:
    room = Negotiation()
    for selected in ("A99", "ZZ1", "%00", "A2/../A1", "PO2"):
        client = room.client("" if selected == "PO2" else "reader")
        room.dossier.visibility = "public"
        with history.recording(by=room.people["owner"]):
            room.dossier.save()
        page = parse(client.get(f"/d/room/actors/?selected={selected}").content)
        assert page.one("aside", id="drawer").parts == [], selected


@pytest.mark.parametrize("plural", PAGES)
def test_private_dossier_is_not_there_for_outsiders(plural: str) -> None:
    room, ref = Negotiation(), PAGES[plural][0]
    for role in ("", "outsider"):
        client = room.client(role)
        for tail in ("", "new", f"{ref}/", f"{ref}/edit", f"{ref}/history", f"{ref}/deletion"):
            assert client.get(f"/d/room/{plural}/{tail}").status_code == 404, (role, tail)


@pytest.mark.parametrize("plural", [*PAGES, "sides"])
def test_reader_sees_no_way_to_edit(plural: str) -> None:
    room = Negotiation()
    client = room.client("reader")
    ref = PAGES.get(plural, ("SD1",))[0]
    addresses = [f"/d/room/{plural}/"]
    if plural in PAGES:
        addresses.append(f"/d/room/{plural}/{ref}/")
    for address in addresses:
        page = parse(client.get(address).content)
        links = [link.get("href") for link in page.one("main").all("a")]
        ways = [href for href in links if re.search(r"/(new|edit|deletion|fields)\b", href)]
        inline = [element for element in page.all() if "data-edit" in element.attributes]
        assert (ways, inline) == ([], []), address
    assert client.get(f"/d/room/{plural}/{ref}/edit").status_code == 403
    assert client.post(f"/d/room/{plural}/{ref}/deletion", {"version": 1}).status_code == 403


@pytest.mark.parametrize("plural", QUERIES)
def test_list_costs_the_same_however_many_there_are(plural: str) -> None:
    room = Negotiation()
    client = room.client("reader")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/d/room/{plural}/").status_code == 200
        return len(queries)

    before = cost()
    with history.recording(by=room.people["owner"]):
        for number in range(3):
            more(room, number)
    assert (before, cost()) == (QUERIES[plural], QUERIES[plural])


def more(room: Negotiation, number: int) -> None:
    """Another record of each kind, with what lists show beside it."""
    side = room.made("Side", order=9)
    actor = room.made("Actor", side=side)
    room.made("Affiliation", member=actor, body=room.usa)
    source = room.made("Source")
    room.made("Passage", source_text=room.made("SourceText", source=source))
    issue = room.made("Issue", parent=room.war)
    position = room.made("Position", actor=actor, issue=issue, event=room.statement)
    proposal = room.made("Proposal", issue=issue, tabled_in=room.talks)
    room.made("Consent", proposal=proposal, actor=actor)
    room.made("Proposer", proposal=proposal, actor=room.usa)
    commitment = room.made("Commitment", debtor=actor, depends_on_proposal=proposal)
    room.made("Outcome", commitment=commitment, event=room.statement)
    room.made("Evidence", passage=room.ball, event=None, position=position)
    event = room.event_on("13 March 2025", f"Further event {number}")
    room.made("Link", from_event=event, to_event=room.talks)
    conflict = room.made("Conflict")
    room.made("ConflictMember", conflict=conflict, event=event)
    room.made("Note", event=event, author=room.people["owner"], text="A word")


@pytest.mark.django_db(transaction=True)
def test_deleting_can_be_undone_from_the_message() -> None:
    room = Negotiation()
    client = room.client("analyst")
    question = parse(client.get("/d/room/links/L1/deletion").content)
    assert question.one("section", "confirm-bar").one("h2").text
    answer = client.post("/d/room/links/L1/deletion", {"version": 1}, follow=True)
    assert client.get("/d/room/links/L1/").status_code == 404
    toast = parse(answer.content).one("div", id="toasts").one("form")
    client.post(toast["action"])
    page = parse(client.get("/d/room/links/L1/").content)
    assert page.one("h1").text == PAGES["links"][1]


@pytest.mark.django_db(transaction=True)
def test_record_that_others_name_is_not_deleted() -> None:
    room = Negotiation()
    answer = room.client("analyst").post("/d/room/actors/A3/deletion", {"version": 1})
    page = parse(answer.content)
    assert answer.status_code == 409
    assert "A3 is not deleted" in page.one("", role="alert").text
    assert "PO1 Ukraine on 30-day ceasefire" in page.one("", role="alert").text
    assert Actor.objects.filter(ref="A3").exists()
    assert not Change.objects.filter(ref="A3", operation="delete").exists()
