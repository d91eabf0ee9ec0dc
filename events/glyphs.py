"""The symbols of static/glyphs.svg, for drawings that bring their own along.

A symbol of another file is resolved a frame after the drawing that uses it, and only in a page.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterable


def symbols(names: Iterable[str]) -> str:
    """The <symbol> elements of these names, in the sprite's order; unknown names have none."""
    wanted = set(names)
    return "".join(symbol for name, symbol in _sprite().items() if name in wanted)


@cache
def _sprite() -> dict[str, str]:
    text = (settings.BASE_DIR / "static" / "glyphs.svg").read_text("utf-8")
    found = re.findall(r'(<symbol id="([^"]+)".*?</symbol>)', text, re.DOTALL)
    # As HTML has it: there a tag that ends itself is none of its elements.
    return {name: re.sub(r"<(\w+)([^<>]*)/>", r"<\1\2></\1>", whole) for whole, name in found}
