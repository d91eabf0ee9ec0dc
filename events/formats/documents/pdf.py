"""PDF: the lines of its pages put together to paragraphs again. Pure.

A PDF knows letters and places, not paragraphs. What belongs together is told from the places of
the lines: their distance, indent, size and where they end.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from events.formats.problems import Problem, Refused

from .document import MAX_CHARACTERS

MAX_PAGES = 2_000

_ITEM = re.compile(r"\s*(?:[•‣◦▪●–—*-]\s|\(?\d{1,3}[.)]\s|\(?[a-z][.)]\s)")
_ENDED = re.compile(r"[.!?:;…][\"'”’»)\]]*[\d⁰¹²³⁴-⁹,\[\]]*\s*$")
_HYPHENS = "-\u00ad\u2010"
_DIVIDED = ("\ufffe", "\x02")
_LINE = re.compile("([^\r\n\ufffe\x02]*)(\r\n|\r|\n|\ufffe|\x02|$)")
"""A line and its end; pdfium has a sign of its own for a hyphen that divides a word there."""
_DIGITS = re.compile(r"\d+")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")

Answer = dict[str, Any]


@dataclass(slots=True)
class Line:
    """A line of a page; places in points, `top` and `bottom` counted from the page's foot."""

    text: str
    left: float = 0
    right: float = 0
    bottom: float = 0
    top: float = 0

    @property
    def height(self) -> float:
        return self.top - self.bottom


def read(content: bytes) -> Answer:
    """The text of a PDF with its number of pages; runs in the child."""
    import pypdfium2
    import pypdfium2.raw as raw

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as problem:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "assword" in str(problem):
            message = "is protected by a password. Save it without one first."
        else:
            message = "is a damaged PDF, or none. Save it anew, or paste its text."
        raise Refused(Problem("", message)) from None
    count = len(document)
    if count > MAX_PAGES:
        message = f"has {count:,} pages; {MAX_PAGES:,} fit. Split it."
        raise Refused(Problem("", message))
    pages, length, unread = [], 0, 0
    for number in range(count):
        try:
            lines = _lines(document[number])
        except pypdfium2.PdfiumError:
            unread += 1
            continue
        length += sum(len(line.text) for line in lines)
        if length > MAX_CHARACTERS:
            raise Refused(Problem("", f"holds more than {MAX_CHARACTERS:,} characters. Split it."))
        pages.append(lines)
    if not length:
        message = "holds no text, only pictures of pages. Run text recognition (OCR) over it first."
        raise Refused(Problem("", message))
    try:
        said = document.get_metadata_dict(skip_empty=True)
    except ValueError:
        said = {}  # What it says of itself is no text; its pages are.
    return _answer(pages, count, unread, said)


def _answer(pages: list[list[Line]], count: int, unread: int, said: dict[str, str]) -> Answer:
    remarks = []
    dropped = _drop_running_heads(pages)
    text, joined = paragraphs(pages)
    empty = sum(not lines for lines in pages)
    if unread:
        remarks.append(f"{unread:,} of {count:,} pages could not be read.")
    if empty:
        remarks.append(f"{empty:,} of {count:,} pages hold no text; they may be pictures.")
    if dropped:
        remarks.append("Running heads and page numbers were left out.")
    if joined:
        words = "1 word" if joined == 1 else f"{joined:,} words"
        remarks.append(f"{words} divided at line ends put together.")
    if day := re.match(r"D:(\d{4})(\d\d)(\d\d)", said.get("CreationDate", "")):
        remarks.append(f"The file says it was made on {'-'.join(day.groups())}.")
    author = said.get("Author", "")
    return {
        "text": text,
        "pages": count,
        "remarks": remarks,
        "offered": {"author": author} if author else {},
    }


def _lines(page: Any) -> list[Line]:
    """The lines of a page in reading order, each with its place."""
    words = page.get_textpage()
    try:
        found = []
        for match in _LINE.finditer(words.get_text_range()):
            shown = match[1].strip()
            if shown:
                line = Line(f"{shown}-" if match[2] in _DIVIDED else shown)
                first = match.start() + len(match[1]) - len(match[1].lstrip())
                _place(words, line, first, first + len(shown) - 1)
                found.append(line)
        return found
    finally:
        words.close()
        page.close()


