"""What the import and export commands share: who, which dossier, errors, tables, pipes.

Exit codes: 0 done, 1 the content was rejected and nothing written, 2 the command was called
wrongly. Tables and data go to stdout, everything said about them to stderr.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events.formats import dossier, strict_json
from events.formats.problems import Refused
from events.formats.records import DossierFile
from events.formats.writer import Report
from events.models import Dossier, Record, User

_MOST_PROBLEMS = 100
_MOST_NAMES = 20


class ExchangeCommand(BaseCommand):
    """A command that reads or writes a format."""

    requires_system_checks = []
    takes: tuple[str, ...] = ()
    """Which of the arguments below the command has; further ones come by add_arguments()."""

    arguments: ClassVar[dict[str, dict[str, Any]]] = {
        "path": {"metavar": "PATH", "help": "what to read; - is standard input"},
        "slug": {"metavar": "SLUG", "help": "which dossier"},
        "--dossier": {"metavar": "SLUG", "required": True, "help": "which dossier"},
        "--by": {"metavar": "USERNAME", "required": True, "help": "in whose name"},
        "--dry-run": {"action": "store_true", "help": "only say what would happen"},
    }

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The arguments the commands share, then the command's own."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        for name in self.takes:
            parser.add_argument(name, **self.arguments[name])
        return parser

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run; a refusal, a closed pipe and Ctrl-C end it without a traceback."""
        try:
            return super().execute(*args, **options)
        except Refused as refused:
            self._say(refused, options)
        except BrokenPipeError:
            # What is left in the buffer must not complain again when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(141) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. Nothing was written.", returncode=130) from None

    def _say(self, refused: Refused, options: dict[str, Any]) -> None:
        problems = refused.problems
        for problem in problems[:_MOST_PROBLEMS]:
            self.stderr.write(str(problem))
        if len(problems) > _MOST_PROBLEMS:
            self.stderr.write(f"… and {len(problems) - _MOST_PROBLEMS:,} more.")
        self.table(Report.of_refusal(refused), options)
        count = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        raise CommandError(f"{count}. Nothing was written.", returncode=1)

    def table(self, report: Report, options: dict[str, Any]) -> None:
        """Print the table of a report, its remarks, and what it comes to."""
        self.warn(report.remarks)
        if not report.tallies or options["verbosity"] < 1:
            return
        for line in report.lines():
            self.stdout.write(line)
        if report.dry_run:
            self.stderr.write("Dry run: nothing was written.")
        elif report.slug and not report.writes:
            self.stderr.write("Nothing to change.")

    def warn(self, remarks: Iterable[object]) -> None:
        """Say something on stderr, a line each."""
        for remark in remarks:
            self.stderr.write(str(remark), self.style.WARNING)

    def progress(self, kind: str, done: int, total: int) -> None:
        """Show how far the writing is, on a terminal."""
        if self.stderr.isatty():
            end = "\r" if done < total else "\r\033[K"
            line = (
                f"\r\033[K{kind.replace('_', ' ')}: {done:,} of {total:,}" if done < total else ""
            )
            self.stderr.write(line, self.style.NOTICE, ending=end)

    def user(self, name: str) -> User:
        """The account of that name."""
        return user_named(name)

    def dossier(self, slug: str) -> Dossier:
        """The dossier of that slug."""
        found = Dossier.objects.filter(slug=slug).first()
        if found is None:
            slugs = Dossier.objects.order_by("slug").values_list("slug", flat=True)
            raise CommandError(_no("dossier", slug, list(slugs)), returncode=2)
        return found

    def record[T: Record](self, dossier: Dossier, model: type[T], ref: str) -> T:
        """The record of that ref in the dossier."""
        found = model._base_manager.filter(dossier=dossier, ref=ref).first()
        if found is None:
            refs = model._base_manager.filter(dossier=dossier).order_by("id")
            name = str(model._meta.verbose_name)
            raise CommandError(
                _no(name, ref, list(refs.values_list("ref", flat=True))), returncode=2
            )
        return found

    def source(self, path: str) -> Path | bytes:
        """What PATH names: a path that exists, or for "-" the bytes of standard input."""
        if path == "-":
            content = sys.stdin.buffer.read(strict_json.MAX_BYTES + 1)
            if len(content) > strict_json.MAX_BYTES:
                raise CommandError("standard input holds over 50 MB: split it.", returncode=1)
            return content
        if not Path(path).exists():
            raise CommandError(f"there is no file or folder '{path}'.", returncode=2)
        return Path(path)

    def write(self, file: DossierFile, to: Path | None, folder: bool) -> None:
        """Write a dossier to a folder, a file, or standard output as bytes."""
        if folder and to is None:
            raise CommandError("--folder needs --to PATH.", returncode=2)
        try:
            if to is None:
                self.pipe(dossier.dump(file))
            elif folder:
                dossier.write_folder(file, to)
            else:
                to.write_bytes(dossier.dump(file))
        except BrokenPipeError:
            raise
        except OSError as error:
            raise CommandError(f"cannot write '{to}': {error.strerror}.", returncode=2) from None

    def pipe(self, content: bytes) -> None:
        """Write to standard output: bytes where it takes them, so that no encoding interferes."""
        stream = getattr(self.stdout._out, "buffer", None)
        if stream is None:
            self.stdout.write(content.decode(), ending="")
            return
        stream.write(content)
        stream.flush()

    def content(self, path: str) -> tuple[str, bytes]:
        """Name and bytes of a file or of standard input."""
        source = self.source(path)
        if isinstance(source, bytes):
            return "standard input", source
        if source.is_dir():
            raise CommandError(f"'{path}' is a folder; name a file.", returncode=2)
        if (size := source.stat().st_size) > strict_json.MAX_BYTES:
            raise CommandError(f"'{path}' {strict_json.too_large(size)}", returncode=1)
        return source.name, source.read_bytes()


def user_named(name: str) -> User:
    """The account of that name; a CommandError that lists the accounts there are."""
    found = User.objects.filter(username=name).first()
    if found is None:
        names = User.objects.order_by("username").values_list("username", flat=True)
        raise CommandError(_no("user", name, list(names)), returncode=2)
    return found


def _no(what: str, name: str, names: list[str]) -> str:
    listed = ", ".join(names[:_MOST_NAMES])
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    there = f"There are: {listed}{more}." if names else f"There is no {what} yet."
    return f"no {what} '{name}'. {there}"
