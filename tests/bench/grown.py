"""Makes an archive several times as large within the database, without writing its history.

    DATABASE_URL=... .venv/bin/python -m tests.bench.grown --slug invented-1000000 --times 5

copies the events of an archive, who took part in them and where they lie in time, each copy some
weeks later, and gives the whole the address of its new size. For reading only: the history knows
nothing of the copies, and they have neither evidence nor links.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from tests.bench import archives

WEEKS = 3
"""By which each copy is later than the one before, so that weekdays stay what they are."""

FAR = 10**15
"""Stands for an open end of a placement."""


def grow(slug: str, times: int) -> str:
    """Copy the events of an archive so that there are `times` as many; gives its new slug."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.id, min(e.id), max(e.id), count(*) FROM events_dossier d"
            " JOIN events_event e ON e.dossier_id = d.id WHERE slug = %s GROUP BY 1",
            [slug],
        )
        dossier, first, last, events = cursor.fetchone()
        cursor.execute("SELECT max(id) FROM events_event")
        [highest] = cursor.fetchone()
        for number in range(1, times):
            offset = highest - first + 1 + (number - 1) * (last - first + 1)
            _copy(cursor, dossier, last, number, offset)
            print(f"{time.strftime('%T')} copy {number}", file=sys.stderr, flush=True)
        grown = f"invented-{events * times}"
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE events_dossier SET slug = %s, title = %s WHERE id = %s",
            [grown, f"Invented, {events * times:,} events", dossier],
        )
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('events_event', 'id'), max(id)) FROM events_event"
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE events_event, events_participation, events_placement")
        cursor.execute("ANALYZE events_density")
    return grown


def _copy(cursor: Any, dossier: int, last: int, number: int, offset: int) -> None:
    """Copy the events up to the key `last`, `offset` keys further; then count them."""
    later, seconds = f"interval '{WEEKS * number} weeks'", WEEKS * number * 7 * 86_400
    bounds = ("earliest", "latest", "certain_from", "certain_to")
    moved = {
        name: f"CASE WHEN abs({name}) < {FAR} THEN {name} + {seconds} ELSE {name} END"
        for name in ("starts", "ends", "anchor")
    }
    ref = {"ref": f"ref || 'c{number}'"}
    event = {"event_id": f"event_id + {offset}"}
    dated = {name: f"{name} + {later}" for name in bounds}
    # Triggers that only keep the history and the keys are passed by; the pyramid counts.
    for role, table, key, changed in (
        ("replica", "events_event", "id", {"id": f"id + {offset}"} | ref | dated),
        ("replica", "events_participation", "event_id", {"id": ""} | ref | event),
        ("origin", "events_placement", "event_id", event | moved),
    ):
        cursor.execute(f"SET LOCAL session_replication_role = {role}")
        _insert(
            cursor, table, changed, f"dossier_id = {dossier} AND {key} <= {last} ORDER BY {key}"
        )
    cursor.execute("SELECT truceline_fold(%s)", [dossier])


def _insert(cursor: Any, table: str, changed: dict[str, str], where: str) -> None:
    """Copy rows of a table; of `changed` columns with these values, "" leaves the column out."""
    from django.db import connection

    found = connection.introspection.get_table_description(cursor, table)
    names = [one.name for one in found if changed.get(one.name) != ""]
    columns = ", ".join(map(connection.ops.quote_name, names))
    values = ", ".join(changed.get(name) or connection.ops.quote_name(name) for name in names)
    cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE {where}")


def main() -> None:
    """Grow the archive asked for."""
    parser = argparse.ArgumentParser(description="Copies the events of an archive.")
    parser.add_argument("--slug", default="invented-1000000")
    parser.add_argument("--times", type=int, default=5)
    chosen = parser.parse_args()
    with archives.database():
        print(grow(chosen.slug, chosen.times))


if __name__ == "__main__":
    main()
