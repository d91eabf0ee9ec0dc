"""Sides: the parties and groupings that get a lane."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from .base import Record


class Side(Record):
    """A lane of the chart: a party or grouping, its code, place and colour slot."""

    ref_prefix = "SD"

    code = models.CharField(max_length=8, help_text="Short code shown on chips, such as US.")
    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)
    slot = models.PositiveSmallIntegerField(
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text="Colour slot 1 to 5; none of them is a flag colour.",
    )

    class Meta(Record.Meta):
        ordering = ["order", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["dossier", "code"], name="side_code"),
            models.CheckConstraint(
                condition=models.Q(slot__gte=1, slot__lte=5), name="side_slot_range"
            ),
        ]
