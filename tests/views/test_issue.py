"""The pages of issues: the tree, and who stands how."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import history
from events.matrix import in_tree
from events.models import Issue, Position
from tests.markup import Element, parse
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
    assert [(issue.name, issue.depth) for issue in in_tree([deeper, below])] == [
        ("Narrow", 0),
        ("Narrower", 1),
    ]


NOW = "?as_of=2025-03-13"


def panels(page: Element) -> dict[str, list[str]]:
    """The items of each panel, by its heading."""
    found = page.one("article").all("section", "panel")
    return {panel.all("h2")[0].text: [item.text for item in panel.all("li")] for panel in found}


def test_page_shows_where_each_stands_and_what_hangs_on_it() -> None:
    room = Negotiation()
    page = parse(room.client("reader").get(f"/d/room/issues/I2/{NOW}").content)
    rubio = "USUnited States Marco Rubio 12 Mar 2025"
    ukraine = "UAUkraine Ukraine 11 Mar 2025"
    said = "Contested Opposes ‘The ball is now in their court’"
    agreed = "Contested Conditional ‘Ukraine agreed to a ceasefire of 30 days’"
    assert panels(page) == {
        "Where each stands 3": [
            f"{rubio}, 1 day old {said}",
            f"{ukraine}, 2 days old {agreed}",
            "Russia Awaited 2 days",
        ],
        "Statements, newest first 2": [f"{rubio} {said}", f"{ukraine} {agreed}"],
        "Wider and narrower issues": ["Ending the war I1", "30-day ceasefire I2"],
        "Proposal": ["Proposal PR1 Published"],
        "Conflicts 1": ["Agreed or awaited Open"],
        "Commitments 1": [
            "Pending USUnited States US: Resume military aid to Ukraine Russia accepts"
        ],
    }
    strip = page.one("figure", "line-of-statements").all("svg")[0]
    words = "2 statements from 11 Mar 2025 to 12 Mar 2025; the list below has them"
    assert (strip["aria-label"], len(strip.all("svg"))) == (words, 2)


def test_public_sees_published_positions_and_their_number() -> None:
    room = Negotiation(visibility="public")
    client = room.client("")
    page = parse(client.get(f"/d/room/issues/I2/{NOW}").content)
    found = panels(page)
    assert found["Statements, newest first 1"] == [
        "UAUkraine Ukraine 11 Mar 2025 Contested Conditional"
        " ‘Ukraine agreed to a ceasefire of 30 days’"
    ]
    assert [item[:18] for item in found["Where each stands 2"]] == [
        "UAUkraine Ukraine ",
        "Russia Awaited 2 d",
    ]
    page = parse(client.get("/d/room/issues/").content)
    assert page.one("li", id="row-I2").text == "30-day ceasefire I2 1 position Proposal PR1"


def test_event_that_is_not_public_dates_no_statement() -> None:
    room = Negotiation(visibility="public")
    with history.recording(by=room.people["owner"]):
        for day in ("10 March 2025", "13 March 2025"):
            event = room.event_on(day, f"Meeting of {day}")
            room.made(
                "Position", actor=room.russia, issue=room.issue, event=event, state="published"
            )
        event.withdraw()

    def dates_of(role: str) -> list[str]:
        page = parse(room.client(role).get("/d/room/issues/I2/").content)
        rows = page.one("section", id="statements").all("li")
        return [row.all("span", "meta")[0].text for row in rows]

    of_russia, all_ = "no date stated", ["11 Mar 2025", "10 Mar 2025"]
    assert dates_of("") == [*all_, of_russia]
    said = "12 Mar 2025"
    assert dates_of("reader") == ["13 Mar 2025", said, *all_]


def test_wordings_are_told_with_the_sources_that_use_them() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        room.issue.variants = ["ceasefire of 30 days", "truce", "fire"]
        room.issue.save()
    page = parse(room.client("reader").get("/d/room/issues/I2/").content)
    assert panels(page)["Wordings 4"] == [
        "‘30-day ceasefire’ in no words quoted here",
        "‘ceasefire of 30 days’ S1",
        "‘truce’ in no words quoted here",
        "‘fire’ in no words quoted here",
    ]


def test_statements_go_on_page_by_page_and_cost_the_same() -> None:
    room = Negotiation()
    client = room.client("reader")

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def more(count: int) -> None:
        with history.recording(by=room.people["owner"]):
            for _ in range(count):
                room.made("Position", actor=room.usa, issue=room.issue, event=room.talks)
            room.made("Position", actor=room.usa, issue=room.issue, event=None)

    more(1)
    before = cost("/d/room/issues/I2/")
    more(55)
    # Nothing without a date is looked for where a page is full.
    assert (before < 30, cost("/d/room/issues/I2/")) == (True, before - 1)
    found, address = [], "/d/room/issues/I2/"
    while address:
        page = parse(client.get(address).content)
        statements = page.one("section", id="statements")
        found += [row.one("a")["href"].split("/")[-2] for row in statements.all("li")]
        further = statements.all("a", rel="next")
        address = further[0]["href"].partition("#")[0] if further else ""
    dated = Position.objects.filter(event__isnull=False).newest_first()
    undated = Position.objects.filter(event__isnull=True).order_by("-id")
    assert found == [position.ref for position in (*dated, *undated)]


def test_issue_cannot_be_below_itself() -> None:
    room = Negotiation()
    sent = {"version": 1, "name": "Ending the war", "order": 1, "parent": "I2"}
    answer = room.client("analyst").post("/d/room/issues/I1/edit", sent)
    page = parse(answer.content)
    assert answer.status_code == 422
    assert page.one("ul", id="id_parent_error").text == "I1 cannot be part of itself."
    assert page.one("input", id="id_parent")["value"] == "I2"
