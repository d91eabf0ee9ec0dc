"""Which events stand next in the order of time, however many there are.

Asked of the placements of the present; the past has none. What is asked for is looked for nearby
first, in the order of the list: where much matches, a page is full soon. Where little does, an
index over all that is asked for answers instead. So neither a rare kind at the far end of a
dossier nor a word on every page makes one read through everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from events.models.placement import FOREVER, LONG
from events.timeline.cells import Grain

NEARBY = 5_000
"""Rows that are looked through, in the order of the list, before an index is asked for all."""

FURTHER = 4
"""So many times as many where that promises to be enough: a word of one event in twenty."""


class Place(NamedTuple):
    """Where an event stands in the order of time: clock seconds, and the key that settles ties."""

    starts: int
    ends: int
    event: int

    @property
    def is_dated(self) -> bool:
        """Whether any bound of its date is known."""
        return self.starts > -FOREVER or self.ends < FOREVER


_FIRST = Place(-FOREVER - 1, 0, 0)
_LAST = Place(FOREVER + 1, 0, 0)
# Events without any date stand between those without a start and those with one.
_UNDATED_FROM = Place(-FOREVER, FOREVER, 0)
_UNDATED_TO = Place(-FOREVER, FOREVER + 1, 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the events of a page have in common; what is empty does not narrow.

    `states` None means any. `sides` are keys, `sideless` adds what has none. `words` is a tsquery
    of the configuration "simple". `keys` are those of the only events in question, None for all.
    `since` and `until` are the edges of a window in clock seconds, None for open.
    """

    dossier: int
    kinds: Sequence[str] = ()
    modalities: Sequence[str] = ()
    states: Sequence[str] | None = None
    sides: Sequence[int] = ()
    sideless: bool = False
    words: str = ""
    keys: Sequence[int] | None = None
    since: int | None = None
    until: int | None = None

    @property
    def alike(self) -> list[str]:
        """Conditions on what a flavour has as well."""
        given = {"kind": self.kinds, "modality": self.modalities}
        found = [f"p.{name} = ANY(%({name})s)" for name, values in given.items() if values]
        if self.states is not None:
            found.append("p.state = ANY(%(state)s)")
        sides = ["p.sides && %(sides)s::bigint[]"] if self.sides else []
        sides += ["p.sides = '{}'"] if self.sideless else []
        return [*found, f"({' OR '.join(sides)})"] if sides else found

    @property
    def conditions(self) -> str:
        """All conditions but the window, as SQL on a placement p."""
        found = ["p.dossier_id = %(dossier)s", *self.alike]
        if self.words:
            found.append("p.words @@ to_tsquery('simple', %(words)s)")
        if self.keys is not None:
            found.append("p.event_id = ANY(%(keys)s)")
        return " AND ".join(found)

    @property
    def given(self) -> dict[str, Any]:
        """The parameters of the conditions."""
        return {
            "dossier": self.dossier,
            "kind": list(self.kinds),
            "modality": list(self.modalities),
            "state": list(self.states or ()),
            "sides": list(self.sides),
            "words": self.words,
            "keys": list(self.keys or ()),
            "since": -FOREVER if self.since is None else self.since,
        }

    @property
    def is_plain(self) -> bool:
        """Whether all events are asked for, from some place on."""
        return not self.alike and not self.words and self.keys is None and self.since is None


# --- What can be asked


def place_of(asked: Asked, ref: str) -> Place | None:
    """The place of the event `ref`, None when it is not there or its state is not asked for."""
    state = "" if asked.states is None else " AND p.state = ANY(%(state)s)"
    rows = _rows(
        "SELECT p.starts, p.ends, p.event_id"
        " FROM events_event e JOIN events_placement p ON p.event_id = e.id"
        f" WHERE e.dossier_id = %(dossier)s AND e.ref = %(ref)s{state}",
        {**asked.given, "ref": ref},
    )
    return Place(*rows[0]) if rows else None


