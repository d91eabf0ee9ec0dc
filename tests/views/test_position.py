"""The pages of positions: list by issue and actor, page with evidence and movement, forms."""

from __future__ import annotations

import re

import pytest

from events import history
from events.models import Position
from tests.markup import parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db

INLINE = {"headers": {"HX-Request": "true", "HX-Target": "div#PO1-stance"}}


def test_list_is_by_issue_then_side_and_actor_newest_first() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        earlier = room.event_on("1 March 2025", "An earlier word")
        for event, stance in ((None, "open"), (earlier, "unclear")):
            room.made("Position", actor=room.rubio, issue=room.issue, stance=stance, event=event)
        room.made("Position", actor=room.russia, issue=room.war, stance="none", summary="A word.")
    page = parse(room.client("reader").get("/d/room/positions/list/").content)
    assert [heading.text for heading in page.all("h2", "day")] == [
        "Ending the war I1",
        "30-day ceasefire I2",
    ]
    assert [row.text for row in page.all("li", "row")] == [
        "– No for or against Russia PO5 A word. No date stated No source Draft",
        "Opposes USUnited States Marco Rubio PO2 ‘The ball is now in their court’"
        " 12 Mar 2025 Contested 1 source Draft",
        "Unclear USUnited States Marco Rubio PO4 1 Mar 2025 No source Draft",
        "Open USUnited States Marco Rubio PO3 No date stated No source Draft",
        "Conditional UAUkraine Ukraine PO1 ‘Ukraine agreed to a ceasefire of 30 days’"
        " Condition: Russia does the same 11 Mar 2025 Contested 1 source Published",
    ]


def test_list_pages_by_key_over_issues_and_undated_ones() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        for number in range(60):
            event = room.event_on(f"{number % 20 + 1} March 2025", "A word") if number % 3 else None
            issue = room.issue if number % 2 else room.war
            room.made("Position", actor=room.russia, issue=issue, event=event)
    client = room.client("reader")
    refs, address = [], "/d/room/positions/list/"
    while address:
        html = client.get(address).content.decode()
        refs += re.findall(r'data-ref="(PO\d+)"', html)
        further = re.search(r'rel="next" href="(\?[^"]+)"', html)
        address = f"/d/room/positions/list/{further[1]}" if further else ""
    assert len(refs) == len(set(refs)) == 62


def test_party_whose_consent_is_needed_accepts_others_support() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        for actor in (room.russia, room.usa):
            room.made("Position", actor=actor, issue=room.issue, stance="supports")
    page = parse(room.client("reader").get("/d/room/positions/list/").content)
    chips = {row["data-ref"]: row.one("div", "row-stance").text for row in page.all("li", "row")}
    assert chips == {"PO1": "Conditional", "PO2": "Opposes", "PO3": "Accepts", "PO4": "Supports"}


def test_page_shows_movement_evidence_and_the_others() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        later = room.made(
            "Position",
            actor=room.ukraine,
            issue=room.issue,
            stance="supports",
            shift="softens",
            shifts_from=room.answer,
            state="published",
        )
        room.made("Evidence", passage=room.agreed, event=None, position=later, bearing="disputes")
        room.made("Evidence", passage=room.ball, event=None, position=later)
    page = parse(room.client("reader").get("/d/room/positions/PO3/").content)
    assert page.one("p", id="PO3-chips").text == "Published Contested: 1 supports, 1 disputes"
    lead = page.one("p", id="PO3-lead")
    assert lead.text == "UAUkraine Conditional Accepts Softens"
    panels = {p.one("h2").text: p for p in page.all("section", "panel")}
    assert list(panels) == [
        "Evidence 2",
        "Other statements of Ukraine on this 1",
        "Others on this issue 1",
        "Notes 0 open",
    ]
    evidence = panels["Evidence 2"].all("div", "evidence")
    assert [(item["class"], item.one("a")["href"]) for item in evidence] == [
        ("evidence evidence-disputes", f"/d/room/sources/S1/#{room.agreed.ref}"),
        ("evidence evidence-supports", f"/d/room/sources/S1/#{room.ball.ref}"),
    ]
    others = panels["Others on this issue 1"]
    assert [item.text for item in others.all("li")] == ["USUnited States Rubio Opposes"]


def test_public_sees_no_draft_beside_a_published_one() -> None:
    room = Negotiation(visibility="public")
    client = room.client("")
    assert client.get("/d/room/positions/PO2/").status_code == 404
    page = parse(client.get("/d/room/positions/PO1/").content)
    panels = [panel.one("h2").text for panel in page.all("section", "panel")]
    assert panels == ["Evidence 1", "Conflicts 1"]
    assert page.all("", "state") == []
    page = parse(client.get("/d/room/positions/list/").content)
    assert [row["data-ref"] for row in page.all("li", "row")] == ["PO1"]


@pytest.mark.django_db(transaction=True)
def test_stance_edited_in_place_changes_the_lead_and_the_state() -> None:
    room = Negotiation()
    client = room.client("analyst")
    editor = parse(client.get("/d/room/positions/PO1/fields/stance/", **INLINE).content)
    offered = [option["value"] for option in editor.one("select", name="stance").all("option")]
    assert offered == ["", *Position.Stance.values]
    answer = client.post(
        "/d/room/positions/PO1/fields/stance/", {"version": 1, "stance": "supports"}, **INLINE
    )
    piece = parse(answer.content)
    assert piece.one("div", id="PO1-stance").one("div", "field-value").text == "Supports"
    lead = piece.one("p", id="PO1-lead")
    assert (lead["hx-swap-oob"], lead.text) == ("true", "UAUkraine Accepts")
    assert piece.one("p", id="PO1-chips").text == "Draft Contested"
    assert history.changes_of(room.answer).first().revision.author == room.people["analyst"]


def test_refused_form_keeps_what_was_typed() -> None:
    room = Negotiation()
    sent = {"actor": "Rubio", "issue": "ceasefire", "stance": "", "summary": "He said so."}
    answer = room.client("analyst").post("/d/room/positions/new", sent | {"shift": "first"})
    page = parse(answer.content)
    assert answer.status_code == 422
    assert page.one("input", id="id_actor")["value"] == "Rubio"
    assert page.one("textarea", id="id_summary").text == "He said so."
    assert page.one("ul", id="id_issue_error").text == (
        "'ceasefire' is not an issue here. Did you mean '30-day ceasefire'?"
    )
    assert page.one("ul", id="id_stance_error").text == "This is needed and still empty."
    assert Position.objects.count() == 2
