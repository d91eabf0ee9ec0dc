"""The history: the one door for writes, and what can be asked of what was written.

The database writes the history itself (migrations/sql/history.sql). This module gives a
transaction its author, reads states of the past, and undoes by writing anew.
"""

from __future__ import annotations

import json
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import IntegrityError, OperationalError, connection, models, transaction
from psycopg.errors import DeadlockDetected

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from events.models import Change, Record, Revision, User

_AUTHOR = "truceline.author"
_ORIGIN = "truceline.origin"
_NOTE = "truceline.note"
_BLOCK = "truceline.block"
_KEEPS_STATE = "truceline.keeps_state"
_RESTORING = "truceline.restoring"
_LOOPS = "enable_nestloop"
_DOSSIERS = "events_dossier"

TRIES = 3
"""How often a write is begun before a deadlock is told."""

NAMED = 12
"""Records that a refusal names one by one."""

MANY = 500
"""Changes from which on the undo of a revision reads whole tables instead of asking row by row."""

STEPS = 2000
"""Changes up to which an undo that cannot be written at once is tried change by change."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The three values of a field that two people changed: before, theirs, yours."""

    before: Any
    theirs: Any
    yours: Any


class StaleEdit(Exception):
    """Two people changed the same fields to different values; nothing was saved."""

    def __init__(self, latest: Record, conflicts: dict[str, Sides]) -> None:
        super().__init__(f"{latest.ref}: {', '.join(conflicts)} changed meanwhile.")
        self.latest = latest
        self.conflicts = conflicts


class CannotUndo(Exception):
    """A later change stands on what was to be undone; names the records."""

    def __init__(self, refs: list[str], why: str = "Changed again since") -> None:
        named = ", ".join(refs[:NAMED])
        more = f" and {len(refs) - NAMED:,} more" if len(refs) > NAMED else ""
        super().__init__(f"{why}: {named}{more}." if refs else f"{why}.")
        self.refs = refs


@contextmanager
def recording(
    *, by: User, note: str = "", origin: str = "page", keeps_state: bool = False
) -> Iterator[None]:
    """Open a transaction whose changes are written under the name of `by`.

    `origin` is one of Revision.Origin. `keeps_state` lets reviewed content change without going
    back to draft: for undo and for imports that bring a state of their own. May be nested; the
    inner block belongs to the outer author. Raises ValueError without a stored author.
    """
    if getattr(by, "pk", None) is None:
        raise ValueError("A change needs an author who is stored.")
    with transaction.atomic():
        outer = _author()
        if outer not in ("", str(by.pk)):
            raise ValueError("One transaction has one author.")
        if outer:
            yield
            return
        set_local(
            {
                _AUTHOR: str(by.pk),
                _ORIGIN: origin,
                _NOTE: note,
                _BLOCK: secrets.token_hex(8),
                _KEEPS_STATE: "on" if keeps_state else "",
            }
        )
        yield
        # Inside a larger transaction the settings would outlive the block: shut the door.
        set_local(dict.fromkeys((_AUTHOR, _ORIGIN, _NOTE, _BLOCK, _KEEPS_STATE), ""))


def retried[T](write: Callable[[], T]) -> T:
    """What `write` returns; it opens its own `recording()` and is run again after a deadlock.

    Postgres ends one of two transactions that wait for each other; the second try finds the way
    free. Must not be called inside a transaction. Raises OperationalError after the third try.
    """
    for _ in range(TRIES - 1):
        try:
            return write()
        except OperationalError as problem:
            if not isinstance(problem.__cause__, DeadlockDetected):
                raise
    return write()


