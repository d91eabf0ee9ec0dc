"""The form of an issue."""

from __future__ import annotations

from typing import ClassVar

from events.forms.records import RecordForm
from events.models import Issue


class IssueForm(RecordForm):
    """A topic one can take a position on, its place among the others, its other wordings."""

    off_page = ("name",)
    when_empty: ClassVar[dict[str, str]] = {
        "parent": "Add the wider issue",
        "variants": "Add other wordings",
    }

    class Meta(RecordForm.Meta):
        model = Issue
        labels: ClassVar[dict[str, str]] = {"parent": "Wider issue", "variants": "Other wordings"}
        fields: ClassVar[list[str]] = ["name", "description", "parent", "order", "variants"]
