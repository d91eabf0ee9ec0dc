"""The pages of actors, of offices and of sides."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import dates, history
from events.models import Actor, Affiliation, Event, Side
from tests.markup import Element, parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db


def panels(page: Element) -> dict[str, list[str]]:
    """Heading of each panel of a page, with the text of its items."""
    found = {}
    for panel in page.all("section", "panel"):
        heading = panel.all("h2")[0].text
        found[heading] = [item.text for item in panel.all("li")]
    return found


def test_list_is_by_side_with_office_and_number_of_positions() -> None:
    page = parse(Negotiation().client("reader").get("/d/room/actors/").content)
    assert [heading.text for heading in page.all("h2", "day")] == [
        "USUnited States United States",
        "UAUkraine Ukraine",
        "No side",
    ]
    assert [row.text for row in page.all("li", "row")] == [
        "Marco Rubio A2 Secretary of State, US 1 position",
        "United States A1 State",
        "Ukraine A3 State 1 position",
        "Russia A4 State",
    ]
    assert [link.text for link in page.one("nav", "lists").all("a")] == [
        "Actors",
        "Affiliations",
        "Sides",
    ]


def test_office_that_ended_is_not_the_current_one() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        room.office.held_latest = 1_600_000_000
        room.office.held_earliest = None
        room.office.save()
    page = parse(room.client("reader").get("/d/room/actors/").content)
    assert page.one("li", id="row-A2").text == "Marco Rubio A2 Person 1 position"


def test_office_now_is_the_newest_that_has_begun() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        for title, held in (("Adviser", "2024-05-01"), ("President", "2200-01-20")):
            office = Affiliation(
                dossier=room.dossier, member=room.rubio, body=room.usa, title=title
            )
            office.held_text = office.held_edtf = f"{held}/.."
            office.held_earliest = dates.read(held).earliest
            office.save()
    page = parse(room.client("reader").get("/d/room/actors/").content)
    assert page.one("li", id="row-A2").text == "Marco Rubio A2 Adviser, US 1 position"


def test_page_has_offices_positions_events_quotations() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        room.made("Participation", event=room.statement, actor=room.rubio, role="speaker")
    page = parse(room.client("reader").get("/d/room/actors/A2/?as_of=2025-03-13").content)
    assert panels(page) == {
        "Offices 1": [
            "Secretary of State, United States from 21 Jan 2025, day precision Held then"
        ],
        "Events 1": ["12 Mar 2025 Rubio to the press Speaker"],
        "Positions by issue 1": [
            "30-day ceasefire 12 Mar 2025, 1 day old"
            " Contested Opposes ‘The ball is now in their court’"
        ],
        "Quotations 1": [],
        "Notes 0 open": [],
    }
    quotation = page.one("div", "quotation")
    assert quotation.text == "‘The ball is now in their court’ Source S1, paragraph 2"
    assert quotation.one("a")["href"].startswith("/d/room/sources/S1/?")
    assert quotation.one("a")["href"].endswith(f"#{room.ball.ref}")


def test_profile_tells_of_offices_delegations_and_what_is_owed_as_of_its_instant() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        team = room.made("Actor", name="US delegation", kind="delegation")
        for body, title, held in (
            (team, "Head", "2025-03-10/2025-03-12"),
            (room.ukraine, "Adviser", "2019/2024-06"),
            (room.russia, "Guest", ""),
        ):
            office = Affiliation(
                dossier=room.dossier, member=room.rubio, body=body, title=title, state="published"
            )
            if held:
                read = dates.read(held)
                office.held_text = office.held_edtf = held
                office.held_earliest, office.held_latest = read.earliest, read.latest
            office.save()
        room.office.held_earliest = dates.read("2025-01-21").earliest
        room.office.save()
        room.made("Participation", event=room.talks, actor=room.rubio, role="delegate")
        room.made("Commitment", debtor=room.rubio, creditor=room.ukraine, action="Call again")
    client = room.client("reader")
    page = parse(client.get("/d/room/actors/A2/?as_of=2025-03-11").content)
    found = panels(page)
    assert found["Offices 3"] == [
        "Secretary of State, United States from 21 Jan 2025, day precision Held then",
        "Adviser, Ukraine 2019 to Jun 2024, year precision",
        "Guest, Russia no dates stated",
    ]
    assert found["Delegations 1"] == [
        "Head, US delegation 10 to 12 Mar 2025, day precision Held then",
        "11 Mar 2025 Talks in Jeddah",
    ]
    assert len(page.all("svg", "tenure")) == 2
    assert found["Commitments 1"] == ["Pending Call again to Ukraine"]
    page = parse(client.get("/d/room/actors/A3/").content)
    assert panels(page)["Owed to Ukraine 2"] == [
        "Pending USUnited States Rubio: Call again to Ukraine",
        "Pending USUnited States US: Resume military aid to Ukraine Russia accepts",
    ]
    page = parse(client.get("/d/room/actors/A4/?as_of=2025-03-14").content)
    found = panels(page)["Answers awaited 1 All unanswered questions"]
    assert found == ["30-day ceasefire Awaited 3 days"]


def test_whose_answer_is_awaited_leads_to_all_that_is_not_answered() -> None:
    room = Negotiation()
    page = parse(room.client("reader").get("/d/room/actors/A4/").content)
    panel = next(one for one in page.all("section", "panel") if "awaited" in one.text)
    assert [link["href"] for link in panel.all("a")] == [
        "/d/room/silences/",
        "/d/room/issues/I2/",
    ]


def test_events_of_an_actor_are_read_page_by_page_newest_first() -> None:
    room = Negotiation()
    client = room.client("reader")

    def cost() -> list[int]:
        found = []
        for address in ("", "events"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/d/room/actors/A1/{address}").status_code == 200
            found.append(len(queries))
        return found

    def more(count: int) -> None:
        with history.recording(by=room.people["owner"]):
            for number in range(count):
                event = room.event_on(f"{number % 28 + 1} April 2025", f"Call {number}")
                room.made("Participation", event=event, actor=room.usa)
            undated = room.made("Event", title="Some day")
            room.made("Participation", event=undated, actor=room.usa)

    more(1)
    before = cost()
    more(60)
    # Nothing without a date is looked for where a page is full.
    assert (before[0] < 32, before[1], cost()) == (True, 10, [before[0] - 1, 9])
    address, found = "/d/room/actors/A1/events", []
    while address:
        page = parse(client.get(address).content)
        found += [row["data-ref"] for row in page.all("li", "row")]
        further = page.all("a", rel="next")
        address = f"/d/room/actors/A1/events{further[0]['href']}" if further else ""
    rows = Event.objects.filter(participations__actor=room.usa)
    dated = rows.filter(earliest__isnull=False).order_by("-earliest", "-id")
    undated = rows.filter(earliest__isnull=True).order_by("-id")
    assert found == [event.ref for event in (*dated, *undated)]
    page = parse(client.get("/d/room/actors/A1/").content)
    assert len(panels(page)["Events 63"]) == 15
    page = parse(client.get("/d/room/actors/A1/events?q=call+59").content)
    assert [row.one("a").text for row in page.all("li", "row")] == ["Call 59"]


def test_public_sees_neither_draft_positions_nor_their_number() -> None:
    room = Negotiation(visibility="public")
    client = room.client("")
    page = parse(client.get("/d/room/actors/").content)
    assert page.one("li", id="row-A2").text == "Marco Rubio A2 Secretary of State, US"
    page = parse(client.get("/d/room/actors/A2/").content)
    assert panels(page)["Positions by issue 0"] == ["No statement recorded."]
    assert "No statement recorded." in page.one("article").text
    assert "Opposes" not in page.one("article").text


def test_refused_form_keeps_what_was_typed_and_says_why_beside_the_field() -> None:
    room = Negotiation()
    sent = {"name": "Sergey Lavrov", "kind": "person", "side": "Rusia", "wikidata": "1234"}
    answer = room.client("analyst").post("/d/room/actors/new", sent)
    page = parse(answer.content)
    assert answer.status_code == 422
    assert page.one("input", id="id_name")["value"] == "Sergey Lavrov"
    assert page.one("input", id="id_side")["value"] == "Rusia"
    error = page.one("ul", id="id_side_error").text
    assert error.startswith("'Rusia' is not a side here.")
    assert page.one("section", "error-summary").one("a")["href"] == "#id_side"
    assert not Actor.objects.filter(name="Sergey Lavrov").exists()


@pytest.mark.django_db(transaction=True)
def test_new_actor_and_office_are_kept_and_signed() -> None:
    room = Negotiation()
    client = room.client("analyst")
    sent = {"name": "Sergey Lavrov", "kind": "person", "aliases": "Lavrov\nSergei Lavrov\n"}
    answer = client.post("/d/room/actors/new", sent)
    lavrov = Actor.objects.get(name="Sergey Lavrov")
    assert answer["Location"] == f"/d/room/actors/{lavrov.ref}/"
    assert lavrov.aliases == ["Lavrov", "Sergei Lavrov"]
    assert history.changes_of(lavrov).first().revision.author == room.people["analyst"]
    page = parse(client.get(f"/d/room/affiliations/new?member={lavrov.ref}").content)
    assert page.one("input", id="id_member")["value"] == f"{lavrov.ref} Sergey Lavrov"
    sent = {"member": lavrov.ref, "body": "Russia", "title": "Foreign Minister", "basis": "stated"}
    client.post("/d/room/affiliations/new", sent | {"held": "since 2004"})
    office = Affiliation.objects.get(member=lavrov)
    assert (str(office), office.held_edtf) == (
        f"{office.ref} Sergey Lavrov, Foreign Minister, Russia",
        "2004/..",
    )


def test_nobody_is_a_member_of_themselves() -> None:
    room = Negotiation()
    sent = {"member": "A2", "body": "A2", "title": "Himself", "basis": "stated"}
    answer = room.client("analyst").post("/d/room/affiliations/new", sent)
    assert answer.status_code == 422
    assert "Nobody is a member of themselves." in parse(answer.content).one("main").text


@pytest.mark.django_db(transaction=True)
def test_side_is_edited_and_leads_back_to_the_list() -> None:
    room = Negotiation()
    client = room.client("analyst")
    sent = {"version": 1, "name": "Ukraine", "code": "UKR", "order": 2, "slot": 6}
    answer = client.post("/d/room/sides/SD2/edit", sent)
    assert answer.status_code == 422
    assert "5" in parse(answer.content).one("ul", id="id_slot_error").text
    answer = client.post("/d/room/sides/SD2/edit", sent | {"slot": 3})
    assert answer["Location"] == "/d/room/sides/"
    assert Side.objects.get(ref="SD2").code == "UKR"
    page = parse(client.get("/d/room/sides/").content)
    assert [row.one("div", "row-body").text for row in page.all("li", "row")] == [
        "USUnited States United States SD1 2 actors, lane 1, colour slot 1",
        "UKRUkraine Ukraine SD2 1 actor, lane 2, colour slot 3",
    ]
