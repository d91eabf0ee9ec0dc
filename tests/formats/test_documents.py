"""Documents of five kinds read into a text, with what they say of themselves only offered."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from events import signs
from events.formats import documents
from events.formats.documents import Document, Kind, txt
from events.formats.problems import Refused
from tests.formats.made import WORD, body, docx, paragraph, pdf

PAGE = """<!doctype html>
<html lang="en-GB"><head><title>Talks end | Gazette</title>
<meta property="og:site_name" content="The Gazette">
<meta property="article:published_time" content="2025-03-11T18:05:33+0000">
<meta name="author" content="A. Writer"><link rel="canonical" href="https://gazette.example/a">
<script>document.write("no")</script><style>p { color: red }</style></head>
<body><nav>Home Sport</nav><header>Top of the page</header>
<article><header><h1>Talks   end</h1></header>
<p>The &ldquo;talks&rdquo; ended<sup>1</sup>.<br>A new line, <b>bold</b>ly.</p>
<div hidden>hidden</div><p style="display: none">hidden</p><p aria-hidden="true">hidden</p>
<ul><li>one</li><li><p>two</p></li></ul><ol><li>first</li><li>second</li></ol>
<table><tr><th>Side</th><th>Answer</th></tr><tr><td>North</td><td>yes</td></tr></table>
<pre>kept
  as it is</pre><!-- not this --><script>nor this</script>
<blockquote>We shall <em>see</em>.</blockquote></article>
<aside>Read also</aside><footer>All rights</footer></body></html>"""

READ_PAGE = """Talks end

The “talks” ended¹.
A new line, boldly.

• one

• two

1. first
2. second

Side\tAnswer
North\tyes

kept
  as it is

We shall see."""


def test_a_page_is_read_as_its_reader_sees_it() -> None:
    assert documents.read(PAGE.encode(), "talks.html") == Document(
        READ_PAGE,
        Kind.HTML,
        "talks.html",
        "UTF-8",
        remarks=(
            "Read from the page's article. What stands around it was left out.",
            "Title, date and the like come from what the page says of itself. Check them.",
        ),
        offered={
            "title": "Talks end",
            "publisher": "The Gazette",
            "author": "A. Writer",
            "url": "https://gazette.example/a",
            "published": "2025-03-11T18:05+00:00",
            "language": "en-GB",
        },
    )


SNIPPETS = {
    "line breaks": ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
    "a page that is one form": (
        "<form><p>Words.</p><input value=no><button>no</button><select><option>no</select></form>",
        "Words.",
    ),
    "spaces": ("<p> a  <b> b</b>\n c&nbsp;d </p>\n\n<p>\te</p>", "a b c\u00a0d\n\ne"),
    "entities": ("&lt;b&gt; &amp;amp; &#8220;x&#8221; &notit;", "<b> &amp; “x” ¬it;"),
    "inline": ("<p>un<i>der</i>stand<span>ing</span></p>", "understanding"),
    "lists in lists": (
        "<ul><li>a<ol><li>b<li>c</ol><li>d</ul>",
        "• a\n\n1. b\n2. c\n\n• d",
    ),
    "terms": ("<dl><dt>Side<dd>North<dt>Answer<dd>yes</dl>", "Side\n\nNorth\n\nAnswer\n\nyes"),
    "a note's number": ("<p>held<sup>2</sup>, 10<sup>th</sup>", "held², 10th"),
    "the page's own head and foot": (
        "<header>no</header><main><header>Head</header><p>Words.</p></main><footer>no</footer>",
        "Head\n\nWords.",
    ),
    "several articles": ("<article>One</article><article>Two</article>", "One\n\nTwo"),
    "XHTML": ('<?xml version="1.0"?><html xmlns="x"><body><p>Words.</p></body></html>', "Words."),
}


@pytest.mark.parametrize(("page", "text"), SNIPPETS.values(), ids=SNIPPETS)
def test_blocks_of_a_page_become_paragraphs(page: str, text: str) -> None:
    assert documents.read(page.encode(), "a.html").text == text


ENCODED_PAGES = {
    "declared": (b'<html><meta charset="windows-1251"><p>', "cp1251", "Windows-1251"),
    "declared in the old way": (
        b'<html><meta http-equiv="Content-Type" content="text/html; charset=koi8-u"><p>',
        "koi8-u",
        "KOI8-U",
    ),
}


@pytest.mark.parametrize(("head", "codec", "said"), ENCODED_PAGES.values(), ids=ENCODED_PAGES)
def test_a_page_is_read_in_the_encoding_it_declares(head: bytes, codec: str, said: str) -> None:
    content = head + "Переговоры завершились.".encode(codec)
    found = documents.read(content, "a.html")
    assert (found.text, found.encoding) == ("Переговоры завершились.", f"{said}, as it declares")


def test_a_page_that_lies_about_its_encoding_is_read_as_what_it_is() -> None:
    content = b'<html><meta charset="utf-8"><p>' + "Переговоры завершились.".encode("cp1251")
    found = documents.read(content, "a.html")
    assert (found.text, found.encoding) == ("Переговоры завершились.", "Windows-1251")


FOOTNOTES = (
    f'<w:footnotes {WORD}><w:footnote w:id="2"><w:p><w:r><w:t>As reported.</w:t></w:r></w:p>'
    "</w:footnote></w:footnotes>"
)
NUMBERING = (
    f'<w:numbering {WORD}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
    '<w:numFmt w:val="decimal"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
CORE = (
    '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>Minutes</dc:title>'
    "<dc:creator>Press office</dc:creator><dcterms:created>2025-03-12T08:00:00Z</dcterms:created>"
    "</cp:coreProperties>"
)


def in_list(level: int) -> str:
    """Properties of a paragraph of the numbered list."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr>'


