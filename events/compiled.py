"""Queries of the ORM that are put into words once.

To work out the text of a large query takes Python several times as long as Postgres needs for its
answer. Those asked for every chart keep their text; only the values in it change.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache, wraps
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

_FIRST = -7_000_000_000_000_000_000
"""No number that we store is as low: these stand for numbers while the text is worked out."""

_KINDS: tuple[type, ...] = (int, str, list)

type Rows = list[tuple[Any, ...]]
type Build = Callable[..., QuerySet[Any, Any]]


def compiled(build: Build) -> Callable[..., Rows]:
    """Make a function that returns a `values_list()` QuerySet into one that returns its rows.

    Arguments before the `*` are values: a number, a text or a list of numbers, which is empty at
    most in a condition that asks to be among them. Those after it (hashable) may change the text,
    of which one is kept for each of their combinations. Nothing else may change it.
    """
    names = [
        one.name
        for one in inspect.signature(build).parameters.values()
        if one.kind is not one.KEYWORD_ONLY
    ]

    @lru_cache(maxsize=64)
    def text(variant: tuple[tuple[str, Hashable], ...], kinds: tuple[type, ...], _: bool) -> _Text:
        return _text(build, kinds, dict(variant))

    @wraps(build)
    def rows(*values: Any, **variant: Hashable) -> Rows:
        kinds = tuple(kind for value in values for kind in _KINDS if isinstance(value, kind))
        if len(kinds) != len(names):
            raise TypeError(f"{build.__name__}() takes {', '.join(names)}.")
        # What is grouped by depends on whether tables are looked at, or views of the past.
        groups = connection.features.allows_group_by_selected_pks
        return _ask(text(tuple(sorted(variant.items())), kinds, groups), values)

    return rows


class _Param(NamedTuple):
    """A parameter: the `place` of the argument that it is, None for what is always `value`.
    `spread` is a list each of whose numbers is a parameter of its own; others are arrays."""

    place: int | None
    value: Any
    spread: bool


class _Text(NamedTuple):
    """A query: its `pieces` between parameters, these, and by column what makes its values those of
    the ORM."""

    pieces: tuple[str, ...]
    params: tuple[_Param, ...]
    converters: dict[int, Any]


def _text(build: Build, kinds: Sequence[type], variant: dict[str, Any]) -> _Text:
    """The query with stand-ins in place of values, cut where its parameters go."""
    found: dict[Any, int] = {}
    given = []
    for place, kind in enumerate(kinds):
        stands: Any = f"stand-in {place}" if kind is str else _FIRST - place
        found[stands] = place
        given.append([stands] if kind is list else stands)
    compiler = build(*given, **variant).query.get_compiler(connection=connection)
    text, params = compiler.as_sql()
    converters = compiler.get_converters(one for one, *_ in compiler.select)
    return _Text(
        tuple(text.split("%s")), tuple(_param(param, found, kinds) for param in params), converters
    )


def _param(value: Any, found: dict[Any, int], kinds: Sequence[type]) -> _Param:
    is_array = isinstance(value, list)
    place = found.get(value[0] if len(value) == 1 else None) if is_array else found.get(value)
    return _Param(place, value, place is not None and kinds[place] is list and not is_array)


def _ask(text: _Text, values: tuple[Any, ...]) -> Rows:
    query, given = [text.pieces[0]], []
    for param, piece in zip(text.params, text.pieces[1:], strict=True):
        value = param.value if param.place is None else values[param.place]
        if param.spread:
            given += value
            query.append(", ".join(["%s"] * len(value)) or "NULL")
        else:
            given.append(value)
            query.append("%s")
        query.append(piece)
    with connection.cursor() as cursor:
        cursor.execute("".join(query), given)
        rows = cursor.fetchall()
    return [_converted(row, text.converters) for row in rows] if text.converters else rows


def _converted(row: tuple[Any, ...], converters: dict[int, Any]) -> tuple[Any, ...]:
    values = list(row)
    for column, (steps, expression) in converters.items():
        for step in steps:
            values[column] = step(values[column], expression, connection)
    return tuple(values)
