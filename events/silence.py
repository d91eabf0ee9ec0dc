"""Who has not answered what: consents that are awaited, and addresses without a reply.

Addresses are read from the newest on, some at a time, until a page is full; each time a fixed
number of queries. What counts as an answer is said in events/negotiation/silence.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max, Q

from events import offers
from events.models import Actor, Consent, Event, Link, Participation, Position
from events.models.fields import InstantField
from events.negotiation import Span, between
from events.negotiation.silence import Address, Reply, is_answered
from events.negotiation.times import Times

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.roles import Viewer

PER_PAGE, AT_ONCE, ROUNDS = 50, 200, 4
"""Rows of a page; addresses read at once, and how often at most."""

AWAITED = 100
"""Most awaited answers that are listed, the longest awaited first."""

WORDS = ("statement", "post", "talks", "meeting", "call")
"""Kinds of events in which an actor can be a target of words."""

SPOKE = ("speaker", "initiator", "delegate")
ANSWERING = ("responds_to", "clarifies", "walks_back", "contradicts", "implements", "violates")

type Place = tuple[int | None, int, int]
"""Where a list goes on: start of an event, its key, and that of the actor."""


@dataclass(slots=True)
class Silence:
    """One who was addressed and has not answered. `by` are those who spoke to them."""

    actor: Actor
    event: Event
    since: Span | None
    by: list[Actor] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """The silences of a page, where the next begins, and how many addresses were looked at."""

    rows: list[Silence]
    after: Place | None
    looked: int


def awaited(viewer: Viewer) -> list[Consent]:
    """The consents that are awaited, the longest first, each with `since`."""
    related = ("actor__side", "proposal__issue", "proposal__tabled_in")
    at = F("proposal__tabled_in__latest").asc(nulls_last=True)
    found: list[Any] = list(
        offers.awaited(viewer).select_related(*related).order_by(at, "id")[:AWAITED]
    )
    for one in found:
        event = one.proposal.tabled_in
        zone = viewer.dossier.time_zone
        one.since = between(event.earliest, event.latest, viewer.now, zone)
    return found


def read(viewer: Viewer, after: Place | None = None) -> Page:
    """The page of addresses without an answer that begins after `after`."""
    rows: list[Silence] = []
    looked = 0
    for _ in range(ROUNDS):
        places = _places(viewer, after)
        if not places:
            return Page(rows, None, looked)
        unanswered = _unanswered(places, viewer)
        for place in places:
            after, looked = place, looked + 1
            if place in unanswered:
                rows.append(unanswered[place])
            if len(rows) == PER_PAGE:
                return Page(rows, after, looked)
        if len(places) < AT_ONCE:
            return Page(rows, None, looked)
    return Page(rows, after, looked)


# --- Addresses


def _addressed(viewer: Viewer) -> tuple[Any, Any]:
    """Who was spoken to: in a role, and by positions put to them; each with `at`."""
    occurred = {"event__modality": Event.Modality.OCCURRED}
    people = (
        Participation.objects.visible_to(viewer)
        .filter(Q(role="addressee") | Q(role="target", event__kind__in=WORDS), **occurred)
        .exclude(actor__kind=Actor.Kind.MEDIA)
    )
    said = Position.objects.visible_to(viewer).filter(
        addressee__isnull=False, event__isnull=False, **occurred
    )
    said = said.exclude(addressee=F("actor")).exclude(addressee__kind=Actor.Kind.MEDIA)
    if not viewer.is_member:
        said = said.filter(event__state=Event.State.PUBLISHED)
    return people.annotate(to=F("actor")), said.annotate(to=F("addressee"))


def _places(viewer: Viewer, after: Place | None) -> list[Place]:
    """The next AT_ONCE pairs of an event and whom it addresses, the newest first."""
    found: set[Place] = set()
    for rows in _addressed(viewer):
        if after is not None:
            rows = rows.filter(_beyond(after))
        newest = rows.order_by(F("event__earliest").desc(nulls_last=True), "-event_id", "-to")
        found.update(newest.values_list("event__earliest", "event_id", "to").distinct()[:AT_ONCE])
    return sorted(found, key=_newest)[:AT_ONCE]


def _newest(place: Place) -> tuple[bool, int, int, int]:
    at, event, actor = place
    return at is None, -(at or 0), -event, -actor


def _beyond(after: Place) -> Q:
    at, event, actor = after
    here = Q(event_id__lt=event) | Q(event_id=event, to__lt=actor)
    if at is None:
        return Q(event__earliest__isnull=True) & here
    later = Q(event__earliest__lt=at) | Q(event__earliest__isnull=True)
    return later | (Q(event__earliest=at) & here)


def _unanswered(places: list[Place], viewer: Viewer) -> dict[Place, Silence]:
    """Those of `places` without an answer, with what is shown of them."""
    events = Event.objects.in_bulk([event for _, event, _ in places])
    actors = Actor.objects.select_related("side").in_bulk([actor for *_, actor in places])
    rows = Position.objects.visible_to(viewer).filter(event__in=events)
    stated = list(rows.select_related("actor__side", "issue").order_by("id"))
    parts = Participation.objects.visible_to(viewer).filter(event__in=events)
    people = list(parts.select_related("actor__side").order_by("id"))
    addresses = {place: _address(place, events, stated, people) for place in places}
    replies = _replies(addresses.values(), viewer)
    zone, found = viewer.dossier.time_zone, {}
    for place, address in addresses.items():
        if is_answered(address, replies.get(address.actor, ())):
            continue
        event, actor = events[address.event], actors[address.actor]
        since = between(event.earliest, event.latest, viewer.now, zone)
        put = [p for p in stated if p.event_id == event.pk and p.addressee_id == actor.pk]
        spoke = [p.actor for p in people if p.event_id == event.pk and p.role in SPOKE]
        by = [one for one in dict.fromkeys([*(p.actor for p in put), *spoke]) if one != actor]
        found[place] = Silence(actor, event, since, by, put)
    return found


def _address(
    place: Place, events: dict[int, Event], stated: list[Position], people: list[Participation]
) -> Address:
    """Of a position put to somebody its issue counts, of an event that addresses them all the
    issues on which others took a position in it."""
    _, event, actor = place
    in_role = any(p.event_id == event and p.actor_id == actor and _speaks_to(p) for p in people)
    issues = frozenset(
        one.issue_id
        for one in stated
        if one.event_id == event
        and one.actor_id != actor
        and (in_role or one.addressee_id == actor)
    )
    return Address(event, actor, Times(events[event].earliest, events[event].latest), issues)


def _speaks_to(person: Participation) -> bool:
    return person.role in ("addressee", "target")


# --- Replies


def _replies(addresses: Iterable[Address], viewer: Viewer) -> dict[int, list[Reply]]:
    """What may answer these addresses, by who said it."""
    wanted = list(addresses)
    actors = {one.actor for one in wanted}
    found = _linked({one.event for one in wanted}, actors, viewer)
    issues = {issue for one in wanted for issue in one.issues}
    said = Position.objects.visible_to(viewer).filter(actor__in=actors, issue__in=issues)
    said = said.exclude(stance=Position.Stance.NONE)
    if not viewer.is_member:
        said = said.filter(event__state=Event.State.PUBLISHED)
    # Of each actor and issue the last one will do: it follows whatever another one follows.
    open_end = Q(event__latest__isnull=True, event__earliest__isnull=False)
    newest = (
        said.order_by()
        .values_list("actor_id", "issue_id")
        .annotate(
            last=Max("event__latest", output_field=InstantField()),
            first=Max("event__earliest", output_field=InstantField()),
            endless=Count("pk", filter=open_end),
        )
    )
    for actor, issue, last, first, endless in newest:
        times = Times(first, None) if endless else Times(None, last)
        found.setdefault(actor, []).append(Reply(actor, None, times, issue))
    return found


def _linked(events: set[int], actors: set[int], viewer: Viewer) -> dict[int, list[Reply]]:
    """What these actors said in events that are linked as answering."""
    links = Link.objects.visible_to(viewer).filter(kind__in=ANSWERING, to_event__in=events)
    links = links.filter(from_event__modality=Event.Modality.OCCURRED).order_by()
    answers: dict[int, set[int]] = {}
    for answer, asked in links.values_list("from_event_id", "to_event_id"):
        answers.setdefault(answer, set()).add(asked)
    spoke = Participation.objects.visible_to(viewer).filter(role__in=SPOKE)
    stated = Position.objects.visible_to(viewer)
    found: dict[int, list[Reply]] = {}
    for rows in (spoke, stated):
        here = rows.filter(event__in=answers, actor__in=actors).order_by()
        for actor, event in here.values_list("actor_id", "event_id").distinct():
            reply = Reply(actor, event, Times(), answers=frozenset(answers[event]))
            found.setdefault(actor, []).append(reply)
    return found
