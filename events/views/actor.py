"""Pages of actors: the list by side, and what one holds, did, said and promised; of offices too."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db.models import Count, F, Q

from events.models import Actor, Affiliation, Commitment, Evidence, Participation, Position
from events.views.cited import SPOKEN, add_quotes, add_status, add_when, said_date
from events.views.panels import evidence_of
from events.views.records import RecordDetail, RecordList

SHOWN = 40
"""Most rows of a panel; further ones are counted."""


class ActorList(RecordList):
    """Actors under their sides, each with the office it holds now."""

    order = ("side_order", "side_id", "name", "id")
    related = ("side",)

    def rows(self) -> Any:
        return super().rows().annotate(side_order=F("side__order"))

    def extra(self, rows: list[Actor]) -> dict[str, Any]:
        """The rows by side; one query for the offices, one for the counts."""
        viewer = self.request.viewer
        offices = Affiliation.objects.visible_to(viewer).filter(member__in=rows)
        held: dict[int, Affiliation] = {}
        current = offices.filter(Q(held_latest=None) | Q(held_latest__gt=viewer.now))
        for office in current.select_related("body").order_by("-held_earliest", "id"):
            held.setdefault(office.member_id, office)
        positions = Position.objects.visible_to(viewer).filter(actor__in=rows).order_by()
        counts = dict(positions.values_list("actor").annotate(Count("pk")))
        for actor in rows:
            actor.office = held.get(actor.pk)
            actor.position_count = counts.get(actor.pk, 0)
        return {"groups": [(side, list(of)) for side, of in groupby(rows, lambda a: a.side)]}


class ActorDetail(RecordDetail):
    """One actor: offices over time, events, positions by issue, commitments, quotations."""

    related = ("side",)
    panels = "events/actor_detail.html#panels"
    below = "events/actor_detail.html#below"

    def extra(self, record: Actor) -> dict[str, Any]:
        viewer, dossier = self.request.viewer, self.request.dossier
        visible = Affiliation.objects.visible_to(viewer)
        offices = visible.filter(member=record).select_related("body__side")
        members = visible.filter(body=record).select_related("member__side").order_by("id")
        offices = list(offices.order_by(F("held_earliest").desc(nulls_last=True), "id")[:SHOWN])
        member_count = members.count()
        members = list(members[:SHOWN])
        for office in (*offices, *members):
            office.shown_held = said_date(office.held_text, office.held_edtf, dossier)
        return (
            {"offices": offices, "members": members, "member_count": member_count}
            | self._events(record)
            | self._positions(record)
            | self._said(record)
        )

    def _events(self, actor: Actor) -> dict[str, Any]:
        rows = Participation.objects.visible_to(self.request.viewer).filter(actor=actor)
        newest = rows.select_related("event").order_by(
            F("event__earliest").desc(nulls_last=True),
            F("event__latest").desc(nulls_last=True),
            "-id",
        )
        parts = list(newest[:SHOWN])
        add_when(parts, self.request.viewer)
        return {"parts": parts, "part_count": rows.count()}

    def _positions(self, actor: Actor) -> dict[str, Any]:
        viewer = self.request.viewer
        rows = Position.objects.visible_to(viewer).filter(actor=actor)
        newest = rows.newest_first().with_answers(viewer).with_contested(viewer)
        positions = list(newest.select_related("issue", "event", "voiced_by")[:SHOWN])
        add_quotes(positions, "position", viewer)
        add_when(positions, self.request.viewer)
        by_issue: dict[Any, list[Position]] = {}
        for position in sorted(positions, key=lambda p: (p.issue.order, p.issue_id)):
            by_issue.setdefault(position.issue, []).append(position)
        return {"issues": list(by_issue.items()), "position_count": rows.count()}

    def _said(self, actor: Actor) -> dict[str, Any]:
        viewer = self.request.viewer
        owes = Commitment.objects.visible_to(viewer).filter(debtor=actor)
        commitments = list(owes.select_related("creditor")[:SHOWN])
        add_status(commitments, viewer)
        said = Evidence.objects.visible_to(viewer).filter(speaker=actor, manner__in=SPOKEN)
        said = said.select_related("speaker").prefetch_related("passage__source_text__source")
        once: dict[int, Evidence] = {}
        for item in said.order_by("id")[: SHOWN * 2]:
            # The same words may support several records.
            once.setdefault(item.passage_id, item)
        return {"commitments": commitments, "quotations": list(once.values())[:SHOWN]}


class AffiliationList(RecordList):
    """Offices, by the name of who holds them."""

    order = ("member_name", "id")
    related = ("member__side", "body")

    def rows(self) -> Any:
        return super().rows().annotate(member_name=F("member__name"))

    def extra(self, rows: list[Affiliation]) -> dict[str, Any]:
        for row in rows:
            row.shown_held = said_date(row.held_text, row.held_edtf, self.request.dossier)
        return {}


class AffiliationDetail(RecordDetail):
    """One office and what it rests on."""

    related = ("member", "body")
    panels = "events/record_panels.html#evidence"

    def extra(self, record: Affiliation) -> dict[str, Any]:
        return evidence_of(record, self.request.viewer)
