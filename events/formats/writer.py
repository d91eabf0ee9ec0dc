"""Writing rows of a file into the database: all of them or none, matched by ref, told in a report.

Rows go by COPY into a temporary table and from there by INSERT … ON CONFLICT … DO UPDATE … WHERE
the row IS DISTINCT FROM what is stored, so that an equal row makes no history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import DatabaseError, connection

from events import dates, history, models
from events.models.fields import timestamptz

from . import checks, rules
from .problems import Problem, Refused
from .records import BY_NAME, DOSSIER_FIELDS, KINDS, DossierFile, Kind, Row

type Progress = Callable[[str, int, int], None]
"""Called with the kind being written, rows written so far and rows in all."""


@dataclass
class Tally:
    """What became of the rows of one kind."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)


@dataclass
class Report:
    """What an import did, or would do: a tally per kind that the file holds."""

    slug: str
    dry_run: bool = False
    tallies: dict[str, Tally] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    @classmethod
    def of_refusal(cls, refused: Refused) -> Report:
        """The tallies of a file that was refused: its rejected rows by kind."""
        report = cls("", tallies={})
        for kind in KINDS:
            rows = {p.index for p in refused.problems if p.kind == kind.name}
            if rows:
                report.tallies[kind.name] = Tally(rejected=[f"[{n}]" for n in sorted(rows)])
        return report

    @property
    def writes(self) -> int:
        """How many rows were created or changed."""
        return sum(len(tally.created) + len(tally.changed) for tally in self.tallies.values())

    def lines(self) -> Iterator[str]:
        """A table for a terminal: kind, created, changed, unchanged, rejected."""
        yield f"{'':<18}{'created':>9}{'changed':>9}{'unchanged':>11}{'rejected':>10}"
        for name, tally in self.tallies.items():
            yield (
                f"{name.replace('_', ' '):<18}{len(tally.created):>9}{len(tally.changed):>9}"
                f"{len(tally.unchanged):>11}{len(tally.rejected):>10}"
            )


class _Rehearsed(Exception):
    """Ends the transaction of a dry run."""


@contextmanager
def writing(
    by: models.User,
    *,
    note: str,
    origin: str = "import",
    dry_run: bool = False,
    keeps_state: bool = False,
) -> Iterator[None]:
    """One transaction and one revision; a dry run does all of it and takes it back.

    Raises Refused for what only the database saw.
    """
    try:
        with history.recording(by=by, note=note, origin=origin, keeps_state=keeps_state):
            yield
            if dry_run:
                raise _Rehearsed
    except _Rehearsed:
        pass
    except DatabaseError as error:
        raise Refused(Problem("the database", " ".join(str(error).split()))) from error


def apply(
    file: DossierFile,
    by: models.User,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    origin: str = "import",
    note: str = "",
) -> Report:
    """Bring the stored dossier to what the file says, in one transaction and one revision.

    Rows are matched by ref; rows that the file does not have are left alone. A new dossier gets
    `by` as its owner. Raises Refused, with nothing written, when a row cannot be stored.
    """
    report = Report(file.dossier.slug, dry_run)
    note = note or f"Imported {report.slug}"
    with writing(by, note=note, origin=origin, dry_run=dry_run, keeps_state=True):
        dossier = _head(file, by, report)
        lock(dossier)
        write(dossier, file.rows, report, progress)
    return report