def _author() -> str:
    """Id of the author the running transaction writes for, "" when the door is shut."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [_AUTHOR])
        return str(cursor.fetchone()[0])


def set_local(values: Mapping[str, str | None]) -> None:
    """Set transaction-local settings: the session form would leak through a pooler.

    None sets one back to what the session has.
    """
    calls = ", ".join(["set_config(%s, %s, true)"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [part for item in values.items() for part in item])


def sealed_number(dossier_id: int) -> int:
    """Number of the newest sealed revision of the dossier, 0 before the first."""
    revisions = apps.get_model("events", "Revision").objects.filter(dossier_id=dossier_id)
    return revisions.aggregate(last=models.Max("number"))["last"] or 0


def number_at(dossier_id: int, instant: dt.datetime) -> int:
    """Number of the last revision sealed at or before `instant`, 0 when there is none.

    Waits for commits under way, so the same question always has the same answer.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(truceline_lock_key(%s))", [dossier_id])
        cursor.execute(
            "SELECT coalesce(max(number), 0) FROM events_revision"
            " WHERE dossier_id = %s AND sealed_at <= %s",
            [dossier_id, instant],
        )
        return int(cursor.fetchone()[0])


def as_recorded(dossier_id: int, number: int) -> dict[str, dict[int, dict[str, Any]]]:
    """Every tracked row of the dossier as it stood after revision `number`.

    Shape: table name -> record id -> columns as JSON values.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT "table", record_id, after FROM (
                SELECT DISTINCT ON (c."table", c.record_id) c."table", c.record_id, c.after
                FROM events_change c JOIN events_revision r ON r.id = c.revision_id
                WHERE c.dossier_id = %s AND r.number <= %s
                ORDER BY c."table", c.record_id, c.id DESC
            ) newest WHERE after IS NOT NULL
            """,
            [dossier_id, number],
        )
        state: dict[str, dict[int, dict[str, Any]]] = {}
        for table, record_id, after in cursor.fetchall():
            state.setdefault(table, {})[record_id] = as_json(after)
    return state


def as_json(value: Any) -> Any:
    """A jsonb column as Python: the driver may hand it over as text."""
    return json.loads(value) if isinstance(value, str) else value


def changes_of(record: Record) -> models.QuerySet[Change]:
    """The record's changes with their revisions, newest first."""
    changes = apps.get_model("events", "Change").objects
    return (
        changes.filter(table=record._meta.db_table, record_id=record.pk)
        .select_related("revision__author")
        .order_by("-id")
    )


WORDS_CHANGED = """(c.before - '{state,version,updated_at}'::text[])
    IS DISTINCT FROM (c.after - '{state,version,updated_at}'::text[])"""
"""SQL: whether the change `c` was more than a move from one review state to another."""


