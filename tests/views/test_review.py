"""The page of the review queue and the decisions on it, alone and together."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import history
from events.models import Event
from tests.markup import Element, parse
from tests.views.negotiation import Negotiation
from tests.views.room import Room

pytestmark = pytest.mark.django_db

QUEUE = "/d/room/review/"
IN_ROW: dict[str, Any] = {"headers": {"HX-Request": "true", "HX-Target": "li#row-E1"}}


@pytest.fixture
def room() -> Room:
    return Room()


def add(room: Room, title: str, by: str = "analyst") -> Event:
    with history.recording(by=room.people[by]):
        return Event.objects.create(dossier=room.dossier, title=title)


def buttons(element: Element) -> list[str]:
    return [button["aria-label"] for button in element.all("button")]


@pytest.mark.parametrize(
    ("role", "status"),
    [("", 404), ("outsider", 404), ("reader", 403), ("analyst", 200), ("reviewer", 200)],
)
def test_who_sees_the_queue(room: Room, role: str, status: int) -> None:
    answer = room.client(role).get(QUEUE)
    page = parse(answer.content)
    rows = [row["data-ref"] for row in page.all("li", "row")]
    assert (answer.status_code, rows) == (status, ["E1"] if status == 200 else [])


def test_analyst_reads_and_decides_nothing(room: Room) -> None:
    main = parse(room.client("analyst").get(QUEUE).content).one("main")
    assert (main.all("form"), main.all("input"), main.all("button")) == ([], [], [])
    for address in ("publication", "marking"):
        answer = room.client("analyst").post(f"{QUEUE}{address}", {"record": "E1:1"})
        assert answer.status_code == 403
    assert room.now().state == "draft"


def test_row_says_what_waits(room: Room) -> None:
    with history.recording(by=room.people["owner"]):
        room.now().publish()
    room.changed("analyst", place="Riyadh")
    row = parse(room.client("reviewer").get(QUEUE).content).one("li", "row")
    assert row.one("h2").text == "Talks in Jeddah E1"
    assert row.one("p", "row-people").text == "Event: Where changed since it was published"
    assert row.one("p", "row-links").text.startswith("Analyst X, ")
    assert row.one("span", "chips").text == "No source Draft"
    assert buttons(row) == ["Mark as reviewed E1", "Publish E1"]
    assert row.one("input", type="checkbox")["value"] == "E1:3"


def test_own_words_are_for_someone_else(room: Room) -> None:
    room.changed("reviewer", place="Riyadh")
    row = parse(room.client("reviewer").get(QUEUE).content).one("li", "row")
    assert (buttons(row), row.all("input")) == ([], [])
    assert row.one("span", "own").text == "Yours: someone else reviews it"
    answer = room.client("reviewer").post("/d/room/events/E1/publication")
    assert answer.status_code == 409
    refusal = parse(answer.content).one("main")
    assert refusal.one("h1").text == "E1 stays as it is"
    assert "You wrote the present version of E1." in refusal.text
    assert refusal.one("a", "button")["href"] == "/d/room/events/E1/"
    assert room.now().state == "draft"


def test_decision_without_script_comes_back_to_the_queue(room: Room) -> None:
    client = room.client("reviewer")
    form = parse(client.get(QUEUE).content).one("li", "row").all("form")[1]
    sent = {field["name"]: field.get("value") for field in form.all("input", type="hidden")}
    answer = client.post(form["action"], sent, follow=True)
    page = parse(answer.content)
    assert answer.redirect_chain == [(QUEUE, 302)]
    assert page.one("div", id="toasts").one("p").text == "E1 published"
    assert page.one("main").one("h2").text == "Nothing waits for review"
    assert room.now().state == "published"


def test_decision_goes_nowhere_else(room: Room) -> None:
    sent = {"next": "https://elsewhere.example/"}
    answer = room.client("reviewer").post("/d/room/events/E1/review", sent)
    assert answer["Location"] == "/d/room/events/E1/"


def test_decision_in_the_queue_gives_the_row_as_it_stands(room: Room) -> None:
    client = room.client("reviewer")
    answer = client.post("/d/room/events/E1/review", {"version": 1}, **IN_ROW)
    drawn = parse(answer.content)
    assert drawn.one("li", id="row-E1").one("span", "chips").text == "No source Reviewed"
    assert buttons(drawn.one("li")) == ["Publish E1", "Withdraw E1"]
    assert drawn.one("div", "toast").one("p").text == "E1 marked as reviewed"
    told = '{"record-changed": {"ref": "E1", "noun": "event", "version": 2}}'
    assert answer["HX-Trigger"] == told


def test_refused_decision_gives_the_row_back_and_says_why(room: Room) -> None:
    room.changed("analyst", place="Riyadh")
    client = room.client("reviewer")
    answer = client.post("/d/room/events/E1/publication", {"version": 1}, **IN_ROW)
    drawn = parse(answer.content)
    assert answer.status_code == 409
    assert drawn.one("li", id="row-E1").one("span", "chips").text == "No source Draft"
    said = "E1 was changed meanwhile. Read it again first."
    assert drawn.one("div", "toast", "is-error").one("p").text == said


def test_refused_decision_in_the_drawer_keeps_the_drawer(room: Room) -> None:
    room.changed("reviewer", place="Riyadh")
    drawer: dict[str, Any] = {"headers": {"HX-Request": "true", "HX-Target": "aside#drawer"}}
    answer = room.client("reviewer").post("/d/room/events/E1/review", **drawer)
    drawn = parse(answer.content)
    assert (answer.status_code, drawn.all("html")) == (409, [])
    assert drawn.all("h2")[0].text == "Talks in Jeddah"
    assert drawn.one("p", id="E1-chips").text == "Draft"
    assert "You wrote the present version of E1." in drawn.one("div", "toast", "is-error").text


@pytest.mark.django_db(transaction=True)
def test_several_are_published_at_once_and_undone_at_once() -> None:
    room = Room()
    add(room, "Further talks")
    client = room.client("reviewer")
    sent = {"record": ["E1:1", "E2:1"]}
    answer = client.post(f"{QUEUE}publication", sent, follow=True)
    toast = parse(answer.content).one("div", id="toasts")
    assert toast.one("p").text == "2 records published"
    assert set(Event.objects.values_list("state", flat=True)) == {"published"}
    client.post(toast.one("form")["action"])
    assert set(Event.objects.values_list("state", flat=True)) == {"draft"}


def test_one_refusal_leaves_all_as_they_were_and_chosen(room: Room) -> None:
    add(room, "Further talks")
    room.changed("reviewer", place="Riyadh")
    room.changed("analyst", place="Jeddah again")
    sent = {"record": ["E1:1", "E2:1"]}
    answer = room.client("reviewer").post(f"{QUEUE}marking", sent)
    page = parse(answer.content)
    said = "E1 was changed meanwhile. Read it again first. Nothing was marked as reviewed."
    assert (answer.status_code, page.one("", role="alert").text) == (409, said)
    boxes = page.all("input", type="checkbox")
    assert [(box["value"], "checked" in box.attributes) for box in boxes] == [
        ("E2:1", True),
        ("E1:3", True),
    ]
    assert set(Event.objects.values_list("state", flat=True)) == {"draft"}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ([], "Choose the records first: tick the boxes at their left."),
        (["E1"], "What was sent names no record. Load the page again."),
        (["E1:1\x00"], "What was sent names no record. Load the page again."),
        (["E1:1"] * 101, "At most 100 records go at once."),
        (["E7:1"], "There is no E7 to review any more."),
    ],
)
def test_what_cannot_be_chosen_is_said(room: Room, sent: list[str], said: str) -> None:
    answer = room.client("reviewer").post(f"{QUEUE}publication", {"record": sent})
    alert = parse(answer.content).one("", role="alert").text
    assert (answer.status_code, alert) == (409, f"{said} Nothing was published.")


@pytest.mark.parametrize(
    "query", ["after=x", "before=%00", "after=W10", "order=none", "selected=E99", "after=MTI"]
)
def test_odd_addresses_show_the_first_page(room: Room, query: str) -> None:
    page = parse(room.client("analyst").get(f"{QUEUE}?{query}").content)
    assert [row["data-ref"] for row in page.all("li", "row")] == ["E1"]


def test_pages_follow_each_other(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("events.review.PER_PAGE", 2)
    for title in ("Two", "Three"):
        add(room, title)
    client, seen, query = room.client("analyst"), [], "?order=kind"
    for turn in ("next", "prev", ""):
        page = parse(client.get(f"{QUEUE}{query}").content)
        seen.append([row["data-ref"] for row in page.all("li", "row")])
        query = page.one("a", rel=turn)["href"] if turn else ""
    assert seen == [["E1", "E2"], ["E3"], ["E1", "E2"]]


def test_selected_record_is_beside_the_queue(room: Room) -> None:
    page = parse(room.client("analyst").get(f"{QUEUE}?selected=E1").content)
    assert page.one("li", "is-selected")["data-ref"] == "E1"
    assert page.one("aside", id="drawer").all("h2")[0].text == "Talks in Jeddah"


def test_menu_leads_to_queue_and_checks() -> None:
    room = Negotiation(visibility="public")
    seen = {}
    for role in ("", "outsider", "reader", "analyst"):
        bar = parse(room.client(role).get("/d/room/events/").content).one("header", "top-bar")
        links = {link.get("href") for link in bar.all("a")}
        seen[role] = sorted(links & {QUEUE, "/d/room/checks/"})
    checks = "/d/room/checks/"
    assert seen == {"": [], "outsider": [], "reader": [checks], "analyst": [checks, QUEUE]}


def test_page_costs_the_same_however_much_waits() -> None:
    room = Negotiation()
    client, costs = room.client("reviewer"), []
    for number in range(3):
        add(room, f"Event {number}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(QUEUE).status_code == 200
        costs.append(len(queries))
    # Dossier, session, user, membership, six of the queue, the other dossiers.
    assert costs == [11, 11, 11]


@pytest.mark.parametrize(
    ("writer", "reader", "offered"),
    [
        ("reviewer", "reviewer", False),
        ("analyst", "reviewer", True),
        ("owner", "owner", True),
        ("reviewer", "owner", True),
    ],
)
def test_menu_offers_publication_to_others_than_the_writer(
    writer: str, reader: str, offered: bool
) -> None:
    room = Room()
    room.changed(writer, title="New words")
    page = parse(room.client(reader).get("/d/room/events/E1/").content)
    words = page.one("span", "tools").text
    assert ("Publish" in words, "Mark as reviewed" in words) == (offered, offered)
    assert ("You wrote this version." in words) is not offered
