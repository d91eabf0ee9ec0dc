"""`manage.py export_dossier SLUG [--to PATH] [--folder]`."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from events.formats import dossier
from events.management.console import ExchangeCommand


class Command(ExchangeCommand):
    """Thin: the work is in events/formats/dossier.py."""

    help = "Write a dossier as JSON with its texts, to standard output unless --to is given."
    takes = ("slug",)

    def add_arguments(self, parser: CommandParser) -> None:
        """--to and --folder."""
        parser.add_argument("--to", metavar="PATH", type=Path, help="file or folder to write")
        parser.add_argument("--folder", action="store_true", help="a folder, texts as files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect and write; say on stderr what an import would refuse."""
        file = dossier.collect(self.dossier(options["slug"]))
        self.write(file, options["to"], options["folder"])
        self.warn(
            f"An import would refuse this: {problem}" for problem in dossier.would_refuse(file)
        )
