"""The form of a side."""

from __future__ import annotations

from typing import ClassVar

from events.forms.records import RecordForm
from events.models import Side


class SideForm(RecordForm):
    """A lane of the chart: code, name, place from the top, colour slot."""

    off_page = ("name",)

    class Meta(RecordForm.Meta):
        model = Side
        fields: ClassVar[list[str]] = ["name", "code", "order", "slot"]
