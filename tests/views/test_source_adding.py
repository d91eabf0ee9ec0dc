"""Adding a source: paste or file, the text looked at, described and saved."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from events import history
from events.formats.documents import Document
from events.forms.source_text import SALT, _Unescaped, carried
from events.models import Change, Source, SourceText
from tests import factories as make
from tests.formats.made import body, docx, paragraph
from tests.markup import Element, parse
from tests.test_carried import form_of
from tests.views.negotiation import TEXT, Negotiation

pytestmark = pytest.mark.django_db

NEW = "/d/room/sources/new"
POST = "Talks end\r\n\r\n“We shall see,” he said.1 \r\n"
KEPT = "Talks end\n\n“We shall see,” he said.1 \n"
FIELDS = {
    "title": "Post by Tusk",
    "kind": "social_post",
    "published": "12 March 2025",
    "published_basis": "stated",
    "language": "en",
    "reliability": "B",
    "translation_status": "unknown",
}
CYRILLIC = "Переговоры завершились, ответа ещё нет."


def step_one(client: Client, at: str = NEW, **sent: Any) -> Any:
    """Send the first step: `text`, or a `file` of a name and bytes."""
    if "file" in sent:
        name, content = sent["file"]
        sent["file"] = SimpleUploadedFile(name, content)
    return client.post(at, {"text": "", "step": "read"} | sent)


def received_in(page: Element) -> str:
    """The text that a page carries."""
    return page.one("input", name="received").get("value")


def errors_of(page: Element) -> dict[str, str]:
    """The errors beside fields, by the field's id."""
    return {ul["id"]: ul.text for ul in page.all("ul", "errors")}


def facts_of(page: Element) -> list[str]:
    """What the page says was read: name, amounts, remarks."""
    said = page.one("div", "taken").all("p")
    remarks = page.one("ul", "remarks").all("li") if page.all("ul", "remarks") else []
    return [each.text for each in [*said, *remarks]]


def shown_values(page: Element) -> dict[str, str]:
    """What the fields of the description show, where they show anything of their own."""
    found = {each["name"]: each.get("value") for each in page.all("input", type="text")}
    found |= {each["name"]: each.get("value") for each in page.all("input", type="url")}
    for select in page.all("select"):
        chosen = [o["value"] for o in select.all("option") if "selected" in o.attributes]
        found[select["name"]] = chosen[0] if chosen else ""
    return {name: value for name, value in found.items() if value}


def test_first_step_takes_a_text_or_a_file_and_nothing_else() -> None:
    page = parse(Negotiation().client("analyst").get(NEW).content).one("main")
    form = page.one("form")
    assert (form["enctype"], form["action"]) == ("multipart/form-data", NEW)
    controls = [*form.all("textarea"), *form.all("input"), *form.all("button")]
    assert [(each.tag, each.get("name")) for each in controls] == [
        ("textarea", "text"),
        ("input", "csrfmiddlewaretoken"),
        ("input", "file"),
        ("button", "step"),
    ]
    assert [item.text for item in page.one("ol", "steps").all("li")] == [
        "1 Text",
        "2 Describe and save",
    ]


def test_second_step_shows_the_text_as_it_will_be_stored() -> None:
    room = Negotiation()
    page = parse(step_one(room.client("analyst"), text=POST).content).one("main")
    assert facts_of(page) == [
        "Pasted text",
        "2 paragraphs, 7 words, 38 characters. 1 citation mark recognised.",
    ]
    assert [(p["value"], p.text) for p in page.one("ol", "stored").all("li")] == [
        ("1", "Talks end"),
        ("2", "“We shall see,” he said.1"),
    ]
    assert [mark.text for mark in page.all("span", "cite")] == ["1"]
    assert shown_values(page) == {
        "title": "Talks end",
        "kind": "article",
        "published_basis": "stated",
        "language": "en",
        "translation_status": "unknown",
    }
    radios = page.all("input", type="radio", name="reliability")
    assert [radio["value"] for radio in radios if "checked" in radio.attributes] == ["F"]
    assert len(radios) == 6
    assert Source.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_saving_writes_source_and_text_in_one_revision() -> None:
    room = Negotiation()
    client = room.client("analyst")
    page = parse(step_one(client, text=POST).content)
    sent = FIELDS | {"received": received_in(page), "step": "save"}
    answer = client.post(NEW, sent)
    source = Source.objects.get(title="Post by Tusk")
    assert answer["Location"] == f"/d/room/sources/{source.ref}/"
    assert (source.published_edtf, source.published_basis) == ("2025-03-12", "stated")
    text = SourceText.objects.get(source=source)
    assert (text.number, text.text, text.taken_from) == (1, KEPT, "")
    made = Change.objects.filter(ref__in=[source.ref, text.ref], operation="insert")
    assert len({change.revision_id for change in made}) == 1


