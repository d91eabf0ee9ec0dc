"""Quotations as suggestions: their clean text, and how sure they are with a speaker or none."""

from __future__ import annotations

from events.anchors import clean
from events.suggest.model import Draft, Kind, Quotation
from events.suggest.quoted import Quoted
from events.suggest.titles import is_title
from events.suggest.words import Script


def drafts(script: Script, quoted: list[Quoted]) -> list[Draft]:
    """The quotations as suggestions; titles and scare quotes are none."""
    found = []
    for one in quoted:
        words = len(script.words_between(one.start, one.end))
        if not words or (is_title(script, one) and not one.pair.depth):
            continue
        voice, confidence = one.voice, 0.6 if one.is_partial else 0.7
        reason = voice.reason
        if voice.words:
            confidence = voice.confidence
        elif one.pair.depth:
            confidence = 0.3
        if words <= 2 and not voice.words:
            confidence, reason = 0.2, "A word or two in quotation marks, said by nobody"
        elif words <= 2 and one.is_partial:
            confidence = min(confidence, 0.5)
        held = Quotation(_clean(script, one), voice.words, voice.actor, one.is_partial)
        found.append(
            Draft(one.start, one.end, Kind.QUOTATION, f"{reason}.", round(confidence, 2), held)
        )
    return found


def _clean(script: Script, one: Quoted) -> str:
    """The words without citation digits and without the marks that open further paragraphs."""
    kept, at = [], one.start
    for start, end in one.pair.reopened:
        kept.append(script.text[at:start])
        at = end
    return clean("".join([*kept, script.text[at : one.end]]))