def page(asked: Asked, after: Place | None, count: int) -> list[Place]:
    """The first `count` places beyond `after`: of events with a date, then of those without."""
    if after is not None and not after.is_dated:
        return undated(asked, after, count)
    if asked.is_plain:
        stretches = [*_stretches(asked, after or _FIRST), (_UNDATED_FROM, _UNDATED_TO)]
        return _all_of(asked, stretches, count)
    found = dated(asked, after, count)
    return found + (undated(asked, None, count - len(found)) if len(found) < count else [])


def dated(asked: Asked, after: Place | None, count: int) -> list[Place]:
    """The first `count` places of events with a date, beyond `after`.

    Of a window come first those that have been going on for long when it begins.
    """
    after = after or _FIRST
    last = _LAST if asked.until is None else Place(asked.until, -FOREVER - 1, 0)
    found: list[Place] = []
    if asked.since is not None:
        recent = Place(asked.since - LONG, -FOREVER - 1, 0)
        found = _ongoing(asked, after, min(recent, last), count) if after < recent else []
        after = max(after, recent)
    for low, high in _stretches(asked, after):
        if len(found) < count:
            found += _between(asked, low, high, count - len(found))
    return found


def undated(asked: Asked, after: Place | None, count: int) -> list[Place]:
    """The first `count` places of events without any date, beyond `after`."""
    return _between(asked, after or _UNDATED_FROM, _UNDATED_TO, count)


def _stretches(asked: Asked, after: Place) -> list[tuple[Place, Place]]:
    """Where events with a date stand, beyond `after` and before the end of the window."""
    last = _LAST if asked.until is None else Place(asked.until, -FOREVER - 1, 0)
    both = (after, min(_UNDATED_FROM, last)), (max(after, _UNDATED_TO), last)
    return [(low, high) for low, high in both if low < high]


def count(asked: Asked, start: int, end: int, most: int) -> int:
    """How many events begin from clock `start` to `end`; counted up to `most`."""
    ((found,),) = _rows(
        f"SELECT count(*) FROM (SELECT FROM events_placement p WHERE {asked.conditions}"
        " AND p.ends >= %(since)s AND p.starts >= %(start)s AND p.starts < %(end)s"
        " LIMIT %(most)s) counted",
        {**asked.given, "start": start, "end": end, "most": most},
    )
    return int(found)


