"""What goes into the chart: events with uncertain dates, lanes, links."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

PLANNED = frozenset({"planned", "announced", "not_ruled_out", "hypothetical"})
MIXED = "mixed"  # the kind of a crowd of several kinds


class Shape(StrEnum):
    """How an event lies in time."""

    POINT = "point"  # it happened once, however vaguely known when
    INTERVAL = "interval"  # it lasted
    NONE = "none"  # no date at all


@dataclass(frozen=True, slots=True)
class Item:
    """One event, or a crowd of them.

    Instants are seconds since 1970-01-01T00:00Z, ``None`` when open or unknown. ``earliest`` and
    ``latest`` (exclusive) are the outer bounds; ``certain_from`` and ``certain_to`` the stretch in
    which an interval was surely going on. ``lanes`` are lane keys, the home lane first. ``order``
    is the place among the events of one day if known. ``actors``, ``link_count`` and
    ``source_count`` serve the labels of clusters and the choice of labels.

    With a ``count`` above 1 it is a crowd: so many events of one set of lanes, told of only by
    their number. They all lie from ``earliest`` to ``latest``; ``ref`` and ``title`` are empty,
    ``kind`` is the kind of all or `MIXED`, ``modality`` is planned only if all of them are.
    """

    id: int
    ref: str
    title: str
    kind: str
    modality: str
    state: str
    lanes: tuple[str, ...]
    earliest: int | None
    latest: int | None
    certain_from: int | None = None
    certain_to: int | None = None
    shape: str = "point"
    approximate: bool = False
    contested: bool = False
    order: int | None = None
    url: str = ""
    when_label: str = ""
    actors: tuple[str, ...] = ()
    link_count: int = 0
    source_count: int = 0
    count: int = 1

    @property
    def crowd(self) -> bool:
        """Whether it stands for several events."""
        return self.count > 1

    @property
    def planned(self) -> bool:
        """Whether it lies ahead or is only possible, which is drawn dashed."""
        return self.modality in PLANNED

    @property
    def dated(self) -> bool:
        """Whether anything is known about when."""
        return self.shape != Shape.NONE and not (self.earliest is None and self.latest is None)

    def surely_after(self, instant: int | None) -> bool:
        """Whether it cannot have begun before `instant`; None is the end of time."""
        return instant is not None and self.earliest is not None and self.earliest >= instant

    @property
    def anchor(self) -> int | None:
        """The one instant that stands for it: the middle, or the bound that is known."""
        if not self.dated:
            return None
        if self.earliest is None or self.latest is None:
            return self.latest if self.earliest is None else self.earliest
        return (self.earliest + self.latest) // 2


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the chart, such as a side. ``slot`` 1 to 5 is its colour, 0 is none.

    A ``folded`` one is low: a single row of marks and pills without whiskers, bars or labels.
    """

    key: str
    label: str
    slot: int
    folded: bool = False

    @property
    def word(self) -> str:
        """The key as an address has it, where "" would say nothing."""
        return self.key or NO_LANE


NO_LANE = "none"
OTHERS = Lane("", "Others", 5)  # for items of no known lane


@dataclass(frozen=True, slots=True)
class Tally:
    """``count`` events from ``start`` to ``end`` (exclusive), ``planned`` of them planned."""

    start: int
    end: int
    count: int
    planned: int = 0

    @property
    def middle(self) -> int:
        """The one instant that stands for them."""
        return (self.start + self.end) // 2


@dataclass(frozen=True, slots=True)
class Outside:
    """Events on one side of the window: how many, and the instant of the nearest."""

    count: int
    nearest: int


type Beyond = tuple[Outside | None, Outside | None]
"""What lies before and after the window in a lane."""


@dataclass(frozen=True, slots=True)
class Link:
    """``source`` (a ref) answers, follows or contradicts ``target``: it is the later of the two."""

    source: str
    target: str
    kind: str = "responds_to"
    suggested: bool = False


def heads(items: Iterable[Item]) -> int:
    """How many events these items stand for."""
    return sum(item.count for item in items)


def with_others(lanes: tuple[Lane, ...], items: Collection[Item]) -> tuple[Lane, ...]:
    """The lanes, with one for the others (their own, if they have one) when an item needs it."""
    named = tuple(lane for lane in lanes if lane.key != OTHERS.key)
    known = {lane.key for lane in named}
    # Those without a date stand in no lane, unless they lie ahead.
    drawn = (item for item in items if item.dated or item.planned)
    if all(not known.isdisjoint(item.lanes) for item in drawn):
        return named
    return lanes if len(named) < len(lanes) else (*lanes, OTHERS)


def lanes_of(item: Item, lanes: tuple[Lane, ...]) -> tuple[str, ...]:
    """The keys of the lanes an item is drawn in, home first."""
    known = {lane.key for lane in lanes}
    return tuple(dict.fromkeys(key for key in item.lanes if key in known)) or (OTHERS.key,)
