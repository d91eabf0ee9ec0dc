"""Placement: where an event stands on the timeline, as the database works it out."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value

FOREVER = 10**15
"""Seconds, beyond every date there is: an open bound."""

LONG = 2 * 86_400
"""Seconds. What lasts longer has an index of its own, so that what has been going on when a window
begins is found without looking at everything before."""


class PlacementQuerySet(models.QuerySet["Placement"]):
    """Placements; their words are only ever searched in the database."""

    def of(self, events: Iterable[int]) -> PlacementQuerySet:
        """Those of the events of these keys, without their words."""
        return self.filter(pk__in=events).defer("words")


class Placement(models.Model):
    """What the timeline asks of an event, in one narrow row. No record: triggers keep it.

    `starts`, `ends` (the last second) and `anchor` (the middle, or the bound that is known) are
    seconds since 1970-01-01T00:00 on the clock of the dossier's zone. An open bound is FOREVER
    away; `anchor` is NULL when there is no date at all. `sides` are keys of the sides in whose
    lanes the event is drawn, ascending. See migrations/sql/density.sql.
    """

    event = models.OneToOneField(
        "events.Event",
        on_delete=models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,
        related_name="placement",
    )
    dossier = models.ForeignKey(
        "events.Dossier",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    kind = models.CharField(max_length=20)
    modality = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    sides = ArrayField(models.BigIntegerField())
    starts = models.BigIntegerField()
    ends = models.BigIntegerField()
    anchor = models.BigIntegerField(null=True)
    words = SearchVectorField()

    objects = PlacementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["dossier", "starts", "ends", "event"], name="placement_in_time"),
            GistIndex(
                Func(F("starts"), F("ends"), Value("[]"), function="int8range"),
                name="placement_long",
                # So that the list of a window reads nothing else.
                include=["dossier", "starts", "ends", "event"],
                condition=Q(ends__gt=F("starts") + LONG, anchor__isnull=False),
            ),
            models.Index(
                fields=["dossier", "kind", "modality", "state", "sides", "starts", "ends", "event"],
                name="placement_alike",
            ),
            GinIndex("words", name="placement_words"),
        ]

    def __str__(self) -> str:
        return f"placement of event {self.event_id}"
