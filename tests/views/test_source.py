"""The pages of sources: list, text with cited passages, what rests on them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import history
from events.models import Passage, SourceText
from tests.factories import ActorFactory
from tests.markup import Element, parse
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
    assert [(p["value"], p["data-start"], p.text) for p in paragraphs] == [
        ("1", "0", "The delegations met in Jeddah."),
        ("2", "32", "“The ball is now in their court,” Rubio said <of Russia>."),
        ("3", "91", "Ukraine agreed to a ceasefire of 30 days, if Russia does the same."),
    ]
    marks = page.one("ol", "text").all("mark")
    assert [(m["id"], m["class"], m["aria-details"], m["data-n"], m.text) for m in marks] == [
        (
            room.ball.ref,
            "is-position",
            f"card-{room.ball.ref}",
            "1",
            "The ball is now in their court",
        ),
        (
            room.agreed.ref,
            "is-position",
            f"card-{room.agreed.ref}",
            "2",
            "Ukraine agreed to a ceasefire of 30 days",
        ),
    ]


def test_title_names_who_added_it_and_that_the_text_is_locked() -> None:
    room = Negotiation()
    page = parse(room.client("reader").get("/d/room/sources/S1/").content)
    head = page.one("header", "reader-head")
    digits = SourceText.objects.get(ref=room.text.ref).sha256
    assert (head.one("h1").text, head.one("p", "gist").text) == (
        "Report from Jeddah",
        "Source S1. Article, The Gazette, 11 Mar 2025 (derived). Added by Owner X, just now."
        f" Text locked, {digits[:4]} {digits[4:8]}.",
    )
    tabs = page.one("span", id="source-tabs").all("a")
    assert [(tab.text, tab["href"], tab.get("aria-current")) for tab in tabs] == [
        ("Read", "/d/room/sources/S1/", "page"),
        ("Records 3", "/d/room/sources/S1/records", ""),
        ("Details", "/d/room/sources/S1/details", ""),
    ]


def test_each_record_has_a_card_beside_its_words() -> None:
    room = Negotiation()
    page = parse(room.client("reader").get("/d/room/sources/S1/").content)
    cards = page.one("div", id="margin").all("article")
    assert [(c["id"], c["data-for"], c["data-kind"], c.text) for c in cards] == [
        (
            f"card-{room.ball.ref}",
            room.ball.ref,
            "position",
            "Position ¶2 PO2 USUnited States Rubio on 30-day ceasefire Contested"
            " Direct quotation, Rubio. Draft ‘The ball is now in their court’",
        ),
        (
            f"card-{room.ball.ref}-2",
            room.ball.ref,
            "event",
            "Event ¶2 E2 Rubio to the press Direct quotation, Rubio. Published"
            " ‘The ball is now in their court’",
        ),
        (
            f"card-{room.agreed.ref}",
            room.agreed.ref,
            "position",
            "Position ¶3 PO1 UAUkraine Ukraine on 30-day ceasefire Contested"
            " Direct quotation. Published ‘Ukraine agreed to a ceasefire of 30 days’",
        ),
    ]
    assert [link["href"] for link in cards[0].all("a")] == [
        f"#{room.ball.ref}",
        "/d/room/positions/PO2/",
    ]


def test_outline_counts_kinds_and_lists_paragraphs() -> None:
    room = Negotiation()
    page = parse(room.client("reader").get("/d/room/sources/S1/").content)
    outline = page.one("details", "outline")
    assert [row.text for row in outline.all("label")] == [
        "Events 1",
        "Positions 2",
        "Commitments 0",
        "Proposals 0",
    ]
    assert [(link["href"], link.text) for link in outline.one("nav").all("a")] == [
        ("#paragraph-1", "Paragraph 1"),
        ("#paragraph-2", "Paragraph 2, 2 highlights"),
        ("#paragraph-3", "Paragraph 3, 1 highlight"),
    ]
    swatches = [a.all("span", "swatch") for a in outline.one("nav").all("a")]
    assert [[s["class"] for s in each] for each in swatches] == [
        [],
        ["swatch is-event", "swatch is-position"],
        ["swatch is-position"],
    ]


def test_kinds_are_hidden_by_the_address() -> None:
    room = Negotiation()
    client = room.client("reader")
    page = parse(client.get("/d/room/sources/S1/?only=1&show=event").content)
    marks = page.one("ol", "text").all("mark")
    assert [(m["id"], m["class"]) for m in marks] == [
        (room.ball.ref, "is-event"),
        (room.agreed.ref, "is-off"),
    ]
    cards = page.one("div", id="margin").all("article")
    assert [(c["data-kind"], "hidden" in c.attributes) for c in cards] == [
        ("position", True),
        ("event", False),
        ("position", True),
    ]
    ticked = [b["value"] for b in page.all("input", name="show") if "checked" in b.attributes]
    assert ticked == ["event"]
    # What makes no sense shows everything.
    page = parse(client.get("/d/room/sources/S1/?only=1&show=nonsense").content)
    assert {m["class"] for m in page.one("ol", "text").all("mark")} == {"is-position"}


def test_text_content_stays_exact_around_digits_insertions_and_control_characters() -> None:
    room = Negotiation()
    words = "He [the envoy] said “yes”.12 And \u202eno\u202c more <b>."
    with history.recording(by=room.people["owner"]):
        source = room.made("Source", title="Odd note", language="de")
        text = SourceText.objects.create(dossier=room.dossier, source=source, text=words)
        passage = Passage.cut(text, 15, 27)
        passage.save()
    page = parse(room.client("reader").get(f"/d/room/sources/{source.ref}/").content)
    text_of = page.one("ol", "text")
    assert text_of["lang"] == "de"
    (paragraph,) = text_of.all("p")
    assert paragraph._raw() == words
    within = [e for e in paragraph.all() if e.tag != "mark"]
    assert [(e.tag, e["class"], e._raw()) for e in within] == [
        ("span", "insertion", "[the envoy]"),
        ("sup", "citation", "1"),
        ("sup", "citation", "2"),
        ("span", "control", "\u202e"),
        ("span", "control", "\u202c"),
    ]


def test_records_tab_names_their_paragraphs() -> None:
    room = Negotiation()
    page = parse(room.client("reader").get("/d/room/sources/S1/records").content)
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
    assert groups[0].all("a")[1]["href"] == f"/d/room/sources/S1/#{room.ball.ref}"


def test_details_tab_has_the_fields_and_notes() -> None:
    room = Negotiation()
    client = room.client("analyst")
    page = parse(client.get("/d/room/sources/S1/details").content)
    assert page.one("dl", "fields").all("dt")[0].text == "Kind"
    assert len(page.all("div", id="notes-S1")) == 1
    assert page.one("footer", "drawer-foot").one("a")["href"] == "/d/room/sources/S1/history"


def test_the_drawer_of_a_source_has_no_text() -> None:
    room = Negotiation()
    headers = {"HX-Request": "true", "HX-Target": "aside#drawer"}
    page = parse(room.client("analyst").get("/d/room/sources/S1/", headers=headers).content)
    assert page.one("section", "resting").one("h3").text == "Records that rest on it 3"
    assert page.all("ol", "text") == []


def test_public_sees_marks_of_published_records_only() -> None:
    room = Negotiation(visibility="public")
    with history.recording(by=room.people["owner"]):
        room.statement.withdraw()
    client = room.client("")
    page = parse(client.get("/d/room/sources/S1/").content)
    # What is quoted, and a side of a conflict; not what stands around it.
    marked = [(mark["id"], mark.text) for mark in page.one("ol", "text").all("mark")]
    assert marked == [
        (room.ball.ref, "The ball is now in their court"),
        (room.agreed.ref, "Ukraine agreed to a ceasefire of 30 days"),
    ]
    assert page.one("ol", "text").text == " ".join(words for _, words in marked)
    (card,) = page.one("div", id="margin").all("article")
    assert card.one("h3").text == "UAUkraine Ukraine on 30-day ceasefire"
    assert page.one("p", "gist").text == (
        "Source S1. Article, The Gazette, 11 Mar 2025 (derived)."
        " The words that are cited here; the whole text is for members."
    )
    assert [li.get("data-start") for li in page.one("ol", "text").all("li")] == ["", ""]
    page = parse(client.get("/d/room/sources/").content)
    assert page.one("div", "row-side").text == "2 passages Reliability F"


def test_visitors_are_not_told_of_a_speaker_whom_no_published_record_names() -> None:
    room = Negotiation(visibility="public")
    with history.recording(by=room.people["owner"]):
        room.agreed.speaker = ActorFactory(dossier=room.dossier, name="Quiet Clerk")
        room.agreed.save()
    quiet = [r for r in ("", "reader") if "Quiet Clerk" in _reader_page(room, r)]
    assert quiet == ["reader"]


def _reader_page(room: Negotiation, role: str) -> str:
    return room.client(role).get("/d/room/sources/S1/").content.decode()


@pytest.mark.parametrize("tab", ["", "records", "details"])
def test_no_tab_tells_visitors_what_stands_around_the_words_cited(tab: str) -> None:
    answer = Negotiation(visibility="public").client("").get(f"/d/room/sources/S1/{tab}")
    assert "The delegations met" not in answer.content.decode()
    assert "Rubio said" not in answer.content.decode()


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
    assert page.one("mark", id=passage.ref)["class"] == "is-quote"
    page = parse(client.get("/d/room/sources/S1/records").content)
    spare = page.all("section", "panel")[-1]
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


def reader_of(room: Negotiation, role: str, query: str = "") -> Element:
    """The reader of the source as someone of that role sees it."""
    return parse(room.client(role).get(f"/d/room/sources/S1/{query}").content)


def test_suggestions_stand_beside_the_records_for_those_who_may_edit() -> None:
    room = Negotiation()
    page = reader_of(room, "analyst")
    (mark,) = page.one("ol", "text").all("mark", "is-suggested")
    (card,) = page.one("div", id="margin").all("article", "is-suggested")
    assert (mark["id"], mark["aria-details"], mark["data-suggestion"]) == (
        card["data-for"],
        card["id"],
        card["data-suggestion"],
    )
    assert mark["id"] == f"sg-{mark['data-suggestion'][:8]}"
    assert (mark["class"], mark.text) == (
        "is-suggested is-commitment",
        "Ukraine agreed to a ceasefire of 30 days, if Russia does the same",
    )
    review = page.one("section", "review-state")
    assert [p.text for p in review.all("p")] == ["1 suggestion, 1 left", "0 accepted, 0 rejected"]
    assert page.one("section", id="reader").get("data-mark-url", "none") != "none"


@pytest.mark.parametrize(("role", "query"), [("reader", ""), ("analyst", "?as_of=2025-06-01")])
def test_who_only_reads_gets_no_suggestions(role: str, query: str) -> None:
    page = reader_of(Negotiation(), role, query)
    assert page.all("mark", "is-suggested") == page.all("section", "review-state") == []
    assert "data-mark-url" not in page.one("section", id="reader").attributes


def test_what_is_reviewed_can_be_folded() -> None:
    page = reader_of(Negotiation(), "analyst", "?fold=1")
    assert [fold.one("summary").text for fold in page.all("details", "folded")] == [
        "Paragraphs 1 and 2 folded 2 highlights, nothing left to review"
    ]
    assert [li["value"] for ol in page.all("ol", "text") for li in ol.all("li")] == ["1", "2", "3"]


def test_the_reader_alone_answers_htmx() -> None:
    room = Negotiation()
    headers = {"HX-Request": "true", "HX-Target": "section#reader"}
    page = parse(room.client("analyst").get("/d/room/sources/S1/", headers=headers).content)
    assert [e.tag for e in page.parts if not isinstance(e, str)] == ["section", "span"]
    assert page.one("span", id="source-tabs")["hx-swap-oob"] == "true"


COSTS = {
    "": (24, 25),
    "records": (18, 19),
    "details": (23, 24),
    "beside/S2": (19, 20),
    "texts/1/": (13, 13),
    "texts/2/changes": (15, 15),
}
"""Queries for each page of a source as it stands, and with evidence of three kinds for each of 20
more passages; one more asks for the commitments, of which there were none."""


@pytest.mark.parametrize("has_many", [False, True])
@pytest.mark.parametrize("tail", COSTS)
def test_many_passages_cost_no_more_queries(tail: str, *, has_many: bool) -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        for start in range(0, 60 if has_many else 0, 3):
            passage = Passage.cut(room.text, start, start + 8)
            passage.save()
            room.made("Evidence", passage=passage, event=room.talks)
            room.made("Evidence", passage=passage, event=None, position=room.said)
            room.made("Evidence", passage=passage, event=None, commitment=room.commitment)
        if tail.startswith("beside"):
            other = room.made("Source", translation_of=room.source)
            SourceText.objects.create(dossier=room.dossier, source=other, text=TEXT[::-1])
        if tail.startswith("texts"):
            room.source.add_text(f"More.\n\n{TEXT}")
    client, address = room.client("analyst"), f"/d/room/sources/S1/{tail}"
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) == COSTS[tail][has_many]


def test_lost_and_moved_passages_are_told_with_the_way_to_them() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        Passage.objects.filter(pk=room.ball.pk).update(state=Passage.State.MOVED)
        Passage.objects.filter(pk=room.agreed.pk).update(state=Passage.State.ORPHANED)
    banner = reader_of(room, "reader").one("header", "reader-head").one("p", "banner")
    assert banner.text == (
        "1 passage of an older text was not found again in this one."
        " 1 passage moved and wants a look. Look at them"
    )
    assert banner.one("a")["href"] == "/d/room/passages/"
    with history.recording(by=room.people["owner"]):
        Passage.objects.filter(pk=room.ball.pk).update(state=Passage.State.ANCHORED)
    banner = reader_of(room, "reader").one("header", "reader-head").one("p", "banner")
    assert banner.text == ("1 passage of an older text was not found again in this one. Look at it")
