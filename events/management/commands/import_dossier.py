"""`manage.py import_dossier PATH --by USERNAME [--dry-run]`."""

from typing import Any

from events.formats import dossier, writer
from events.management.console import ExchangeCommand


class Command(ExchangeCommand):
    """Thin: the work is in events/formats."""

    help = (
        "Import a dossier: a folder with dossier.json, or a .json file. Rows are matched by ref: "
        "new ones are created, differing ones changed; a key left out means its empty value. "
        "Rows that the file does not have are left alone. All or nothing."
    )
    takes = ("path", "--by", "--dry-run")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, write, print the table."""
        by = self.user(options["by"])
        file = dossier.load(self.source(options["path"]))
        report = writer.apply(file, by, dry_run=options["dry_run"], progress=self.progress)
        self.table(report, options)
