"""Pages of commitments: who owes whom what, how it stands, what came of it."""

from __future__ import annotations

from typing import Any

from events.models import Commitment, Outcome
from events.views.cited import add_quotes, add_status, add_when, said_date
from events.views.panels import evidence_of
from events.views.records import RecordDetail, RecordList


class CommitmentList(RecordList):
    """Commitments with what they hang on; those with a due date first, the earliest of all."""

    order = ("due_earliest", "id")
    related = (
        "debtor__side",
        "creditor__side",
        "depends_on_proposal__issue",
        "depends_on_actor",
    )

    def extra(self, rows: list[Commitment]) -> dict[str, Any]:
        """Status and words; one query more."""
        add_status(rows, self.request.viewer)
        add_quotes(rows, "commitment", self.request.viewer)
        for row in rows:
            row.shown_due = said_date(row.due_text, row.due_edtf, self.request.dossier)
        return {}


class CommitmentDetail(RecordDetail):
    """One commitment, its outcomes, what rests on it and what it rests on."""

    related = (
        "debtor__side",
        "creditor__side",
        "issue",
        "event",
        "depends_on_proposal__issue",
        "depends_on_actor",
        "depends_on_commitment",
    )
    lead = "events/commitment_detail.html#lead"
    panels = "events/commitment_detail.html#panels"

    def extra(self, record: Commitment) -> dict[str, Any]:
        viewer = self.request.viewer
        outcomes = Outcome.objects.visible_to(viewer).filter(commitment=record)
        outcomes = list(outcomes.select_related("event").order_by("id"))
        add_when(outcomes, self.request.viewer)
        hanging = Commitment.objects.visible_to(viewer).filter(depends_on_commitment=record)
        hanging = hanging.select_related("debtor", "creditor")
        dependants = list(hanging[:40])
        add_status([record, *dependants], viewer)
        found = {"outcomes": outcomes, "dependants": dependants}
        return found | evidence_of(record, viewer)
