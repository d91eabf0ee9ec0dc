"""Notes: what members say to each other about a record."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .actor import Actor
from .base import Record, Within, exactly_one
from .commitment import Commitment
from .conflict import Conflict
from .event import Event
from .position import Position
from .proposal import Proposal
from .source import Source


class Note(Record):
    """A comment in Markdown on exactly one record; only members see it."""

    ref_prefix = "N"

    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    resolved = models.BooleanField(default=False)
    event = Within(Event, on_delete=models.CASCADE, null=True, blank=True, related_name="notes")
    position = Within(
        Position, on_delete=models.CASCADE, null=True, blank=True, related_name="notes"
    )
    commitment = Within(
        Commitment, on_delete=models.CASCADE, null=True, blank=True, related_name="notes"
    )
    proposal = Within(
        Proposal, on_delete=models.CASCADE, null=True, blank=True, related_name="notes"
    )
    source = Within(Source, on_delete=models.CASCADE, null=True, blank=True, related_name="notes")
    actor = Within(Actor, on_delete=models.CASCADE, null=True, blank=True, related_name="notes")
    conflict = Within(
        Conflict, on_delete=models.CASCADE, null=True, blank=True, related_name="notes"
    )

    class Meta(Record.Meta):
        ordering = ["id"]
        constraints = [
            *Record.Meta.constraints,
            exactly_one(
                "event", "position", "commitment", "proposal", "source", "actor", "conflict"
            ),
        ]

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        return models.Q(pk__isnull=False)
