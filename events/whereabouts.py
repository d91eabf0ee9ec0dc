"""Where the passages of a source stand, stood before, and may stand now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from events import anchors, diff, history
from events.models import Evidence, Passage, SourceText

if TYPE_CHECKING:
    from events.diff import Piece

REACH = 140
"""Characters on either side of a passage that are shown with it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Words of a text with what is around them; `paragraph` counts from 1."""

    number: int
    paragraph: int
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Guess:
    """A likely place of lost words in the newest text: code points, how like, what differs."""

    start: int
    end: int
    percent: int
    there: Standing
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is to decide about a passage: where it stood and where it may stand."""

    newest: SourceText
    was: Standing | None
    now: Standing | None
    guesses: list[Guess]
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Fate:
    """What a new version of a text made of a passage: where it stood, and stands unless lost."""

    passage: Passage
    was: Standing
    now: Standing | None
    pieces: list[Piece]


def standing(text: SourceText, start: int, end: int) -> Standing:
    """The words of `text` from `start` to `end` (code points) within their paragraph."""
    before, after = text.text[max(0, start - REACH) : start], text.text[end : end + REACH]
    line_before, line_after = before.rpartition("\n")[2], after.partition("\n")[0]
    if line_before == before and start > REACH:
        line_before = f"…{before.partition(' ')[2] or before}"
    if line_after == after and end + REACH < len(text.text):
        line_after = f"{after.rpartition(' ')[0] or after}…"
    number = Passage(source_text=text, start=start, end=end).paragraph
    return Standing(text.number, number, line_before, text.text[start:end], line_after)


def question_of(passage: Passage) -> Question | None:
    """What is to be decided about `passage`; needs its source text and source loaded. None for a
    source without a text."""
    newest = passage.source_text.source.current_text
    if newest is None:
        return None
    here = standing(passage.source_text, passage.start, passage.end)
    if passage.source_text_id != newest.pk:
        return Question(newest, here, None, guesses_of(passage, newest), [])
    was = _stood_before(passage)
    pieces = diff.words_between(was.words, here.words) if was else []
    return Question(newest, was, here, [], pieces)


def guesses_of(passage: Passage, newest: SourceText) -> list[Guess]:
    """The places of the newest text that are likest to the words of a lost passage."""
    span = anchors.Span(passage.start, passage.end)
    found = []
    for candidate in anchors.candidates(passage.source_text.text, span, newest.text):
        start, end = candidate.span.start, candidate.span.end
        there = standing(newest, start, end)
        pieces = diff.words_between(passage.exact, there.words)
        found.append(Guess(start, end, round(candidate.similarity * 100), there, pieces))
    return found


def _stood_before(passage: Passage) -> Standing | None:
    """Where it stood in the last text before the present one, from its history."""
    for change in history.changes_of(passage)[:50]:
        before = history.as_json(change.before) or {}
        if before.get("source_text_id") not in (None, passage.source_text_id):
            text = SourceText.objects.filter(pk=before["source_text_id"]).first()
            return standing(text, before["start"], before["end"]) if text else None
    return None


def resting_on(passage: Passage) -> list[Evidence]:
    """The evidence made of a passage, with the records it is about; one query."""
    found = Evidence.objects.filter(passage=passage).order_by("id")
    return list(
        found.select_related(
            *("event", "commitment", "conflict", "participation__event", "speaker"),
            *("position__actor__side", "position__issue", "proposal__issue"),
            *("affiliation__member", "affiliation__body", "link__from_event", "link__to_event"),
        )
    )
