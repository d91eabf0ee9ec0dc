"""A small strip of what happened when: a mark for each, stacked where they come close. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

WIDTH = 640
"""Units of the drawing; it is scaled to where it stands."""

SIZE = 14
"""Of a mark, and the least distance between the middles of two in one row."""

ROWS = 5
"""Most marks above each other; further ones lie on the uppermost."""

EDGE = 10


@dataclass(frozen=True, slots=True)
class Mark:
    """Where one stands: the middle of it, from the left and from the top. `place` is its number
    among those given."""

    place: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Strip:
    """Marks from the earliest to the latest, the height they need, and where `now` is, None where
    that is outside."""

    marks: list[Mark]
    height: int
    now: float | None = None

    @property
    def axis(self) -> int:
        """The y of the line they stand on."""
        return self.height - 2


def strip(instants: Iterable[int], now: int) -> Strip | None:
    """The strip of these instants, in seconds since 1970, with room up to `now` where that is not
    further off than they are apart; None for fewer than two different ones."""
    given = list(instants)
    if len(set(given)) < 2:
        return None
    first, last = min(given), max(given)
    shows_now = last <= now <= last + (last - first)
    if shows_now:
        last = now
    scale = (WIDTH - 2 * EDGE) / (last - first)
    levels: list[float] = []
    found: list[tuple[int, float, int]] = []
    for place in sorted(range(len(given)), key=lambda n: given[n]):
        x = round(EDGE + (given[place] - first) * scale, 1)
        row = next((r for r, end in enumerate(levels) if x - end >= SIZE), len(levels))
        row = min(row, ROWS - 1)
        if row == len(levels):
            levels.append(x)
        else:
            levels[row] = x
        found.append((place, x, row))
    height = len(levels) * SIZE + 6
    marks = [Mark(place, x, height - 4 - SIZE * row - SIZE / 2) for place, x, row in found]
    at = round(EDGE + (now - first) * scale, 1) if shows_now else None
    return Strip(marks, height, at)
