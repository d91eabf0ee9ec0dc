"""The positions of a dossier as the matrix needs them: of each actor on each issue the newest.

Read the same way of the present and of the past, whose views stand before the tables then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, cast

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    Func,
    Q,
    Value,
    When,
    Window,
)
from django.db.models.functions import Rank

from events import history
from events.models import Event, Link, Position
from events.negotiation.spans import day_number
from events.negotiation.stances import NEITHER, Standing, Statement, standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sized
    from contextlib import AbstractContextManager

    from events.models.position import PositionQuerySet
    from events.ordering import Pair
    from events.roles import Viewer

ROUNDS = 6
"""How often a known order is followed on to events in between."""

type Key = tuple[int, int]
"""Of an actor and of an issue."""

type Newest = dict[Key, tuple[int, list[Statement]]]
"""By actor and issue: how many statements there are, and the newest of them: all of the newest day,
and where that has one alone, all of the day before."""

type Standings = dict[Key, tuple[int, Standing | None]]
"""By actor and issue: how many statements there are, and where they leave the actor."""

MANY, KEPT = 1_000, 8
"""Of what is longer some is kept, and how many of such."""

_kept: dict[Hashable, tuple[tuple[int, str], Any]] = {}

_BOUNDS = ("pk", "earliest", "latest")
_COLUMNS = ("pk", "stance", "event_seen", "day", "starts", "ends", "shift", "shifts_from_id")


class _Day(Func):
    """Days since 1970 of an instant on the calendar of the zone `zone`."""

    template = "floor(extract(epoch FROM timezone(%(expressions)s)) / 86400)::bigint"
    output_field = BigIntegerField()


def in_time(viewer: Viewer, keys: Q | None = None) -> PositionQuerySet:
    """The positions that `viewer` sees, with `event_seen`, `starts`, `ends` and `day` of the event
    they were expressed in. An event that they do not see lends its date to nothing."""
    rows: PositionQuerySet = Position.objects.visible_to(viewer)
    if keys is not None:
        rows = rows.filter(keys)

    def seen(name: str) -> Any:
        if viewer.is_member:
            return F(name)
        return Case(When(event__state="published", then=F(name)))

    rows = rows.annotate(starts=seen("event__earliest"), ends=seen("event__latest"))
    rows = rows.annotate(event_seen=seen("event__pk"))
    return rows.annotate(day=_Day(Value(viewer.dossier.time_zone), F("starts")))


def statements(rows: PositionQuerySet) -> list[Statement]:
    """Rows of in_time() as plain values."""
    return [Statement(*values) for values in rows.values_list(*_COLUMNS)]


def standings(viewer: Viewer, keys: Q | None = None) -> Standings:
    """Where the statements that `viewer` sees leave each actor on each issue.

    What was worked out of many is kept until anything in the dossier changes.
    """
    past = viewer.as_of
    if keys is not None or (past is not None and past.is_recorded):
        return _worked_out(viewer, newest(viewer, keys))
    name = ("standings", past.instant if past else None)
    return kept(viewer, name, lambda: _worked_out(viewer, newest(viewer)))


def kept[Found: Sized](viewer: Viewer, name: Hashable, work_out: Callable[[], Found]) -> Found:
    """What `work_out` finds of the present dossier as `viewer` sees it. Where that is much, it is
    kept under `name` until anything in the dossier changes: a few for all of this process."""
    dossier = viewer.dossier
    state = (viewer.number or history.sealed_number(dossier.pk), dossier.time_zone)
    asked = (dossier.pk, viewer.is_member, name)
    known = _kept.get(asked)
    if known is not None and known[0] == state:
        return cast("Found", known[1])
    found = work_out()
    if len(found) > MANY:
        _kept.pop(asked, None)
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[asked] = (state, found)
    return found


def _worked_out(viewer: Viewer, rows: Newest) -> Standings:
    after, named = known_order(viewer, rows), named_earlier(viewer, rows)
    return {
        key: (count, standing(of_cell, after, named.get(key, ())))
        for key, (count, of_cell) in rows.items()
    }


def plainly(viewer: Viewer) -> AbstractContextManager[None]:
    """Let what hangs on positions that are seen be read without the views of the past, where it is
    the same then as now: of what had happened."""
    past = viewer.as_of
    return past.lifted() if past is not None and not past.is_recorded else nullcontext()


def newest(viewer: Viewer, keys: Q | None = None) -> Newest:
    """Of each cell the statements that may be its latest, or what that moved from.

    Of what had happened by an instant the present tables tell as well as the views of the past do,
    in a tenth of the time: a statement counts unless its event surely began later.
    """
    past = viewer.as_of
    if past is not None and past.is_recorded:
        return _apart(viewer, keys)
    rows = in_time(viewer, keys)
    if past is None:
        return _windowed(rows)
    with past.lifted():
        return _windowed(rows.exclude(event__earliest__gte=past.instant))


def _windowed(rows: PositionQuerySet) -> Newest:
    """The newest of `rows`, picked by the database."""
    cell = [F("actor"), F("issue")]
    neither = Case(When(stance=NEITHER, then=Value(1)), default=Value(0))
    order = [neither.asc(), F("day").desc(nulls_last=True)]
    rows = rows.annotate(
        count=Window(Count("*"), partition_by=cell),
        place=Window(Rank(), partition_by=cell, order_by=order),
    )
    found: Newest = {}
    columns = ("actor_id", "issue_id", "count", *_COLUMNS)
    for actor, issue, count, *values in rows.filter(place__lte=2).order_by().values_list(*columns):
        found.setdefault((actor, issue), (count, []))[1].append(Statement(*values))
    return found


def _apart(viewer: Viewer, keys: Q | None) -> Newest:
    """The statements of what the dossier said then, all of each cell. The views of that past are
    read one by one, since joined they take a look into the history for each pair of rows."""
    events = Event.objects.visible_to(viewer).order_by()
    when = {key: (earliest, latest) for key, earliest, latest in events.values_list(*_BOUNDS)}
    rows = Position.objects.visible_to(viewer).order_by()
    if keys is not None:
        rows = rows.filter(keys)
    zone = viewer.dossier.time_zone
    gathered: dict[Key, list[Statement]] = defaultdict(list)
    columns = ("actor_id", "issue_id", "pk", "stance", "event_id", "shift", "shifts_from_id")
    for actor, issue, key, stance, event, shift, earlier in rows.values_list(*columns):
        seen = event if event in when else None
        earliest, latest = when.get(event, (None, None))
        day = None if earliest is None else day_number(earliest, zone)
        one = Statement(key, stance, seen, day, earliest, latest, shift, earlier)
        gathered[actor, issue].append(one)
    return {cell: (len(of_cell), of_cell) for cell, of_cell in gathered.items()}


def known_order(viewer: Viewer, rows: Newest) -> list[Pair]:
    """Which of the events came after which, where cells have several of one day; also through
    events between them. No query where none has, else a few."""
    events: set[int] = set()
    for _, of_cell in rows.values():
        if len(of_cell) > 1:
            by_day: dict[int | None, set[int]] = defaultdict(set)
            for one in of_cell:
                if one.event is not None and one.stance != NEITHER:
                    by_day[one.day].add(one.event)
            events.update(key for keys in by_day.values() if len(keys) > 1 for key in keys)
    return order_among(viewer, events)


def order_among(viewer: Viewer, events: Iterable[int]) -> list[Pair]:
    """Pairs of a later and an earlier event of these, as links say, also by way of others."""
    asked = set(events)
    links = Link.objects.visible_to(viewer).filter(kind=Link.Kind.AFTER).order_by()
    pairs: set[Pair] = set()
    new, known = set(asked), set(asked)
    for _ in range(ROUNDS):
        if not new:
            break
        found = set(
            links.filter(Q(from_event__in=new) | Q(to_event__in=new)).values_list(
                "from_event_id", "to_event_id"
            )
        )
        pairs |= found
        new = {key for pair in found for key in pair} - known
        known |= new
    return _through(asked, pairs)


def _through(asked: set[int], pairs: set[Pair]) -> list[Pair]:
    """The pairs within `asked` that follow from `pairs`, those by way of others among them."""
    earlier: dict[int, set[int]] = defaultdict(set)
    for later, before in pairs:
        earlier[later].add(before)
    found: list[Pair] = []
    for key in sorted(asked & earlier.keys()):
        reached: set[int] = set()
        ahead = list(earlier[key])
        while ahead:
            one = ahead.pop()
            if one not in reached:
                reached.add(one)
                ahead += earlier.get(one, ())
        found += [(key, one) for one in sorted((reached & asked) - {key})]
    return found


def named_earlier(viewer: Viewer, rows: Newest) -> dict[Key, list[Statement]]:
    """By cell the statements that others of it say they shift from, where these are not among
    `rows`. No query where none is."""
    here = {one.key for _, of_cell in rows.values() for one in of_cell}
    named = {one.shifts_from for _, of_cell in rows.values() for one in of_cell} - here - {None}
    if not named:
        return {}
    earlier = in_time(viewer, Q(pk__in=named)).order_by()
    found: dict[Key, list[Statement]] = defaultdict(list)
    for actor, issue, *values in earlier.values_list("actor_id", "issue_id", *_COLUMNS):
        found[actor, issue].append(Statement(*values))
    return found
