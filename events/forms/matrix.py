"""What the matrix of positions reads from its address: rows, columns, order, the cell open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms

from events.matrix import Wanted

if TYPE_CHECKING:
    from django.http import QueryDict

CELL = re.compile(r"([^/.\x00]{1,40})\.([^/.\x00]{1,40})")
"""A cell as the address selects it: the refs of its actor and its issue, "A3.I6"."""

ORDERS = (
    ("", "As listed"),
    ("newest", "Newest statement first"),
    ("most", "Most statements first"),
)
KEPT = ("side", "actor", "issue", "rows", "columns", "sides", "tree", "order", "across", "by", "at")
MOST = 400
"""Refs that an address may name."""


class MatrixForm(forms.Form):
    """Which rows and columns; what does not fit counts as not given."""

    rows = forms.ChoiceField(
        label="Actors",
        required=False,
        choices=[("", "With statements"), ("all", "All")],
        widget=forms.RadioSelect,
    )
    columns = forms.ChoiceField(
        label="Issues",
        required=False,
        choices=[("", "With statements"), ("all", "All")],
        widget=forms.RadioSelect,
    )
    order = forms.ChoiceField(label="Order of actors", required=False, choices=ORDERS)
    across = forms.ChoiceField(label="Order of issues", required=False, choices=ORDERS)
    sides = forms.ChoiceField(
        label="Rows", required=False, choices=[("", "Grouped by side"), ("off", "In one list")]
    )
    tree = forms.ChoiceField(
        label="Columns",
        required=False,
        choices=[("", "In one line"), ("on", "Grouped by wider issue")],
    )
    by = forms.ChoiceField(required=False, choices=[("issue", ""), ("actor", "")])
    at = forms.CharField(required=False, max_length=40)
    selected = forms.CharField(required=False, max_length=100)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="matrix_%s")
        self.is_valid()

    def asked(self, name: str) -> str:
        """The value of a parameter, "" where it is missing or does not fit."""
        return str(self.cleaned_data.get(name, ""))

    def named(self, name: str) -> tuple[str, ...]:
        """The refs or codes that a parameter lists."""
        given = self.data.getlist(name) if hasattr(self.data, "getlist") else []
        return tuple(one for one in given[:MOST] if 0 < len(one) <= 40 and "\x00" not in one)

    @property
    def wanted(self) -> Wanted:
        """The matrix asked for."""
        return Wanted(
            sides=self.named("side"),
            actors=self.named("actor"),
            issues=self.named("issue"),
            every_actor=self.asked("rows") == "all",
            every_issue=self.asked("columns") == "all",
            by_side=self.asked("sides") != "off",
            actor_order=self.asked("order"),
            issue_order=self.asked("across"),
        )

    @property
    def in_tree(self) -> bool:
        """Whether columns stand under the wider issue they belong to."""
        return self.asked("tree") == "on" and not self.asked("across")

    @property
    def is_narrowed(self) -> bool:
        """Whether rows or columns are chosen."""
        return any(self.named(name) for name in ("side", "actor", "issue"))

    @property
    def cell(self) -> tuple[str, str] | None:
        """The refs of the cell whose ledger is open, None for none."""
        found = CELL.fullmatch(self.asked("selected"))
        return (found[1], found[2]) if found else None

    def url(self, **changes: Any) -> str:
        """The query of this page with changes; None takes a parameter out. The instant is left to
        those who carry it on."""
        query = self.data.copy()
        for name in list(query):
            if name not in KEPT or not any(query.getlist(name)):
                del query[name]
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"?{query.urlencode()}"

    @property
    def arranging(self) -> list[Any]:
        """The fields that order and group."""
        return [self[name] for name in ("order", "across", "sides", "tree")]

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """What the form of the filter carries along: actors and issues, and the line of a phone."""
        carried = ("actor", "issue", "by", "at")
        return [(name, value) for name, value in self.kept if name in carried]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form of the page carries along, without what it asks itself."""
        return [(n, v) for n, vs in self.data.lists() if n in KEPT for v in vs if v]
