"""Events as the chart takes them: rows of the database made into items and links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from events import dates, timeline
from events.compiled import compiled
from events.models import Event, Evidence, Link, Participation
from events.ordering import in_known_order, related
from events.roles import Viewer
from events.timeline import scale

if TYPE_CHECKING:
    from events.filters import EventFilter

ROLES = {role: place for place, role in enumerate(Participation.ACTING)}


def items(
    wanted: EventFilter, keys: Collection[int]
) -> tuple[dict[int, timeline.Item], list[timeline.Link]]:
    """The events of these keys as they are drawn, and the links to be drawn; three queries.

    In the order of time.
    """
    dossier, member, keys = wanted.dossier.pk, wanted.viewer.is_member, list(keys)
    rows = [_Row(*row) for row in _events(keys, dossier, is_member=member)] if keys else []
    drawn = {row.ref: row.key for row in rows}
    selected = drawn.get(wanted.selected) or _key_of(wanted)
    links = _links(keys, selected, dossier, is_member=member, among=wanted.every_link)
    after = [(later, earlier) for later, earlier, kind, *_ in links if kind == Link.Kind.AFTER]
    places = _places(rows, after, wanted)
    people = _people(keys)
    full = {
        row.key: _item(row, people.get(row.key, []), places.get(row.key), wanted) for row in rows
    }
    shown = [
        timeline.Link(source, target, kind, suggested=state == Link.State.DRAFT)
        for _, _, kind, source, target, state in links
        if kind != Link.Kind.AFTER
    ]
    return full, shown


class _Row(NamedTuple):
    """What is read of an event; dates in seconds since 1970."""

    key: int
    ref: str
    title: str
    kind: str
    modality: str
    state: str
    earliest: int | None
    latest: int | None
    certain_from: int | None
    certain_to: int | None
    when_edtf: str
    when_text: str
    contested: bool
    link_count: int
    source_count: int | None


@compiled
def _events(keys: list[int], dossier: int, *, is_member: bool) -> QuerySet[Any, Any]:
    """The columns of a _Row."""
    viewer = Viewer.standing_in(dossier, is_member=is_member)
    linked = Link.objects.visible_to(viewer)
    of_source = _per_event(Evidence.objects.all(), "event", "passage__source_text__source")
    rows = Event.objects.filter(pk__in=keys).with_contested(viewer, keys).in_time()
    return rows.annotate(
        source_count=of_source,
        link_count=Coalesce(_per_event(linked, "from_event"), 0)
        + Coalesce(_per_event(linked, "to_event"), 0),
    ).values_list("pk", *_Row._fields[1:])


@compiled
def _links(
    keys: list[int], selected: int, dossier: int, *, is_member: bool, among: bool
) -> QuerySet[Any, Any]:
    """Known orders among the events of these keys, and links: of one event, or all `among` them."""
    linked = Link.objects.visible_to(Viewer.standing_in(dossier, is_member=is_member))
    both = Q(from_event__in=keys, to_event__in=keys)
    order = both if among else both & Q(kind=Link.Kind.AFTER)
    found = linked.filter(order | Q(from_event=selected) | Q(to_event=selected))
    ends = ("from_event_id", "to_event_id", "kind", "from_event__ref", "to_event__ref")
    return found.values_list(*ends, "state")


def _key_of(wanted: EventFilter) -> int:
    """The key of the selected event, which is not drawn, 0 for none. Links are found by key: by the
    name of either end all of them would be read."""
    if not wanted.selected:
        return 0
    rows = Event.objects.filter(dossier=wanted.dossier, ref=wanted.selected).order_by()
    return next(iter(rows.values_list("pk", flat=True)), 0)


def _per_event(rows: QuerySet[Any], key: str, distinct: str = "pk") -> Subquery:
    """How many of `rows` name the event by `key`; NULL for none."""
    rows = rows.filter(**{key: OuterRef("pk")}).order_by().values(key)
    return Subquery(rows.annotate(n=Count(distinct, distinct=True)).values("n"))


def _places(
    rows: Sequence[_Row], after: Sequence[tuple[int, int]], wanted: EventFilter
) -> dict[int, int]:
    """The place of each event whose order on its day is known."""
    if not after:
        return {}
    days: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        if row.earliest is not None:
            days[scale.day_start(row.earliest, wanted.dossier.time_zone)].append(row.key)
    places: dict[int, int] = {}
    for keys in days.values():
        known = related(keys, after) if len(keys) > 1 else set()
        ordered = [key for key in in_known_order(keys, after) if key in known]
        places.update((key, place) for place, key in enumerate(ordered))
    return places


class _Part(NamedTuple):
    """Somebody's part in an event; `side` is the code of theirs."""

    event: int
    role: str
    side: str | None
    name: str
    short_name: str

    @property
    def called(self) -> str:
        """The short name where there is one, as Actor.called."""
        return self.short_name or self.name


def _people(keys: list[int]) -> dict[int, list[_Part]]:
    people: dict[int, list[_Part]] = defaultdict(list)
    for row in _parts(keys) if keys else ():
        part = _Part(*row)
        people[part.event].append(part)
    return people


@compiled
def _parts(keys: list[int]) -> QuerySet[Any, Any]:
    rows = Participation.objects.filter(event__in=keys).order_by("id")
    columns = ("event_id", "role", "actor__side__code", "actor__name", "actor__short_name")
    return rows.values_list(*columns)


def lanes_of(people: Iterable[Participation]) -> tuple[str, ...]:
    """Codes of the sides an event belongs to, home first: of who acted, else of who took part."""
    return foremost((one.role, one.actor.side.code) for one in people if one.actor.side is not None)


def foremost(people: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Of pairs of a role and a word the words of those who acted, the foremost role first; of all
    where nobody did."""
    people = list(people)
    acting = sorted((one for one in people if one[0] in ROLES), key=lambda one: ROLES[one[0]])
    return tuple(dict.fromkeys(word for _, word in acting or people))


def _item(
    row: _Row, people: Sequence[_Part], place: int | None, wanted: EventFilter
) -> timeline.Item:
    """An event as the chart takes it."""
    reading = dates.from_edtf(row.when_edtf, zone=wanted.dossier.time_zone, text=row.when_text)
    return timeline.Item(
        id=row.key,
        ref=row.ref,
        title=row.title,
        kind=row.kind,
        modality=row.modality,
        state=row.state,
        lanes=foremost((one.role, one.side) for one in people if one.side is not None),
        earliest=row.earliest,
        latest=row.latest,
        certain_from=row.certain_from,
        certain_to=row.certain_to,
        shape=str(reading.shape),
        approximate=reading.approximate,
        contested=row.contested,
        order=place,
        url=wanted.event_url(row.ref),
        when_label=reading.label,
        actors=tuple(dict.fromkeys(one.called for one in people if one.role in ROLES)),
        link_count=row.link_count,
        source_count=row.source_count or 0,
    )
