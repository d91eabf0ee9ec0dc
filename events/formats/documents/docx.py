"""Word documents (Office Open XML, ECMA-376): paragraphs, lists, tables and notes. Pure.

The parts are streamed through expat with nothing kept but the text, so that nesting costs nothing.
A document type declaration, by which XML can be made to grow or to fetch, is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from xml.parsers import expat

from events.formats.problems import Problem, Refused

from .document import MAX_CHARACTERS

MAX_UNPACKED = 50_000_000
"""Bytes of all parts that are read."""
MAX_RATIO = 200
"""How many times its size a part over 1 MB may unpack to."""
MAX_PARTS = 5_000

_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_NOT_SHOWN = {"del", "moveFrom", "instrText", "delText", "Fallback", "delInstrText"}
"""What a reader does not see: what was deleted, commands of fields, the second form of a box."""

Answer = dict[str, Any]


class _Package:
    """The zip file, of which a bounded amount is unpacked."""

    def __init__(self, content: bytes) -> None:
        if content.count(b"PK\x01\x02") > MAX_PARTS:
            raise _refused(f"holds more than {MAX_PARTS:,} parts, which no document does.")
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError):
            raise _refused("is a damaged Word file. Save it anew, or paste its text.") from None
        self.left = MAX_UNPACKED

    def part(self, name: str) -> bytes:
        """The bytes of a part, b"" where there is none; raises Refused for what unpacks to more
        than a document would."""
        try:
            found = self.archive.getinfo(name)
        except KeyError:
            return b""
        if found.flag_bits & 1 or found.compress_type not in (0, 8):
            raise _refused("is protected by a password, or packed in a way Word does not use.")
        allowed = min(self.left, max(1_000_000, found.compress_size * MAX_RATIO))
        try:
            with self.archive.open(found) as packed:
                content = packed.read(allowed + 1)
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError):
            raise _refused("is a damaged Word file. Save it anew, or paste its text.") from None
        if len(content) > allowed:
            raise _refused("unpacks to far more than a document holds. It is not read.")
        self.left -= len(content)
        return content


def read(content: bytes) -> Answer:
    """The text of a document with its notes; runs in the child."""
    package = _Package(content)
    main = package.part("word/document.xml")
    if not main:
        raise _refused("is a Word file without its text. Save it anew, or paste its text.")
    story = _Story(_formats(package))
    story.read(main)
    blocks, remarks = story.blocks, []
    for part, what in (("footnotes", "footnote"), ("endnotes", "endnote")):
        if numbers := story.notes[what]:
            notes = _notes(package.part(f"word/{part}.xml"), what)
            blocks += [
                f"[{number}] {notes.get(key, '')}".strip() for key, number in numbers.items()
            ]
            said = f"1 {what} is" if len(numbers) == 1 else f"{len(numbers):,} {what}s are"
            remarks.append(f"{said} marked like [1] in the text and given at its end.")
    text = "\n".join(blocks).strip("\n")
    if not text.strip():
        raise _refused("holds no text; it may hold pictures of pages.")
    if story.changes:
        remarks.append("Read with all tracked changes accepted: deleted words are left out.")
    if story.hidden:
        remarks.append("Words formatted as hidden were left out.")
    return {"text": text, "remarks": remarks} | _properties(package, remarks)


def _refused(message: str) -> Refused:
    return Refused(Problem("", message))


def _parse(content: bytes, start: Any, end: Any, data: Any) -> None:
    """Stream XML through handlers; names come without their namespace, "" before foreign ones."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def forbidden(*_: Any) -> None:
        raise _refused("declares a document type, which Word files never do. It is not read.")

    parser.StartDoctypeDeclHandler = forbidden
    parser.EntityDeclHandler = forbidden
    parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
    parser.EndElementHandler = lambda name: end(_local(name))
    parser.CharacterDataHandler = data
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise _refused("is a damaged Word file. Save it anew, or paste its text.") from None


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _value(attributes: dict[str, str], name: str = "val") -> str:
    found = (attributes.get(f"{space} {name}") for space in _WORD)
    return next((value for value in found if value is not None), "")


