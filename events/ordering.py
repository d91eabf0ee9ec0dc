"""Order on one day: events whose hour nobody stated, put where the known order wants them. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

type Pair = tuple[int, int]
"""Later, earlier: the first came after the second."""


def in_known_order(keys: Sequence[int], after: Iterable[Pair]) -> list[int]:
    """Return `keys` so that each comes after those it is known to follow, else as they were given.

    Pairs that name other keys are passed over. Where pairs contradict each other in a circle, the
    key given first goes first.
    """
    place = {key: index for index, key in enumerate(keys)}
    waits: dict[int, set[int]] = {key: set() for key in keys}
    followers: dict[int, set[int]] = {key: set() for key in keys}
    for later, earlier in after:
        if later in place and earlier in place and later != earlier:
            waits[later].add(earlier)
            followers[earlier].add(later)
    free = [place[key] for key in keys if not waits[key]]
    left = dict.fromkeys(keys)
    ordered: list[int] = []
    while left:
        if not free:
            free.append(place[next(iter(left))])  # a circle: the first of it goes first
        key = keys[heapq.heappop(free)]
        if key not in left:
            continue
        del left[key]
        ordered.append(key)
        for follower in followers[key]:
            waits[follower].discard(key)
            if not waits[follower] and follower in left:
                heapq.heappush(free, place[follower])
    return ordered


def related(keys: Sequence[int], after: Iterable[Pair]) -> set[int]:
    """Those of `keys` that stand in a known order to another of them."""
    known = set(keys)
    return {
        key
        for later, earlier in after
        if later in known and earlier in known and later != earlier
        for key in (later, earlier)
    }


def reached(start: int, steps: Mapping[int, Iterable[int]]) -> set[int]:
    """All keys one comes to from `start` by `steps`, without `start` itself."""
    found: set[int] = set()
    ahead = [start]
    while ahead:
        for key in steps.get(ahead.pop(), ()):
            if key not in found and key != start:
                found.add(key)
                ahead.append(key)
    return found
