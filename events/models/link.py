"""Links: what an event has to do with another."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from .base import Reviewable, Within
from .event import Event
from .fields import OneOf


class Link(Reviewable):
    """A relation from one event to another: a response, a cause, a contradiction, an order.

    Read as a sentence: from-event *responds to* to-event. `after` is known order: from-event
    happened after to-event, as far as the sources tell.
    """

    ref_prefix = "L"

    class Kind(models.TextChoices):
        """How the first event stands to the second."""

        RESPONDS_TO = "responds_to", "Responds to"
        FOLLOWS_FROM = "follows_from", "Follows from"
        PART_OF_TALKS = "part_of_talks", "Part of talks"
        IMPLEMENTS = "implements", "Implements"
        VIOLATES = "violates", "Violates"
        CONTRADICTS = "contradicts", "Contradicts"
        CLARIFIES = "clarifies", "Clarifies"
        WALKS_BACK = "walks_back", "Walks back"
        SUPERSEDES = "supersedes", "Supersedes"
        SAME_AS = "same_as", "Same as"
        AFTER = "after", "After"

    from_event = Within(Event, on_delete=models.CASCADE, related_name="links_out")
    to_event = Within(Event, on_delete=models.CASCADE, related_name="links_in")
    kind = OneOf(choices=Kind, default=Kind.RESPONDS_TO)
    note = models.TextField(blank=True, default="")

    class Meta(Reviewable.Meta):
        ordering = ["id"]
        constraints = [
            *Reviewable.Meta.constraints,
            models.UniqueConstraint(
                fields=["from_event", "to_event", "kind"],
                name="link_once",
                violation_error_message="This link exists already.",
            ),
            models.CheckConstraint(
                condition=~models.Q(from_event=models.F("to_event")),
                name="link_not_self",
                violation_error_message="An event cannot be linked to itself.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("events:link-detail", args=[self.dossier.slug, self.ref])

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        published = models.Q(
            state="published", from_event__state="published", to_event__state="published"
        )
        return ~published

    @property
    def headline(self) -> str:
        verb = self.get_kind_display().lower()
        return f"{self.from_event.title} {verb} {self.to_event.title}"
