"""What must hold between the rows of a dossier file, beyond what each row may hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from events import dates

from . import rules
from .problems import Problem, did_you_mean, shown
from .records import BY_NAME, KINDS, Kind, Row

_TREES = (("issues", "parent"), ("events", "part_of"), ("proposals", "earlier"))
"""Kind and field of the references that may not run in a circle."""

_LISTED = 5
"""How many places of a repeated quotation a message lists."""

_HINTS = 50
"""For how many problems of a sort a remedy is looked for; a broken file may have a million."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A row and where the file has it."""

    kind: Kind
    index: int
    row: Row

    def problem(self, message: str, name: str = "") -> Problem:
        """A problem with this row, or with one field of it."""
        return Problem(place(self.kind, self.index, self.row.ref, name), message, *self.key)

    @property
    def key(self) -> tuple[str, int]:
        return self.kind.name, self.index


@dataclass
class Content:
    """All rows that could be read, and the refs of those that could not."""

    zone: str
    rows: dict[str, list[Placed]] = field(default_factory=lambda: defaultdict(list))
    refs: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    """Kind -> ref -> index of the first row with it, rows with problems of their own included."""


def place(kind: Kind, index: int, ref: Any = "", name: str = "") -> str:
    """The name of a place: "events[3] E4, field kind"."""
    row = f"{kind.name}[{index}]" if index >= 0 else kind.name
    row = f"{row} {ref}" if isinstance(ref, str) and ref and len(ref) <= 40 else row
    return f"{row}, field {name}" if name else row


def problems(content: Content) -> Iterator[Problem]:
    """Everything wrong between the rows; dates are brought to their canonical spelling."""
    for check in (_refs, _links, _unique, _dates, _circles, _passages, _members, _readouts):
        yield from check(content)


def _each(content: Content, *names: str) -> Iterator[Placed]:
    for kind in KINDS:
        if not names or kind.name in names:
            yield from content.rows[kind.name]


def _refs(content: Content) -> Iterator[Problem]:
    """A ref is given once in the whole file, so that a mention of it is clear."""
    seen: dict[str, str] = {}
    for each in _each(content):
        ref = each.row.ref
        if ref in seen:
            yield each.problem(f"the ref '{ref}' is already that of {seen[ref]}. Give another.")
        else:
            seen[ref] = place(each.kind, each.index)


def _links(content: Content) -> Iterator[Problem]:
    hints = 0
    for each in _each(content):
        values = each.kind.values(each.row)
        for name, target in each.kind.links.items():
            ref = values[name]
            if ref is None or ref in content.refs[target]:
                continue
            spelt = ".".join(each.kind.columns[name])
            hints += 1
            near = did_you_mean(ref, content.refs[target]) if hints < _HINTS else ""
            elsewhere = [k.noun for k in KINDS if ref in content.refs[k.name]]
            what = (
                f"'{ref}' is the ref of a record of the kind {elsewhere[0]}; the field takes"
                f' the ref of a record in "{target}".'
                if elsewhere
                else f"no row of \"{target}\" has the ref '{ref}'."
                f"{near} Add the row or name another."
            )
            yield each.problem(what, spelt)


def _unique(content: Content) -> Iterator[Problem]:
    for kind in KINDS:
        for names in rules.unique_sets(kind.model):
            seen: dict[tuple[Any, ...], str] = {}
            for each in content.rows[kind.name]:
                values = kind.values(each.row)
                key = tuple(values[name] for name in names)
                if key in seen:
                    yield each.problem(
                        f"{seen[key]} has the same {said(names, key)}. Keep one of them."
                    )
                else:
                    seen[key] = place(kind, each.index, each.row.ref)


def said(names: tuple[str, ...], key: tuple[Any, ...]) -> str:
    """Fields with their values: "event 'E4', actor 'A2' and role 'host'"."""
    pairs = [f"{name} {shown(value)}" for name, value in zip(names, key, strict=True)]
    return " and ".join([", ".join(pairs[:-1]), pairs[-1]] if len(pairs) > 1 else pairs)


