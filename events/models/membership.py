"""Membership: what a person may do in a dossier."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, models

from .base import Record
from .fields import OneOf

if TYPE_CHECKING:
    from collections.abc import Iterator


class LastOwner(Exception):
    """The change would leave a dossier without an owner."""

    def __init__(self) -> None:
        super().__init__("A dossier keeps at least one owner. Make someone else an owner first.")


@contextmanager
def keeping_owners() -> Iterator[None]:
    """Raise LastOwner where the database refuses, at commit, to leave a dossier without an owner.

    Put it around `recording()`: only there is the refusal of somebody's going at the same moment,
    or of an account being switched off, to be seen.
    """
    try:
        yield
    except IntegrityError as problem:
        diagnosis = getattr(problem.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) != "membership_keeps_owner":
            raise
        raise LastOwner from problem


class Membership(Record):
    """What a person may do in a dossier; each role includes those before it."""

    ref_prefix = "M"

    class Role(models.TextChoices):
        """From reading to owning."""

        READER = "reader", "Reader"
        ANALYST = "analyst", "Analyst"
        REVIEWER = "reviewer", "Reviewer"
        OWNER = "owner", "Owner"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    role = OneOf(choices=Role, default=Role.READER)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["dossier", "user"], name="membership_once"),
        ]

    @property
    def headline(self) -> str:
        return f"{self.user} as {self.get_role_display().lower()}"

    def give(self, role: str, base_version: int) -> None:
        """Change the role that was seen at `base_version`; run inside `recording()`.

        Raises LastOwner, and history.StaleEdit when others gave another role meanwhile.
        """
        self.dossier.lock_members()
        owned = self._owns()
        self.revise(base_version, {"role": self.Role(role)})
        if owned:
            self.dossier.keep_an_owner()

    def end(self) -> None:
        """Take the person out of the dossier; run inside `recording()`. Raises LastOwner."""
        self.dossier.lock_members()
        owned = self._owns()
        self.delete()
        if owned:
            self.dossier.keep_an_owner()

    def _owns(self) -> bool:
        """Whether the stored row, not the one in memory, is an owner's."""
        return Membership.objects.filter(pk=self.pk, role=self.Role.OWNER).exists()
