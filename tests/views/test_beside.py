"""A source and its translation side by side, and what says whose translation it is."""

from __future__ import annotations

from typing import Any

import pytest

from events import history
from events.models import Source, SourceText
from tests.markup import Element, parse
from tests.views.negotiation import TEXT, Negotiation

pytestmark = pytest.mark.django_db

WORDS = """Die Delegationen trafen sich in Dschidda.

„Der Ball liegt nun bei ihnen“, sagte Rubio.

Die Ukraine stimmte einer Waffenruhe von 30 Tagen zu, wenn Russland dasselbe tut."""


class Translated(Negotiation):
    """The room with a German translation, S2, of its source."""

    def __init__(self, words: str = WORDS, **dossier: Any) -> None:
        super().__init__(**dossier)
        with history.recording(by=self.people["owner"]):
            self.german = self.made(
                "Source",
                title="Bericht aus Dschidda",
                language="de",
                translation_of=self.source,
                translation_status="unofficial",
            )
            SourceText.objects.create(dossier=self.dossier, source=self.german, text=words)


def cells(page: Element) -> list[list[str]]:
    return [
        [cell.one("ol").text if cell.all("ol") else "" for cell in pair.all("div", "cell")]
        for pair in page.one("ol", "pairs").all("li", "pair")
    ]


def test_paragraphs_stand_in_rows_with_language_and_marks() -> None:
    room = Translated()
    page = parse(room.client("reader").get("/d/room/sources/S2/beside/S1").content)
    heads = page.one("header", "heads").all("div")
    assert [(head.text, head.one("h2")["lang"]) for head in heads] == [
        ("Bericht aus DschiddaS2 Unofficial translation, German", "de"),
        ("Report from JeddahS1 Original, English", "en"),
    ]
    german, english = ([line for line in text.split("\n") if line] for text in (WORDS, TEXT))
    assert cells(page) == [list(pair) for pair in zip(german, english, strict=True)]
    assert [(mark["id"], mark.text) for mark in page.one("main").all("mark")] == [
        (room.ball.ref, "The ball is now in their court"),
        (room.agreed.ref, "Ukraine agreed to a ceasefire of 30 days"),
    ]
    texts = page.one("ol", "pairs").all("ol", "text")
    assert [text["lang"] for text in texts] == ["de", "en"] * 3
    assert page.one("main").all("p", "banner") == []


def test_where_counts_differ_the_match_is_called_one_by_length() -> None:
    first, second, third = WORDS.split("\n\n")
    room = Translated(f"{first}\n{second}\n{third[:40]}\n{third[40:]}")
    page = parse(room.client("reader").get("/d/room/sources/S1/beside/S2").content)
    assert page.one("main").one("p", "banner").text == (
        "The texts have 3 and 4 paragraphs. They were matched by length, so some may stand beside"
        " the wrong one."
    )
    assert cells(page)[-1] == [TEXT.split("\n\n")[2], third.replace(" ", " ")]


def test_both_pages_lead_there() -> None:
    client = Translated().client("reader")
    for ref, other, said in (
        ("S1", "S2", "Unofficial translation, German"),
        ("S2", "S1", "Original, English"),
    ):
        page = parse(client.get(f"/d/room/sources/{ref}/").content)
        link = page.one("p", "beside-link")
        assert link.text == f"Side by side with {other}, {said}"
        assert link.one("a")["href"] == f"/d/room/sources/{ref}/beside/{other}"


@pytest.mark.parametrize("role", ["", "outsider"])
def test_visitors_see_no_whole_texts_and_no_way_to_them(role: str) -> None:
    client = Translated(visibility="public").client(role)
    assert client.get("/d/room/sources/S1/beside/S2").status_code == 404
    page = parse(client.get("/d/room/sources/S1/").content)
    assert page.all("p", "beside-link") == []


def test_what_is_no_translation_has_no_such_page() -> None:
    room = Translated()
    with history.recording(by=room.people["owner"]):
        room.made("Source", title="Other")
        Source.objects.filter(ref="S2").update(translation_of=None)
    client = room.client("reader")
    pairs = (("S1", "S2"), ("S1", "S1"), ("S1", "S3"), ("S1", "S9"))
    answers = [client.get(f"/d/room/sources/{a}/beside/{b}").status_code for a, b in pairs]
    assert answers == [404] * 4


def edited(room: Translated, ref: str, **changes: Any) -> Any:
    source = Source.objects.get(ref=ref)
    sent = {"title": source.title, "kind": "article", "language": "en", "reliability": "F"}
    sent |= {"translation_status": "unknown", "published_basis": "stated", "translation_of": ""}
    sent |= {"version": source.version, **changes}
    return room.client("analyst").post(f"/d/room/sources/{ref}/edit", sent)


def test_whose_translation_is_said_of_translations_only() -> None:
    room = Translated()
    answer = edited(room, "S1", translation_status="official")
    assert answer.status_code == 422
    assert parse(answer.content).one("ul", id="id_translation_status_error").text == (
        "Only a translation can be an official translation. Name the original first."
    )
    answer = edited(room, "S2", translation_status="official", translation_of="S1")
    assert answer.status_code == 302
    assert Source.objects.get(ref="S2").translation_status == "official"
    sent = {"version": Source.objects.get(ref="S2").version, "translation_of": ""}
    answer = room.client("analyst").post("/d/room/sources/S2/fields/translation_of/", sent)
    assert "It is marked as an official translation." in answer.content.decode()


def test_details_list_the_versions_of_the_text() -> None:
    room = Translated()
    with history.recording(by=room.people["analyst"]):
        room.source.add_text(f"{TEXT} More.", "letter.txt (plain text)")
    page = parse(room.client("analyst").get("/d/room/sources/S1/details").content)
    panel = page.one("section", id="texts")
    assert panel.one("h2").text == "Versions of the text 2 New version"
    newest, first = panel.all("li")
    sums = SourceText.objects.filter(source=room.source).order_by("-number")
    newer, older = (text.sha256[:8] for text in sums)
    said = newest.one("p").text
    assert said.startswith(f"Text 2 Newest {len(TEXT) + 6} characters, read from letter.txt (plain")
    assert said.endswith(f"{newer} What changed in text 2")
    assert first.one("p").text.endswith(older)
    assert [item.all("span", "meta")[-1].text for item in (newest, first)] == [
        "2 passages",
        "0 passages",
    ]
    rows = [row.text for row in page.one("main").one("dl", "fields").all("dt")]
    assert "Whose translation" not in rows
    rows = parse(room.client("analyst").get("/d/room/sources/S2/details").content)
    assert "Whose translation" in [row.text for row in rows.one("dl", "fields").all("dt")]