class _Story:
    """Collects the blocks of a part: paragraphs and rows of tables, a line each."""

    def __init__(self, formats: dict[tuple[str, str], str]) -> None:
        self.formats = formats
        self.blocks: list[str] = []
        self.paragraphs: list[list[str]] = []
        self.lead: list[str] = []
        self.cells: list[list[list[str]]] = []
        self.skipped = 0
        self.is_text = self.is_hidden = self.hidden = self.changes = False
        self.counts: dict[tuple[str, str], int] = {}
        self.level = self.numbering = ""
        self.notes: dict[str, dict[str, str]] = {"footnote": {}, "endnote": {}}
        self.length = 0

    def read(self, content: bytes) -> None:
        """Take in a part."""
        _parse(content, self.start, self.end, self.data)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name in _NOT_SHOWN or self.skipped:
            self.skipped += 1
            self.changes |= name in ("del", "moveFrom")
            return
        if name == "p":
            self.paragraphs.append([])
            self.lead.append("")
            self.level = self.numbering = ""
        elif name == "r":
            self.is_hidden = False
        elif name == "t":
            self.is_text = True
        elif name == "tbl":
            self.cells.append([])
        elif name == "tr" and self.cells:
            self.cells[-1] = []
        elif name == "tc" and self.cells:
            self.cells[-1].append([])
        else:
            self.mark(name, attributes)

    def mark(self, name: str, attributes: dict[str, str]) -> None:
        """An element that stands for a sign, or says how its paragraph is meant."""
        value = _value(attributes)
        if name == "vanish" and value not in ("0", "false"):
            self.is_hidden = True
        elif name == "tab" and self.paragraphs and not attributes:
            self.write("\t")
        elif name in ("br", "cr") and _value(attributes, "type") not in ("page", "column"):
            self.write("\n")
        elif name == "noBreakHyphen":
            self.write("\u2011")
        elif name == "softHyphen":
            self.write("\u00ad")
        elif name in ("footnoteReference", "endnoteReference"):
            what = name.removesuffix("Reference")
            count = sum(map(len, self.notes.values()))
            number = self.notes[what].setdefault(_value(attributes, "id"), str(count + 1))
            self.write(f"[{number}]")
        elif name == "pStyle" and value.startswith(("ListBullet", "ListNumber")):
            self.item(value, "0", "bullet" if value.startswith("ListBullet") else "decimal")
        elif name == "ilvl":
            self.level = value
        elif name == "numId" and value != "0":
            level = self.level or "0"
            self.item(value, level, self.formats.get((value, level), "bullet"))

    def item(self, numbering: str, level: str, form: str) -> None:
        """The paragraph is an item of a list: give it its bullet or number."""
        if not self.lead:
            return
        for key in [key for key in self.counts if key[0] == numbering and key[1] > level]:
            del self.counts[key]
        count = self.counts[numbering, level] = self.counts.get((numbering, level), 0) + 1
        if form in ("lowerLetter", "upperLetter") and count <= 26:
            letter = chr(96 + count)
            self.lead[-1] = f"{letter if form == 'lowerLetter' else letter.upper()}. "
        elif form == "none":
            self.lead[-1] = ""
        else:
            self.lead[-1] = "• " if form == "bullet" else f"{count}. "

    def data(self, text: str) -> None:
        """Characters between tags."""
        if self.is_text and not self.skipped:
            self.write(text)

    def write(self, text: str) -> None:
        """Add to the open paragraph, unless the words are hidden."""
        if self.is_hidden:
            self.hidden = True
        elif self.paragraphs:
            self.paragraphs[-1].append(text)
            self.length += len(text)
            if self.length > MAX_CHARACTERS:
                raise _refused(f"holds more than {MAX_CHARACTERS:,} characters. Split it.")

    def end(self, name: str) -> None:
        """An element ends."""
        if self.skipped:
            self.skipped -= 1
        elif name == "t":
            self.is_text = False
        elif name == "r":
            self.is_hidden = False
        elif name == "p" and self.paragraphs:
            text = "".join(self.paragraphs.pop())
            self.block(self.lead.pop() + text if text.strip() else text)
        elif name == "tr" and self.cells:
            row = "\t".join(" ".join(" ".join(cell).split()) for cell in self.cells[-1])
            self.cells[-1] = []
            if row.strip():
                self.put(row, len(self.cells) - 1)
        elif name == "tbl" and self.cells:
            self.cells.pop()

    def block(self, text: str) -> None:
        """A paragraph is complete: a line of its own, or words of the open cell."""
        self.put(text, len(self.cells))

    def put(self, text: str, depth: int) -> None:
        """Put a line where it belongs: into the cell at `depth` of tables, or into the text."""
        if depth and self.cells[depth - 1]:
            self.cells[depth - 1][-1].append(text)
        else:
            self.blocks.append(text)


def _formats(package: _Package) -> dict[tuple[str, str], str]:
    """How the levels of lists are numbered, by number and level of a list."""
    levels: dict[tuple[str, str], str] = {}
    found: dict[tuple[str, str], str] = {}
    at = {"abstract": "", "level": "", "num": ""}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "abstractNum":
            at["abstract"] = _value(attributes, "abstractNumId")
        elif name == "lvl":
            at["level"] = _value(attributes, "ilvl")
        elif name == "numFmt":
            levels[at["abstract"], at["level"]] = _value(attributes)
        elif name == "num":
            at["num"] = _value(attributes, "numId")
        elif name == "abstractNumId":
            meant = _value(attributes)
            found.update({(at["num"], k[1]): form for k, form in levels.items() if k[0] == meant})

    if content := package.part("word/numbering.xml"):
        _parse(content, start, lambda _: None, lambda _: None)
    return found


def _notes(content: bytes, what: str) -> dict[str, str]:
    """The texts of notes by their id, each on one line."""
    found: dict[str, str] = {}
    story = _Story({})
    key = [""]

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == what:
            key[0], story.blocks = _value(attributes, "id"), []
        story.start(name, attributes)

    def end(name: str) -> None:
        story.end(name)
        if name == what:
            found[key[0]] = " ".join(" ".join(story.blocks).split())

    if content:
        _parse(content, start, end, story.data)
    return found


def _properties(package: _Package, remarks: list[str]) -> Answer:
    """Title, author and pages as the file states them."""
    said: dict[str, str] = {}
    open_element = [""]

    def start(name: str, _: Any) -> None:
        open_element[0] = name

    def data(text: str) -> None:
        said[open_element[0]] = said.get(open_element[0], "") + text

    for part in ("docProps/core.xml", "docProps/app.xml"):
        if content := package.part(part):
            _parse(content, start, lambda _: open_element.__setitem__(0, ""), data)
    if day := re.match(r"\d{4}-\d\d-\d\d", said.get("created", "")):
        remarks.append(f"The file says it was made on {day[0]}.")
    offered = {"title": said.get("title", ""), "author": said.get("creator", "")}
    language = said.get("language", "")
    if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        offered["language"] = language
    pages = said.get("Pages", "")
    return {
        "offered": {name: value.strip()[:500] for name, value in offered.items() if value.strip()},
        "pages": int(pages) if re.fullmatch(r"\d{1,5}", pages) else 0,
    }
