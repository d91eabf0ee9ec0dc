"""Density: how many events lie where in time, counted beforehand at every scale."""

from __future__ import annotations

from django.db import models

from events.timeline.cells import Grain

BROAD = 10
"""What is added to a level where kinds do not matter."""


class Density(models.Model):
    """One cell of the pyramid. No record: triggers keep it, exact after every statement.

    `level` is a Grain; `at` is where the cell begins, a clock as in Placement; `flavour` is
    "kind/modality/state/sides" (keys of sides, ascending, with commas), so that any of these can
    be filtered for. `starts`, `ends` and `anchors` count the events whose first second, last
    second and anchor lie in the cell; `keys` adds up the ids of those whose anchor does: of a lone
    event it is the id. Ten levels higher, from days on, lanes are counted without regard to kinds:
    "*/occurred or planned/published or draft/lane", with "*" for all lanes and "" for none.

    Cells of the running transaction stand apart until it is sealed: read the
    view `truceline_density`.
    """

    pk = models.CompositePrimaryKey("dossier_id", "level", "at", "flavour")
    dossier = models.ForeignKey(
        "events.Dossier",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    level = models.SmallIntegerField()
    at = models.BigIntegerField()
    flavour = models.TextField(db_collation="C")
    starts = models.BigIntegerField()
    ends = models.BigIntegerField()
    anchors = models.BigIntegerField()
    keys = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "densities"
        indexes = [
            models.Index(
                fields=["dossier"],
                name="density_empty",
                condition=models.Q(starts=0, ends=0, anchors=0),
            )
        ]

    def __str__(self) -> str:
        return f"{Grain(self.level % BROAD).name.lower()} {self.at}: {self.flavour}"
