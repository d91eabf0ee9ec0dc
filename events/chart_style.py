"""The look of the chart for a file of its own: chart.css in the light theme, for any SVG program.

Programs that draw SVG know selectors and presentation properties, but neither custom properties
nor `light-dark()`, layers, `:is()` and what a pointer or a screen would change. The rules are taken
from where the pages have them, so a file looks as the page does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

from django.conf import settings

_STYLES = settings.BASE_DIR / "static" / "css"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+){([^{}]*)}")
_VALUE = re.compile(r"var\((--[\w-]+)\)")
_THEMES = re.compile(r"light-dark\(([^,()]+),[^()]+\)")
_ANY_OF = re.compile(r":is\(([^()]*)\)")
_CLASS = re.compile(r"\.([\w-]+)")
_DRAWN = re.compile(
    r"fill|stroke|color|stop-color|opacity|paint-order|text-anchor|text-decoration|visibility"
    r"|shape-rendering|(?:fill|stroke|stop)-[a-z]+|font-(?:size|weight|style|variant-numeric)"
)
"""Properties that say how an SVG is drawn; the others are about pages."""

Rules = tuple[tuple[str, str], ...]


def style(classes: set[str]) -> str:
    """The rules for a drawing with these classes, as text of a style element; values are plain."""
    return "\n".join(
        f"{selector}{{{declared}}}"
        for selector, declared in _rules()
        if set(_CLASS.findall(selector)) <= classes
    )


@lru_cache(maxsize=1)
def tokens() -> dict[str, str]:
    """The custom properties of tokens.css by name, with the values of the light theme."""
    found = _declarations(_top_level(_read("tokens.css"))[0][1])
    return {name: _THEMES.sub(r"\1", value) for name, value in found.items()}


@lru_cache(maxsize=1)
def _rules() -> Rules:
    """Selectors of chart.css, each without alternatives, with what they declare of the drawing."""
    plain = [
        (selector, _declarations(body))
        for selectors, body in _top_level(_read("chart.css"))
        for selector in _alternatives(selectors)
    ]
    scopes: dict[str, dict[str, str]] = {}
    for selector, declared in plain:
        own = {name: value for name, value in declared.items() if name.startswith("--")}
        if own:
            scopes.setdefault(selector, {}).update(own)
    found: list[tuple[str, str]] = []
    for selector, declared in plain:
        drawn = {name: value for name, value in declared.items() if _DRAWN.fullmatch(name)}
        found += _resolved(selector, drawn, scopes)
    return tuple(found)


def _resolved(selector: str, declared: dict[str, str], scopes: dict[str, dict[str, str]]) -> Rules:
    """The rule with values in place of custom properties: one for each scope that sets them."""
    names = {name for value in declared.values() for name in _VALUE.findall(value)}
    setting = [scope for scope, own in scopes.items() if names - set(tokens()) & set(own)]
    alone = {n: v for n, v in declared.items() if set(_VALUE.findall(v)) <= set(tokens())}
    found = [(selector, _written(alone, tokens()))] if alone else []
    rest = {name: value for name, value in declared.items() if name not in alone}
    for scope in setting if rest else ():
        inside = selector if selector.startswith(f"{scope} ") else f"{scope} {selector}"
        found.append((inside, _written(rest, tokens() | scopes[scope])))
    return tuple(found)


def _written(declared: dict[str, str], values: dict[str, str]) -> str:
    def plain(value: str) -> str:
        while _VALUE.search(value):
            value = _VALUE.sub(lambda found: values.get(found[1], "none"), value)
        # What is there only to be pressed needs no ground in a file.
        return "none" if value == "transparent" else value

    return ";".join(f"{name}:{plain(value)}" for name, value in declared.items())


def _read(name: str) -> str:
    return _COMMENT.sub("", (_STYLES / name).read_text(encoding="utf-8"))


def _top_level(sheet: str) -> list[tuple[str, str]]:
    """The rules directly inside the layer of a style sheet: what is in no @media."""
    inner = sheet[sheet.index("{") + 1 : sheet.rindex("}")]
    return [(found[1].strip(), found[2]) for found in _RULE.finditer(_without_blocks(inner))]


def _without_blocks(text: str) -> str:
    """The style sheet without at-rules and what they hold."""
    kept, depth = [], 0
    for piece in re.split(r"(@[^{};]*{|[{}])", text):
        if depth == 0 and piece.startswith("@"):
            depth = 1
        elif depth:
            depth += piece.count("{") - piece.count("}")
        else:
            kept.append(piece)
    return "".join(kept)


def _declarations(body: str) -> dict[str, str]:
    pairs = (one.partition(":") for one in body.split(";") if ":" in one)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _alternatives(selectors: str) -> list[str]:
    """Each selector of a list, `:is()` written out; none that asks for a pointer or the focus."""
    found = []
    for selector in re.split(r",(?![^()]*\))", selectors):
        parts = _ANY_OF.split(" ".join(selector.split()))
        choices = [
            [one.strip() for one in part.split(",")] if number % 2 else [part]
            for number, part in enumerate(parts)
        ]
        found += ["".join(chosen) for chosen in product(*choices)]
    return [selector for selector in found if ":" not in selector]
