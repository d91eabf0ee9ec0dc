"""Documents as analysts receive them, each kind read into a text: one file per kind. Pure.

What a stranger sends is never parsed in our own process where its parser cannot be bounded: HTML,
PDF and Word documents are read in a child process with limits of its own (see child.py).
"""

from __future__ import annotations

from dataclasses import replace

from events import signs
from events.formats.problems import Problem, Refused

from . import child, html, kinds, language, markdown, txt
from .document import (
    MAX_BYTES,
    MAX_CHARACTERS,
    Document,
    Kind,
    first_line,
    plain_line,
    plain_name,
)

__all__ = [
    "MAX_BYTES",
    "MAX_CHARACTERS",
    "Document",
    "Kind",
    "language",
    "pasted",
    "plain_line",
    "plain_name",
    "read",
    "read_again",
]


def read(content: bytes, name: str) -> Document:
    """The document in `content`; `name` is the file's. Raises Refused for what cannot be read."""
    name = plain_name(name) or "The file"
    if len(content) > MAX_BYTES:
        raise Refused(Problem(name, too_large(len(content))))
    kind = kinds.recognise(content, name)
    if kind in (Kind.TEXT, Kind.MARKDOWN):
        text, codec, said = txt.decoded(content, name)
        found = Document(text, kind, name, said, codec)
    elif kind == Kind.HTML:
        text, said = html.decoded(content, name)
        found = replace(child.read(kind, text.encode(), name), encoding=said)
    else:
        found = child.read(kind, content, name)
    other = kinds.mismatch(kind, name)
    return _finished(found, *([other] if other else []))


def pasted(text: str) -> Document:
    """What was pasted as a document. Raises Refused for a NUL or a text that is too long."""
    if "\0" in text:
        place = txt.position(text, text.index("\0"))
        raise Refused(Problem("", f"There is a NUL character at {place}. Take it out."))
    return _finished(Document(text))


def read_again(document: Document, codec: str) -> Document:
    """`document` as it reads in another encoding. Raises Refused where its bytes are not that."""
    text = txt.read_again(document.text, document.codec, codec)
    said = txt.CODECS[codec]
    if text is None:
        raise Refused(Problem("", f"The file is not {said}: some of its bytes do not fit."))
    again = replace(document, text=text, codec=codec, encoding=said, remarks=(), offered={})
    return _finished(again)


def too_large(size: int) -> str:
    """The refusal of a file of `size` bytes."""
    return f"has {size / 1e6:,.1f} MB; {MAX_BYTES / 1e6:,.0f} MB fit. Split it, or paste its text."


def _finished(found: Document, *more: str) -> Document:
    """With a title offered and what is worth knowing remarked; raises Refused when too long."""
    if (count := len(found.text)) > MAX_CHARACTERS:
        message = f"The text has {count:,} characters; {MAX_CHARACTERS:,} fit. Split it."
        raise Refused(Problem(found.name, message))
    title = markdown.title(found.text) if found.kind == Kind.MARKDOWN else ""
    line = first_line(found.text)
    offered = {"title": title or markdown.heading(line) or line} | found.offered
    offered = {name: plain_line(value) for name, value in offered.items() if plain_line(value)}
    return replace(
        found, offered=offered, remarks=(*more, *found.remarks, *signs.remarks(found.text))
    )