def test_a_word_document_is_read_with_lists_tables_and_notes() -> None:
    rows = "".join(
        f"<w:tr><w:tc>{paragraph(one)}</w:tc><w:tc>{paragraph(two)}{paragraph('indeed')}</w:tc>"
        "</w:tr>"
        for one, two in (("North", "yes"), ("South", "no"))
    )
    inner = (
        paragraph("The talks")
        + '<w:p><w:r><w:t xml:space="preserve">We </w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr>'
        "<w:t>secretly </w:t></w:r><w:del><w:r><w:delText>never </w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>shall</w:t></w:r></w:ins><w:r><w:tab/>"
        '<w:t>see.</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
        + paragraph("first", in_list(0))
        + paragraph("within", in_list(1))
        + paragraph("second", in_list(0))
        + paragraph("point", '<w:pStyle w:val="ListBullet"/>')
        + f"<w:tbl>{rows}</w:tbl>"
        + paragraph("")
        + paragraph("The &amp; end.")
    )
    made = docx(body(inner), footnotes=FOOTNOTES, numbering=NUMBERING, core=CORE)
    assert documents.read(made, "minutes.docx") == Document(
        "The talks\nWe shall\tsee.[1]\n1. first\na. within\n2. second\n• point\n"
        "North\tyes indeed\nSouth\tno indeed\n\nThe & end.\n[1] As reported.",
        Kind.DOCX,
        "minutes.docx",
        remarks=(
            "1 footnote is marked like [1] in the text and given at its end.",
            "Read with all tracked changes accepted: deleted words are left out.",
            "Words formatted as hidden were left out.",
            "The file says it was made on 2025-03-12.",
        ),
        offered={"title": "Minutes", "author": "Press office"},
    )


def line(y: float, text: str, x: float = 72, size: float = 11) -> tuple[float, float, float, str]:
    """A line of a page."""
    return (x, y, size, text)


FULL = "Nine hours of talks in the harbour town ended with no word on what had been agreed by the"


def test_a_pdf_has_its_paragraphs_and_divided_words_again() -> None:
    first = [
        line(780, "Minutes of the talks", size=18),
        line(740, f"{FULL} dele-"),
        line(726, f"gations. {FULL[:78]} long-"),
        line(712, "term guests."),
        line(690, f"A long-term plan was {FULL[:66]} other"),
        line(676, "side."),
        line(40, "Page 1"),
    ]
    second = [line(780, "the evening went on."), line(766, "- an item"), line(40, "Page 2")]
    third = [line(780, "Another part."), line(40, "Page 3")]
    made = pdf(
        first, second, third, info="<< /Author (Press office) /CreationDate (D:20250312080000Z) >>"
    )
    assert documents.read(made, "minutes.pdf") == Document(
        "Minutes of the talks\n\n"
        f"{FULL} delegations. {FULL[:78]} long-term guests.\n\n"
        f"A long-term plan was {FULL[:66]} other side.\n\n"
        "the evening went on.\n\n- an item\n\nAnother part.",
        Kind.PDF,
        "minutes.pdf",
        pages=3,
        remarks=(
            "Running heads and page numbers were left out.",
            "1 word divided at line ends put together.",
            "The file says it was made on 2025-03-12.",
        ),
        offered={"title": "Minutes of the talks", "author": "Press office"},
    )


def test_a_sentence_goes_on_across_pages() -> None:
    made = pdf([line(60, f"{FULL} envoys and")], [line(780, "their staff, it was said.")])
    found = documents.read(made, "a.pdf")
    assert found.text == f"{FULL} envoys and their staff, it was said."


def test_markdown_is_kept_as_it_is_written() -> None:
    text = "Intro\n\n# The *talks*\n\n- one\n- [two](https://example.org)\n"
    assert documents.read(text.encode(), "a.md") == Document(
        text, Kind.MARKDOWN, "a.md", "UTF-8", "utf-8", offered={"title": "The talks"}
    )


