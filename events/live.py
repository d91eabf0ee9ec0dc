"""What was recorded since a revision, and who is here: told briefly, and cheap while it is nothing.

A page learns enough to know which rows to read again; their values it reads under the rights of
its own viewer.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection

from events import dates, history
from events.models import Change, User
from events.models.presence import FORGOTTEN_AFTER
from events.naming import tracked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

    from events.models import Dossier

MOST = 200
"""Changes told one by one; a page that missed more is better loaded anew."""

PAGES = 20
"""Open pages of each person that are looked at, those with a record in hand first."""

DEEP = 3
"""Steps from a row to the page that shows it: evidence, passage, text, source."""

_ITS_OWN = frozenset({"version", "updated_at", "created_at"})
_Row = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Pulse:
    """The newest revision of a dossier, and each open page: its user, and what is edited there."""

    number: int
    pages: list[tuple[User, str, str]]


def pulse(user: User, slug: str, tab: str) -> Pulse | None:
    """How the dossier stands for a member, None for anybody else; one lean query.

    Every open page asks this every two seconds, so it does without the usual way to a dossier. The
    page `tab` itself is left out.
    """
    if not user.is_authenticated:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (
                SELECT r.number FROM events_revision r
                WHERE r.dossier_id = d.id AND r.number IS NOT NULL
                ORDER BY r.number DESC LIMIT 1
            ), (
                SELECT json_agg(json_build_array(
                    u.id, u.username, u.first_name, u.last_name, p.record, p.field
                ) ORDER BY u.id, p.id)
                FROM (
                    SELECT *, row_number() OVER (
                        PARTITION BY user_id ORDER BY record = '', id
                    ) AS place
                    FROM events_presence
                    WHERE dossier_id = d.id AND tab <> %s
                      AND seen_at > now() - make_interval(secs => %s)
                ) p JOIN events_user u ON u.id = p.user_id
                WHERE p.place <= %s
            )
            FROM events_dossier d WHERE d.slug = %s AND (%s OR EXISTS (
                SELECT FROM events_membership m WHERE m.dossier_id = d.id AND m.user_id = %s
            ))
            """,
            [tab, FORGOTTEN_AFTER, PAGES, slug, user.is_superuser, user.pk],
        )
        found = cursor.fetchone()
    if found is None:
        return None
    names = ("pk", "username", "first_name", "last_name")
    pages = [
        (User(**dict(zip(names, row, strict=False))), row[4], row[5])
        for row in history.as_json(found[1]) or ()
    ]
    return Pulse(found[0] or 0, pages)


@dataclass(slots=True)
class Told:
    """One changed row. `touches` are the refs of the records that it stands with or names."""

    number: int
    noun: str
    ref: str
    version: int
    operation: str
    fields: list[str]
    author: User
    at: str
    touches: list[str] = field(default_factory=list)


def since(dossier: Dossier, number: int) -> list[Told] | None:
    """The changes sealed after revision `number`, oldest first; None when there are too many.

    Numbers are given in commit order, and a number that can be seen has all before it visible:
    whoever asks on from the last number told misses nothing.
    """
    rows = list(
        Change.objects.filter(dossier_id=dossier.pk, revision__number__gt=number)
        .select_related("revision__author")
        .order_by("revision__number", "id")[: MOST + 1]
    )
    if len(rows) > MOST:
        return None
    named = {id(change): _named(tracked()[change.table], change) for change in rows}
    refs = _refs({row for those in named.values() for row in those})
    told = []
    for change in rows:
        revision = change.revision
        its = [ref for row in sorted(named[id(change)]) for ref in refs.get(row, ())]
        told.append(
            Told(
                number=int(revision.number or 0),
                noun=str(tracked()[change.table]._meta.model_name),
                ref=change.ref or "",
                version=(change.after or change.before or {}).get("version", 0),
                operation=change.operation,
                fields=_fields(change),
                author=revision.author,
                at=_clock(revision.sealed_at, dossier),
                touches=sorted(set(its) - {change.ref}),
            )
        )
    return told


def _clock(sealed_at: Any, dossier: Dossier) -> str:
    return dates.time_label(int(sealed_at.timestamp()), dossier.time_zone) if sealed_at else ""


def _fields(change: Change) -> list[str]:
    """The columns an update changed, [] for a row that came or went."""
    before, after = change.before, change.after
    if before is None or after is None:
        return []
    return sorted(n for n in after if n not in _ITS_OWN and before.get(n) != after[n])


def _named(model: type[Model], *states: Change | dict[str, Any]) -> set[_Row]:
    """The records that a row refers to, as (table, id): what it referred to before counts too."""
    rows: list[dict[str, Any] | None] = []
    for state in states:
        rows += [state.before, state.after] if isinstance(state, Change) else [state]
    found = set()
    for its in model._meta.concrete_fields:
        other, column = getattr(its.related_model, "_meta", None), str(its.column)
        if other is None or other.db_table not in tracked() or its.name == "dossier":
            continue
        found |= {(other.db_table, row[column]) for row in rows if row and row.get(column)}
    return found


def _refs(rows: Iterable[_Row]) -> dict[_Row, set[str]]:
    """The refs of records by (table, id), deleted ones too.

    Records that have no page of their own stand with the one they belong to: its ref is added. One
    query for each step up.
    """
    refs: dict[_Row, set[str]] = defaultdict(set)
    via: dict[_Row, set[_Row]] = {row: {row} for row in rows}
    for _ in range(DEEP):
        if not via:
            break
        further: dict[_Row, set[_Row]] = defaultdict(set)
        for (table, key), ref, row in _newest(via):
            for start in via[table, key]:
                refs[start].add(ref)
            model = tracked()[table]
            if not hasattr(model, "get_absolute_url"):
                for upper in _named(model, row):
                    further[upper] |= via[table, key]
        via = further
    return refs


def _newest(rows: Iterable[_Row]) -> list[tuple[_Row, str, dict[str, Any]]]:
    """Of each (table, id) the ref and the columns as last written."""
    tables, keys = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT w.name, w.id, newest.ref, newest.columns
            FROM unnest(%s::text[], %s::bigint[]) w (name, id)
            CROSS JOIN LATERAL (
                SELECT c.ref, coalesce(c.after, c.before) AS columns FROM events_change c
                WHERE c."table" = w.name AND c.record_id = w.id ORDER BY c.id DESC LIMIT 1
            ) newest
            """,
            [list(tables), list(keys)],
        )
        found = cursor.fetchall()
    return [((name, key), ref or "", history.as_json(row)) for name, key, ref, row in found]
