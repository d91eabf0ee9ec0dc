"""Actors and issues that the dossier does not have yet, added by the form that names them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from events.forms.fields import RecordField
from events.forms.records import RecordForm
from events.models import Actor, Issue, Record

KIND = "_kind"

REFUSED = ("", "Say so, add nothing")
"""What happens to a name that is not in the list unless somebody chooses."""


def _as(kind: Actor.Kind) -> str:
    noun = kind.label.lower()
    if kind == Actor.Kind.MEDIA:
        return f"Add as {noun}"
    return f"Add as {'an' if noun[0] in 'aeiou' else 'a'} {noun}"


KINDS = [REFUSED, *((kind.value, _as(kind)) for kind in Actor.Kind)]
ISSUES = [REFUSED, ("issue", "Add as a new issue")]


class Newcomers(RecordForm):
    """Beside each field for an actor or issue stands one that says what to add if it is new."""

    beside: ClassVar[tuple[str, ...]] = ()
    """Fields of the form that are no columns of the record."""

    @staticmethod
    def actor_field(label: str, *, required: bool = True) -> RecordField:
        """A field for an actor."""
        return RecordField(Actor, label=label, required=required)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.newcomers: dict[str, tuple[str, str]] = {}
        for name, field in list(self.fields.items()):
            if isinstance(field, RecordField) and field.models in ((Actor,), (Issue,)):
                choices = KINDS if field.models == (Actor,) else ISSUES
                self.fields[name + KIND] = forms.ChoiceField(
                    label=f"{field.label}, if not in the list", choices=choices, required=False
                )
                field.newcomer = self[name + KIND]

    @property
    def record_fields(self) -> list[str]:
        """Without the fields that are no columns."""
        return [n for n in super().record_fields if not n.endswith(KIND) and n not in self.beside]

    def clean(self) -> dict[str, Any]:
        """Take a name that is not in the list for a new record where its kind is given."""
        found: dict[str, Any] = super().clean() or {}
        for name, field in self.fields.items():
            kind = found.get(name + KIND)
            if not kind or not isinstance(field, RecordField):
                continue
            if self.has_error(name, "unknown"):
                typed = " ".join((self.data.get(self.add_prefix(name)) or "").split())
                self.newcomers[name] = (typed, kind)
                del self._errors[name]
        return found

    def _get_validation_exclusions(self) -> set[str]:
        # What is added on the way is not there yet to be looked at.
        return super()._get_validation_exclusions() | set(self.newcomers)

    def settle(self, *others: Newcomers) -> None:
        """Add what is new, each once however often it is named; run inside `recording()`."""
        made: dict[tuple[str, str], Record] = {}
        for form in (self, *others):
            for name, (typed, kind) in form.newcomers.items():
                key = (typed.casefold(), "issue" if kind == "issue" else "actor")
                if key not in made:
                    made[key] = added(self.dossier, typed, kind)
                form.cleaned_data[name] = made[key]


def added(dossier: Any, name: str, kind: str) -> Record:
    """A new actor or issue of that name."""
    record = Issue(dossier=dossier, name=name)
    if kind != "issue":
        record = Actor(dossier=dossier, name=name, kind=kind)
    record.full_clean(exclude=record.GIVEN)
    record.save()
    return record
