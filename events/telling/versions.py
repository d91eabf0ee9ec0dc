"""The history of a record: its versions, and the changes of what belongs to it between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from events import history
from events.forms.labels import labels_of
from events.models import Change
from events.telling.belongings import LAST, Around, Place
from events.telling.differences import Difference, compare, with_belongings
from events.telling.lines import Entry, tell

if TYPE_CHECKING:
    from events.forms.records import RecordForm
    from events.forms.revision import VersionsForm
    from events.models import Dossier, Record, Revision

PAGE = 200
"""Changes, of the record and of what belongs to it, that one page lists."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The history of a record with one of its entries in view."""

    record: Record
    is_gone: bool
    versions: int
    entries: list[Entry]
    older: int | None
    current: Entry
    compared: Entry | None
    difference: Difference
    newest: Revision
    people: list[tuple[str, str]]

    @property
    def choices(self) -> list[Entry]:
        """What the one in view can be compared with: all listed, and what it is compared with."""
        listed = [entry for entry in self.entries if entry.place != self.current.place]
        if self.compared and self.compared.place not in {entry.place for entry in listed}:
            listed.append(self.compared)
        return listed


def of(
    model: type[Record],
    dossier: Dossier,
    ref: str,
    form_class: type[RecordForm] | None,
    version: int | None = None,
    form: VersionsForm | None = None,
) -> Shown | None:
    """The history of the record `ref`, `version` (None: as `form` says, else the newest) in view.

    None when there never was such a record or version. Deleted records have their history too.
    """
    changes = Change.objects.select_related("revision__author")
    named = changes.filter(dossier_id=dossier.pk, table=model._meta.db_table, ref=ref)
    newest = named.order_by("-id").first()
    if newest is None:
        return None
    own = changes.filter(table=model._meta.db_table, record_id=newest.record_id).order_by("-id")
    around, labels = Around(model, newest.record_id), labels_of(model, form_class)
    token = form.token("at") if form else ""
    place = _place(own, token if version is None else f"{version}")
    entries, older = _entries(around, form.top() if form else (LAST, LAST), form)
    if place and older and place[0] <= older and form and not form.is_paged:
        # What is in view lies further back: the list begins with it.
        entries, older = _entries(around, place, form)
    two, _ = _entries(around, place or (entries[0].place if entries else (LAST, LAST)), None)
    if not two:
        return None
    current, before = two[0], two[1] if len(two) > 1 else None
    if form and (token := form.token("compared")):
        wanted = _place(own, token)
        before = next(iter(_entries(around, wanted or (0, 0), None)[0]), before)
    tell([*entries, *two, *([before] if before else [])], around, labels, dossier.time_zone)
    record = history.materialise(model, newest.after or newest.before)
    record.dossier = dossier
    now, then = _row(own, current.place), _row(own, before.place) if before else None
    is_deletion = current.own is not None and not current.number
    difference = compare(model, None if is_deletion else then, now, form_class)
    if before:
        difference = with_belongings(difference, around, before.place, current.place)
    return Shown(
        record=record,
        is_gone=newest.after is None,
        versions=own.filter(after__isnull=False).count(),
        entries=entries,
        older=older,
        current=current,
        compared=None if is_deletion else before,
        difference=difference,
        newest=newest.revision,
        people=around.people() if form else [],
    )


def _place(own: Any, token: str) -> Place | None:
    """The point that "7" (a version) or "r12" (a revision) names; None for none."""
    if not token:
        return None
    if token.startswith("r"):
        return (int(token[1:]), LAST)
    change = own.filter(after__version=int(token)).first()
    if change is None:
        return (0, 0)
    later = own.filter(revision=change.revision, id__gt=change.pk).exists()
    return (change.revision.number or 0, change.pk if later else LAST)


def _row(own: Any, place: Place) -> Any:
    """The record as it was at a place; before its making None, after its end what it was last."""
    found = own.filter(revision__number__lte=place[0])
    change = (found.filter(id__lte=place[1]) if place[1] != LAST else found).first()
    return (change.after or change.before) if change else None


def _entries(
    around: Around, upto: Place, form: VersionsForm | None
) -> tuple[list[Entry], int | None]:
    """Lines of the history, newest first, and the revision at which the next page begins."""
    steps = around.steps(upto, PAGE + 1, form.person_chosen if form else "")
    older = None
    if len(steps) > PAGE:
        # The revision that the page would tear apart opens the next one.
        whole = [step for step in steps if step.number != steps[-1].number]
        older = steps[-1].number if whole else steps[-1].number - 1
        steps = whole or steps
    entries: list[Entry] = []
    for step in steps:
        is_own = step.table == around.own
        last = entries[-1] if entries and entries[-1].place[0] == step.number else None
        if last is None or (is_own and last.own):
            last = Entry((step.number, step.id if last else LAST), None)
            entries.append(last)
        if is_own:
            last.own = step
        else:
            last.beside.append(step)
    return entries, older
