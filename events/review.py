"""The review queue: what waits for review or publication, and moving several records at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, Q, Value

from events import history
from events.forms.actor import AffiliationForm
from events.forms.commitment import CommitmentForm
from events.forms.event import EventForm
from events.forms.labels import labels_of
from events.forms.link import LinkForm
from events.forms.position import PositionForm
from events.forms.proposal import ProposalForm
from events.models import (
    Affiliation,
    Commitment,
    Event,
    Evidence,
    Link,
    Position,
    Proposal,
    Reviewable,
)
from events.models.base import ReviewRefused

if TYPE_CHECKING:
    import datetime as dt

    from events.forms.records import RecordForm
    from events.models import Dossier, User
    from events.roles import Viewer

PER_PAGE = 30
COUNTED = 1000
"""The queue is counted up to here; beyond, it is "1,000+"."""

KINDS: dict[type[Reviewable], tuple[type[RecordForm], tuple[str, ...]]] = {
    Event: (EventForm, ()),
    Position: (PositionForm, ("actor", "issue")),
    Commitment: (CommitmentForm, ()),
    Proposal: (ProposalForm, ("issue",)),
    Link: (LinkForm, ("from_event", "to_event")),
    Affiliation: (AffiliationForm, ("member", "body")),
}
"""What is reviewed, in the order of "by kind": its form, which names the fields, and what its
headline needs."""

_MODELS = tuple(KINDS)
_UNDONE = (Reviewable.State.DRAFT, Reviewable.State.REVIEWED)


class Mark(NamedTuple):
    """Where in the queue a record stands: its last change, its kind's place, its id."""

    at: dt.datetime
    rank: int
    pk: int


