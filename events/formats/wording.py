"""Rows taken out of JSON values, and what is wrong with them said in our own words."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import ValidationError

from . import rules
from .problems import Problem, did_you_mean, shown
from .records import KINDS, Part, Row


def take(
    model: type[Part], item: Any, place: str, key: tuple[str, int], found: list[Problem]
) -> Any:
    """The object as the model reads it, None when it cannot; its problems go to `found`.

    A row that breaks a rule among its own fields is given all the same, for further checks.
    """
    try:
        row = model.model_validate(item)
        kind = next((kind for kind in KINDS if kind.row is model), None)
        if kind and isinstance(row, Row):
            for message in rules.broken(kind.model, kind.values(row) | {"id": row.ref}):
                found.append(Problem(place, message, *key))
        return row
    except ValidationError as error:
        for each in error.errors(include_url=False):
            spelt = "".join(
                f"[{step}]" if isinstance(step, int) else f".{step}" for step in each["loc"]
            ).lstrip(".")
            where = f"{place}, field {spelt[:80]}" if spelt else place
            found.append(Problem(where, _message(each, model, spelt), *key))
    return None


def _message(error: Any, model: type[Part], spelt: str) -> str:
    """What pydantic found, in our words, with what would work."""
    value, name = error["input"], error["loc"][-1] if error["loc"] else ""
    match error["type"]:
        case "said":
            return str(error["ctx"]["message"])
        case "missing":
            return f"is missing. Every {_noun(model)} has one."
        case "extra_forbidden":
            fields = _fields(model, error["loc"][:-1])
            return f"unknown key.{did_you_mean(name, fields)} Known: {', '.join(fields)}."
        case "literal_error":
            words = [w for w in _words(model, error["loc"]) if w]
            return f"{shown(value)} is none of {', '.join(words)}.{did_you_mean(value, words)}"
        case "string_type":
            hint = "Leave the key out." if value is None else "Write it in quotation marks."
            return f"{shown(value)} is not text. {hint}"
        case "int_type" | "int_from_float":
            return f"{shown(value)} is not a whole number. Write one like 3, without marks."
        case "list_type":
            return f'{shown(value)} is not a list. Write ["…", "…"].'
        case "model_type" | "model_attributes_type" | "dict_type":
            example = '{"text": "11 March 2025", "edtf": "2025-03-11"}' if spelt else "{…}"
            return f"{shown(value)} is not an object. Write {example}."
    return f"{shown(value)}: {error['msg']}."


def _noun(model: type[Part]) -> str:
    return next((kind.noun for kind in KINDS if kind.row is model), "dossier")


def _fields(model: type[Part], loc: tuple[Any, ...]) -> list[str]:
    names = list(_inner(model, loc).model_fields)
    return [*names, "file"] if model.__name__ == "SourceTextRow" else names


def _words(model: type[Part], loc: tuple[Any, ...]) -> list[str]:
    field = _inner(model, loc[:-1]).model_fields[loc[-1]]
    return [str(word) for word in get_args(field.annotation)]


def _inner(model: type[Part], loc: tuple[Any, ...]) -> type[Part]:
    """The model of the date in a row, for the place of something in it."""
    for step in loc:
        model = type(model.model_fields[step].get_default(call_default_factory=True))
    return model
