"""Positions: how an actor stands on an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.urls import reverse

from .actor import Actor
from .base import ContestableQuerySet, Reviewable, Within
from .event import Event
from .fields import OneOf
from .issue import Issue

if TYPE_CHECKING:
    from events.roles import Viewer


class PositionQuerySet(ContestableQuerySet):
    """Positions, with what lists show of them."""

    def newest_first(self) -> PositionQuerySet:
        """By the time of the event they were expressed in; without one last."""
        return self.order_by(
            models.F("event__earliest").desc(nulls_last=True),
            models.F("event__latest").desc(nulls_last=True),
            "-id",
        )

    def with_answers(self, viewer: Viewer) -> PositionQuerySet:
        """Adds `needs_consent`: whether a proposal on the issue, as far as `viewer` sees it, needs
        the actor's consent, which makes support an acceptance."""
        from .proposal import Consent

        asked: models.QuerySet[Any] = Consent.objects.visible_to(viewer).filter(
            proposal__issue=models.OuterRef("issue"), actor=models.OuterRef("actor")
        )
        return self.annotate(needs_consent=models.Exists(asked))


class Position(Reviewable):
    """A stance an actor took on an issue, in an event, by its own or another's voice.

    "Awaited" and "no statement" are not stances and are never stored.
    """

    ref_prefix = "PO"

    class Stance(models.TextChoices):
        """From assent to refusal; NONE is a statement that carries no for or against."""

        SUPPORTS = "supports", "Supports"
        CONDITIONAL = "conditional", "Supports with conditions"
        OPEN = "open", "Open"
        UNCLEAR = "unclear", "Unclear"
        OPPOSES = "opposes", "Opposes"
        DENIES_DISCUSSED = "denies_discussed", "Denies it was discussed"
        NONE = "none", "No for or against"

    class Shift(models.TextChoices):
        """How it stands to the actor's earlier position on the issue."""

        FIRST = "first", "First recorded"
        SAME = "same", "Same"
        HARDENS = "hardens", "Hardens"
        SOFTENS = "softens", "Softens"
        REVERSES = "reverses", "Reverses"
        CLARIFIES = "clarifies", "Clarifies"
        DENIES_EARLIER = "denies_earlier", "Denies earlier"

    actor = Within(Actor, on_delete=models.RESTRICT, related_name="positions")
    issue = Within(Issue, on_delete=models.RESTRICT, related_name="positions")
    stance = OneOf(choices=Stance)
    summary = models.TextField(blank=True, default="")
    condition = models.TextField(blank=True, default="")
    event = Within(
        Event,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="positions",
        verbose_name="expressed in",
    )
    voiced_by = Within(
        Actor, on_delete=models.RESTRICT, null=True, blank=True, related_name="voices"
    )
    addressee = Within(
        Actor, on_delete=models.RESTRICT, null=True, blank=True, related_name="addressed"
    )
    shift = OneOf(choices=Shift, default=Shift.FIRST)
    shifts_from = Within(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="shifted_by"
    )

    objects = PositionQuerySet.as_manager()

    class Meta(Reviewable.Meta):
        ordering = ["id"]
        constraints = [
            *Reviewable.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(shifts_from__isnull=True)
                | ~models.Q(shifts_from=models.F("id")),
                name="position_not_from_self",
            ),
        ]
        indexes = [
            models.Index(fields=["dossier", "issue", "actor"], name="position_cell"),
            GinIndex(SearchVector("summary", "condition", config="simple"), name="position_search"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("events:position-detail", args=[self.dossier.slug, self.ref])

    @property
    def headline(self) -> str:
        return f"{self.actor.called} on {self.issue.name}"
