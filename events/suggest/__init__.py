"""Suggestions: what a source's text seems to say, for a person to accept, edit or reject.

`suggest` proposes quotations with their speakers, mentions of known actors, dates with their
basis, conditions, commitments, statements and responses, by rules alone. Texts in English, German,
French, Ukrainian and Russian are read. Pure: no database, no requests. A stance is never proposed:
to take none is not to take one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from events.suggest import (
    commitments,
    conditions,
    dates,
    mentions,
    quotations,
    statements,
)
from events.suggest.fingerprint import signed
from events.suggest.model import (
    Choice,
    Commitment,
    Condition,
    Dated,
    Kind,
    Known,
    Mention,
    Quotation,
    Statement,
    Suggestion,
)
from events.suggest.pairing import pairs
from events.suggest.speakers import Subjects
from events.suggest.voices import Voices
from events.suggest.words import Script


def suggest(
    text: str, *, actors: Iterable[Known], day: date | None = None, zone: str = "UTC"
) -> tuple[Suggestion, ...]:
    """What `text` seems to say, in reading order: by start, the longer first.

    `actors` are those of the dossier; `day` is the day of the document, without which dates that
    count from it are not proposed; `zone` (IANA name) is that of its days and nights. Never
    raises for any text; the time taken grows with its length.
    """
    known = tuple(actors)
    script = Script(text)
    named = mentions.mentions(script, known)
    subjects = Subjects(script, named)
    persons = frozenset(actor.ref for actor in known if actor.is_person)
    heard = Voices(script, pairs(script), subjects, persons)
    quoted = heard.read()
    hinges = conditions.drafts(script, subjects)
    drafts = [
        *mentions.drafts(named),
        *dates.drafts(script, day, zone),
        *quotations.drafts(script, quoted),
        *hinges,
        *commitments.drafts(script, subjects, heard, hinges),
        *statements.drafts(script, subjects, heard),
    ]
    return signed(script, drafts)


__all__ = [
    "Choice",
    "Commitment",
    "Condition",
    "Dated",
    "Kind",
    "Known",
    "Mention",
    "Quotation",
    "Statement",
    "Suggestion",
    "suggest",
]
