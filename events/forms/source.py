"""The form of a source; those of its text are in source_text.py."""

from __future__ import annotations

from typing import Any, ClassVar

from events.forms.fields import WhenField
from events.forms.records import RecordForm
from events.models import Source


class SourceForm(RecordForm):
    """What document it is, who published it when, how far it can be relied on."""

    published = WhenField("published", label="Published")
    field_order: ClassVar[list[str]] = [
        "title",
        "kind",
        "publisher",
        "author",
        "published",
        "published_basis",
        "url",
        "language",
        "reliability",
        "translation_of",
        "translation_status",
        "note",
    ]
    off_page = ("title", "published_basis")
    led_by: ClassVar[dict[str, str]] = {"published_basis": "published"}
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
            "published_basis",
            "url",
            "language",
            "reliability",
            "translation_of",
            "translation_status",
            "note",
        ]
        labels: ClassVar[dict[str, str]] = {
            "published_basis": "Basis of the date",
            "translation_status": "Whose translation",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "published_basis": "Follows from the words of the date, unless you change it.",
            "translation_status": "Of a translation only.",
        }

    def clean(self) -> dict[str, Any]:
        """Refuse to say whose translation a source is that is none."""
        found: dict[str, Any] = super().clean() or {}
        original = found.get("translation_of", self.instance.translation_of_id)
        status = found.get("translation_status", self.instance.translation_status)
        if not original and status != Source.Translation.UNKNOWN:
            label = Source.Translation(status).label.lower()
            if "translation_status" in found:
                message = f"Only a translation can be an {label}. Name the original first."
                self.add_error("translation_status", message)
            elif "translation_of" in found:
                message = f"It is marked as an {label}. Set that to ‘Not known whose’ first."
                self.add_error("translation_of", message)
        return found
