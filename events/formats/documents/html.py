"""HTML as a reader sees it: the words of its main part, block by block. Pure."""

from __future__ import annotations

import codecs
import re
from typing import Any
from urllib.parse import urlsplit

from events.formats.problems import Problem, Refused

from . import txt
from .document import MAX_CHARACTERS

_CHARSET = re.compile(rb"""<meta\b[^>]{0,300}?charset\s*=\s*["']?\s*([\w:.-]{2,40})""", re.I)
_UNSEEN = {
    *("head", "script", "style", "noscript", "template", "iframe", "object", "embed", "svg"),
    *("math", "canvas", "audio", "video", "map", "select", "textarea", "button", "input", "dialog"),
    *("nav", "aside", "menu"),
}
"""Elements that hold no text of the document."""
_ROLES = {"navigation", "search", "menu", "menubar", "dialog", "alertdialog", "complementary"}
_BLOCKS = {
    *("address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt"),
    *("fieldset", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header"),
    *("hgroup", "hr", "main", "ol", "p", "pre", "section", "summary", "table", "ul", "caption"),
}
_LINES = {"li", "tr"}
_AROUND = {"header", "footer"}
"""What stands around the text when it belongs to the page, not to an article within it."""
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_RAISED = str.maketrans("0123456789,–-", "⁰¹²³⁴⁵⁶⁷⁸⁹,–-")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?")

Answer = dict[str, Any]


def decoded(content: bytes, name: str) -> tuple[str, str]:
    """The characters of the file, and how they were read. Raises Refused."""
    mark = any(content.startswith(start) for start, _, _ in txt.MARKS)
    declared = None if mark else _CHARSET.search(content[:4096])
    try:
        codec = codecs.lookup(declared[1].decode()).name if declared else ""
        # Browsers take Latin 1 for Windows-1252, and so does everybody who writes it.
        codec = {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(codec, codec)
        if codec and not codec.startswith(("utf-16", "utf-32")):
            text = content.decode(codec)
            return text, f"{txt.CODECS.get(codec, codec)}, as it declares"
    except (LookupError, UnicodeError):
        pass  # It is not what it says of itself.
    if b"\0" in content and not mark and content.count(0) * 20 < len(content):
        raise Refused(Problem(name, "holds NUL characters, which no text has. Save it anew."))
    text, _, said = txt._decoded(content, name)
    return text, said


def read(content: bytes) -> Answer:
    """The text of a page, as UTF-8, with what it says of itself; runs in the child."""
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(content.decode())
    offered = _meta(page)
    root, what = _main(page)
    text = _Writer().text(root)
    if not text and what:
        root, what = page.body, ""
        text = _Writer().text(root)
    if not text:
        raise Refused(Problem("", "shows no text: what it holds is made by scripts, or hidden."))
    remarks = ["Scripts, styles, navigation and what the page hides were left out."]
    if what:
        remarks = [f"Read from the page's {what}. What stands around it was left out."]
    if offered:
        remarks.append(
            "Title, date and the like come from what the page says of itself. Check them."
        )
    return {"text": text, "offered": offered, "remarks": remarks}


def _main(page: Any) -> tuple[Any, str]:
    """The element that holds the document, and what it is called when it is not the whole."""
    for selector, what in (("article", "article"), ("main, [role=main]", "main part")):
        found = page.css(selector)
        if len(found) == 1:
            return found[0], what
    return page.body or page.root, ""


def _meta(page: Any) -> dict[str, str]:
    """What a page says of itself, by the names of a source's fields."""
    said: dict[str, str] = {}
    for meta in page.css("meta[content]")[:200]:
        attributes = meta.attributes
        key = str(attributes.get("property") or attributes.get("name") or "").lower()
        said.setdefault(key, str(attributes.get("content") or "").strip())
    first = {
        "title": _words(page, "h1") or said.get("og:title") or _words(page, "title"),
        "publisher": said.get("og:site_name") or said.get("dc.publisher"),
        "author": said.get("author") or said.get("article:author") or said.get("dc.creator"),
        "url": _address(page, said),
        "published": _published(page, said),
    }
    language = page.css_first("html")
    tag = str((language.attributes.get("lang") if language is not None else "") or "")
    first["language"] = tag if _TAG.fullmatch(tag) else ""
    if "://" in (first["author"] or ""):
        first["author"] = ""
    return {name: value[:2000] for name, value in first.items() if value}


def _words(page: Any, selector: str) -> str:
    found = page.css_first(selector)
    return " ".join(found.text(deep=True)[:1000].split()) if found is not None else ""


def _published(page: Any, said: dict[str, str]) -> str:
    """The date a page gives for itself, to the minute, as ISO 8601."""
    names = ("article:published_time", "og:published_time", "date", "dc.date", "dcterms.created")
    stated = [said[name] for name in names if said.get(name)]
    time = page.css_first("article time[datetime], time[pubdate], main time[datetime]")
    stated += [str(time.attributes.get("datetime") or "")] if time is not None else []
    found = next((day[0] for each in stated if (day := _DAY.match(each))), "")
    found = re.sub(r"(T\d\d:\d\d):\d\d(?:\.\d+)?", r"\1", found)
    return re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", found)


def _address(page: Any, said: dict[str, str]) -> str:
    link = page.css_first("link[rel=canonical]")
    stated = str(link.attributes.get("href") or "") if link is not None else ""
    address = stated or said.get("og:url", "")
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


class _Writer:
    """Walks a tree without recursion, which deep nesting would exhaust, and writes its text."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.length = 0
        self.line: list[str] = []
        self.lead = ""
        self.breaks = 0
        self.pre = 0
        self.counts: list[int] = []

    def text(self, root: Any) -> str:
        """The visible text within `root`: blocks apart by a blank line, lines by a break."""
        if root is None:
            return ""
        node, top = root, root.mem_id
        inside = 0 if root.tag in ("body", "html", "-undef") else 1
        self.enter(root)
        while True:
            down = node.child if self.goes_down(node, inside) else None
            if down is not None:
                node = down
                self.enter(node)
                inside += node.tag in ("article", "main", "blockquote")
                continue
            while True:
                self.leave(node)
                if node.mem_id == top:
                    self.flush()
                    return "".join(self.out).strip()
                inside -= node.tag in ("article", "main", "blockquote")
                if node.next is not None:
                    break
                node = node.parent
            node = node.next
            self.enter(node)
            inside += node.tag in ("article", "main", "blockquote")

    def goes_down(self, node: Any, inside: int) -> bool:
        """Whether what is within `node` is shown to a reader."""
        if node.tag in _UNSEEN or (node.tag in _AROUND and not inside):
            return False
        if not node.is_element_node:
            return node.child is not None and node.is_document_node
        attributes = node.attributes
        if not attributes:
            return True
        style = attributes.get("style") or ""
        return not (
            "hidden" in attributes
            or attributes.get("aria-hidden") == "true"
            or attributes.get("role") in _ROLES
            or _HIDDEN.search(style)
        )

    def enter(self, node: Any) -> None:
        """Write what a node brings before its children."""
        tag = node.tag
        if node.is_text_node:
            self.words(node)
        elif tag in _BLOCKS:
            self.end(2)
            self.pre += tag == "pre"
            if tag in ("ol", "ul"):
                self.counts.append(0 if tag == "ol" else -1)
        elif tag == "br":
            self.flush()
            self.breaks = min(2, self.breaks + 1)
        elif tag in _LINES:
            self.end(1)
            if tag == "li" and self.counts:
                self.counts[-1] += self.counts[-1] >= 0
                self.lead = f"{self.counts[-1]}. " if self.counts[-1] > 0 else "• "
        elif tag in ("td", "th") and "".join(self.line).strip():
            self.line.append("\t")

    def leave(self, node: Any) -> None:
        """Write what a node brings after its children."""
        if node.tag in _BLOCKS:
            self.end(2)
            self.pre -= node.tag == "pre"
            if node.tag in ("ol", "ul") and self.counts:
                self.counts.pop()
        elif node.tag in ("li", "tr"):
            self.end(1)
            self.lead = ""

    def words(self, node: Any) -> None:
        """Write a text node; raised digits are marks of notes and stay apart from words."""
        text = str(node.text_content or "")
        parent = node.parent
        if parent is not None and parent.tag == "sup" and re.fullmatch(r"[\d,–-]{1,9}", text):
            text = text.translate(_RAISED)
        self.line.append(text if self.pre else _SPACES.sub(" ", text))
        self.length += len(text)
        if self.length > MAX_CHARACTERS * 2:
            raise Refused(Problem("", f"holds more than {MAX_CHARACTERS:,} characters. Split it."))

    def end(self, breaks: int) -> None:
        """End the line; `breaks` is how many line breaks stand before the next words."""
        self.flush()
        self.breaks = max(self.breaks, breaks)

    def flush(self) -> None:
        """Write the words of the line."""
        line = "".join(self.line)
        self.line.clear()
        if not self.pre:
            line = re.sub(r" *\t *", "\t", re.sub(" {2,}", " ", line)).strip(" \t")
        if line.strip() or (self.pre and line):
            self.out += ["\n" * self.breaks if self.out else "", self.lead, line]
            self.lead, self.breaks = "", 0