@pytest.mark.django_db(transaction=True)
def test_a_file_says_what_the_text_was_taken_from() -> None:
    room = Negotiation()
    client = room.client("analyst")
    made = docx(body(paragraph("The talks ended.") + paragraph("No date.")))
    page = parse(step_one(client, file=("briefing.docx", made)).content)
    assert facts_of(page) == [
        "briefing.docx",
        "Read as Word document. 2 paragraphs, 5 words, 25 characters.",
    ]
    client.post(NEW, FIELDS | {"received": received_in(page), "step": "save"})
    text = SourceText.objects.latest("id")
    assert (text.text, text.taken_from) == (
        "The talks ended.\nNo date.",
        "briefing.docx (Word document)",
    )


@pytest.mark.django_db(transaction=True)
def test_line_ends_of_a_file_are_stored_as_they_came() -> None:
    room = Negotiation()
    client = room.client("analyst")
    page = parse(step_one(client, file=("a.txt", b"One.\r\nTwo.\rThree.\n")).content)
    client.post(NEW, FIELDS | {"received": received_in(page), "step": "save"})
    assert SourceText.objects.latest("id").text == "One.\r\nTwo.\rThree.\n"


@pytest.mark.django_db(transaction=True)
def test_a_source_known_only_through_others_has_no_text() -> None:
    room = Negotiation()
    client = room.client("analyst")
    page = parse(step_one(client, text=" \r\n ").content).one("main")
    assert page.one("div", "empty").text == (
        "No text This source is known only through others. Its text can be added later."
    )
    client.post(NEW, FIELDS | {"received": received_in(page), "step": "save"})
    source = Source.objects.get(title="Post by Tusk")
    assert source.current_text is None


PAGE = (
    '<!doctype html><html lang="fr"><head><meta property="og:site_name" content="Le Journal">'
    '<meta name="author" content="A. Auteur">'
    '<meta property="article:published_time" content="2025-03-11T18:05:00+00:00">'
    '<link rel="canonical" href="https://journal.example/a"></head>'
    "<body><h1>Fin des pourparlers</h1><p>« Nous verrons », a-t-il dit.</p></body></html>"
)


@pytest.mark.django_db(transaction=True)
def test_what_a_page_says_of_itself_is_offered_and_its_date_is_derived() -> None:
    room = Negotiation()
    client = room.client("analyst")
    page = parse(step_one(client, file=("a.html", PAGE.encode())).content).one("main")
    offered = shown_values(page)
    assert offered == {
        "title": "Fin des pourparlers",
        "kind": "article",
        "publisher": "Le Journal",
        "author": "A. Auteur",
        "published": "11 March 2025 18:05 UTC",
        "published_basis": "derived_document",
        "url": "https://journal.example/a",
        "language": "fr",
        "translation_status": "unknown",
    }
    assert page.one("p", id="id_published_helptext").text == (
        "The page gives it for itself: 18:05 UTC Tue 11 March 2025, minute precision. Check it."
    )
    sent = offered | {"reliability": "F", "received": received_in(page), "step": "save"}
    client.post(NEW, sent)
    source = Source.objects.latest("id")
    assert (source.published_edtf, source.published_basis) == (
        "2025-03-11T18:05Z",
        "derived_document",
    )


@pytest.mark.django_db(transaction=True)
def test_the_basis_of_a_date_is_the_analysts_to_give() -> None:
    room = Negotiation()
    client = room.client("analyst")
    page = parse(step_one(client, text=POST).content)
    sent = FIELDS | {"published": "about 12 March 2025", "published_basis": "inferred"}
    client.post(NEW, sent | {"received": received_in(page), "step": "save"})
    source = Source.objects.latest("id")
    assert (source.published_edtf, source.published_basis) == ("2025-03-12~", "inferred")
    edit = sent | {"version": source.version, "published_basis": "derived_document"}
    client.post(f"/d/room/sources/{source.ref}/edit", edit)
    source.refresh_from_db()
    assert (source.published_edtf, source.published_basis) == ("2025-03-12~", "derived_document")


