"""The forms of a source, of a new one with its text, and of a passage of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from events.forms.fields import WhenField
from events.forms.records import RecordForm
from events.models import Source

if TYPE_CHECKING:
    from events.models import Record


class SourceForm(RecordForm):
    """What document it is, who published it when, how far it can be relied on."""

    published = WhenField("published", label="Published")
    field_order: ClassVar[list[str]] = [
        "title",
        "kind",
        "publisher",
        "author",
        "published",
        "url",
        "language",
        "reliability",
        "translation_of",
        "note",
    ]
    off_page = ("title",)
    when_empty: ClassVar[dict[str, str]] = {
        "publisher": "Publisher not stated",
        "author": "Author not stated",
        "published": "No date stated",
        "url": "Add the address",
        "translation_of": "Add the original, if this is a translation",
    }

    class Meta(RecordForm.Meta):
        model = Source
        fields: ClassVar[list[str]] = [
            "title",
            "kind",
            "publisher",
            "author",
            "url",
            "language",
            "reliability",
            "translation_of",
            "note",
        ]


class PastedText(forms.CharField):
    """A text kept exactly as pasted, but for its line ends: browsers send them doubled."""

    widget = forms.Textarea(attrs={"rows": 14})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value).replace("\r\n", "\n")
        return text if text.strip() else ""

    def columns(self, name: str, value: str) -> dict[str, Any]:
        """It is no column of the source: versions of a text are rows of their own."""
        return {}


class NewSourceForm(SourceForm):
    """A source together with the first version of its text."""

    text = PastedText(
        label="Text",
        required=False,
        help_text="The words exactly as received. Once stored, this version never changes.",
    )

    field_order: ClassVar[list[str]] = [*SourceForm.field_order, "text"]

    def store(self, record: Record) -> None:
        """Source and text at once."""
        record.receive(self.cleaned_data["text"])
