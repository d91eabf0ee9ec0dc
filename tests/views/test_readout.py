"""Accounts of an event side by side: what is shown, how it is written, who sees it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import history
from events.models import Conflict, Passage, Readout, ReadoutPassage, ReadoutPoint, SourceText
from tests.markup import Element, parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/d/room/events/E1/readouts"
OURS = "Both sides agreed to a truce of thirty days. Prisoners come home."
THEIRS = "Both sides agreed to a pause of thirty days. Nothing was said of aid."


class Accounts(Negotiation):
    """The talks as two parties tell of them: RO1 and RO2, and the points RP1 and RP2."""

    def __init__(self, **dossier: Any) -> None:
        super().__init__(**dossier)
        with history.recording(by=self.people["owner"]):
            self.ours = self.account("Ours", self.usa, OURS)
            self.theirs = self.account("Theirs", self.russia, THEIRS)
            self.length = self.made(
                "ReadoutPoint", event=self.talks, number=1, subject="Length", reading="wording"
            )
            self.aid = self.made("ReadoutPoint", event=self.talks, number=2, subject="Prisoners")
            self.made("ReadoutPoint", event=self.talks, number=3, subject="Aid")
            self.says(self.ours, self.length, "agreed to a truce of thirty days")
            self.says(self.theirs, self.length, "agreed to a pause of thirty days")
            self.says(self.ours, self.aid, "Prisoners come home.")

    def account(self, title: str, actor: Any, text: str) -> Readout:
        source = self.made("Source", title=title)
        SourceText.objects.create(dossier=self.dossier, source=source, text=text)
        return self.made("Readout", event=self.talks, source=source, actor=actor)

    def says(self, readout: Readout, point: ReadoutPoint, words: str) -> ReadoutPassage:
        """Words of the account on the point."""
        text = readout.source.current_text
        start = text.text.index(words)
        passage = Passage.at(text, start, start + len(words))
        return self.made("ReadoutPassage", point=point, readout=readout, passage=passage)


def told(page: Element) -> dict[str, list[str]]:
    """Each point by its name, with how it reads and what each account says."""
    found = {}
    for row in page.one("table", "readouts").all("tbody"):
        cells = [
            " ".join(part.text for part in (*cell.all("q"), *cell.all("p", "left-out")))
            for cell in row.all("td")
        ]
        found[row.one("span", "subject").text] = [row.one("span", "reading").text, *cells]
    return found


ROWS = {
    "Length": [
        "Differ in wording",
        "‘agreed to a only here: truce (end) of thirty days’",
        "‘agreed to a only here: pause (end) of thirty days’",
    ],
    "Prisoners": ["In one account alone", "‘Prisoners come home.’", "Leaves it out"],
    "Aid": ["Not compared yet", "No words chosen yet", "No words chosen yet"],
}


def test_accounts_stand_side_by_side_and_words_of_one_alone_are_marked() -> None:
    page = parse(Accounts().client("reader").get(PAGE).content)
    assert told(page) == ROWS
    assert [head.text for head in page.one("thead").all("th")] == [
        "Point",
        "USUnited States US Source S2 Ours",
        "Russia Source S3 Theirs",
    ]
    words = page.one("tbody", id="RP1").all("p", "meta")[0].one("a")
    assert (words["href"], words.text) == ("/d/room/sources/S2/#P3", "Source S2, paragraph 1")


def test_reading_is_set_where_it_stands() -> None:
    room = Accounts()
    client = room.client("analyst")
    address = "/d/room/readout-points/RP2/fields/reading/"
    answer = client.post(address, {"version": 1, "reading": "agree"})
    assert answer["Location"] == f"{PAGE}#RP2"
    assert told(parse(client.get(PAGE).content))["Prisoners"] == [
        "Agree",
        "‘Prisoners come home.’",
        "Leaves it out",
    ]


def test_public_sees_the_accounts_of_a_published_event() -> None:
    room = Accounts(visibility="public")
    visitor = room.client("")
    page = parse(visitor.get(PAGE).content)
    assert told(page) == ROWS
    assert not page.one("main").all("form")
    with history.recording(by=room.people["owner"]):
        room.account("Unquoted", room.ukraine, "All is well.")
    assert len(parse(visitor.get(PAGE).content).one("thead").all("th")) == 3
    with history.recording(by=room.people["owner"]):
        room.talks.withdraw()
    assert visitor.get(PAGE).status_code == 404


def test_accounts_are_told_as_of_both_clocks() -> None:
    room = Accounts()
    client, before = room.client("analyst"), history.sealed_number(room.dossier.pk)
    with history.recording(by=room.people["owner"]):
        third = room.account("Third", room.ukraine, "Thirty days of truce.")
        room.says(third, room.aid, "truce")
    heads = {}
    for query in ("", f"?as_of=r{before}", "?as_of=2025-03-11"):
        page = parse(client.get(f"{PAGE}{query}").content)
        heads[query] = len(page.one("thead").all("th")), bool(page.one("main").all("form"))
    assert heads == {
        "": (4, True),
        f"?as_of=r{before}": (3, False),
        "?as_of=2025-03-11": (4, False),
    }
    assert told(parse(client.get(f"{PAGE}?as_of=r{before}").content)) == ROWS
    assert client.get(f"{PAGE}?as_of=2025-03-10").status_code == 404


def test_cost_does_not_grow_with_points_and_accounts() -> None:
    room = Accounts()
    client = room.client("reader")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        return len(queries)

    before = cost()
    with history.recording(by=room.people["owner"]):
        third = room.account("Third", room.ukraine, "A truce of thirty days was agreed to.")
        for number in range(4, 9):
            point = room.made("ReadoutPoint", event=room.talks, number=number)
            room.says(third, point, "A truce of thirty days")
    assert (before, cost()) == (13, 13)


def test_event_leads_to_its_accounts() -> None:
    room = Accounts()
    with history.recording(by=room.people["owner"]):
        room.aid.reading = "contradict"
        room.aid.save()
    for address, drawer in (("/d/room/events/E1/", False), ("/d/room/?selected=E1", True)):
        page = parse(room.client("reader").get(address).content)
        place = page.one("aside", id="drawer") if drawer else page
        link = next(a for a in place.all("a") if a.get("href") == PAGE)
        assert link.text == "2 accounts: 1 point contradicts"
    page = parse(room.client("reader").get("/d/room/events/E2/").content)
    assert "Accounts" not in page.one("main").text


def test_account_point_and_words_are_written_by_forms() -> None:
    room = Negotiation()
    client = room.client("analyst")
    answer = client.post(
        f"/d/room/readouts/new?event=E1&next={PAGE}",
        {"event": "E1", "source": "S1", "actor": "A1"},
    )
    assert answer["Location"] == PAGE
    client.post("/d/room/readout-points/new", {"event": "E1", "subject": "Aid", "reading": "agree"})
    address = "/d/room/readout-passages/new?point=RP1&readout=RO1"
    page = parse(client.get(address).content)
    assert page.one("h1").text == "US on Aid"
    offers = [label.text for label in page.one("div", id="id_marked").all("label")]
    assert offers == [
        "The ball is now in their court",
        "Ukraine agreed to a ceasefire of 30 days",
        "None of these",
    ]
    sent = {"point": "RP1", "readout": "RO1", "marked": "", "quote": "met in  Jeddah", "place": ""}
    answer = client.post(address, sent)
    assert answer["Location"] == f"{PAGE}#RP1"
    said = ReadoutPassage.objects.get()
    assert (said.point.ref, said.readout.ref, said.passage.exact) == ("RP1", "RO1", "met in Jeddah")
    marked = Passage.objects.get(exact="The ball is now in their court").pk
    client.post(address, sent | {"marked": marked, "quote": ""})
    client.post(
        f"/d/room/readout-passages/{said.ref}/edit",
        sent | {"version": 1, "marked": said.passage_id, "quote": "delegations met"},
    )
    assert told(parse(client.get(PAGE).content)) == {
        "Aid": ["Agree", "‘delegations met’ ‘The ball is now in their court’"]
    }


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({}, "quote", "Choose marked words, or paste the words of the source."),
        ({"quote": "Nothing of it"}, "quote", "'Nothing of it' is not in the text of S2."),
        ({"quote": "truce", "marked": "own"}, "quote", "Choose marked words or give others, not"),
        ({"marked": "own"}, "marked", "They stand there now."),
        ({"quote": "agreed to a truce of thirty days"}, "quote", "They stand there now."),
        ({"marked": "999"}, "marked", "Select a valid choice."),
    ],
)
def test_words_that_do_not_do_are_refused(sent: dict[str, str], field: str, sentence: str) -> None:
    room = Accounts()
    own = str(ReadoutPassage.objects.get(point=room.length, readout=room.ours).passage_id)
    sent = {name: own if value == "own" else value for name, value in sent.items()}
    answer = room.client("analyst").post(
        "/d/room/readout-passages/new", {"point": "RP1", "readout": "RO1"} | sent
    )
    assert answer.status_code == 422
    error = parse(answer.content).one("ul", id=f"id_{field}_error").text
    assert error.startswith(sentence)
    assert ReadoutPassage.objects.count() == 3


def test_two_who_change_the_same_words_are_asked() -> None:
    room = Accounts()
    said = ReadoutPassage.objects.get(point=room.length, readout=room.ours)
    address, was = f"/d/room/readout-passages/{said.ref}/edit", said.passage_id
    client, sent = room.client("analyst"), {"point": "RP1", "readout": "RO1"}
    client.post(address, sent | {"version": 1, "marked": was, "quote": "a truce"})
    yours = sent | {"version": 1, "marked": was, "quote": "thirty days"}
    page = parse(client.post(address, yours).content)
    assert page.one("form", "merge")["action"].endswith("/merge")
    assert "a truce" in page.one("main").text
    assert "thirty days" in page.one("main").text


def test_source_without_marked_words_asks_for_words_alone() -> None:
    room = Accounts()
    with history.recording(by=room.people["owner"]):
        room.account("Fresh", room.ukraine, "The talks went well.")
    address = "/d/room/readout-passages/new?point=RP1&readout=RO3"
    page = parse(room.client("analyst").get(address).content)
    names = [field["name"] for field in page.one("main").all() if field.get("name")]
    assert [n for n in names if n in ("marked", "quote", "reason")] == ["quote", "reason"]


def test_words_and_point_are_of_one_event() -> None:
    room = Accounts()
    with history.recording(by=room.people["owner"]):
        room.made("ReadoutPoint", event=room.statement, number=1)
    sent = {"point": "RP4", "readout": "RO1", "quote": "truce"}
    answer = room.client("analyst").post("/d/room/readout-passages/new", sent)
    assert "RO1 is an account of another event than RP4." in parse(answer.content).one("main").text


def test_account_keeps_its_source_while_its_words_stand() -> None:
    room = Accounts()
    client = room.client("analyst")
    answer = client.post("/d/room/readouts/RO1/edit", {"version": 1, "source": "S1", "actor": "A1"})
    error = parse(answer.content).one("ul", id="id_source_error").text
    assert error.startswith("2 of its words stand in the comparison.")
    answer = client.post("/d/room/readouts/RO1/edit", {"version": 1, "source": "S2", "actor": ""})
    assert answer["Location"] == f"{PAGE}#RO1"
    answer = client.post("/d/room/readouts/new", {"event": "E1", "source": "S2"})
    assert "This source is an account of the event already." in answer.content.decode()


def test_points_are_put_in_order_and_removed() -> None:
    room = Accounts()
    client = room.client("analyst")
    answer = client.post("/d/room/readout-points/RP2/place", {"number": "1"})
    assert answer["Location"] == f"{PAGE}#RP2"
    assert list(told(parse(client.get(PAGE).content))) == ["Prisoners", "Length", "Aid"]
    client.post("/d/room/readout-points/RP2/place", {"number": "x"})
    client.post("/d/room/readout-points/RP1/deletion", {"version": 2})
    assert list(told(parse(client.get(PAGE).content))) == ["Prisoners", "Aid"]
    assert ReadoutPassage.objects.count() == 1


def test_contradiction_becomes_a_conflict_that_leads_back() -> None:
    room = Accounts()
    client = room.client("analyst")
    with history.recording(by=room.people["owner"]):
        room.length.reading = "contradict"
        room.length.save()
    row = parse(client.get(PAGE).content).one("tbody", id="RP1")
    form = next(f for f in row.all("form") if f["action"].endswith("/conflict"))
    answer = client.post(form["action"])
    assert answer["Location"] == "/d/room/conflicts/X2/"
    conflict = Conflict.objects.get(ref="X2")
    assert conflict.title == "Length: accounts of Talks in Jeddah"
    assert [m.passage.exact for m in conflict.members.order_by("id")] == [
        "agreed to a truce of thirty days",
        "agreed to a pause of thirty days",
    ]
    page = parse(client.get("/d/room/conflicts/X2/").content)
    back = page.one("section", "from-accounts").one("a")
    assert (back["href"], back.text) == (f"{PAGE}#RP1", "Length")
    row = parse(client.get(PAGE).content).one("tbody", id="RP1")
    assert row.one("a", "contested").text == "Conflict X2, open"
    assert not [f for f in row.all("form") if f["action"].endswith("/conflict")]
    answer = client.post("/d/room/readout-points/RP2/conflict", follow=True)
    assert "A conflict needs the words of two accounts." in answer.content.decode()
    assert Conflict.objects.count() == 2
