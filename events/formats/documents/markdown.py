"""Markdown is kept as it is written: its source is the text. Pure."""

from __future__ import annotations

import re

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$|^(\S.*)\n(?:=+|-{3,})[ \t]*$", re.MULTILINE)


def title(text: str) -> str:
    """The words of the first heading within the first screens, "" without one."""
    found = _HEADING.search(text[:4000])
    return (found[1] or found[2] or "").strip() if found else ""
