"""What is sent along when a new version of a source's text is stored."""

from __future__ import annotations

from django import forms


class StoreForm(forms.Form):
    """The newest version that the preview was compared with, and why there is a new one."""

    after = forms.IntegerField(min_value=0, max_value=32_000, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why there is a new version",
        required=False,
        max_length=300,
        help_text="Kept in the history: “Corrected by the publisher on 13 March”.",
    )
