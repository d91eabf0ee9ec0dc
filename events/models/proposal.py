"""Proposals: issues that need the consent of named actors."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from .actor import Actor
from .base import ContestableQuerySet, Record, Reviewable, Within, ordered
from .event import Event
from .fields import OneOf, UncertainDate
from .issue import Issue


class Proposal(Reviewable):
    """An offer on the table, or announced: terms, duration, whose consent it needs."""

    ref_prefix = "PR"

    class ExpiresBasis(models.TextChoices):
        """Whether the end was said or worked out."""

        STATED = "stated", "Stated"
        COMPUTED = "computed", "Computed"

    class Relation(models.TextChoices):
        """How it stands to an earlier proposal."""

        AMENDS = "amends", "Amends"
        COUNTERS = "counters", "Counters"
        RIVALS = "rivals", "Rivals"

    class Ending(models.TextChoices):
        """How it left the table by an act. Whether its time ran out is derived."""

        AGREED = "agreed", "Agreed"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"
        SUPERSEDED = "superseded", "Superseded"

    issue = Within(Issue, on_delete=models.CASCADE, related_name="proposals")
    announced_in = Within(
        Event,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="announces",
        help_text="The event in which somebody spoke of it before, or without, putting it forward.",
    )
    tabled_in = Within(
        Event,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposals",
        help_text="The event in which it was put to the parties; empty while only announced.",
    )
    duration = models.CharField(
        max_length=40, blank=True, default="", help_text="ISO 8601, such as P30D."
    )
    start = UncertainDate("start")
    expires = UncertainDate("expires")
    expires_basis = OneOf("basis of the end", choices=ExpiresBasis, blank=True, default="")
    earlier = Within(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="later",
        verbose_name="earlier proposal",
        help_text="The proposal that this one amends, counters or rivals.",
    )
    relation = OneOf("how it stands to it", choices=Relation, blank=True, default="")
    ended_in = Within(
        Event,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="ends",
        help_text="The event in which it was agreed, rejected, withdrawn or superseded.",
    )
    ending = OneOf(choices=Ending, blank=True, default="")

    objects = ContestableQuerySet.as_manager()

    class Meta(Reviewable.Meta):
        ordering = ["id"]
        constraints = [
            *Reviewable.Meta.constraints,
            ordered("start_earliest", "start_latest"),
            ordered("expires_earliest", "expires_latest"),
            models.UniqueConstraint(fields=["issue"], name="proposal_issue"),
            models.CheckConstraint(
                condition=models.Q(duration="")
                | models.Q(duration__regex=r"^P(?=.)([0-9]+[YMWD])*(T(?=.)([0-9]+[HMS])*)?$"),
                name="proposal_duration_iso",
                violation_error_message="A duration looks like P30D (30 days).",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_in__isnull=False) | models.Q(ending=""),
                name="proposal_ending_in_event",
                violation_error_message="Name the event in which it ended.",
            ),
        ]

    def clean(self) -> None:
        """Refuse a proposal that is earlier than itself."""
        super().clean()
        self.refuse_circle("earlier")

    def get_absolute_url(self) -> str:
        return reverse("events:proposal-detail", args=[self.dossier.slug, self.ref])

    @property
    def headline(self) -> str:
        return self.issue.name


class ProposalPart(Record):
    """Something that belongs to a proposal and is seen with it."""

    class Meta(Record.Meta):
        abstract = True

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        return ~models.Q(proposal__state="published")


class Term(ProposalPart):
    """One term of a proposal, in order."""

    ref_prefix = "TM"

    proposal = Within(Proposal, on_delete=models.CASCADE, related_name="terms")
    number = models.PositiveSmallIntegerField(default=1)
    subject = models.CharField(
        max_length=100,
        blank=True,
        default="",
        help_text="What it is about, such as Duration. Terms of one subject are compared.",
    )
    text = models.TextField()

    class Meta(Record.Meta):
        ordering = ["proposal_id", "number", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["proposal", "number"],
                name="term_number",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    @property
    def headline(self) -> str:
        return self.text


class Proposer(ProposalPart):
    """An actor who puts a proposal forward."""

    ref_prefix = "PP"

    proposal = Within(Proposal, on_delete=models.CASCADE, related_name="proposers")
    actor = Within(Actor, on_delete=models.RESTRICT, related_name="proposes")

    class Meta(Record.Meta):
        ordering = ["id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["proposal", "actor"], name="proposer_once"),
        ]

    @property
    def headline(self) -> str:
        return f"{self.actor.called} proposes {self.proposal.headline}"


class Consent(ProposalPart):
    """An actor whose consent a proposal needs, and what that actor is asked."""

    ref_prefix = "CN"

    proposal = Within(Proposal, on_delete=models.CASCADE, related_name="consents")
    actor = Within(Actor, on_delete=models.RESTRICT, related_name="consents")
    asked = models.TextField("what is asked", blank=True, default="")

    class Meta(Record.Meta):
        ordering = ["id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["proposal", "actor"], name="consent_once"),
        ]

    @property
    def headline(self) -> str:
        return f"{self.actor.called} on {self.proposal.headline}"
