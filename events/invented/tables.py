"""Many rows into the table of a record at once, by COPY. The history writes them down as any."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import NOT_PROVIDED

from events.models import Dossier, Record

BLOCK = 5_000
"""Keys that are fetched at once."""


class Table:
    """The columns `names` are given row by row, the others have their defaults."""

    def __init__(self, model: type[Record], dossier: Dossier, *names: str) -> None:
        rest = {
            str(field.column): field.get_db_prep_value(field.get_default(), connection)
            for field in model._meta.concrete_fields
            if not (field.primary_key or field.null or field.attname in names)
            and field.db_default is NOT_PROVIDED
        }
        rest["dossier_id"] = dossier.pk
        quoted = connection.ops.quote_name
        columns = ", ".join(quoted(name) for name in (*names, *rest))
        self.name = model._meta.db_table
        self.query = f"COPY {quoted(self.name)} ({columns}) FROM STDIN"
        self.rest = tuple(rest.values())
        self.width = len(names)
        self.keys: list[int] = []

    def next_key(self) -> int:
        """A key that nobody else gets. Those of a block that is not used up stay unused."""
        if not self.keys:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, 'id'))"
                    " FROM generate_series(1, %s) ORDER BY 1 DESC",
                    [self.name, BLOCK],
                )
                self.keys = [key for [key] in cursor.fetchall()]
        return self.keys.pop()

    def copy(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write `rows`; run inside `recording()`."""
        with connection.cursor() as cursor, cursor.copy(self.query) as copy:
            for row in rows:
                copy.write_row(row + self.rest)


def check_now(tables: Iterable[Table]) -> None:
    """Have the keys of `tables` checked that wait for it, not all at commit.

    Until then the server keeps every row in mind.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(DISTINCT quote_ident(conname), ', ') FROM pg_constraint"
            " WHERE conrelid = ANY(%s::regclass[]) AND condeferrable AND contype IN ('f', 't')",
            [[table.name for table in tables]],
        )
        [names] = cursor.fetchone()
        cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")
        cursor.execute(f"SET CONSTRAINTS {names} DEFERRED")


def analyse(tables: Iterable[str]) -> None:
    """Tell the planner what is in the tables now; run outside of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, tables))}")
