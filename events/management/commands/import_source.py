"""`manage.py import_source PATH --dossier SLUG --by USERNAME [--title ... | --to S1]`."""

from typing import Any

from django.core.management.base import CommandParser

from events.formats import sources
from events.management.console import ExchangeCommand
from events.models import Source


class Command(ExchangeCommand):
    """Thin: the work is in events/formats/sources.py."""

    help = "Store a text (.txt, .md, .html, .pdf, .docx) as a source or a new version of one."
    takes = ("path", "--dossier", "--by")

    def add_arguments(self, parser: CommandParser) -> None:
        """An option per field of the source."""
        parser.add_argument("--to", metavar="S1", help="the source this is a new version of")
        for name, kinds in sources.FIELDS.items():
            parser.add_argument(f"--{name}", choices=kinds, default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Decode, store, print the refs."""
        by, dossier = self.user(options["by"]), self.dossier(options["dossier"])
        fields = {name: options[name] for name in sources.FIELDS if options[name]}
        name, content = self.content(options["path"])
        if options["to"]:
            source = self.record(dossier, Source, options["to"])
            made = sources.store_version(content, source, by, name=name)
        else:
            made = sources.store(content, dossier, by, name=name, **fields)
        self.warn(made.remarks)
        self.stdout.write(f"{made.source.ref} {made.text.ref} {made.source.title}")
