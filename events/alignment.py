"""Which paragraphs of a text and of its translation belong together. Pure.

As many on either side go together by number. Else by length, as Gale and Church (1993) align
sentences: what is long in one language is long in the other, so the cheapest way through both is
sought, where a paragraph may have been split, two joined, or one left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

_STEPS = ((1, 1, 0.0), (1, 2, 2.3), (2, 1, 2.3), (1, 0, 4.5), (0, 1, 4.5))
"""Paragraphs taken on either side, and what that costs beyond the difference in length."""

_SPREAD = 6.8
"""Variance of the length of a translation, per character (Gale and Church)."""

BAND = 40
"""How far, in paragraphs, the way may leave the straight one."""

LONGEST = 4000
"""Paragraphs of either text up to which they are aligned by length."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Paragraphs that belong together, by their places from 0; either side may be empty."""

    one: range
    other: range


def aligned(one: list[int], other: list[int]) -> list[Pair]:
    """Pair the paragraphs of two texts, given by their lengths in characters, in order."""
    if len(one) == len(other):
        return [Pair(range(n, n + 1), range(n, n + 1)) for n in range(len(one))]
    if max(len(one), len(other)) > LONGEST:
        return _by_number(len(one), len(other))
    return _by_length(one, other)


def _by_number(one: int, other: int) -> list[Pair]:
    """Each with the one of its number; what one text has more stands alone."""
    return [
        Pair(
            range(n, min(n + 1, one)) if n < one else range(0),
            range(n, n + 1) if n < other else range(0),
        )
        for n in range(max(one, other))
    ]


def _by_length(one: list[int], other: list[int]) -> list[Pair]:
    """The cheapest way through both, near the straight one."""
    # No language is that much longer than another: what goes beyond is a part left out.
    rate = min(max(max(sum(other), 1) / max(sum(one), 1), 0.75), 1.35)
    slope = len(other) / max(len(one), 1)
    reach = BAND + abs(len(one) - len(other))
    best: list[dict[int, tuple[float, int, int]]] = [{} for _ in range(len(one) + 1)]
    best[0][0] = (0.0, 0, 0)
    for i in range(len(one) + 1):
        low, high = max(0, int(i * slope) - reach), min(len(other), int(i * slope) + reach)
        for j in range(low, high + 1):
            here = best[i].get(j)
            if here is None:
                continue
            for down, across, extra in _STEPS:
                if i + down > len(one) or j + across > len(other):
                    continue
                mine, theirs = sum(one[i : i + down]) * rate, sum(other[j : j + across])
                cost = here[0] + extra + _apart(mine, theirs, bool(down and across))
                known = best[i + down].get(j + across)
                if known is None or cost < known[0]:
                    best[i + down][j + across] = (cost, down, across)
    found: list[Pair] = []
    i, j = len(one), len(other)
    while i or j:
        _, down, across = best[i][j]
        found.append(Pair(range(i - down, i), range(j - across, j)))
        i, j = i - down, j - across
    return found[::-1]


def _apart(mine: float, theirs: float, is_pair: bool) -> float:
    """How unlikely it is that two stretches of these lengths say the same."""
    if not is_pair:
        return 0.0
    return abs(mine - theirs) / sqrt(_SPREAD * max(mine, theirs, 1))
