"""The pages of conflicts: what stands in them side by side."""

from __future__ import annotations

import pytest

from events import history
from events.models import Conflict, ConflictMember
from tests.markup import parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db

SIDES = [
    "Event E1, 11 Mar 2025 Talks in Jeddah No source is cited for this yet.",
    "Position PO1, 11 Mar 2025 UAUkraine Ukraine on 30-day ceasefire Conditional"
    " Agrees to the offer. Condition: Russia does the same"
    " Supports ‘Ukraine agreed to a ceasefire of 30 days’ Source S1, paragraph 3",
    "Position PO2, 12 Mar 2025 USUnited States Rubio on 30-day ceasefire Opposes"
    " Not for others yet. Supports ‘The ball is now in their court’ Rubio. Source S1,"
    " paragraph 2",
    "Words of source S1 ‘The ball is now in their court’ Source S1, paragraph 2",
]
"""What the sides of the conflict X1 say, in its row and on its page."""


def titles(room: Negotiation, role: str, query: str = "") -> list[str]:
    """Status, title and ref of each row of the list."""
    page = parse(room.client(role).get(f"/d/room/conflicts/{query}").content)
    return [title.text for title in page.one("main").all("h2", "row-title")]


def contested(room: Negotiation, role: str, query: str = "") -> list[str]:
    """The rows of records that are contested by their evidence alone."""
    page = parse(room.client(role).get(f"/d/room/conflicts/{query}").content)
    sections = page.all("section", aria_labelledby="contested")
    return [row.text for section in sections for row in section.all("li", "row")]


def test_open_ones_come_first_and_each_status_alone() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        for title, status in (("Seeming", "apparent"), ("Still open", "open")):
            room.made("Conflict", title=title, status=status)
        room.made("Conflict", title="Settled", status="resolved", resolution="One was misread.")
    first, second = "Open Agreed or awaited X1", "Open Still open X3"
    settled, seeming = "Resolved Settled X4", "Apparent only Seeming X2"
    queries = ("", "?status=open", "?status=resolved", "?status=apparent", "?status=x", "?q=still")
    assert {query: titles(room, "reader", query) for query in queries} == {
        "": [first, second, settled, seeming],
        "?status=open": [first, second],
        "?status=resolved": [settled],
        "?status=apparent": [seeming],
        "?status=x": [first, second, settled, seeming],
        "?q=still": [second],
    }


def test_sides_stand_next_to_each_other_in_the_list() -> None:
    page = parse(Negotiation().client("reader").get("/d/room/conflicts/").content)
    cards = page.one("ul", "side-by-side").all("li", "card")
    assert [card.text for card in cards] == SIDES
    assert page.one("main").all("div", "decision") == []


def test_records_contested_by_their_evidence_are_made_a_conflict() -> None:
    room = Negotiation(visibility="public")
    with history.recording(by=room.people["owner"], keeps_state=True):
        # The positions are in a conflict already; the statement and the link are not.
        for about in ({"position": room.answer}, {"event": room.statement}, {"link": room.link}):
            about = {"event": None} | about
            room.made("Evidence", passage=room.agreed, bearing="disputes", **about)
        room.made("Evidence", passage=room.ball, event=None, link=room.link)
    said = "‘Ukraine agreed to a ceasefire of 30 days’ Source S1, paragraph 3"
    found = [
        "Contested Rubio to the press responds to Talks in Jeddah L1 Supports"
        f" ‘The ball is now in their court’ Source S1, paragraph 2 Disputes {said}",
        "Contested Rubio to the press E2 Supports ‘The ball is now in their court’ Rubio."
        f" Source S1, paragraph 2 Disputes {said}",
    ]
    assert sorted(contested(room, "reader")) == sorted(found)
    assert sorted(contested(room, "", "?status=contested")) == sorted(found)
    assert contested(room, "reader", "?status=resolved") == []
    page = parse(room.client("analyst").get("/d/room/conflicts/?status=contested").content)
    ways = [link["href"] for link in page.one("section", aria_labelledby="contested").all("a")]
    assert [href for href in ways if "conflicts/new" in href] == [
        f"/d/room/conflicts/new?first={first}&second={room.agreed.ref}"
        for first in ("E2", room.ball.ref)
    ]
    assert titles(room, "reader", "?status=contested") == []


