"""`manage.py make_dossier --events 1000000 --seed 1 --by USERNAME [--slug ...] [--title ...]`."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from events import invented
from events.management.console import ExchangeCommand


class Command(ExchangeCommand):
    help = "Make a large dossier of an invented negotiation, the same for the same seed."
    takes = ("--by",)

    def add_arguments(self, parser: CommandParser) -> None:
        """How large, and what it is called."""
        parser.add_argument("--events", type=int, default=10_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--slug", default="invented")
        parser.add_argument("--title", default="The Orrevan and Kaldesh talks (invented)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, telling on stderr how far it is."""
        wanted = {name: options[name] for name in ("slug", "title", "events", "seed")}
        try:
            invented.make(**wanted, by=self.user(options["by"]), progress=self.told)
        except invented.CannotMake as problem:
            raise CommandError(f"{problem} Nothing was written.", returncode=1) from None

    def told(self, done: int, total: int) -> None:
        """A line for each step."""
        self.stderr.write(f"{done:,} of {total:,} events", self.style.NOTICE)
