"""Two proposals compared term by term: by subject, with the words that differ. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from events.diff import Budget, Piece


@dataclass(frozen=True, slots=True)
class Worded:
    """A term: what it is about ("" where that is not said), and its words."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One subject in both: the words of each, "" where it says nothing. In `old` and `new` the
    words that only one has are pieces of their own."""

    subject: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    differs: bool


def compare(old: Sequence[Worded], new: Sequence[Worded]) -> list[Pair]:
    """What two proposals say, by subject in the order of the newer one, then of the older one.

    Subjects are the same whatever the case. Terms without a subject are compared where their words
    are the same, else each stands alone.
    """
    budget = Budget()
    before, after = _by_subject(old), _by_subject(new)
    return [
        _pair(*(after.get(key) or before[key])[:1], before.get(key), after.get(key), budget)
        for key in dict.fromkeys([*after, *before])
    ]


def _by_subject(terms: Sequence[Worded]) -> dict[str, tuple[str, str]]:
    """The subject as written and the words, by what makes terms the same."""
    found: dict[str, tuple[str, str]] = {}
    for term in terms:
        key = term.subject.strip().casefold() or f"\n{term.text.strip().casefold()}"
        subject, text = found.get(key, (term.subject.strip(), ""))
        found[key] = subject, f"{text}\n{term.text}" if text else term.text
    return found


def _pair(
    subject: str, old: tuple[str, str] | None, new: tuple[str, str] | None, budget: Budget
) -> Pair:
    if old is None or new is None:
        # What only one of them says differs as a whole: marks would add nothing.
        one = tuple([Piece("same", old[1])] if old else [])
        other = tuple([Piece("same", new[1])] if new else [])
        return Pair(subject, one, other, True)
    pieces = budget.words_between(old[1], new[1])
    return Pair(
        subject,
        tuple(piece for piece in pieces if piece.kind != "added"),
        tuple(piece for piece in pieces if piece.kind != "removed"),
        old[1] != new[1],
    )
