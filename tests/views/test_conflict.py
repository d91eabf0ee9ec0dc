"""The pages of conflicts: what stands in them side by side."""

from __future__ import annotations

import pytest

from events import history
from events.models import Conflict, ConflictMember
from tests.markup import parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db


def test_open_ones_come_first() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        for title, status in (("Seeming", "apparent"), ("Still open", "open")):
            room.made("Conflict", title=title, status=status)
        room.made("Conflict", title="Settled", status="resolved", resolution="One was misread.")
    page = parse(room.client("reader").get("/d/room/conflicts/").content)
    assert [row.text for row in page.all("li", "row")] == [
        "Agreed or awaited X1 Open 4 records",
        "Still open X3 Open 0 records",
        "Settled X4 Resolved 0 records",
        "Seeming X2 Apparent only 0 records",
    ]


def test_members_stand_side_by_side_with_their_words() -> None:
    room = Negotiation()
    page = parse(room.client("reader").get("/d/room/conflicts/X1/").content)
    cards = page.one("ul", "side-by-side").all("li", "card")
    assert [card.text for card in cards] == [
        "Event E1 Talks in Jeddah No source is cited for this yet.",
        "Position PO1 UAUkraine Ukraine on 30-day ceasefire Conditional"
        " Agrees to the offer. Condition: Russia does the same"
        " Supports ‘Ukraine agreed to a ceasefire of 30 days’ Source S1, paragraph 3",
        "Position PO2 USUnited States Rubio on 30-day ceasefire Opposes Not for others yet."
        " Supports ‘The ball is now in their court’ Rubio. Source S1, paragraph 2",
        "Words of source S1 ‘The ball is now in their court’ Source S1, paragraph 2",
    ]
    assert page.one("p", id="X1-lead").text == "Open"


def test_public_sees_published_sides_and_no_conflict_with_one_side() -> None:
    room = Negotiation(visibility="public")
    client = room.client("")
    page = parse(client.get("/d/room/conflicts/X1/").content)
    cards = page.one("ul", "side-by-side").all("li", "card")
    assert [card.all("p", "meta")[0].text for card in cards] == [
        "Event E1",
        "Position PO1",
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
    answer = client.post(f"/d/room/conflict-members/{member.ref}/deletion")
    assert answer["Location"] == "/d/room/conflicts/X1/"
    assert not ConflictMember.objects.filter(proposal=room.proposal).exists()


def test_conflict_is_not_resolved_without_saying_how() -> None:
    room = Negotiation()
    sent = {"version": 1, "title": "Agreed or awaited", "status": "resolved", "resolution": ""}
    answer = room.client("analyst").post("/d/room/conflicts/X1/edit", sent)
    page = parse(answer.content)
    assert answer.status_code == 422
    assert "Say how the conflict was resolved." in page.one("section", "error-summary").text
    assert Conflict.objects.get(ref="X1").status == "open"
