"""Documents made to do harm: each is refused with a clear message, or read harmlessly, in time.

What is measured of a child is its processor time, so that a busy machine fails no test.
"""

from __future__ import annotations

import io
import resource
import struct
import time
import zipfile
from collections.abc import Callable

import pytest

from events.formats import documents
from events.formats.documents import MAX_BYTES, child
from events.formats.problems import Refused
from tests.formats.made import TYPES, WORD, assembled, body, bomb, docx, paragraph, pdf

SECONDS = 2
"""Of processor time, ours and the child's."""
MEMORY = child.MEMORY // 1024
"""Kilobytes a child may have used."""

DEEP = 100_000
TOO_MUCH = (
    " takes more time to read than a text does: it is very large, nested very deeply, or broken. "
    "Split it, or paste its text."
)
DAMAGED = "is a damaged Word file. Save it anew, or paste its text."


def laughs() -> bytes:
    """A Word file whose entities multiply."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    kind = f'<!DOCTYPE w:document [<!ENTITY l0 "ha">{entities}]>'
    return docx(f"<?xml version='1.0'?>{kind}<w:document {WORD}>&l11;</w:document>")


def fetching() -> bytes:
    """A Word file with an external entity."""
    kind = '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return docx(f"<?xml version='1.0'?>{kind}<w:document {WORD}>&x;</w:document>")


def zip_bomb() -> bytes:
    """A Word file of 300 MB that packs to 300 kB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        with archive.open("word/document.xml", "w") as part:
            part.write(f'<?xml version="1.0"?><w:document {WORD}><w:body>'.encode())
            for _ in range(300):
                part.write(b"<w:p/>" * 166_667)
    return out.getvalue()


def nested_bomb() -> bytes:
    """A Word file that holds a bomb beside its text, which nobody opens."""
    out = io.BytesIO(docx(body(paragraph("Words."))))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/embeddings/inner.docx", zip_bomb())
    return out.getvalue()


def many_parts() -> bytes:
    """A Word file of more parts than any has."""
    out = io.BytesIO(docx(body(paragraph("Words."))))
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(5_001):
            archive.writestr(f"word/media/{number}", b"")
    return out.getvalue()


def crowded() -> bytes:
    """Nearly 10 MB of a zip's directory, in a file that claims to be of Word."""
    names = b"[Content_Types].xml word/document.xml"
    entry = b"PK\x01\x02" + bytes(24) + b"\x01" + bytes(17) + b"a"
    count = (MAX_BYTES - 500) // len(entry)
    size = count * len(entry)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, 37)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(names) + 4 + size, 1)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0)
    return b"PK\x03\x04" + names + entry * count + record + locator + end


def looping_pages() -> bytes:
    """A PDF whose tree of pages holds itself."""
    return assembled(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2000000000 >>",
            "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>",
        ]
    )


def pdf_bomb() -> bytes:
    """A PDF with a page whose stream unpacks to 2 GB."""
    stream = bomb(2_000_000_000).decode("latin-1")
    return assembled(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
            f"<< /Length {len(stream)} /Filter /FlateDecode >>\nstream\n{stream}\nendstream",
        ]
    )


def locked_pdf() -> bytes:
    """A PDF that asks for a password."""
    lock = "/Encrypt << /Filter /Standard /V 1 /R 2 /O (%s) /U (%s) /P -4 >> /ID [(a) (a)]"
    return pdf([(72, 700, 11, "Words.")], extra=lock % ("o" * 32, "u" * 32))


WHOLE_PDF = pdf([(72, 700, 11, "Words.")])
WHOLE_DOCX = docx(body(paragraph("Words.")))

REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("a.txt", lambda: b"", "a.txt: is empty. There is nothing to read."),
    "something else with the name of a PDF": (
        "a.pdf",
        lambda: b"never one\0\1",
        "a.pdf: is named like a PDF, but is none, or it is damaged.",
    ),
    "NULs alone": ("a.txt", lambda: bytes(1000), "a.txt: is empty. There is nothing to read."),
    "larger than a file may be": (
        "a.txt",
        lambda: b"x" * (MAX_BYTES + 1),
        "a.txt: has 10.0 MB; 10 MB fit. Split it, or paste its text.",
    ),
    "10 MB of text": (
        "a.txt",
        lambda: b"We shall see.\n" * (MAX_BYTES // 14),
        "a.txt: The text has 9,999,990 characters; 2,000,000 fit. Split it.",
    ),
    "an endless line": (
        "a.txt",
        lambda: b"see " * 1_250_000,
        "a.txt: The text has 5,000,000 characters; 2,000,000 fit. Split it.",
    ),
    "a NUL": (
        "a.txt",
        lambda: b"We shall all of us see\0.",
        "a.txt, line 1, column 23: a NUL character. Plain text holds none: save it as text anew.",
    ),
    "a lone surrogate": (
        "a.txt",
        lambda: b"\xff\xfe" + "a\ud800b".encode("utf-16-le", "surrogatepass"),
        "a.txt: byte 0x00 at 4 fits no encoding. Save it as UTF-8.",
    ),
    "HTML nested deeply": ("a.html", lambda: b"<div>" * DEEP + b"x", f"a.html:{TOO_MUCH}"),
    "HTML without text": (
        "a.html",
        lambda: b"<html><script>document.write('words')</script><p hidden>no</p>",
        "a.html: shows no text: what it holds is made by scripts, or hidden.",
    ),
    "billion laughs": (
        "a.docx",
        laughs,
        "a.docx: declares a document type, which Word files never do. It is not read.",
    ),
    "an external entity": (
        "a.docx",
        fetching,
        "a.docx: declares a document type, which Word files never do. It is not read.",
    ),
    "a zip bomb": (
        "a.docx",
        zip_bomb,
        "a.docx: unpacks to far more than a document holds. It is not read.",
    ),
    "parts without number": (
        "a.docx",
        many_parts,
        "a.docx: holds more than 5,000 parts, which no document does.",
    ),
    "half a Word file": (
        "a.docx",
        lambda: WHOLE_DOCX[: len(WHOLE_DOCX) // 2],
        f"a.docx: {DAMAGED}",
    ),
    "broken XML": ("a.docx", lambda: docx(body("<w:p>")), f"a.docx: {DAMAGED}"),
    "a Word file without words": (
        "a.docx",
        lambda: docx(body("<w:p/>")),
        "a.docx: holds no text; it may hold pictures of pages.",
    ),
    "a zip": (
        "a.docx",
        lambda: b"PK\x03\x04" + bytes(18),
        "a.docx: is a zip file. Plain text, Markdown, HTML, PDF and Word (.docx) can be read."
        " Save it as .docx or .txt without a password first.",
    ),
    "a directory of a zip without end": (
        "a.docx",
        crowded,
        "a.docx: holds more than 5,000 parts, which no document does.",
    ),
    "OpenDocument": (
        "a.odt",
        lambda: b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text",
        "a.odt: is an OpenDocument file. Plain text, Markdown, HTML, PDF and Word (.docx) can be"
        " read. Save it as .docx or .txt without a password first.",
    ),
    "old Word": (
        "a.doc",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "a.doc: is an old or password-protected Office file. Plain text, Markdown, HTML, PDF and"
        " Word (.docx) can be read. Save it as .docx or .txt without a password first.",
    ),
    "half a PDF": (
        "a.pdf",
        lambda: WHOLE_PDF[:40],
        "a.pdf: is a damaged PDF, or none. Save it anew, or paste its text.",
    ),
    "a PDF of nothing": (
        "a.pdf",
        lambda: b"%PDF-1.7\n" + b"\xff" * 100_000,
        "a.pdf: is a damaged PDF, or none. Save it anew, or paste its text.",
    ),
    "a PDF with a password": (
        "a.pdf",
        locked_pdf,
        "a.pdf: is protected by a password. Save it without one first.",
    ),
    "a PDF without text": (
        "a.pdf",
        lambda: pdf([]),
        "a.pdf: holds no text, only pictures of pages. Run text recognition (OCR) over it first.",
    ),
    "a PDF of too many pages": (
        "a.pdf",
        lambda: pdf(*([] for _ in range(2_001))),
        "a.pdf: has 2,001 pages; 2,000 fit. Split it.",
    ),
}

READ: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "elements that close each other": ("a.html", lambda: b"<b><i><p>" * 20_000 + b"Words.", ""),
    "tables in tables": ("a.html", lambda: b"<table><tr><td>" * 300 + b"Words.", ""),
    "scripts everywhere": (
        "a.html",
        lambda: b"<p onclick=alert(1)>Wo<script>alert(1)</script>rds.<img src=x onerror=alert(1)>",
        "",
    ),
    "XML nested deeply": (
        "a.docx",
        lambda: docx(body("<w:x>" * 60_000 + paragraph("Words.") + "</w:x>" * 60_000)),
        "",
    ),
    "tables in tables of Word": (
        "a.docx",
        lambda: docx(
            body(
                "<w:tbl><w:tr><w:tc>" * 5_000
                + paragraph("Words.")
                + "</w:tc></w:tr></w:tbl>" * 5_000
            )
        ),
        "",
    ),
    "a bomb inside that nobody opens": ("a.docx", nested_bomb, ""),
    "the right suffix on top": ("a.exe.txt", lambda: b"Words.", ""),
}


