"""Commitments: who owes whom what, under which condition, and what came of it."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.urls import reverse

from .actor import Actor
from .base import ContestableQuerySet, Record, Reviewable, Within, ordered
from .event import Event
from .fields import OneOf, UncertainDate
from .issue import Issue
from .proposal import Proposal


class Commitment(Reviewable):
    """What an actor undertook, or signalled. How it stands is derived: events/undertakings.py."""

    ref_prefix = "C"

    class Firmness(models.TextChoices):
        """A signal is not a commitment yet."""

        FIRM = "firm", "Firm"
        SIGNAL = "signal", "Signal, not a commitment"

    class Answer(models.TextChoices):
        """The answer to a proposal on which a commitment depends."""

        ACCEPTED = "accepted", "Accepted"
        NOT_ACCEPTED = "not_accepted", "Not accepted"

    debtor = Within(Actor, on_delete=models.RESTRICT, related_name="owes")
    creditor = Within(
        Actor, on_delete=models.RESTRICT, null=True, blank=True, related_name="is_owed"
    )
    action = models.CharField(max_length=300)
    issue = Within(
        Issue, on_delete=models.RESTRICT, null=True, blank=True, related_name="commitments"
    )
    firmness = OneOf(choices=Firmness, default=Firmness.FIRM)
    event = Within(
        Event,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name="made in",
    )
    condition = models.TextField(blank=True, default="")
    depends_on_proposal = Within(
        Proposal, on_delete=models.SET_NULL, null=True, blank=True, related_name="dependants"
    )
    depends_on_actor = Within(
        Actor,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="answers_awaited",
        help_text="Whose answer to the proposal decides.",
    )
    depends_on_answer = OneOf("if the proposal is", choices=Answer, default=Answer.ACCEPTED)
    depends_on_commitment = Within(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="dependants"
    )
    depends_on_text = models.TextField(blank=True, default="")
    due = UncertainDate("due")
    duration = models.CharField(
        max_length=40, blank=True, default="", help_text="ISO 8601, such as P30D."
    )

    objects = ContestableQuerySet.as_manager()

    class Meta(Reviewable.Meta):
        ordering = ["id"]
        constraints = [
            *Reviewable.Meta.constraints,
            ordered("due_earliest", "due_latest"),
            models.CheckConstraint(
                condition=models.Q(duration="")
                | models.Q(duration__regex=r"^P(?=.)([0-9]+[YMWD])*(T(?=.)([0-9]+[HMS])*)?$"),
                name="commitment_duration_iso",
                violation_error_message="A duration looks like P30D (30 days).",
            ),
            models.CheckConstraint(
                condition=models.Q(depends_on_commitment__isnull=True)
                | ~models.Q(depends_on_commitment=models.F("id")),
                name="commitment_not_on_self",
                violation_error_message="A commitment cannot depend on itself.",
            ),
        ]
        indexes = [
            GinIndex(
                SearchVector("action", "condition", "depends_on_text", config="simple"),
                name="commitment_search",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("events:commitment-detail", args=[self.dossier.slug, self.ref])


class Outcome(Record):
    """What an event did to a commitment."""

    ref_prefix = "O"

    class Result(models.TextChoices):
        """How far the commitment was kept."""

        IN_PART = "in_part", "Met in part"
        MET = "met", "Met"
        BROKEN = "broken", "Broken"
        WITHDRAWN = "withdrawn", "Withdrawn"
        EXTENDED = "extended", "Extended"

    commitment = Within(Commitment, on_delete=models.CASCADE, related_name="outcomes")
    event = Within(Event, on_delete=models.RESTRICT, related_name="outcomes")
    result = OneOf(choices=Result)
    due = UncertainDate("new due date", help_text="Until when it was extended.")

    class Meta(Record.Meta):
        ordering = ["id"]
        constraints = [
            *Record.Meta.constraints,
            ordered("due_earliest", "due_latest"),
            models.CheckConstraint(
                condition=models.Q(due_text="", due_edtf="") | models.Q(result="extended"),
                name="outcome_due_if_extended",
                violation_error_message="Only an extension has a new due date.",
            ),
            models.UniqueConstraint(fields=["commitment", "event"], name="outcome_once"),
        ]

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        return ~models.Q(commitment__state="published", event__state="published")

    @property
    def headline(self) -> str:
        return f"{self.get_result_display()}: {self.commitment.action}"