def test_errors_stand_beside_the_fields_and_nothing_is_lost() -> None:
    room = Negotiation()
    client = room.client("analyst")
    carried_text = received_in(parse(step_one(client, text=POST).content))
    wrong = {"title": "", "published": "31 Feb 2025", "url": "not an address", "note": "Mine."}
    sent = FIELDS | wrong | {"received": carried_text, "step": "save"}
    answer = client.post(NEW, sent)
    page = parse(answer.content)
    assert answer.status_code == 422
    errors = [link["href"] for link in page.one("section", "error-summary").all("a")]
    assert errors == ["#id_title", "#id_published", "#id_url"]
    assert page.one("textarea", id="id_note").text == "Mine."
    assert page.one("ol", "stored").all("li")[0].text == "Talks end"
    sent = FIELDS | {"received": received_in(page), "step": "save"}
    assert client.post(NEW, sent).status_code == 302
    assert SourceText.objects.latest("id").text == KEPT


@pytest.mark.django_db(transaction=True)
def test_another_encoding_reads_the_same_bytes_and_keeps_what_was_typed() -> None:
    room = Negotiation()
    client = room.client("analyst")
    page = parse(step_one(client, file=("a.txt", CYRILLIC.encode("koi8-u"))).content)
    choices = {o["value"]: o.text for o in page.one("select", id="id_encoding").all("option")}
    assert choices["koi8-u"] == f"KOI8-U: {CYRILLIC[:40].strip()}"
    sent = FIELDS | {"title": "Mine", "received": received_in(page), "encoding": "koi8-u"}
    for step in ("again", "save"):
        # Pressing Save right away would store what nobody has seen yet.
        page = parse(client.post(NEW, sent | {"step": step}).content)
        assert page.one("p", "banner").text == "Read again as KOI8-U. Look at it, then save."
        assert page.one("ol", "stored").text == CYRILLIC
        assert page.one("input", id="id_title")["value"] == "Mine"
        assert page.one("input", id="id_published")["value"] == "12 March 2025"
    sent |= {"received": received_in(page), "step": "save"}
    assert client.post(NEW, sent).status_code == 302
    text = SourceText.objects.latest("id")
    assert (text.text, text.taken_from) == (CYRILLIC, "a.txt (Plain text, KOI8-U)")


def test_an_encoding_that_does_not_fit_is_refused_beside_its_field() -> None:
    room = Negotiation()
    client = room.client("analyst")
    page = parse(step_one(client, file=("a.txt", CYRILLIC.encode("cp1251"))).content)
    sent = FIELDS | {"received": received_in(page), "encoding": "utf-8", "step": "again"}
    answer = client.post(NEW, sent)
    error = errors_of(parse(answer.content))["id_encoding_error"]
    assert (answer.status_code, error) == (
        422,
        "Select a valid choice. utf-8 is not one of the available choices.",
    )


def test_going_back_keeps_the_text_and_what_was_typed_beside_it() -> None:
    room = Negotiation()
    client = room.client("analyst")
    page = parse(step_one(client, text=POST).content)
    sent = FIELDS | {"received": received_in(page), "title": "Talks end", "step": "change"}
    page = parse(client.post(NEW, sent).content).one("main")
    assert page.one("textarea", id="id_text").text == " ".join(KEPT.split())
    hidden = {each["name"]: each["value"] for each in page.all("input", type="hidden")}
    hidden.pop("csrfmiddlewaretoken")
    # The title was the text's own and goes with it; the rest a person typed.
    assert hidden == {"kind": "social_post", "published": "12 March 2025", "reliability": "B"}
    page = parse(step_one(client, text="Other words", **hidden).content).one("main")
    values = shown_values(page)
    assert (values["title"], values["published"]) == ("Other words", "12 March 2025")


def test_parameters_of_the_address_fill_fields() -> None:
    room = Negotiation()
    client = room.client("analyst")
    at = f"{NEW}?title=Joint+statement&kind=joint_statement&translation_of=S1"
    page = parse(client.get(at).content).one("main")
    assert page.one("form")["action"] == at
    page = parse(step_one(client, at, text=POST).content).one("main")
    values = shown_values(page)
    assert (values["title"], values["kind"], values["translation_of"]) == (
        "Joint statement",
        "joint_statement",
        "S1 Report from Jeddah",
    )


