"""Proposals as the rules of events/negotiation read them, for a viewer: one query for many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When

from events.models import Consent, Event, Position, Proposal, Proposer
from events.negotiation.proposals import Offer, Stage
from events.negotiation.times import Times

if TYPE_CHECKING:
    from events.models.base import ContestableQuerySet
    from events.roles import Viewer

_COLUMNS = (
    "pk",
    "ending",
    "expires_earliest",
    "expires_latest",
    "start_earliest",
    "start_latest",
    "tabled_in__state",
    "tabled_in__earliest",
    "tabled_in__latest",
    "ended_in__state",
)


def offers_of(keys: Iterable[int], viewer: Viewer) -> dict[int, Offer]:
    """The proposals of these keys that `viewer` may see, by key.

    An event that is hidden from them neither put one forward nor ended it.
    """
    wanted = list(keys)
    if not wanted:
        return {}
    rows = Proposal.objects.visible_to(viewer).filter(pk__in=wanted)
    return {row[0]: _offer(row, viewer) for row in rows.values_list(*_COLUMNS)}


def _offer(row: tuple[Any, ...], viewer: Viewer) -> Offer:
    key, ending, *bounds, tabled, tabled_from, tabled_to, ended = row
    return Offer(
        key,
        Times(tabled_from, tabled_to) if _is_seen(tabled, viewer) else None,
        ending if _is_seen(ended, viewer) else None,
        Times(*bounds[:2]),
        Times(*bounds[2:]),
    )


def _is_seen(state: str | None, viewer: Viewer) -> bool:
    return state is not None and (viewer.is_member or state == Event.State.PUBLISHED)


def seen(name: str, viewer: Viewer) -> Q:
    """Whether the event `name` ("tabled_in") of a proposal is there for `viewer`."""
    if viewer.is_member:
        return Q(**{f"{name}__isnull": False})
    return Q(**{f"{name}__state": Event.State.PUBLISHED})


def awaited(viewer: Viewer) -> Any:
    """The consents whose answer is awaited, as negotiation.proposals.is_awaited() finds it. Who
    puts a proposal forward need not answer it."""
    given = Position.objects.visible_to(viewer).exclude(stance=Position.Stance.NONE)
    given = given.filter(issue=OuterRef("proposal__issue"), actor=OuterRef("actor"))
    own = Proposer.objects.filter(proposal=OuterRef("proposal"), actor=OuterRef("actor"))
    rows = Consent.objects.visible_to(viewer).filter(
        ~Exists(given),
        ~Exists(own),
        ~seen("proposal__ended_in", viewer),
        seen("proposal__tabled_in", viewer),
    )
    return rows.exclude(proposal__expires_latest__lte=viewer.now)


def with_stage(rows: ContestableQuerySet, viewer: Viewer) -> ContestableQuerySet:
    """Adds `stage`, as negotiation.proposals.stage() finds it, for filters and counts."""
    ended = seen("ended_in", viewer)
    word = Case(
        When(ended & ~Q(ending=""), then=F("ending")),
        When(ended, then=Value(Stage.ENDED.value)),
        When(expires_latest__lte=viewer.now, then=Value(Stage.LAPSED.value)),
        default=Value(Stage.OPEN.value),
        output_field=CharField(),
    )
    return rows.annotate(stage=word)
