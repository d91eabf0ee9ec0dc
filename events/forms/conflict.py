"""The forms of a conflict and of what stands in it, and what the page of all reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.urls import reverse

from events.forms import lookup
from events.forms.fields import RecordField, TargetField
from events.forms.paging import ListForm
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

if TYPE_CHECKING:
    from events.models import Record

SIDES = ("first", "second")
"""The two sides that a new conflict begins with; further ones are added on its page."""


def _side(label: str) -> RecordField:
    return RecordField(
        *(Event, Position, Commitment, Proposal, Passage),
        label=label,
        help_text="A record or passage by its number, PO3 or P12, or by some of its words.",
    )


class ConflictForm(RecordForm):
    """What differs, between what, how far it is settled, and by what."""

    first = _side("One side")
    second = _side("Other side")
    off_page = ("title", *SIDES)
    together = SIDES
    field_order: ClassVar[list[str]] = ["title", *SIDES, "note", "status", "resolution"]

    class Meta(RecordForm.Meta):
        model = Conflict
        fields: ClassVar[list[str]] = ["title", "note", "status", "resolution"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.latest is not None:
            for name in SIDES:
                self.fields.pop(name, None)
        address = reverse("events:conflict-sides", args=[self.dossier.slug])
        for name in SIDES:
            if name in self.fields:
                self.fields[name].widget.options_url = f"{address}?of={name}"

    @property
    def sides(self) -> list[Record]:
        """The records and passages that are named so far, to be shown beside the form."""
        found: list[Record] = []
        for name in SIDES:
            typed = str(self[name].value() or "") if name in self.fields else ""
            if not typed:
                continue
            try:
                found.append(lookup.find(self.dossier, self.fields[name].models, typed))
            except LookupError:
                continue
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, second = (given.get(name) for name in SIDES)
        if first is not None and first == second:
            self.add_error("second", f"{first.ref} is the first side already.")
        words = given.get("resolution", self.instance.resolution)
        # A rule of the database as well; said here it stands beside the field.
        if given.get("status") == Conflict.Status.RESOLVED and not words:
            name = "resolution" if "resolution" in self.fields else "status"
            self.add_error(name, "Say how the conflict was resolved.")
        return given

    def values(self, names: list[str]) -> dict[str, Any]:
        return super().values([name for name in names if name not in SIDES])

    def after_write(self, record: Record) -> None:
        """Put the two sides into a new conflict."""
        for name in SIDES:
            if side := self.cleaned_data.get(name):
                noun = str(side._meta.model_name)
                ConflictMember(dossier=self.dossier, conflict=record, **{noun: side}).save()


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


class ConflictsForm(ListForm):
    """Which conflicts: by status, or records that are contested by their evidence alone."""

    SHOWN: ClassVar[list[tuple[str, str]]] = [
        ("", "All"),
        ("open", "Open"),
        ("contested", "By evidence"),
        ("resolved", "Resolved"),
        ("apparent", "Apparent only"),
    ]
    status = forms.ChoiceField(choices=SHOWN, required=False)

    @property
    def shown(self) -> str:
        """The chosen status, "" for all."""
        self.is_valid()
        return str(self.cleaned_data.get("status") or "")

    @property
    def with_contested(self) -> bool:
        """Whether records that are contested without a conflict belong on this page."""
        is_further = any(self.cleaned_data.get(name) for name in ("after", "before", "q"))
        return self.shown == "contested" or (self.shown in ("", "open") and not is_further)


class StatusForm(forms.Form):
    """The status that a link to the form of a decision names."""

    status = forms.ChoiceField(choices=Conflict.Status)

    @property
    def initial_status(self) -> dict[str, str]:
        """What the form begins with; nothing where the address names no status."""
        return {"status": self.cleaned_data["status"]} if self.is_valid() else {}
