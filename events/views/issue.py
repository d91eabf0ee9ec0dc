"""Pages of issues: the tree of topics, and one with how everybody stands on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from events import stood
from events.forms.paging import PER_PAGE, ListForm
from events.matrix import in_tree
from events.models import Commitment, Issue, Position, Proposal
from events.views.around import conflicts_on, timeline_of, tree_around, wordings_of
from events.views.cited import add_quotes, add_status, add_when
from events.views.profile import counted, some_of
from events.views.records import RecordDetail, RecordList
from events.views.standings import standings_of

if TYPE_CHECKING:
    from events.forms.paging import Page
    from events.roles import Viewer


class IssueList(RecordList):
    """Issues in their order, narrower ones under the wider where both are on the page."""

    order = ("order", "id")
    related = ("parent",)

    def extra(self, rows: list[Issue]) -> dict[str, Any]:
        """The tree of this page's rows; one query for positions, one for proposals."""
        viewer = self.request.viewer
        positions = Position.objects.visible_to(viewer).filter(issue__in=rows).order_by()
        counts = dict(positions.values_list("issue").annotate(Count("pk")))
        offered = Proposal.objects.visible_to(viewer).filter(issue__in=rows)
        proposals = {proposal.issue_id: proposal for proposal in offered}
        for issue in rows:
            issue.position_count = counts.get(issue.pk, 0)
            issue.proposal = proposals.get(issue.pk)
        return {"tree": in_tree(rows)}


class IssueDetail(RecordDetail):
    """One issue: where each actor stands, all statements newest first, what hangs on it."""

    related = ("parent",)
    panels = "events/issue_detail.html#panels"
    below = "events/issue_detail.html#below"

    def extra(self, record: Issue) -> dict[str, Any]:
        viewer = self.request.viewer
        # The address of a list beside the drawer means a place in that list.
        form = ListForm({}) if self.in_drawer() else ListForm(self.request.GET)
        form.is_valid()
        is_first = not (form.cleaned_data.get("after") or form.cleaned_data.get("before"))
        # The pages that go on have the statements alone.
        stands = standings_of(viewer, issue=record.pk) if is_first else []
        of = Q(issue=record.pk)
        rows = Position.objects.visible_to(viewer).filter(of)
        keys = some_of(rows.values_list("pk", flat=True))
        page = self._page(of if keys is None else Q(pk__among=keys), form)
        undertaken = Commitment.objects.visible_to(viewer).filter(issue=record)
        commitments = list(
            undertaken.select_related("debtor__side", "creditor").order_by("-id")[:40]
        )
        add_status(commitments, viewer)
        shown = [*page.rows, *(stand.position for stand in stands if stand.position)]
        offers = Proposal.objects.visible_to(viewer).filter(issue=record)
        return {
            "stands": stands,
            "page": page,
            "form": form,
            "is_first": is_first,
            "position_count": counted(keys),
            "commitments": commitments,
            "proposals": list(offers[:20]),
            "conflicts": conflicts_on(record, viewer),
            "tree": tree_around(record, viewer),
            "wordings": wordings_of(record, shown, viewer),
            "timeline": timeline_of(shown, viewer),
        }

    def _page(self, of: Q, form: ListForm) -> Page:
        """A page of the statements, newest first; those without a date follow on the last one."""
        viewer = self.request.viewer
        # An event that a visitor does not see dates nothing, nor does the address of the next page.
        rows = stood.in_time(viewer, of)
        dated = rows.filter(starts__isnull=False)
        page = form.page_of(with_names(dated, viewer), ("starts", "id"), newest_first=True)
        found = page.rows
        if not page.after:
            undated = rows.filter(starts__isnull=True).order_by("-id")
            found = [*found, *with_names(undated, viewer)[:PER_PAGE]]
        add_quotes(found, "position", viewer)
        add_when(found, viewer)
        return replace(page, rows=found)


def with_names(rows: Any, viewer: Viewer) -> Any:
    """Positions with what their rows in a list show."""
    found = rows.with_answers(viewer).with_contested(viewer)
    return found.select_related("actor__side", "event", "voiced_by")
