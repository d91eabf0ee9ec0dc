"""What the list of silences reads from its address: where it goes on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django import forms
from django.core import signing

if TYPE_CHECKING:
    from events.silence import Place

_LARGEST = 2**62


class SilenceForm(forms.Form):
    """Where a page begins; what does not fit shows the first one."""

    after = forms.CharField(required=False, max_length=200)
    selected = forms.CharField(required=False, max_length=40)

    @property
    def place(self) -> Place | None:
        """The address after which the page begins."""
        self.is_valid()
        try:
            values = json.loads(signing.b64_decode(self.cleaned_data.get("after", "").encode()))
            at, event, actor = values
        except (ValueError, TypeError, RecursionError):
            return None
        if not all(type(one) is int and abs(one) < _LARGEST for one in (event, actor)):
            return None
        if at is not None and (type(at) is not int or abs(at) > 10**12):
            return None
        return at, event, actor

    @staticmethod
    def mark(place: Place | None) -> str:
        """How an address names a place, "" for none."""
        return signing.b64_encode(json.dumps(place).encode()).decode() if place else ""