@dataclass(slots=True)
class Waiting:
    """A record of the queue, and what a reviewer wants to know of it before reading."""

    record: Any
    noun: str
    kind: str
    writer: str
    written_at: dt.datetime | None
    is_own: bool
    was_published: bool
    changed: list[str]
    evidence: int

    @property
    def chosen_as(self) -> str:
        """What a form sends for the record: its ref and the version that was on the page."""
        return f"{self.record.ref}:{self.record.version}"

    @property
    def may_be_chosen(self) -> bool:
        """Whether something is left to do that this viewer may do."""
        return not self.is_own and self.record.state != Reviewable.State.PUBLISHED


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue, and the marks to go on from (None where there is no more)."""

    rows: list[Waiting]
    after: Mark | None
    before: Mark | None
    count: int

    @property
    def counted(self) -> str:
        """ "3 records wait", "1,000+ records wait"."""
        if self.count > COUNTED:
            return f"{COUNTED:,}+ records wait"
        return f"{self.count} record{' waits' if self.count == 1 else 's wait'}"


def queue(
    viewer: Viewer, *, by_kind: bool = False, mark: Mark | None = None, forward: bool = True
) -> Queue:
    """The page of the queue after `mark` (before it, unless `forward`): oldest change first."""
    order = ["rank", "updated_at", "id"] if by_kind else ["updated_at", "rank", "id"]
    parts = [
        _part(viewer, rank, by_kind, mark, forward).order_by(
            *(name if forward else f"-{name}" for name in ("updated_at", "id"))
        )[: PER_PAGE + 1]
        for rank in range(len(_MODELS))
    ]
    ordered = parts[0].union(*parts[1:], all=True).order_by(*order)
    found = [Mark(*row) for row in (ordered if forward else ordered.reverse())[: PER_PAGE + 1]]
    more, found = len(found) > PER_PAGE, found[:PER_PAGE]
    if not forward:
        found.reverse()
    has_next, has_previous = (more, mark is not None) if forward else (mark is not None, more)
    return Queue(
        rows=about(_load(viewer, found), viewer),
        after=found[-1] if found and has_next else None,
        before=found[0] if found and has_previous else None,
        count=_count(viewer),
    )


def about(records: list[Any], viewer: Viewer) -> list[Waiting]:
    """The records with who wrote them last, what differs from what was published, and how much
    evidence they have; two queries."""
    if not records:
        return []
    written, evidence = _written(records), _evidence(records)
    labels = {model: labels_of(model, KINDS[model][0]) for model in {type(r) for r in records}}
    rows = []
    for record in records:
        key = (record._meta.db_table, record.pk)
        writer = written[key]
        before, now = writer.published or {}, writer.row or {}
        differing = [c for c in labels[type(record)] if before.get(c) != now.get(c)]
        names = dict.fromkeys(labels[type(record)][column].field for column in differing)
        name = str(record._meta.verbose_name)
        rows.append(
            Waiting(
                record=record,
                noun=str(record._meta.model_name),
                kind=name[0].upper() + name[1:],
                writer=writer.name,
                written_at=writer.at,
                is_own=writer.user == viewer.user.pk and not viewer.may_own,
                was_published=writer.published is not None,
                changed=list(names) if writer.published else [],
                evidence=evidence.get(key, 0),
            )
        )
    return rows


def move(dossier: Dossier, verb: str, chosen: dict[str, int], *, by: User) -> list[Any]:
    """Let the records of `chosen` (ref to the version that was read) do `verb`: all or none.

    `verb` is "review" or "publish". Run inside `history.recording()`, which makes it one
    revision. Raises ReviewRefused with everything that stands in the way.
    """
    found: list[Any] = []
    for model in _MODELS:
        refs = [ref for ref in chosen if ref.rstrip("0123456789") == model.ref_prefix]
        rows = model.objects.within(dossier).filter(ref__in=refs) if refs else []
        # In one order for everybody, so that two who publish the same cannot block each other.
        found += sorted(rows, key=lambda record: record.pk)
    missing = sorted(set(chosen) - {record.ref for record in found})
    problems = [f"There is no {ref} to review any more." for ref in missing]
    for record in found:
        try:
            getattr(record, verb)(by=by, base_version=chosen[record.ref])
        except ReviewRefused as problem:
            problems.append(str(problem))
    if problems:
        raise ReviewRefused(" ".join(problems))
    return found


def _part(viewer: Viewer, rank: int, by_kind: bool, mark: Mark | None, forward: bool) -> Any:
    """The marks of one kind that lie beyond `mark`."""
    rows = _MODELS[rank].objects.visible_to(viewer).filter(state__in=_UNDONE)
    if mark is not None:
        rows = rows.filter(_beyond(rank, by_kind, mark, forward))
    return rows.annotate(rank=Value(rank)).values_list("updated_at", "rank", "id")


def _beyond(rank: int, by_kind: bool, mark: Mark, forward: bool) -> Q:
    later = "gt" if forward else "lt"
    further = rank > mark.rank if forward else rank < mark.rank
    if rank == mark.rank:
        same_time = Q(updated_at=mark.at, **{f"id__{later}": mark.pk})
        return Q(**{f"updated_at__{later}": mark.at}) | same_time
    if by_kind:
        return Q() if further else Q(pk__in=[])
    return Q(**{f"updated_at__{later}{'e' if further else ''}": mark.at})


def _count(viewer: Viewer) -> int:
    """How many records wait, at most one more than COUNTED."""
    parts: list[Any] = [
        model.objects.visible_to(viewer)
        .filter(state__in=_UNDONE)
        .order_by()
        .values_list("pk")[: COUNTED + 1]
        for model in _MODELS
    ]
    return min(int(parts[0].union(*parts[1:], all=True).count()), COUNTED + 1)


def _load(viewer: Viewer, marks: list[Mark]) -> list[Any]:
    """The records of `marks` in their order; one query for each kind on the page."""
    rows: dict[tuple[int, int], Any] = {}
    for rank in {mark.rank for mark in marks}:
        model = _MODELS[rank]
        keys = [mark.pk for mark in marks if mark.rank == rank]
        for record in model.objects.filter(pk__in=keys).select_related(*KINDS[model][1] or [None]):
            record.dossier = viewer.dossier
            rows[rank, record.pk] = record
    return [rows[mark.rank, mark.pk] for mark in marks if (mark.rank, mark.pk) in rows]


class _Written(NamedTuple):
    """Who last changed the words of a record, what it says, and what it said when published."""

    user: int | None
    name: str
    at: dt.datetime | None
    row: dict[str, Any] | None
    published: dict[str, Any] | None


def _written(records: list[Any]) -> dict[tuple[str, int], _Written]:
    """One query for all; each record's own changes are read from the newest back."""
    keys = [(record._meta.db_table, record.pk) for record in records]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT k.tab, k.pk, last.author_id,
                   coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username),
                   last.sealed_at, last.after, shown.after
            FROM unnest(%s::text[], %s::bigint[]) k(tab, pk)
            LEFT JOIN LATERAL (
                SELECT c.after, r.author_id, r.sealed_at
                FROM events_change c JOIN events_revision r ON r.id = c.revision_id
                WHERE c."table" = k.tab AND c.record_id = k.pk AND {history.WORDS_CHANGED}
                ORDER BY c.id DESC LIMIT 1
            ) last ON true
            LEFT JOIN LATERAL (
                SELECT c.after FROM events_change c
                WHERE c."table" = k.tab AND c.record_id = k.pk AND c.after->>'state' = 'published'
                ORDER BY c.id DESC LIMIT 1
            ) shown ON true
            LEFT JOIN events_user u ON u.id = last.author_id
            """,
            [[table for table, _ in keys], [pk for _, pk in keys]],
        )
        rows = cursor.fetchall()
    return {
        (table, pk): _Written(user, name or "", at, history.as_json(row), history.as_json(shown))
        for table, pk, user, name, at, row, shown in rows
    }


def _evidence(records: list[Any]) -> dict[tuple[str, int], int]:
    """How many pieces of evidence each record has; one query."""
    by_noun: dict[str, list[int]] = {}
    tables: dict[str, str] = {}
    for record in records:
        noun = str(record._meta.model_name)
        by_noun.setdefault(noun, []).append(record.pk)
        tables[noun] = record._meta.db_table
    wanted = Q(pk__in=[])
    for noun, keys in by_noun.items():
        wanted |= Q(**{f"{noun}__in": keys})
    nouns = list(by_noun)
    counted = Evidence.objects.filter(wanted).order_by().values_list(*(F(n) for n in nouns))
    found: dict[tuple[str, int], int] = {}
    for *keys, count in counted.annotate(n=Count("pk")):
        for noun, key in zip(nouns, keys, strict=True):
            if key is not None:
                found[tables[noun], key] = count
    return found
