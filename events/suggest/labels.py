"""Lines that begin with their speaker and a colon, as transcripts have them: 'RUBIO: …'."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from events.suggest.speakers import Subjects
from events.suggest.words import Script

LONGEST = 25_000
_LABEL = re.compile(
    r"(?P<who>@?[^\W\d_][\w'. -]{0,60}?)(?:\s*\([^()\n]{1,60}\))?\s?:\s+(?=\S)"
    r"|(?P<letter>[QA])[.:]\s+(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled line from `start` to `end`; the words and ref ('' unknown) of who speaks."""

    start: int
    end: int
    words: str
    actor: str
    until: int
    """Where the name ends."""


class Labels:
    """The labelled lines of one text."""

    def __init__(self, script: Script, subjects: Subjects) -> None:
        lines = (_label(script, subjects, start, end) for start, end in script.paragraphs)
        self.lines = [line for line in lines if line is not None]

    def at(self, offset: int) -> Label | None:
        """The labelled line that holds an offset."""
        nth = bisect_right(self.lines, offset, key=lambda line: line.start) - 1
        return self.lines[nth] if nth >= 0 and offset < self.lines[nth].end else None


def _label(script: Script, subjects: Subjects, start: int, end: int) -> Label | None:
    found = _LABEL.match(script.plain, start, min(end, start + 130))
    if found is None or end - start > LONGEST:
        return None
    until = found.end("who") if found["who"] else found.end("letter")
    who = script.plain[start:until]
    named = [mention for mention in subjects.within(start, until) if mention.end == until]
    actor = named[0].actors[0] if named and len(named[0].actors) == 1 else ""
    # 'BREAKING:' is no speaker; 'QUESTION:' is one, if nobody known.
    is_name = len(who) > 1 and who.isupper() and len(who.split()) <= 4
    is_letter = bool(found["letter"])
    if not actor and not (is_name and who not in _HEADS) and not is_letter:
        return None
    return Label(start, end, " ".join(script.text[start:until].split()), actor, until)


_HEADS = frozenset(
    (
        "BREAKING",
        "UPDATE",
        "NOTE",
        "PS",
        "P.S",
        "CORRECTION",
        "EXCLUSIVE",
        "WATCH",
        "RE",
        "TO",
        "FROM",
        "CC",
        "DATE",
        "SUBJECT",
        "NB",
        "FACT",
        "PHOTO",
        "VIDEO",
        "TITLE",
        "SOURCE",
    )
)
