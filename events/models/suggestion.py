"""What people decided about suggestions, so that none is made twice."""

from __future__ import annotations

from django.db import models

from events import suggest

from .base import Record, Within
from .fields import OneOf
from .source import Source


class Suggestion(Record):
    """A suggestion that a person accepted or rejected. Those still open are worked out anew from
    the text each time (events/suggest) and never stored.

    `fingerprint` is that of suggest.Suggestion: it outlives edits elsewhere in the text, and so
    holds for later versions of it too.
    """

    ref_prefix = "SG"

    class Kind(models.TextChoices):
        """What was suggested; the same words as in suggest.Kind."""

        STATEMENT = suggest.Kind.STATEMENT.value, "Statement"
        RESPONSE = suggest.Kind.RESPONSE.value, "Response"
        QUOTATION = suggest.Kind.QUOTATION.value, "Quotation"
        COMMITMENT = suggest.Kind.COMMITMENT.value, "Commitment"
        CONDITION = suggest.Kind.CONDITION.value, "Condition"
        DATE = suggest.Kind.DATE.value, "Date"
        MENTION = suggest.Kind.MENTION.value, "Mention"

    class Decision(models.TextChoices):
        """What became of it."""

        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    source = Within(Source, on_delete=models.CASCADE, related_name="suggestions")
    fingerprint = models.CharField(max_length=64)
    kind = OneOf(choices=Kind)
    exact = models.TextField()
    decision = OneOf(choices=Decision)

    class Meta(Record.Meta):
        ordering = ["id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["source", "fingerprint"],
                name="suggestion_once",
                violation_error_message="Somebody decided about this suggestion already.",
            ),
        ]

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        return models.Q(pk__isnull=False)
