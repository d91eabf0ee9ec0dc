"""Snapshots: frozen states one can cite."""

from __future__ import annotations

from django.db import models

from .base import Record


class Snapshot(Record):
    """A state of the dossier under a number, as of a sealed revision."""

    ref_prefix = "SN"

    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    revision = models.PositiveBigIntegerField(help_text="Sealed number of the last revision in it.")

    class Meta(Record.Meta):
        ordering = ["number"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["dossier", "number"], name="snapshot_number"),
        ]
