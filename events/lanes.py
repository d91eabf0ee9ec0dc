"""What the rows of the chart are: sides, actors, issues or kinds, in which order, which folded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from events.chart_items import foremost
from events.models import Actor, Commitment, Event, Issue, Participation, Position
from events.timeline import Chart, Item, Lane, Window
from events.timeline.items import OTHERS

if TYPE_CHECKING:
    from events.filters import EventFilter

BY = {"side": "Side", "actor": "Actor", "issue": "Issue", "kind": "Kind"}
"""What lanes may be, by their word in an address."""

COUNTED = ("side", "kind")
"""Of these the crowds of a large archive know their lanes."""

MOST = 12
"""Actors and issues with a lane of their own."""

MOST_SIDES = 24
"""Sides with a lane of their own."""

REST = "rest"
"""The key of the lane of events whose issues have none."""

type Keys = dict[int, tuple[str, ...]]
"""The lanes of each event by its key, home first."""


def group(
    wanted: EventFilter, items: Sequence[Item], window: Window
) -> tuple[list[Item], list[Lane]]:
    """The items in the lanes that `wanted` asks for, and these lanes; at most four queries.

    Items have to come in the lanes of their sides, crowds by kind in those of their kinds. Lanes by
    actor or issue cannot be told of crowds: where there are any, sides stand instead.
    """
    by = used(wanted, items)
    past = wanted.viewer.as_of
    keys: Keys = {}
    # What lies beyond the instant looked back from has its place, though no more is told of it.
    with past.lifted() if past and not past.is_recorded else nullcontext():
        if by == "actor":
            keys, lanes = _actors(items, window)
        elif by == "issue":
            keys, lanes = _issues(wanted, items, window)
        elif by == "kind":
            keys, lanes = _kinds(items)
        else:
            lanes = [Lane(side.code, side.name, min(side.slot, 5)) for side in wanted.lane_sides]
            lanes.append(OTHERS)
    if by != "side":
        known = {lane.key for lane in lanes}
        items = [
            item
            if item.crowd
            else replace(item, lanes=tuple(key for key in keys.get(item.id, ()) if key in known))
            for item in items
        ]
    return list(items), arranged(wanted, lanes)


def used(wanted: EventFilter, items: Iterable[Item]) -> str:
    """What the lanes are in fact: what is asked for, or sides where that cannot be told."""
    by = wanted.lanes_by
    crowded = any(item.crowd and (item.dated or item.planned) for item in items)
    return "side" if crowded and by not in COUNTED else by


def arranged(wanted: EventFilter, lanes: Sequence[Lane]) -> list[Lane]:
    """The lanes in the order asked for, then those it does not name; folded where asked."""
    order = {word: place for place, word in enumerate(wanted.lane_order)}
    lanes = sorted(lanes, key=lambda lane: order.get(lane.word, len(order)))
    return [replace(lane, folded=lane.word in wanted.folded) for lane in lanes]


def _ids(items: Iterable[Item]) -> list[int]:
    return [item.id for item in items if not item.crowd]


def _most(keys: Keys, items: Iterable[Item], window: Window) -> list[str]:
    """The keys with most events in the window, then with most anywhere; at most `MOST`."""
    here: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for item in items:
        at = item.anchor
        for key in keys.get(item.id, ()):
            all_[key] += 1
            here[key] += at is None or window.start <= at < window.end
    return sorted(all_, key=lambda key: (-here[key], -all_[key], len(key), key))[:MOST]


def _actors(items: Sequence[Item], window: Window) -> tuple[Keys, list[Lane]]:
    """A lane for each of the foremost actors: of who acted in an event, else of who took part."""
    rows = Participation.objects.filter(event__in=_ids(items)).order_by("id")
    people: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for event, role, ref in rows.values_list("event_id", "role", "actor__ref"):
        people[event].append((role, ref))
    keys = {event: foremost(some) for event, some in people.items()}
    refs = _most(keys, items, window)
    found = {
        actor.ref: Lane(actor.ref, actor.called, min(actor.side.slot, 5) if actor.side else 0)
        for actor in Actor.objects.filter(participations__event__in=_ids(items), ref__in=refs)
        .select_related("side")
        .distinct()
    }
    return keys, [*(found[ref] for ref in refs), Lane("", "Others", 0)]


def _issues(wanted: EventFilter, items: Sequence[Item], window: Window) -> tuple[Keys, list[Lane]]:
    """A lane for each of the foremost issues, of the positions and commitments of an event."""
    of_event: dict[int, dict[str, None]] = defaultdict(dict)
    for model in (Position, Commitment):
        rows = model.objects.visible_to(wanted.viewer).filter(event__in=_ids(items))
        for event, ref in rows.order_by("id").values_list("event_id", "issue__ref"):
            if ref:
                of_event[event][ref] = None
    keys: Keys = {event: tuple(refs) for event, refs in of_event.items()}
    chosen = set(_most(keys, items, window))
    named = Issue.objects.visible_to(wanted.viewer).filter(ref__in=chosen)
    lanes = [Lane(issue.ref, issue.name, 0) for issue in named]
    if any(not chosen.issuperset(refs) for refs in keys.values()):
        lanes.append(Lane(REST, "Other issues", 0))
        keys = {event: _with_rest(refs, chosen) for event, refs in keys.items()}
    return keys, [*lanes, Lane("", "No issue", 0)]


def _with_rest(refs: tuple[str, ...], chosen: set[str]) -> tuple[str, ...]:
    return tuple(ref for ref in refs if ref in chosen) or (REST,)


def _kinds(items: Sequence[Item]) -> tuple[Keys, list[Lane]]:
    """A lane for every kind that occurs."""
    rows = Event.objects.filter(pk__in=_ids(items)).order_by().values_list("pk", "kind")
    keys: Keys = {event: (kind,) for event, kind in rows}
    there = {kind for kinds in keys.values() for kind in kinds}
    there |= {kind for item in items if item.crowd for kind in item.lanes}
    return keys, [Lane(kind, label, 0) for kind, label in Event.Kind.choices if kind in there]


# --- The menu


@dataclass(frozen=True, slots=True)
class Grouping:
    """A way to group, and its address."""

    word: str
    name: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A lane in the menu: what it is called, and the addresses that move and fold it."""

    word: str
    name: str
    folded: bool
    fold_url: str
    up_url: str
    down_url: str


