"""Reading an answer's HTML in tests: elements by tag, class and attribute, and their text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr")
)


@dataclass(slots=True)
class Element:
    """One element; `parts` are strings and elements in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list[Element | str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str, default: str = "") -> str:
        """The value of an attribute, `default` when it is not there."""
        return self.attributes.get(name, default)

    @property
    def text(self) -> str:
        """All text within, white space folded."""
        whole = "".join(part if isinstance(part, str) else part._raw() for part in self.parts)
        return " ".join(whole.split())

    def _raw(self) -> str:
        return "".join(part if isinstance(part, str) else part._raw() for part in self.parts)

    def all(self, tag: str = "", *classes: str, **attributes: str) -> list[Element]:
        """Elements within, by tag ("" for any), classes, and attributes (data_key="n")."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        found = []
        for part in self.parts:
            if isinstance(part, str):
                continue
            if (
                tag in ("", part.tag)
                and set(classes) <= set(part.get("class").split())
                and all(part.attributes.get(name) == value for name, value in wanted.items())
            ):
                found.append(part)
            found += part.all(tag, *classes, **attributes)
        return found

    def one(self, tag: str = "", *classes: str, **attributes: str) -> Element:
        """The only such element; an error when there is none or another."""
        (found,) = self.all(tag, *classes, **attributes)
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].parts.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def parse(source: str | bytes) -> Element:
    """The tree of an answer; the root has neither tag nor attributes."""
    reader = _Reader()
    reader.feed(source.decode() if isinstance(source, bytes) else source)
    return reader.root
