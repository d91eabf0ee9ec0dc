"""Pages of conflicts: what cannot all hold, side by side."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch

from events.models import Conflict, ConflictMember, Evidence, Passage, Position, Proposal
from events.views.panels import evidence_of
from events.views.records import RecordDetail, RecordList

SHOWN = 4
"""Most pieces of evidence of one member; its own page has all."""


class ConflictList(RecordList):
    """Open conflicts first, then the settled ones."""

    order = ("status_order", "id")

    def rows(self) -> Any:
        return super().rows().in_order()

    def extra(self, rows: list[Conflict]) -> dict[str, Any]:
        """How many records and passages are in each; one query."""
        members = ConflictMember.objects.visible_to(self.request.viewer).filter(conflict__in=rows)
        counts = dict(members.order_by().values_list("conflict").annotate(Count("pk")))
        for conflict in rows:
            conflict.member_count = counts.get(conflict.pk, 0)
        return {}


class ConflictDetail(RecordDetail):
    """One conflict with what stands in it and the words each side rests on."""

    below = "events/conflict_detail.html#members"
    panels = "events/record_panels.html#evidence"
    lead = "events/conflict_detail.html#lead"

    def extra(self, record: Conflict) -> dict[str, Any]:
        viewer = self.request.viewer
        texts = Passage.objects.prefetch_related("source_text__source")
        positions = Position.objects.with_answers(viewer)
        members = list(
            ConflictMember.objects.visible_to(viewer)
            .filter(conflict=record)
            .order_by("id")
            .prefetch_related(
                "event",
                "commitment",
                Prefetch("position", positions.select_related("actor__side", "issue")),
                Prefetch("proposal", Proposal.objects.select_related("issue")),
                Prefetch("passage", texts),
            )
        )
        said = self._evidence(members)
        for member in members:
            member.noun = next(n for n in member.TARGETS if getattr(member, f"{n}_id") is not None)
            member.said = said.get((member.noun, member.target.pk), [])
            member.more = max(0, len(member.said) - SHOWN)
            member.said = member.said[:SHOWN]
        # That its own evidence points both ways is what a conflict is, not news about it.
        return evidence_of(record, viewer) | {"members": members, "contested": False}

    def _evidence(self, members: list[ConflictMember]) -> dict[tuple[str, int], list[Evidence]]:
        """The evidence of the members that are records, disputing first; one query."""
        found: dict[tuple[str, int], list[Evidence]] = {}
        nouns = [noun for noun in ConflictMember.TARGETS if noun != "passage"]
        for noun in nouns:
            keys = [getattr(member, f"{noun}_id") for member in members]
            keys = [key for key in keys if key is not None]
            if not keys:
                continue
            rows = Evidence.objects.visible_to(self.request.viewer).filter(**{f"{noun}__in": keys})
            rows = rows.select_related("speaker").prefetch_related("passage__source_text__source")
            for item in rows.order_by("bearing", "id"):
                found.setdefault((noun, getattr(item, f"{noun}_id")), []).append(item)
        return found
