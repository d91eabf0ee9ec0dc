"""Readouts: several parties' accounts of one event side by side, point by point."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from events import history
from events.diff import Budget, Piece, own_words
from events.forms.readout import PlaceForm
from events.gate import requires
from events.models import ConflictMember, Readout, ReadoutPassage, ReadoutPoint, SourceText
from events.roles import Access
from events.views.addresses import page_of
from events.views.cited import said_date
from events.views.records import RecordView, Written

if TYPE_CHECKING:
    from events.models import Conflict, Event
    from events.roles import Viewer

ACCOUNTS = 12
"""Most accounts side by side, and most points of them."""
POINTS = 100

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
    def sign(self) -> str:
        """The glyph of how the accounts read."""
        return SIGNS[ReadoutPoint.Reading(self.point.reading)]

    @property
    def is_compared(self) -> bool:
        """Whether somebody judged: only then it is sure that who has no words leaves it out."""
        return self.point.reading != ReadoutPoint.Reading.UNJUDGED

    @property
    def may_conflict(self) -> bool:
        """Whether a conflict can be made of it: it is told in two ways, and none is there yet."""
        is_told = sum(bool(cell.said) for cell in self.cells) > 1
        is_contradicted = self.point.reading == ReadoutPoint.Reading.CONTRADICT
        return is_told and is_contradicted and not self.conflicts


def accounts_of(event: Event, viewer: Viewer) -> dict[str, Any]:
    """How many accounts an event has, and how their points read; for the panel on its page."""
    here = {"event": event}
    points = ReadoutPoint.objects.visible_to(viewer).filter(**here).order_by()
    counts = dict(points.values_list("reading").annotate(Count("pk")))
    total, opposed = sum(counts.values()), counts.get(ReadoutPoint.Reading.CONTRADICT, 0)
    told = f"{total} point{'' if total == 1 else 's'}" if total else ""
    if opposed:
        told = f"{opposed} point{' contradicts' if opposed == 1 else 's contradict'}"
    accounts = Readout.objects.visible_to(viewer).filter(**here).count()
    return {"accounts": accounts, "points_told": told, "points_contradict": opposed}


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


@requires(Access.READ)
class EventReadouts(RecordView):
    """The accounts of an event side by side."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        event = self.record(ref)
        readouts, rows = compared(event, request.viewer)
        context = self.context(record=event, readouts=readouts, rows=rows)
        context |= {"readings": ReadoutPoint.Reading.choices, "signs": SIGNS}
        return self.page("readouts", context)


@requires(Access.EDIT)
class PointPlace(Written):
    """Give a point another place among those of its event."""

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        point, form = self.record(ref), PlaceForm(request.POST)
        if not form.is_valid():
            messages.error(request, "That is no place. Nothing has been moved.")
            return redirect(page_of(point))
        try:
            with history.recording(by=request.user):
                point.stand_at(form.cleaned_data["number"])
        except IntegrityError:
            messages.error(request, "Somebody else put the points in order meanwhile. Try again.")
            return redirect(page_of(point))
        return self.answer(point, f"{ref} moved", undo=self.undo_url(point))


@requires(Access.EDIT)
class PointConflict(Written):
    """Make a conflict of the words of a point, in one step."""

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        point = self.record(ref)
        try:
            with history.recording(by=request.user):
                conflict = point.make_conflict()
        except ValueError as problem:
            messages.error(request, str(problem))
            return redirect(page_of(point))
        undo, to = self.undo_url(conflict), conflict.get_absolute_url()
        return self.answer(conflict, f"Conflict {conflict.ref} created", undo=undo, to=to)
