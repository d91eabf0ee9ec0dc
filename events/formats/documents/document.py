"""What was read out of a file or of what was pasted. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath

MAX_BYTES = 10_000_000
"""Bytes of a file."""

MAX_CHARACTERS = 2_000_000
"""Code points of a text, about 700 pages."""


class Kind(StrEnum):
    """What a file is, in the words people use."""

    TEXT = "Plain text"
    MARKDOWN = "Markdown"
    HTML = "HTML"
    PDF = "PDF"
    DOCX = "Word document"


SAYING = (Kind.HTML, Kind.PDF, Kind.DOCX)
"""Kinds that carry a title, an author and the like beside the text."""

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Characters that no name or title needs: controls, direction marks, what is not seen."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text as it will be stored, and what is known of where it came from.

    `encoding` is the encoding's name for people and `codec` Python's; both are "" where a format
    does not leave it open. `offered` are values for the fields of a source that the document gives
    of itself: offers, which a person confirms.
    """

    text: str
    kind: Kind = Kind.TEXT
    name: str = ""
    encoding: str = ""
    codec: str = ""
    pages: int = 0
    remarks: tuple[str, ...] = ()
    offered: dict[str, str] = field(default_factory=dict)

    @property
    def read_as(self) -> str:
        """Such as "Read as PDF, 2 pages."; for plain text its encoding alone."""
        kind = "" if self.kind == Kind.TEXT and self.encoding else self.kind
        return f"Read as {', '.join(filter(None, (kind, self._pages, self.encoding)))}."

    @property
    def says_of_itself(self) -> str:
        """What a document says of itself beside its words, which nobody has confirmed."""
        said = [f"{name} '{value}'" for name, value in self.offered.items()]
        return f"It says of itself: {', '.join(said)}." if self.kind in SAYING else ""

    @property
    def _pages(self) -> str:
        return f"{self.pages:,} page{'' if self.pages == 1 else 's'}" if self.pages else ""

    @property
    def taken_from(self) -> str:
        """Such as "briefing.pdf (PDF, 2 pages)"; "" for what was pasted."""
        if not self.name:
            return ""
        known = ", ".join(filter(None, (self.kind, self._pages, self.encoding)))
        return f"{self.name} ({known})"


def plain_name(name: str, longest: int = 100) -> str:
    """The last part of a file's name, harmless to show, at most `longest` characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    last = unicodedata.normalize("NFC", _UNSEEN.sub("", last)).strip()
    if len(last) <= longest:
        return last
    ending = PurePosixPath(last).suffix[:12]
    return f"{last[: longest - len(ending) - 1]}…{ending}"


def plain_line(words: str, longest: int = 300) -> str:
    """`words` on one line without what is not seen, at most `longest` characters."""
    line = _UNSEEN.sub("", " ".join(words.split()))
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def first_line(text: str) -> str:
    """The first line with words, as a title; "" where it is too long to be one."""
    line = next((line for line in text[:20_000].split("\n") if line.strip()), "")
    line = plain_line(line, 100_000)
    return line if len(line) <= 150 else ""