def write(
    dossier: models.Dossier,
    rows: Mapping[str, list[Row]],
    report: Report,
    progress: Progress | None = None,
) -> None:
    """Store the rows and check them at once; refs may also name rows stored before.

    Must run inside `writing()`, after `lock()`. Raises Refused when a row cannot be stored.
    """
    batch = _Batch(dossier, rows)
    if found := [*batch.shared_with_stored(), *batch.texts_to_change()]:
        raise Refused(found)
    total, done = sum(map(len, rows.values())), 0
    for kind in KINDS:
        if rows.get(kind.name):
            report.tallies[kind.name] = batch.store(kind)
            done += len(rows[kind.name])
            if progress:
                progress(kind.name, done, total)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def lock(dossier: models.Dossier) -> dict[str, int]:
    """Keep others from giving out refs here until the transaction ends.

    Prefix -> the last number given out.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prefix, last FROM events_refcounter WHERE dossier_id = %s"
            " ORDER BY prefix FOR UPDATE",
            [dossier.pk],
        )
        return dict(cursor.fetchall())


def _head(file: DossierFile, by: models.User, report: Report) -> models.Dossier:
    """The stored dossier, created or changed to what the file says about it."""
    wanted = {name: getattr(file.dossier, name) for name in DOSSIER_FIELDS}
    dossier = models.Dossier.objects.select_for_update().filter(slug=report.slug).first()
    tally = report.tallies["dossier"] = Tally()
    if dossier is None:
        dossier = models.Dossier.objects.create(**wanted)
        models.Membership.objects.create(
            dossier=dossier, user=by, role=models.Membership.Role.OWNER
        )
        tally.created.append(report.slug)
    elif not dossier.is_owned_by(by):
        # The file brings settings and review states, which only an owner sets without others.
        raise Refused(
            Problem("the author", f"{by} does not own the dossier {report.slug}. Name an owner.")
        )
    elif changes := {n: v for n, v in wanted.items() if getattr(dossier, n) != v}:
        for name, value in changes.items():
            setattr(dossier, name, value)
        dossier.save()
        tally.changed.append(report.slug)
    else:
        tally.unchanged.append(report.slug)
    return dossier


class _Batch:
    """The rows of one import on their way into the tables of one dossier."""

    def __init__(self, dossier: models.Dossier, rows: Mapping[str, list[Row]]) -> None:
        self.dossier = dossier
        self.rows = rows
        self.ids = {kind.name: self._ids(kind) for kind in KINDS}

    def _ids(self, kind: Kind) -> dict[str, int]:
        """Ref -> id of what is stored and of what is about to be, so that order is no matter."""
        stored = kind.model.objects.filter(dossier=self.dossier).order_by()
        known = dict(stored.values_list("ref", "pk"))
        new = [row.ref for row in self.rows.get(kind.name, ()) if row.ref not in known]
        if new:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                    [kind.model._meta.db_table, len(new)],
                )
                known.update(zip(new, (each for (each,) in cursor.fetchall()), strict=True))
        return known

    def values(self, kind: Kind, row: Row) -> dict[str, Any]:
        """Field -> value to store, with ids for refs."""
        values = kind.values(row)
        for name, target in kind.links.items():
            if values[name] is not None:
                values[name] = self.ids[target][values[name]]
        return values

    def shared_with_stored(self) -> Iterator[Problem]:
        """Rows that claim what a stored row outside the file has, such as the code of a side."""
        for kind in KINDS:
            rows = self.rows.get(kind.name, ())
            mine = {row.ref for row in rows}
            for names in rules.unique_sets(kind.model) if rows else ():
                stored = kind.model.objects.filter(dossier=self.dossier).order_by()
                taken = {
                    tuple(key): ref
                    for ref, *key in stored.values_list("ref", *names)
                    if ref not in mine
                }
                for row in rows if taken else ():
                    values = self.values(kind, row)
                    if (ref := taken.get(tuple(values[name] for name in names))) is not None:
                        key = tuple(kind.values(row)[name] for name in names)
                        yield Problem(
                            checks.place(kind, -1, row.ref),
                            f"the stored {kind.noun} {ref} has the same"
                            f" {checks.said(names, key)}. Use its ref or change one of them.",
                            kind.name,
                        )

    def texts_to_change(self) -> Iterator[Problem]:
        """Source texts that differ from the stored ones of the same ref."""
        kind = BY_NAME["source_texts"]
        mine = {row.ref: row for row in self.rows.get(kind.name, ())}
        stored = models.SourceText.objects.filter(dossier=self.dossier, ref__in=mine)
        for ref, *key in stored.values_list("ref", "source__ref", "number", "text"):
            row = mine[ref]
            if [row.source, row.number, row.text] != key:
                yield Problem(
                    checks.place(kind, -1, ref),
                    "differs from the text stored under this ref, and stored texts never change."
                    f" Give it a ref of its own and a number after {key[1]}.",
                    kind.name,
                )

    def store(self, kind: Kind) -> Tally:
        """COPY the rows into a staging table and merge it; what is returned makes the tally."""
        meta, quote = kind.model._meta, connection.ops.quote_name
        names = [*kind.columns, *_worked_out(kind)]
        columns = [quote(kind.column(name)) for name in names]
        table, staging = quote(meta.db_table), quote(f"import_{meta.db_table}")
        listed = ", ".join(["id", "dossier_id", "ref", *columns])
        old, new = (", ".join(f"{side}.{c}" for c in columns) for side in ("t", "excluded"))
        # Made before the COPY starts: inside it the connection answers no other question.
        lines = [self._line(kind, row) for row in self.rows[kind.name]]
        with connection.cursor() as cursor:
            cursor.execute(
                f"DROP TABLE IF EXISTS {staging}; CREATE TEMP TABLE {staging} ON COMMIT DROP"
                f" AS SELECT {listed} FROM {table} WITH NO DATA"
            )
            with cursor.copy(f"COPY {staging} ({listed}) FROM STDIN") as copy:
                for line in lines:
                    copy.write_row(line)
            cursor.execute(
                f"INSERT INTO {table} AS t ({listed}) SELECT {listed} FROM {staging} ORDER BY id"
                f" ON CONFLICT (dossier_id, ref) DO UPDATE SET ({', '.join(columns)}) = ROW({new})"
                f" WHERE t.id = excluded.id AND ({old}) IS DISTINCT FROM ({new})"
                " RETURNING ref, xmax = 0"
            )
            written = dict(cursor.fetchall())
            cursor.execute(
                f"SELECT s.ref FROM {staging} s"
                f" WHERE NOT EXISTS (SELECT FROM {table} t WHERE t.id = s.id)"
            )
            if lost := cursor.fetchone():
                raise Refused(
                    Problem(
                        checks.place(kind, -1, lost[0]),
                        "somebody made a record of that ref meanwhile. Run the import again.",
                        kind.name,
                    )
                )
        tally = Tally()
        lists = {True: tally.created, False: tally.changed, None: tally.unchanged}
        for row in self.rows[kind.name]:
            lists[written.get(row.ref)].append(row.ref)
        return tally

    def _line(self, kind: Kind, row: Row) -> list[Any]:
        """A row in the order of the staging table's columns; instants as Postgres reads them."""
        line = [self.ids[kind.name][row.ref], self.dossier.pk, row.ref]
        line += self.values(kind, row).values()
        if kind.name == "passages":
            text, width = self._texts[row.source_text], models.Passage.CONTEXT
            line += [text[max(0, row.start - width) : row.start], text[row.end : row.end + width]]
        for name in kind.dates:
            reading = dates.from_edtf(getattr(row, name).edtf, zone=self.dossier.time_zone)
            for column in kind.bounds(name):
                end = getattr(reading, column.removeprefix(f"{name}_"))
                line.append(None if end is None else timestamptz(end))
        return line

    @cached_property
    def _texts(self) -> dict[str, str]:
        """Ref -> text: the batch's own, and the stored ones it cites."""
        texts = {row.ref: row.text for row in self.rows.get("source_texts", ())}
        cited = {row.source_text for row in self.rows.get("passages", ())} - texts.keys()
        stored = models.SourceText.objects.filter(dossier=self.dossier, ref__in=cited)
        return texts | dict(stored.values_list("ref", "text"))


def _worked_out(kind: Kind) -> list[str]:
    """The columns that are not in the file but follow from it."""
    context = ["prefix", "suffix"] if kind.name == "passages" else []
    return [*context, *(column for name in kind.dates for column in kind.bounds(name))]
