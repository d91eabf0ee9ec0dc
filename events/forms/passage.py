"""The form of a passage, and what a person decides about one that moved or was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.functional import cached_property

from events.forms.quotation import QuotationForm
from events.forms.records import RecordForm
from events.models import Passage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.models import SourceText

MOST = 2**31 - 1


def marked_as(known: Passage) -> str:
    """That words are marked already, and as which passage."""
    return f"{known.ref} marks these words already."


class PassageForm(QuotationForm):
    """Words of a source marked on their own, before they are evidence for anything."""

    class Meta(RecordForm.Meta):
        model = Passage
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.latest is not None:
            self.quotes(self.instance)

    def clean(self) -> dict[str, Any]:
        """Find the words, and refuse those that are marked already."""
        found = super().clean()
        if self.span is not None:
            same = Passage.marking(self.text, self.span.start, self.span.end)
            known = same.exclude(pk=self.latest.pk if self.latest else None).first()
            if known is not None:
                self.add_error("quote", marked_as(known))
        return found

    @cached_property
    def changed_data(self) -> list[str]:
        """What was changed; to save a passage that had been lost or moved confirms its place."""
        found = super().changed_data
        is_unsure = self.latest is not None and self.latest.state != Passage.State.ANCHORED
        return found or (["quote"] if is_unsure else [])

    def values(self, names: list[str]) -> dict[str, Any]:
        """The columns, all from the place where the words stand."""
        if self.span is None:
            return {}
        cut = Passage.cut(self.text, self.span.start, self.span.end)
        found = {column: getattr(cut, column) for column in Passage.WHERE}
        return found | {"state": Passage.State.ANCHORED}


class DecidedForm(forms.Form):
    """A decision about a passage: the version of it that was read."""

    version = forms.IntegerField(min_value=1, max_value=MOST)

    def __init__(self, data: Mapping[str, Any], passage: Passage) -> None:
        super().__init__(data)
        self.passage = passage

    @property
    def problem(self) -> str:
        """What is wrong with what was sent, in a sentence; "" when nothing is."""
        if self.is_valid():
            return ""
        told = self.non_field_errors()
        return str(told[0]) if told else "What was sent names no place. Load the page again."


class PlaceForm(DecidedForm):
    """The place of the newest text where a passage stands: code points from its start."""

    text = forms.IntegerField(min_value=1, max_value=MOST)
    start = forms.IntegerField(min_value=0, max_value=MOST)
    end = forms.IntegerField(min_value=1, max_value=MOST)

    newest: SourceText

    def clean(self) -> dict[str, Any]:
        """Refuse an older text, a place outside it, and words that another passage marks."""
        found = super().clean() or {}
        if self.errors:
            return found
        source = self.passage.source_text.source
        newest = source.current_text
        if newest is None or newest.number != found["text"]:
            number = newest.number if newest else 0
            raise forms.ValidationError(
                f"Text {number} of {source.ref} was stored meanwhile."
                " Look where the words are in it."
            )
        start, end = found["start"], found["end"]
        if not start < end <= len(newest.text):
            raise forms.ValidationError("There is no such place in the text. Load the page again.")
        same = Passage.marking(newest, start, end)
        if known := same.exclude(pk=self.passage.pk).first():
            raise forms.ValidationError(marked_as(known))
        self.newest = newest
        return found
