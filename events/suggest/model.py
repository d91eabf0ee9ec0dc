"""The values that suggesting gives and takes: known actors, suggestions, and what each holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a suggestion proposes."""

    STATEMENT = "statement"
    RESPONSE = "response"
    QUOTATION = "quotation"
    COMMITMENT = "commitment"
    CONDITION = "condition"
    DATE = "date"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Known:
    """An actor of the dossier: its name, short name and aliases in any order.

    `is_person` says whether 'he' or 'she' may mean it; else 'it' or 'they' may.
    """

    ref: str
    names: tuple[str, ...]
    is_person: bool = True


@dataclass(frozen=True, slots=True)
class Quotation:
    """Quoted words. `speaker` is how the text names the speaker, `actor` the ref; '' is unknown.

    `clean` is without citation digits and the marks that open each further paragraph. `is_partial`
    holds for words quoted as part of the reporter's own sentence.
    """

    clean: str
    speaker: str
    actor: str
    is_partial: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor named. Several refs go by the same name where `actors` has more than one."""

    actors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One meaning of a date: the text to read, its EDTF (ISO 8601-2), basis and label."""

    text: str
    edtf: str
    basis: str
    label: str


@dataclass(frozen=True, slots=True)
class Dated:
    """What a date may mean, the likeliest first; more than one is a question to a person."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A conditional clause: the word that shows it, the condition, and what hangs on it ('')."""

    word: str
    condition: str
    outcome: str
    actor: str


@dataclass(frozen=True, slots=True)
class Commitment:
    """What an actor binds itself to. `firmness` is 'firm' or 'signal', shown by `word`."""

    actor: str
    action: str
    firmness: str
    word: str
    depends_on: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence in which someone speaks; a response has a verb that answers."""

    speaker: str
    actor: str
    addressee: str
    verb: str


type Found = Quotation | Mention | Dated | Condition | Commitment | Statement


@dataclass(frozen=True, slots=True)
class Draft:
    """A suggestion before it has a fingerprint."""

    start: int
    end: int
    kind: Kind
    reason: str
    confidence: float
    found: Found


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposal about a stretch of a text: code points from `start` to `end`, exclusive.

    `confidence` lies between 0 and 1. `fingerprint` is made of the words and their neighbours,
    not of where they stand: it outlives edits elsewhere in the text, and equal words in equal
    surroundings share it.
    """

    start: int
    end: int
    kind: Kind
    exact: str
    reason: str
    confidence: float
    found: Found
    fingerprint: str
