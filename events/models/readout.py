"""Readouts: what several parties' accounts say of one event, side by side."""

from __future__ import annotations

from django.db import models

from .actor import Actor
from .base import Record, Within
from .conflict import Conflict, ConflictMember
from .event import Event
from .fields import OneOf
from .source import Passage, Source


class EventAccount(Record):
    """Something that belongs to an event and is seen with it."""

    class Meta(Record.Meta):
        abstract = True

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        return ~models.Q(event__state="published")


class Readout(EventAccount):
    """The account that a source gives of an event, and whose account it is."""

    ref_prefix = "RO"

    event = Within(Event, on_delete=models.CASCADE, related_name="readouts")
    source = Within(Source, on_delete=models.RESTRICT, related_name="readouts")
    actor = Within(
        Actor,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="readouts",
        verbose_name="whose account",
    )

    class Meta(Record.Meta):
        ordering = ["id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["event", "source"],
                name="readout_once",
                violation_error_message="This source is an account of the event already.",
            ),
        ]

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        """Those of events the public does not see, and of sources it sees no words of."""
        cited = Passage.cited_in_public().filter(source_text__source=models.OuterRef("source"))
        return ~(models.Q(event__state="published") & models.Q(models.Exists(cited)))

    @property
    def headline(self) -> str:
        return self.actor.called if self.actor else self.source.title


class ReadoutPoint(EventAccount):
    """A point of an event that its readouts make, leave out or contradict."""

    ref_prefix = "RP"

    class Reading(models.TextChoices):
        """How the accounts that make the point stand to each other; who leaves it out is seen."""

        UNJUDGED = "unjudged", "Not compared yet"
        AGREE = "agree", "Agree"
        WORDING = "wording", "Differ in wording"
        CONTRADICT = "contradict", "Contradict"

    event = Within(Event, on_delete=models.CASCADE, related_name="readout_points")
    number = models.PositiveSmallIntegerField(default=1)
    subject = models.CharField(max_length=200)
    reading = OneOf(choices=Reading, default=Reading.UNJUDGED)
    note = models.TextField(blank=True, default="")

    class Meta(Record.Meta):
        ordering = ["event_id", "number", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["event", "number"],
                name="readoutpoint_number",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    @property
    def headline(self) -> str:
        return self.subject

    def stand_at(self, number: int) -> None:
        """Take this place, from 1, among the points of the event; the others make room. Run inside
        `recording()`."""
        rows = ReadoutPoint.objects.select_for_update(no_key=True).filter(event=self.event_id)
        others = [point for point in rows.order_by("number", "id") if point.pk != self.pk]
        places = [*others[: number - 1], self, *others[number - 1 :]]
        for place, point in enumerate(places, 1):
            if point.number != place:
                point.number = place
                point.save(update_fields=["number"])

    def make_conflict(self) -> Conflict:
        """A conflict of the words with which the accounts make the point; run inside
        `recording()`. Raises ValueError where fewer than two accounts have words."""
        words = list(self.passages.select_related("passage").order_by("readout", "id"))
        if len({said.readout_id for said in words}) < 2:
            raise ValueError("A conflict needs the words of two accounts.")
        title = f"{self.subject}: accounts of {self.event.title}"
        conflict = Conflict(dossier_id=self.dossier_id, title=title[:300], note=self.note)
        conflict.save()
        for passage in dict.fromkeys(said.passage for said in words):
            ConflictMember(dossier_id=self.dossier_id, conflict=conflict, passage=passage).save()
        return conflict


class ReadoutPassage(Record):
    """The words with which a readout makes a point."""

    ref_prefix = "RA"

    point = Within(ReadoutPoint, on_delete=models.CASCADE, related_name="passages")
    readout = Within(Readout, on_delete=models.CASCADE, related_name="passages")
    passage = Within(Passage, on_delete=models.RESTRICT, related_name="readouts")

    class Meta(Record.Meta):
        ordering = ["id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["point", "readout", "passage"], name="readoutpassage_once"
            ),
        ]

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        return ~models.Q(point__event__state="published", readout__event__state="published")

    @property
    def headline(self) -> str:
        return f"{self.readout.headline} on {self.point.subject}"
