"""Where the events of a dossier lie in time, counted beforehand (migrations/sql/density.sql).

Reads the pyramid of counts: the cost of an answer follows what it shows, not the archive. Clocks
are seconds on the clock of the dossier's zone; windows begin and end with full hours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from events.models.density import BROAD
from events.models.placement import FOREVER, Placement
from events.timeline import Tally
from events.timeline.cells import Grain, before, between, cell, following
from events.timeline.items import PLANNED

_EVERYTHING = (Grain.MILLENNIUM, -FOREVER - 1, FOREVER + 1)

ANY = "*"
"""The kind of what is counted lane by lane, whatever its kind."""

EVERY_LANE = 0
"""In place of the key of a side: all events, each counted once."""


class Flavour(NamedTuple):
    """What is filtered for, of all events of a cell that are alike. `sides` are keys.

    Where kinds do not matter it is a lane: `kind` is ANY, `modality` planned or occurred, `state`
    published or draft, and `sides` one key, EVERY_LANE, or none for the events of no side. Of what
    was narrowed, `modality` is as rough and `state` "".
    """

    kind: str
    modality: str
    state: str
    sides: tuple[int, ...]

    @classmethod
    def of(cls, placed: Placement) -> Flavour:
        """What one event is like."""
        return cls(placed.kind, placed.modality, placed.state, tuple(placed.sides))

    @classmethod
    @lru_cache(maxsize=4096)
    def read(cls, text: str) -> Flavour:
        """As the database writes it: "talks/occurred/published/3,7"."""
        kind, modality, state, sides = text.split("/")
        keys = sides.replace("*", str(EVERY_LANE)).split(",")
        return cls(kind, modality, state, tuple(int(key) for key in keys if key))

    @property
    def text(self) -> str:
        """As the database writes it."""
        keys = ("*" if key == EVERY_LANE else str(key) for key in self.sides)
        return "/".join([self.kind, self.modality, self.state, ",".join(keys)])

    @property
    def ahead(self) -> str:
        """Its modality, as far as it matters to how events are drawn: planned or occurred."""
        return "planned" if self.modality in PLANNED else "occurred"

    @property
    def narrowed(self) -> Flavour:
        """What is told of its events once they passed a filter."""
        return Flavour(self.kind, self.ahead, "", self.sides)

    @property
    def lanes(self) -> list[Flavour]:
        """The lanes its events are counted in, that of all events first."""
        state = self.state if self.state == "published" else "draft"
        return [lane(key, self.ahead, state) for key in (EVERY_LANE, *(self.sides or (None,)))]


def lane(key: int | None, modality: str, state: str) -> Flavour:
    """The lane of a side, of every event, or (None) of those of no side."""
    return Flavour(ANY, modality, state, () if key is None else (key,))


def lanes(key: int | None) -> list[Flavour]:
    """All that is told apart in a lane; each of its events is counted once."""
    return [
        lane(key, modality, state)
        for modality in ("occurred", "planned")
        for state in ("draft", "published")
    ]


class Counts(NamedTuple):
    """Events alike, by where they lie.

    `total` of them, `dated` of these, `touching` the window or undated, and `before` and `after`
    it by the instant that stands for each.
    """

    total: int
    dated: int
    touching: int
    before: int
    after: int

    @property
    def undated(self) -> Counts:
        """Only those without a date, which every window is said to touch."""
        return Counts(self.total - self.dated, 0, self.total - self.dated, 0, 0)


class Cell(NamedTuple):
    """Events alike from clock `start` to `end`: how many, and their ids added up: of one its id."""

    start: int
    end: int
    flavour: Flavour
    number: int
    keys: int


ALL = lanes(EVERY_LANE)
"""All events, each counted once, by all that is told where kinds do not matter."""


def flavours(dossier: int) -> list[Flavour]:
    """What the events of the dossier are like."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT flavour FROM truceline_density WHERE dossier_id = %s AND level = %s",
            [dossier, Grain.MILLENNIUM],
        )
        return [Flavour.read(text) for (text,) in cursor.fetchall()]


