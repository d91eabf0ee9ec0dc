"""Where actors stand on issues, as the pages of both show it: the latest, with its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from events import matrix
from events.models import Actor, Issue, Position
from events.views.cited import add_quotes, add_when

if TYPE_CHECKING:
    from events.matrix import Cell
    from events.roles import Viewer

SHOWN = 200
"""Most actors of an issue, or issues of an actor; of more the first."""


@dataclass(slots=True)
class Stand:
    """One actor on one issue: what is shown there, the latest position (None where an answer is
    awaited or no statement takes a stance), and where all of them are."""

    actor: Any
    issue: Any
    cell: Cell
    position: Any
    ledger: str


def standings_of(viewer: Viewer, **of: int) -> list[Stand]:
    """Of one `actor` (its key) on each issue, or of each actor on one `issue`. A fixed number of
    queries."""
    cells = matrix.cells_of(viewer, Q(**of))
    actors = Actor.objects.select_related("side").in_bulk({actor for actor, _ in cells})
    issues = Issue.objects.in_bulk({issue for _, issue in cells})

    def place(key: tuple[int, int]) -> tuple[Any, ...]:
        actor, issue = actors[key[0]], issues[key[1]]
        side = (actor.side.order, actor.side_id) if actor.side else (10**6, 0)
        return issue.order, issue.pk, side, actor.name, actor.pk

    keys = sorted(cells, key=place)[:SHOWN]
    latest = [found.latest.key for key in keys if (found := cells[key].standing) is not None]
    rows = Position.objects.filter(pk__in=latest).select_related("event", "voiced_by")
    positions = {position.pk: position for position in rows}
    add_quotes(positions.values(), "position", viewer)
    add_when(positions.values(), viewer)
    stands = []
    for key in keys:
        cell, actor, issue = cells[key], actors[key[0]], issues[key[1]]
        position = positions[cell.standing.latest.key] if cell.standing else None
        ledger = reverse("events:ledger", args=[viewer.dossier.slug, actor.ref, issue.ref])
        stands.append(Stand(actor, issue, cell, position, ledger))
    return stands