@pytest.mark.django_db(transaction=True)
def test_the_very_same_text_is_not_added_twice() -> None:
    room = Negotiation()
    client = room.client("analyst")
    page = parse(step_one(client, text=TEXT.replace("\n", "\r\n")).content).one("main")
    assert page.one("p", "warning").text == (
        "The dossier has this very text already: S1 Report from Jeddah."
    )
    bar = page.one("div", "action-bar")
    assert [each.text for each in bar.all("button")] == ["Change the text"]
    assert bar.one("a", "primary")["href"] == "/d/room/sources/S1/"
    assert page.all("div", "describe") == []
    answer = client.post(NEW, FIELDS | {"received": received_in(page), "step": "save"})
    said = parse(answer.content).one("section", "error-summary").one("li").text
    assert (answer.status_code, said) == (
        422,
        "The dossier has this very text already: S1. Nothing has been written.",
    )
    assert Source.objects.count() == 1


def test_a_text_that_is_nearly_the_same_is_shown_with_its_likeness() -> None:
    room = Negotiation()
    words = " ".join(f"word{n}" for n in range(200))
    with history.recording(by=room.people["owner"]):
        source = make.SourceFactory(dossier=room.dossier, title="First form")
        make.SourceTextFactory(dossier=room.dossier, source=source, text=words)
    page = parse(
        step_one(room.client("analyst"), text=words.replace("word100 ", "another ")).content
    )
    said = page.one("p", "warning").text
    assert said.startswith(
        "This text is 95 % the same as S2 First form. Is it a new version of that"
    )
    assert page.one("p", "warning").all("a")[0]["href"] == "/d/room/sources/S2/"
    # The text goes along to where a new version is stored.
    button = page.one("p", "warning").one("button")
    sent = {"received": received_in(page), button["name"]: button["value"]}
    answer = room.client("analyst").post(button["formaction"], FIELDS | sent)
    there = parse(answer.content).one("main")
    assert (answer.status_code, button["formaction"]) == (200, "/d/room/sources/S2/texts/new")
    assert received_in(there) == received_in(page)
    assert there.one("ol", "stored").text == words.replace("word100 ", "another ")
    page = parse(step_one(room.client("analyst"), text="Quite other words are here.").content)
    assert page.all("p", "warning") == []


def test_one_paragraph_more_is_shown_rather_than_counted() -> None:
    room = Negotiation()
    said = []
    for count in (13, 14):
        page = parse(step_one(room.client("analyst"), text="Words.\n" * count).content)
        lines = page.one("ol", "stored").all("li")
        said.append(
            (len(lines), [p.text for p in page.one("section", "received").all("p", "meta")])
        )
    assert said == [
        (13, ["13 paragraphs, 13 words, 91 characters."]),
        (12, ["14 paragraphs, 14 words, 98 characters.", "2 more paragraphs not shown here."]),
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Переговори завершились, відповіді ще немає.", "uk"),
        ("Die Gespräche sind beendet, sagte der Gesandte.", "de"),
        ("Rozmowy się zakończyły. To nie jest koniec.", None),
        ("First line.", "en"),
        ("Rozmowy trwają. " * 20, None),
        ("Nada. " * 40, None),
    ],
)
def test_the_language_is_guessed_and_is_the_analysts_to_give(
    text: str, language: str | None
) -> None:
    page = parse(step_one(Negotiation().client("analyst"), text=text).content)
    assert shown_values(page).get("language") == language


def test_a_heading_in_what_is_pasted_is_offered_without_its_marks() -> None:
    page = parse(step_one(Negotiation().client("analyst"), text="## **Talks** end\n\nYes.").content)
    assert page.one("input", id="id_title")["value"] == "Talks end"


def refused(room: Negotiation, **sent: Any) -> dict[str, str]:
    """The errors beside the fields of step one."""
    answer = step_one(room.client("analyst"), **sent)
    assert answer.status_code == 422
    return errors_of(parse(answer.content))


def test_refusals_of_step_one_stand_beside_their_field() -> None:
    room = Negotiation()
    assert refused(room, text="a\0b") == {
        "id_text_error": "There is a NUL character at line 1, column 2. Take it out."
    }
    assert refused(room, text="x" * 2_000_001) == {
        "id_text_error": "The text has 2,000,001 characters; 2,000,000 fit. Split it."
    }
    assert refused(room, file=("a.pdf", b"%PDF-1.7 no")) == {
        "id_file_error": "a.pdf is a damaged PDF, or none. Save it anew, or paste its text."
    }
    assert refused(room, file=("a.txt", b"")) == {
        "id_file_error": "a.txt is empty. There is nothing to read."
    }
    assert refused(room, file=("a.txt", b"x" * 10_000_001)) == {
        "id_file_error": "a.txt has 10.0 MB; 10 MB fit. Split it, or paste its text."
    }
    assert refused(room, text="Pasted", file=("a.txt", b"Words.")) == {
        "id_file_error": "A text was pasted too. Empty it to read a.txt, or send it alone."
    }


