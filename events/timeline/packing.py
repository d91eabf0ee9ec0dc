"""Rows, clusters and labels: who stands where so that nothing covers anything else.

Geometry only; it knows neither events nor time. All numbers are pixels. The marks of a lane are
packed into its rows first, with room for their labels where there is any. A mark is worth more than
a label, so a mark never gives way to one; labels are then written in order of importance wherever
they still fit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from events.timeline.lanes import MOST_ROWS

GAP = 6  # between anything and anything
DISC_GAP = 2  # between two discs: marks 22 px apart still stand side by side


class Side(StrEnum):
    """Where a label stands."""

    INSIDE = "inside"
    RIGHT = "right"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Place:
    """A place a label may take."""

    side: Side
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Unit:
    """Something to pack: the pixels it takes without label, and the places for its label.

    ``x`` is where its mark stands; ``disc`` says that it is a mark and nothing else. ``worth`` is
    how dear it is to merge it, in pixels of distance; things of one ``kind`` merge first.
    """

    x: int
    left: int
    right: int
    disc: bool
    places: tuple[Place, ...] = ()
    worth: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a unit was put: its row, and the place meant for its label (None: no room)."""

    row: int
    place: Place | None = None


def _apart(left: int, right: int, other_left: int, other_right: int, gap: int) -> bool:
    return right + gap <= other_left or other_right + gap <= left


def _clear(unit: Unit, others: Sequence[Unit]) -> bool:
    return all(
        _apart(
            unit.left,
            unit.right,
            other.left,
            other.right,
            DISC_GAP if unit.disc and other.disc else GAP,
        )
        for other in others
    )


# What a choice costs, in rows. A label to the right is the rule; it goes left when more than one
# later mark would want the same pixels, and is given up before a fifth row would be.
_LEFT = 1.5
_IN_THE_WAY = 1.2
_NO_LABEL = 12.0
_COVERS = 6.0


def pack(
    units: Sequence[Unit], rows: int = MOST_ROWS, taken: Sequence[Unit] = ()
) -> tuple[Spot | None, ...]:
    """Put units, in the order given, into rows; None for one that finds no free row.

    ``taken`` is space of the first row that is already in use. Between marks nothing overlaps in a
    row, by 6 px (two discs: 2 px). Labels planned here may still be covered by a later mark that
    found no other room.
    """
    marks: list[list[Unit]] = [list(taken) if row == 0 else [] for row in range(rows)]
    labels: list[list[Place]] = [[] for _ in range(rows)]
    spots: list[Spot | None] = []
    for index, unit in enumerate(units):
        best: tuple[float, Spot] | None = None
        for row in range(rows):
            if not _clear(unit, marks[row]):
                continue
            covered = sum(
                not _apart(unit.left, unit.right, label.left, label.right, GAP)
                for label in labels[row]
            )
            cost = row + _COVERS * covered
            for place, extra in _label_costs(unit, units[index + 1 :], marks[row], labels[row]):
                if best is None or cost + extra < best[0]:
                    best = cost + extra, Spot(row, place)
        spots.append(best[1] if best else None)
        if best:
            spot = best[1]
            marks[spot.row].append(unit)
            if spot.place:
                labels[spot.row].append(spot.place)
    return tuple(spots)


def _label_costs(
    unit: Unit, later: Sequence[Unit], marks: Sequence[Unit], labels: Sequence[Place]
) -> list[tuple[Place | None, float]]:
    costs: list[tuple[Place | None, float]] = []
    for place in unit.places:
        if place.side is not Side.INSIDE and not _fits(place, marks, labels):
            continue
        cost = _LEFT if place.side is Side.LEFT else 0.0
        if place.side is not Side.INSIDE:
            cost += _IN_THE_WAY * sum(
                not _apart(place.left, place.right, other.left, other.right, GAP)
                for other in later[:12]
            )
        costs.append((place, cost))
    return [*costs, (None, _NO_LABEL)]


def _fits(place: Place, marks: Sequence[Unit], labels: Sequence[Place]) -> bool:
    return all(
        _apart(place.left, place.right, other.left, other.right, GAP)
        for others in (marks, labels)
        for other in others
    )


def settle(
    groups: Sequence[tuple[int, ...]],
    unit_of: Callable[[tuple[int, ...]], Unit],
    rows: int = MOST_ROWS,
    taken: Sequence[Unit] = (),
) -> list[tuple[tuple[int, ...], Unit, Spot]]:
    """Pack groups of indexes, merging what finds no free row with its nearest neighbour.

    ``unit_of`` gives the unit of a group; a group of more than one is a cluster. Returns each group
    with its unit and spot, in order.
    """
    current = list(groups)
    while True:
        units = [unit_of(group) for group in current]
        spots = pack(units, rows, taken)
        lost = [index for index, spot in enumerate(spots) if spot is None]
        if not lost:
            return [
                (group, unit, spot)
                for group, unit, spot in zip(current, units, spots, strict=True)
                if spot
            ]
        if len(current) == 1:
            # Nothing left to merge with: it stands on what was taken beforehand.
            return [(current[0], units[0], Spot(0))]
        current = _merge(current, units, lost)


_MIXED = 80  # what merging different kinds costs: a pill that says what it holds says more
DEAR = 80  # worth from which a thing is merged only in a round where nothing else can be


def _cost(units: Sequence[Unit], first: int, second: int) -> tuple[int, int, int]:
    one, other = units[first], units[second]
    cost = abs(one.x - other.x) + one.worth + other.worth + _MIXED * (one.kind != other.kind)
    return cost, abs(first - second), -first


def _merge(
    groups: Sequence[tuple[int, ...]], units: Sequence[Unit], lost: Sequence[int]
) -> list[tuple[int, ...]]:
    """Make room for each lost unit: merge the cheapest pair among it and those in its way.

    Each group takes part in one merger at a time, so that pills stay small.
    """
    partner: dict[int, int] = {}
    for index in lost:
        if index in partner:
            continue
        unit = units[index]
        near = [
            other
            for other, one in enumerate(units)
            if not _apart(unit.left, unit.right, one.left, one.right, GAP)
        ]
        pairs = [(a, b) for a, b in combinations(near, 2) if not {a, b} & partner.keys()]
        if not pairs and not partner:
            # Only what was taken beforehand is in the way.
            pairs = [(index, other) for other in range(len(units)) if other != index]
        if pairs:
            first, second = sorted(min(pairs, key=lambda pair: _cost(units, *pair)))
            if partner and max(units[first].worth, units[second].worth) >= DEAR:
                # The room made by the cheaper mergers of this round may be enough.
                continue
            partner[first], partner[second] = second, first
    return [
        tuple(sorted(group + groups[partner[index]])) if index in partner else group
        for index, group in enumerate(groups)
        if partner.get(index, index) >= index
    ]


class Shelf:
    """The rows of one lane while labels are written. Marks are there; labels come one by one."""

    def __init__(self, placed: Sequence[tuple[Unit, Spot]], taken: Sequence[Unit] = ()) -> None:
        rows = max((spot.row for _, spot in placed), default=0) + 1
        self._marks: list[list[Unit]] = [list(taken) if row == 0 else [] for row in range(rows)]
        self._labels: list[list[Place]] = [[] for _ in range(rows)]
        for unit, spot in placed:
            self._marks[spot.row].append(unit)

    def write(self, row: int, places: Sequence[Place]) -> Place | None:
        """Take the first of ``places`` that is free in ``row``; None if none is."""
        for place in places:
            marks = () if place.side is Side.INSIDE else self._marks[row]
            if _fits(place, marks, self._labels[row]):
                self._labels[row].append(place)
                return place
        return None
