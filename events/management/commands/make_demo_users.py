"""`manage.py make_demo_users`: one account per role, and an administrator."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tracker import demo


class Command(BaseCommand):
    """Thin: the work is in tracker/demo.py."""

    help = "Make one account per role and an administrator; print their random passwords once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make those that are missing and print what was made."""
        file = settings.DATA_DIR / "demo-users.txt"
        passwords = demo.make_users(file)
        for name, password in passwords.items():
            self.stdout.write(f"  {name:<10} {password}")
        if passwords:
            self.stdout.write(f"  Shown once; kept in {file}, readable for you alone.")
        else:
            self.stdout.write(f"  All exist already; their first passwords are in {file}.")
