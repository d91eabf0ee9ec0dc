"""How an actor stands on an issue: the latest of what was stated, and how it moved. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from events.ordering import Pair, in_known_order

NEITHER = "none"
"""A statement that carries no for or against: it is in the ledger and no stance."""

TOWARDS_ASSENT = {"opposes": -1, "unclear": 0, "open": 1, "conditional": 2, "supports": 3}
"""Stances that stand for or against, from refusal to assent. That something was denied to have
been discussed is neither."""


class Movement(StrEnum):
    """Which way the latest stance lies from the one before."""

    UP = "up"
    DOWN = "down"
    ASIDE = "aside"
    """It differs, and is neither nearer to assent nor nearer to refusal."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A position as far as its place in time and its stance go.

    `key`, `event` (None without one) and `shifts_from` are keys in the database; `day` is the day
    on which the event begins, in days since 1970 of the dossier's calendar, None where no start is
    known; `earliest` and `latest` are its bounds in seconds since 1970.
    """

    key: int
    stance: str
    event: int | None = None
    day: int | None = None
    earliest: int | None = None
    latest: int | None = None
    shift: str = "first"
    shifts_from: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an actor stands on an issue. `before` is what the latest statement moved from, None for
    nothing; `movement` is None where the stance is the same."""

    latest: Statement
    before: Statement | None = None
    movement: Movement | None = None


def in_order(statements: Iterable[Statement], after: Sequence[Pair] = ()) -> list[Statement]:
    """Statements from the oldest to the newest.

    What has no known start is older than all that has one. On one day the known order of the events
    decides (`after`: pairs of a later event and an earlier one), else the hour, else their keys.
    """
    found: list[Statement] = []
    for _, of_day in groupby(sorted(statements, key=_place), key=lambda one: one.day):
        group = list(of_day)
        events = list(dict.fromkeys(one.event for one in group if one.event is not None))
        if len(events) > 1 and after:
            place = {key: n for n, key in enumerate(in_known_order(events, after))}
            # What has no event at all stays before the others of its day.
            group.sort(key=lambda one: -1 if one.event is None else place[one.event])
        found += group
    return found


def _place(one: Statement) -> tuple[int | float, ...]:
    """By the start; then what ended first, what goes on last; by key in the end."""
    never = float("-inf")
    start = never if one.earliest is None else one.earliest
    open_end = never if one.earliest is None else float("inf")
    return (
        never if one.day is None else one.day,
        start,
        open_end if one.latest is None else one.latest,
        one.event or 0,
        one.key,
    )


def standing(
    statements: Iterable[Statement], after: Sequence[Pair] = (), known: Iterable[Statement] = ()
) -> Standing | None:
    """Where the statements of one actor on one issue leave it; None where none takes a stance.

    What the latest one moved from is the one it names, where that is among the statements or
    `known`, else the one before it.
    """
    ordered = in_order((one for one in statements if one.stance != NEITHER), after)
    if not ordered:
        return None
    latest = ordered[-1]
    before = ordered[-2] if len(ordered) > 1 else None
    if latest.shifts_from is not None:
        named = (one for one in (*ordered, *known) if one.key == latest.shifts_from)
        before = next((one for one in named if one.stance != NEITHER), before)
    if before is None:
        return Standing(latest)
    return Standing(latest, before, movement(before.stance, latest.stance, latest.shift))


def movement(before: str, now: str, shift: str = "") -> Movement | None:
    """The way from one stance to another; a stance that stayed may still harden or soften."""
    if before == now:
        return {"hardens": Movement.DOWN, "softens": Movement.UP}.get(shift)
    if before not in TOWARDS_ASSENT or now not in TOWARDS_ASSENT:
        return Movement.ASIDE
    return Movement.UP if TOWARDS_ASSENT[now] > TOWARDS_ASSENT[before] else Movement.DOWN
