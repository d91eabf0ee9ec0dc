"""Events as the chart takes them: rows of the database made into items and links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from events import dates, timeline
from events.models import Event, Evidence, Link, Participation
from events.ordering import in_known_order, related
from events.timeline import scale

if TYPE_CHECKING:
    from events.filters import EventFilter

ROLES = {role: place for place, role in enumerate(Participation.ACTING)}


def items(
    wanted: EventFilter, keys: Collection[int]
) -> tuple[dict[int, timeline.Item], list[timeline.Link]]:
    """The events of these keys as they are drawn, and the links to be drawn; four queries.

    In the order of time.
    """
    linked = Link.objects.visible_to(wanted.viewer)
    events = list(
        Event.objects.filter(pk__in=keys)
        .with_contested(wanted.viewer, keys)
        .annotate(
            source_count=_per_event(
                Evidence.objects.all(), "event", "passage__source_text__source"
            ),
            link_count=Coalesce(_per_event(linked, "from_event"), 0)
            + Coalesce(_per_event(linked, "to_event"), 0),
        )
        .in_time()
    )
    links = list(
        linked.filter(
            (_among(keys) if wanted.every_link else _among(keys) & Q(kind=Link.Kind.AFTER))
            | _of_event(_key_of(wanted, events))
        ).values_list(
            "from_event_id", "to_event_id", "kind", "from_event__ref", "to_event__ref", "state"
        )
    )
    after = [(later, earlier) for later, earlier, kind, *_ in links if kind == Link.Kind.AFTER]
    places = _places(events, after, wanted)
    people = _people(events)
    full = {e.pk: _item(e, people.get(e.pk, []), places.get(e.pk), wanted) for e in events}
    drawn = [
        timeline.Link(source, target, kind, suggested=state == Link.State.DRAFT)
        for _, _, kind, source, target, state in links
        if kind != Link.Kind.AFTER
    ]
    return full, drawn


def _among(keys: Collection[int]) -> Q:
    return Q(from_event__in=keys, to_event__in=keys)


def _key_of(wanted: EventFilter, events: Iterable[Event]) -> int | None:
    """The key of the selected event, drawn or not. Links are found by key: by the name of either
    end all of them would be read."""
    if not wanted.selected:
        return None
    drawn = (event.pk for event in events if event.ref == wanted.selected)
    rows = Event.objects.filter(dossier=wanted.dossier, ref=wanted.selected).order_by()
    return next(drawn, None) or next(iter(rows.values_list("pk", flat=True)), None)


def _of_event(key: int | None) -> Q:
    return Q(pk__in=[]) if key is None else Q(from_event=key) | Q(to_event=key)


def _per_event(rows: QuerySet[Any], key: str, distinct: str = "pk") -> Subquery:
    """How many of `rows` name the event by `key`; NULL for none."""
    rows = rows.filter(**{key: OuterRef("pk")}).order_by().values(key)
    return Subquery(rows.annotate(n=Count(distinct, distinct=True)).values("n"))


def _places(
    events: Sequence[Event], after: Iterable[tuple[int, int]], wanted: EventFilter
) -> dict[int, int]:
    """The place of each event whose order on its day is known."""
    after = list(after)
    days: dict[int, list[int]] = defaultdict(list)
    for event in events:
        if event.earliest is not None:
            days[scale.day_start(event.earliest, wanted.dossier.time_zone)].append(event.pk)
    places: dict[int, int] = {}
    for keys in days.values():
        known = related(keys, after) if len(keys) > 1 else set()
        ordered = [key for key in in_known_order(keys, after) if key in known]
        places.update((key, place) for place, key in enumerate(ordered))
    return places


def _people(events: Sequence[Event]) -> dict[int, list[Participation]]:
    rows = Participation.objects.filter(event__in=[event.pk for event in events])
    people: dict[int, list[Participation]] = defaultdict(list)
    for one in rows.select_related("actor__side").order_by("id"):
        people[one.event_id].append(one)
    return people


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
    event: Any, people: list[Participation], place: int | None, wanted: EventFilter
) -> timeline.Item:
    """An event, annotated as items() asks for it, as the chart takes it."""
    reading = dates.from_edtf(event.when_edtf, zone=wanted.dossier.time_zone, text=event.when_text)
    return timeline.Item(
        id=event.pk,
        ref=event.ref,
        title=event.title,
        kind=event.kind,
        modality=event.modality,
        state=event.state,
        lanes=lanes_of(people),
        earliest=event.earliest,
        latest=event.latest,
        certain_from=event.certain_from,
        certain_to=event.certain_to,
        shape=str(reading.shape),
        approximate=reading.approximate,
        contested=event.contested,
        order=place,
        url=wanted.event_url(event.ref),
        when_label=reading.label,
        actors=tuple(dict.fromkeys(one.actor.called for one in people if one.role in ROLES)),
        link_count=event.link_count,
        source_count=event.source_count or 0,
    )
