"""How many events are of which kind, side and state, within a window and out: for the filter.

A small dossier is counted row by row. A large one was counted beforehand (density.py); what the
pyramid does not know, contested events and those with certain words, is counted one by one as far
as that goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, Value
from django.db.models.functions import Coalesce

from events import asking, density, keyset, search
from events.density import Flavour
from events.models import Placement

if TYPE_CHECKING:
    from typing import Any

    from events.filters import EventFilter

SMALL = 1_000
"""Events up to which a dossier is counted, and its chart drawn, from its rows."""

MOST = 1_000
"""Events counted one by one in a large dossier: of more it is said that there are more."""


class Cell(NamedTuple):
    """Events alike in all that is filtered for, and how many they are: fewer than none where
    another cell counts them as well."""

    kind: str
    modality: str
    state: str
    contested: bool
    sides: tuple[int, ...]
    dated: bool
    within: bool
    worded: bool
    number: int


def from_rows(wanted: EventFilter, within: Q, words: Q | None, side_ids: Any) -> list[Cell]:
    """One query for every count of the page."""
    undated = Q(earliest__isnull=True, latest__isnull=True)
    rows = (
        wanted.visible()
        .with_contested(wanted.viewer, wanted.recalled)
        .annotate(
            side_ids=side_ids, undated=_truth(undated), within=_truth(within),
            worded=_truth(words or Q()),
        )
    )  # fmt: skip
    keys = ("kind", "modality", "state", "contested", "side_ids", "undated", "within", "worded")
    counted = rows.order_by().values_list(*keys).annotate(count=Count("pk"))
    return [
        Cell(kind, modality, state, contested, tuple(sides or ()), not undated, *rest)
        for kind, modality, state, contested, sides, undated, *rest in counted
    ]


def _truth(condition: Q) -> Any:
    if not condition:
        return Value(True, output_field=BooleanField())
    return Coalesce(ExpressionWrapper(condition, output_field=BooleanField()), Value(False))


def beforehand(wanted: EventFilter) -> tuple[list[Cell], bool]:
    """The same of a large dossier, and whether it is complete.

    It is not when too many events are contested or have the words, and are asked for: then no cell
    tells of the words, and the cells tell of some contested events only.
    """
    worded = not wanted.values["q"]
    cells: list[Cell] = []
    for flavour, one in counts(wanted).items():
        if not wanted.can_see(flavour):
            continue
        kind, modality, state, sides = flavour
        undated = one.total - one.dated
        within = one.touching - undated
        cells += [
            Cell(kind, modality, state, False, sides, dated, inside, worded, number)
            for dated, inside, number in (
                (False, True, undated),
                (True, True, within),
                (True, False, one.dated - within),
            )
            if number
        ]
    contested = set(asking.contested(wanted.viewer, MOST + 1))
    for cell in _cells_of(wanted, contested).values():
        cells += [cell._replace(number=-1), cell._replace(contested=True)]
    keys: list[int] = []
    if not worded:
        question = search.worded(wanted.values["q"], wanted.viewer)
        keys = keyset.newest(question, 1, MOST + 1)
    if len(keys) <= MOST:
        for key, cell in _cells_of(wanted, keys).items():
            cell = cell._replace(contested=key in contested)
            cells += [cell._replace(number=-1), cell._replace(worded=True)]
    many = len(contested) > MOST and bool(wanted.values["contested"])
    return cells, len(keys) <= MOST and not many


def counts(
    wanted: EventFilter,
    window: tuple[int | None, int | None] | None = None,
    **narrowed: Any,
) -> dict[Flavour, density.Counts]:
    """The pyramid's counts for the window asked for or `window`, up to the instant looked back
    from; `narrowed` as for density.counts()."""
    start, end = window or wanted.clocks
    veil = wanted.veil
    if veil is None:
        return density.counts(wanted.dossier.pk, start, end, **narrowed)
    of_all = density.counts(wanted.dossier.pk, None, veil, **narrowed)
    if start is not None and start >= veil:
        return _going_on(wanted, of_all, start, veil)
    end = veil if end is None else min(end, veil)
    of_window = density.counts(wanted.dossier.pk, start, end, **narrowed)
    return {
        flavour: _until(of_all[flavour])._replace(
            touching=one.touching,
            before=one.before,
            after=max(one.after - of_all[flavour].after, 0),
        )
        for flavour, one in of_window.items()
    }


def _until(one: density.Counts) -> density.Counts:
    """Counts of the time up to an instant as if there were no other."""
    undated = one.total - one.dated
    return density.Counts(one.touching, one.touching - undated, one.touching, 0, 0)


def _going_on(
    wanted: EventFilter, of_all: dict[Flavour, density.Counts], start: int, veil: int
) -> dict[Flavour, density.Counts]:
    """Counts for a window that begins after the instant looked back from: what began before it and
    may last till then is looked for, up to MOST."""
    question = keyset.Asked(wanted.dossier.pk, since=start, until=veil)
    keys = [place.event for place in keyset.dated(question, None, MOST)]
    touching: Counter[Flavour] = Counter()
    for row in Placement.objects.of(keys):
        alike = Flavour.of(row)
        if alike in of_all:
            touching[alike] += 1
        elif wanted.accepts(alike):
            touching.update([alike.narrowed, *alike.lanes])
    return {
        flavour: _until(one)._replace(touching=one.total - one.dated + touching[flavour])
        for flavour, one in of_all.items()
    }


def looked_at(wanted: EventFilter, *, everywhere: bool = False) -> int:
    """Events asked for of a large dossier, at most MOST + 1, in the window or `everywhere`."""
    question = asking.asked(wanted, (None, None) if everywhere else None)
    dated = [] if wanted.values["undated"] else keyset.dated(question, None, MOST + 1)
    return len(dated) + len(keyset.undated(question, None, MOST + 1 - len(dated)))


def _cells_of(wanted: EventFilter, keys: Collection[int]) -> dict[int, Cell]:
    """For each of some events a cell that counts it alone, where the pyramid does."""
    if not keys:
        return {}
    start, end = wanted.clocks
    worded = not wanted.values["q"]
    before = "" if wanted.veil is None else " AND starts < %(veil)s"
    # Written here: however many keys, they are one value to it.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_id, kind, modality, state, sides, anchor, starts, ends"
            f" FROM events_placement WHERE event_id = ANY (%(keys)s){before}",
            {"keys": list(keys), "veil": wanted.veil},
        )
        read = cursor.fetchall()
    found = {}
    for key, kind, modality, state, sides, anchor, starts, ends in read:
        within = (end is None or starts < end) and (start is None or ends >= start)
        dated = anchor is not None
        cell = Cell(kind, modality, state, False, tuple(sides), dated, within, worded, 1)
        if wanted.can_see(cell):
            found[key] = cell
    return found
