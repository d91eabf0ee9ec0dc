"""What the server needs for the matrix of positions: 200 actors, 60 issues, 100,000 positions.

    .venv/bin/python -m tests.bench.matrix --positions 100000

makes such a dossier (the one that DATABASE_URL has already is used again) and asks for its matrix
at several instants, as a member and as a visitor. Printed are the medians, the slowest twentieth,
the time for which processors worked on it, the size of the page, and the queries.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from tests.bench import archives
from tests.bench.timeline import RUNS, timed

ACTORS, ISSUES, SIDES, SEED = 200, 60, 5, 6
LIMIT = 150
"""Milliseconds of server time."""

FIRST = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)
DAYS = 3_650
STANCES = ("supports", "conditional", "open", "unclear", "opposes", "denies_discussed", "none")
WEIGHTS = (30, 20, 14, 10, 18, 4, 4)


def made(positions: int) -> str:
    """The slug of the dossier with so many positions."""
    from events import history
    from events.invented.tables import Table, analyse
    from events.models import Dossier

    slug = f"matrix-{positions}"
    if Dossier.objects.filter(slug=slug).exists():
        return slug
    owner = archives.owner()
    with history.recording(by=owner, origin="command"):
        dossier = Dossier(slug=slug, title="Who stands where (invented)", visibility="public")
        dossier.establish(owner)
        _fill(dossier, positions, Table)
    analyse(f"events_{name}" for name in ("actor", "issue", "event", "position", "evidence"))
    return slug


def _fill(dossier: Any, positions: int, table: Any) -> None:
    from events.models import (
        Actor,
        Event,
        Evidence,
        Issue,
        Passage,
        Position,
        Side,
        Source,
        SourceText,
    )

    chance = random.Random(SEED)
    sides = [
        Side.objects.create(dossier=dossier, code=f"S{n}", name=f"Side {n}", order=n, slot=n)
        for n in range(1, SIDES + 1)
    ]
    actors = table(Actor, dossier, "id", "name", "side_id")
    actor_keys = [actors.next_key() for _ in range(ACTORS)]
    actors.copy((key, f"Envoy {n}", sides[n % SIDES].pk) for n, key in enumerate(actor_keys))
    issues = table(Issue, dossier, "id", "name", "parent_id", "order")
    issue_keys = [issues.next_key() for _ in range(ISSUES)]
    # The first of every six is wider than the others.
    issues.copy(
        (key, f"Question {n}", issue_keys[n - n % 6] if n % 6 else None, n)
        for n, key in enumerate(issue_keys)
    )
    columns = ("id", "title", "state", "when_edtf", "earliest", "latest")
    events = table(Event, dossier, *columns)
    days = [FIRST + dt.timedelta(days=chance.randrange(DAYS)) for _ in range(positions // 10)]
    event_keys = [events.next_key() for _ in days]
    day = dt.timedelta(days=1)
    events.copy(
        (key, f"Statement {n}", "published", f"{at:%Y-%m-%d}", at, at + day)
        for n, (key, at) in enumerate(zip(event_keys, days, strict=True))
    )
    source = Source.objects.create(dossier=dossier, title="Record of the talks")
    text = SourceText.objects.create(dossier=dossier, source=source, text="We shall see.")
    passage = Passage.cut(text, 0, 13)
    passage.save()
    rows = table(
        Position, dossier, "id", "actor_id", "issue_id", "stance", "event_id", "state", "shift"
    )
    position_keys = [rows.next_key() for _ in range(positions)]

    def stated() -> Iterator[tuple[Any, ...]]:
        for key in position_keys:
            stance = chance.choices(STANCES, WEIGHTS)[0]
            state = "published" if chance.random() < 0.8 else "draft"
            actor, issue = chance.choice(actor_keys), chance.choice(issue_keys)
            yield key, actor, issue, stance, chance.choice(event_keys), state, "first"

    rows.copy(stated())
    words = table(Evidence, dossier, "passage_id", "position_id", "bearing")
    words.copy(
        (passage.pk, key, bearing)
        for n, key in enumerate(position_keys)
        for bearing in (("supports", "disputes") if n % 200 == 0 else ("supports",))
    )


def main() -> None:
    """Measure and print."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--positions", type=int, default=100_000)
    reader.add_argument("--runs", type=int, default=RUNS)
    asked = reader.parse_args()
    with archives.database():
        from django.conf import settings
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext

        settings.ALLOWED_HOSTS = ["*"]
        slug = made(asked.positions)
        member, visitor = (Client(headers={"Accept-Encoding": "gzip"}) for _ in range(2))
        member.force_login(archives.owner())
        print(f"{asked.positions:,} positions of {ACTORS} actors on {ISSUES} issues")
        print("ms: median (slowest twentieth) processor; kB of the page; queries")
        late = False
        for name, client, query in (
            ("now", member, ""),
            ("now, visitor", visitor, ""),
            ("as of 2020", member, "?as_of=2020-01-01&clock=happened"),
            ("as of 2015", member, "?as_of=2015-03-01&clock=happened"),
            ("as of revision", member, "?as_of=r1&clock=recorded"),
        ):
            address = f"/d/{slug}/positions/{query}"
            with CaptureQueriesContext(connection) as queries:
                page = client.get(address)
            assert page.status_code == 200, page
            took = timed(lambda c=client, a=address: c.get(a), asked.runs)  # type: ignore[misc]
            late |= took.median > LIMIT
            print(f"{name:<16} {took!s:<24} {len(page.content) / 1000:7.0f} {len(queries):4}")
        print(f"{'over' if late else 'all under'} {LIMIT} ms")


if __name__ == "__main__":
    main()
