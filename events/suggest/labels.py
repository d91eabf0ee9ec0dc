"""Lines that begin with their speaker and a colon, as transcripts have them: 'RUBIO: …'."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from events.suggest import speech
from events.suggest.speakers import Subjects
from events.suggest.words import Script, each

LONGEST = 25_000
_TITLE = 4
"""So many words may stand before the name."""
_ASKED = re.compile(r"^Q: ", re.MULTILINE)
_BULLET = re.compile(r"[•◦▪·*-]\s+")
_LABEL = re.compile(r"(?P<who>@?[^\W\d_][\w'. -]{0,60}?)(?:\s*\([^()\n]{1,60}\))?\s?:\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled line from `start` to `end`; the words and ref ('' unknown) of who speaks."""

    start: int
    end: int
    words: str
    actor: str
    until: int
    """Where the name ends, or the verb that begins a point."""
    said: str = ""
    """That verb."""


_HEADS = each(
    "BREAKING UPDATE NOTE PS P.S CORRECTION EXCLUSIVE WATCH RE TO FROM CC DATE SUBJECT NB FACT "
    "PHOTO VIDEO TITLE SOURCE"
)


class Labels:
    """The labelled lines of one text, and the points listed under a line that names who speaks."""

    def __init__(self, script: Script, subjects: Subjects) -> None:
        # A line 'A: …' is an answer only where another asks.
        letters = ("Q", "A") if _ASKED.search(script.plain) else ()
        lines = (_label(script, subjects, start, end, letters) for start, end in script.paragraphs)
        self.lines = [line for line in lines if line is not None]
        self.points = _points(script, subjects)

    def at(self, offset: int) -> Label | None:
        """The labelled line that holds an offset."""
        return _holding(self.lines, offset)

    def point(self, offset: int) -> Label | None:
        """The listed point that holds an offset and begins with what its speaker did: 'noted'."""
        return _holding(self.points, offset)


def _holding(lines: list[Label], offset: int) -> Label | None:
    nth = bisect_right(lines, offset, key=lambda line: line.start) - 1
    return lines[nth] if nth >= 0 and offset < lines[nth].end else None


def _points(script: Script, subjects: Subjects) -> list[Label]:
    """Points such as '• Noted that …' below 'President Berger:', of one known actor alone."""
    found = []
    words, actor = "", ""
    for start, end in script.paragraphs:
        bullet = _BULLET.match(script.plain, start, end)
        if bullet is None:
            named = subjects.within(start, end) if end - start <= 130 else []
            is_heading = script.plain[end - 1] == ":" and len(named) == 1
            is_heading = is_heading and len(named[0].actors) == 1
            actor = named[0].actors[0] if is_heading else ""
            words = " ".join(script.text[start : end - 1].split()) if is_heading else ""
        elif actor:
            verb = script.words_between(bullet.end(), end)[:1]
            if verb and verb[0].folded in speech.SAID and end - start <= LONGEST:
                found.append(Label(start, end, words, actor, verb[0].end, verb[0].folded))
    return found


def _label(
    script: Script, subjects: Subjects, start: int, end: int, letters: tuple[str, ...]
) -> Label | None:
    found = _LABEL.match(script.plain, start, min(end, start + 130))
    if found is None or end - start > LONGEST:
        return None
    until = found.end("who")
    who = script.plain[start:until]
    named = [mention for mention in subjects.within(start, until) if mention.end == until]
    # 'Secretary Berger:' is a label, a heading that ends with a name is none.
    is_short = bool(named) and len(script.words_between(start, named[0].start)) <= _TITLE
    actor = named[0].actors[0] if is_short and len(named[0].actors) == 1 else ""
    # 'BREAKING:' is no speaker; 'QUESTION:' is one, if nobody known.
    is_name = len(who) > 1 and who.isupper() and len(who.split()) <= 4
    if not actor and not (is_name and who not in _HEADS) and who not in letters:
        return None
    return Label(start, end, " ".join(script.text[start:until].split()), actor, until)
