"""What the reader of a source shows: its text cut into marks, and a card for each record there.

A visitor reads only the words that are cited; drafts, suggestions and the whole text are for
members.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Prefetch, Q

from events import marks
from events.forms.reader import ReaderForm
from events.marks import Mark, Paragraph, Sort
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
)
from events.suggestions import Review, review_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.models import Record, Side, Source, SourceText
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
    Prefetch("link", Link.objects.select_related("from_event", "to_event")),
)

LISTED = 200
"""Paragraphs that the outline lists one by one; of a longer text only those with marks."""


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


@dataclass(slots=True)
class Line:
    """A paragraph in the outline: the kinds marked in it, and how many marks begin there."""

    number: int
    kinds: list[str] = field(default_factory=list)
    marks: int = 0
    open: int = 0

    @property
    def swatches(self) -> list[str]:
        """The kinds in the order of the outline."""
        return sorted(self.kinds, key=list(ReaderForm.KINDS).index)


@dataclass(slots=True)
class Block:
    """Paragraphs that stand open, or are folded as one."""

    paragraphs: list[Paragraph]
    is_folded: bool
    marks: int = 0

    @property
    def name(self) -> str:
        """ "Paragraphs 1 and 2", "Paragraphs 3 to 7", "Paragraph 4"."""
        first, last = self.paragraphs[0].number, self.paragraphs[-1].number
        if first == last:
            return f"Paragraph {first}"
        return f"Paragraphs {first} {'and' if last == first + 1 else 'to'} {last}"


@dataclass(slots=True)
class Reading:
    """One text of a source as one viewer reads it."""

    text: SourceText | None
    cards: list[Card] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    review: Review = field(default_factory=Review)
    lines: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    counts: list[tuple[str, str, int, bool]] = field(default_factory=list)
    """Of each kind: value, name, records (or open suggestions), whether it is shown."""

    @property
    def outline(self) -> list[Line]:
        """The paragraphs that the outline lists."""
        if len(self.lines) <= LISTED:
            return self.lines
        return [line for line in self.lines if line.marks or line.open]

    @property
    def is_long(self) -> bool:
        """Whether what is far from the window should not be laid out until it comes near."""
        return len(self.paragraphs) > 2 * LISTED

    @property
    def record_count(self) -> int:
        """How many records rest on the text."""
        return len({card.record.ref for card in self.cards if card.record})

    @property
    def accepted_share(self) -> int:
        """Percent of all suggestions."""
        return round(100 * self.review.accepted / self.review.total)

    @property
    def rejected_share(self) -> int:
        """Percent of all suggestions."""
        return round(100 * self.review.rejected / self.review.total)


def read(source: Source, viewer: Viewer, form: ReaderForm, *, suggests: bool = True) -> Reading:
    """The newest text of `source` with what rests on it; a fixed number of queries.

    Without `suggests` no suggestions are looked for: only the reader itself shows them.
    """
    text = source.current_text
    if text is None:
        return Reading(None)
    # Both are at hand, and need not be asked for again.
    text.source, text.dossier = source, viewer.dossier
    passages = passages_of(text, viewer)
    words = text.text if viewer.is_member else excerpts(text.text, passages)
    cards = cards_of(passages, viewer)
    review = review_of(text, viewer) if suggests else Review()
    cut = _marks(passages, cards, form.shown)
    for card, found in suggested(review.open):
        cards.append(card)
        card.is_off = "suggestion" not in form.shown
        cut += [replace(mark, kind="off") if card.is_off else mark for mark in found]
    paragraphs = marks.paragraphs(words, [*cut, *marks.found_in(words)])
    cards.sort(key=lambda card: card.start)
    for card in cards:
        card.paragraph = marks.number_at(paragraphs, card.start)
    reading = Reading(text, cards, paragraphs, review)
    reading.lines = _lines(reading)
    reading.blocks = _blocks(reading, is_folded=form.is_folded and viewer.may_edit)
    reading.counts = _counts(reading, form.shown)
    return reading


def passages_of(text: SourceText, viewer: Viewer) -> list[Passage]:
    """The passages of `text` that this viewer may see, in the order of the text.

    Visitors are told whose words they are by the evidence; whom only the passage names, whom they
    may not see elsewhere, is left out.
    """
    rows = text.passages.visible_to(viewer).order_by("start", "-end", "id")
    if viewer.is_member:
        return list(rows.select_related("speaker__side"))
    found = list(rows)
    for passage in found:
        passage.speaker = None
    return found


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


def excerpts(text: str, passages: list[Passage]) -> str:
    """The words of `passages` (by start) and nothing else of `text`, a paragraph for each run.

    A text is often somebody's whole article, which we may quote but not publish; so visitors get
    what is cited. Moves the passages, in memory, to where their words stand in what is returned.
    """
    runs: list[str] = []
    length = end = 0
    for passage in passages:
        if not runs or passage.start >= end:
            length += len(runs[-1]) + 1 if runs else 0
            runs.append("")
            begin = end = passage.start
        runs[-1] += text[max(end, passage.start) : passage.end]
        end = max(end, passage.end)
        passage.start += length - begin
        passage.end += length - begin
    return "\n".join(runs)


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
    """The record that a piece of evidence leads to; who took part is shown with the event."""
    target = item.target
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


def _marks(passages: list[Passage], cards: list[Card], shown: frozenset[str]) -> list[Mark]:
    """The passages as marks: each of the first of its kinds that is shown, else "off"."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for card in cards:
        card.is_off = card.kind not in shown
        kinds[card.mark].append("off" if card.is_off else card.kind)
    order = [*dict.fromkeys(KINDS.values()), "off"]
    # What visitors see as a side of a conflict has no card.
    rest = ["other" if "other" in shown else "off"]
    return [
        Mark(
            p.start,
            p.end,
            p.ref,
            min(kinds.get(p.ref, rest), key=order.index),
            card=f"card-{p.ref}" if p.ref in kinds else "",
            number=number,
        )
        for number, p in enumerate(passages, 1)
    ]


