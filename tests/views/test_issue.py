"""The pages of issues: the tree, and who stands how."""

from __future__ import annotations

import pytest

from events import history
from events.models import Issue
from events.views.issue import as_tree
from tests.markup import parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db


def test_list_is_a_tree() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        room.made("Issue", name="Prisoners", order=0)
        room.made("Issue", name="Extension", parent=room.issue, order=9)
    page = parse(room.client("reader").get("/d/room/issues/").content)
    assert [(row["class"].split()[1], row.text) for row in page.all("li", "row")] == [
        ("depth-0", "Prisoners I3 No statement recorded"),
        ("depth-0", "Ending the war I1 No statement recorded"),
        ("depth-1", "30-day ceasefire I2 2 positions Proposal PR1"),
        ("depth-2", "Extension I4 No statement recorded"),
    ]


def test_branch_without_its_parent_on_the_page_stands_alone() -> None:
    below = Issue(pk=2, parent_id=1, name="Narrow")
    deeper = Issue(pk=3, parent_id=2, name="Narrower")
    assert [(issue.name, issue.depth) for issue in as_tree([deeper, below])] == [
        ("Narrow", 0),
        ("Narrower", 1),
    ]


def test_page_shows_positions_newest_first_and_what_hangs_on_it() -> None:
    room = Negotiation()
    page = parse(room.client("reader").get("/d/room/issues/I2/").content)
    panels = {p.one("h2").text: [i.text for i in p.all("li")] for p in page.all("section", "panel")}
    assert panels == {
        "Positions, newest first 2": [
            "USUnited States Marco Rubio 12 Mar 2025 Contested Opposes"
            " ‘The ball is now in their court’",
            "UAUkraine Ukraine 11 Mar 2025 Contested Conditional"
            " ‘Ukraine agreed to a ceasefire of 30 days’",
        ],
        "Proposal": ["Proposal PR1 Published"],
        "Commitments 1": [
            "Pending USUnited States US: Resume military aid to Ukraine Russia accepts"
        ],
    }


def test_public_sees_published_positions_and_their_number() -> None:
    room = Negotiation(visibility="public")
    client = room.client("")
    page = parse(client.get("/d/room/issues/I2/").content)
    assert page.one("div", "record-main").one("section").text == (
        "Positions, newest first 1 UAUkraine Ukraine 11 Mar 2025 Contested Conditional"
        " ‘Ukraine agreed to a ceasefire of 30 days’"
    )
    page = parse(client.get("/d/room/issues/").content)
    assert page.one("li", id="row-I2").text == "30-day ceasefire I2 1 position Proposal PR1"


def test_issue_cannot_be_below_itself() -> None:
    room = Negotiation()
    sent = {"version": 1, "name": "Ending the war", "order": 1, "parent": "I2"}
    answer = room.client("analyst").post("/d/room/issues/I1/edit", sent)
    page = parse(answer.content)
    assert answer.status_code == 422
    assert page.one("ul", id="id_parent_error").text == "I1 cannot be part of itself."
    assert page.one("input", id="id_parent")["value"] == "I2"
