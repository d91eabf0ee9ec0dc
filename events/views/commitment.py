"""Pages of commitments: who owes whom what, how it stands and why, what came of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from events import because
from events.forms.commitment import LedgerForm
from events.models import Actor, Commitment, Issue, Outcome
from events.negotiation.commitments import Why
from events.undertakings import all_accounts
from events.views.cited import add_quotes, add_status, add_when, said_date
from events.views.panels import evidence_of
from events.views.records import RecordDetail, RecordList

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

WORDS = {
    "overdue": "Overdue",
    "due": "Due",
    "pending": "Pending",
    "signal": "Signals",
    "in_part": "Met in part",
    "met": "Met",
    "broken": "Broken",
    "withdrawn": "Withdrawn",
    "lapsed": "Lapsed",
}
"""How the ledger calls what a commitment can be, in its order."""

OFFERED = 200
"""Most names that a choice of the ledger offers."""


class CommitmentList(RecordList):
    """The ledger: those with a due date first, the earliest of all."""

    order = ("due_earliest", "id")
    related = (
        "debtor__side",
        "creditor__side",
        "depends_on_proposal__issue",
        "depends_on_actor",
        "depends_on_commitment",
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        form = LedgerForm(request.GET)
        wanted, viewer = form.wanted, request.viewer
        words = {key: one.word for key, one in all_accounts(viewer).items()}
        rows = self.rows()
        if wanted["status"] in WORDS:
            keys = [key for key, word in words.items() if word == wanted["status"]]
            rows = rows.filter(pk__among=keys)
        for name in ("debtor", "issue"):
            if wanted[name]:
                rows = rows.filter(**{f"{name}__ref": wanted[name]})
        page = form.page_of(rows, self.order)
        counts = Counter(words.values())
        context = self.list_context(form, page, **self.extra(page.rows), **self._choices(wanted))
        context["statuses"] = [(word, name, counts[word]) for word, name in WORDS.items()]
        context["is_narrowed"] = any(wanted.values())
        return self.page("list", context | {"wanted": wanted})

    def _choices(self, wanted: dict[str, str]) -> dict[str, Any]:
        """The debtors and issues there are to choose from."""
        viewer = self.request.viewer
        owed = Commitment.objects.visible_to(viewer).order_by()
        debtors = Actor.objects.visible_to(viewer).filter(pk__in=owed.values("debtor"))
        issues = Issue.objects.visible_to(viewer).filter(pk__in=owed.values("issue"))
        return {
            "debtors": list(debtors.order_by("name", "id")[:OFFERED]),
            "issues": list(issues.order_by("order", "id")[:OFFERED]),
        }

    def extra(self, rows: list[Commitment]) -> dict[str, Any]:
        """Status, words, and what each depends on as far as it may be named."""
        viewer = self.request.viewer
        add_status(rows, viewer)
        add_quotes(rows, "commitment", viewer)
        for row in rows:
            row.shown_due = said_date(row.due_text, row.due_edtf, self.request.dossier)
            row.offer = because.named(row.depends_on_proposal, viewer)
            row.above = because.named(row.depends_on_commitment, viewer)
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
        add_when(outcomes, viewer)
        hanging = Commitment.objects.visible_to(viewer).filter(depends_on_commitment=record)
        dependants = list(hanging.select_related("debtor", "creditor")[:40])
        add_status([record, *dependants], viewer)
        decided = [one for one in outcomes if record.account.why is Why.OUTCOME]
        decided = [one for one in decided if one.pk == record.account.key]
        why = because.sentences(record, record.account, decided, viewer)
        found = {"outcomes": outcomes, "dependants": dependants, "because": why}
        return found | evidence_of(record, viewer)
