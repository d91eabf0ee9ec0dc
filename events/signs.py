"""Characters of a text that a reader should know of because they are not seen. Pure."""

from __future__ import annotations

import re
from collections import Counter

DIRECTIONS = {
    "\u061c": "Arabic letter mark",
    "\u200e": "left-to-right mark",
    "\u200f": "right-to-left mark",
    "\u202a": "left-to-right embedding",
    "\u202b": "right-to-left embedding",
    "\u202c": "end of embedding",
    "\u202d": "left-to-right override",
    "\u202e": "right-to-left override",
    "\u2066": "left-to-right isolate",
    "\u2067": "right-to-left isolate",
    "\u2068": "first-strong isolate",
    "\u2069": "end of isolate",
}
"""The characters that turn the direction of a text (Unicode UAX 9), and their names."""

USUAL = "\u061c\u200e\u200f"
"""Those that are common in Arabic and Hebrew and turn nothing but the signs beside them."""

_UNSEEN = re.compile("[\u200b\u2060-\u2064\ufeff\U000e0000-\U000e007f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_DIRECTION = re.compile(f"[{''.join(DIRECTIONS)}]")
SHOWN = re.compile(f"{_DIRECTION.pattern}|{_UNSEEN.pattern}|{_CONTROL.pattern}")
"""Each sign that is shown by its name where a text is looked at."""


def remarks(text: str) -> list[str]:
    """What `text` holds that is not seen, or was lost before it came; a sentence each."""
    found = []
    if directions := Counter(_DIRECTION.findall(text)):
        each = ", ".join(f"{count} × {DIRECTIONS[sign]}" for sign, count in directions.items())
        found.append(
            f"Contains {_counted(directions.total(), 'direction control')} that can make text "
            f"look different from what it says ({each}). They are kept, and marked below."
        )
    if count := len(_UNSEEN.findall(text)):
        found.append(f"Contains {_counted(count, 'invisible character')}, kept and marked below.")
    if count := len(_CONTROL.findall(text)):
        found.append(f"Contains {_counted(count, 'control character')}, kept and marked below.")
    if count := text.count("\ufffd"):
        found.append(
            f"Contains {_counted(count, 'replacement character')} (\ufffd): letters were lost "
            "before the text came here."
        )
    return found


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def pieces(line: str) -> list[tuple[str, str]]:
    """`line` cut for showing: words and what unseen sign follows them, by its short name."""
    found, at = [], 0
    for match in SHOWN.finditer(line):
        found.append((line[at : match.start()], named(match[0])))
        at = match.end()
    return [*found, (line[at:], "")]


def named(sign: str) -> str:
    """A sign that is not seen in words: "right-to-left override", "U+200B"."""
    return DIRECTIONS.get(sign, f"U+{ord(sign):04X}")
