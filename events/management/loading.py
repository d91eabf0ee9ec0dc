"""Django's loaddata with an author for the history."""

from contextlib import nullcontext
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializedObject

from events import history, models

from .console import user_named

_THE_DATABASES_OWN = (
    models.Revision,
    models.Change,
    models.RefCounter,
    models.Placement,
    models.Density,
)
"""The history, and what is worked out from the records: both come with them."""


class Command(loaddata.Command):
    """Django's own, inside `recording()`; what the database writes itself is left to it."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's arguments and --by."""
        super().add_arguments(parser)
        parser.add_argument("--by", metavar="USERNAME", help="who loads records of a dossier")

    def handle(self, *fixture_labels: Any, **options: Any) -> None:
        """Load everything under one author, in one revision per dossier."""
        self.by = user_named(options["by"]) if options["by"] else None
        with (
            history.recording(
                by=self.by, origin="command", note="Loaded a fixture", keeps_state=True
            )
            if self.by
            else nullcontext()
        ):
            super().handle(*fixture_labels, **options)

    def save_obj(self, obj: DeserializedObject) -> bool:
        """Save one object; the rows that the database writes are skipped, records need
        an author."""
        if isinstance(obj.object, _THE_DATABASES_OWN):
            return False
        if self.by is None and isinstance(obj.object, models.Record | models.Dossier):
            raise CommandError(
                "the fixture holds records of a dossier, and writing those needs an author:"
                " add --by USERNAME.",
                returncode=2,
            )
        return super().save_obj(obj)
