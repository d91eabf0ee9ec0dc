"""Markdown is kept as it is written: its source is the text. Pure."""

from __future__ import annotations

import re

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$|^(\S.*)\n(?:=+|-{3,})[ \t]*$", re.MULTILINE)


def title(text: str) -> str:
    """The words of the first heading within the first screens, "" without one."""
    found = _HEADING.search(text[:4000])
    return _unmarked(found[1] or found[2] or "") if found else ""


def heading(line: str) -> str:
    """The words of a line that is a heading, "" for any other line: also in what is pasted."""
    found = _HEADING.match(line)
    return _unmarked(found[1] or "") if found else ""


def _unmarked(words: str) -> str:
    """`words` without what makes them bold or code."""
    return re.sub(r"\*{1,3}|`|(?<!\w)_+|_+(?!\w)", "", words).strip()
