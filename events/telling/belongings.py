"""What belongs to a record and has a history of its own: its evidence, people, terms, links.

A change of those is told in the history of the record. Rows that belong to it now are found in
their tables; rows that were taken from it by the index over what left (migrations/sql/history.sql).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from events import history
from events.naming import tracked

if TYPE_CHECKING:
    from events.models import Record

_EVIDENCE = {"events_evidence": "Evidence", "events_conflictmember": "Conflicts"}
LABELS: dict[str, dict[str, str]] = {
    "event": {
        **_EVIDENCE,
        "events_participation": "People",
        "events_link": "Links",
        "events_position": "Positions expressed",
        "events_commitment": "Commitments made",
        "events_outcome": "Outcomes",
        "events_readout": "Accounts",
        "events_readoutpoint": "Points of the accounts",
    },
    "position": _EVIDENCE,
    "commitment": {**_EVIDENCE, "events_outcome": "Outcomes"},
    "proposal": {
        **_EVIDENCE,
        "events_proposer": "Proposers",
        "events_term": "Terms",
        "events_consent": "Consents",
    },
    "affiliation": {"events_evidence": "Evidence"},
    "link": {"events_evidence": "Evidence"},
    "conflict": {**_EVIDENCE, "events_conflictmember": "Records"},
    "source": {"events_sourcetext": "Texts"},
    "actor": {"events_affiliation": "Offices"},
}
"""By noun: the tables whose rows belong to it, and what they are called there."""

_COLUMNS = {
    "event": ("event_id", "from_event_id", "to_event_id"),
    "actor": ("member_id", "body_id"),
}

_LEFT = """
    SELECT "table", record_id FROM events_change WHERE before IS NOT NULL AND "table" IN (
        'events_evidence', 'events_participation', 'events_link', 'events_position',
        'events_commitment', 'events_outcome', 'events_conflictmember', 'events_term',
        'events_consent', 'events_proposer', 'events_sourcetext', 'events_affiliation',
        'events_readout', 'events_readoutpoint')
    AND truceline_left(before, after) <> '{}' AND truceline_left(before, after) && %(left)s"""

LAST = 2**63 - 1

type Place = tuple[int, int]
"""A point in the history: the number of a revision, and the last of its changes that counts."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the record (`table` is its own) or of what belongs to it."""

    id: int
    revision: int
    number: int
    table: str
    operation: str
    version: int
    columns: list[str]
    was: str | None
    state: str | None
    came: bool
    went: bool
    link: dict[str, Any] | None


