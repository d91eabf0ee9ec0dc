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
    reason: str = "No speaker was recognised"
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
    """A quotation within which the reporter speaks, cut up: between dashes or French commas."""
    if pair.depth or pair.mark not in '«„“"—':
        return [pair]
    aside = _aside(script, pair)
    if aside is None:
        return [pair]
    end, again = aside
    first = Pair(pair.mark, pair.opened, pair.start, end, end)
    first.reopened = [span for span in pair.reopened if span[1] <= first.end]
    second = Pair(pair.mark, again, again, pair.end, pair.closed)
    second.reopened = [span for span in pair.reopened if span[0] >= second.start]
    return [first, second] if script.words_between(second.start, second.end) else [first]


def _aside(script: Script, pair: Pair) -> tuple[int, int] | None:
    """Where the words end before the reporter's own, and where they go on."""
    plain = script.plain
    for dash in _DASH.finditer(plain, pair.start, pair.end):
        following = script.words_between(dash.end(), min(dash.end() + 30, pair.end))[:1]
        if following and following[0].folded in speech.SAID:
            again = _DASH.search(plain, following[0].end, pair.end)
            return dash.start() + 1, again.end() if again else pair.end
    if pair.mark == "«":
        for comma in speech.INSERTED.finditer(plain, pair.start, pair.end):
            if comma["verb"].casefold() in speech.SAID:
                return comma.start(), comma.end()
    return None


def dialogue(script: Script) -> list[Pair]:
    """Lines that begin with a dash and in which a verb of saying follows another: Slavic speech."""
    found = []
    for start, end in script.paragraphs:
        if not re.match(r"[—–]|-\s", script.text[start : start + 2]) or end - start > 2000:
            continue
        opened = start + 1
        pair = Pair("—", start, opened, end, end)
        if _aside(script, pair) is not None:
            found.append(pair)
    return found


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
