"""Issues: the topics one can take a position on."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.urls import reverse

from .base import Record, Within, named_in


class Issue(Record):
    """A topic of the negotiation; may have a parent and other wordings."""

    ref_prefix = "I"

    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="")
    parent = Within(
        "self", on_delete=models.RESTRICT, null=True, blank=True, related_name="children"
    )
    order = models.PositiveSmallIntegerField(default=0)
    variants = ArrayField(
        models.CharField(max_length=200),
        blank=True,
        default=list,
        help_text="Other wordings of the same issue.",
    )

    class Meta(Record.Meta):
        ordering = ["order", "id"]
        indexes = [
            GinIndex(SearchVector("name", "description", config="simple"), name="issue_search"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("events:issue-detail", args=[self.dossier.slug, self.ref])

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        """What no published record is about; one that has such a part is seen for its sake."""
        named = named_in("Position.issue", "Commitment.issue", "Proposal.issue")
        parts = cls._base_manager.filter(named, parent=models.OuterRef("pk")).order_by()
        return ~(named | models.Q(models.Exists(parts)))

    def clean(self) -> None:
        """Refuse an issue that is its own parent."""
        super().clean()
        self.refuse_circle("parent")