def _place(words: Any, line: Line, first: int, last: int) -> None:
    """Set where a line stands, from the boxes of its first and last letter."""
    try:
        begin, end = (words.get_charbox(index, loose=True) for index in (first, last))
    except Exception:  # Letters that pdfium counts otherwise than its text does.
        return
    if end[2] > begin[0] and abs(begin[1] - end[1]) < 40:
        line.left, line.right = begin[0], end[2]
        line.bottom, line.top = min(begin[1], end[1]), max(begin[3], end[3])


def _drop_running_heads(pages: list[list[Line]]) -> int:
    """Take off first and last lines that return on most pages, whatever their numbers."""
    if len(pages) < 3:
        return 0
    dropped = 0
    for edge in (0, -1):
        seen = Counter(_shape(lines[edge]) for lines in pages if len(lines) > 1)
        often = {shape for shape, count in seen.items() if count >= max(3, len(pages) * 0.6)}
        for lines in pages:
            if len(lines) > 1 and _shape(lines[edge]) in often:
                del lines[edge]
                dropped += 1
    return dropped


def _shape(line: Line) -> str:
    return _DIGITS.sub("#", line.text)


def paragraphs(pages: list[list[Line]]) -> tuple[str, int]:
    """The text of `pages`, paragraphs apart by a blank line, and how many words were put together
    that a line end had divided."""
    known = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", " ".join(_all_text(pages)).lower()))
    found: list[list[str]] = []
    joined = 0
    last: Line | None = None
    for lines in pages:
        leading = _leading(lines)
        edge = max((line.right for line in lines), default=0)
        for number, line in enumerate(lines):
            if last is None or _begins(last, line, leading, edge, across=number == 0):
                found.append([line.text])
            else:
                joined += _append(found[-1], line.text, known)
            last = line
    whole = "\n\n".join("".join(parts) for parts in found)
    return _CONTROL.sub("", whole), joined


def _all_text(pages: list[list[Line]]) -> list[str]:
    return [line.text for lines in pages for line in lines]


def _leading(lines: list[Line]) -> float:
    """The usual distance of lines of a page, 0 when there is none."""
    steps = [
        one.bottom - two.bottom
        for one, two in pairwise(lines)
        if one.height and 0 < one.bottom - two.bottom < 4 * one.height
    ]
    # Within paragraphs lines are as near as they get; the lower half tells.
    return median(sorted(steps)[: len(steps) // 2 + 1]) if steps else 0


def _begins(last: Line, line: Line, leading: float, edge: float, *, across: bool) -> bool:
    """Whether `line` begins a paragraph after `last`; `across` where a page lies between."""
    if _ITEM.match(line.text):
        return True
    if not (last.height and line.height):
        return bool(_ENDED.search(last.text)) and line.text[:1].isupper()
    size = line.height / last.height
    if not 0.87 < size < 1.15:
        return True
    step = last.bottom - line.bottom
    if across or step < -line.height:
        # The next page or column: a sentence that is not over goes on there.
        return bool(_ENDED.search(last.text)) or line.text[:1].isupper()
    if leading and step > leading * 1.3:
        return True
    if line.left > last.left + line.height * 0.8 and step > line.height * 0.5:
        return True
    width = edge - min(last.left, line.left)
    is_short = last.right < edge - width * 0.25
    return is_short and (bool(_ENDED.search(last.text)) or last.right < edge - width * 0.5)


def _append(parts: list[str], text: str, known: Counter[str]) -> bool:
    """Add a line to a paragraph; whether a divided word was put together."""
    before = parts[-1]
    is_divided = before[-1:] in _HYPHENS and before[-2:-1].isalnum()
    parts.append(text if is_divided else f" {text}")
    head = re.search(r"[^\W\d_]+$", before[:-1])
    tail = re.match(r"[^\W\d_]+", text)
    if not is_divided or head is None or tail is None or not text[0].islower():
        return False
    whole, divided = head[0] + tail[0], f"{head[0]}-{tail[0]}"
    if before[-1] != "\u00ad" and known[divided.lower()] and not known[whole.lower()]:
        return False  # "long-term" has its own hyphen; the rest of the document tells.
    parts[-2] = before[:-1]
    return True
