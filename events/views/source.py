"""Pages of sources: the list, and one with its text and the records that rest on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Prefetch

from events import marks
from events.models import (
    Affiliation,
    Evidence,
    Link,
    Participation,
    Passage,
    Position,
    Proposal,
    Source,
)
from events.views.cited import said_date
from events.views.records import RecordDetail, RecordList

if TYPE_CHECKING:
    from events.models import Record

KINDS = {
    "position": "position",
    "commitment": "commitment",
    "proposal": "proposal",
    "event": "event",
    "participation": "event",
    "link": "event",
    "affiliation": "other",
    "conflict": "other",
}
"""What a passage is marked as, by what it is evidence for; the first that fits."""

GROUPS = ("event", "position", "commitment", "proposal", "link", "affiliation", "conflict")

TARGETS = (
    "event",
    "commitment",
    "conflict",
    Prefetch("position", Position.objects.select_related("actor__side", "issue")),
    Prefetch("proposal", Proposal.objects.select_related("issue")),
    Prefetch("affiliation", Affiliation.objects.select_related("member", "body")),
    Prefetch("participation", Participation.objects.select_related("event")),
    Prefetch("link", Link.objects.select_related("from_event", "to_event")),
)


@dataclass(slots=True)
class Resting:
    """A record that rests on the source, and on which passages of it: ref and paragraph."""

    record: Record
    passages: dict[str, int] = field(default_factory=dict)
    is_disputed: bool = False


class SourceList(RecordList):
    """The sources in the order they were added."""

    def extra(self, rows: list[Source]) -> dict[str, Any]:
        """Dates in words, and how many passages each has that this viewer may see."""
        passages = Passage.objects.visible_to(self.request.viewer).order_by()
        passages = passages.filter(source_text__source__in=rows)
        counts = dict(passages.values_list("source_text__source").annotate(Count("pk")))
        for source in rows:
            source.passage_count = counts.get(source.pk, 0)
            source.shown_published = said_date(
                source.published_text, source.published_edtf, self.request.dossier
            )
        return {}


class SourceDetail(RecordDetail):
    """One source: what it is, its newest text with the passages cited, what rests on them."""

    related = ("translation_of",)
    panels = "events/source_detail.html#resting"

    def extra(self, record: Source) -> dict[str, Any]:
        text = record.current_text
        published = said_date(record.published_text, record.published_edtf, self.request.dossier)
        found: dict[str, Any] = {"text": text, "shown_published": published}
        if text is None:
            return found | {"paragraphs": [], "groups": [], "resting_count": 0}
        viewer = self.request.viewer
        seen = text.passages.visible_to(viewer).order_by("start", "id")
        passages = {p.pk: p for p in seen}
        words = text.text if viewer.is_member else excerpts(text.text, list(seen))
        evidence = Evidence.objects.visible_to(viewer).filter(passage__source_text=text)
        evidence = list(evidence.order_by("passage__start", "id").prefetch_related(*TARGETS))
        kinds: dict[int, str] = {}
        order = list(KINDS)
        for item in evidence:
            noun = item.target._meta.model_name
            known = kinds.get(item.passage_id, order[-1])
            kinds[item.passage_id] = min(known, noun, key=order.index)
        cited = [
            marks.Cited(p.start, p.end, p.ref, KINDS[kinds[p.pk]] if p.pk in kinds else "other")
            for p in passages.values()
        ]
        paragraphs = marks.paragraphs(words, cited)
        groups = resting_on(evidence, passages, paragraphs)
        count = sum(len(group) for _, group in groups)
        spare = [p for p in passages.values() if p.pk not in kinds and viewer.is_member]
        for passage in spare:
            passage.at = marks.number_at(paragraphs, passage.start)
        found |= {"paragraphs": paragraphs, "groups": groups, "resting_count": count}
        return found | {"spare": spare}


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


def resting_on(
    evidence: list[Evidence], passages: dict[int, Passage], paragraphs: list[marks.Paragraph]
) -> list[tuple[str, list[Resting]]]:
    """The records that the evidence is about, by noun, each with its passages in order."""
    by_noun: dict[str, dict[int, Resting]] = {}
    for item in evidence:
        record = item.target
        if isinstance(record, Participation):
            record = record.event
        group = by_noun.setdefault(record._meta.model_name, {})
        resting = group.setdefault(record.pk, Resting(record))
        passage = passages[item.passage_id]
        resting.passages[passage.ref] = marks.number_at(paragraphs, passage.start)
        resting.is_disputed |= item.bearing == Evidence.Bearing.DISPUTES
    nouns = [noun for noun in GROUPS if noun in by_noun]
    return [(noun, list(by_noun[noun].values())) for noun in nouns]
