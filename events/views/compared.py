"""Accounts of an event compared: what each says on each point, which words are its own, and the
conflicts made of that."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from events.diff import Budget, Piece, own_words
from events.models import ConflictMember, Readout, ReadoutPassage, ReadoutPoint, SourceText
from events.views.cited import said_date

if TYPE_CHECKING:
    from events.models import Conflict, Event
    from events.roles import Viewer

ACCOUNTS, POINTS = 12, 100
"""Most accounts side by side, and most points of them; the page says so where it shows as many."""

SIGNS = {
    ReadoutPoint.Reading.AGREE: "ui-check",
    ReadoutPoint.Reading.WORDING: "ui-quote",
    ReadoutPoint.Reading.CONTRADICT: "ui-contested",
    ReadoutPoint.Reading.UNJUDGED: "ui-dots",
}


@dataclass(slots=True)
class Cell:
    """What one account says on one point: its words, each in pieces that tell what is its own."""

    readout: Readout
    said: list[ReadoutPassage] = field(default_factory=list)
    pieces: list[list[Piece]] = field(default_factory=list)

    @property
    def words(self) -> list[tuple[ReadoutPassage, list[Piece]]]:
        """Each passage with its pieces."""
        return list(zip(self.said, self.pieces, strict=True))


@dataclass(slots=True)
class Row:
    """One point: what each account says on it, the conflicts made of that, the points beside it."""

    point: ReadoutPoint
    cells: list[Cell]
    conflicts: list[Conflict] = field(default_factory=list)
    previous: str = ""
    next: str = ""

    @property
    def told(self) -> int:
        """How many accounts make the point; where one does, the others leave it out."""
        return sum(bool(cell.said) for cell in self.cells)

    @property
    def is_alone(self) -> bool:
        """Whether there is nothing to compare: one of several accounts makes it."""
        is_open = self.point.reading == ReadoutPoint.Reading.UNJUDGED
        return is_open and self.told == 1 and len(self.cells) > 1

    @property
    def reading(self) -> str:
        """How the accounts read, in words."""
        alone = "In one account alone"
        return alone if self.is_alone else str(self.point.get_reading_display())

    @property
    def sign(self) -> str:
        """The glyph of that."""
        return "ui-minus" if self.is_alone else SIGNS[ReadoutPoint.Reading(self.point.reading)]

    @property
    def may_conflict(self) -> bool:
        """Whether a conflict can be made of it: it is told in two ways, and none is there yet."""
        is_contradicted = self.point.reading == ReadoutPoint.Reading.CONTRADICT
        return self.told > 1 and is_contradicted and not self.conflicts


def compared(event: Event, viewer: Viewer) -> tuple[list[Readout], list[Row]]:
    """The accounts of an event and its points; a fixed number of queries."""
    texts = SourceText.objects.filter(source=OuterRef("source"))
    readouts: list[Any] = list(
        Readout.objects.visible_to(viewer)
        .filter(event=event)
        .select_related("source", "actor__side")
        .annotate(has_text=Exists(texts))
        .order_by("id")[:ACCOUNTS]
    )
    for readout in readouts:
        of = readout.source
        readout.published = said_date(of.published_text, of.published_edtf, viewer.dossier)
    points = ReadoutPoint.objects.visible_to(viewer).filter(event=event).order_by("number", "id")
    rows = [Row(point, [Cell(readout) for readout in readouts]) for point in points[:POINTS]]
    for one, other in pairwise(rows):
        one.next, other.previous = other.point.ref, one.point.ref
    cells = {(row.point.pk, cell.readout.pk): cell for row in rows for cell in row.cells}
    said = ReadoutPassage.objects.visible_to(viewer).filter(
        point__in=[row.point for row in rows], readout__in=readouts
    )
    for item in said.prefetch_related("passage__source_text__source").order_by("id"):
        cells[item.point_id, item.readout_id].said.append(item)
    _tell_apart(rows)
    _add_conflicts(rows, viewer)
    return readouts, rows


def _tell_apart(rows: list[Row]) -> None:
    """Find the words that only one account of a point has, among those of one language."""
    budget = Budget()
    for row in rows:
        by_language: dict[str, list[Cell]] = {}
        for cell in row.cells:
            language = cell.readout.source.language.partition("-")[0].lower()
            by_language.setdefault(language, []).append(cell)
        for cells in by_language.values():
            texts = [[s.passage.clean_text or s.passage.exact for s in c.said] for c in cells]
            for cell, pieces in zip(cells, own_words(texts, budget), strict=True):
                cell.pieces = pieces


def _add_conflicts(rows: list[Row], viewer: Viewer) -> None:
    """Find the conflicts that name words of two accounts of a point."""
    owners: dict[int, list[tuple[Row, int]]] = {}
    for row in rows:
        for cell in row.cells:
            for said in cell.said:
                owners.setdefault(said.passage_id, []).append((row, cell.readout.pk))
    members = ConflictMember.objects.visible_to(viewer).filter(passage__in=owners)
    found: dict[tuple[int, int], set[int]] = {}
    for member in members.select_related("conflict").order_by("conflict", "id"):
        for row, readout in owners[member.passage_id]:
            accounts = found.setdefault((member.conflict_id, row.point.pk), set())
            accounts.add(readout)
            if len(accounts) > 1 and member.conflict not in row.conflicts:
                row.conflicts.append(member.conflict)
