"""Quotations as they are read: trimmed to their words, each with the voice it was given."""

from __future__ import annotations

import re
from dataclasses import dataclass

from events.suggest import speech
from events.suggest.pairing import Pair
from events.suggest.words import Script

FILLER = "\ue000"
_DASH = re.compile(r"[,.!?…]\s*-\s+")


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker, how sure that is and why; no speaker has no words."""

    words: str = ""
    actor: str = ""
    confidence: float = 0.0
    reason: str = "Nobody is named as the speaker"
    has_verb: bool = False
    name: str = ""
    """Whom a pronoun in `words` means."""


@dataclass(slots=True)
class Quoted:
    """A quotation, trimmed to its words, with its voice."""

    pair: Pair
    start: int
    end: int
    is_partial: bool
    voice: Voice
    until: int = 0
    """Where the words end that name the speaker after it, 0 for none."""


def bounds(script: Script, pair: Pair) -> tuple[int, int, bool]:
    """The words within the marks: no white space, no comma, and no full stop of a fragment."""
    plain = script.plain
    start, end = pair.start, pair.end
    while start < end and plain[start].isspace():
        start += 1
    while start < end and (plain[end - 1].isspace() or plain[end - 1] in ",;"):
        end -= 1
    lead = plain[max(0, pair.opened - 200) : pair.opened].rstrip()
    small = plain[start : start + 1].islower()
    is_whole = not lead or lead[-1] in ",:.!?\"'”»“…\n-" or plain[pair.opened - 1] == "\n"
    is_partial = small and not (lead[-1:] in (",", ":") and plain[end - 1] in ".!?")
    is_partial = is_partial or (not is_whole and plain[end - 1] not in ".!?")
    if is_partial:
        while start < end and plain[end - 1] in ".,;":
            end -= 1
    return start, end, is_partial


def parts(script: Script, pair: Pair) -> list[Pair]:
    """A quotation in which the reporter speaks between dashes, as Slavic texts have it, cut up."""
    if pair.depth or pair.mark not in '«„“"':
        return [pair]
    for dash in _DASH.finditer(script.plain, pair.start, pair.end):
        following = script.words_between(dash.end(), min(dash.end() + 30, pair.end))[:1]
        if not following or following[0].folded not in speech.SAID:
            continue
        first = Pair(pair.mark, pair.opened, pair.start, dash.start() + 1, dash.start() + 1)
        first.reopened = [span for span in pair.reopened if span[1] <= first.end]
        again = _DASH.search(script.plain, following[0].end, pair.end)
        if again is None:
            return [first]
        second = Pair(pair.mark, again.end(), again.end(), pair.end, pair.closed)
        second.reopened = [span for span in pair.reopened if span[0] >= second.start]
        return [first, second] if second.start < second.end else [first]
    return [pair]


def masked(plain: str, outer: list[Pair]) -> str:
    """The text with quoted words hidden, but for the mark that ends them."""
    parts, at = [], 0
    for pair in outer:
        if pair.start < at:
            continue
        end = pair.end
        inner = plain[pair.start : end].rstrip()
        last = inner[-1:] if inner[-1:] in (".", "!", "?", "…", ",") else ""
        length = end - pair.start
        parts += [plain[at : pair.start], FILLER * (length - len(last)), last]
        at = end
    return "".join([*parts, plain[at:]])