def spent(start: float, children: float) -> float:
    """Processor seconds since then, ours and those of finished children."""
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() - start + after.ru_utime + after.ru_stime - children


def read_in_time(content: bytes, name: str) -> documents.Document:
    """The document, or its refusal, within the bounds of time and memory."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.process_time()
    try:
        return documents.read(content, name)
    finally:
        assert spent(start, before.ru_utime + before.ru_stime) < SECONDS
        assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MEMORY


def outcome(content: bytes, name: str) -> int | str:
    """How many letters a are in what was read, or the refusal."""
    try:
        return read_in_time(content, name).text.count("a")
    except Refused as refused:
        return str(refused)


@pytest.mark.parametrize(("name", "make", "said"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_with_a_clear_message(
    name: str, make: Callable[[], bytes], said: str
) -> None:
    with pytest.raises(Refused) as refused:
        read_in_time(make(), name)
    assert str(refused.value) == said


@pytest.mark.parametrize(("name", "make", "said"), READ.values(), ids=READ)
def test_it_is_read_harmlessly(name: str, make: Callable[[], bytes], said: str) -> None:
    assert read_in_time(make(), name).text == "Words."


@pytest.mark.parametrize("make", [looping_pages, pdf_bomb])
def test_a_pdf_that_would_never_end_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(Refused) as refused:
        read_in_time(make(), "a.pdf")
    assert str(refused.value).startswith("a.pdf: ")


def test_a_million_tags_are_read_or_refused_in_time() -> None:
    # Which of both depends on the machine.
    assert outcome(b"<p><b>a</b></p>\n" * 250_000, "a.html") in (250_000, f"a.html:{TOO_MUCH}")


@pytest.mark.parametrize("cut", range(37, len(WHOLE_PDF), 37))
def test_a_pdf_cut_anywhere_is_read_or_refused(cut: int) -> None:
    found = outcome(WHOLE_PDF[:cut] + WHOLE_PDF[cut + 20 :], "a.pdf")
    assert found in (0, 1) or str(found).startswith("a.pdf")


def test_the_child_sees_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "must not be seen")
    program = 'import os, sys; sys.stdout.write(\'{"refused": "%s"}\' % sorted(os.environ))'
    monkeypatch.setattr(child, "_PROGRAM", program)
    with pytest.raises(Refused) as refused:
        child.read(documents.Kind.PDF, b"", "a.pdf")
    assert "SECRET_KEY" not in str(refused.value)
