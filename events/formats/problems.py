"""What a reader says about a file it cannot take."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from itertools import islice
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where it stands, what is there, what would work."""

    place: str
    message: str
    kind: str = ""
    """The kind of record it is about, as the file names it ("events"); "" for the file itself."""
    index: int = -1
    """The row's place in its list, counted from 0."""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class Refused(ValueError):
    """A file that is not taken; carries every problem found, none of it was written."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def shown(value: Any) -> str:
    """A value as a message quotes it, cut when it is long."""
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    if isinstance(value, Decimal | dt.date):
        return str(value)
    text = f"'{value}'" if isinstance(value, str) else json.dumps(value, default=repr)
    text = text.translate({code: f"\\x{code:02x}" for code in (*range(32), 127)})
    return text if len(text) <= 80 else f"{text[:70]}…' ({len(str(value)):,} characters)"


def did_you_mean(word: Any, words: Iterable[str]) -> str:
    """ " Did you mean 'title'?" when one of `words` is close to `word`, else ""."""
    near = (
        get_close_matches(word, list(islice(words, 1000)), 1, 0.7) if isinstance(word, str) else []
    )
    return f" Did you mean '{near[0]}'?" if near else ""
