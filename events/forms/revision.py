"""What the history of a dossier reads from its address: filters, and where the page begins."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Exists, OuterRef

from events.models import Change, Revision, User
from events.naming import tracked

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from events.models import Dossier

PER_PAGE = 30

WINDOW = 2000
"""Revisions one filtered page looks through at most; a link goes on from there."""

GREATEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Leaf:
    """Revisions of one page, newest first. `older` is the number the next page begins below, None
    at the end; `searched_to` the lowest number a filter has looked at, None when not cut short."""

    is_first: bool
    rows: list[Revision]
    older: int | None
    searched_to: int | None


def _kinds() -> list[tuple[str, str]]:
    named = {str(m._meta.model_name): str(m._meta.verbose_name_plural) for m in tracked().values()}
    ordered = sorted(named.items(), key=lambda item: item[1])
    return [("", "All kinds"), *[(noun, words[:1].upper() + words[1:]) for noun, words in ordered]]


class _Day(forms.DateInput):
    """A day; browsers that have one show their calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class HistoryForm(forms.Form):
    """By whom, by which door, in which days, which kind of record, deletions only; the page."""

    person = forms.ChoiceField(required=False)
    origin = forms.ChoiceField(
        choices=[("", "Every way"), *Revision.Origin.choices], required=False
    )
    kind = forms.ChoiceField(choices=_kinds, required=False)
    since = forms.DateField(required=False, widget=_Day)
    until = forms.DateField(required=False, widget=_Day)
    deleted = forms.BooleanField(required=False, label="Deleted only")
    before = forms.IntegerField(required=False, max_value=GREATEST, widget=forms.HiddenInput)
    start = forms.IntegerField(required=False, max_value=GREATEST, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, dossier: Dossier) -> None:
        super().__init__(data)
        self.dossier = dossier
        theirs = Revision.objects.filter(author=OuterRef("pk"), dossier_id=dossier.pk)
        people = User.objects.filter(Exists(theirs)).order_by("username")
        named = [(user.username, user.called) for user in people]
        self.fields["person"].choices = [("", "All people"), *named]
        self.is_valid()

    @property
    def chosen_records(self) -> str:
        """Which records of a revision are left: "deleted events are", "" for all."""
        kind = dict(self.fields["kind"].choices).get(self.chosen("kind") or None, "")
        words = [*(["deleted"] if self.chosen("deleted") else []), str(kind).lower() or "records"]
        return f"{' '.join(words)} are" if kind or self.chosen("deleted") else ""

    @property
    def in_words(self) -> str:
        """What is left, for the button that opens the filters: "Ida, Imports"."""
        names = ("person", "origin", "kind")
        said = [
            str(dict(self.fields[name].choices)[value])
            for name in names
            if (value := self.chosen(name))
        ]
        days = [
            f"{word} {day.day} {day:%b %Y}"
            for word, name in (("from", "since"), ("to", "until"))
            if (day := self.chosen(name))
        ]
        return ", ".join([*said, *days, *(["Deleted"] if self.chosen("deleted") else [])])

    def chosen(self, name: str) -> Any:
        """What the address says, None where it says nothing that fits."""
        return self.cleaned_data.get(name) or None

    @property
    def day_errors(self) -> list[str]:
        """What is wrong with the days typed, in words."""
        return [
            f"'{self.data.get(name)}' is no day. Write it as 2025-03-11."
            for name in ("since", "until")
            if name in self.errors
        ]

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        names = ("person", "origin", "kind", "deleted", "since", "until")
        return any(self.chosen(name) for name in names)

    def leaf(self, selected: int | None = None) -> Leaf:
        """The page that the address names; without that the newest, or the one that begins with
        `selected` when that lies further back."""
        rows = Revision.objects.filter(dossier_id=self.dossier.pk, number__isnull=False)
        rows = rows.select_related("author").order_by("-number")
        top = rows.values_list("number", flat=True).first() or 0
        before = self.chosen("before")
        if before is None and selected and top - selected >= PER_PAGE and not self.is_filtered:
            before = selected + 1
        if before is not None:
            top = min(top, before - 1)
        first, last = self._days(rows)
        top = min(top, last)
        rows = rows.filter(number__lte=top)
        floor = first
        if self.is_filtered:
            floor = max(top - WINDOW, first)
            rows = self._filtered(rows.filter(number__gt=floor))
        found = list(rows[: PER_PAGE + 1])
        if len(found) > PER_PAGE:
            found = found[:PER_PAGE]
            return Leaf(before is None, found, found[-1].number, None)
        further = floor + 1 if floor > first else None
        return Leaf(before is None, found, further, further)

    def _days(self, rows: QuerySet[Revision]) -> tuple[int, int]:
        """The numbers that the days chosen lie between: more than the first, up to the last.

        Numbers and times go up together, so an index finds both ends.
        """
        zone, found = ZoneInfo(self.dossier.time_zone), [0, GREATEST]
        for index, name in enumerate(("since", "until")):
            if (day := self.chosen(name)) and day < dt.date.max:
                begin = dt.datetime.combine(day + dt.timedelta(index), dt.time(), tzinfo=zone)
                earlier = rows.filter(sealed_at__lt=begin).order_by("-sealed_at")
                found[index] = earlier.values_list("number", flat=True).first() or 0
        return found[0], found[1]

    def _filtered(self, rows: QuerySet[Revision]) -> QuerySet[Revision]:
        if person := self.chosen("person"):
            rows = rows.filter(author__username=person)
        if origin := self.chosen("origin"):
            rows = rows.filter(origin=origin)
        if self.chosen("kind") or self.chosen("deleted"):
            rows = rows.filter(Exists(self.changes().filter(revision=OuterRef("pk"))))
        return rows

    def changes(self) -> QuerySet[Change]:
        """The changes that the filters for kind and deletion leave."""
        changes = Change.objects.all()
        if kind := self.chosen("kind"):
            tables = [t for t, model in tracked().items() if model._meta.model_name == kind]
            changes = changes.filter(table__in=tables)
        if self.chosen("deleted"):
            changes = changes.filter(after__isnull=True)
        return changes


class VersionsForm(forms.Form):
    """What the history of one record reads from its address: the point in view, what it is
    compared with, by whom, and where the list begins."""

    at = forms.RegexField(r"^r\d{1,15}$", required=False, widget=forms.HiddenInput)
    compared = forms.RegexField(r"^r?\d{1,15}$", required=False)
    person = forms.CharField(required=False, max_length=150)
    before = forms.IntegerField(
        required=False, min_value=0, max_value=GREATEST, widget=forms.HiddenInput
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.is_valid()

    def token(self, name: str) -> str:
        """The point that the parameter `name` gives, "" for none: "7", or "r12"."""
        return str(self.cleaned_data.get(name) or "")

    @property
    def is_paged(self) -> bool:
        """Whether the address says where the list begins."""
        return self.cleaned_data.get("before") is not None

    @property
    def person_chosen(self) -> str:
        """The user name whose changes alone are listed, "" for all."""
        said = str(self.cleaned_data.get("person") or "")
        return "" if "\0" in said else said

    def top(self) -> tuple[int, int]:
        """The point at which the list begins: a revision, and the last of its changes."""
        before = self.cleaned_data.get("before")
        return (GREATEST if before is None else before, GREATEST)
