"""The forms of a proposal and of its parts: terms, proposers, consents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db.models import Max

from events.forms.fields import DurationField, WhenField
from events.forms.records import RecordForm
from events.models import Consent, Proposal, Proposer, Term

if TYPE_CHECKING:
    from events import dates
    from events.models import Record


class _EndField(WhenField):
    """The end of an offer; only an end that there is was stated."""

    def columns(self, name: str, value: dates.Reading) -> dict[str, Any]:
        found = super().columns(name, value)
        return found if value.text or value.edtf else found | {f"{self.prefix}_basis": ""}


class ProposalForm(RecordForm):
    """What is offered on an issue: tabled where, for how long, from when to when."""

    duration = DurationField(label="Duration")
    start = WhenField("start", label="Starts")
    expires = _EndField("expires", label="Expires")
    field_order: ClassVar[list[str]] = [
        "issue",
        "announced_in",
        "tabled_in",
        "duration",
        "start",
        "expires",
        "earlier",
        "relation",
        "ended_in",
        "ending",
    ]
    off_page = ("issue",)
    when_empty: ClassVar[dict[str, str]] = {
        "announced_in": "Add the event in which it was first spoken of",
        "tabled_in": "Only announced: add the event in which it is put to the parties",
        "earlier": "Add the proposal that it amends, counters or rivals",
        "relation": "Say how it stands to an earlier proposal",
        "ended_in": "Add the event in which it was agreed, rejected, withdrawn or superseded",
        "ending": "Still open, as far as recorded",
        "start": "No start stated",
        "expires": "No end of the offer stated",
    }

    class Meta(RecordForm.Meta):
        model = Proposal
        fields: ClassVar[list[str]] = [
            "issue",
            "announced_in",
            "tabled_in",
            "duration",
            "earlier",
            "relation",
            "ended_in",
            "ending",
        ]


class TermForm(RecordForm):
    """One term of a proposal; without a number it comes last."""

    class Meta(RecordForm.Meta):
        model = Term
        fields: ClassVar[list[str]] = ["proposal", "subject", "text", "number"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.latest is None:
            self.fields["number"].required = False
            self.fields["number"].help_text = "Its place; empty puts it last."
            self.initial["number"] = (kwargs.get("initial") or {}).get("number")

    def complete(self, record: Record) -> None:
        """Number a term that was given no place."""
        if record.number is None:
            last = Term.objects.filter(proposal=record.proposal).aggregate(n=Max("number"))["n"]
            record.number = (last or 0) + 1


class ProposerForm(RecordForm):
    """An actor who puts a proposal forward."""

    class Meta(RecordForm.Meta):
        model = Proposer
        fields: ClassVar[list[str]] = ["proposal", "actor"]


class ConsentForm(RecordForm):
    """An actor whose consent a proposal needs, and what exactly that actor is asked."""

    class Meta(RecordForm.Meta):
        model = Consent
        fields: ClassVar[list[str]] = ["proposal", "actor", "asked"]


class VersionsForm(forms.Form):
    """Which other proposal one is compared with: its ref."""

    with_ = forms.CharField(required=False, max_length=40)

    def add_prefix(self, field_name: str) -> str:
        """The parameter is called "with", which is a word of the language here."""
        return "with" if field_name == "with_" else super().add_prefix(field_name)

    @property
    def wanted(self) -> str:
        """The ref, "" for none."""
        self.is_valid()
        return str(self.cleaned_data.get("with_", ""))
