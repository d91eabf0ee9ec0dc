"""What changed between two texts, word by word. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

LONGEST = 20_000
"""Characters up to which two texts are compared; longer ones are shown one after the other."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is in both, only in the new one, or only in the old one."""

    kind: Literal["same", "added", "removed"]
    text: str


def words_between(old: str, new: str) -> list[Piece]:
    """The pieces that lead from `old` to `new`, in reading order, removed before added.

    Words, spaces and marks are units of their own; a change of only a space between two changed
    words joins them, so that a rewritten sentence reads as one replacement.
    """
    if len(old) + len(new) > LONGEST:
        return _one_after_the_other(old, new)
    before, after = _units(old), _units(new)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in _joined(
        SequenceMatcher(None, before, after, autojunk=False), before
    ):
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[i1:i2])))
            continue
        if i1 < i2:
            pieces.append(Piece("removed", "".join(before[i1:i2])))
        if j1 < j2:
            pieces.append(Piece("added", "".join(after[j1:j2])))
    return pieces


class Budget:
    """Compares texts word by word until LONGEST characters were compared for one page."""

    def __init__(self) -> None:
        self.left = LONGEST

    def words_between(self, old: str, new: str) -> list[Piece]:
        """As words_between; what is over the budget is shown one after the other."""
        self.left -= len(old) + len(new)
        return words_between(old, new) if self.left >= 0 else _one_after_the_other(old, new)


def _one_after_the_other(old: str, new: str) -> list[Piece]:
    return [piece for piece in (Piece("removed", old), Piece("added", new)) if piece.text]


def _units(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def _joined(
    matcher: SequenceMatcher[str], before: list[str]
) -> list[tuple[str, int, int, int, int]]:
    """The steps, with blanks between two changes taken into the change."""
    found: list[tuple[str, int, int, int, int]] = []
    steps = matcher.get_opcodes()
    for index, (tag, i1, i2, j1, j2) in enumerate(steps):
        blank = tag == "equal" and not "".join(before[i1:i2]).strip()
        inside = blank and 0 < index < len(steps) - 1
        if found and found[-1][0] != "equal" and (tag != "equal" or inside):
            _, a1, _, b1, _ = found[-1]
            found[-1] = ("replace", a1, i2, b1, j2)
        else:
            found.append((tag, i1, i2, j1, j2))
    return found


CONTEXT = 80
"""Characters kept on either side of a change when a long text is folded."""


def folded(pieces: list[Piece]) -> list[Piece]:
    """The pieces with what stayed cut down to the words around the changes, "…" for the rest.

    Text that came or went keeps its first and last `6 * CONTEXT` characters.
    """
    shown: list[Piece] = []
    for index, piece in enumerate(pieces):
        text = piece.text
        if piece.kind != "same":
            text = _cut(text, 6 * CONTEXT, 6 * CONTEXT)
        else:
            is_first, is_last = index == 0, index == len(pieces) - 1
            if is_first and is_last:
                text = _cut(text, 6 * CONTEXT, 0)
            else:
                text = _cut(text, 0 if is_first else CONTEXT, 0 if is_last else CONTEXT)
        shown.append(Piece(piece.kind, text))
    return shown


def _cut(text: str, first: int, last: int) -> str:
    """The first and last so many characters, when at least a good part is saved by it."""
    if len(text) <= first + last + CONTEXT:
        return text
    parts = (text[:first], "…", text[len(text) - last :] if last else "")
    return " ".join(part for part in parts if part)
