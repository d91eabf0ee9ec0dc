"""Presence: who has a page of a dossier open now, and what they are editing there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, models
from django.db.models.functions import Now

if TYPE_CHECKING:
    from .dossier import Dossier
    from .user import User

FORGOTTEN_AFTER = 15
"""Seconds without a sign after which a page counts as closed."""

LEFT_FOR = 3
"""Seconds a page that was left still counts: the next page of the same person opens meanwhile."""


class Presence(models.Model):
    """A page that a member has open. No record: it has no history and does not outlive a crash."""

    dossier = models.ForeignKey("events.Dossier", on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    tab = models.CharField(max_length=40)
    record = models.CharField(max_length=40, blank=True, default="")
    field = models.CharField(max_length=60, blank=True, default="")
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "presences"
        constraints = [
            models.UniqueConstraint(fields=["dossier", "user", "tab"], name="presence_once"),
        ]
        indexes = [models.Index(fields=["seen_at"], name="presence_seen")]

    def __str__(self) -> str:
        return f"{self.user} at {self.record}" if self.record else str(self.user)

    @classmethod
    def sign(
        cls, dossier: Dossier, user: User, tab: str, record: str = "", field: str = ""
    ) -> None:
        """Note that `user` has the page `tab` open and edits `field` of `record` ("" for none).

        Pages long forgotten, of whatever dossier, go with it: nothing else needs to prune them.
        Rows that somebody else is pruning are left to them, so that two never wait for each other.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH pruned AS (
                    DELETE FROM events_presence WHERE id IN (
                        SELECT id FROM events_presence
                        WHERE seen_at < clock_timestamp() - make_interval(secs => %s)
                        LIMIT 100 FOR UPDATE SKIP LOCKED
                    )
                )
                INSERT INTO events_presence (dossier_id, user_id, tab, record, field, seen_at)
                VALUES (%s, %s, %s, %s, %s, clock_timestamp())
                ON CONFLICT (dossier_id, user_id, tab) DO UPDATE
                SET (record, field, seen_at) = (excluded.record, excluded.field, excluded.seen_at)
                """,
                [4 * FORGOTTEN_AFTER, dossier.pk, user.pk, tab, record, field],
            )

    @classmethod
    def leave(cls, dossier: Dossier, user: User, tab: str) -> None:
        """Note that a page was left: it edits nothing, and is forgotten in a moment."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE events_presence
                SET (record, field, seen_at) = ('', '', least(
                    seen_at, clock_timestamp() - make_interval(secs => %s)))
                WHERE dossier_id = %s AND user_id = %s AND tab = %s
                """,
                [FORGOTTEN_AFTER - LEFT_FOR, dossier.pk, user.pk, tab],
            )
