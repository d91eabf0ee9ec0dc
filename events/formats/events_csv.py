"""Events from a table: CSV with commas, semicolons, bars or tabs.

COLUMNS states what is read. A row is a new event, or the event that has its ref or, without a
ref, its title and date; cells that are empty or missing leave what is stored. One way only: an
event's evidence does not fit in a table, so dossiers go out as dossier files.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db.models import Model

from events import dates, models

from . import writer
from .checks import occurrences
from .documents import txt
from .dossier import collect
from .problems import Problem, Refused, did_you_mean, shown
from .records import BY_NAME, Row, natural
from .wording import take

COLUMNS: dict[str, tuple[str, ...]] = {
    "ref": ("id", "key"),
    "title": ("event", "headline", "name", "what"),
    "when": ("date", "day", "datetime", "time", "whentext"),
    "kind": ("type", "category", "eventtype"),
    "modality": ("status",),
    "summary": ("description", "details", "text", "notes"),
    "place": ("location", "where", "city"),
    "latitude": ("lat",),
    "longitude": ("lon", "lng", "long"),
    "channel": ("via",),
    "actor": ("actors", "who", "by", "speaker", "participants", "person"),
    "side": ("party", "country"),
    "role": ("roles", "as"),
    "source": ("sources", "document"),
    "quote": ("quotation", "words", "exact", "quotes"),
}
"""Column -> other headings by which it goes; case, spaces and signs do not matter."""

_DELIMITERS = ",;|\t"
_ENOUGH = 10_000
_FIELDS = ("title", "summary", "kind", "modality", "place", "latitude", "longitude", "channel")
_ROLE_OF_KIND = {
    "statement": "speaker",
    "post": "speaker",
    "attack": "initiator",
    "decision": "initiator",
    "talks": "delegate",
    "meeting": "delegate",
    "call": "delegate",
}
_SAME: dict[str, tuple[str, ...]] = {
    "participations": ("event", "actor", "role"),
    "links": ("from_event", "to_event", "kind"),
    "passages": ("source_text", "start", "end"),
    "evidence": ("passage", "event"),
}
"""Kinds that a row of the table adds to, and by what a row of theirs is known to be there."""

_SLASHED = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")


@dataclass
class Options:
    """How to read what a table leaves open."""

    anchor: date | None = None
    """The day from which "this Saturday" counts and whose year "11 March" takes."""
    split: str = ""
    """What separates several actors in a cell; without it a cell is one actor."""
    new_actors: bool = False
    """Make actors that the dossier does not have, instead of rejecting the row."""


def apply(
    name: str,
    content: bytes,
    dossier: models.Dossier,
    by: models.User,
    options: Options,
    dry_run: bool = False,
    progress: writer.Progress | None = None,
) -> writer.Report:
    """Write the events of a table into a dossier; `name` is what messages call it.

    All or nothing, in one revision. Raises Refused with every bad row.
    """
    text, encoding = txt.decode(content, name)
    table = _read(text, name)
    report = writer.Report(dossier.slug, dry_run)
    with writer.writing(by, note=f"Imported {name}", dry_run=dry_run):
        rows = _Import(dossier, options, writer.lock(dossier)).rows(table)
        writer.write(dossier, rows, report, progress)
    report.remarks = [f"Read as {encoding}, cells split at {table.delimiter}.", *table.ignored]
    return report


@dataclass
class _Table:
    """The cells of a table by column, with the number of their row as a spreadsheet counts."""

    delimiter: str
    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]
    ignored: list[str] = field(default_factory=list)


def _read(text: str, name: str) -> _Table:
    """Find the delimiter by the headings it brings out, then read the rows. Raises Refused."""
    head = text[:100_000]
    delimiter = max(_DELIMITERS, key=lambda d: (len(_known(_headings(head, d))), head.count(d)))
    headings = _headings(head, delimiter)
    columns = [_column(heading) for heading in headings]
    found = Counter(column for column in columns if column)
    if "title" not in found:
        listed = ", ".join(shown(heading) for heading in headings[:20])
        raise Refused(
            Problem(f"{name}, row 1", f"no column 'title' among {listed}. Name one 'title'.")
        )
    if twice := [column for column, count in found.items() if count > 1]:
        raise Refused(
            Problem(f"{name}, row 1", f"two columns are read as '{twice[0]}'. Rename one of them.")
        )
    ignored = [h for h, column in zip(headings, columns, strict=True) if not column and h.strip()]
    table = _Table("a tab" if delimiter == "\t" else f"'{delimiter}'", columns, [])
    table.ignored = [f"Not read: column {shown(h)}.{did_you_mean(h, COLUMNS)}" for h in ignored]
    problems: list[Problem] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if number == 1 or not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(columns):
                problems.append(
                    Problem(
                        f"row {number}",
                        f"has {len(cells)} cells, the headings are {len(columns)}. Put quotation"
                        f" marks around a cell that holds {table.delimiter}.",
                        "events",
                        number,
                    )
                )
            pairs = zip(columns, cells, strict=False)
            table.rows.append((number, {c: cell.strip() for c, cell in pairs if c}))
    except csv.Error as error:
        reason = "a quotation mark is never closed" if "unexpected end" in str(error) else error
        problems.append(
            Problem(f"row {number + 1}", f"cannot be read: {reason}. Mend it there.", "events", 0)
        )
    if problems:
        raise Refused(problems)
    if not table.rows:
        raise Refused(Problem(name, "has headings and no row below them."))
    return table


def _headings(head: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _known(headings: list[str]) -> list[str]:
    return [column for heading in headings if (column := _column(heading))]


def _column(heading: str) -> str:
    """The column a heading means, "" for none."""
    plain = re.sub(r"[^a-z]", "", heading.casefold())
    for column, others in COLUMNS.items():
        if plain == column or plain in others:
            return column
    return ""


def _day_first(cells: Iterable[str]) -> bool | None:
    """Whether 03/04/2025 is 3 April in this column; None when the other dates do not tell."""
    votes = set()
    for cell in cells:
        if found := _SLASHED.fullmatch(cell):
            first, second = int(found[1]), int(found[3])
            if (first > 12) != (second > 12):
                votes.add(first > 12)
    return votes.pop() if len(votes) == 1 else None


class _Import:
    """The rows of a dossier file that a table comes to, given what the dossier has."""

    def __init__(
        self, dossier: models.Dossier, options: Options, numbers: Mapping[str, int]
    ) -> None:
        self.zone = dossier.time_zone
        self.options = options
        self.numbers = dict(numbers)
        stored = self.stored = collect(dossier).rows
        self.made: dict[str, dict[str, Row]] = defaultdict(dict)
        self.problems: list[Problem] = []
        self.number = 0
        self.day_first: bool | None = None
        self.events = {row.ref: row for row in stored["events"]}
        self.refs_of = {(row.title, row.when.edtf): row.ref for row in stored["events"]}
        self.refs_said = {(row.title, row.when.text): row.ref for row in stored["events"]}
        self.sides = {name.casefold(): s.ref for s in stored["sides"] for name in (s.code, s.name)}
        self.actors = {row.ref: row for row in stored["actors"]}
        self.called: dict[str, set[str]] = defaultdict(set)
        for actor in stored["actors"]:
            self._call(actor)
        self.texts = {row.source: row for row in stored["source_texts"]}  # the newest comes last
        self.there = {
            kind: {_key(row, *fields): row.ref for row in stored[kind]}
            for kind, fields in _SAME.items()
        }

    def rows(self, table: _Table) -> dict[str, list[Row]]:
        """All rows to be written; raises Refused with every bad row of the table."""
        self.day_first = _day_first(cells.get("when", "") for _, cells in table.rows)
        seen: dict[str, int] = {}
        for self.number, cells in table.rows:
            if len(self.problems) > _ENOUGH:
                break
            event = self._event(cells)
            actors = self._actors(cells)
            role = self._role(cells, event.kind if event else "")
            if event is None:
                continue
            if event.ref in seen:
                self._bad(
                    "title", f"{shown(event.title)} is row {seen[event.ref]} again. Keep one."
                )
            seen[event.ref] = self.number
            self.refs_of.setdefault((event.title, event.when.edtf), event.ref)
            for ref in actors:
                self._add("participations", event=event.ref, actor=ref, role=role)
            self._cite(cells, event, actors[0] if role == "speaker" and actors else None)
            self.made["events"][event.ref] = event
        if self.problems:
            raise Refused(self.problems)
        return {name: list(rows.values()) for name, rows in self.made.items()}

    def _bad(self, column: str, message: str) -> None:
        place = f"row {self.number}, column {column}" if column else f"row {self.number}"
        self.problems.append(Problem(place, message, "events", self.number))

    def _next(self, kind: str) -> str:
        prefix = BY_NAME[kind].model.ref_prefix
        self.numbers[prefix] = self.numbers.get(prefix, 0) + 1
        return f"{prefix}{self.numbers[prefix]}"

    def _event(self, cells: dict[str, str]) -> Row | None:
        """The event of a row: the stored one with the row's cells, or a new one."""
        before = len(self.problems)
        title, said = cells.get("title", ""), cells.get("when", "")
        known = cells.get("ref") or self.refs_said.get((title, said)) or ""
        # Words that are stored are not read again: "the talks" may mean others by now.
        same = known in self.events and self.events[known].when.text == said
        when = None if same else self._when(said)
        ref = known or (when and self.refs_of.get((title, when.edtf))) or ""
        stored = self.events.get(ref)
        ref = ref or self._next("events")
        plain: dict[str, Any] = stored.plain() if stored else {"ref": ref}
        for name in _FIELDS:
            if cells.get(name):
                plain[name] = self._cell(name, cells[name])
        if when and when.edtf and not (stored and stored.when.edtf == when.edtf):
            plain["when"] = {"text": when.text, "edtf": when.edtf, "basis": str(when.basis)}
            if when.anchor_event:
                plain["when"]["anchor_event"] = when.anchor_event
            elif when.anchor_day:
                plain["when"]["anchor_day"] = when.anchor_day
        source, quote = cells.get("source"), cells.get("quote")
        if source and not quote and (line := f"Source: {source}") not in plain.get("summary", ""):
            plain["summary"] = f"{plain.get('summary', '')}\n\n{line}".strip()
        found: list[Problem] = []
        row = take(
            BY_NAME["events"].row, plain, f"row {self.number}", ("events", self.number), found
        )
        for problem in found:
            column = problem.place.partition(", field ")[2]
            self._bad(column, problem.message)
        if row is None or len(self.problems) > before:
            return None
        if when and when.order:
            relation, other = when.order
            ends = (row.ref, other) if relation == "after" else (other, row.ref)
            self._add("links", from_event=ends[0], to_event=ends[1], kind="after")
        return cast(Row, row)

    def _when(self, cell: str) -> dates.Reading | None:
        text, found = cell, _SLASHED.fullmatch(cell)
        if found and self.day_first is not None:
            day, month = (found[1], found[3]) if self.day_first else (found[3], found[1])
            text = f"{found[4]}-{month:0>2}-{day:0>2}"
        try:
            reading = dates.read(
                text, zone=self.zone, anchor=self.options.anchor, known=self._known
            )
        except dates.DateError as error:
            lacks_day = "has no year" in error.message or "day to count from" in error.message
            hint = " Or give --day, the day the table was written." if lacks_day else ""
            self._bad("when", f"{error.message}{hint}")
            return None
        return replace(reading, text=cell)

    def _known(self, words: str) -> list[dates.KnownEvent]:
        """The stored events that words in a date may mean: a ref, a kind, words of a title."""
        sought = re.sub(r"^(the|a|an) ", "", words.casefold().strip())
        rows = self.stored["events"]
        found = [e for e in rows if e.ref.casefold() == sought]
        of_kind = [e for e in rows if e.kind.rstrip("s") == sought.rstrip("s")]
        found = found or [e for e in of_kind if e.modality == "occurred"] or of_kind
        found = found or [e for e in rows if all(w in e.title.casefold() for w in sought.split())]
        bounds = [dates.from_edtf(e.when.edtf, zone=self.zone) for e in found[:6]]
        return [
            dates.KnownEvent(e.ref, e.title, e.when.edtf, b.earliest, b.latest)
            for e, b in zip(found, bounds, strict=False)
        ]

    def _cell(self, name: str, cell: str) -> Any:
        """A cell as the field takes it; what it cannot take is left for the check of the row."""
        if name in ("latitude", "longitude"):
            try:
                return Decimal(cell.replace(",", "."))
            except ArithmeticError:
                return cell
        return _word(models.Event, name, cell)

    def _role(self, cells: dict[str, str], kind: str) -> str:
        given = cells.get("role", "")
        role = _word(models.Participation, "role", given)
        if given and role not in models.Participation.Role.values:
            words = models.Participation.Role.values
            self._bad("role", f"{shown(given)} is none of {', '.join(words)}.")
        return role or _ROLE_OF_KIND.get(kind, "present")

    def _actors(self, cells: dict[str, str]) -> list[str]:
        """Refs of the actors that a row names, or of the state of the side it names."""
        side = self._side(cells.get("side", ""))
        cell, split = cells.get("actor", ""), self.options.split
        names = [name.strip() for name in (cell.split(split) if split else [cell])]
        refs = [ref for name in names if name and (ref := self._actor(name, side))]
        if not cell and side:
            states = [a.ref for a in self.actors.values() if a.side == side and a.kind == "state"]
            if len(states) == 1:
                return states
            self._bad("side", f"{shown(cells['side'])} has {len(states)} states. Name the actor.")
        return refs

    def _side(self, cell: str) -> str | None:
        ref = self.sides.get(cell.casefold())
        if cell and ref is None:
            there = ", ".join(row.code for row in self.stored["sides"]) or "none"
            self._bad("side", f"{shown(cell)} is no side of the dossier. There are: {there}.")
        return ref

    def _actor(self, name: str, side: str | None) -> str | None:
        refs = sorted(self.called.get(name.casefold(), ()), key=natural)
        if len(refs) > 1:
            self._bad("actor", f"{shown(name)} is {' and '.join(refs)}. Write the ref.")
            return None
        if refs:
            actor = self.actors[refs[0]]
            if side and actor.side and actor.side != side:
                code = next(row.code for row in self.stored["sides"] if row.ref == actor.side)
                self._bad("side", f"{shown(name)} is on the side {code}. Leave the cell empty.")
            return refs[0]
        if not self.options.new_actors:
            near = did_you_mean(name, (a.name for a in self.actors.values()))
            self._bad(
                "actor", f"{shown(name)} is not in the dossier.{near} Add it, or use --new-actors."
            )
            return None
        ref = self._next("actors")
        plain = {"ref": ref, "name": name, "side": side}
        row = take(
            BY_NAME["actors"].row,
            plain,
            f"row {self.number}",
            ("events", self.number),
            self.problems,
        )
        if row is None:
            return None
        self.made["actors"][ref] = self.actors[ref] = row
        self._call(row)
        return ref

    def _call(self, actor: Row) -> None:
        for name in (actor.ref, actor.name, actor.short_name, *actor.aliases):
            if name:
                self.called[name.casefold()].add(actor.ref)

    def _cite(self, cells: dict[str, str], event: Row, speaker: str | None) -> None:
        """Evidence for the event: the words of the cell, found in a source's newest text."""
        quote, source = cells.get("quote", ""), cells.get("source", "")
        if not quote:
            return
        titled = [s.ref for s in self.stored["sources"] if source.casefold() in _names(s)]
        if source and not titled:
            self._bad("source", f"{shown(source)} is no source here. Import it with import_source.")
            return
        texts = [text for ref, text in self.texts.items() if ref in titled or not source]
        found = [(text, at) for text in texts for at in occurrences(text.text, quote, 2)]
        if len(found) != 1:
            count = "more than once" if found else "nowhere"
            self._bad("quote", f"{shown(quote)} stands {count} in the texts. Give a longer piece.")
            return
        text, at = found[0]
        passage = self._add(
            "passages", source_text=text.ref, start=at, end=at + len(quote), exact=quote
        )
        manner = "direct_quote" if speaker else "paraphrase"
        self._add("evidence", passage=passage, event=event.ref, manner=manner, speaker=speaker)

    def _add(self, kind: str, /, **plain: Any) -> str:
        """The ref of a row with these values: of one that is there, else of a new one."""
        key = tuple(plain[name] for name in _SAME[kind])
        if key not in self.there[kind]:
            ref = self.there[kind][key] = self._next(kind)
            self.made[kind][ref] = BY_NAME[kind].row.model_validate({"ref": ref, **plain})
        return self.there[kind][key]


def _key(row: Row, *fields: str) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in fields)


def _names(source: Row) -> tuple[str, ...]:
    return source.ref.casefold(), source.title.casefold(), source.url.casefold()


def _word(model: type[Model], name: str, cell: str) -> str:
    """A word of a field's list, however it is spelt: its label, other case, spaces for _."""
    field = model._meta.get_field(name)
    for word, label in getattr(field, "flatchoices", ()):
        if cell.casefold().replace(" ", "_").replace("-", "_") == word or cell == label:
            return str(word)
    return cell
