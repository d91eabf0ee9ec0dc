"""What conflicts: the sides of a conflict, and records that evidence contests without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from events.forms import lookup
from events.models import (
    Commitment,
    ConflictMember,
    Event,
    Evidence,
    Passage,
    Position,
    Proposal,
    ReadoutPassage,
    ReadoutPoint,
)
from events.views.cited import said_when
from events.views.rows import may_see

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.models import Conflict, Record
    from events.roles import Viewer

SIDES = 6
"""Most sides of a conflict in the list; its own page has all."""

SCANNED = 200
"""Disputing evidence, the newest first, in which contested records are looked for."""


def _targets(viewer: Viewer) -> dict[str, Any]:
    """What may conflict, by noun, each with what its card shows."""
    positions = Position.objects.with_answers(viewer)
    return {
        "event": Event.objects.all(),
        "commitment": Commitment.objects.select_related("event"),
        "position": positions.select_related("actor__side", "issue", "event"),
        "proposal": Proposal.objects.select_related("issue", "tabled_in"),
        "passage": Passage.objects.prefetch_related("source_text__source"),
    }


def sides_of(conflicts: list[Conflict], viewer: Viewer, shown: int) -> None:
    """Give each conflict `sides`: its members that `viewer` may see, each with its noun, when it
    was, and the first `shown` pieces of evidence it rests on. A fixed number of queries."""
    targets = [Prefetch(noun, rows) for noun, rows in _targets(viewer).items()]
    members = ConflictMember.objects.visible_to(viewer).filter(conflict__in=conflicts)
    by_key: dict[int, list[ConflictMember]] = {}
    for member in _dressed(members.order_by("id").prefetch_related(*targets), viewer, shown):
        by_key.setdefault(member.conflict_id, []).append(member)
    for conflict in conflicts:
        conflict.sides = by_key.get(conflict.pk, [])
        conflict.more_sides = max(0, len(conflict.sides) - SIDES)


def would_be_sides(records: list[Record], viewer: Viewer, shown: int) -> list[ConflictMember]:
    """The same of records and passages that are no conflict yet."""
    targets = _targets(viewer)
    members = []
    for record in records:
        noun = str(record._meta.model_name)
        members.append(ConflictMember(**{noun: targets[noun].get(pk=record.pk)}))
    return _dressed(members, viewer, shown)


def _dressed(rows: Iterable[ConflictMember], viewer: Viewer, shown: int) -> list[ConflictMember]:
    members = list(rows)
    for member in members:
        member.noun = next(n for n in member.TARGETS if getattr(member, f"{n}_id") is not None)
        member.shown_when = _when(member, viewer)
    said = _evidence([(member.noun, member.target.pk) for member in members], viewer)
    for member in members:
        found = said.get((member.noun, member.target.pk), [])
        member.said, member.more = found[:shown], max(0, len(found) - shown)
    return members


def compared_in(members: list[ConflictMember], viewer: Viewer) -> list[ReadoutPoint]:
    """The points of readouts on which two of the passages are words of different accounts."""
    passages = [member.passage_id for member in members if member.passage_id is not None]
    said = ReadoutPassage.objects.visible_to(viewer).filter(passage__in=passages)
    accounts: dict[ReadoutPoint, set[int]] = {}
    for item in said.select_related("point__event").order_by("point__event", "point__number"):
        accounts.setdefault(item.point, set()).add(item.readout_id)
    return [point for point, readouts in accounts.items() if len(readouts) > 1]


def _when(member: ConflictMember, viewer: Viewer) -> str:
    """When a side was said or done, "" where that is not known or not for this viewer."""
    target: Any = member.target
    event = {
        "event": target,
        "proposal": getattr(target, "tabled_in", None),
    }.get(member.noun, getattr(target, "event", None))
    return said_when(event if event and may_see(viewer, event) else None, viewer.dossier)


def _evidence(
    keys: list[tuple[str, int]], viewer: Viewer, *, named: bool = False
) -> dict[tuple[str, int], list[Evidence]]:
    """The evidence of records, supporting first; one query for each noun, `named` for what the
    records are called as well."""
    found: dict[tuple[str, int], list[Evidence]] = {}
    for noun in Evidence.TARGETS:
        of_noun = [key for its, key in keys if its == noun]
        if not of_noun:
            continue
        rows = Evidence.objects.visible_to(viewer).filter(**{f"{noun}__in": of_noun})
        rows = rows.select_related("speaker").prefetch_related("passage__source_text__source")
        if named:
            target: Any = Evidence._meta.get_field(noun).related_model
            names = target.objects.select_related(*lookup.related(target))
            rows = rows.prefetch_related(Prefetch(noun, names))
        for item in rows.order_by("-bearing", "id"):
            found.setdefault((noun, getattr(item, f"{noun}_id")), []).append(item)
    return found


def contested_records(viewer: Viewer) -> list[Record]:
    """Records that evidence supports and disputes, and that no conflict names; the newest disputes
    first. Each has `both`, the first piece each way, and `first_side`, what a conflict of it would
    name first."""
    disputes = Evidence.objects.visible_to(viewer).filter(bearing=Evidence.Bearing.DISPUTES)
    columns = [f"{noun}_id" for noun in Evidence.TARGETS]
    newest = disputes.order_by("-id").values_list(*columns)[:SCANNED]
    keys = [
        (noun, key)
        for row in newest
        for noun, key in zip(Evidence.TARGETS, row, strict=True)
        if key is not None and noun != "conflict"
    ]
    settled = _named([key for key in keys if key[0] in ConflictMember.TARGETS], viewer)
    left = [key for key in dict.fromkeys(keys) if key not in settled]
    said = _evidence(left, viewer, named=True)
    found = []
    for (noun, _), items in said.items():
        both = [
            next((item for item in items if item.bearing == bearing), None)
            for bearing in (Evidence.Bearing.SUPPORTS, Evidence.Bearing.DISPUTES)
        ]
        if all(both):
            record = both[0].target
            in_conflict = record if noun in ConflictMember.TARGETS else both[0].passage
            record.dossier = viewer.dossier
            record.both, record.disputing, record.first_side = both, both[1], in_conflict.ref
            found.append(record)
    return found


def _named(keys: list[tuple[str, int]], viewer: Viewer) -> set[tuple[str, int]]:
    """Those of `keys` that a conflict names."""
    found = set()
    for noun in {noun for noun, _ in keys}:
        of_noun = [key for its, key in keys if its == noun]
        rows = ConflictMember.objects.visible_to(viewer).filter(**{f"{noun}__in": of_noun})
        found |= {(noun, key) for key in rows.values_list(f"{noun}_id", flat=True)}
    return found
