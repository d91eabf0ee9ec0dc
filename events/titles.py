"""Short titles of what was said, in the words of the text. Never cuts a word."""

from __future__ import annotations

import re

LONGEST = 120
"""Characters of what follows the speaker."""

_SENTENCE = re.compile(r"(?<=[^\W\d_]{2}[.!?…])[”’\"']?\s+(?=[^\W_a-z])")
_THAT = re.compile(r"^\s*,?\s*(?:that|dass|daß|que|qu'|що|что)\s+", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:]\s|\s[–—-]\s")


def first_sentence(words: str) -> str:
    """The first sentence of what was said, without its full stop."""
    whole = " ".join(words.split())
    first = _SENTENCE.split(whole, maxsplit=1)[0]
    return shortened(first.rstrip(" .…,;"), LONGEST)


def shortened(words: str, longest: int) -> str:
    """Words up to a length: cut where a clause ends, else between two words, and marked."""
    if len(words) <= longest:
        return words
    room = words[: longest - 1]
    clauses = [m.start() for m in _CLAUSE.finditer(room) if m.start() > longest * 0.6]
    if clauses:
        return f"{room[: clauses[-1]].rstrip(' ,;:–—-')} …"
    return f"{room.rpartition(' ')[0].rstrip(' ,;:–—-') or room} …"


def spoken(who: str, words: str) -> str:
    """Somebody's words in quotation marks: "Rubio: ‘We hope so’"."""
    inner = words.replace("“", "‘").replace("”", "’")
    quoted = f"‘{inner}’"
    return f"{who}: {quoted}" if who else quoted


def of_reported(who: str, sentence: str, speaker: str, verb: str) -> str:
    """A sentence that reports speech, led by who speaks: "Rubio: aid could resume".

    `speaker` and `verb` are how the sentence says so; without 'that' the verb stays.
    """
    whole = re.sub(r"\.([’”\"»]?)$", r"\1", " ".join(sentence.split()).rstrip(" "))
    lead = re.search(rf"\b{re.escape(speaker)}\b[^.;]*?\b{re.escape(verb)}\b", whole)
    if lead is None or not who:
        return f"{who}: {shortened(whole, LONGEST)}" if who else shortened(whole, LONGEST)
    rest = whole[lead.end() :]
    rest = rest.replace("“", "‘").replace("”", "’")
    if that := _THAT.match(rest):
        return f"{who}: {shortened(rest[that.end() :], LONGEST)}"
    return f"{who} {shortened(f'{verb}{rest}', LONGEST)}"
