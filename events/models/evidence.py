"""Evidence: the passage a record rests on, and how."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import ClassVar

from django.db import models

from .actor import Actor, Affiliation
from .base import Record, Within, exactly_one
from .commitment import Commitment
from .conflict import Conflict
from .event import Event, Participation
from .fields import OneOf
from .link import Link
from .position import Position
from .proposal import Consent, Proposal, Term
from .source import Passage

_TARGETS = (
    "event",
    "position",
    "commitment",
    "proposal",
    "term",
    "consent",
    "affiliation",
    "participation",
    "link",
    "conflict",
)


class Evidence(Record):
    """A passage that supports or disputes exactly one record."""

    ref_prefix = "EV"

    class Bearing(models.TextChoices):
        """For or against the record."""

        SUPPORTS = "supports", "Supports"
        DISPUTES = "disputes", "Disputes"

    class Manner(models.TextChoices):
        """How the words reach us."""

        DIRECT_QUOTE = "direct_quote", "Direct quotation"
        PARTIAL_QUOTE = "partial_quote", "Partial quotation"
        REPORTED_SPEECH = "reported_speech", "Reported speech"
        PARAPHRASE = "paraphrase", "Paraphrase"
        INFERRED = "inferred", "Inferred"

    class Credibility(models.IntegerChoices):
        """Admiralty code, second half: the information."""

        CONFIRMED = 1, "1: confirmed by other sources"
        PROBABLE = 2, "2: probably true"
        POSSIBLE = 3, "3: possibly true"
        DOUBTFUL = 4, "4: doubtful"
        IMPROBABLE = 5, "5: improbable"
        UNKNOWN = 6, "6: cannot be judged"

    TARGETS: ClassVar[tuple[str, ...]] = _TARGETS

    passage = Within(Passage, on_delete=models.RESTRICT, related_name="evidence")
    event = Within(Event, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence")
    position = Within(
        Position, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence"
    )
    commitment = Within(
        Commitment, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence"
    )
    proposal = Within(
        Proposal, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence"
    )
    term = Within(Term, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence")
    consent = Within(
        Consent,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="evidence",
        help_text="Words that say whose answer is awaited; their speaker is who says so.",
    )
    affiliation = Within(
        Affiliation, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence"
    )
    participation = Within(
        Participation, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence"
    )
    link = Within(Link, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence")
    conflict = Within(
        Conflict, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence"
    )
    bearing = OneOf(choices=Bearing, default=Bearing.SUPPORTS)
    manner = OneOf(choices=Manner, default=Manner.DIRECT_QUOTE)
    speaker = Within(
        Actor,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="quotations",
        help_text="Empty when the source quotes words without saying whose they are.",
    )
    clean_text = models.TextField(
        blank=True, default="", help_text="The words without citation digits and insertions."
    )
    credibility = models.PositiveSmallIntegerField(choices=Credibility, default=Credibility.UNKNOWN)
    note = models.CharField(
        "what about it",
        max_length=300,
        blank=True,
        default="",
        help_text="The word or point the evidence is about.",
    )

    class Meta(Record.Meta):
        ordering = ["id"]
        verbose_name_plural = "evidence"
        constraints = [
            *Record.Meta.constraints,
            exactly_one(*_TARGETS),
            models.CheckConstraint(
                condition=models.Q(credibility__gte=1, credibility__lte=6),
                name="evidence_credibility_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["dossier", "event"],
                name="evidence_against_event",
                condition=models.Q(bearing="disputes", event__isnull=False),
            ),
            models.Index(
                fields=["dossier", "position"],
                name="evidence_against_position",
                condition=models.Q(bearing="disputes", position__isnull=False),
            ),
            # Whether a disputed event is supported as well is read off the index alone.
            models.Index(
                fields=["event"],
                name="evidence_for_event",
                condition=models.Q(bearing="supports", event__isnull=False),
            ),
        ]

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        shown = [
            models.Q(conflict__in=Conflict.objects.seen_by_public().values("pk")),
            models.Q(participation__event__state="published"),
            models.Q(term__proposal__state="published"),
            models.Q(consent__proposal__state="published"),
        ]
        for name in ("event", "position", "commitment", "proposal", "affiliation", "link"):
            shown.append(models.Q(**{f"{name}__state": "published"}))
        return ~reduce(or_, shown)

    @property
    def target(self) -> Record:
        """The record it is about."""
        return next(t for name in self.TARGETS if (t := getattr(self, name)) is not None)

    @property
    def words(self) -> str:
        """The words to show: clean where given, else exact."""
        return self.clean_text or self.passage.exact

    @property
    def headline(self) -> str:
        return self.words
