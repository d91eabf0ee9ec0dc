"""The form of evidence: words of a source, for or against a record."""

from __future__ import annotations

from typing import Any, ClassVar

from events.forms.fields import TargetField
from events.forms.quotation import QUOTED, QuotationForm
from events.forms.records import RecordForm
from events.models import (
    Affiliation,
    Commitment,
    Conflict,
    Consent,
    Event,
    Evidence,
    Link,
    Participation,
    Passage,
    Position,
    Proposal,
    Term,
)


class EvidenceForm(QuotationForm):
    """What is said about a record, in words that stand in a source."""

    about = TargetField(
        Event,
        Position,
        Commitment,
        Proposal,
        Term,
        Consent,
        Affiliation,
        Participation,
        Link,
        Conflict,
        label="About",
        help_text="The record, by its number: E7.",
    )
    field_order: ClassVar[list[str]] = [
        "about",
        "bearing",
        "note",
        "source",
        "quote",
        "place",
        "manner",
        "speaker",
        "credibility",
    ]

    class Meta(RecordForm.Meta):
        model = Evidence
        fields: ClassVar[list[str]] = ["bearing", "note", "manner", "speaker", "credibility"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.latest is not None:
            self.quotes(self.instance.passage)

    def values(self, names: list[str]) -> dict[str, Any]:
        """The columns; the three fields of the quotation make one passage."""
        quoted = [name for name in names if name in QUOTED]
        found = super().values([name for name in names if name not in QUOTED])
        if quoted and self.span is not None:
            passage = Passage.at(self.text, self.span.start, self.span.end)
            found |= {"passage": passage, "clean_text": passage.clean_text}
        return found
