"""The forms of a conflict and of what stands in it."""

from __future__ import annotations

from typing import ClassVar

from events.forms.fields import TargetField
from events.forms.records import RecordForm
from events.models import (
    Commitment,
    Conflict,
    ConflictMember,
    Event,
    Passage,
    Position,
    Proposal,
)


class ConflictForm(RecordForm):
    """What differs, how far it is settled, and by what."""

    off_page = ("title",)

    class Meta(RecordForm.Meta):
        model = Conflict
        fields: ClassVar[list[str]] = ["title", "note", "status", "resolution"]


class ConflictMemberForm(RecordForm):
    """One of the records or passages that conflict."""

    about = TargetField(
        Event,
        Position,
        Commitment,
        Proposal,
        Passage,
        label="Record or passage",
        help_text="By its number: PO3, or P12 for words of a source.",
    )

    class Meta(RecordForm.Meta):
        model = ConflictMember
        fields: ClassVar[list[str]] = ["conflict"]
