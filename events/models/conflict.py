"""Conflicts: records or passages that cannot all hold, or that read differently."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import ClassVar

from django.db import models
from django.urls import reverse

from .base import Record, RecordQuerySet, Within, exactly_one
from .commitment import Commitment
from .event import Event
from .fields import OneOf
from .position import Position
from .proposal import Proposal
from .source import Passage


class ConflictQuerySet(RecordQuerySet):
    """Conflicts, in the order in which they ask for a decision."""

    def in_order(self) -> ConflictQuerySet:
        """Adds `status_order`: 0 for open ones, 1 for resolved, 2 for apparent only."""
        words = [Conflict.Status.OPEN, Conflict.Status.RESOLVED, Conflict.Status.APPARENT]
        places = [models.When(status=word, then=place) for place, word in enumerate(words)]
        return self.annotate(status_order=models.Case(*places, output_field=models.IntegerField()))

    def seen_by_public(self) -> ConflictQuerySet:
        """Those with at least two published sides: with one alone it would take sides itself."""
        shown = ConflictMember.objects.exclude(ConflictMember.hidden_from_public())
        pairs = shown.order_by().values("conflict").annotate(n=models.Count("pk")).filter(n__gte=2)
        return self.filter(pk__in=pairs.values("conflict"))


class Conflict(Record):
    """What differs between two or more records or passages, kept side by side."""

    ref_prefix = "X"

    class Status(models.TextChoices):
        """How far it is settled."""

        OPEN = "open", "Open"
        RESOLVED = "resolved", "Resolved"
        APPARENT = "apparent", "Apparent only"

    title = models.CharField("what differs", max_length=300)
    note = models.TextField(blank=True, default="")
    status = OneOf("state", choices=Status, default=Status.OPEN)
    resolution = models.TextField(blank=True, default="")

    objects = ConflictQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["id"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(status="resolved") | ~models.Q(resolution=""),
                name="conflict_resolution_given",
                violation_error_message="Say how the conflict was resolved.",
            ),
        ]

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        return ~models.Q(pk__in=cls.objects.seen_by_public().values("pk"))

    def get_absolute_url(self) -> str:
        return reverse("events:conflict-detail", args=[self.dossier.slug, self.ref])


_TARGETS = ("event", "position", "commitment", "proposal", "passage")


class ConflictMember(Record):
    """One of the records or passages that conflict."""

    ref_prefix = "XM"

    TARGETS: ClassVar[tuple[str, ...]] = _TARGETS

    conflict = Within(Conflict, on_delete=models.CASCADE, related_name="members")
    event = Within(Event, on_delete=models.CASCADE, null=True, blank=True, related_name="conflicts")
    position = Within(
        Position, on_delete=models.CASCADE, null=True, blank=True, related_name="conflicts"
    )
    commitment = Within(
        Commitment, on_delete=models.CASCADE, null=True, blank=True, related_name="conflicts"
    )
    proposal = Within(
        Proposal, on_delete=models.CASCADE, null=True, blank=True, related_name="conflicts"
    )
    passage = Within(
        Passage, on_delete=models.CASCADE, null=True, blank=True, related_name="conflicts"
    )

    class Meta(Record.Meta):
        ordering = ["id"]
        constraints = [
            *Record.Meta.constraints,
            exactly_one(*_TARGETS),
        ]

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        reviewed = [name for name in cls.TARGETS if name != "passage"]
        published = [models.Q(**{f"{name}__state": "published"}) for name in reviewed]
        return ~reduce(or_, published, models.Q(passage__isnull=False))

    @property
    def target(self) -> Record:
        """The record or passage it names."""
        return next(t for name in self.TARGETS if (t := getattr(self, name)) is not None)

    @property
    def headline(self) -> str:
        # None while a form of the admin is refused: its row names nothing yet.
        named = [row for name in self.TARGETS if (row := getattr(self, name)) is not None]
        return ": ".join([self.conflict.title, *map(str, named)])
