"""How high the lanes are and where their rows run."""

from collections.abc import Sequence
from dataclasses import dataclass

ROW = 24
MOST_ROWS = 4
PADDING = 10
LOWEST = 40
FOLDED = 24  # the height of a folded lane


@dataclass(frozen=True, slots=True)
class Strip:
    """Top and height of a lane of ``rows`` rows, in pixels."""

    top: int
    height: int
    rows: int

    @property
    def bottom(self) -> int:
        """The line under the lane."""
        return self.top + self.height

    def middle(self, row: int) -> int:
        """The centre line of a row; the rows stand in the middle of a lane higher than they."""
        return self.top + (self.height - self.rows * ROW) // 2 + row * ROW + ROW // 2


def stack(rows: Sequence[int | None]) -> tuple[Strip, ...]:
    """The lanes one under the other, for the rows each needs (0 counts as 1, None is folded)."""
    strips: list[Strip] = []
    top = 0
    for needed in rows:
        count = min(max(needed or 1, 1), MOST_ROWS)
        height = FOLDED if needed is None else max(count * ROW + PADDING, LOWEST)
        strips.append(Strip(top, height, count))
        top = strips[-1].bottom
    return tuple(strips)
