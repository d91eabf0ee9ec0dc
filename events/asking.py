"""What a filter asks, as the placements of the present are asked it (keyset.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from events.keyset import Asked
from events.models import Conflict, ConflictMember, Event, Evidence
from events.search import expression

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.filters import EventFilter
    from events.roles import Viewer

NO_SIDE = "none"
"""The value of the side filter that means: no side took part."""


def asked(wanted: EventFilter, window: tuple[int | None, int | None] | None = None) -> Asked:
    """All that `wanted` asks for but `undated`, in its window or in `window` (clock seconds)."""
    values = wanted.values
    since, until = window or wanted.clocks
    return Asked(
        wanted.dossier.pk,
        kinds=values["kind"],
        modalities=values["modality"],
        states=visible_states(wanted.viewer) or values["state"] or None,
        sides=[side.pk for side in wanted.sides if side.code in values["side"]],
        sideless=NO_SIDE in values["side"],
        words=expression(values["q"]),
        keys=contested(wanted.viewer) if values["contested"] else None,
        since=since,
        until=until,
    )


def worded(wanted: EventFilter) -> Asked:
    """Only the words it asks for, anywhere in time."""
    states = visible_states(wanted.viewer)
    return Asked(wanted.dossier.pk, states=states, words=expression(wanted.values["q"]))


def visible_states(viewer: Viewer) -> Sequence[str] | None:
    """The states the viewer may see, None for any."""
    return None if viewer.is_member else [Event.State.PUBLISHED.value]


def contested(viewer: Viewer, most: int | None = None) -> list[int]:
    """Keys of the contested events, at most so many: collected, since they are few among many."""
    evidence = Evidence.objects.filter(dossier=viewer.dossier).order_by()
    disputed = evidence.filter(bearing=Evidence.Bearing.DISPUTES, event__isnull=False)
    supported = Evidence.objects.filter(event=OuterRef("event"), bearing=Evidence.Bearing.SUPPORTS)
    still_open = Conflict.objects.visible_to(viewer).filter(status=Conflict.Status.OPEN)
    named = ConflictMember.objects.filter(
        conflict__in=still_open.order_by().values("pk"), event__isnull=False
    )
    both = disputed.filter(Exists(supported)).order_by().values_list("event").distinct()
    parts = [rows.order_by()[:most] for rows in (both, named.values_list("event"))]
    return list(dict.fromkeys(key for rows in parts for (key,) in rows))[:most]