def newest(asked: Asked, shown: int, counted: int) -> list[int]:
    """Keys of events, the newest first, those without a start or a date last.

    At most `counted` of them. Where there are that many, only the first `shown` are sure to be
    the newest, and there may be fewer than `counted` keys in order.
    """
    near, matching = _near_and_all(asked, counted, NEARBY, enough=counted // FURTHER)
    if not matching and len(near) < counted:
        # They come so often that some way further there will be enough.
        near, matching = _near_and_all(asked, counted, FURTHER * NEARBY, enough=counted)
    if len(matching) == counted:
        # Nearby were the newest; what was found elsewhere only says how many there are.
        near = near if len(near) >= shown else _last_of_all(asked, shown)
        rest = set(matching).difference(near)
        matching = [*near, *rest][:counted]
    elif matching:
        matching.sort(reverse=True)
    return [place.event for place in matching or near]


def _near_and_all(
    asked: Asked, counted: int, nearby: int, *, enough: int
) -> tuple[list[Place], list[Place]]:
    """At most `counted` places among the last `nearby`, in order; and of all, in none, unless
    `enough` of them were found there."""
    where = asked.conditions
    # The second part runs only when the first did not find enough. Reading from it as far as is
    # needed, without any order, costs no more than that.
    rows = _rows(
        f"""WITH near AS MATERIALIZED (
            SELECT {_ORDER} FROM (
                SELECT p.* FROM events_placement p
                WHERE p.dossier_id = %(dossier)s ORDER BY {_BACKWARDS} LIMIT %(nearby)s
            ) p WHERE {where} ORDER BY {_BACKWARDS} LIMIT %(count)s
        ), matching AS MATERIALIZED (
            SELECT {_ORDER} FROM events_placement p WHERE {where}
        )
        SELECT *, true FROM near
        UNION ALL (SELECT *, false FROM matching
            WHERE (SELECT count(*) FROM near) < %(enough)s LIMIT %(count)s)""",
        {**asked.given, "nearby": nearby, "count": counted, "enough": enough},
    )
    places = [(Place(*place), is_near) for *place, is_near in rows]
    near, matching = (
        [place for place, is_near in places if is_near is one] for one in (True, False)
    )
    return near, matching


def _last_of_all(asked: Asked, count: int) -> list[Place]:
    """The newest `count` places, from all that match, sorted."""
    rows = _rows(
        f"""WITH matching AS MATERIALIZED (
            SELECT {_ORDER} FROM events_placement p WHERE {asked.conditions}
        ) SELECT * FROM matching p ORDER BY {_BACKWARDS} LIMIT %(count)s""",
        {**asked.given, "count": count},
    )
    return [Place(*row) for row in rows]


# --- How it is asked

_ORDER = "p.starts, p.ends, p.event_id"
_BACKWARDS = "p.starts DESC, p.ends DESC, p.event_id DESC"
_RANGE = (
    f"({_ORDER}) > (%(starts)s, %(ends)s, %(event)s)"
    f" AND ({_ORDER}) < (%(high_starts)s, %(high_ends)s, %(high_event)s)"
)


def _bounded(asked: Asked, low: Place, high: Place, count: int) -> dict[str, Any]:
    upper = {f"high_{name}": value for name, value in high._asdict().items()}
    return {**asked.given, **low._asdict(), **upper, "count": count}


def _all_of(asked: Asked, stretches: list[tuple[Place, Place]], count: int) -> list[Place]:
    """The first `count` places of some stretches, one after the other, where all are asked for."""
    parts, given = [], {**asked.given, "count": count}
    for number, (low, high) in enumerate(stretches):
        names = [f"%({edge}{number}_{name})s" for edge in ("low", "high") for name in Place._fields]
        given |= dict(zip([name[2:-2] for name in names], [*low, *high], strict=True))
        lowest, highest = ", ".join(names[:3]), ", ".join(names[3:])
        # Ends with the first stretches that are enough: the others are not read.
        parts.append(
            f"(SELECT {number} AS stretch, {_ORDER} FROM events_placement p"
            f" WHERE {asked.conditions} AND ({_ORDER}) > ({lowest}) AND ({_ORDER}) < ({highest})"
            f" ORDER BY {_ORDER} LIMIT %(count)s)"
        )
    rows = _rows(f"SELECT * FROM ({' UNION ALL '.join(parts)}) p LIMIT %(count)s", given)
    return [Place(*place) for _, *place in sorted(rows)]


def _ongoing(asked: Asked, low: Place, high: Place, count: int) -> list[Place]:
    """What is under way when the window begins, and has been for long."""
    # The conditions on anchor and length are those of the index.
    rows = _rows(
        f"""WITH ongoing AS MATERIALIZED (
            SELECT {_ORDER} FROM events_placement p
            WHERE {asked.conditions} AND {_RANGE} AND p.anchor IS NOT NULL
              AND p.ends > p.starts + {LONG}
              AND int8range(p.starts, p.ends, '[]') @> %(since)s::bigint
        ) SELECT * FROM ongoing p ORDER BY {_ORDER} LIMIT %(count)s""",
        _bounded(asked, low, high, count),
    )
    return [Place(*row) for row in rows]


def _between(asked: Asked, low: Place, high: Place, count: int, times: int = 1) -> list[Place]:
    """The first `count` places beyond `low` and before `high`; looks so many times NEARBY before
    it asks an index."""
    matches = f"{asked.conditions} AND p.ends >= %(since)s"
    # The last row looked at comes along even when it is not asked for, to say how far one got.
    nearby = _rows(
        f"""SELECT {_ORDER}, p.number, {matches} FROM (
            SELECT p.*, row_number() OVER (ORDER BY {_ORDER}) AS number
            FROM events_placement p WHERE p.dossier_id = %(dossier)s AND {_RANGE}
            ORDER BY {_ORDER} LIMIT %(nearby)s
        ) p
        WHERE {matches} OR p.number = %(nearby)s
        ORDER BY {_ORDER} LIMIT %(count)s""",
        {**_bounded(asked, low, high, count), "nearby": times * NEARBY},
    )
    found = [Place(*place) for *place, _, is_asked in nearby if is_asked]
    left = count - len(found)
    if not left or not nearby or nearby[-1][3] < times * NEARBY:
        return found
    reached = Place(*nearby[-1][:3])
    if not asked.words and asked.keys is None:
        return found + _of_flavours(asked, _bounded(asked, reached, high, left))
    if times == 1 and len(found) * FURTHER >= left:
        # They come so often that some way further there will be enough.
        return found + _between(asked, reached, high, left, FURTHER)
    return found + _of_all(matches, _bounded(asked, reached, high, left))


def _of_all(matches: str, given: dict[str, Any]) -> list[Place]:
    """By the index of words or keys: everything that matches, then sorted."""
    rows = _rows(
        f"""WITH matching AS MATERIALIZED (
            SELECT {_ORDER} FROM events_placement p WHERE {matches} AND {_RANGE}
        ) SELECT * FROM matching p ORDER BY {_ORDER} LIMIT %(count)s""",
        given,
    )
    return [Place(*row) for row in rows]


def _of_flavours(asked: Asked, given: dict[str, Any]) -> list[Place]:
    """By the index of what events are like: of each flavour asked for the next ones.

    The first few of each say how far the page reaches at most.
    """
    flavours = " AND ".join(asked.alike) or "true"
    alike = (
        "p.dossier_id = %(dossier)s AND p.kind = f.kind AND p.modality = f.modality"
        f" AND p.state = f.state AND p.sides = f.sides AND p.ends >= %(since)s AND {_RANGE}"
    )
    rows = _rows(
        f"""WITH flavours AS MATERIALIZED (
            SELECT * FROM (
                SELECT DISTINCT parts[1] COLLATE "default" AS kind,
                    parts[2] COLLATE "default" AS modality, parts[3] COLLATE "default" AS state,
                    string_to_array(parts[4], ',')::bigint[] AS sides
                FROM truceline_density, string_to_array(flavour, '/') parts
                WHERE dossier_id = %(dossier)s AND level = {int(Grain.MILLENNIUM)}
            ) p WHERE {flavours}
        ), heads AS MATERIALIZED (
            SELECT p.starts FROM flavours f CROSS JOIN LATERAL (
                SELECT p.starts FROM events_placement p WHERE {alike} ORDER BY {_ORDER}
                LIMIT 2 + 2 * %(count)s / (SELECT count(*) FROM flavours)) p
        ), reach AS MATERIALIZED (
            SELECT CASE WHEN count(*) < %(count)s THEN %(high_starts)s ELSE max(starts) END AS far
            FROM (SELECT starts FROM heads ORDER BY starts LIMIT %(count)s) heads
        )
        SELECT {_ORDER} FROM flavours f CROSS JOIN LATERAL (
            SELECT {_ORDER} FROM events_placement p
            WHERE {alike} AND p.starts <= (SELECT far FROM reach)
            ORDER BY {_ORDER} LIMIT %(count)s) p
        ORDER BY {_ORDER} LIMIT %(count)s""",
        given,
    )
    return [Place(*row) for row in rows]


def _rows(sql: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()