@dataclass(frozen=True, slots=True)
class Menu:
    """What the lanes are, what else they could be, and how each can be changed."""

    groupings: tuple[Grouping, ...]
    rows: tuple[Row, ...]
    note: str
    reset_url: str


def menu(wanted: EventFilter, chart: Chart, by: str) -> Menu:
    """The menu beside a chart whose lanes are `by`."""
    return Menu(
        groupings=tuple(
            Grouping(
                word,
                name,
                wanted.url(lanes=None if word == "side" else word, fold=None, order=None),
                word == by,
            )
            for word, name in BY.items()
        ),
        rows=tuple(_rows(wanted, chart)),
        note=""
        if by == wanted.lanes_by
        else f"Too many events for lanes by {wanted.lanes_by}: go closer, or filter.",
        reset_url=wanted.url(fold=None, order=None) if wanted.folded or wanted.lane_order else "",
    )


def _rows(wanted: EventFilter, chart: Chart) -> Iterable[Row]:
    # The lane of the others stays last.
    words = [lane.word for lane in chart.lanes if lane.key]
    for lane in chart.lanes:
        at = words.index(lane.word) if lane.key else -1
        yield Row(
            lane.word,
            lane.title,
            lane.folded,
            wanted.url(fold=list(lane.fold)),
            _moved(wanted, words, at, -1) if at > 0 else "",
            _moved(wanted, words, at, 1) if 0 <= at < len(words) - 1 else "",
        )


def _moved(wanted: EventFilter, words: Sequence[str], at: int, by: int) -> str:
    moved = list(words)
    moved[at], moved[at + by] = moved[at + by], moved[at]
    return wanted.url(order=",".join(moved))
