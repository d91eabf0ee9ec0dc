"""The two instants between which one asks what moved."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from events import dates
from events.as_of import Clock, NotThen, read
from events.forms import lookup

if TYPE_CHECKING:
    from django.http import QueryDict

    from events.as_of import AsOf
    from events.roles import Viewer


class ShiftForm(forms.Form):
    """From one day to another, each as one types it; the second is now where nothing is given."""

    since = forms.CharField(
        label="From the end of",
        required=False,
        max_length=dates.MAX_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    until = forms.CharField(
        label="to",
        required=False,
        max_length=dates.MAX_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": "Now", "autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict, viewer: Viewer, since: str) -> None:
        """`since` is where to begin when nobody says."""
        given: Any = data.copy()
        if not given.get("since", "").strip():
            given["since"] = since
        super().__init__(given)
        self.viewer, self.now = viewer, int(time.time())
        self.found: tuple[AsOf, AsOf | None] | None = None

    def clean_since(self) -> AsOf | None:
        """The first instant; None where there is none to begin at."""
        return self._read("since")

    def clean_until(self) -> AsOf | None:
        """The second, None for now."""
        return self._read("until")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since is not None and until is not None and until.instant <= since.instant:
            raise ValidationError({"until": "This is not after the first day. Try a later one."})
        if since is not None and not self.errors:
            self.found = since, until
        return values

    def _read(self, name: str) -> AsOf | None:
        text = self.cleaned_data[name]
        dossier = self.viewer.dossier
        anchor = lookup.anchor_day(dossier) if self.viewer.is_member else None
        try:
            found = read(text, Clock.HAPPENED, dossier, self.now, anchor=anchor)
        except NotThen as problem:
            raise ValidationError(str(problem)) from None
        if found is not None and found.is_recorded:
            raise ValidationError(f"'{text}' is a revision. Try a day, such as '11 Mar 2025'.")
        return found
