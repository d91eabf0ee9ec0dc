"""JSON from strangers: what the standard leaves open is refused, with the place named.

Refused: another encoding than UTF-8, NaN and Infinity, numbers no field could hold, keys given
twice, NUL characters, lone surrogates, nesting over 100 levels (RFC 8259, sections 4 to 9).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from .problems import Problem, Refused, shown

MAX_BYTES = 50_000_000
MAX_DEPTH = 100
_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BRACKET = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]', re.DOTALL)


class _Bad:
    """Stands where something was read that is to be refused."""

    def __init__(self, message: str) -> None:
        self.message = message


class _Doubled(dict[str, Any]):
    """An object in which a key came twice."""

    key = ""


def read(content: bytes, name: str) -> Any:
    """The value in `content`; `name` is what messages call the file. Raises Refused."""
    text = decode(content, name)
    bad: list[Any] = []
    try:
        value = _decoder(bad).decode(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise Refused(Problem(name, _syntax(error, text))) from None
    except RecursionError:
        raise Refused(Problem(name, _too_deep(text))) from None
    if _is_deep(value):
        raise Refused(Problem(name, _too_deep(text)))
    if bad or _SUSPECT.search(text):
        problems = [Problem(f"{name}, {place}", message) for place, message in _walk(value)]
        if problems:
            raise Refused(problems)
    return value


def decode(content: bytes, name: str) -> str:
    """The text of a UTF-8 file without NUL; raises Refused, naming line and column."""
    if len(content) > MAX_BYTES:
        raise Refused(Problem(name, too_large(len(content))))
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Refused(Problem(name, "is UTF-16. Save it as UTF-8."))
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        raise Refused(
            Problem(
                f"{name}, {position(before, len(before))}",
                f"byte 0x{content[error.start]:02x} is not UTF-8. Save the file as UTF-8.",
            )
        ) from None
    if (at := text.find("\0")) >= 0:
        place = f"{name}, {position(text, at)}"
        raise Refused(Problem(place, "a NUL character. Take it out: no text holds one."))
    return text


def too_large(size: int) -> str:
    """The message for a file of `size` bytes."""
    return f"is {size / 1_000_000:,.0f} MB. At most 50 MB are read: split it."


def _decoder(bad: list[Any]) -> json.JSONDecoder:
    """A decoder that leaves a mark in the value, and in `bad`, where something is amiss."""

    def refuse(message: str) -> _Bad:
        mark = _Bad(message)
        bad.append(mark)
        return mark

    def whole(digits: str) -> Any:
        long = f"{shown(digits)} is too large a number."
        return int(digits) if len(digits) <= 20 else refuse(long)

    def fraction(digits: str) -> Any:
        long = f"{shown(digits)} has too many digits."
        return Decimal(digits) if len(digits) <= 40 else refuse(long)

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) == len(items):
            return found
        doubled = _Doubled(found)
        doubled.key = Counter(key for key, _ in items).most_common(1)[0][0]
        bad.append(doubled)
        return doubled

    return json.JSONDecoder(
        parse_constant=lambda word: refuse(f"{word} is no JSON number. Leave the key out."),
        parse_int=whole,
        parse_float=fraction,
        object_pairs_hook=pairs,
    )


def _walk(value: Any) -> Iterator[tuple[str, str]]:
    """Place and message of everything to be refused in a value that is not too deep."""
    stack = [("", value)]
    while stack:
        path, item = stack.pop()
        if isinstance(item, _Bad):
            yield path, item.message
        elif isinstance(item, str):
            if message := _wrong_text(item):
                yield path, message
        elif isinstance(item, dict):
            if isinstance(item, _Doubled):
                yield path or "the file", f"the key {shown(item.key)} is given twice. Keep one."
            for key in item:
                if message := _wrong_text(key):
                    yield path or "the file", f"in the key {shown(key)}: {message}"
            stack.extend((f"{path}.{key}" if path else key, item[key]) for key in reversed(item))
        elif isinstance(item, list):
            stack.extend((f"{path}[{n}]", item[n]) for n in reversed(range(len(item))))


def _wrong_text(text: str) -> str:
    if "\0" in text:
        return "a NUL character (\\u0000). Take it out: no text holds one."
    if found := _SURROGATE.search(text):
        return (
            f"half a character (\\u{ord(found[0]):04x} without its other half)."
            " Write the whole character."
        )
    return ""


def _is_deep(value: Any) -> bool:
    """Whether containers stand in each other more than MAX_DEPTH deep; level by level."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(MAX_DEPTH):
        inner = (each.values() if isinstance(each, dict) else each for each in level)
        level = [item for items in inner for item in items if isinstance(item, dict | list)]
    return bool(level)


def _too_deep(text: str) -> str:
    depth = 0
    for token in _BRACKET.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                where = position(text, token.start())
                return f"{where}: nested over {MAX_DEPTH} levels. A dossier needs 5."
        elif token[0] in "]}":
            depth -= 1
    return f"nested over {MAX_DEPTH} levels. A dossier needs 5."


def _syntax(error: json.JSONDecodeError, text: str) -> str:
    if not text.strip():
        return "is empty. A dossier file is a JSON object."
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return f"{position(text, error.pos)}: the file ends in the middle. Fetch it again."
    reason = error.msg[0].lower() + error.msg[1:]
    return f"{position(text, error.pos)}: not JSON, {reason}, at {shown(text[error.pos :][:20])}."


def position(text: str, at: int) -> str:
    """Line and column, both from 1, of the character at `at`."""
    line = text.count("\n", 0, at) + 1
    return f"line {line}, column {at - text.rfind(chr(10), 0, at)}"
