"""Invented archives of several sizes for the benches, and the database they stand in."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEED = 1


@dataclass(frozen=True, slots=True)
class Stored:
    """An archive: its size, where it is, and events to look at in it."""

    events: int
    slug: str
    middle: str
    late: str
    day: str
    """The day with most events: "2021-03-09"."""

    @property
    def url(self) -> str:
        """The address of its timeline."""
        return f"/d/{self.slug}/"

    @property
    def month(self) -> str:
        """The month of that day."""
        return self.day[:7]

    @property
    def year(self) -> str:
        """Its year."""
        return self.day[:4]


@contextlib.contextmanager
def database() -> Iterator[None]:
    """Django, on the database of DATABASE_URL or on a cluster that goes afterwards."""
    from tracker.embedded_postgres import EmbeddedPostgres

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.bench_settings"
    home = Path(tempfile.mkdtemp(prefix="truceline-bench-"))
    home.chmod(0o711)
    (home / "static").mkdir()
    os.environ["TRUCELINE_BENCH_STATIC"] = str(home / "static")
    cluster = None
    try:
        if not os.environ.get("DATABASE_URL"):
            cluster = EmbeddedPostgres(home / "postgres", throwaway=True, fsync=False)
            os.environ |= {"TRUCELINE_DATA": str(home), "DATABASE_URL": cluster.start()}
        import django
        from django.core.management import call_command

        from tracker import memory

        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        memory.keep()  # As tracker/wsgi.py does.
        yield
    finally:
        if cluster:
            from django.db import connections

            connections.close_all()
            cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


def owner() -> Any:
    """Who made the archives, and looks at them."""
    from events.models import User

    return User.objects.get_or_create(username="bench")[0]


def stored(events: int) -> Stored:
    """The archive of so many events, made when it is not there yet."""
    from events import invented
    from events.models import Dossier, Event

    slug = f"invented-{events}"
    if not Dossier.objects.filter(slug=slug).exists():
        began = time.perf_counter()
        invented.make(slug, f"Invented, {events:,} events", events, SEED, owner())
        took = time.perf_counter() - began
        print(f"made {events:,} events in {took:.0f} s: {events / took:,.0f}/s", file=sys.stderr)
    rows = Event.objects.filter(dossier__slug=slug)
    by_time = rows.order_by("earliest", "id").values_list("ref", flat=True)
    return Stored(
        events=events,
        slug=slug,
        middle=by_time[events // 2],
        late=by_time[max(events - events // 40, 0)],
        day=_busiest(slug),
    )


def _busiest(slug: str) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT when_edtf FROM events_event JOIN events_dossier d ON d.id = dossier_id"
            " WHERE slug = %s AND when_edtf ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'"
            " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
            [slug],
        )
        return str(cursor.fetchone()[0])


def sizes(text: str) -> list[int]:
    """ "10000,100000" as numbers."""
    return [int(part) for part in text.split(",")]
