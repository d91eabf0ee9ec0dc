"""What the columns of a record are called on its pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from events.forms.fields import CoordinatesField, WhenField

if TYPE_CHECKING:
    from events.forms.records import RecordForm
    from events.models import Record

UNSAID = {"version", "updated_at", "created_at", "id", "dossier_id", "ref"}


@dataclass(frozen=True, slots=True)
class Label:
    """What a column is called, and the form field it belongs to."""

    column: str
    field: str


def labels_of(model: type[Record], form_class: type[RecordForm] | None) -> dict[str, Label]:
    """The labels of the columns that a person knows, in the order of the form."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    labels: dict[str, Label] = {}
    for name, field in (form_class.shown_fields() if form_class else {}).items():
        label = str(field.label or name.replace("_", " ").capitalize())
        own = fields_of(field, name, fields)
        for position, owned in enumerate(own):
            is_its = position == 0 and not isinstance(field, CoordinatesField)
            words = label if is_its else _capital(fields[owned].verbose_name)
            # A field led by another changes with it, and is told of under the other's name.
            leader = labels.get(fields[owned].column) if name in form_class.led_by else None
            labels[fields[owned].column] = Label(words, leader.field if leader else label)
    for field in fields.values():
        if field.editable and field.column not in UNSAID and field.column not in labels:
            words = _capital(field.verbose_name)
            labels[field.column] = Label(words, words)
    return labels


def fields_of(form_field: Any, name: str, fields: dict[str, Any]) -> list[str]:
    """The fields of the model that one field of a form fills, bounds of dates aside."""
    if isinstance(form_field, WhenField):
        own = [f for f in fields if f.startswith(f"{form_field.prefix}_") and fields[f].editable]
        return sorted(own, key=lambda field: not field.endswith("_text"))
    if isinstance(form_field, CoordinatesField):
        return ["latitude", "longitude"]
    return [name] if name in fields else []


def _capital(words: object) -> str:
    return str(words)[:1].upper() + str(words)[1:]
