"""The cards beside the text of a source: the records that rest on its passages, and suggestions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, Q

from events.marks import Mark, Sort
from events.models import (
    Affiliation,
    Commitment,
    Conflict,
    ConflictMember,
    Consent,
    Event,
    Evidence,
    Link,
    Participation,
    Passage,
    Position,
    Proposal,
    Proposer,
    Term,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.models import Record, Side
    from events.roles import Viewer
    from events.suggestions import Proposed

KINDS = {
    "position": "position",
    "commitment": "commitment",
    "proposal": "proposal",
    "event": "event",
    "participation": "event",
    "link": "other",
    "affiliation": "other",
    "conflict": "other",
    "passage": "quote",
}
"""What a passage is marked as, by what it is evidence for; the first that fits and is shown."""

GROUPS = ("event", "position", "commitment", "proposal", "link", "affiliation", "conflict")
"""The nouns of the records that rest on a source, in the order of their lists."""

GLYPHS = {
    "event": "ui-timeline",
    "position": "stance-cond",
    "commitment": "ui-target",
    "proposal": "ui-handshake",
    "other": "ui-link",
    "quote": "ui-quote",
}

CONTESTED = ("event", "position", "commitment", "proposal")

TARGETS = (
    "conflict",
    "event",
    Prefetch("commitment", Commitment.objects.select_related("debtor__side")),
    Prefetch("position", Position.objects.select_related("actor__side", "issue")),
    Prefetch("proposal", Proposal.objects.select_related("issue")),
    Prefetch("affiliation", Affiliation.objects.select_related("member__side", "body")),
    Prefetch("participation", Participation.objects.select_related("event")),
    Prefetch("term", Term.objects.select_related("proposal__issue")),
    Prefetch("consent", Consent.objects.select_related("proposal__issue")),
    Prefetch("link", Link.objects.select_related("from_event", "to_event")),
)


@dataclass(slots=True)
class Card:
    """What stands beside words of the text: a record that rests on them, words that nothing rests
    on (a passage alone), or a suggestion.

    `mark` names the words in the page, `start` is where they begin, in code points, `paragraph`
    in which one. `number` counts the passages of the page from 1.
    """

    id: str
    mark: str
    kind: str
    start: int
    number: int = 0
    paragraph: int = 0
    passage: Passage | None = None
    record: Record | None = None
    evidence: list[Evidence] = field(default_factory=list)
    suggestion: Proposed | None = None
    side: Side | None = None
    needs_consent: bool = False
    contested: bool = False
    is_off: bool = False

    @property
    def noun(self) -> str:
        """The record's noun, "passage" where there is none."""
        return str(self.record._meta.model_name) if self.record else "passage"

    @property
    def conflicting(self) -> str:
        """The ref that a conflict with it would name: the record's, else that of the words."""
        return self.record.ref if self.record and self.noun in CONTESTED else self.mark

    @property
    def hue(self) -> str:
        """The kind whose colour and line it takes; a suggestion that of what it would become."""
        return KINDS.get(self.suggestion.noun, "quote") if self.suggestion else self.kind

    @property
    def label(self) -> str:
        """What it is, in a word or two."""
        if self.suggestion:
            return self.suggestion.label
        return str(self.record._meta.verbose_name).capitalize() if self.record else "Quotation"

    @property
    def glyph(self) -> str:
        """The symbol of its kind."""
        return GLYPHS[self.hue]

    @property
    def is_disputed(self) -> bool:
        """Whether the words speak against the record."""
        return any(item.bearing == Evidence.Bearing.DISPUTES for item in self.evidence)

    @property
    def said(self) -> str:
        """How the words reach us and who says them: "Direct quotation, Rubio"."""
        speakers = [item.speaker.called for item in self.evidence if item.speaker]
        if self.passage and self.passage.speaker and not speakers:
            speakers = [self.passage.speaker.called]
        manner = [str(item.get_manner_display()) for item in self.evidence[:1]]
        return ", ".join([*manner, *speakers[:1]])


def suggested(proposals: Iterable[Proposed]) -> Iterable[tuple[Card, list[Mark]]]:
    """A card and its marks for each open suggestion."""
    for one in proposals:
        card = f"card-{one.fingerprint[:8]}"
        side = one.actor.side if one.actor else None
        hue = KINDS.get(one.noun, "quote")
        found = [
            Mark(start, end, one.fingerprint, hue, Sort.SUGGESTION, card=card, is_more=place > 0)
            for place, (start, end) in enumerate(one.spans)
        ]
        name = found[0].ident
        yield Card(card, name, "suggestion", one.start, suggestion=one, side=side), found


def evidence_in(passages: list[Passage], viewer: Viewer) -> list[Evidence]:
    """The evidence that `passages` are, in their order, with what it is about."""
    by_id = {passage.pk: passage for passage in passages}
    places = {pk: place for place, pk in enumerate(by_id)}
    found = Evidence.objects.visible_to(viewer).filter(passage__in=by_id).order_by("id")
    items = list(found.select_related("speaker").prefetch_related(*TARGETS))
    for item in items:
        item.passage = by_id[item.passage_id]
    return sorted(items, key=lambda item: places[item.passage_id])


def record_of(item: Evidence) -> Record:
    """The record that a piece of evidence leads to: who took part is shown with the event, a term
    and an answer awaited with the proposal."""
    target = item.target
    if isinstance(target, Term | Consent):
        return target.proposal
    return target.event if isinstance(target, Participation) else target


