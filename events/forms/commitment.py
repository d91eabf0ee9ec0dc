"""The forms of a commitment and of what came of it."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from events.forms.fields import DurationField, WhenField
from events.forms.paging import ListForm
from events.forms.records import RecordForm
from events.models import Commitment, Outcome

ASKED = [
    "action",
    "debtor",
    "creditor",
    "firmness",
    "issue",
    "event",
    "condition",
    "depends_on_proposal",
    "depends_on_actor",
    "depends_on_answer",
    "depends_on_commitment",
    "depends_on_text",
    "due",
    "duration",
]
"""The fields in the order of the form."""


class CommitmentForm(RecordForm):
    """Who owes whom what, under which condition, by when. Its status follows from outcomes."""

    due = WhenField("due", label="Due")
    duration = DurationField(label="Duration")
    off_page = ("action",)
    field_order: ClassVar[list[str]] = ASKED
    when_empty: ClassVar[dict[str, str]] = {
        "event": "Add the event it was made in",
        "due": "Add a due date",
        "depends_on_proposal": "Add a proposal it depends on",
        "depends_on_actor": "Add whose answer it depends on",
        "depends_on_commitment": "Add a commitment it depends on",
        "depends_on_text": "Add what else it depends on",
    }

    class Meta(RecordForm.Meta):
        model = Commitment
        labels: ClassVar[dict[str, str]] = {
            "depends_on_actor": "Answer of",
            "depends_on_text": "Depends on, in words",
        }
        # When it is due is four columns, which a field of its own fills.
        fields: ClassVar[list[str]] = [name for name in ASKED if name != "due"]


class OutcomeForm(RecordForm):
    """What an event did to a commitment; an extension may name the new due date."""

    due = WhenField("due", label="New due date", help_text="Of an extension.")
    field_order: ClassVar[list[str]] = ["commitment", "event", "result", "due"]

    class Meta(RecordForm.Meta):
        model = Outcome
        fields: ClassVar[list[str]] = ["commitment", "event", "result"]


class LedgerForm(ListForm):
    """What the ledger is narrowed to: a status, who owes, an issue; refs and words as in pages."""

    status = forms.CharField(required=False, max_length=20)
    debtor = forms.CharField(required=False, max_length=40)
    issue = forms.CharField(required=False, max_length=40)

    @property
    def wanted(self) -> dict[str, str]:
        """By name what it is narrowed to, "" where it is not."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("status", "debtor", "issue")}