def _dates(content: Content) -> Iterator[Problem]:
    for each in _each(content):
        for name in each.kind.dates:
            part = getattr(each.row, name)
            try:
                part.edtf = dates.from_edtf(part.edtf, zone=content.zone).edtf
            except dates.DateError as error:
                yield each.problem(error.message, f"{name}.edtf")


def _circles(content: Content) -> Iterator[Problem]:
    for name, link in _TREES:
        rows = {each.row.ref: each for each in reversed(content.rows[name])}
        done: set[str] = set()
        for each in content.rows[name]:
            path: dict[str, None] = {}
            ref: str | None = each.row.ref
            while ref in rows and ref not in done and ref not in path:
                path[ref] = None
                ref = getattr(rows[ref].row, link)
            if ref in path:
                circle = list(path)[list(path).index(ref) :]
                words = " > ".join([*circle[:6], *(["…"] if len(circle) > 6 else []), ref])
                yield rows[ref].problem(f"runs in a circle: {words}. Leave it out of one.", link)
            done.update(path)


def _passages(content: Content) -> Iterator[Problem]:
    texts = {each.row.ref: each.row.text for each in reversed(content.rows["source_texts"])}
    hints = 0
    for each in content.rows["passages"]:
        row = each.row
        text = texts.get(row.source_text)
        if text is None or (row.start < row.end and text[row.start : row.end] == row.exact):
            continue
        if row.end > len(text):
            stands = f"the text ends at {len(text)}"
        elif row.start < row.end:
            stands = f"the text reads {shown(text[row.start : row.end])}"
        else:
            continue  # a rule of the model says so
        hints += 1
        remedy = where(text, row.exact) if hints < _HINTS else "Look the words up there."
        yield each.problem(
            f"{row.source_text} from {row.start} to {row.end} is not {shown(row.exact)}: {stands}."
            f" {remedy}"
        )


def where(text: str, exact: str) -> str:
    """A sentence on where `exact` stands in `text`, in code points."""
    starts = occurrences(text, exact)
    if not starts:
        return "The words are nowhere in that text."
    listed = ", ".join(f"{start} to {start + len(exact)}" for start in starts[:_LISTED])
    more = f" and {len(starts) - _LISTED} more" if len(starts) > _LISTED else ""
    times = "once" if len(starts) == 1 else f"{len(starts)} times"
    return f"The words stand there {times}: {listed}{more}."


def occurrences(text: str, exact: str, most: int = 1000) -> list[int]:
    """Where `exact` starts in `text`, in code points; at most `most` places."""
    found: list[int] = []
    at = text.find(exact) if exact else -1
    while at >= 0 and len(found) < most:
        found.append(at)
        at = text.find(exact, at + 1)
    return found


def _members(content: Content) -> Iterator[Problem]:
    count: dict[str, int] = defaultdict(int)
    for each in content.rows["conflict_members"]:
        count[each.row.conflict] += 1
    for each in content.rows["conflicts"]:
        if count[each.row.ref] < 2:
            yield each.problem(
                f"has {count[each.row.ref]} of the two members a conflict needs."
                f' Add rows to "conflict_members" with "conflict": "{each.row.ref}".'
            )


def _readouts(content: Content) -> Iterator[Problem]:
    """Words of a readout are of its source, and their point is one of the same event."""
    rows = {each.row.ref: each.row for each in reversed(list(_each(content)))}
    for each in content.rows["readout_passages"]:
        readout, point = rows.get(each.row.readout), rows.get(each.row.point)
        text = rows.get(getattr(rows.get(each.row.passage), "source_text", ""))
        if not isinstance(readout, BY_NAME["readouts"].row):
            continue  # another check says so
        event, source = getattr(point, "event", None), getattr(text, "source", None)
        if event is not None and event != readout.event:
            yield each.problem(
                f"{each.row.point} is a point of {event}, but {each.row.readout} is an account of"
                f" {readout.event}. Name a point of that event.",
                "point",
            )
        if source is not None and source != readout.source:
            yield each.problem(
                f"{each.row.passage} stands in {source}, but {each.row.readout} is the account of"
                f" {readout.source}. Name words of that source.",
                "passage",
            )
