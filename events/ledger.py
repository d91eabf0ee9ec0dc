"""Everything one actor stated on one issue, newest first: in which words, who said it, in which
office then, under what condition, and what it moved from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import F, Func, IntegerField, Q

from events import dates, matrix, stood
from events.models import (
    Actor,
    Affiliation,
    Conflict,
    ConflictMember,
    Evidence,
    Issue,
    Position,
    Proposal,
)
from events.negotiation import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.matrix import Cell
    from events.roles import Viewer

SHOWN = 200
"""Most statements of a ledger; more are counted."""

OTHERS = 12
"""Most other actors beside it."""


@dataclass(slots=True)
class Words:
    """Words that bear on a statement, and where they stand. `speaker` is "" where it is who the
    statement names; `is_said` is False for a paraphrase or an inference."""

    text: str
    passage: Any
    source: str
    paragraph: int
    speaker: str
    bearing: str
    manner: str
    manner_words: str
    is_said: bool


@dataclass(slots=True)
class Entry:
    """One statement with what it rests on. `voice` is who said it, "" where nobody is named."""

    position: Position
    when: str = ""
    event: Any = None
    voice: str = ""
    voice_key: int | None = None
    office: str = ""
    is_for: bool = False
    words: list[Words] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    contested: bool = False
    earlier: Position | None = None

    @property
    def from_act(self) -> bool:
        """Whether it was read from what somebody did, not from what anybody said."""
        bearing = [one for one in self.words if one.bearing == "supports"]
        return bool(bearing) and all(one.manner == Evidence.Manner.INFERRED for one in bearing)


@dataclass(slots=True)
class Ledger:
    """The ledger of a cell. `previous` and `next` are issues that the actor speaks of as well."""

    actor: Actor
    issue: Issue
    cell: Cell
    proposal: Proposal | None
    entries: list[Entry]
    count: int
    others: list[tuple[Actor, Cell]]
    more_others: int
    previous: str = ""
    next: str = ""
    moved: str = ""


def read(viewer: Viewer, actor_ref: str, issue_ref: str) -> Ledger | None:
    """The ledger of the actor and the issue of these refs; None where `viewer` sees no such."""
    actor = Actor.objects.visible_to(viewer).filter(ref=actor_ref).select_related("side").first()
    issue = Issue.objects.visible_to(viewer).filter(ref=issue_ref).first()
    if actor is None or issue is None:
        return None
    of_issue = matrix.cells_of(viewer, Q(issue=issue.pk))
    cell = of_issue.pop((actor.pk, issue.pk), matrix.Cell())
    entries = _entries(viewer, actor, issue)
    others = _others(viewer, of_issue)
    proposal = Proposal.objects.visible_to(viewer).filter(issue=issue).first()
    found = Ledger(
        actor,
        issue,
        cell,
        proposal,
        entries,
        cell.count,
        others[:OTHERS],
        max(0, len(others) - OTHERS),
    )
    found.previous, found.next = _neighbours(viewer, actor, issue)
    found.moved = _moved(found)
    return found


# --- Statements


def _entries(viewer: Viewer, actor: Actor, issue: Issue) -> list[Entry]:
    of_cell = Q(actor=actor.pk, issue=issue.pk)
    rows = stood.in_time(viewer, of_cell).newest_first()
    found = stood.statements(rows[:SHOWN])
    events = {one.event for one in found if one.event is not None}
    ordered = in_order(found, stood.order_among(viewer, events) if len(events) > 1 else ())
    keys = [one.key for one in reversed(ordered)]
    positions = Position.objects.filter(pk__in=keys).with_contested(viewer, keys)
    by_key = {
        one.pk: one
        for one in positions.select_related("event", "voiced_by", "addressee").order_by()
    }
    seen = {one.key: one.event for one in ordered}
    entries = []
    for key in keys:
        position = by_key[key]
        event = position.event if seen[key] is not None else None
        entry = Entry(position, _when(viewer, event), event, contested=position.contested)
        entry.earlier = by_key.get(position.shifts_from_id)
        entries.append(entry)
    _add_voices(viewer, actor, entries)
    _add_words(viewer, entries)
    _add_conflicts(viewer, entries)
    return entries


def _when(viewer: Viewer, event: Any) -> str:
    if event is None:
        return ""
    zone = viewer.dossier.time_zone
    return dates.short_label(event.when_edtf, text=event.when_text, zone=zone)


def _add_voices(viewer: Viewer, actor: Actor, entries: list[Entry]) -> None:
    """Who said it, and in which office then: as far as the day is known."""
    members = {actor.pk} | {entry.position.voiced_by_id for entry in entries} - {None}
    held = Affiliation.objects.visible_to(viewer).filter(member__in=members)
    offices: dict[int, list[Any]] = defaultdict(list)
    for office in held.select_related("body").order_by("held_earliest", "pk"):
        offices[office.member_id].append(office)
    for entry in entries:
        other = entry.position.voiced_by
        who = other if other is not None else actor
        entry.is_for = other is not None and other.pk != actor.pk
        if entry.is_for or who.kind == Actor.Kind.PERSON:
            entry.voice, entry.voice_key = who.name, who.pk
            entry.office = office_at(offices[who.pk], entry.event)


def office_at(held: Iterable[Any], event: Any) -> str:
    """The title or body of the office held when `event` took place, "" where that is not known:
    "Secretary of State". Of several the one with a title, then the one taken last."""
    if event is None or (event.earliest is None and event.latest is None):
        return ""
    first = event.latest - 1 if event.earliest is None else event.earliest
    last = first if event.latest is None else event.latest - 1
    found = ""
    for office in held:
        began = office.held_earliest is None or office.held_earliest <= last
        ended = office.held_latest is not None and office.held_latest <= first
        if began and not ended and (office.title or not found):
            found = office.title or office.body.called
    return found


class _Paragraph(Func):
    """Number of the paragraph of a text in which an offset lies: lines that are not blank."""

    template = "greatest(regexp_count(left(%(expressions)s + 1), '^[^\\n]*\\S', 1, 'n'), 1)"
    output_field = IntegerField()


def _add_words(viewer: Viewer, entries: list[Entry]) -> None:
    """The words each rests on, for it first. One query, without the texts they stand in."""
    by_key = {entry.position.pk: entry for entry in entries}
    rows = Evidence.objects.visible_to(viewer).filter(position__in=by_key)
    rows = rows.annotate(paragraph=_Paragraph(F("passage__source_text__text"), F("passage__start")))
    rows = rows.select_related("passage", "speaker").annotate(
        source=F("passage__source_text__source__ref"), number=F("passage__source_text__number")
    )
    for item in rows.order_by("-bearing", "pk"):
        entry = by_key[item.position_id or 0]
        is_said = item.manner in (Evidence.Manner.DIRECT_QUOTE, Evidence.Manner.PARTIAL_QUOTE)
        entry.words.append(
            Words(
                item.words,
                item.passage,
                item.source,
                item.paragraph,
                item.speaker.called if item.speaker and item.speaker_id != entry.voice_key else "",
                item.bearing,
                item.manner,
                item.get_manner_display(),
                is_said,
            )
        )


def _add_conflicts(viewer: Viewer, entries: list[Entry]) -> None:
    """The open conflicts that name each."""
    by_key = {entry.position.pk: entry for entry in entries}
    still_open = Conflict.objects.visible_to(viewer).filter(status=Conflict.Status.OPEN)
    rows = ConflictMember.objects.filter(position__in=by_key, conflict__in=still_open.values("pk"))
    for member in rows.select_related("conflict").order_by("pk"):
        by_key[member.position_id or 0].conflicts.append(member.conflict)


# --- What stands around it


def _others(viewer: Viewer, cells: dict[tuple[int, int], Cell]) -> list[tuple[Actor, Cell]]:
    """The other actors with a stance on the issue, or whose answer is awaited, by side."""
    telling = {actor: cell for (actor, _), cell in cells.items() if cell.stance != matrix.NOTHING}
    rows = Actor.objects.filter(dossier=viewer.dossier, pk__in=telling).select_related("side")
    order = (F("side__order").asc(nulls_last=True), "side_id", "name", "pk")
    return [(actor, telling[actor.pk]) for actor in rows.order_by(*order)]


def _neighbours(viewer: Viewer, actor: Actor, issue: Issue) -> tuple[str, str]:
    """The refs of the issues before and after this one on which the actor stated something."""
    stated = Position.objects.visible_to(viewer).filter(actor=actor.pk).order_by()
    keys = set(stated.values_list("issue_id", flat=True).distinct()) | {issue.pk}
    tree = matrix.in_tree(list(Issue.objects.filter(dossier=viewer.dossier)))
    refs = [one.ref for one in tree if one.pk in keys]
    if issue.ref not in refs:
        return "", ""
    at = refs.index(issue.ref)
    return (refs[at - 1] if at else "", refs[at + 1] if at + 1 < len(refs) else "")


def _moved(found: Ledger) -> str:
    """ "11 Mar 2025": when the latest stance was taken, "" where it moved from none."""
    place = found.cell.standing
    if place is None or not found.cell.before:
        return ""
    return next((e.when for e in found.entries if e.position.pk == place.latest.key), "")