class Around:
    """The record of that id and all that ever belonged to it, as a query over its changes."""

    def __init__(self, model: type[Record], pk: int) -> None:
        noun = str(model._meta.model_name)
        columns = _COLUMNS.get(noun, (f"{noun}_id",))
        self.labels = LABELS.get(noun, {})
        self.own = model._meta.db_table
        self.values: dict[str, Any] = {
            "own": self.own,
            "id": pk,
            "tables": list(self.labels),
            "left": [f"{column} {pk}" for column in columns],
            "owner": [f'{{"{column}": {pk}}}' for column in columns],
        }
        parts = ['SELECT %(own)s AS "table", %(id)s::bigint AS record_id']
        for table in self.labels:
            there = {field.column for field in tracked()[table]._meta.concrete_fields}
            parts += [
                f"SELECT '{table}', id FROM {table} WHERE {column} = %(id)s"
                for column in columns
                if column in there
            ]
        if self.labels:
            parts.append(f'SELECT * FROM ({_LEFT}) departed WHERE "table" = ANY(%(tables)s)')
        self.source = f"""
            FROM ({" UNION ".join(parts)}) around
            JOIN events_change c USING ("table", record_id)
            JOIN events_revision r ON r.id = c.revision_id AND r.number IS NOT NULL
            CROSS JOIN LATERAL (SELECT
                coalesce(c.before @> ANY (%(owner)s::jsonb[]), false) AS before,
                coalesce(c.after @> ANY (%(owner)s::jsonb[]), false) AS after) its
            WHERE (c."table" = %(own)s AND c.record_id = %(id)s OR its.before OR its.after)"""

    def steps(self, upto: Place, most: int, person: str = "") -> list[Step]:
        """The newest steps up to a place, newest first, at most so many."""
        by = "AND r.author_id = (SELECT id FROM events_user WHERE username = %(person)s)"
        return [
            Step(*row[:11], link=history.as_json(row[11]))
            for row in self._rows(
                f"""SELECT c.id, r.id, r.number, c."table", c.operation,
                    (coalesce(c.after, c.before)->>'version')::bigint,
                    CASE WHEN c.operation = 'update' THEN ARRAY(SELECT e.key FROM
                        jsonb_each(c.after) e WHERE c.before->e.key IS DISTINCT FROM e.value)
                    ELSE '{{}}' END,
                    c.before->>'state', c.after->>'state',
                    its.after AND NOT its.before, its.before AND NOT its.after,
                    CASE WHEN c."table" = 'events_link' THEN coalesce(c.after, c.before) END
                {self.source} AND (r.number, c.id) <= (%(number)s, %(last)s) {by if person else ""}
                ORDER BY r.number DESC, c.id DESC LIMIT %(most)s""",
                number=upto[0],
                last=upto[1],
                most=most,
                person=person,
            )
        ]

    def people(self) -> list[tuple[str, str]]:
        """Who wrote any of it: user names with full names."""
        rows = self._rows(
            f"""SELECT username, first_name, last_name FROM events_user
            WHERE id IN (SELECT r.author_id {self.source}) ORDER BY username"""
        )
        return [(name, f"{first} {last}".strip() or name) for name, first, last in rows]

    def between(self, low: Place, high: Place, most: int) -> list[tuple[str, Any, Any]]:
        """What belonged to it and differs between two places: table, row then, row later.

        A row is None where it did not belong to the record, or was not there.
        """
        rows = self._rows(
            f"""SELECT "table", CASE WHEN had THEN before END, CASE WHEN has THEN after END FROM (
                SELECT c."table", min(c.id) AS id,
                    (array_agg(c.before ORDER BY c.id))[1] AS before,
                    (array_agg(its.before ORDER BY c.id))[1] AS had,
                    (array_agg(c.after ORDER BY c.id DESC))[1] AS after,
                    (array_agg(its.after ORDER BY c.id DESC))[1] AS has
                {self.source} AND c."table" <> %(own)s
                    AND (r.number, c.id) > (%(low)s, %(first)s)
                    AND (r.number, c.id) <= (%(high)s, %(last)s)
                GROUP BY c."table", c.record_id) folded
            WHERE had OR has ORDER BY id LIMIT %(most)s""",
            low=low[0],
            first=low[1],
            high=high[0],
            last=high[1],
            most=most,
        )
        return [(table, history.as_json(old), history.as_json(new)) for table, old, new in rows]

    def is_contested(self, at: Place) -> bool:
        """Whether evidence stood against evidence, or a conflict about it was open, at a place."""
        if not self.labels.keys() & {"events_evidence", "events_conflictmember"}:
            return False
        rows = self._rows(
            f"""SELECT bearing, (SELECT x.after->>'status' FROM events_change x
                JOIN events_revision r ON r.id = x.revision_id WHERE x."table" = 'events_conflict'
                AND x.record_id = conflict AND r.number <= %(number)s ORDER BY x.id DESC LIMIT 1)
            FROM (SELECT DISTINCT ON (c."table", c.record_id) its.after,
                c.after->>'bearing' AS bearing, CASE WHEN c."table" = 'events_conflictmember'
                    THEN (c.after->>'conflict_id')::bigint END AS conflict
                {self.source} AND c."table" IN ('events_evidence', 'events_conflictmember')
                AND (r.number, c.id) <= (%(number)s, %(last)s)
                ORDER BY c."table", c.record_id, c.id DESC) newest WHERE after""",
            number=at[0],
            last=at[1],
        )
        return {"supports", "disputes"} <= {row[0] for row in rows} or any(
            status == "open" for _, status in rows
        )

    def _rows(self, query: str, **more: Any) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(query, self.values | more)
            return cursor.fetchall()
