"""The form of a position."""

from __future__ import annotations

from typing import ClassVar

from events.forms.records import RecordForm
from events.models import Position


class PositionForm(RecordForm):
    """How an actor stands on an issue, said where and by whom.

    "Awaited" and "no statement" are no choices: what was not said is not recorded as a stance.
    """

    when_empty: ClassVar[dict[str, str]] = {
        "event": "Add the event it was expressed in",
        "voiced_by": "Add who said it, when another did",
        "addressee": "Add who it was said to",
        "shifts_from": "Add the earlier position",
    }

    class Meta(RecordForm.Meta):
        model = Position
        fields: ClassVar[list[str]] = [
            "actor",
            "issue",
            "stance",
            "condition",
            "summary",
            "event",
            "voiced_by",
            "addressee",
            "shift",
            "shifts_from",
        ]
