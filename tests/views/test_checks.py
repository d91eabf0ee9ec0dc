"""The page of the data checks: who sees it, what it lists, and that its cost is fixed."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import history
from tests.markup import parse
from tests.views.negotiation import Negotiation
from tests.views.room import Room
from tests.views.test_records import more

pytestmark = pytest.mark.django_db

CHECKS = "/d/room/checks/"


@pytest.mark.parametrize("visibility", ["private", "public"])
def test_only_members_see_the_checks(visibility: str) -> None:
    room = Room(visibility=visibility)
    roles = ("", "outsider", "reader", "analyst", "owner")
    seen = {role: room.client(role).get(CHECKS).status_code for role in roles}
    assert seen == {"": 404, "outsider": 404, "reader": 200, "analyst": 200, "owner": 200}


def test_counts_and_findings_with_the_way_to_mend_them() -> None:
    room = Room()
    main = parse(room.client("analyst").get(CHECKS).content).one("main")
    counts = {line.text for line in main.one("ul", "checks-list").all("li")}
    assert {"Without a source 1", "Without a date 1", "Old positions 0"} <= counts
    assert len(counts) == 11
    assert [heading.text for heading in main.all("h2")] == [
        "Without a source 1",
        "Without a date 1",
    ]
    row = main.all("li", "row")[0]
    assert row.one("h3").text == "Talks in Jeddah E1"
    assert row.one("p", "row-people").text == "No source is cited for it."
    assert row.one("a", "button")["href"] == "/d/room/evidence/new?about=E1"


def test_ways_to_mend_lead_somewhere_and_the_record_is_filled_in() -> None:
    room = Room()
    client = room.client("analyst")
    main = parse(client.get(CHECKS).content).one("main")
    pages = [parse(client.get(link["href"]).content) for link in main.all("a", "button")]
    assert [page.one("h1").text for page in pages] == ["New evidence", "Edit event E1"]
    assert pages[0].one("input", name="about")["value"].startswith("E1")


@pytest.mark.django_db(transaction=True)
def test_every_way_to_mend_leads_to_the_field_or_the_record_filled_in() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"], keeps_state=True):
        made = room.made
        made("Event", title="Talks in Jeddah")
        eve = room.event_on("1 March 2025", "Eve", part_of=room.talks)
        made("Link", from_event=eve, to_event=room.talks, kind="responds_to")
        made("Link", from_event=eve, to_event=room.talks, kind="after")
        made("Evidence", passage=room.ball, event=None, position=room.said, clean_text="w" * 40)
        twin = made("Position", actor=room.rubio, issue=room.issue)
        made("Evidence", passage=room.ball, event=None, position=twin, clean_text="w" * 40)
        made("Actor", name="Rubio")
        room.agreed.state = "orphaned"
        room.agreed.save()
        made("Conflict", title="Of nothing")
        room.event_on("13 March 2025", "Unlike", modality="planned")
        made("Position", actor=room.usa, issue=room.war, event=made("Event"), state="published")
        foretold = room.event_on("20 March 2025", "Foretold")
        made("Evidence", passage=room.ball, event=foretold)
    client, keys, left = room.client("analyst"), set(), []
    main = parse(client.get(CHECKS).content).one("main")
    for section in main.all("section", "findings"):
        keys.add(section["aria-labelledby"])
        links = [link for mends in section.all("span", "mends") for link in mends.all("a")]
        for link in links:
            address, _, field = link["href"].partition("#")
            answer = client.get(address)
            page = parse(answer.content).one("main") if answer.status_code == 200 else None
            if page is None or (field and not page.all("", id=field)):
                left.append((link["href"], answer.status_code))
            for pair in address.partition("?")[2].split("&") if "?" in address else []:
                name, _, value = pair.partition("=")
                if name == "selected":  # A queue, with that record open.
                    assert page.one("li", "row", "is-selected")["data-ref"] == value
                    continue
                control = page.one("", name=name)
                options = [o["value"] for o in control.all("option") if "selected" in o.attributes]
                if not (options or [control["value"]])[0].startswith(value):
                    left.append((link["href"], name))
    every = {"unsourced", "undated", "early-answers", "order", "spans", "stale", "duplicates"}
    assert (left, keys) == ([], every | {"orphans", "passages", "conflicts", "drafts"})


@pytest.mark.django_db(transaction=True)
def test_passage_is_found_again_by_its_form() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        room.agreed.state = "moved"
        room.agreed.save()
    client = room.client("analyst")
    form = parse(client.get(f"/d/room/passages/{room.agreed.ref}/edit").content)
    sent = {"source": "S1", "version": room.agreed.version, "quote": form.one("textarea").text}
    assert client.post(f"/d/room/passages/{room.agreed.ref}/edit", sent).status_code == 302
    room.agreed.refresh_from_db()
    assert room.agreed.state == "anchored"


def test_reader_sees_what_is_wrong_but_no_way_to_edit() -> None:
    main = parse(Room().client("reader").get(CHECKS).content).one("main")
    assert len(main.all("li", "row")) == 2
    assert main.all("a", "button") == []


def test_nothing_to_mend() -> None:
    room = Room()
    with history.recording(by=room.people["owner"]):
        room.event.delete()
    main = parse(room.client("analyst").get(CHECKS).content).one("main")
    assert main.one("h2").text == "Nothing to mend."
    assert main.all("ul", "checks-list") == []


def test_one_check_shows_all_it_found() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        for number in range(9):
            room.made("Event", title=f"Undated {number}")
    client = room.client("analyst")
    in_short = parse(client.get(CHECKS).content).one("section", aria_labelledby="undated")
    assert len(in_short.all("li", "row")) == 8
    (more_of_it,) = in_short.one("p", "more").all("a")
    assert more_of_it.text == "Show all 9 of Without a date"
    alone = parse(client.get(f"{CHECKS}{more_of_it['href']}").content).one("main")
    assert alone.one("h1").text == "Without a date"
    assert len(alone.all("li", "row")) == 9


def test_unknown_check_is_not_there() -> None:
    client = Room().client("analyst")
    assert client.get(f"{CHECKS}?check=all").status_code == 404
    page = parse(client.get(f"{CHECKS}?check=%00").content)
    assert page.one("h1").text == "Data checks"


def test_page_costs_the_same_however_much_there_is() -> None:
    room = Negotiation()
    client, costs = room.client("reader"), []
    for number in range(4):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(CHECKS).status_code == 200
        costs.append(len(queries))
        with history.recording(by=room.people["owner"]):
            more(room, number)
            room.made("Event", title="Twin")
            room.made("Actor", name="Twin")
    # Four of the visitor, the checks, the other dossiers; pairs found are named once.
    assert costs == [37, 37, 39, 39]
