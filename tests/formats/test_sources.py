"""Documents as sources: encodings recognised, the text kept as it came, or refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from events import models
from events.formats import documents, sources
from events.formats.documents import txt
from events.formats.problems import Refused
from tests.factories import UserFactory
from tests.formats.test_writer import changed, writer

RUSSIAN = "Переговоры в Джидде завершились, сообщил представитель. Ёмко."
TITLED = {"title": RUSSIAN}
FRENCH = "Café – “déjà vu”, à bientôt; naïve façade."
UKRAINIAN = "Україна погодилася, їй відповіли."

ENCODED = {
    "ASCII": (b"We accept.\r\nAll of it.", "We accept.\r\nAll of it.", "UTF-8"),
    "UTF-8": (RUSSIAN.encode(), RUSSIAN, "UTF-8"),
    "UTF-8 with a mark": (
        b"\xef\xbb\xbf" + FRENCH.encode(),
        FRENCH,
        "UTF-8 with a byte order mark",
    ),
    "UTF-16": (RUSSIAN.encode("utf-16"), RUSSIAN, "UTF-16"),
    "UTF-16, big end first": (b"\xfe\xff" + FRENCH.encode("utf-16-be"), FRENCH, "UTF-16"),
    "UTF-16 without a mark": (RUSSIAN.encode("utf-16-le"), RUSSIAN, "UTF-16"),
    "UTF-16 without a mark, big end first": (FRENCH.encode("utf-16-be"), FRENCH, "UTF-16"),
    "UTF-32": (b"\xff\xfe\x00\x00" + FRENCH.encode("utf-32-le"), FRENCH, "UTF-32"),
    "Windows-1251": (RUSSIAN.encode("cp1251"), RUSSIAN, "Windows-1251"),
    "Windows-1251, Ukrainian": (UKRAINIAN.encode("cp1251"), UKRAINIAN, "Windows-1251"),
    "Windows-1252": (FRENCH.encode("cp1252"), FRENCH, "Windows-1252"),
    "Windows-1252, one sign": (b"It\x92s agreed.", "It’s agreed.", "Windows-1252"),
}


@pytest.mark.parametrize(("content", "text", "encoding"), ENCODED.values(), ids=ENCODED)
def test_an_encoding_is_recognised(content: bytes, text: str, encoding: str) -> None:
    assert txt.decode(content, "a.txt") == (text, encoding)


NOT_TEXT = {
    "empty": (b" \n", "a.txt: is empty. There is nothing to read."),
    "NUL": (
        b"We accept.\nAll \0of it.",
        "a.txt, line 2, column 5: a NUL character. Plain text holds none: save it as text anew.",
    ),
    "control code": (
        b"We \x1baccept.",
        "a.txt, line 1, column 4: the control code 27. Plain text holds none: save it as text"
        " anew.",
    ),
    "PDF": (b"%PDF-1.7\n", "a.txt: is a PDF, not plain text. Save its text as .txt first."),
    "office file": (
        b"PK\x03\x04\x14",
        "a.txt: is a zip or office file, not plain text. Save its text as .txt first.",
    ),
    "half a UTF-16 character": (
        b"\xff\xfea\x00b",
        "a.txt: byte 0x62 at 4 fits no encoding. Save it as UTF-8.",
    ),
}


@pytest.mark.parametrize(("content", "said"), NOT_TEXT.values(), ids=NOT_TEXT)
def test_what_is_no_plain_text_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(Refused) as refused:
        txt.decode(content, "a.txt")
    assert str(refused.value) == said


@pytest.mark.django_db(transaction=True)
def test_a_text_becomes_a_source_once() -> None:
    by = UserFactory()
    writer.apply(changed(), by)
    river = models.Dossier.objects.get()
    about = {"kind": "transcript", "publisher": "River Post", "published": "11 March 2025"}
    made = sources.store(RUSSIAN.encode("cp1251"), river, by, name="talks.txt", **about)
    source = models.Source.objects.get(ref="S2")
    document = documents.Document(
        RUSSIAN, name="talks.txt", encoding="Windows-1251", codec="cp1251", offered=TITLED
    )
    assert made == sources.Stored(source, source.current_text, document, is_new=True)
    assert (source.title, source.kind, source.publisher) == ("talks", "transcript", "River Post")
    assert (source.published_edtf, source.published_text) == ("2025-03-11", "11 March 2025")
    assert (source.current_text.text, source.current_text.number) == (RUSSIAN, 1)
    assert made.remarks == ["Read as Windows-1251."]
    again = sources.store(RUSSIAN.encode(), river, by, name="again.txt", title="Again")
    document = replace(document, name="again.txt", encoding="UTF-8", codec="utf-8")
    assert again == sources.Stored(source, source.current_text, document, is_new=False)
    assert again.remarks == [
        "Read as UTF-8.",
        "river has this text already. Nothing was written.",
    ]
    notes = models.Revision.objects.order_by("number").values_list("note", "origin")
    assert list(notes) == [("Imported river", "import"), ("Imported talks.txt", "import")]


@pytest.mark.django_db(transaction=True)
def test_everything_wrong_with_a_source_is_said_at_once() -> None:
    by = UserFactory()
    writer.apply(changed(), by)
    river = models.Dossier.objects.get()
    with pytest.raises(Refused) as refused:
        sources.store(
            b"We refuse.", river, by, name="a.txt", published="31 Feb 2025", url="example"
        )
    assert str(refused.value).splitlines() == [
        "published: '31 Feb 2025' is not a date. Try '28 Feb 2025'.",
        "url: 'example': Enter a valid URL.",
    ]
    assert models.Source.objects.count() == 1
