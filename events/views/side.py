"""The list of sides; they have no page of their own."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from events.models import Actor, Side
from events.views.records import RecordList


class SideList(RecordList):
    """The sides in the order of their lanes."""

    order = ("order", "id")

    def extra(self, rows: list[Side]) -> dict[str, Any]:
        counts: dict[int, int] = dict(
            Actor.objects.visible_to(self.request.viewer)
            .filter(side__in=rows)
            .order_by()
            .values_list("side")
            .annotate(Count("pk"))
        )
        for side in rows:
            side.actor_count = counts.get(side.pk, 0)
        return {}
