"""The database's CHECK and UNIQUE rules, asked of rows that are not in it yet.

A rule is read off the Django model, so that a file is refused for what the database would refuse,
with the words the model has for it, and before anything is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.db import models
from django.db.models.lookups import Exact

from .problems import shown

_WORDS = {
    "passage_start_end": "A passage ends after it starts.",
    "position_not_from_self": "A position cannot shift from itself.",
    "sourcetext_from_1": "Versions of a text are numbered from 1.",
}
"""For rules whose model has no words of its own."""


class _Unknown(Exception):
    """A rule about columns that the file does not hold, such as bounds."""


def broken(model: type[models.Model], values: Mapping[str, Any]) -> Iterator[str]:
    """What the row's values break, as sentences. `values`: field name -> value, refs for keys."""
    for rule in _checks(model):
        try:
            holds = _holds(rule.condition, values)
        except _Unknown:
            continue
        if not holds:
            words = _WORDS.get(rule.name) or str(rule.violation_error_message)
            yield f"{words} {_given(rule.condition, values)}"


def unique_sets(model: type[models.Model]) -> Iterator[tuple[str, ...]]:
    """The sets of fields that no two rows of a dossier may share, apart from ref and id."""
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint):
            fields = tuple(name for name in rule.fields if name != "dossier")
            if fields not in (("ref",), ("id",)):
                yield fields


@cache
def _checks(model: type[models.Model]) -> tuple[models.CheckConstraint, ...]:
    return tuple(c for c in model._meta.constraints if isinstance(c, models.CheckConstraint))


def _holds(condition: Any, values: Mapping[str, Any]) -> bool:
    """Whether a condition is true; like SQL, a comparison with nothing breaks no rule."""
    if isinstance(condition, Exact):  # the count of filled columns: see models.base.exactly_one
        filled = sum(values[name] is not None for name in _counted(condition))
        return filled == int(condition.rhs)
    if not isinstance(condition, models.Q):
        return _compare(condition[0], condition[1], values)
    results = (_holds(child, values) for child in condition.children)
    if condition.connector == models.Q.OR:
        outcome = any(results)
    elif condition.connector == models.Q.AND:
        outcome = all(results)
    else:
        raise _Unknown
    return outcome != condition.negated


def _given(condition: Any, values: Mapping[str, Any]) -> str:
    """What the fields of a broken rule hold: "Given: start 5, end 3."."""
    if isinstance(condition, Exact):
        names = _counted(condition)
    else:
        names = [name.partition("__")[0] for name in _flat(condition)]
    given = [f"{n} {shown(values[n])}" for n in dict.fromkeys(names) if values[n] is not None]
    return f"Given: {', '.join(given) or 'none'}."


def _flat(condition: models.Q) -> Iterator[str]:
    """The fields a condition compares, with their lookups, in order."""
    for child in condition.children:
        if isinstance(child, models.Q):
            yield from _flat(child)
        elif isinstance(child, tuple):
            yield child[0]
            if isinstance(child[1], models.F):
                yield child[1].deconstruct()[1][0]


def _counted(condition: Exact) -> list[str]:
    """The fields that a rule of exactly one counts."""
    columns = (source.name for source in condition.lhs.get_source_expressions())
    return [column.removesuffix("_id") for column in columns]


def _compare(key: str, wanted: Any, values: Mapping[str, Any]) -> bool:
    name, _, lookup = key.partition("__")
    value = _value(name, values)
    if isinstance(wanted, models.F):
        wanted = _value(wanted.deconstruct()[1][0], values)
    match lookup:
        case "isnull":
            return bool((value is None) == wanted)
        case "regex":
            return re.search(wanted, value) is not None
        case "" | "exact":
            return bool(value == wanted)
    if value is None or wanted is None:
        return False
    match lookup:
        case "gte":
            return bool(value >= wanted)
        case "lte":
            return bool(value <= wanted)
        case "lt":
            return bool(value < wanted)
        case "range":
            return bool(wanted[0] <= value <= wanted[1])
    raise _Unknown


def _value(name: str, values: Mapping[str, Any]) -> Any:
    if name not in values:
        raise _Unknown
    return values[name]
