"""Forms of Django's own kind that know which version of a row they were made from.

For the settings of a dossier and for the admin, which have no merge page: what others changed in
other fields is kept, what they changed in the same field is told beside it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from events import dates, history

if TYPE_CHECKING:
    from collections.abc import Collection

LOOKED_AT = 50
"""Newest changes searched for the one that touched a field."""

UNVERSIONED = (
    "What was sent does not say which version of {ref} it was made from, so nobody can tell what "
    "others changed meanwhile. Nothing has been written. Compare with version {version}, which is "
    "the newest, and save again."
)
GONE = "This was deleted meanwhile. Nothing has been written."
MADE_FROM = "made_from"


def version_sent(sent: Any) -> int:
    """The version that a form says it was made from; 0, which nothing has, for none."""
    text = str(sent or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def who_saved(row: Any, columns: Collection[str], quoted: str) -> str:
    """ "T. Lindqvist saved 'Riyadh' at 09:38": the newest change of one of the columns."""
    zone = getattr(row, "time_zone", "") or row.dossier.time_zone
    for change in history.changes_of(row)[:LOOKED_AT]:
        before, after = change.before or {}, change.after or {}
        if all(before.get(column) == after.get(column) for column in columns):
            continue
        sealed = change.revision.sealed_at
        at = f" at {dates.time_label(int(sealed.timestamp()), zone)}" if sealed else ""
        return f"{change.revision.author.called} saved {quoted}{at}"
    return f"Somebody saved {quoted}"


class VersionedForm(forms.ModelForm):
    """Checks a form against what others saved since it was made; must be checked and saved in one
    transaction, since it locks the row.

    A refused form has what was typed where both sides changed a field, the others' values where
    only they did, and the newest version: saving once more overwrites knowingly.
    """

    made_from = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: list[str] = []
        self.is_stale = False
        if self.instance.pk and MADE_FROM in self.fields:
            self.initial[MADE_FROM] = self.instance.version

    @cached_property
    def changed_data(self) -> list[str]:
        """Names of the fields that differ; the version is none of them."""
        return [name for name in super().changed_data if name != MADE_FROM]

    def clean(self) -> dict[str, Any] | None:
        """Compare with the newest version, which nobody else can change from here on."""
        found = super().clean()
        if self.instance.pk and MADE_FROM in self.fields:
            self._meet_others()
        return found

    def _meet_others(self) -> None:
        rows = type(self.instance)._base_manager.select_for_update(no_key=True)
        latest = rows.filter(pk=self.instance.pk).first()
        if latest is None:
            return self.add_error(None, GONE)
        for field in latest._meta.concrete_fields:
            setattr(self.instance, field.attname, getattr(latest, field.attname))
        sent = version_sent(self.data.get(self.add_prefix(MADE_FROM)))
        if sent == latest.version:
            return None
        try:
            base = history.version_of(latest, sent)
        except LookupError:
            ref = getattr(latest, "ref", "") or str(latest)
            self.add_error(None, UNVERSIONED.format(ref=ref, version=latest.version))
            self.is_stale = True
            return self._show(MADE_FROM, latest.version)
        for name in list(self.fields):
            self._compare(name, base, latest)
        return self._show(MADE_FROM, latest.version) if self.is_stale else None

    def _compare(self, name: str, base: Any, latest: Any) -> None:
        try:
            field = latest._meta.get_field(name)
        except FieldDoesNotExist:
            return
        if name not in self.cleaned_data:
            return
        before, theirs = field.value_from_object(base), field.value_from_object(latest)
        yours = self.cleaned_data[name]
        yours = yours.pk if isinstance(yours, models.Model) else yours
        if theirs in (before, yours):
            return
        if yours == before:
            self.cleaned_data[name] = getattr(latest, name)
            self._show(name, theirs)
            self.kept.append(str(self.fields[name].label))
            return
        said = self._said(field, latest, theirs)
        quoted = f"'{said}'" if said else "it empty"
        who = who_saved(latest, [field.column], quoted)
        self.add_error(name, f"{who}. Save again to put yours in its place.")
        self.is_stale = True

    def _said(self, field: Any, latest: Any, value: Any) -> str:
        if value in (None, "", []):
            return ""
        if field.is_relation:
            return str(getattr(latest, field.name))
        if field.flatchoices:
            return str(dict(field.flatchoices).get(value, value))
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    def _show(self, name: str, value: Any) -> None:
        """Put a value into the form as it will be shown once more."""
        shown = self.fields[name].prepare_value(value)
        data = self.data.copy()
        if value is False:
            data.pop(self.add_prefix(name), None)
        else:
            data[self.add_prefix(name)] = "" if shown is None else str(shown)
        self.data = data