def counts(
    dossier: int,
    start: int | None,
    end: int | None,
    *,
    broad: bool = False,
    only: Iterable[Flavour] | None = None,
) -> dict[Flavour, Counts]:
    """All events of the dossier counted for the window from clock `start` to `end` (None: open).

    `broad` counts by lanes, whatever the kinds; `only` narrows to some flavours, which are told
    apart no further than they are drawn (Flavour.narrowed).
    """
    ranges = [("all", *_EVERYTHING)]
    for name, clock in (("start", start), ("end", end)):
        if clock is not None:
            ranges += [(name, level, -FOREVER - 1 if low is None else low, high)
                       for level, low, high in before(clock)]  # fmt: skip
    found: dict[Flavour, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    columns = ("starts", "ends", "anchors")
    for name, _, flavour, *sums in _read(dossier, "0", columns, ranges, broad, only):
        of_edge = found[flavour][name]
        for place in range(3):
            of_edge[place] += sums[place]
    return {flavour: _counts(by_edge, end) for flavour, by_edge in found.items()}


def _counts(sums: dict[str, list[int]], end: int | None) -> Counts:
    nothing = [0, 0, 0]
    total, _, dated = sums.get("all", nothing)
    _, ended, earlier = sums.get("start", nothing)
    begun, _, by_end = sums.get("end", nothing) if end is not None else (total, 0, dated)
    return Counts(total, dated, begun - ended, earlier, dated - by_end)


def cells(
    dossier: int,
    grain: Grain,
    start: int,
    end: int,
    *,
    broad: bool = False,
    only: Iterable[Flavour] | None = None,
) -> list[Cell]:
    """The cells of one level from clock `start` to `end`, those at the edges cut to the window.

    `broad` and `only` as in counts().
    """
    ranges, ends = [], {}
    first, last = cell(grain, start), cell(grain, end)
    inner = first if first == start else following(grain, first)
    if first == last or inner > last:
        pieces = [(start, end)]
    else:
        ranges.append(("", grain, inner, last))
        pieces = [(start, inner), (last, end)]
    for low, high in pieces:
        if low < high:
            ends[low] = high
            ranges += [(str(low), *part) for part in between(low, high)]
    sums: dict[tuple[int, Flavour], list[int]] = defaultdict(lambda: [0, 0])
    columns = ("anchors", "keys")
    for name, at, flavour, count, keys in _read(dossier, "at", columns, ranges, broad, only):
        both = sums[int(name or at), flavour]
        both[0] += count
        both[1] += keys
    return [
        Cell(at, ends.get(at) or following(grain, at), flavour, count, keys)
        for (at, flavour), (count, keys) in sums.items()
        if count
    ]


def _read(
    dossier: int,
    at: str,
    columns: Sequence[str],
    ranges: Iterable[tuple[str, int, int, int]],
    broad: bool,
    only: Iterable[Flavour] | None,
) -> list[tuple[Any, ...]]:
    """Sums of the cells in `ranges` (name, level, from, to), each read from the index alone.

    Rows of name, `at`, flavour and `columns` summed up; several may be of one flavour.
    """
    names, levels, lows, highs = zip(*ranges, strict=True)
    chosen = None if only is None else set(only)
    texts = None if chosen is None else [flavour.text for flavour in chosen]
    told = "d.flavour" if only is None else _NARROWED
    if broad:
        told = f"CASE WHEN d.level < {Grain.DAY:d} THEN {_LANES} ELSE d.flavour END"
    # Hours are not counted by lanes, so they cannot be narrowed to these.
    mixed = BROAD if broad else 0
    stored = [level + BROAD if broad and level >= Grain.DAY else int(level) for level in levels]
    sums = ", ".join(f"sum(d.{column})::bigint" for column in columns)
    # Many hours have beginnings and ends alone, which no column of a chart counts.
    counted = " OR ".join(f"d.{column} <> 0" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT r.name, c.*
            FROM unnest(%s::text[], %s::int[], %s::bigint[], %s::bigint[])
                AS r(name, level, low, high)
            CROSS JOIN LATERAL (
                SELECT {at}, {told}, {sums}
                FROM truceline_density d
                WHERE d.dossier_id = %s AND d.level = r.level AND d.at >= r.low AND d.at < r.high
                  AND ({counted})
                  AND (%s::text[] IS NULL OR d.level < %s OR d.flavour = ANY (%s))
                GROUP BY 1, 2
            ) c
            """,
            [list(names), stored, list(lows), list(highs), dossier, texts, mixed, texts],
        )
        rows = cursor.fetchall()
    if not broad:
        return [(name, clock, Flavour.read(text), *sums) for name, clock, text, *sums in rows]
    return [
        (name, clock, one, *sums)
        for name, clock, text, *sums in rows
        for one in _lanes_of(text)
        if chosen is None or one in chosen
    ]


_AHEAD = ", ".join(f"'{modality}'" for modality in sorted(PLANNED))
_MODALITY = (
    f"CASE WHEN split_part(d.flavour, '/', 2) IN ({_AHEAD}) THEN 'planned' ELSE 'occurred' END"
)
_SIDES = "split_part(d.flavour, '/', 4)"
_NARROWED = f"split_part(d.flavour, '/', 1) || '/' || {_MODALITY} || '//' || {_SIDES}"
_LANES = (
    f"'/' || {_MODALITY} || CASE split_part(d.flavour, '/', 3)"
    f" WHEN 'published' THEN '/published/' ELSE '/draft/' END || {_SIDES}"
)
"""Of a flavour what _lanes_of() needs: fewer of them to be added up, sent and read."""


@lru_cache(maxsize=4096)
def _lanes_of(text: str) -> list[Flavour]:
    """The lane that is written, or all those that events of a flavour are in."""
    flavour = Flavour.read(text)
    return [flavour] if flavour.kind == ANY else flavour.lanes


def size(dossier: int) -> tuple[int, int]:
    """How many events the dossier has, and how many of them are published."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(starts), 0)::bigint, coalesce(sum(starts) FILTER"
            " (WHERE split_part(flavour, '/', 3) = 'published'), 0)::bigint"
            " FROM truceline_density"
            " WHERE dossier_id = %s AND level = %s AND flavour LIKE '%%/*'",
            [dossier, Grain.MILLENNIUM + BROAD],
        )
        total, published = cursor.fetchone()
    return total, published


def extent(dossier: int, *, published: bool = False) -> tuple[int, int] | None:
    """From the day of the first to that of the last instant that stands for an event, as clocks;
    of what is published alone, or of all."""
    edge = (
        "(SELECT at FROM truceline_density WHERE dossier_id = %(dossier)s AND level = %(level)s"
        " AND at > %(from)s AND at < %(to)s AND anchors > 0 AND flavour = ANY(%(flavours)s)"
        " ORDER BY at {} LIMIT 1)"
    )
    texts = [one.text for one in ALL if not published or one.state == "published"]
    given: dict[str, Any] = {"from": -FOREVER, "to": FOREVER, "flavours": texts}
    given |= {"dossier": dossier, "level": Grain.DAY + BROAD}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {edge.format('')}, {edge.format('DESC')}", given)
        first, last = cursor.fetchone()
    return None if first is None else (first, following(Grain.DAY, last))


def grain_for(span: int, most: int) -> Grain:
    """The finest level with at most about `most` cells in `span` seconds."""
    return next((grain for grain in Grain if span <= grain.usual * most), Grain.MILLENNIUM)


def tallies(found: Iterable[Cell]) -> list[Tally]:
    """Cells added up, whatever their events are like, in order."""
    sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for one in found:
        both = sums[one.start, one.end]
        both[0] += one.number
        both[1] += one.number if one.flavour.modality in PLANNED else 0
    return [Tally(start, end, *both) for (start, end), both in sorted(sums.items())]
