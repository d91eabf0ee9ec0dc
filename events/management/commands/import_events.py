"""`manage.py import_events PATH --dossier SLUG --by USERNAME [--dry-run] [...]`."""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from events.formats import events_csv
from events.management.console import ExchangeCommand


class Command(ExchangeCommand):
    help = f"Import events from a CSV file. Columns: {', '.join(events_csv.COLUMNS)}. All or none."
    takes = ("path", "--dossier", "--by", "--dry-run")

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what a table leaves open."""
        parser.add_argument("--day", type=date.fromisoformat, help="when the table was written")
        parser.add_argument("--split", default="", help="what separates actors in a cell")
        parser.add_argument("--new-actors", action="store_true", help="make missing actors")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, write, print the table."""
        how = events_csv.Options(options["day"], options["split"], options["new_actors"])
        where, by = self.dossier(options["dossier"]), self.user(options["by"])
        table = self.content(options["path"])
        done = events_csv.apply(*table, where, by, how, options["dry_run"], self.progress)
        self.table(done, options)
