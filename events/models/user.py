"""People who sign in."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from .fields import OneOf


class User(AbstractUser):
    """An account, with the two habits of the interface that follow a person about."""

    class Theme(models.TextChoices):
        """Light or dark, or as the system has it."""

        SYSTEM = "system", "As the system"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    theme = OneOf(choices=Theme, default=Theme.SYSTEM)
    single_keys = models.BooleanField(
        "single-key commands",
        default=True,
        help_text="Keys such as J, K and E outside text fields.",
    )

    @property
    def called(self) -> str:
        """What pages call them: the full name, else the user name."""
        return self.get_full_name() or self.get_username()