def test_several_files_are_refused_and_the_pasted_text_stays() -> None:
    room = Negotiation()
    files = [SimpleUploadedFile(f"{n}.txt", b"Words.") for n in (1, 2)]
    answer = room.client("analyst").post(NEW, {"text": "Pasted", "file": files})
    page = parse(answer.content)
    assert errors_of(page) == {
        "id_file_error": "2 files came. Choose one: each file is a source of its own."
    }
    assert page.one("textarea", id="id_text").text == "Pasted"


@override_settings(DEBUG=False)
def test_a_request_that_is_too_large_is_told_on_the_page() -> None:
    room = Negotiation()
    # As a browser: the mark against forgery is looked for in what is sent, before any view.
    client = Client(enforce_csrf_checks=True)
    client.force_login(room.people["analyst"])
    client.get(NEW)
    said = (
        "What was sent is too large. A text may have 2,000,000 characters, a file 10 MB. Split it."
    )
    for each in (client, room.client("analyst")):
        answer = each.post(NEW, {"text": "x" * 12_000_001})
        page = parse(answer.content)
        assert (answer.status_code, errors_of(page)) == (422, {"id_text_error": said})
    assert Client().post(NEW, {"text": "x" * 12_000_001}).status_code == 400


def test_a_page_whose_text_does_not_come_back_whole_asks_for_it_again() -> None:
    room = Negotiation()
    client = room.client("analyst")
    whole = carried(Document("Words."))
    other = signing.dumps({"text": "Words.", "of": "old"}, salt=SALT, serializer=_Unescaped)
    for lost in (whole[:-1], f"x{whole}", "nothing", other):
        page = parse(client.post(NEW, FIELDS | {"received": lost, "step": "save"}).content)
        assert errors_of(page) == {
            "id_text_error": "The text that was read did not come back whole. Paste it or choose"
            " its file once more."
        }
        kept = {each["name"]: each.get("value") for each in page.one("main").all("input")}
        assert kept["title"] == "Post by Tusk"
    assert Source.objects.count() == 1


def test_what_is_shown_of_a_long_text_is_bounded() -> None:
    room = Negotiation()
    long = "\n".join(["x" * 5_000, *(f"Line {n}." for n in range(1_000))])
    page = parse(step_one(room.client("analyst"), text=long).content).one("main")
    shown = page.one("ol", "stored").all("li")
    assert (len(shown), shown[0].text) == (12, f"{'x' * 1_500} … 3,500 more characters")
    assert page.one("section", "received").all("p", "meta")[-1].text == (
        "989 more paragraphs not shown here."
    )


def test_citation_marks_are_looked_for_within_bounds() -> None:
    room = Negotiation()
    page = parse(step_one(room.client("analyst"), text="“Yes.”1\n" * 50_000).content).one("main")
    assert facts_of(page)[1] == (
        "50,000 paragraphs, 50,000 words, 400,000 characters. 37,500 citation marks recognised in"
        " the first 300,000 characters."
    )


def test_hostile_words_and_names_are_shown_harmlessly() -> None:
    room = Negotiation()
    text = "<script>alert(1)</script> \u202eevil"
    answer = step_one(room.client("analyst"), file=("../<img src=x>\u202e.txt", text.encode()))
    page = parse(answer.content).one("main")
    assert page.one("div", "taken").one("bdi").text == "<img src=x>.txt"
    line = page.one("ol", "stored").one("p")
    assert (line.text, line["dir"]) == (
        "<script>alert(1)</script> right-to-left overrideevil",
        "auto",
    )
    assert "\u202e" not in page.one("ol", "stored").text
    assert page.all("script") == []
    assert page.one("input", id="id_title")["value"] == "<script>alert(1)</script> evil"


@pytest.mark.django_db(transaction=True)
def test_somebody_signed_out_keeps_the_text_through_the_sign_in() -> None:
    room = Negotiation(visibility="public")
    answer = Client().post(NEW, FIELDS | {"received": carried(Document(KEPT)), "step": "save"})
    page = parse(answer.content)
    told = {row.one("dt").text: row.one("dd").text for row in page.all("div", "field-row")}
    assert told["Title"] == "Post by Tusk"
    assert "Received" not in told
    assert "Step" not in told
    client = Client()
    client.force_login(room.people["analyst"])
    page = client.post("/sign-in/", form_of(answer.content, "/sign-in/")).content
    assert client.post(NEW, form_of(page, NEW)).status_code == 302
    assert SourceText.objects.latest("id").text == KEPT
