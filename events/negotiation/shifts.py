"""What changed between two instants: where each actor stood on each issue then and now. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from events.negotiation.stances import Movement, Standing, movement


@dataclass(frozen=True, slots=True)
class Shift[Key: Hashable]:
    """A stance that is new or another at the second instant; `before` is None where there was
    none. `movement` is None for a first stance."""

    key: Key
    before: Standing | None
    after: Standing
    movement: Movement | None


def shifts[Key: Hashable](
    before: Mapping[Key, Standing | None], after: Mapping[Key, Standing | None]
) -> list[Shift[Key]]:
    """The cells whose stance is new or has moved, in the order of `after`.

    What was said again with the same stance is no shift, unless its record says that it hardens or
    softens. Nor is what has no known start: nobody can say that it came between the two.
    """
    found = []
    for key, now in after.items():
        if now is None or now.latest.day is None:
            continue
        then = before.get(key)
        if then is None:
            found.append(Shift(key, None, now, None))
        elif then.latest.key != now.latest.key:
            way = movement(then.latest.stance, now.latest.stance, now.latest.shift)
            if way is not None:
                found.append(Shift(key, then, now, way))
    return found
