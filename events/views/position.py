"""Pages of positions: by issue and actor, and one with what it rests on."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db.models import BigIntegerField, F, Func

from events.models import Position
from events.views.cited import add_quotes, add_when
from events.views.panels import evidence_of
from events.views.records import RecordDetail, RecordList


class _Age(Func):
    """Seconds counted backwards, so that ascending order is newest first."""

    template = "(-extract(epoch from %(expressions)s))::bigint"
    output_field = BigIntegerField()


class PositionList(RecordList):
    """Positions under their issues, by side and actor, the newest of an actor first."""

    order = ("issue_order", "issue_id", "side_order", "actor_name", "actor_id", "age", "id")
    related = ("issue", "actor__side", "event", "voiced_by")

    def rows(self) -> Any:
        return (
            super()
            .rows()
            .with_answers(self.request.viewer)
            .with_contested(self.request.viewer)
            .annotate(
                issue_order=F("issue__order"),
                side_order=F("actor__side__order"),
                actor_name=F("actor__name"),
                age=_Age(F("event__earliest")),
            )
        )

    def extra(self, rows: list[Position]) -> dict[str, Any]:
        """The rows by issue; one query for the words."""
        add_quotes(rows, "position", self.request.viewer)
        add_when(rows, self.request.viewer)
        return {"groups": [(issue, list(of)) for issue, of in groupby(rows, lambda p: p.issue)]}


class PositionDetail(RecordDetail):
    """One position: whose, on what, in which words, and how it moved."""

    related = ("actor__side", "issue", "event", "voiced_by", "addressee", "shifts_from__actor")
    lead = "events/position_detail.html#lead"
    panels = "events/position_detail.html#panels"

    def extra(self, record: Position) -> dict[str, Any]:
        viewer = self.request.viewer
        visible = Position.objects.visible_to(viewer).with_answers(viewer)
        here = visible.filter(pk=record.pk).values_list("needs_consent", flat=True).first()
        earlier = None
        if record.shifts_from_id:
            earlier = visible.filter(pk=record.shifts_from_id).first()
        same = visible.filter(issue=record.issue_id, actor=record.actor_id).exclude(pk=record.pk)
        others = visible.filter(issue=record.issue_id).exclude(actor=record.actor_id)
        same = same.newest_first().with_contested(viewer)
        same = list(same.select_related("event", "voiced_by")[:20])
        add_when(same, self.request.viewer)
        add_quotes(same, "position", viewer)
        latest: dict[int, Position] = {}
        for position in others.newest_first().select_related("actor__side")[:200]:
            latest.setdefault(position.actor_id, position)
        return {
            "needs_consent": bool(here),
            "earlier": earlier,
            "same": same,
            "others": list(latest.values())[:12],
        } | evidence_of(record, viewer)
