"""The history itself: revisions, the changes in them, and the counters behind refs.

Rows of these tables are written by triggers only and can never be changed or deleted.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .fields import OneOf


class Revision(models.Model):
    """One transaction's changes to one dossier: who, from where, why, and in which order.

    `number` and `sealed_at` are given at commit, so they stand in commit order.
    """

    class Origin(models.TextChoices):
        """By which door the change came."""

        PAGE = "page", "Page"
        ADMIN = "admin", "Admin"
        IMPORT = "import", "Import"
        COMMAND = "command", "Command"

    dossier_id = models.BigIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="revisions"
    )
    origin = OneOf(choices=Origin)
    note = models.TextField(blank=True, default="")
    number = models.BigIntegerField(null=True, editable=False)
    sealed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["dossier_id", "number"], name="revision_number"),
        ]
        indexes = [
            models.Index(fields=["dossier_id", "sealed_at"], name="revision_sealed"),
            models.Index(
                fields=["dossier_id"],
                condition=models.Q(number__isnull=True),
                name="revision_unsealed",
            ),
        ]

    def __str__(self) -> str:
        return f"revision {self.number}"


class Change(models.Model):
    """One changed row: what it was before and after, as the database wrote it."""

    class Operation(models.TextChoices):
        """The SQL command."""

        INSERT = "insert", "Created"
        UPDATE = "update", "Changed"
        DELETE = "delete", "Deleted"
        TRUNCATE = "truncate", "Truncated"

    # The index by revision and table serves the key too.
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="changes", db_index=False
    )
    dossier_id = models.BigIntegerField()
    table = models.CharField(max_length=63)
    record_id = models.BigIntegerField()
    ref = models.CharField(max_length=40, null=True)  # noqa: DJ001 - a dossier has no ref
    operation = OneOf(choices=Operation)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["table", "record_id", "id"], name="change_of_record"),
            models.Index(fields=["dossier_id", "ref"], name="change_of_ref"),
            models.Index(fields=["revision", "table"], name="change_of_revision"),
            models.Index(
                fields=["revision"],
                condition=models.Q(after__isnull=True),
                name="change_deleted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.ref or self.table}"


class RefCounter(models.Model):
    """The highest number given to a kind of record in a dossier; numbers are never reused."""

    dossier_id = models.BigIntegerField()
    prefix = models.CharField(max_length=4)
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier_id", "prefix"], name="refcounter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{self.last}"
