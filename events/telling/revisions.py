"""What revisions did, in the words of the records' pages. Nothing here grows with the archive."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import OuterRef, Subquery
from django.urls import NoReverseMatch, resolve, reverse

from events.deletion import counted
from events.diff import Budget, Piece, folded
from events.forms.labels import labels_of
from events.models import Change, Dossier
from events.naming import Names, tracked
from events.telling.differences import FieldDiff
from events.telling.lines import version_of

if TYPE_CHECKING:
    from events.forms.labels import Label
    from events.models import Revision

COUNTED = 1000
"""Changes counted in one revision; more are told as "1,000+"."""

LISTED = 3
"""Changes told one by one in the list of revisions; more are told by number."""

SHOWN = 20
"""Changes of a revision that one page shows."""

DID = {"insert": "created", "update": "changed", "delete": "deleted", "truncate": "deleted"}


@dataclass(slots=True)
class Glance:
    """A revision in one line or a few."""

    total: int = 0
    tallies: dict[tuple[str, str], int] = field(default_factory=dict)
    lines: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_more(self) -> bool:
        """Whether there are more changes than are counted."""
        return self.total > COUNTED

    @property
    def amount(self) -> str:
        """How many records, as "700 records"."""
        if self.is_more:
            return f"{COUNTED:,}+ records"
        return f"{self.total:,} record{'' if self.total == 1 else 's'}"

    @property
    def tally(self) -> str:
        """ "Created 15 events, 30 actors; changed 2 links"."""
        return self._tally(most=99)

    @property
    def short_tally(self) -> str:
        """The same with the most frequent kinds alone: "... and 12 others"."""
        return self._tally(most=3)

    def _tally(self, most: int) -> str:
        by_deed: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for (table, operation), number in self.tallies.items():
            by_deed[DID[operation]].append((number, counted(number, tracked()[table])))
        parts = []
        for did, kinds in by_deed.items():
            rest = sum(number for number, _ in kinds[most:])
            others = f" and {rest} other{'' if rest == 1 else 's'}" if rest else ""
            parts.append(f"{did} {', '.join(words for _, words in kinds[:most])}{others}")
        some = "; ".join(parts)
        return f"{some[:1].upper()}{some[1:]}{' and more' if self.is_more else ''}"


@dataclass(frozen=True, slots=True)
class Deed:
    """What a revision did to one record."""

    id: int
    ref: str
    kind: str
    headline: str
    href: str
    did: str
    differences: list[FieldDiff]
    is_gone: bool
    changed_again: bool


def glances(revisions: list[Revision]) -> dict[int, Glance]:
    """A glance at each revision, by id. Two queries, whatever the revisions hold."""
    found = {revision.pk: Glance() for revision in revisions}
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT r.id, c."table", c.operation, count(*) FROM unnest(%s::bigint[]) r (id)'
            ' CROSS JOIN LATERAL (SELECT "table", operation FROM events_change'
            f" WHERE revision_id = r.id LIMIT {COUNTED + 1}) c"
            ' GROUP BY r.id, c."table", c.operation ORDER BY r.id, count(*) DESC, c."table"',
            [list(found)],
        )
        for key, table, operation, number in cursor.fetchall():
            found[key].tallies[table, operation] = number
            found[key].total += number
    small = [key for key, glance in found.items() if glance.total <= LISTED]
    for change in Change.objects.filter(revision__in=small).order_by("id"):
        ref, _, did = told(change)
        found[change.revision_id].lines.append((ref, did))
    return found


def told(change: Change) -> tuple[str, str, str]:
    """Ref, kind, and what one change did: "Created", "Where, Summary. Back to draft"."""
    model = tracked()[change.table]
    kind = "settings" if model is Dossier else str(model._meta.verbose_name)
    version = version_of(change, labels(model))
    did = ". ".join(part for part in (", ".join(version.fields), version.said) if part)
    return change.ref or kind.capitalize(), kind, did or "Changed"


def deeds(
    dossier: Dossier, revision: Revision, changes: models.QuerySet[Change], start: int | None
) -> tuple[list[Deed], int | None]:
    """Those of `changes` that `revision` made, from the change `start` on: at most SHOWN, and
    where the next ones begin (None at the end)."""
    newer = Change.objects.filter(table=OuterRef("table"), record_id=OuterRef("record_id"))
    newest = newer.order_by("-id")
    rows = changes.filter(revision=revision, id__gte=start or 0).order_by("id")
    rows = rows.annotate(
        newest=Subquery(newest.values("id")[:1]), last=Subquery(newest.values("operation")[:1])
    )
    found = list(rows[: SHOWN + 1])
    after = found[SHOWN].pk if len(found) > SHOWN else None
    found = found[:SHOWN]
    names, budget = Names(found), Budget()
    return [_deed(dossier, change, names, budget) for change in found], after


def _deed(dossier: Dossier, change: Any, names: Names, budget: Budget) -> Deed:
    model = tracked()[change.table]
    ref, kind, did = told(change)
    gone = change.last in ("delete", "truncate")
    return Deed(
        id=change.pk,
        ref=ref,
        kind=kind,
        headline=names.headline(model, change.after or change.before),
        href=_address(dossier, model, change.ref, gone),
        did=did,
        differences=_differences(model, change, names, budget),
        is_gone=gone,
        changed_again=change.newest != change.pk,
    )


def _address(dossier: Dossier, model: type[models.Model], ref: str | None, gone: bool) -> str:
    """The record's page, for a record that is gone or has none its history, else ""."""
    for action in ("history",) if gone else ("detail", "history"):
        try:
            return reverse(f"events:{model._meta.model_name}-{action}", args=[dossier.slug, ref])
        except NoReverseMatch:
            continue
    return ""


def _differences(
    model: type[models.Model], change: Change, names: Names, budget: Budget
) -> list[FieldDiff]:
    """The fields that differ; of a record that was made or deleted, all that say something."""
    before, after = change.before or {}, change.after or {}
    is_whole = change.before is None or change.after is None
    found: list[FieldDiff] = []
    for column, label in labels(model).items():
        if before.get(column) == after.get(column):
            continue
        old = names.said(model, column, before.get(column))
        new = names.said(model, column, after.get(column))
        if not old and not new:
            continue
        pieces = [Piece("same", old or new)] if is_whole else budget.words_between(old, new)
        found.append(FieldDiff(label.column, tuple(folded(pieces))))
    return found


@cache
def labels(model: type[models.Model]) -> dict[str, Label]:
    """The labels of a model's columns, by the form that its addresses name."""
    form_class = None
    try:
        found = resolve(reverse(f"events:{model._meta.model_name}-history", args=["any", "A1"]))
        form_class = found.func.view_initkwargs["form_class"]
    except NoReverseMatch:
        pass
    return labels_of(model, form_class)
