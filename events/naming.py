"""What the rows that the history keeps are called: their own words, or those they refer to."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models.functions import Left

from events.models import Dossier, Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

    from events.models import Change

OWN_WORDS = ("title", "name", "summary", "action", "text", "exact", "clean_text", "username")
LONGEST = 100
"""Characters of a name."""


@cache
def tracked() -> dict[str, type[Model]]:
    """The models whose rows the history keeps, by table: all records, and the dossier itself."""
    ours: list[type[Model]] = list(apps.get_app_config("events").get_models())
    return {m._meta.db_table: m for m in ours if issubclass(m, Record) or m is Dossier}


class Names:
    """Names of the records that some changes refer to, asked once for each kind."""

    def __init__(self, changes: Iterable[Change]) -> None:
        wanted: dict[Any, set[int]] = defaultdict(set)
        for change in changes:
            for field in _relations(tracked()[change.table]):
                for row in (change.before, change.after):
                    if row and row.get(field.column):
                        wanted[field.related_model].add(row[field.column])
        self.known = {model: _named(model, keys) for model, keys in wanted.items()}

    def said(self, model: type[Model], column: str, value: Any) -> str:
        """A stored value in words, "" for none."""
        if value is None or value == "" or value == []:
            return ""
        its: Any = next(f for f in model._meta.concrete_fields if f.column == column)
        if its.is_relation:
            return self.known.get(its.related_model, {}).get(value, "a record that is gone")
        if its.flatchoices:
            return str(dict(its.flatchoices).get(value, value))
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    def headline(self, model: type[Model], row: dict[str, Any]) -> str:
        """The words by which a person knows a record: its own, else those it refers to."""
        own = next((row[name] for name in OWN_WORDS if row.get(name)), "")
        if own:
            return _short(str(own))
        said = [self.said(model, f.column, row.get(f.column)) for f in _relations(model)]
        return _short(" · ".join([words for words in said if words][:2]))


def _relations(model: type[Model]) -> list[Any]:
    """The columns that refer to other records or to people."""
    return [f for f in model._meta.concrete_fields if f.is_relation and f.name != "dossier"]


def _named(model: type[Model], keys: set[int]) -> dict[int, str]:
    there = {field.name for field in model._meta.concrete_fields}
    own = [Left(name, LONGEST + 1) for name in OWN_WORDS if name in there]
    refs = [name for name in ("ref",) if name in there]
    rows = model._base_manager.filter(pk__in=keys).values_list("pk", *refs, *own)
    named = {}
    for pk, *words in rows:
        said = next((one for one in words[len(refs) :] if one), "")
        named[pk] = _short(" ".join([*words[: len(refs)], said]).strip())
    return named


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 3].rstrip()}…"