NAMED_WRONG = {
    "a PDF called text": (pdf([line(700, "Words.")]), "a.txt", Kind.PDF, "a PDF", ".txt"),
    "text called PDF": (b"Words.", "a.pdf", Kind.TEXT, "plain text", ".pdf"),
    "text called Word": (b"Words.", "a.docx", Kind.TEXT, "plain text", ".docx"),
    "a page called text": (b"<!doctype html><p>Words.", "A.TXT", Kind.HTML, "HTML", ".txt"),
}


@pytest.mark.parametrize(
    ("content", "name", "kind", "what", "suffix"), NAMED_WRONG.values(), ids=NAMED_WRONG
)
def test_what_a_file_holds_counts_and_a_wrong_name_is_said(
    content: bytes, name: str, kind: Kind, what: str, suffix: str
) -> None:
    found = documents.read(content, name)
    said = f"The name ends in {suffix}, but the file is {what} and was read as that."
    assert (found.kind, found.text, found.remarks[0]) == (kind, "Words.", said)


NAMES = {
    "../../etc/passwd": "passwd",
    "C:\\Users\\me\\readout.txt": "readout.txt",
    "in\u202etxt.exe\0\r\n": "intxt.exe",
    "a" * 200 + ".docx": "a" * 94 + "….docx",
    "<b>.txt": "<b>.txt",
    "..": "..",
    "///": "The file",
}


@pytest.mark.parametrize(("name", "shown"), NAMES.items())
def test_names_are_cut_to_what_is_harmless(name: str, shown: str) -> None:
    assert documents.read(b"Words.", name).name == shown


def test_taken_from_says_what_it_was() -> None:
    made = [
        Document("a", Kind.DOCX, "briefing.docx", pages=2),
        Document("a", Kind.PDF, "one.pdf", pages=1),
        Document("a", Kind.TEXT, "a.txt", "Windows-1251", "cp1251"),
        Document("a"),
    ]
    assert [(each.taken_from, each.read_as) for each in made] == [
        ("briefing.docx (Word document, 2 pages)", "Read as Word document, 2 pages."),
        ("one.pdf (PDF, 1 page)", "Read as PDF, 1 page."),
        ("a.txt (Plain text, Windows-1251)", "Read as Windows-1251."),
        ("", "Read as Plain text."),
    ]


def test_a_text_is_read_again_in_another_encoding() -> None:
    document = documents.read("Їхня відповідь: ні.".encode("koi8-u"), "a.txt")
    assert document.encoding != "KOI8-U"
    again = documents.read_again(document, "koi8-u")
    assert (again.text, again.encoding, again.codec) == (
        "Їхня відповідь: ні.",
        "KOI8-U",
        "koi8-u",
    )
    offered = {codec: words for codec, _, words in txt.readings(document.text, document.codec)}
    assert offered["koi8-u"] == "Їхня відповідь: ні."
    with pytest.raises(Refused, match=r"^The file is not UTF-8: some of its bytes do not fit\.$"):
        documents.read_again(document, "utf-8")
    assert txt.readings("only ASCII", "utf-8") == []


def test_signs_that_are_not_seen_are_said_and_marked() -> None:
    text = "a\u202eb\u202e \u200bc\x07 \ufffd"
    assert documents.pasted(text).remarks == (
        "Contains 2 direction controls that can make text look different from what it says "
        "(2 × right-to-left override). They are kept, and marked below.",
        "Contains 1 invisible character, kept and marked below.",
        "Contains 1 control character, kept and marked below.",
        "Contains 1 replacement character (\ufffd): letters were lost before the text came here.",
    )
    assert documents.pasted(text).text == text
    assert signs.pieces(text) == [
        ("a", "right-to-left override"),
        ("b", "right-to-left override"),
        (" ", "U+200B"),
        ("c", "U+0007"),
        (" \ufffd", ""),
    ]


@given(st.text(st.characters(codec="cp1251"), min_size=1), st.sampled_from(sorted(txt.CODECS)))
def test_another_encoding_and_back_gives_the_same_text(text: str, codec: str) -> None:
    again = txt.read_again(text, "cp1251", codec)
    assert again is None or txt.read_again(again, codec, "cp1251") in (text, None)


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a", "a.docx"]))
def test_any_bytes_are_text_or_refused(content: bytes, name: str) -> None:
    # What looks like HTML, PDF or a zip is for a child, and tried with the hostile ones.
    assume(not content.lstrip().startswith((b"<", b"PK")) and b"%PDF" not in content)
    try:
        found = documents.read(content, name)
    except Refused:
        return
    assert found.text.strip()
    assert "\0" not in found.text
