"""What moved between two days, with the words of both."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db.models import F

from events import dates, matrix, stood
from events.models import Actor, Consent, Evidence, Issue, Position
from events.negotiation.shifts import Shift, shifts

if TYPE_CHECKING:
    from events.as_of import AsOf
    from events.models import Side
    from events.negotiation import Standing
    from events.roles import Viewer
    from events.stood import Key

SHOWN = 200
"""Most shifts on a page, the first sides and issues of all; more are counted."""

type Standings = dict[Key, Standing | None]


@dataclass(slots=True)
class Said:
    """A stance with its words: when, in which, from where."""

    stance: str
    ref: str = ""
    when: str = ""
    quote: str = ""
    summary: str = ""
    source: str = ""
    passage: str = ""


@dataclass(slots=True)
class Row:
    """One shift: whose, on what, from what to what; `before` is None for a first stance."""

    actor: Actor
    issue: Issue
    before: Said | None
    after: Said
    way: str
    needs_consent: bool = False


@dataclass(slots=True)
class Group:
    """The shifts of a side."""

    side: Side | None
    rows: list[Row] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What stands above its rows."""
        return self.side.name if self.side else "Others"


@dataclass(slots=True)
class Found:
    """The shifts by side, and how many there are, those not shown included."""

    groups: list[Group]
    count: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return max(0, self.count - SHOWN)


def read(viewer: Viewer, since: AsOf, until: AsOf | None) -> Found:
    """What had moved from `since` to `until` (None: to now), as the dossier tells it today."""
    then, now = _standings(viewer, since), _standings(viewer, until)
    moved = shifts(then, now)
    actors = Actor.objects.filter(dossier=viewer.dossier, pk__in={one.key[0] for one in moved})
    order = (F("side__order").asc(nulls_last=True), "side_id", "name", "pk")
    by_actor = {one.pk: one for one in actors.select_related("side").order_by(*order)}
    issues = matrix.in_tree(list(Issue.objects.filter(dossier=viewer.dossier)))
    by_issue = {one.pk: one for one in issues}
    places = {key: n for n, key in enumerate(by_actor)}
    columns = {key: n for n, key in enumerate(by_issue)}
    moved.sort(key=lambda one: (places[one.key[0]], columns[one.key[1]]))
    said = _said(viewer, moved[:SHOWN])
    asked = set(
        Consent.objects.visible_to(viewer).values_list("actor_id", "proposal__issue_id").order_by()
    )
    groups: dict[int | None, Group] = {}
    for one in moved[:SHOWN]:
        actor = by_actor[one.key[0]]
        before = said[one.before.latest.key] if one.before is not None else None
        row = Row(actor, by_issue[one.key[1]], before, said[one.after.latest.key], _way(one))
        row.needs_consent = one.key in asked
        groups.setdefault(actor.side_id, Group(actor.side)).rows.append(row)
    return Found(list(groups.values()), len(moved))


def _standings(viewer: Viewer, at: AsOf | None) -> Standings:
    """Where everybody stood at an instant, the present for None."""
    if at is None:
        return {key: place for key, (_, place) in stood.standings(viewer).items()}
    with at.entered(viewer.dossier, public=not viewer.is_member):
        cells = matrix.cells_of(replace(viewer, as_of=at))
    return {key: cell.standing for key, cell in cells.items()}


def _way(one: Shift[Any]) -> str:
    return "" if one.movement is None else one.movement.value


def _said(viewer: Viewer, moved: list[Shift[Any]]) -> dict[int, Said]:
    """The stances of both sides with their first words, by key. Two queries."""
    keys = {one.after.latest.key for one in moved}
    keys |= {one.before.latest.key for one in moved if one.before is not None}
    zone = viewer.dossier.time_zone
    found: dict[int, Said] = {}
    for one in Position.objects.filter(pk__in=keys).select_related("event").order_by():
        event = one.event
        said = found[one.pk] = Said(one.stance, one.ref, summary=one.summary)
        if event is not None and (viewer.is_member or event.state == "published"):
            said.when = dates.short_label(event.when_edtf, text=event.when_text, zone=zone)
    rows = Evidence.objects.filter(position__in=keys, bearing=Evidence.Bearing.SUPPORTS)
    columns = (
        *("position_id", "clean_text", "passage__exact", "passage__ref"),
        "passage__source_text__source__ref",
    )
    for key, clean, exact, passage, source in rows.order_by("-pk").values_list(*columns):
        said = found[key]
        said.quote, said.passage, said.source = clean or exact, passage, source
    return found
