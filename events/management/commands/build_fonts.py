"""`manage.py build_fonts`: make the web fonts that are missing."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tracker import fonts


class Command(BaseCommand):
    """Thin: the work is in tracker/fonts.py."""

    help = "Make the web fonts (static/fonts) from the font packages, where they are missing."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument("--again", action="store_true", help="make those that exist, too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them and name them."""
        for made in fonts.build(settings.FONTS_DIR, again=options["again"]):
            self.stdout.write(f"{made.name}: {made.stat().st_size / 1000:.0f} kB")
