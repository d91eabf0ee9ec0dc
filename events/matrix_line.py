"""One column or one row of the matrix as a list, for screens that have no room for more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from events import stood
from events.matrix import AWAITED, Cell, Matrix
from events.models import Evidence

if TYPE_CHECKING:
    from events.models import Side
    from events.roles import Viewer

STANCES = ("supports", "conditional", "open", "unclear", "opposes", "denies_discussed", AWAITED)
_COUNTED = {
    "supports": ("supports", "support"),
    "conditional": ("conditional", "conditional"),
    "open": ("open", "open"),
    "unclear": ("unclear", "unclear"),
    "opposes": ("opposes", "oppose"),
    "denies_discussed": ("denies it was discussed", "deny it was discussed"),
    AWAITED: ("awaited", "awaited"),
}
SPOKEN = (Evidence.Manner.DIRECT_QUOTE, Evidence.Manner.PARTIAL_QUOTE)


@dataclass(slots=True)
class Entry:
    """A row of the list: an actor or an issue, with the cell, and the words of its stance."""

    of: Any
    cell: Cell
    actor: str
    issue: str
    quote: str = ""
    source: str = ""


@dataclass(slots=True)
class Section:
    """Rows under the name of a side, or of a wider issue ("" for none)."""

    name: str
    side: Side | None
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the line take a stance: for the bar above it."""

    stance: str
    count: int
    words: str


@dataclass(slots=True)
class Line:
    """A line of the matrix. `options` are refs and names of the lines there are; `at` is the ref of
    this one, `previous` and `next` those beside it, "" for none."""

    by: str = "issue"
    at: str = ""
    of: Any = None
    options: list[tuple[str, str]] = field(default_factory=list)
    previous: str = ""
    next: str = ""
    sections: list[Section] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)


def read(matrix: Matrix, viewer: Viewer, by: str = "", at: str = "") -> Line:
    """The line `at` (a ref; the first one where there is no such) of the issues or the actors."""
    lines: list[Any] = matrix.actors if by == "actor" else matrix.issues
    found = Line(by="actor" if by == "actor" else "issue")
    found.options = [(one.ref, one.name) for one in lines]
    if not lines:
        return found
    place = next((n for n, one in enumerate(lines) if one.ref == at), _fullest(matrix, lines, by))
    found.of, found.at = lines[place], lines[place].ref
    found.previous = lines[place - 1].ref if place else ""
    found.next = lines[place + 1].ref if place + 1 < len(lines) else ""
    found.sections = _by_actor(matrix, found.of) if by == "actor" else _by_issue(matrix, found.of)
    entries = [entry for section in found.sections for entry in section.entries]
    found.shares = _shares(entries)
    _add_quotes(entries, viewer)
    return found


def _fullest(matrix: Matrix, lines: list[Any], by: str) -> int:
    """Where to begin: the line on which most is said."""
    side = 0 if by == "actor" else 1
    counts: dict[int, int] = {}
    for key in matrix.cells:
        counts[key[side]] = counts.get(key[side], 0) + 1
    return max(range(len(lines)), key=lambda n: (counts.get(lines[n].pk, 0), -n))


def _by_issue(matrix: Matrix, issue: Any) -> list[Section]:
    found = []
    for group in matrix.groups:
        section = Section("" if group.is_all else group.name, group.side)
        for actor in group.actors:
            cell = matrix.cells.get((actor.pk, issue.pk))
            if cell is not None:
                section.entries.append(Entry(actor, cell, actor.ref, issue.ref))
        if section.entries:
            found.append(section)
    return found


def _by_actor(matrix: Matrix, actor: Any) -> list[Section]:
    section = Section("", actor.side)
    for issue in matrix.issues:
        cell = matrix.cells.get((actor.pk, issue.pk))
        if cell is not None:
            section.entries.append(Entry(issue, cell, actor.ref, issue.ref))
    return [section] if section.entries else []


def _shares(entries: list[Entry]) -> list[Share]:
    found = []
    for stance in STANCES:
        having = [entry for entry in entries if entry.cell.stance == stance]
        if not having:
            continue
        words = f"{len(having)} {_COUNTED[stance][len(having) > 1]}"
        if stance == AWAITED:
            names = ", ".join(getattr(one.of, "called", one.of.name) for one in having[:3])
            more = f" and {len(having) - 3} more" if len(having) > 3 else ""
            words = f"{words}: {names}{more}"
        found.append(Share(stance, len(having), words))
    return found


def bar(shares: list[Share]) -> list[dict[str, str]]:
    """The shares side by side: places and widths in percent."""
    total, x, found = sum(share.count for share in shares), 0.0, []
    for share in shares:
        width = 100 * share.count / total
        found.append({"stance": share.stance, "x": f"{x:.2f}%", "width": f"{width - 0.6:.2f}%"})
        x += width
    return found


def _add_quotes(entries: list[Entry], viewer: Viewer) -> None:
    """The first words quoted for each stance, and their source. One query."""
    by_key = {
        entry.cell.standing.latest.key: entry
        for entry in entries
        if entry.cell.standing is not None
    }
    # Of a position that is seen all evidence is; asked for by that alone it takes no search.
    rows = Evidence.objects.filter(
        position__in=by_key, bearing=Evidence.Bearing.SUPPORTS, manner__in=SPOKEN
    )
    columns = (
        "position_id",
        "clean_text",
        "passage__exact",
        "passage__source_text__source__ref",
    )
    with stood.plainly(viewer):
        for key, clean, exact, source in rows.order_by("-pk").values_list(*columns):
            by_key[key].quote, by_key[key].source = clean or exact, source
