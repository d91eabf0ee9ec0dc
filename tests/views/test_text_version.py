"""New versions of a source's text: foreseen, stored, told of, undone; and reading older ones."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from events import history
from events.models import Passage, Source, SourceText
from tests.markup import Element, parse
from tests.test_history_states import content
from tests.views.negotiation import TEXT, Negotiation
from tests.views.test_passage import NEW, Corrected

pytestmark = pytest.mark.django_db

URL = "/d/room/sources/S1/texts/"


def carried(page: Element) -> dict[str, str]:
    """What the form of the second step carries."""
    return {
        field["name"]: field["value"]
        for field in page.one("main").all("input", type="hidden")
        if field["name"] != "csrfmiddlewaretoken"
    }


def previewed(client: Any, text: str = NEW) -> Element:
    answer = client.post(f"{URL}new", {"text": text, "step": "read"})
    assert answer.status_code == 200
    return parse(answer.content)


def fates(page: Element) -> dict[str, list[list[str]]]:
    """Of each group its head, and of each passage in it: ref, then and now."""
    found = {}
    for group in page.one("section", "fates").all("details"):
        told = [
            [part.text for part in (fate.one("p", "ref"), *fate.all("div"))]
            for fate in group.all("li", "fate")
        ]
        found[group.one("summary").text] = told
    return found


FATES = {
    "Lost: the words are gone, or may be at several places 1": [
        [
            "P1",
            "Text 1, paragraph 3Ukraine agreed to a ceasefire of 30 days, if Russia does the same.",
            "No place found. It stays with text 1 until somebody decides.",
        ]
    ],
    "Moved: to be confirmed 1": [
        [
            "P2",
            "Text 1, paragraph 2“The ball is now in their court,” Rubio said <of Russia>.",
            "Text 2, paragraph 2“The ball is now in their court,” Rubio said <of Russia>.",
        ]
    ],
}


def test_before_anything_is_written_every_passage_is_told_of() -> None:
    room = Negotiation()
    before = content(room.dossier)
    page = previewed(room.client("analyst"))
    assert page.one("h2", id="fates-title").text == (
        "What becomes of the passages 0 kept, 1 moved, 1 lost"
    )
    assert fates(page) == FATES
    rows = page.one("section", "comparison").all("li")
    assert [(row["class"], row.one("p").text) for row in rows] == [
        (
            "is-added",
            "added: Ukraine said yes to a ceasefire of 30 days, if Russia does the same. (end)",
        ),
        ("is-added", "added: “The ball is now in their court,” Rubio said <of Russia>. (end)"),
        ("is-same", "1 paragraph the same"),
        ("is-removed", "removed: “The ball is now in their court,” Rubio said <of Russia>. (end)"),
        (
            "is-removed",
            "removed: Ukraine agreed to a ceasefire of 30 days, if Russia does the same. (end)",
        ),
    ]
    assert page.all("button", value="save")[-1].text == "Store as text 2"
    assert content(room.dossier) == before


@pytest.mark.django_db(transaction=True)
def test_stored_in_one_revision_told_of_and_undone_to_the_letter() -> None:
    room = Negotiation()
    client, before = room.client("analyst"), content(room.dossier)
    sent = carried(previewed(client)) | {"step": "save", "reason": "Corrected"}
    answer = client.post(f"{URL}new", sent)
    assert answer["Location"] == f"{URL}2/changes"
    page = parse(client.get(f"{URL}2/changes").content)
    assert fates(page) == FATES
    assert page.one("header", "page-head").one("p", "meta").text.endswith(": Corrected.")
    buttons = page.one("p", "button-row").all("a")
    assert [(a.text, a["href"]) for a in buttons] == [
        ("Read text 2", "/d/room/sources/S1/"),
        ("Read text 1", f"{URL}1/"),
        ("Decide on 2 passages", "/d/room/passages/"),
    ]
    toast = page.one("div", id="toasts")
    assert toast.one("p").text == "Text 2 of S1 stored. Passages: 0 kept, 1 moved, 1 lost"
    undone = client.post(
        toast.one("form")["action"], headers={"Referer": f"http://testserver{URL}2/changes"}
    )
    assert undone["Location"] == "/d/room/sources/S1/"
    assert content(room.dossier) == before
    room.agreed.refresh_from_db()
    place = (room.agreed.state, room.agreed.source_text.number, room.agreed.start)
    assert place == ("anchored", 1, TEXT.index("Ukraine agreed"))
    assert client.get(f"{URL}2/changes").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_file_is_read_and_its_name_kept() -> None:
    client = Negotiation().client("analyst")
    file = SimpleUploadedFile("later.txt", f"Note.\n{TEXT}".encode("utf-16"))
    page = parse(client.post(f"{URL}new", {"file": file}).content)
    assert page.one("div", "taken").one("strong").text == "later.txt"
    assert page.one("h2", id="fates-title").one("span").text == "2 kept, 0 moved, 0 lost"
    client.post(f"{URL}new", carried(page) | {"step": "save", "reason": ""})
    text = SourceText.objects.get(number=2)
    assert (text.text, text.taken_from.split(" ")[0]) == (f"Note.\n{TEXT}", "later.txt")


def test_the_same_text_again_is_refused() -> None:
    client = Negotiation().client("analyst")
    page = previewed(client, TEXT)
    assert page.one("p", role="alert").text == (
        "This is text 1 to the letter, so there is nothing to store."
    )
    assert page.all("button", value="save") == []
    answer = client.post(f"{URL}new", carried(page) | {"step": "save"})
    assert (answer.status_code, SourceText.objects.count()) == (422, 1)


def test_an_empty_step_says_what_is_needed() -> None:
    answer = Negotiation().client("analyst").post(f"{URL}new", {"text": "", "step": "read"})
    error = parse(answer.content).one("ul", id="id_text_error").text
    assert (answer.status_code, error) == (422, "Paste the text or choose a file.")


@pytest.mark.django_db(transaction=True)
def test_of_two_versions_at_once_the_second_is_shown_what_it_would_change_now() -> None:
    room = Negotiation()
    mine = carried(previewed(room.client("analyst"), f"{TEXT} Mine."))
    with history.recording(by=room.people["reviewer"]):
        Source.objects.get(ref="S1").add_text(f"{TEXT} Theirs.")
    sent = mine | {"step": "save", "reason": "Mine"}
    answer = room.client("analyst").post(f"{URL}new", sent)
    page = parse(answer.content)
    assert (answer.status_code, page.one("div", "banner", "error").text) == (
        409,
        "Text 2 of S1 was stored meanwhile. Nothing has been written."
        " Look what this text would change now.",
    )
    assert page.one("h2", id="comparison-title").text == "What differs from text 2 1 paragraph"
    assert page.one("input", name="reason")["value"] == "Mine"
    again = room.client("analyst").post(f"{URL}new", carried(page) | {"step": "save", "reason": ""})
    assert again["Location"] == f"{URL}3/changes"
    texts = SourceText.objects.order_by("number").values_list("text", flat=True)
    assert list(texts) == [TEXT, f"{TEXT} Theirs.", f"{TEXT} Mine."]


def test_an_older_version_shows_what_stands_there_and_where_the_rest_went() -> None:
    room = Corrected()
    page = parse(room.client("reader").get(f"{URL}1/").content)
    assert page.one("div", "banner").one("p").text == (
        "An older version, read only. Text 2 is the newest."
    )
    marks = [(m["id"], m["class"], m.text) for m in page.one("ol", "text").all("mark")]
    assert marks == [
        ("P2", "is-past", "The ball is now in their court"),
        ("P1", "is-lost", "Ukraine agreed to a ceasefire of 30 days"),
    ]
    here, gone_on = page.one("div", "record-side").all("section")
    assert here.one("li").text == "‘Ukraine agreed to a ceasefire of 30 days’ P1 ¶3 Lost"
    assert gone_on.one("li").text == "‘The ball is now in their court’ P2 ¶2 Text 2"
    assert gone_on.one("li").all("a")[0]["href"] == "/d/room/sources/S1/#P2"


def test_the_newest_version_is_the_reader() -> None:
    client = Corrected().client("reader")
    assert client.get(f"{URL}2/")["Location"] == "/d/room/sources/S1/"
    assert client.get(f"{URL}1/changes")["Location"] == f"{URL}1/"
    answers = [client.get(f"{URL}{number}/").status_code for number in (3, 0, 10**12)]
    assert answers == [404, 404, 404]


@pytest.mark.parametrize("role", ["", "outsider"])
def test_whole_texts_are_for_members(role: str) -> None:
    client = Corrected(visibility="public").client(role)
    assert [client.get(f"{URL}{tail}").status_code for tail in ("1/", "2/", "2/changes")] == [
        404,
        404,
        404,
    ]


def test_evidence_of_a_lost_passage_leads_to_the_text_it_stands_in() -> None:
    room = Corrected(visibility="public")
    url = f"/d/room/positions/{room.answer.ref}/"
    page = parse(room.client("reader").get(url).content)
    item = page.one("div", "evidence-supports")
    assert item.one("a")["href"] == f"{URL}1/#P1"
    assert item.text.endswith("Source S1, paragraph 3. Lost in a newer version of the text")
    # Who is no member reads no whole text.
    item = parse(room.client("").get(url).content).one("div", "evidence-supports")
    assert item.one("a")["href"] == "/d/room/sources/S1/"
    with history.recording(by=room.people["analyst"]):
        Passage.objects.get(pk=room.agreed.pk).give_up()
    page = parse(room.client("reader").get(url).content)
    assert page.one("div", "evidence-supports").text.endswith("No longer in the source")
