"""What the table page reads from its address: which proposals, in which order, from where."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from events.forms.paging import ListForm
from events.on_table import ORDERS, PER_PAGE, SHOWN


class TableForm(ListForm):
    """One of the three lists of proposals; what does not fit shows the open ones."""

    ORDERS: ClassVar[dict[str, str]] = {"wait": "Longest wait first", "newest": "Newest first"}

    show = forms.CharField(required=False, max_length=20)
    order = forms.CharField(required=False, max_length=20)

    per_page = PER_PAGE

    def clean_show(self) -> str:
        """A list that there is."""
        show = str(self.cleaned_data["show"])
        return show if show in SHOWN else "open"

    def clean_order(self) -> str:
        """An order that there is."""
        order = str(self.cleaned_data["order"])
        return order if order in ORDERS else "wait"

    @property
    def shown(self) -> str:
        """Which list: open, agreed or lapsed."""
        self.is_valid()
        return str(self.cleaned_data.get("show", "open"))

    @property
    def ordered(self) -> str:
        """By which order: wait or newest."""
        self.is_valid()
        return str(self.cleaned_data.get("order", "wait"))
