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

_WORDS = {
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
            yield _WORDS.get(rule.name) or str(rule.violation_error_message)


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
        names = [source.name for source in condition.lhs.get_source_expressions()]
        return sum(_value(name, values) is not None for name in names) == condition.rhs
    if not isinstance(condition, models.Q):
        return _compare(*condition, values)
    results = (_holds(child, values) for child in condition.children)
    if condition.connector == models.Q.OR:
        outcome = any(results)
    elif condition.connector == models.Q.AND:
        outcome = all(results)
    else:
        raise _Unknown
    return outcome != condition.negated


def _compare(key: str, wanted: Any, values: Mapping[str, Any]) -> bool:
    name, _, lookup = key.partition("__")
    value = _value(name, values)
    if isinstance(wanted, models.F):
        wanted = _value(wanted.name, values)
    match lookup:
        case "isnull":
            return (value is None) == wanted
        case "regex":
            return re.search(wanted, value) is not None
        case "" | "exact":
            return value == wanted
    if value is None or wanted is None:
        return False
    match lookup:
        case "gte":
            return value >= wanted
        case "lte":
            return value <= wanted
        case "lt":
            return value < wanted
    raise _Unknown


def _value(name: str, values: Mapping[str, Any]) -> Any:
    for spelling in (name, name.removesuffix("_id")):
        if spelling in values:
            return values[spelling]
    raise _Unknown