def cards_of(passages: list[Passage], viewer: Viewer) -> list[Card]:
    """A card for each record on each of `passages`, in their order; for members also one for each
    passage that nothing rests on."""
    evidence: dict[int, dict[tuple[str, int], list[Evidence]]] = defaultdict(dict)
    for item in evidence_in(passages, viewer):
        record = record_of(item)
        key = (str(record._meta.model_name), record.pk)
        evidence[item.passage_id].setdefault(key, []).append(item)
    cards = []
    for number, passage in enumerate(passages, 1):
        rests = evidence[passage.pk]
        name, place = f"card-{passage.ref}", (passage.start, number)
        for nth, ((noun, _), items) in enumerate(sorted(rests.items(), key=_foremost), 1):
            card = Card(name if nth == 1 else f"{name}-{nth}", passage.ref, KINDS[noun], *place)
            card.passage, card.record, card.evidence = passage, record_of(items[0]), items
            cards.append(card)
        if not rests and viewer.is_member:
            card = Card(name, passage.ref, "quote", *place, passage=passage)
            card.side = passage.speaker.side if passage.speaker else None
            cards.append(card)
    _tell(cards, viewer)
    return cards


def _foremost(rests: tuple[tuple[str, int], list[Evidence]]) -> tuple[int, int]:
    """What its words are marked as comes first."""
    (noun, key), _ = rests
    return list(KINDS).index(noun), key


def _tell(cards: list[Card], viewer: Viewer) -> None:
    """Fill in what takes queries of its own: sides, whose consent is needed, what is contested."""
    records: dict[str, dict[int, Any]] = defaultdict(dict)
    for card in cards:
        if card.record is not None:
            records[card.noun][card.record.pk] = card.record
    sides = _sides(records["event"], viewer)
    proposers = _proposers(records["proposal"], viewer)
    asked = set(
        Consent.objects.visible_to(viewer)
        .filter(proposal__issue__in={p.issue_id for p in records["position"].values()})
        .values_list("proposal__issue_id", "actor_id")
    )
    contested = _contested(records, viewer)
    for card in cards:
        record: Any = card.record
        match card.noun:
            case "event":
                card.side = sides.get(record.pk)
            case "proposal":
                card.side = proposers.get(record.pk)
            case "position":
                card.side = record.actor.side
                card.needs_consent = (record.issue_id, record.actor_id) in asked
            case "commitment":
                card.side = record.debtor.side
            case "affiliation":
                card.side = record.member.side
        card.contested = record is not None and (card.noun, record.pk) in contested


def _sides(events: dict[int, Event], viewer: Viewer) -> dict[int, Side | None]:
    """The side of the foremost actor in each event that has one."""
    rows = Participation.objects.visible_to(viewer).filter(
        event__in=events, role__in=Participation.ACTING, actor__side__isnull=False
    )
    rows = rows.order_by("id")
    order = list(Participation.ACTING)
    found: dict[int, Side | None] = {}
    for row in sorted(rows.select_related("actor__side"), key=lambda r: order.index(r.role)):
        found.setdefault(row.event_id, row.actor.side)
    return found


def _proposers(proposals: dict[int, Proposal], viewer: Viewer) -> dict[int, Side]:
    rows = Proposer.objects.visible_to(viewer).filter(proposal__in=proposals)
    found: dict[int, Side] = {}
    for row in rows.select_related("actor__side").order_by("id"):
        if row.actor.side is not None:
            found.setdefault(row.proposal_id, row.actor.side)
    return found


def _contested(records: dict[str, dict[int, Any]], viewer: Viewer) -> set[tuple[str, int]]:
    """Those with evidence both ways, or in an open conflict; noun and key."""
    named = Q(pk__in=())
    for noun in CONTESTED:
        named |= Q(**{f"{noun}__in": records[noun]})
    keys = [f"{noun}_id" for noun in CONTESTED]
    bearings: dict[tuple[str, int], set[str]] = defaultdict(set)
    said = Evidence.objects.visible_to(viewer).filter(named).order_by()
    for *ids, bearing in said.values_list(*keys, "bearing"):
        for noun, key in zip(CONTESTED, ids, strict=True):
            if key is not None:
                bearings[noun, key].add(bearing)
    still_open = Conflict.objects.visible_to(viewer).filter(status=Conflict.Status.OPEN)
    members = ConflictMember.objects.filter(named, conflict__in=still_open.values("pk"))
    both = {key for key, found in bearings.items() if len(found) > 1}
    for ids in members.order_by().values_list(*keys):
        both |= {(n, key) for n, key in zip(CONTESTED, ids, strict=True) if key is not None}
    return both


@dataclass(slots=True)
class Resting:
    """A record that rests on the source, and on which passages of it: ref and paragraph."""

    record: Record
    passages: dict[str, int] = field(default_factory=dict)
    is_disputed: bool = False


def resting_on(cards: Iterable[Card]) -> list[tuple[str, list[Resting]]]:
    """The records of `cards`, by noun, each with its passages in order."""
    by_noun: dict[str, dict[int, Resting]] = defaultdict(dict)
    for card in cards:
        if card.record is None:
            continue
        resting = by_noun[card.noun].setdefault(card.record.pk, Resting(card.record))
        resting.passages[card.mark] = card.paragraph
        resting.is_disputed |= card.is_disputed
    return [(noun, list(by_noun[noun].values())) for noun in GROUPS if noun in by_noun]
