"""What the deletion of a record does to others: those that go with it, those that lose a key."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models.deletion import Collector

from events.forms import lookup
from events.models.base import Reviewable

if TYPE_CHECKING:
    from django.db.models import Model

    from events.models import Record

NAMED = 20
"""Records of a kind that are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Records of one kind that would be deleted as well, the first of them by name."""

    counted: str
    named: list[Record]
    more: int


@dataclass(frozen=True, slots=True)
class Loss:
    """A record that would lose a key. `state` is "published" or "reviewed" where the loss makes a
    draft of it, "" where it stays what it is."""

    record: Record
    key: str
    state: str


@dataclass(frozen=True, slots=True)
class Effects:
    """All of it. `more_losses` are those beyond the named ones."""

    gone: list[Gone] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    more_losses: int = 0
    drafts: int = 0

    @property
    def counted(self) -> str:
        """ "1 link, 4 participations", "" when nothing goes with it."""
        return ", ".join(gone.counted for gone in self.gone)


def effects_of(record: Record) -> Effects:
    """What deleting `record` would do. Raises ProtectedError or RestrictedError, which name the
    records in the way. Reads at most so many records of a kind as are named, counts the rest."""
    collector = Collector(using=record._state.db or "default", origin=record)
    collector.collect([record])
    rows: dict[type[Model], list[Any]] = defaultdict(list)
    numbers: dict[type[Model], int] = defaultdict(int)
    for model, found in collector.data.items():
        others = sorted((row for row in found if row != record), key=lambda row: row.pk)
        rows[model] += others
        numbers[model] += len(others)
    for query in collector.fast_deletes:
        numbers[query.model] += query.count()
        rows[query.model] += list(_named(query, query.model))
    gone = [
        Gone(counted(number, model), rows[model][:NAMED], max(number - NAMED, 0))
        for model, number in sorted(numbers.items(), key=lambda item: item[0].__name__)
        if number
    ]
    return _with_losses(collector, gone)


def _with_losses(collector: Collector, gone: list[Gone]) -> Effects:
    """The keys that are emptied, of records that are not deleted themselves."""
    losses: list[Loss] = []
    number = drafts = 0
    for (key, _), found in collector.field_updates.items():
        deleted = [row.pk for row in collector.data.get(key.model, ())]
        batches: list[Any] = found
        for some in batches:
            names = [row.pk for row in some] if isinstance(some, (list, set)) else some.values("pk")
            query = key.model._base_manager.filter(pk__in=names).exclude(pk__in=deleted)
            number += query.count()
            # A passage has a state as well, but none of review.
            is_reviewed = issubclass(key.model, Reviewable)
            if is_reviewed:
                drafts += query.exclude(state=Reviewable.State.DRAFT).count()
            for row in _named(query, key.model):
                state = row.state if is_reviewed else ""
                losses.append(Loss(row, str(key.verbose_name), state if state != "draft" else ""))
    losses.sort(key=lambda loss: loss.state == "")
    shown = losses[:NAMED]
    return Effects(gone, shown, number - len(shown), drafts)


def _named(query: Any, model: Any) -> Any:
    """The first rows, with what their names need."""
    known = str(model._meta.model_name) in lookup.NAMES
    rows = query.select_related(*lookup.related(model)) if known else query
    return rows.order_by("id")[:NAMED]


def counted(number: int, model: type[Model]) -> str:
    """ "1 link", "4 participations", "2 pieces of evidence"."""
    one, many = str(model._meta.verbose_name), str(model._meta.verbose_name_plural)
    if one == many:
        one, many = f"piece of {one}", f"pieces of {one}"
    return f"{number} {one if number == 1 else many}"
