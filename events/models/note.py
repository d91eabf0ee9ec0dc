"""Notes: what members say to each other about a record."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from .actor import Actor
from .base import Record, RecordQuerySet, Within, exactly_one
from .commitment import Commitment
from .conflict import Conflict
from .event import Event
from .position import Position
from .proposal import Proposal
from .source import Source


class Mentions(models.Func):
    """The names called with @ in a text, in lower case; an index holds those of open notes."""

    function = "truceline_mentions"
    output_field = ArrayField(models.TextField())


class NoteQuerySet(RecordQuerySet):
    """Notes, by whom they call."""

    def still_open(self) -> NoteQuerySet:
        """Those that nobody has resolved yet."""
        return self.filter(resolved=False)

    def mentioning(self, username: Any) -> NoteQuerySet:
        """Those that call the user of this name, a word or an expression."""
        word = username if hasattr(username, "resolve_expression") else models.Value(username)
        called = models.Func(Lower(word), template="ARRAY[%(expressions)s]::text[]")
        called.output_field = ArrayField(models.TextField())
        return self.alias(called=Mentions("text")).filter(called__contains=called)


_TARGETS = ("event", "position", "commitment", "proposal", "source", "actor", "conflict")


class Note(Record):
    """A comment in Markdown on exactly one record; only members see it."""

    ref_prefix = "N"

    TARGETS: ClassVar[tuple[str, ...]] = _TARGETS

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

    objects = NoteQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["id"]
        constraints = [
            *Record.Meta.constraints,
            exactly_one(*_TARGETS),
        ]

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        return models.Q(pk__isnull=False)

    @property
    def target(self) -> Record:
        """The record it is about."""
        return next(t for name in self.TARGETS if (t := getattr(self, name)) is not None)

    @property
    def headline(self) -> str:
        words = " ".join(self.text.split())
        return f"{words[:79]}…" if len(words) > 80 else words

    def settle(self, resolved: bool) -> None:
        """Resolve it or open it again; must run inside `history.recording()`."""
        if self.resolved != resolved:
            self.resolved = resolved
            self.save(update_fields=["resolved"])