def _lines(reading: Reading) -> list[Line]:
    lines = [Line(paragraph.number) for paragraph in reading.paragraphs]
    for card in reading.cards:
        line = lines[card.paragraph - 1]
        if card.suggestion:
            line.open += 1
        else:
            line.marks += 1
        if card.kind not in line.kinds:
            line.kinds.append(card.kind)
    for start in reading.review.waiting:
        # What comes when others are decided is left to review all the same.
        lines[marks.number_at(reading.paragraphs, start) - 1].open += 1
    return lines


def _blocks(reading: Reading, *, is_folded: bool) -> list[Block]:
    """The paragraphs as they are shown; without folding they are one block."""
    if not is_folded:
        return [Block(reading.paragraphs, is_folded=False)] if reading.paragraphs else []
    blocks: list[Block] = []
    for paragraph, line in zip(reading.paragraphs, reading.lines, strict=True):
        done = line.open == 0
        if not blocks or blocks[-1].is_folded != done:
            blocks.append(Block([], is_folded=done))
        blocks[-1].paragraphs.append(paragraph)
        blocks[-1].marks += line.marks
    return blocks


def _counts(reading: Reading, shown: frozenset[str]) -> list[tuple[str, str, int, bool]]:
    """The rows of the outline: the four main kinds always, others where there are any."""
    found: dict[str, set[str]] = {kind: set() for kind in ReaderForm.KINDS}
    for card in reading.cards:
        found[card.kind].add(card.record.ref if card.record else card.mark)
    counts = {kind: len(names) for kind, names in found.items()}
    counts["suggestion"] += len(reading.review.waiting)
    return [
        (kind, name, counts[kind], kind in shown)
        for kind, name in ReaderForm.KINDS.items()
        if found[kind] or kind in CONTESTED
    ]


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


def misplaced(source: Source, viewer: Viewer) -> dict[str, int]:
    """How many passages of `source` were lost, and how many moved and want a look; {} for none."""
    rows = Passage.objects.visible_to(viewer).filter(source_text__source=source).order_by()
    unsure = rows.filter(state__in=Passage.UNSURE)
    found = dict(unsure.values_list("state").annotate(Count("pk")))
    return {str(state): found.get(state, 0) for state in Passage.UNSURE} if found else {}
