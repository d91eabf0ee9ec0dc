"""What is on the table: proposals page by page, and of each all that its card shows.

A fixed number of queries for a page, however much there is. What it comes to is worked out by
events/negotiation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Case, Count, Exists, F, Func, OuterRef, Q, When

from events import stood
from events.branches import Branch, add_passages, all_leaves, branches_of, cited
from events.models import Consent, Evidence, Participation, Position, Proposal, Proposer, Term
from events.models.fields import InstantField
from events.negotiation import Span, between, standing
from events.negotiation.clocks import Clock, clock
from events.negotiation.proposals import Offer, Stage, is_awaited, stage
from events.offers import awaited, offers_of, seen, with_stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.models import Actor, Event
    from events.roles import Viewer

PER_PAGE = 20
"""Cards of a page."""

TERMS, ROWS, SAYING = 12, 8, 4
"""Most terms, stances of others and voices on whose answer is awaited that a card shows."""

OFF = tuple(one.value for one in Stage if one not in (Stage.OPEN, Stage.AGREED))
SHOWN = {"open": (Stage.OPEN.value,), "agreed": (Stage.AGREED.value,), "lapsed": OFF}
"""The three lists, and the stages that each has."""


@dataclass(slots=True)
class Step:
    """One actor on the track of a proposal: who proposes, answered, or is awaited.
    `answer` and `now`, how a proposer stands now, are words that the view adds."""

    actor: Actor
    consent: Consent | None = None
    position: Position | None = None
    proposes: bool = False
    is_awaited: bool = False
    since: Span | None = None
    said: list[Evidence] = field(default_factory=list)
    answer: str = ""
    now: str = ""


@dataclass(slots=True)
class Card:
    """A proposal as the page shows it; the last three are words that the view adds."""

    proposal: Proposal
    offer: Offer
    stage: Stage
    tabled: Event | None = None
    announced: Event | None = None
    ended: Event | None = None
    proposers: list[Proposer] = field(default_factory=list)
    voices: list[Participation] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    others: list[Position] = field(default_factory=list)
    more_others: int = 0
    terms: list[Any] = field(default_factory=list)
    more_terms: int = 0
    branches: list[Branch] = field(default_factory=list)
    clock: Clock | None = None
    earlier: Proposal | None = None
    has_versions: bool = False
    standing: str = ""
    expiry: str = ""
    clock_words: tuple[str, str] = ("", "")

    @property
    def awaited(self) -> list[Step]:
        """Those whose answer is awaited."""
        return [step for step in self.steps if step.is_awaited]

    @property
    def is_track(self) -> bool:
        """Whether it was put forward to parties whose consent it needs."""
        return self.tabled is not None and any(step.consent for step in self.steps)


class _Age(Func):
    """Seconds counted backwards, so that ascending order is newest first."""

    template = "(-extract(epoch from %(expressions)s))::bigint"
    output_field = BigIntegerField()


ORDERS = {"wait": ("since", "id"), "newest": ("age", "id")}


def rows_of(viewer: Viewer) -> Any:
    """The proposals that `viewer` sees, with `stage`, `since` and `age` to choose and sort by.

    `since` is the last instant at which one was tabled whose answer is still awaited.
    """
    open_still = awaited(viewer).filter(proposal=OuterRef("pk"))
    put = seen("tabled_in", viewer)
    told = Case(
        When(put, then=F("tabled_in__latest")),
        When(seen("announced_in", viewer), then=F("announced_in__latest")),
        output_field=InstantField(),
    )
    waits = Case(
        When(put & Q(Exists(open_still)), then=F("tabled_in__latest")),
        output_field=InstantField(),
    )
    related = ("issue", "tabled_in", "announced_in", "ended_in", "earlier__issue")
    rows = with_stage(Proposal.objects.visible_to(viewer).select_related(*related), viewer)
    return rows.with_contested(viewer).annotate(since=waits, age=_Age(told))


def counts(viewer: Viewer) -> dict[str, int]:
    """How many proposals each of the three lists has."""
    rows = with_stage(Proposal.objects.visible_to(viewer), viewer)
    found = dict(rows.order_by().values_list("stage").annotate(Count("pk")))
    return {name: sum(found.get(one, 0) for one in words) for name, words in SHOWN.items()}


def cards_of(proposals: Sequence[Proposal], viewer: Viewer) -> list[Card]:
    """The cards of these proposals, whose events and issue are loaded."""
    offers = offers_of([one.pk for one in proposals], viewer)
    cards = {}
    for one in proposals:
        offer = offers[one.pk]
        cards[one.pk] = card = Card(one, offer, stage(offer, viewer.now))
        for name in ("tabled", "announced", "ended"):
            event = getattr(one, f"{name}_in")
            if event is not None and (viewer.is_member or event.state == "published"):
                setattr(card, name, event)
        zone = viewer.dossier.time_zone
        card.clock = clock(one.duration, offer.start, viewer.now, zone) if one.duration else None
    _add_versions(cards, viewer)
    _add_people(cards, viewer)
    _add_terms(cards, viewer)
    _add_steps(cards, viewer)
    for key, branches in branches_of(cards, viewer).items():
        cards[key].branches = branches
    _add_evidence(cards, viewer)
    return list(cards.values())


def _add_versions(cards: dict[int, Card], viewer: Viewer) -> None:
    """The earlier proposal of each that may be named, and whether there are others to compare."""
    later = Proposal.objects.visible_to(viewer).filter(earlier__in=cards).order_by()
    followed = set(later.values_list("earlier_id", flat=True))
    for key, card in cards.items():
        earlier = card.proposal.earlier
        if earlier is not None and (viewer.is_member or earlier.state == "published"):
            card.earlier = earlier
        card.has_versions = card.earlier is not None or key in followed


def _add_people(cards: dict[int, Card], viewer: Viewer) -> None:
    """Who puts each forward, and who announced one that was not put forward."""
    rows = Proposer.objects.visible_to(viewer).filter(proposal__in=cards).order_by("id")
    for proposer in rows.select_related("actor__side"):
        cards[proposer.proposal_id].proposers.append(proposer)
    told = {c.announced.pk: c for c in cards.values() if c.announced and not c.tabled}
    voices = Participation.objects.visible_to(viewer).filter(event__in=told, role="speaker")
    for voice in voices.select_related("actor__side").order_by("id"):
        told[voice.event_id].voices.append(voice)


def _add_terms(cards: dict[int, Card], viewer: Viewer) -> None:
    for term in Term.objects.visible_to(viewer).filter(proposal__in=cards):
        cards[term.proposal_id].terms.append(term)
    for card in cards.values():
        card.more_terms = max(0, len(card.terms) - TERMS)
        card.terms = card.terms[:TERMS]


# --- Who stands where


def _add_steps(cards: dict[int, Card], viewer: Viewer) -> None:
    """The track of each, in the order of the answers; of others where they stand."""
    latest = latest_on({card.proposal.issue_id for card in cards.values()}, viewer)
    consents: dict[int, list[Consent]] = {}
    rows = Consent.objects.visible_to(viewer).filter(proposal__in=cards).order_by("id")
    for consent in rows.select_related("actor__side"):
        consents.setdefault(consent.proposal_id, []).append(consent)
    for card in cards.values():
        here = latest.get(card.proposal.issue_id, {})
        _track(card, consents.get(card.proposal.pk, []), here, viewer)


def _track(card: Card, consents: list[Consent], here: dict[int, Position], viewer: Viewer) -> None:
    proposers = {proposer.actor_id: proposer.actor for proposer in card.proposers}
    asked = {consent.actor_id: consent for consent in consents}
    steps = [
        Step(actor, asked.get(key), here.get(key), proposes=True)
        for key, actor in proposers.items()
        if card.tabled is not None
    ]
    given: list[Step] = []
    open_still: list[Step] = []
    for key, consent in asked.items():
        if any(step.actor.pk == key for step in steps):
            continue
        step = Step(consent.actor, consent, here.get(key))
        stance = step.position.stance if step.position else ""
        step.is_awaited = is_awaited(card.offer, stance, viewer.now)
        if step.is_awaited and card.offer.tabled:
            bounds = card.offer.tabled.earliest, card.offer.tabled.latest
            step.since = between(*bounds, viewer.now, viewer.dossier.time_zone)
        (given if step.position else open_still).append(step)
    given.sort(key=_answered)
    card.steps = [*steps, *given, *open_still]
    if card.is_track:
        return
    # Nobody is awaited: whoever took a position stands in a row of their own.
    rest = [one for key, one in here.items() if key not in asked]
    card.steps = [*given, *open_still]
    card.others, card.more_others = rest[:ROWS], max(0, len(rest) - ROWS)


def _answered(step: Step) -> tuple[bool, int, int]:
    """When an answer was given; without a date last, on one day as recorded."""
    position = step.position
    at = position.starts if position else None  # type: ignore[attr-defined]
    return at is None, at or 0, position.pk if position else 0


def latest_on(issues: set[int], viewer: Viewer) -> dict[int, dict[int, Position]]:
    """The latest position of each actor on each of these issues: by issue and actor."""
    newest = stood.newest(viewer, Q(issue__in=issues))
    after, named = stood.known_order(viewer, newest), stood.named_earlier(viewer, newest)
    keys = {}
    for key, (_, statements) in newest.items():
        if (found := standing(statements, after, named.get(key, ()))) is not None:
            keys[found.latest.key] = key
    rows = stood.in_time(viewer, Q(pk__in=list(keys)))
    rows = rows.select_related("actor__side", "event", "voiced_by")
    by_issue: dict[int, dict[int, Position]] = {}
    for position in rows.order_by("actor__side__order", "starts", "pk"):
        actor, issue = keys[position.pk]
        by_issue.setdefault(issue, {})[actor] = position
    return by_issue


# --- Words


def _add_evidence(cards: dict[int, Card], viewer: Viewer) -> None:
    """What terms rest on, who says whose answer is awaited, and the words each way of contested
    commitments; one query and its sources."""
    terms = [term for card in cards.values() for term in card.terms]
    steps = [step for card in cards.values() for step in card.awaited if step.consent]
    leaves = [leaf for card in cards.values() for leaf in all_leaves(card.branches)]
    wanted = Q(term__in=terms) | Q(consent__in=[step.consent for step in steps])
    rows = Evidence.objects.visible_to(viewer).filter(wanted | Q(commitment__in=cited(leaves)))
    rows = rows.select_related("speaker").prefetch_related("passage__source_text__source")
    found: dict[str, dict[int, list[Evidence]]] = {"term": {}, "consent": {}, "commitment": {}}
    for item in rows.order_by("id"):
        noun = next(name for name in found if getattr(item, f"{name}_id") is not None)
        found[noun].setdefault(getattr(item, f"{noun}_id"), []).append(item)
    for term in terms:
        term.said = found["term"].get(term.pk, [])
    for step in steps:
        said = found["consent"].get(step.consent.pk, []) if step.consent else []
        step.said = [one for one in said if one.bearing == "supports"][:SAYING]
    add_passages(leaves, found["commitment"])
