"""The boxes of a timeline's filter, and how many events each would show.

A question does not narrow its own boxes: beside "Ukraine" stands what is shown with that box, or
would be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from events.asking import NO_SIDE
from events.models import Event

if TYPE_CHECKING:
    from events.counting import Cell
    from events.filters import EventFilter
    from events.models import Side


@dataclass(frozen=True, slots=True)
class Option:
    """One box of the filter: how many events it would show (None: not counted)."""

    name: str
    value: str
    label: str
    count: int | None
    checked: bool
    wanted: EventFilter
    side: Side | None = None
    glyph: str = ""

    @property
    def url(self) -> str:
        """The address that changes it."""
        now = self.wanted.values[self.name]
        chosen = list(now) if isinstance(now, list) else ([self.value] if now else [])
        if self.checked:
            chosen.remove(self.value)
        else:
            chosen.append(self.value)
        return self.wanted.url(**{self.name: chosen})


@dataclass(frozen=True, slots=True)
class Group:
    """The boxes of one question."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Active:
    """A filter in force: what it says, the address without it, and what that would show."""

    label: str
    url: str
    without: int


def _numbers() -> dict[Any, int]:
    return defaultdict(int)


@dataclass(slots=True)
class Sums:
    """Events added up by what they answer to each question, which is the name of its numbers."""

    total: int = 0
    side: dict[Any, int] = field(default_factory=_numbers)
    kind: dict[str, int] = field(default_factory=_numbers)
    modality: dict[str, int] = field(default_factory=_numbers)
    state: dict[str, int] = field(default_factory=_numbers)
    contested: dict[bool, int] = field(default_factory=_numbers)
    undated: dict[bool, int] = field(default_factory=_numbers)

    def add(self, cell: Cell) -> None:
        """Add the events of a cell."""
        kind, modality, state, contested, sides, dated, _, _, number = cell
        self.total += number
        for side in sides or (NO_SIDE,):
            self.side[side] += number
        self.kind[kind] += number
        self.modality[modality] += number
        self.state[state] += number
        self.contested[contested] += number
        self.undated[not dated] += number


class Facets:
    """The boxes of one filter, from the cells that its events are counted in.

    `complete` says whether the cells tell of all that is asked for: otherwise there are no numbers.
    """

    def __init__(self, wanted: EventFilter, cells: Sequence[Cell], *, complete: bool) -> None:
        self.wanted, self.cells, self.complete = wanted, cells, complete
        self.matching = 0
        """The events asked for, inside the window and out."""
        self._listed = Sums()
        # Of each question what it alone keeps from being listed.
        self._hidden: dict[str, Sums] = defaultdict(Sums)
        self._add_up(_checks(wanted))

    def _add_up(self, checks: Iterable[tuple[str, Callable[[Cell], bool]]]) -> None:
        """One pass over all cells, of which a large dossier has thousands."""
        checks = list(checks)
        for cell in self.cells:
            failed = [name for name, passes in checks if not passes(cell)]
            if not failed:
                self.matching += cell.number
            if not cell.within or len(failed) > 1:
                continue
            (self._hidden[failed[0]] if failed else self._listed).add(cell)

    @property
    def total(self) -> int:
        """All events that the viewer may see."""
        return sum(cell.number for cell in self.cells)

    @property
    def listed(self) -> int:
        """The events asked for, within the window, those without a date included."""
        return self._listed.total

    @property
    def undated(self) -> int:
        """Those of them that have no date at all."""
        return self._listed.undated[True]

    def without(self, question: str) -> int:
        """How many would be listed if this were not asked."""
        return self._listed.total + self._hidden[question].total

    # --- Boxes

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The boxes of each question, with their counts in the present window."""
        groups = [
            Group("side", "Side", tuple(self._sides())),
            Group("kind", "Kind", tuple(self._options("kind", Event.Kind.choices, glyphs="kind"))),
            Group(
                "modality", "Took place", tuple(self._options("modality", Event.Modality.choices))
            ),
        ]
        if self.wanted.viewer.is_member:
            states = self._options("state", Event.State.choices, glyphs="state")
            groups.append(Group("state", "Review", tuple(states)))
        groups.append(Group("more", "More", tuple(self._flags())))
        return tuple(group for group in groups if group.options)

    def _sides(self) -> Iterable[Option]:
        for side in self.wanted.sides:
            yield self._option("side", side.code, side.name, side.pk, side=side)
        if any(not cell.sides for cell in self.cells):
            yield self._option("side", NO_SIDE, "No side", NO_SIDE)

    def _options(
        self, name: str, choices: Iterable[tuple[str, str]], glyphs: str = ""
    ) -> Iterable[Option]:
        there = {getattr(cell, name) for cell in self.cells}
        for value, label in choices:
            # What the dossier has nowhere at all would only be a long list of noughts.
            if value in there or value in self.wanted.values[name]:
                glyph = f"{glyphs}-{value}" if glyphs else ""
                yield self._option(name, value, label, value, glyph=glyph)

    def _flags(self) -> Iterable[Option]:
        values = self.wanted.values
        if any(cell.contested for cell in self.cells) or values["contested"]:
            yield self._option("contested", "1", "Contested", True, glyph="ui-contested")
        if any(not cell.dated for cell in self.cells) or values["undated"]:
            yield self._option("undated", "1", "No date stated", True, glyph="ui-cal")

    def _option(self, name: str, value: str, label: str, answer: Any, **more: Any) -> Option:
        """A box for the events that answer the question `name` so."""
        now = self.wanted.values[name]
        checked = value in now if isinstance(now, list) else bool(now)
        both = self._listed, self._hidden[name]
        count = sum(getattr(sums, name)[answer] for sums in both) if self.complete else None
        return Option(name, value, label, count, checked, self.wanted, **more)

    @cached_property
    def active(self) -> tuple[Active, ...]:
        """Every filter in force, each with the address without it."""
        found = [
            Active(option.label, option.url, self.without(option.name))
            for group in self.groups
            for option in group.options
            if option.checked
        ]
        if words := self.wanted.values["q"]:
            found.append(Active(words, self.wanted.url(q=None), self.without("q")))
        return tuple(found)


def _checks(wanted: EventFilter) -> Iterable[tuple[str, Callable[[Cell], bool]]]:
    """The questions that are asked, and what passes each."""
    values = wanted.values
    if values["q"]:
        yield "q", lambda cell: cell.worded
    if values["contested"]:
        yield "contested", lambda cell: cell.contested
    if values["undated"]:
        yield "undated", lambda cell: not cell.dated
    if values["side"]:
        yield "side", wanted.is_of_chosen_side
    for name in ("kind", "modality", "state"):
        if values[name]:
            yield name, partial(_is_one_of, name, values[name])


def _is_one_of(name: str, chosen: Sequence[str], cell: Cell) -> bool:
    return getattr(cell, name) in chosen
