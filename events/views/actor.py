"""Pages of actors: the list by side, and what one holds, did, said and promised; of offices too."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse

from events.forms.paging import PER_PAGE, ListForm
from events.gate import requires
from events.models import Actor, Affiliation, Position
from events.roles import Access
from events.views import profile
from events.views.cited import said_date
from events.views.panels import evidence_of
from events.views.records import RecordDetail, RecordList, RecordView
from events.views.standings import standings_of


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
        current = offices.filter(
            Q(held_earliest=None) | Q(held_earliest__lt=viewer.now),
            Q(held_latest=None) | Q(held_latest__gte=viewer.now),
        )
        newest = F("held_earliest").desc(nulls_last=True)
        for office in current.select_related("body").order_by(newest, "id"):
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
        viewer = self.request.viewer
        stands = standings_of(viewer, actor=record.pk)
        return {
            "stands": stands,
            "awaited": [stand for stand in stands if stand.cell.is_awaited],
            "quotations": profile.quotations_of(record, viewer),
            **profile.offices_of(record, viewer),
            **profile.events_of(record, viewer),
            **profile.promises_of(record, viewer),
        }


@requires(Access.READ)
class ActorEvents(RecordView):
    """All events in which an actor took part, the newest first, page by page."""

    related = ("side",)

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        actor, form = self.record(ref), ListForm(request.GET)
        rows, _ = profile.taking_part(actor, request.viewer)
        dated = rows.filter(earliest__isnull=False)
        page = form.page_of(dated, ("earliest", "id"), newest_first=True)
        undated = rows.filter(earliest__isnull=True).order_by("-id")
        for word in form.cleaned_data.get("q", "").split():
            undated = undated.filter(title__icontains=word)
        # They follow on the last page.
        last = [] if page.after else list(undated[:PER_PAGE])
        events = [*page.rows, *last]
        profile.add_parts(events, actor, request.viewer)
        return self.page("events", self.list_context(form, page, record=actor, events=events))


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
