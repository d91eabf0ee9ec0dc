"""Pages of issues: the tree of topics, and one with how everybody stands on it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from events.models import Commitment, Issue, Position, Proposal
from events.views.cited import add_quotes, add_status, add_when
from events.views.records import RecordDetail, RecordList

SHOWN = 100
"""Most positions on the page of an issue; further ones are counted."""


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
        return {"tree": as_tree(rows)}


def as_tree(rows: list[Issue]) -> list[Issue]:
    """The rows with each under its parent; `depth` is 0 for those without a parent among them."""
    here = {issue.pk for issue in rows}
    below: dict[int | None, list[Issue]] = {}
    for issue in rows:
        parent = issue.parent_id if issue.parent_id in here else None
        below.setdefault(parent, []).append(issue)
    found: list[Issue] = []
    coming = [(issue, 0) for issue in reversed(below.get(None, []))]
    while coming:
        issue, issue.depth = coming.pop()
        found.append(issue)
        narrower = reversed(below.get(issue.pk, []))
        coming += [(child, issue.depth + 1) for child in narrower]
    return found


class IssueDetail(RecordDetail):
    """One issue: positions newest first, its proposal, commitments, narrower issues."""

    related = ("parent",)
    panels = "events/issue_detail.html#panels"
    below = "events/issue_detail.html#positions"

    def extra(self, record: Issue) -> dict[str, Any]:
        viewer = self.request.viewer
        rows = Position.objects.visible_to(viewer).filter(issue=record)
        newest = rows.newest_first().with_answers(viewer).with_contested(viewer)
        positions = list(newest.select_related("actor__side", "event", "voiced_by")[:SHOWN])
        add_quotes(positions, "position", viewer)
        add_when(positions, self.request.viewer)
        undertaken = Commitment.objects.visible_to(viewer).filter(issue=record)
        commitments = undertaken.select_related("debtor__side", "creditor")
        commitments = list(commitments[:40])
        add_status(commitments, viewer)
        return {
            "positions": positions,
            "position_count": rows.count(),
            "commitments": commitments,
            "proposal": Proposal.objects.visible_to(viewer).filter(issue=record).first(),
            "children": list(record.children.visible_to(viewer)[:100]),
        }