@pytest.mark.django_db(transaction=True)
def test_conflict_begins_with_two_sides() -> None:
    room = Negotiation()
    client = room.client("analyst")
    page = parse(client.get("/d/room/events/E2/").content)
    (link,) = [a for a in page.all("a") if a.text == "Conflicts with…"]
    form = parse(client.get(link["href"]).content)
    assert form.one("input", name="first")["value"] == "E2 Rubio to the press"
    sent = {"title": "What was said", "first": "E2", "status": "open"}
    refused = {}
    for second in ("", "E2", "S1"):
        answer = client.post("/d/room/conflicts/new", sent | {"second": second})
        errors = parse(answer.content).one("ul", id="id_second_error").text
        refused[second] = (answer.status_code, errors.split(" here.")[0])
    assert refused == {
        "": (422, "This is needed and still empty."),
        "E2": (422, "E2 is the first side already."),
        "S1": (422, "'S1' is not an event or a position or a commitment"),
    }
    answer = client.post("/d/room/conflicts/new", sent | {"second": room.agreed.ref})
    assert answer["Location"] == "/d/room/conflicts/X2/"
    conflict = Conflict.objects.get(ref="X2")
    assert [m.target for m in conflict.members.order_by("id")] == [room.statement, room.agreed]


@pytest.mark.django_db(transaction=True)
def test_conflict_is_resolved_with_a_reason_and_opened_again() -> None:
    room = Negotiation()
    client = room.client("analyst")
    page = parse(client.get("/d/room/conflicts/?q=agreed").content)
    form = page.one("div", "decision").all("form")[0]
    sent = {
        field["name"]: field["value"] for field in form.all("input") if "value" in field.attributes
    }
    del sent["csrfmiddlewaretoken"]
    assert sent == {"version": "1", "next": "/d/room/conflicts/?q=agreed", "status": "resolved"}
    answer = client.post(form["action"], sent | {"resolution": "  "})
    refused = parse(answer.content)
    assert answer.status_code == 422
    assert refused.one("ul", id="id_resolution_error").text == "Say how the conflict was resolved."
    answer = client.post(form["action"], sent | {"resolution": "PO2 was misread."})
    assert answer["Location"] == sent["next"]
    conflict = Conflict.objects.get(ref="X1")
    assert (conflict.status, conflict.resolution) == ("resolved", "PO2 was misread.")
    client.post(form["action"], {"version": "2", "status": "open", "resolution": ""})
    conflict.refresh_from_db()
    assert (conflict.status, conflict.resolution) == ("open", "")
    page = parse(client.get("/d/room/conflicts/X1/").content)
    made = page.one("ol", "decisions-made").all("li")
    assert [(m.one("strong").text, [p.text for p in m.all("p")]) for m in made] == [
        ("Open", []),
        ("Resolved", ["PO2 was misread."]),
    ]


def test_conflict_is_called_apparent_without_a_reason() -> None:
    room = Negotiation()
    sent = {"version": "1", "status": "apparent", "resolution": ""}
    answer = room.client("analyst").post("/d/room/conflicts/X1/decision", sent)
    assert (answer.status_code, Conflict.objects.get(ref="X1").status) == (302, "apparent")
    assert room.client("reader").post("/d/room/conflicts/X1/decision", sent).status_code == 403


def test_form_of_a_decision_begins_with_the_status_of_its_address() -> None:
    room = Negotiation()
    for query, chosen in (("?status=resolved", "resolved"), ("?status=x", "open"), ("", "open")):
        page = room.client("analyst").get(f"/d/room/conflicts/X1/decision{query}")
        options = parse(page.content).one("select", name="status").all("option")
        assert [o["value"] for o in options if "selected" in o.attributes] == [chosen], query


def test_members_stand_side_by_side_with_their_words() -> None:
    room = Negotiation()
    page = parse(room.client("reader").get("/d/room/conflicts/X1/").content)
    cards = page.one("ul", "side-by-side").all("li", "card")
    assert [card.text for card in cards] == SIDES
    assert page.one("p", id="X1-lead").text == "Open"


