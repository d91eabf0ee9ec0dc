"""Large dossiers of an invented negotiation, the same for the same seed, for benches and demos."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable, Iterator

from events import history
from events.invented import pace
from events.invented.archive import Archive
from events.invented.cast import assemble
from events.invented.dating import ZONE
from events.invented.offers import make_offers
from events.invented.tables import analyse, check_now
from events.models import Change, Dossier, Revision, User

CHUNK = 10_000
"""Events that are in memory at once."""

STEPS = 20
"""How often it is told how far the writing is."""


class CannotMake(Exception):
    """What was asked for cannot be made; nothing was written."""


def make(
    slug: str,
    title: str,
    events: int,
    seed: int,
    by: User,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Dossier:
    """Write a public dossier of so many events, owned by `by`, in one revision or not at all.

    `progress` is told how many events of how many there are. Raises CannotMake.
    """
    if events < 1:
        raise CannotMake("A dossier is made of one event or more.")
    if Dossier.objects.filter(slug=slug).exists():
        raise CannotMake(f"There is a dossier '{slug}' already. Choose another --slug.")
    chance = random.Random(seed)
    note = f"{events:,} invented events, seed {seed}"
    with history.recording(by=by, note=note, origin="command"):
        dossier = Dossier(slug=slug, title=title, description=note, visibility="public")
        dossier.time_zone, dossier.stale_after = ZONE, 365
        dossier.establish(by)
        cast = assemble(dossier, events, chance)
        archive = Archive(dossier, cast, events, chance)
        told = 0
        for day, number in _portions(pace.days(events, chance)):
            archive.add_day(day, number)
            if archive.waiting >= CHUNK:
                _write(archive)
            if (step := archive.made * STEPS // events) > told:
                told = step
                progress(archive.made, events)
        archive.close(pace.LAST)
        _write(archive)
        make_offers(dossier, cast, archive.meetings, chance)
    written = [table.name for table in archive.tables.values()]
    analyse([*written, Change._meta.db_table, Revision._meta.db_table])
    return dossier


def _portions(days: Iterable[tuple[dt.date, int]]) -> Iterator[tuple[dt.date, int]]:
    """Days on which everything happens, in parts."""
    for day, number in days:
        for first in range(0, number, CHUNK):
            yield day, min(CHUNK, number - first)


def _write(archive: Archive) -> None:
    for table, rows in archive.take():
        table.copy(rows)
    check_now(archive.tables.values())
