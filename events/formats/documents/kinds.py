"""What a file is, by what it holds; its name only decides between kinds of text. Pure."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from events.formats.problems import Problem, Refused

from .document import Kind

BY_SUFFIX = {
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".htm": Kind.HTML,
    ".html": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".pdf": Kind.PDF,
    ".docx": Kind.DOCX,
}
READ = "Plain text, Markdown, HTML, PDF and Word (.docx) can be read."
ACCEPTED = ",".join([*BY_SUFFIX, "text/plain", "text/markdown", "text/html", "application/pdf"])
"""For the `accept` of a file input."""

_OTHERS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or password-protected Office file"),
    (b"{\\rtf", "a rich text file (.rtf)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format", "a database"),
)
_SAVE_AS = "Save it as .docx or .txt without a password first."
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,4000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)


def recognise(content: bytes, name: str) -> Kind:
    """The kind of a file; raises Refused for one that is not read here, saying what it is."""
    if not content.strip(b"\x00 \t\r\n\x0c"):
        raise Refused(Problem(name, "is empty. There is nothing to read."))
    if b"%PDF-" in content[:1024]:
        return Kind.PDF
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_zip(content, name)
    for start, what in _OTHERS:
        if content.startswith(start):
            raise Refused(Problem(name, f"is {what}. {READ} {_SAVE_AS}"))
    by_name = BY_SUFFIX.get(PurePosixPath(name).suffix.lower())
    if _HTML.match(content.removeprefix(b"\xef\xbb\xbf")[:5000]) or by_name == Kind.HTML:
        return Kind.HTML
    if by_name in (Kind.PDF, Kind.DOCX) and b"\0" in content:
        what = "a PDF" if by_name == Kind.PDF else "a Word document"
        raise Refused(Problem(name, f"is named like {what}, but is none, or it is damaged."))
    return Kind.MARKDOWN if by_name == Kind.MARKDOWN else Kind.TEXT


def _of_zip(content: bytes, name: str) -> Kind:
    # Names stand in a zip as they are. To read its directory is work without bound, for the child.
    is_office = b"[Content_Types].xml" in content
    if is_office and b"word/document.xml" in content:
        return Kind.DOCX
    what = "another Office file" if is_office else "a zip file"
    if b"application/vnd.oasis.opendocument" in content[:200]:
        what = "an OpenDocument file"
    raise Refused(Problem(name, f"is {what}. {READ} {_SAVE_AS}"))


def mismatch(kind: Kind, name: str) -> str:
    """A remark where the name of a file says another kind than its content, else ""."""
    suffix = PurePosixPath(name).suffix.lower()
    said = BY_SUFFIX.get(suffix)
    if said is None or said == kind:
        return ""
    return f"The name ends in {suffix}, but the file is {_with_article(kind)} and was read as that."


def _with_article(kind: Kind) -> str:
    return {Kind.TEXT: "plain text", Kind.MARKDOWN: "Markdown", Kind.HTML: "HTML"}.get(
        kind, f"a {kind}"
    )