def test_public_sees_published_sides_and_no_conflict_with_one_side() -> None:
    room = Negotiation(visibility="public")
    client = room.client("")
    page = parse(client.get("/d/room/conflicts/X1/").content)
    cards = page.one("ul", "side-by-side").all("li", "card")
    assert [card.all("p", "meta")[0].text for card in cards] == [
        "Event E1, 11 Mar 2025",
        "Position PO1, 11 Mar 2025",
        "Words of source S1",
    ]
    with history.recording(by=room.people["owner"]):
        room.answer.withdraw()
        room.talks.withdraw()
    assert client.get("/d/room/conflicts/X1/").status_code == 404
    page = parse(client.get("/d/room/conflicts/").content)
    assert page.one("div", "empty").one("h2").text == "No conflicts yet"


@pytest.mark.django_db(transaction=True)
def test_member_is_added_and_removed() -> None:
    room = Negotiation()
    client = room.client("analyst")
    address = "/d/room/conflict-members/new"
    answer = client.post(address, {"conflict": "X1", "about": "S1"})
    page = parse(answer.content)
    assert answer.status_code == 422
    assert page.one("ul", id="id_about_error").text.startswith("'S1' is not an event")
    answer = client.post(address, {"conflict": "X1", "about": "PR1"})
    assert answer["Location"] == "/d/room/conflicts/X1/"
    member = ConflictMember.objects.get(proposal=room.proposal)
    answer = client.post(f"/d/room/conflict-members/{member.ref}/deletion", {"version": 1})
    assert answer["Location"] == "/d/room/conflicts/X1/"
    assert not ConflictMember.objects.filter(proposal=room.proposal).exists()


def test_conflict_is_not_resolved_without_saying_how() -> None:
    room = Negotiation()
    sent = {"version": 1, "title": "Agreed or awaited", "status": "resolved", "resolution": ""}
    answer = room.client("analyst").post("/d/room/conflicts/X1/edit", sent)
    page = parse(answer.content)
    assert answer.status_code == 422
    assert page.one("ul", id="id_resolution_error").text == "Say how the conflict was resolved."
    assert Conflict.objects.get(ref="X1").status == "open"


def test_form_shows_both_sides_with_their_sources() -> None:
    room = Negotiation()
    client = room.client("analyst")
    address = f"/d/room/conflicts/new?first=PO1&second={room.ball.ref}"
    page = parse(client.get(address).content)
    assert [card.text for card in page.one("ul", "side-by-side").all("li", "card")] == [
        SIDES[1],
        SIDES[3],
    ]
    assert page.one("input", id="id_second")["value"] == "P2 The ball is now in their court"
    sent = {"title": "Half", "first": "PO1", "second": "PO9", "act": "look", "reason": "Seen"}
    answer = client.post("/d/room/conflicts/new", sent)
    page = parse(answer.content)
    assert (answer.status_code, page.all("ul", "errors")) == (200, [])
    assert [card.text for card in page.all("li", "card")] == [SIDES[1]]
    names = ("title", "first", "second", "reason")
    assert [page.one("input", id=f"id_{name}")["value"] for name in names] == [
        "Half",
        "PO1 Ukraine on 30-day ceasefire",
        "PO9",
        "Seen",
    ]
    assert Conflict.objects.count() == 1
    answer = client.post(
        address, {"title": "Half", "first": "PO1", "second": "P2", "status": "open"}
    )
    assert answer["Location"] == "/d/room/conflicts/X2/"


def test_sides_are_found_by_their_words() -> None:
    room = Negotiation()
    client = room.client("analyst")
    page = parse(client.get("/d/room/conflicts/sides?of=second&second=ceasefire").content)
    assert [option["value"] for option in page.all("option")] == [
        "PO2 Rubio on 30-day ceasefire",
        "PR1 30-day ceasefire",
        "P1 Ukraine agreed to a ceasefire of 30 days",
        "PO1 Ukraine on 30-day ceasefire",
    ]


def test_conflict_begins_at_a_statement_and_beside_the_text_of_a_source() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        room.made("Position", actor=room.ukraine, issue=room.issue, stance="open")
    for role, expected in (("analyst", ["PO1&second=PO3", "PO1&second=PO2"]), ("reader", [])):
        page = parse(room.client(role).get("/d/room/positions/PO1/").content)
        links = [link.get("href") for link in page.one("main").all("a")]
        found = [href.partition("?first=")[2] for href in links if "&second=" in href]
        assert found == expected, role
    page = parse(room.client("analyst").get("/d/room/sources/S1/").content)
    links = [link["href"] for link in page.one("main").all("a", "conflicts-with")]
    assert [href.partition("?first=")[2] for href in links] == ["PO2", "E2", "PO1"]
