"""Forms of a dossier: itself, and its sides."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory

from events.forms.versions import VersionedForm
from events.models import Change, Dossier, Side

if TYPE_CHECKING:
    from collections.abc import Mapping


UNLIKE = "bcdfghjkmnpqrstvwxz23456789"
"""Characters added to an address: none that are taken for others, no vowels, so no words."""

ADDED = 4


class DossierForm(VersionedForm):
    """Title, address, description, zone and who may read it."""

    class Meta:
        model = Dossier
        fields = ["title", "slug", "description", "time_zone", "visibility", "stale_after"]
        labels = {"slug": "Address", "time_zone": "Time zone", "stale_after": "Stale after (days)"}
        help_texts = {
            "slug": "Its name in addresses: lower-case letters, digits and hyphens. Four "
            "characters are added, so that trying does not tell what private dossiers are called.",
            "description": "What is negotiated, between whom.",
            "time_zone": "Days and hours are shown in it: UTC, Europe/Kyiv and so on.",
            "visibility": "Of a public dossier everybody reads what is published; "
            "drafts are for its members.",
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "time_zone": forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
            "visibility": forms.RadioSelect,
        }

    def clean_slug(self) -> str:
        """The address that was chosen, made unlike any other: that one is taken would tell that
        there is such a dossier. An address that the dossier has or had stays as it is."""
        words: str = self.cleaned_data["slug"]
        own = Change.objects.filter(table=Dossier._meta.db_table, record_id=self.instance.pk or 0)
        if own.filter(after__slug=words).exists():
            return words
        added = "".join(secrets.choice(UNLIKE) for _ in range(ADDED))
        return f"{words[: self.fields['slug'].max_length - ADDED - 1]}-{added}"

    @property
    def zones(self) -> list[str]:
        """The names a time zone may have, for the input's list."""
        return sorted(available_timezones())


class SideForm(VersionedForm):
    """One side: its code, name, place and colour."""

    class Meta:
        model = Side
        fields = ["code", "name", "order", "slot"]
        labels = {"slot": "Colour", "order": "Place"}
        widgets = {
            "code": forms.TextInput(attrs={"size": 6}),
            "slot": forms.Select(choices=[(n, f"Colour {n}") for n in range(1, 6)]),
            "order": forms.NumberInput(attrs={"min": 0, "max": 99}),
        }


Sides = inlineformset_factory(
    Dossier, Side, form=SideForm, formset=BaseInlineFormSet, extra=2, can_delete=True
)


class SettingsForm(DossierForm):
    """A dossier with its sides, checked and saved together."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, instance: Dossier) -> None:
        super().__init__(data, instance=instance)
        self.sides = Sides(data, instance=instance)

    def is_valid(self) -> bool:
        """Check both, so that all errors are told at once."""
        own, sides = super().is_valid(), self.sides.is_valid()
        return own and sides

    @property
    def met_others(self) -> bool:
        """Whether it was refused because others had changed the same."""
        return self.is_stale or any(form.is_stale for form in self.sides.forms)

    def save(self, commit: bool = True) -> Dossier:
        """Write what changed; run inside `recording()`."""
        saved: Dossier = super().save() if self.has_changed() else self.instance
        self.sides.save()
        return saved
