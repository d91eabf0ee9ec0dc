"""The pages of links."""

from __future__ import annotations

import pytest

from events import history
from events.models import Link
from tests.markup import parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db


def test_list_reads_as_sentences() -> None:
    page = parse(Negotiation().client("reader").get("/d/room/links/").content)
    assert [row.text for row in page.all("li", "row")] == [
        "Rubio to the press L1 Responds to Talks in Jeddah Published"
    ]


def test_link_between_published_events_only_is_public() -> None:
    room = Negotiation(visibility="public")
    assert room.client("").get("/d/room/links/L1/").status_code == 200
    with history.recording(by=room.people["owner"]):
        room.statement.withdraw()
    assert room.client("").get("/d/room/links/L1/").status_code == 404
    page = parse(room.client("").get("/d/room/links/").content)
    assert page.one("div", "empty").one("h2").text == "No links yet"


def test_the_same_link_twice_and_one_to_itself_are_refused() -> None:
    room = Negotiation()
    client = room.client("analyst")
    sent = {"from_event": "E2", "kind": "responds_to", "to_event": "E1"}
    for changes, words in (
        ({}, "This link exists already."),
        ({"to_event": "E2"}, "An event cannot be linked to itself."),
    ):
        answer = client.post("/d/room/links/new", sent | changes)
        page = parse(answer.content)
        assert answer.status_code == 422
        assert words in page.one("section", "error-summary").text
        assert page.one("input", id="id_from_event")["value"] == "E2"
    assert Link.objects.count() == 1
