"""The profile of an actor: offices over time, delegations, events, promises, words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef

from events import dates
from events.models import Actor, Affiliation, Commitment, Event, Evidence, Participation
from events.views.cited import SPOKEN, add_status, said_date, said_when

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.roles import Viewer

SHOWN = 40
"""Most rows of a panel; further ones are counted."""

EVENTS = 15
"""Events on the profile; the page of all has the others."""

COUNTED = 1000
"""Rows up to which a panel counts; beyond, it says "1,000+"."""

WHOLE = 100.0
"""The width of a drawn line of offices."""

MARGIN = 0.04
"""The share of it that is left before the first office and after the last."""


@dataclass(frozen=True, slots=True)
class Bar:
    """How long an office was held, as drawn on the line of all of them, 0 to WHOLE; `now` is the
    instant of the page, None where that is far off. What is open has no end."""

    x: float
    width: float
    now: float | None


def some_of(keys: Any) -> list[int] | None:
    """The keys that a query gives, None for more than are counted.

    Where there are few, what is asked of them next reads them alone. Left to itself Postgres may
    rather go through all events of the dossier in the order of time until a page is full, which is
    the way for many only.
    """
    found = list(keys.order_by()[: COUNTED + 1])
    return list(dict.fromkeys(found)) if len(found) <= COUNTED else None


def counted(keys: list[int] | None) -> str:
    """How many there are, "1,000+" for more than that."""
    return f"{COUNTED:,}+" if keys is None else str(len(keys))


def offices_of(actor: Actor, viewer: Viewer) -> dict[str, Any]:
    """Its offices and its places in delegations, the newest first, each with its dates in words
    and whether it was held at the instant of the page; and who is in it."""
    visible = Affiliation.objects.visible_to(viewer)
    held = visible.filter(member=actor).select_related("body__side")
    order = F("held_earliest").desc(nulls_last=True)
    rows: list[Any] = list(held.order_by(order, "id")[: SHOWN * 2])
    members = visible.filter(body=actor).select_related("member__side").order_by("id")
    shown: list[Any] = list(members[:SHOWN])
    for row in (*rows, *shown):
        row.shown_held = said_date(row.held_text, row.held_edtf, viewer.dossier)
        row.precision = _precision(row, viewer)
        row.is_current = _is_current(row, viewer.now)
    sent = [row for row in rows if row.body.kind == Actor.Kind.DELEGATION]
    offices = [row for row in rows if row.body.kind != Actor.Kind.DELEGATION]
    for row, bar in zip(offices, bars(offices, viewer.now), strict=True):
        row.bar = bar
    return {
        "offices": offices,
        "delegations": sent,
        "members": shown,
        "member_count": members.count(),
    }


def _precision(row: Affiliation, viewer: Viewer) -> str:
    """To what its dates are known, "" where none are stated."""
    if not row.held_edtf:
        return ""
    reading = dates.from_edtf(row.held_edtf, zone=viewer.dossier.time_zone, text=row.held_text)
    return f"{reading.unit} precision"


def _is_current(row: Any, now: int) -> bool:
    """Whether it is held at `now`, as far as its dates say."""
    first, last = row.held_earliest, row.held_latest
    return row.held_edtf != "" and (first is None or first < now) and (last is None or last >= now)


def bars(rows: list[Any], now: int) -> list[Bar | None]:
    """Where each office stands on a line from the first date known to the last, or to `now` where
    that is near; None for those without dates, and for all where there is nothing to compare."""
    bounds = [(row.held_earliest, row.held_latest) for row in rows]
    known = [instant for bound in bounds for instant in bound if instant is not None]
    dated = [bound for bound in bounds if bound != (None, None)]
    if len(dated) < 2:
        return [None] * len(rows)
    first, last = min(known), max(known)
    is_near = first <= now <= last + (last - first)
    last = max(last, now) if is_near else last
    room = max(last - first, 1) * MARGIN
    first, last = first - room, last + room

    def at(instant: float) -> float:
        return round((instant - first) / (last - first) * WHOLE, 2)

    found: list[Bar | None] = []
    for start, end in bounds:
        if start is None and end is None:
            found.append(None)
            continue
        x = 0.0 if start is None else at(start)
        until = WHOLE if end is None else at(end)
        found.append(Bar(x, max(round(until - x, 2), 0.5), at(now) if is_near else None))
    return found


def taking_part(actor: Actor, viewer: Viewer, **how: Any) -> tuple[Any, str]:
    """The events in which it took part, and how many; `how` narrows the part: role="delegate"."""
    parts = Participation.objects.visible_to(viewer).filter(actor=actor, **how)
    keys = some_of(parts.values_list("event_id", flat=True))
    rows = Event.objects.visible_to(viewer)
    if keys is not None:
        return rows.filter(pk__among=keys), counted(keys)
    # Asked of each event, so that reading in the order of time can stop where a page is full.
    its = Participation.objects.filter(event=OuterRef("pk"), actor=actor, **how)
    return rows.filter(Exists(its)), counted(keys)


def newest(rows: Any, most: int) -> list[Any]:
    """The newest of some events, those without a date last."""
    found = list(rows.filter(earliest__isnull=False).order_by("-earliest", "-id")[:most])
    left = most - len(found)
    return (
        found + list(rows.filter(earliest__isnull=True).order_by("-id")[:left]) if left else found
    )


def add_parts(events: Iterable[Any], actor: Actor, viewer: Viewer) -> None:
    """Give each event `shown_when` and `roles`, what the actor was in it. One query."""
    rows = Participation.objects.visible_to(viewer).filter(actor=actor, event__in=list(events))
    roles: dict[int, list[str]] = {}
    for part in rows.order_by("id"):
        roles.setdefault(part.event_id, []).append(str(part.get_role_display()))
    for event in events:
        event.shown_when = said_when(event, viewer.dossier)
        event.roles = ", ".join(roles.get(event.pk, []))


def events_of(actor: Actor, viewer: Viewer) -> dict[str, Any]:
    """Its newest events, and those in which it was a delegate."""
    rows, count = taking_part(actor, viewer)
    events = newest(rows, EVENTS)
    sent = newest(taking_part(actor, viewer, role="delegate")[0], EVENTS)
    add_parts(events, actor, viewer)
    for event in sent:
        event.shown_when = said_when(event, viewer.dossier)
    return {
        "events": events,
        "event_count": count,
        "more_events": len(events) == EVENTS,
        "delegate_in": sent,
    }


def promises_of(actor: Actor, viewer: Viewer) -> dict[str, Any]:
    """What it owes, and what is owed to it."""
    visible = Commitment.objects.visible_to(viewer).select_related("debtor__side", "creditor__side")
    owed = list(visible.filter(debtor=actor).order_by("-id")[:SHOWN])
    due = list(visible.filter(creditor=actor).order_by("-id")[:SHOWN])
    add_status([*owed, *due], viewer)
    return {"commitments": owed, "due_to": due}


def quotations_of(actor: Actor, viewer: Viewer) -> list[Evidence]:
    """Its words, the newest recorded first, each once however many records rest on them."""
    said = Evidence.objects.visible_to(viewer).filter(speaker=actor, manner__in=SPOKEN)
    said = said.select_related("speaker").prefetch_related("passage__source_text__source")
    once: dict[int, Evidence] = {}
    for item in said.order_by("-id")[: SHOWN * 2]:
        once.setdefault(item.passage_id, item)
    return list(once.values())[:SHOWN]
