"""The pages of sources: list, text with cited passages, what rests on them."""

from __future__ import annotations

import pytest

from events import history
from events.models import Passage
from tests.markup import parse
from tests.views.negotiation import TEXT, Negotiation

pytestmark = pytest.mark.django_db


def test_list_names_kind_publisher_date_with_its_basis() -> None:
    page = parse(Negotiation().client("reader").get("/d/room/sources/").content)
    row = page.one("li", "row")
    assert row.one("div", "row-body").text == (
        "Report from Jeddah S1 Article · The Gazette · 11 Mar 2025 (derived)"
    )
    assert row.one("div", "row-side").text == "2 passages Reliability F"


def test_text_is_numbered_marked_and_safe() -> None:
    room = Negotiation()
    page = parse(room.client("reader").get("/d/room/sources/S1/").content)
    paragraphs = page.one("ol", "text").all("li")
    assert [(p["value"], p.text) for p in paragraphs] == [
        ("1", "The delegations met in Jeddah."),
        ("2", "“The ball is now in their court,” Rubio said <of Russia>."),
        ("3", "Ukraine agreed to a ceasefire of 30 days, if Russia does the same."),
    ]
    marks = page.all("mark")
    assert [(mark["id"], mark["class"], mark.text) for mark in marks] == [
        (room.ball.ref, "is-position", "The ball is now in their court"),
        (room.agreed.ref, "is-position", "Ukraine agreed to a ceasefire of 30 days"),
    ]


def test_records_that_rest_on_it_name_their_paragraphs() -> None:
    room = Negotiation()
    page = parse(room.client("reader").get("/d/room/sources/S1/").content)
    groups = page.one("section", "resting").all("details")
    assert [
        [group.one("summary").text, *(i.text for i in group.all("li"))] for group in groups
    ] == [
        ["Events 1", "Rubio to the press E2 ¶2"],
        [
            "Positions 2",
            "USUnited States Rubio on 30-day ceasefire PO2 ¶2 Opposes",
            "UAUkraine Ukraine on 30-day ceasefire PO1 ¶3 Conditional",
        ],
    ]
    assert groups[0].all("a")[1]["href"] == f"#{room.ball.ref}"


def test_public_sees_marks_of_published_records_only() -> None:
    room = Negotiation(visibility="public")
    with history.recording(by=room.people["owner"]):
        room.statement.withdraw()
    client = room.client("")
    page = parse(client.get("/d/room/sources/S1/").content)
    # What is quoted, and a side of a conflict; not what stands around it.
    marked = [(mark["id"], mark.text) for mark in page.all("mark")]
    assert marked == [
        (room.ball.ref, "The ball is now in their court"),
        (room.agreed.ref, "Ukraine agreed to a ceasefire of 30 days"),
    ]
    assert page.one("ol", "text").text == "".join(words for _, words in marked)
    assert page.one("section", "resting").one("h2").text == "Records that rest on it 1"
    page = parse(client.get("/d/room/sources/").content)
    assert page.one("div", "row-side").text == "2 passages Reliability F"


@pytest.mark.django_db(transaction=True)
def test_passage_is_marked_moved_and_removed() -> None:
    room = Negotiation()
    client = room.client("analyst")
    sent = {"source": "S1", "quote": "The delegations  met"}
    answer = client.post("/d/room/passages/new", sent)
    assert answer["Location"] == "/d/room/sources/S1/"
    passage = Passage.objects.latest("id")
    assert (passage.start, passage.end, passage.exact, passage.suffix) == (
        0,
        19,
        "The delegations met",
        TEXT[19:51],
    )
    page = parse(client.get("/d/room/sources/S1/").content)
    assert page.one("mark", id=passage.ref)["class"] == "is-other"
    spare = page.all("section", "panel")[-2]  # Before the notes.
    assert spare.one("h2").text == "Passages that nothing rests on 1 Add a passage"
    assert spare.one("li").text == "‘The delegations met’ ¶1"
    answer = client.post("/d/room/passages/new", sent)
    assert answer.status_code == 422
    error = parse(answer.content).one("ul", id="id_quote_error").text
    assert error == f"{passage.ref} marks these words already."
    edit = {"version": 1, "source": "S1", "quote": "met in Jeddah"}
    client.post(f"/d/room/passages/{passage.ref}/edit", edit)
    assert Passage.objects.get(pk=passage.pk).exact == "met in Jeddah"
    client.post(f"/d/room/passages/{passage.ref}/deletion", {"version": 2})
    assert not Passage.objects.filter(pk=passage.pk).exists()


def test_words_that_are_not_in_the_text_or_there_twice_are_refused() -> None:
    room = Negotiation()
    client = room.client("analyst")
    answer = client.post("/d/room/passages/new", {"source": "S1", "quote": "The ball is lost"})
    error = parse(answer.content).one("ul", id="id_quote_error").text
    assert error == "'The ball is lost' is not in the text of S1. Copy the words from it."
    page = parse(client.post("/d/room/passages/new", {"source": "S1", "quote": "Russia"}).content)
    places = page.all("input", type="radio", name="place")
    assert [place["value"] for place in places] == [
        str(TEXT.index("Russia>")),
        str(TEXT.index("Russia does")),
    ]