def last_writer(record: Record) -> int | None:
    """Id of the user who last changed what the record says, its review state aside."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.author_id FROM events_change c"
            " JOIN events_revision r ON r.id = c.revision_id"
            f' WHERE c."table" = %s AND c.record_id = %s AND {WORDS_CHANGED}'
            " ORDER BY c.id DESC LIMIT 1",
            [record._meta.db_table, record.pk],
        )
        found = cursor.fetchone()
    return found[0] if found else None


def lowered_by(revision: Revision) -> dict[str, int | None]:
    """Records that undoing `revision` would publish or mark as reviewed against what somebody
    decided, each with who wrote it last: ref -> id of the user.

    It took back their state and nothing else; or their state was changed again since, other than
    by bringing back what was before: then that is not what was decided last.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT s.ref, (
                SELECT r.author_id FROM events_change c JOIN events_revision r
                    ON r.id = c.revision_id
                WHERE c."table" = s."table" AND c.record_id = s.record_id AND {WORDS_CHANGED}
                ORDER BY c.id DESC LIMIT 1
            )
            FROM events_change s
            WHERE s.revision_id = %s AND (s.before->>'state', coalesce(s.after->>'state', '')) IN (
                    ('published', 'draft'), ('published', 'reviewed'), ('reviewed', 'draft'),
                    ('published', ''), ('reviewed', ''))
                AND (NOT ({WORDS_CHANGED.replace("c.", "s.")}) OR EXISTS (
                    SELECT FROM events_change l
                    WHERE l."table" = s."table" AND l.record_id = s.record_id AND l.id > s.id
                        AND l.revision_id <> s.revision_id
                        AND l.before->>'state' IS DISTINCT FROM l.after->>'state'
                        AND l.after - '{{version,updated_at}}'::text[]
                            IS DISTINCT FROM s.before - '{{version,updated_at}}'::text[]))
            """,
            [revision.pk],
        )
        return dict(cursor.fetchall())


def version_of(record: Record, version: int) -> Record:
    """The record as it was at `version`, unsaved; raises LookupError when there was none."""
    row = changes_of(record).filter(after__version=version).values_list("after", flat=True).first()
    if row is None:
        raise LookupError(f"{getattr(record, 'ref', record)} has no version {version}.")
    return materialise(type(record), row)


def materialise(model: type[Record], row: dict[str, Any]) -> Record:
    """An instance of `model` from the columns a change kept."""
    fields = model._meta.concrete_fields
    columns = ", ".join(
        f"extract(epoch from r.{name})::bigint"
        if field.get_internal_type() == "InstantField"
        else f"r.{name}"
        for field in fields
        for name in [connection.ops.quote_name(str(field.column))]
    )
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s::jsonb) r",
            [json.dumps(row)],
        )
        values = cursor.fetchone()
    names = [field.attname for field in fields]
    return model.from_db(connection.alias, names, values)


def undo(revision: Revision) -> None:
    """Write the state before `revision` anew, all of it or nothing; run inside `recording()`.

    Raises CannotUndo when one of its records was changed again since, when other records would
    change or go with them or have taken their place, or when what they name is gone.
    """
    if revision.changes.filter(table=_DOSSIERS, before__isnull=True).exists():
        # It would take its whole history out of everybody's reach, this undoing included.
        raise CannotUndo([], "The making of a dossier is not undone")
    models_of = _tracked()
    touched = set(revision.changes.values_list("table", flat=True).distinct().order_by())
    tables = [table for table in models_of if table in touched]
    # The planner knows nothing yet of a revision just written, and takes it for one row: it would
    # then compare each of its rows with each.
    if is_large := revision.changes.count() > MANY:
        set_local({_LOOPS: "off"})
    # Whoever is changing one of them right now is waited for, and then seen below.
    for table in sorted(tables):
        _run(
            f"SELECT count(*) FROM (SELECT FROM {_quoted(table)} WHERE id IN ("
            "SELECT record_id FROM events_change"
            ' WHERE revision_id = %(revision)s AND "table" = %(table)s)'
            " ORDER BY id FOR NO KEY UPDATE) held",
            revision,
            table,
        )
    _refuse(changed_again(revision))
    _refuse(_standing_on(revision, tables), "Other records depend on it by now")
    _refuse(_taken(revision, tables), "The name is taken by another record")
    [[last]] = _run("SELECT max(id) FROM events_change", revision)
    # Settings of the transaction: when writing fails they go with it.
    set_local({_KEEPS_STATE: "on", _RESTORING: "on"})
    try:
        _write_back(revision, tables)
    except IntegrityError:
        # What took a name that another had given up only goes back step by step.
        changes = list(revision.changes.order_by("-id")[: STEPS + 1])
        if len(changes) > STEPS:
            raise
        for change in changes:
            _write_row(change.table, change.record_id, change.before, change.after)
    set_local({_KEEPS_STATE: "", _RESTORING: ""})
    along = _run(_DRAGGED_ALONG, revision, last=last)
    _refuse([ref for [ref] in along], "Other records depend on it by now")
    for table in tables:
        _refuse(_missing(revision, table, models_of[table]), "It names records that are gone")
    if is_large:
        set_local({_LOOPS: "on"})


def changed_again(revision: Revision) -> list[str]:
    """Refs of its records that are not as it left them, which keeps it from being undone."""
    return sorted(ref for [ref] in _run(_CHANGED_AGAIN, revision))


def _refuse(refs: Iterable[str], why: str = "Changed again since") -> None:
    """Raise CannotUndo when there are any."""
    if found := sorted(set(refs)):
        raise CannotUndo(found, why)


def _tracked() -> dict[str, Any]:
    """The models under the history, by table: those whose rows have versions."""
    ours: list[Any] = list(apps.get_app_config("events").get_models())
    return {
        model._meta.db_table: model
        for model in ours
        if any(field.name == "version" for field in model._meta.concrete_fields)
    }


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _run(query: str, revision: Revision, table: str = "", **more: Any) -> list[Any]:
    """Rows of a query about one revision and one of its tables."""
    with connection.cursor() as cursor:
        cursor.execute(query, {"revision": revision.pk, "table": table, **more})
        return cursor.fetchall() if cursor.description else []


_CHANGED_AGAIN = """
    SELECT DISTINCT coalesce(c.ref,
        CASE c."table" WHEN 'events_dossier' THEN 'settings' ELSE c."table" END) FROM (
        SELECT DISTINCT ON ("table", record_id) * FROM events_change
        WHERE revision_id = %(revision)s ORDER BY "table", record_id, id DESC
    ) c CROSS JOIN LATERAL (
        SELECT id, after FROM events_change
        WHERE "table" = c."table" AND record_id = c.record_id ORDER BY id DESC LIMIT 1
    ) newest
    WHERE newest.id <> c.id AND newest.after - '{version,updated_at}'::text[]
        IS DISTINCT FROM c.after - '{version,updated_at}'::text[]"""
"""SQL: the records of a revision that are not as it left them. What was done and undone since
leaves them so, and steps can be taken back one after the other."""

_DRAGGED_ALONG = """
    WITH mine AS (
        SELECT c."table", c.record_id, coalesce(c.ref, c."table") AS ref FROM events_change c
        JOIN events_revision r ON r.id = c.revision_id AND r.number IS NULL WHERE c.id > %(last)s
    )
    SELECT DISTINCT mine.ref FROM mine JOIN (
        SELECT "table", record_id FROM mine
        EXCEPT SELECT "table", record_id FROM events_change WHERE revision_id = %(revision)s
    ) beside USING ("table", record_id)"""
"""SQL: what was written since the change `last`, and was no part of the revision."""

_NET = """
    WITH net AS MATERIALIZED (
        SELECT record_id,
            (array_agg(before ORDER BY id))[1] AS wanted
        FROM events_change WHERE revision_id = %(revision)s AND "table" = %(table)s
        GROUP BY record_id
    )"""
"""SQL: what a revision did to each row of a table in the end, however often it wrote it."""


_NEXT = """
    SELECT greatest((before->>'version')::bigint, (after->>'version')::bigint) + 1
    FROM events_change WHERE "table" = %(table)s AND record_id = net.record_id
    ORDER BY id DESC LIMIT 1"""
"""SQL: the number of the next version of a row that is gone."""


def _write_back(revision: Revision, tables: list[str]) -> None:
    """The rows of `tables` as they were before `revision`, in a few statements for each table.

    What it made goes last, when nothing names it any more that would go along; unless a name is
    wanted back that it has. Raises IntegrityError, with nothing written, when neither way is open.
    """
    try:
        with transaction.atomic():
            _change_back(revision, tables)
            _take_out(revision, tables)
            _put_in(revision, tables)
    except IntegrityError:
        with transaction.atomic():
            _take_out(revision, tables)
            _change_back(revision, tables)
            _put_in(revision, tables)


def _take_out(revision: Revision, tables: list[str]) -> None:
    """Delete the rows that `revision` made."""
    for table in tables:
        _run(
            f"{_NET} DELETE FROM {_quoted(table)} t USING net"
            " WHERE t.id = net.record_id AND net.wanted IS NULL",
            revision,
            table,
        )


def _change_back(revision: Revision, tables: list[str]) -> None:
    """Update the rows that `revision` changed."""
    for table in tables:
        own = [field.column for field in _tracked()[table]._meta.concrete_fields]
        columns = ", ".join(_quoted(column) for column in own)
        _run(
            f"{_NET} UPDATE {_quoted(table)} t SET ({columns}) ="
            f" (SELECT {columns} FROM jsonb_populate_record(t, net.wanted))"
            " FROM net WHERE t.id = net.record_id AND net.wanted IS NOT NULL",
            revision,
            table,
        )


def _put_in(revision: Revision, tables: list[str]) -> None:
    """Insert the rows that `revision` deleted, or that deleting what it made took along."""
    for table in tables:
        _run(
            f"{_NET} INSERT INTO {_quoted(table)} SELECT r.* FROM net, jsonb_populate_record("
            f"NULL::{_quoted(table)}, net.wanted || jsonb_build_object('version', ({_NEXT})))"
            " r WHERE net.wanted IS NOT NULL"
            f" AND NOT EXISTS (SELECT FROM {_quoted(table)} t WHERE t.id = net.record_id)"
            " ORDER BY net.record_id",
            revision,
            table,
        )


def _standing_on(revision: Revision, tables: list[str]) -> list[str]:
    """Refs of records that `revision` did not touch and that name one that it made."""
    found: list[str] = []
    for table in tables:
        for relation in _tracked()[table]._meta.related_objects:
            other, column = relation.related_model._meta.db_table, relation.field.column
            if other not in _tracked():
                continue
            rows = _run(
                f"SELECT DISTINCT coalesce(to_jsonb(t)->>'ref', '{other}')"
                f" FROM {_quoted(other)} t WHERE t.{_quoted(column)} IN ("
                "SELECT record_id FROM events_change WHERE revision_id = %(revision)s"
                ' AND "table" = %(table)s GROUP BY record_id'
                " HAVING (array_agg(before ORDER BY id))[1] IS NULL)"
                # Not as EXISTS: the planner would ask anew for every row.
                " AND t.id NOT IN (SELECT record_id FROM events_change"
                f" WHERE revision_id = %(revision)s AND \"table\" = '{other}')",
                revision,
                table,
            )
            found += [ref for [ref] in rows]
    return found


def _taken(revision: Revision, tables: list[str]) -> list[str]:
    """Refs that rows had before `revision` and that records it did not touch have now."""
    found: list[str] = []
    for table in tables:
        if table != _DOSSIERS:
            rows = _run(
                f"{_NET} SELECT t.ref FROM net JOIN {_quoted(table)} t"
                " ON t.dossier_id = %(dossier)s AND t.ref = net.wanted->>'ref'"
                " AND t.id NOT IN (SELECT record_id FROM net)",
                revision,
                table,
                dossier=revision.dossier_id,
            )
            found += [ref for [ref] in rows]
    return found


def _missing(revision: Revision, table: str, model: Any) -> list[str]:
    """Refs of the records that rows of `table` written back name, and that are not there."""
    found: list[str] = []
    for field in model._meta.concrete_fields:
        other = field.related_model._meta.db_table if field.is_relation else ""
        if other not in _tracked():
            continue
        rows = _run(
            f"SELECT DISTINCT coalesce((SELECT c.ref FROM events_change c WHERE"
            f" c.\"table\" = '{other}' AND c.record_id = t.{_quoted(field.column)}"
            f" ORDER BY c.id DESC LIMIT 1), '{other}') FROM {_quoted(table)} t"
            f" WHERE t.{_quoted(field.column)} IS NOT NULL AND t.id IN ("
            "SELECT record_id FROM events_change WHERE revision_id = %(revision)s"
            ' AND "table" = %(table)s)'
            f" AND NOT EXISTS (SELECT FROM {_quoted(other)} o"
            f" WHERE o.id = t.{_quoted(field.column)})",
            revision,
            table,
        )
        found += [ref for [ref] in rows]
    return found


def restore(record: Record, version: int) -> None:
    """Make a new version of `record` equal to `version`; run inside `recording()`.

    The words come back, their review does not: the new version is a draft like any other change.
    Raises LookupError when there is no such version, or no such record any more.
    """
    rows = type(record)._base_manager.select_for_update(no_key=True)
    if not rows.filter(pk=record.pk).exists():
        raise LookupError(f"{record.ref} was deleted meanwhile.")
    row = changes_of(record).filter(after__version=version).values_list("after", flat=True).first()
    if row is None:
        raise LookupError(f"{record.ref} has no version {version}.")
    # Content without its state: the database makes what was reviewed a draft.
    row.pop("state", None)
    _write_row(record._meta.db_table, record.pk, row, {"id": record.pk})


def bring_back(deletion: Change) -> list[str]:
    """Write a deleted record anew, with what went with it because it referred to it; run inside
    `recording()`. Returns the refs written.

    Other records that only lost their reference to it stay as they are. Raises LookupError when
    the change is no deletion or its record is there again.
    """
    tables = _tracked()
    wanted, fresh = {deletion.pk}, {deletion.table: [deletion.record_id]}
    while fresh:
        found: dict[str, list[int]] = {}
        for table, ids in fresh.items():
            for relation in tables[table]._meta.related_objects:
                other = relation.related_model._meta.db_table
                for change, record_id in _run(
                    "SELECT id, record_id FROM events_change WHERE revision_id = %(revision)s"
                    ' AND "table" = %(table)s AND after IS NULL'
                    " AND (before->>%(column)s)::bigint = ANY(%(ids)s)",
                    deletion.revision,
                    other,
                    column=relation.field.column,
                    ids=ids,
                ):
                    if change not in wanted:
                        wanted.add(change)
                        found.setdefault(other, []).append(record_id)
        fresh = found
    newer = apps.get_model("events", "Change").objects.filter(
        table=deletion.table, record_id=deletion.record_id, id__gt=deletion.pk
    )
    if deletion.after is not None or newer.exists():
        raise LookupError(f"{deletion.ref} is not deleted as it was then.")
    set_local({_KEEPS_STATE: "on", _RESTORING: "on"})
    changes = list(deletion.revision.changes.filter(pk__in=wanted).order_by("-id"))
    for change in changes:
        _write_row(change.table, change.record_id, change.before, None)
    set_local({_KEEPS_STATE: "", _RESTORING: ""})
    return [change.ref for change in reversed(changes) if change.ref]


def _write_row(
    table: str, record_id: int, wanted: dict[str, Any] | None, present: dict[str, Any] | None
) -> None:
    """Bring one row to `wanted` (None: gone) from `present` (None: gone), as the columns tell."""
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        if wanted is None:
            cursor.execute(f"DELETE FROM {name} WHERE id = %s", [record_id])
            return
        if present is None:
            cursor.execute(
                f"INSERT INTO {name} SELECT r.* FROM"
                " (SELECT %(row)s::jsonb AS wanted, %(id)s::bigint AS record_id) net,"
                f" jsonb_populate_record(NULL::{name}, net.wanted"
                f" || jsonb_build_object('version', ({_NEXT}))) r",
                {"row": json.dumps(wanted), "id": record_id, "table": table},
            )
            return
        columns = ", ".join(connection.ops.quote_name(column) for column in wanted)
        cursor.execute(
            f"UPDATE {name} t SET ({columns}) = (SELECT {columns}"
            f" FROM jsonb_populate_record(t, %s::jsonb)) WHERE t.id = %s",
            [json.dumps(wanted), record_id],
        )
