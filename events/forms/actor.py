"""The forms of an actor and of an office it holds."""

from __future__ import annotations

from typing import ClassVar

from events.forms.fields import WhenField
from events.forms.records import RecordForm
from events.models import Actor, Affiliation


class ActorForm(RecordForm):
    """Who or what acts or speaks, under which names, on which side."""

    off_page = ("name",)
    when_empty: ClassVar[dict[str, str]] = {
        "side": "Add a side",
        "aliases": "Add other names",
        "wikidata": "Add a Wikidata item",
    }

    class Meta(RecordForm.Meta):
        model = Actor
        labels: ClassVar[dict[str, str]] = {"aliases": "Other names"}
        fields: ClassVar[list[str]] = [
            "name",
            "short_name",
            "kind",
            "side",
            "aliases",
            "wikidata",
            "note",
        ]


class AffiliationForm(RecordForm):
    """An office or membership, from when to when."""

    held = WhenField("held", label="Held")
    field_order: ClassVar[list[str]] = ["member", "title", "body", "held", "basis"]
    when_empty: ClassVar[dict[str, str]] = {"held": "Add from when to when", "title": "Add a title"}

    class Meta(RecordForm.Meta):
        model = Affiliation
        fields: ClassVar[list[str]] = ["member", "title", "body", "basis"]
