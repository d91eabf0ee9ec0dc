"""The queue of moved and lost passages: what it shows, what each decision does, what undoes it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import history
from events.models import Evidence, Passage, Revision
from tests.markup import Element, parse
from tests.test_history_states import content
from tests.views.negotiation import TEXT, Negotiation

pytestmark = pytest.mark.django_db

QUEUE = "/d/room/passages/"
SAID = "Ukraine said yes to a ceasefire of 30 days"
NEW = "\n\n".join(reversed(TEXT.replace("Ukraine agreed to", "Ukraine said yes to").split("\n\n")))
"""What Ukraine agreed to is told otherwise, and the paragraphs are the other way round."""


class Corrected(Negotiation):
    """The room whose source got a new text: `ball` has moved and `agreed` is lost."""

    def __init__(self, **dossier: Any) -> None:
        super().__init__(**dossier)
        with history.recording(by=self.people["owner"]):
            self.newer = self.source.add_text(NEW).text
        self.ball.refresh_from_db()
        self.agreed.refresh_from_db()

    def url(self, passage: Passage, tail: str = "") -> str:
        return f"{QUEUE}{passage.ref}/{tail}"

    def sent(self, passage: Passage, **changes: Any) -> dict[str, Any]:
        """What the button of the present place, or of the one with SAID, sends."""
        start = NEW.index(SAID) if passage == self.agreed else passage.start
        end = start + len(SAID) if passage == self.agreed else passage.end
        return {"version": passage.version, "text": 2, "start": start, "end": end} | changes


def stands(passage: Passage) -> tuple[str, int, str]:
    """State, number of the text, words."""
    passage.refresh_from_db()
    return str(passage.state), passage.source_text.number, passage.exact


def rows(page: Element) -> list[str]:
    return [row.text for row in page.one("main").all("li", "row")]


def test_what_the_new_text_made_of_them() -> None:
    room = Corrected()
    assert stands(room.ball) == ("moved", 2, "The ball is now in their court")
    assert stands(room.agreed) == ("orphaned", 1, "Ukraine agreed to a ceasefire of 30 days")


@pytest.mark.parametrize(
    ("role", "status"),
    [("", 404), ("outsider", 404), ("reader", 200), ("analyst", 200), ("owner", 200)],
)
def test_members_see_the_queue_also_of_a_public_dossier(role: str, status: int) -> None:
    client = Corrected(visibility="public").client(role)
    assert [client.get(f"{QUEUE}{tail}").status_code for tail in ("", "P1/", "P2/")] == [status] * 3


def test_a_visitor_who_names_a_passage_beside_a_list_sees_the_list() -> None:
    answer = Corrected(visibility="public").client("").get("/d/room/sources/?selected=P2")
    assert parse(answer.content).one("aside", id="drawer").text == ""


def test_queue_lists_what_waits_and_opens_the_first() -> None:
    room = Corrected()
    page = parse(room.client("analyst").get(QUEUE).content)
    assert page.one("p", id="counted").text == "2 wait for a decision"
    assert rows(page) == [
        "‘Ukraine agreed to a ceasefire of 30 days’ P1 S1 Report from Jeddah Lost Evidence of 1",
        "‘The ball is now in their court’ P2 S1 Report from Jeddah Moved Evidence of 2",
    ]
    drawer = page.one("aside", id="drawer")
    assert drawer.one("h2").text == "Where are these words now?"
    assert [item.text for item in drawer.one("section", "rests-on").all("li")] == [
        "Supports Ukraine on 30-day ceasefire PO1"
    ]
    drawer = parse(room.client("analyst").get(f"{QUEUE}?selected=P2").content).one("aside")
    assert drawer.one("h2").text == "Is this still the place?"
    assert [item.text for item in drawer.one("section", "rests-on").all("li")] == [
        "Supports Rubio on 30-day ceasefire PO2",
        "Supports Rubio to the press E2",
    ]


def test_a_lost_one_shows_old_words_and_likely_places() -> None:
    room = Corrected()
    page = parse(room.client("analyst").get(room.url(room.agreed)).content)
    before, guess = page.all("blockquote")
    assert before.text == "Ukraine agreed to a ceasefire of 30 days, if Russia does the same."
    assert guess.text.startswith(
        "Ukraine removed: agreed (end)added: said yes (end) to a ceasefire"
    )
    form = page.one("div", "guess")
    assert form.one("p").text == "87 % alike, paragraph 1"
    button = form.one("button")
    assert (button["data-key"], button["aria-label"]) == ("1", "Take place 1, paragraph 1")
    values = {
        i["name"]: i["value"] for i in form.all("input") if i["name"] != "csrfmiddlewaretoken"
    }
    wanted = {name: str(value) for name, value in room.sent(room.agreed).items()}
    assert values == wanted | {"next": room.url(room.ball)}


def test_readers_see_the_question_and_no_buttons() -> None:
    room = Corrected()
    client = room.client("reader")
    for passage in (room.ball, room.agreed):
        main = parse(client.get(room.url(passage)).content).one("main")
        assert (main.all("form", method="post"), main.all("textarea")) == ([], [])
        for tail in ("place", "loss"):
            answer = client.post(room.url(passage, tail), room.sent(passage))
            assert answer.status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_place_is_taken_with_its_evidence_and_that_is_undone() -> None:
    room = Corrected()
    client, before = room.client("analyst"), content(room.dossier)
    to = f"{QUEUE}?selected=P2"
    sent = room.sent(room.agreed, next=to)
    answer = client.post(room.url(room.agreed, "place"), sent)
    assert (answer.status_code, answer["Location"]) == (302, to)
    assert stands(room.agreed) == ("anchored", 2, SAID)
    assert Evidence.objects.get(position=room.answer).passage == room.agreed
    page = parse(client.get(to).content)
    assert rows(page) == [
        "‘The ball is now in their court’ P2 S1 Report from Jeddah Moved Evidence of 2"
    ]
    undo = page.one("div", id="toasts").one("form")["action"]
    assert undo == f"/d/room/revisions/{Revision.objects.latest('number').number}/undo"
    client.post(undo)
    assert stands(room.agreed) == ("orphaned", 1, "Ukraine agreed to a ceasefire of 30 days")
    assert content(room.dossier) == before


@pytest.mark.django_db(transaction=True)
def test_undoing_a_decision_selects_the_passage_that_came_back() -> None:
    room = Corrected()
    client = room.client("analyst")
    client.post(room.url(room.agreed, "loss"), {"version": room.agreed.version})
    undo = f"/d/room/revisions/{Revision.objects.latest('number').number}/undo"
    came_from = {"Referer": f"http://testserver{QUEUE}?selected=P2"}
    assert client.post(undo, headers=came_from)["Location"] == f"{QUEUE}?selected=P1"
    assert stands(room.agreed) == ("orphaned", 1, "Ukraine agreed to a ceasefire of 30 days")


def test_a_moved_one_is_confirmed_where_it_is() -> None:
    room = Corrected()
    place = (room.ball.start, room.ball.end)
    answer = room.client("analyst").post(room.url(room.ball, "place"), room.sent(room.ball))
    assert answer["Location"] == QUEUE
    assert stands(room.ball) == ("anchored", 2, "The ball is now in their court")
    assert (room.ball.start, room.ball.end) == place


def test_what_the_source_no_longer_says_is_settled_and_stays_evidence() -> None:
    room = Corrected()
    client = room.client("analyst")
    client.post(room.url(room.agreed, "loss"), {"version": room.agreed.version})
    assert stands(room.agreed) == ("gone", 1, "Ukraine agreed to a ceasefire of 30 days")
    assert Evidence.objects.filter(passage=room.agreed).count() == 1
    assert [row.split()[-4] for row in rows(parse(client.get(QUEUE).content))] == ["Moved"]
    page = parse(client.get(room.url(room.agreed)).content)
    assert page.one("h1").text == "No longer in the source"
    # One may still take it back by finding the words.
    assert len(page.all("div", "guess")) == 1


@pytest.mark.django_db(transaction=True)
def test_words_typed_by_hand_lead_back_to_the_queue() -> None:
    room = Corrected()
    client = room.client("analyst")
    sent = {"version": room.agreed.version, "source": "S1", "quote": "said yes to a ceasefire"}
    url = f"{room.url(room.agreed, 'edit')}?next=/d/room/passages/%3Fselected%3DP2"
    wrong = parse(client.post(url, sent | {"quote": "said no"}).content)
    assert wrong.one("textarea", name="quote").text == "said no"
    assert wrong.one("ul", id="id_quote_error").text == (
        "'said no' is not in the text of S1. Copy the words from it."
    )
    answer = client.post(url, sent)
    assert answer["Location"] == f"{QUEUE}?selected=P2"
    assert stands(room.agreed) == ("anchored", 2, "said yes to a ceasefire")


@pytest.mark.parametrize(
    ("changes", "status", "problem"),
    [
        (
            {"version": 1},
            409,
            "P1 was changed meanwhile. Nothing was done: look how it stands now.",
        ),
        ({"version": ""}, 422, "What was sent names no place. Load the page again."),
        ({"text": 1}, 422, "Text 2 of S1 was stored meanwhile. Look where the words are in it."),
        ({"end": 99999}, 422, "There is no such place in the text. Load the page again."),
        ({"start": 50, "end": 50}, 422, "There is no such place in the text. Load the page again."),
        ({"start": "9" * 30}, 422, "What was sent names no place. Load the page again."),
    ],
)
def test_what_is_refused(changes: dict[str, Any], status: int, problem: str) -> None:
    room = Corrected()
    before = stands(room.agreed)
    sent = room.sent(room.agreed, **changes)
    answer = room.client("analyst").post(room.url(room.agreed, "place"), sent)
    page = parse(answer.content)
    assert (answer.status_code, page.one("div", "banner", "error").text) == (status, problem)
    assert stands(room.agreed) == before


def test_two_passages_do_not_mark_the_same_words() -> None:
    room = Corrected()
    sent = room.sent(room.agreed, start=room.ball.start, end=room.ball.end)
    answer = room.client("analyst").post(room.url(room.agreed, "place"), sent)
    assert parse(answer.content).one("div", "banner").text == "P2 marks these words already."


def test_an_address_elsewhere_is_not_gone_to() -> None:
    room = Corrected()
    sent = room.sent(room.ball, next="//else.example/")
    assert room.client("analyst").post(room.url(room.ball, "place"), sent)["Location"] == QUEUE


def test_empty_queue_says_what_comes_here() -> None:
    page = parse(Negotiation().client("analyst").get(QUEUE).content)
    assert page.one("div", "empty").one("h2").text == "No passage is lost"
    assert page.one("aside", id="drawer").text == ""


def test_queue_costs_the_same_for_many() -> None:
    room = Corrected()
    client = room.client("analyst")
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{QUEUE}?selected={room.ball.ref}")
        costs.append(len(queries))
        with history.recording(by=room.people["owner"]):
            for start in range(30):
                passage = Passage.cut(room.newer, start, start + 9)
                passage.state = "moved"
                passage.save()
    assert costs == [17, 17]
