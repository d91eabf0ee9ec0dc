"""Reading a list page by page from the last row seen, so that no page costs more than the first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import F, Q

from events.forms import lookup

if TYPE_CHECKING:
    from django.db.models import QuerySet

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page, and the marks of the neighbouring ones ("" where there is none)."""

    rows: list[Any]
    after: str
    before: str


class ListForm(forms.Form):
    """What a list page reads from its address: words to look for, and where the page begins."""

    q = forms.CharField(label="Find", required=False, max_length=200)
    after = forms.CharField(required=False, widget=forms.HiddenInput)
    before = forms.CharField(required=False, widget=forms.HiddenInput)
    selected = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    per_page = PER_PAGE

    def page_of(
        self, rows: QuerySet[Any], order: tuple[str, ...], *, newest_first: bool = False
    ) -> Page:
        """The page of `rows` that the address names, sorted by `order`, whose last is unique.

        Empty values of a column sort last. `newest_first` turns the order round. An address that
        does not fit shows the first page.
        """
        self.is_valid()
        words = self.cleaned_data.get("q", "")
        for word in words.split()[:8]:
            rows = rows.filter(self._having(rows.model, word))
        forward, mark = True, self._mark("after", rows, order)
        if mark is None and (mark := self._mark("before", rows, order)) is not None:
            forward = False
        rising = forward != newest_first
        if mark is not None:
            rows = rows.filter(beyond(order, mark, rising))
        keys = [F(c).asc(nulls_last=True) if rising else F(c).desc(nulls_first=True) for c in order]
        found = list(rows.order_by(*keys)[: self.per_page + 1])
        more, found = len(found) > self.per_page, found[: self.per_page]
        if not forward:
            found.reverse()
        has_next = more if forward else mark is not None
        has_previous = mark is not None if forward else more
        return Page(
            rows=found,
            after=_sign(found[-1], order) if found and has_next else "",
            before=_sign(found[0], order) if found and has_previous else "",
        )

    @staticmethod
    def _having(model: Any, word: str) -> Q:
        wanted = Q(ref__iexact=word)
        for column in lookup.NAMES[model._meta.model_name]:
            wanted |= Q(**{f"{column}__icontains": word})
        return wanted

    def _mark(self, name: str, rows: QuerySet[Any], order: tuple[str, ...]) -> list[Any] | None:
        text = self.cleaned_data.get(name)
        if not text:
            return None
        try:
            values = json.loads(signing.b64_decode(text.encode()))
        except (ValueError, RecursionError):
            return None
        if not isinstance(values, list) or len(values) != len(order):
            return None
        try:
            fields = [_field_of(rows, column) for column in order]
            pairs = zip(fields, values, strict=True)
            marks = [None if v is None else f.get_prep_value(f.to_python(v)) for f, v in pairs]
            for field, value in zip(fields, marks, strict=True):
                # What could not be stored cannot be asked for either.
                field.run_validators(value)
                ProhibitNullCharactersValidator()(value)
            return marks
        except (TypeError, ValueError, OverflowError, ValidationError):
            return None


class OptionsForm(forms.Form):
    """What a record input asks while one types: `of` names the input, its text is the words."""

    of = forms.SlugField(required=False)

    def words(self) -> str:
        """The words typed so far, at most 200 characters."""
        self.is_valid()
        words = str(self.data.get(self.cleaned_data.get("of") or "q", ""))
        return words.replace("\x00", "")[:200]


def _field_of(rows: QuerySet[Any], column: str) -> Any:
    """What reads the values of a column, be it the model's or one added to the query."""
    added = rows.query.annotations.get(column)
    return rows.model._meta.get_field(column) if added is None else added.output_field


def _sign(row: Any, order: tuple[str, ...]) -> str:
    values = [getattr(row, column) for column in order]
    return signing.b64_encode(json.dumps(values).encode()).decode()


def beyond(order: tuple[str, ...], mark: list[Any], forward: bool) -> Q:
    """Rows after (or before) the mark, empty values counting as the greatest."""
    beyond, same = Q(pk__in=[]), Q()
    for column, value in zip(order, mark, strict=True):
        empty = Q(**{f"{column}__isnull": True})
        if value is None:
            further = Q(pk__in=[]) if forward else ~empty
            here = empty
        else:
            further = Q(**{f"{column}__{'gt' if forward else 'lt'}": value})
            if forward and column != "id":
                further |= empty
            here = Q(**{column: value})
        beyond |= same & further
        same &= here
    return beyond
