"""What a filter asks, as the placements of the present are asked it (keyset.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func

from events import keyset
from events.keyset import Asked
from events.models import Change, Conflict, ConflictMember, Event, Evidence
from events.search import expression

if TYPE_CHECKING:
    from events.filters import EventFilter
    from events.roles import Viewer

RECALLED = 200
"""Events of a large dossier that are looked at when it is asked what it said earlier, and changes
since that are looked through for others."""

RECALLABLE = 20_000
"""Events up to which a dossier is asked what it said: the log of changes is too long beyond."""

NO_SIDE = "none"
"""The value of the side filter that means: no side took part."""


def asked(wanted: EventFilter, window: tuple[int | None, int | None] | None = None) -> Asked:
    """All that `wanted` asks for but `undated`, in its window or in `window` (clock seconds)."""
    values = wanted.values
    since, until = window or wanted.clocks
    if wanted.veil is not None:
        until = wanted.veil if until is None else min(until, wanted.veil)
    return Asked(
        wanted.dossier.pk,
        kinds=values["kind"],
        modalities=values["modality"],
        states=wanted.viewer.visible_states or values["state"] or None,
        sides=[side.pk for side in wanted.sides if side.code in values["side"]],
        sideless=NO_SIDE in values["side"],
        words=expression(values["q"]),
        keys=wanted.contested if values["contested"] else None,
        since=since,
        until=until,
    )


def recalled(wanted: EventFilter) -> list[int]:
    """Keys of the events that may have stood in the window: the first of those that do, and those
    changed since. Exact as long as neither are more than RECALLED; none of more than RECALLABLE."""
    past = wanted.viewer.as_of
    assert past is not None
    if wanted.size > RECALLABLE:
        return []
    with past.lifted():
        question = Asked(wanted.dossier.pk, since=wanted.clocks[0], until=wanted.clocks[1])
        keys = [place.event for place in keyset.page(question, None, RECALLED)]
        changes = Change.objects.filter(
            dossier_id=wanted.dossier.pk,
            revision__number__gt=past.number,
            table=Event._meta.db_table,
        )
        changed = changes.order_by("id").values_list("record_id", flat=True)[:RECALLED]
        return list(dict.fromkeys([*keys, *changed]))


def contested(viewer: Viewer, most: int | None = None) -> list[int]:
    """Keys of the contested events, at most so many: collected, since they are few among many."""
    evidence = Evidence.objects.filter(dossier=viewer.dossier).order_by()
    disputed = evidence.filter(bearing=Evidence.Bearing.DISPUTES, event__isnull=False)
    # As an array: a join would go through all that is supported, of which there is far more.
    among = Func(
        F("event_id"),
        ArraySubquery(disputed.values("event")),
        template="%(expressions)s)",
        arg_joiner=" = ANY (",
        output_field=BooleanField(),
    )
    both = Evidence.objects.filter(among, bearing=Evidence.Bearing.SUPPORTS).distinct()
    still_open = Conflict.objects.visible_to(viewer).filter(status=Conflict.Status.OPEN)
    named = ConflictMember.objects.filter(
        conflict__in=still_open.order_by().values("pk"), event__isnull=False
    )
    parts = [rows.order_by().values_list("event")[:most] for rows in (both, named)]
    return list(dict.fromkeys(key for rows in parts for (key,) in rows))[:most]
