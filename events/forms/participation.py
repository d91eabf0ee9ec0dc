"""The form of a participation."""

from __future__ import annotations

from typing import ClassVar

from events.forms.records import RecordForm
from events.models import Participation


class ParticipationForm(RecordForm):
    """Who took part in an event, and as what."""

    class Meta(RecordForm.Meta):
        model = Participation
        fields: ClassVar[list[str]] = ["event", "actor", "role", "note"]
