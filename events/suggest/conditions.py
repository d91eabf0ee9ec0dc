"""Conditional clauses: the word that shows them, the condition, and what hangs on it.

'If' after a verb of asking or knowing means 'whether' and begins none.
"""

from __future__ import annotations

import re

from events.suggest.model import Condition, Draft, Kind
from events.suggest.speakers import Subjects
from events.suggest.words import Script, sentence_at

LONGEST = 400
"""No clause is followed further, in code points."""
_IF = re.compile(
    r"(?<![^\W_])(?:"
    r"(?P<en>only\s+if|if|unless|provided(?:\s+that)?|providing(?:\s+that)?|as\s+long\s+as"
    r"|on\s+(?:the\s+)?condition\s+that|on\s+condition\s+of|contingent\s+(?:up)?on"
    r"|conditional\s+(?:up)?on|conditioned\s+on|in\s+the\s+event\s+(?:that|of)"
    r"|assuming(?:\s+that)?|subject\s+to|should(?=\s+(?:the\s+)?[^\W\d_][\w' -]{1,60},))"
    r"|(?P<de>wenn|falls|sofern|vorausgesetzt(?:,?\s+dass)?|unter\s+der\s+Bedingung,?\s+dass)"
    r"|(?P<fr>si(?=\s+(?:la|les?|l'|une?|des|ils?|elles?|on|nous|vous|ce|cette|[A-Z]))|s'ils?"
    r"|à\s+condition\s+(?:que|qu'|de)|pourvu\s+qu(?:e|')|sous\s+réserve\s+(?:de|que))"
    r"|(?P<uk>якщо|за\s+умови,?\s+(?:що|якщо)|за\s+умови|у\s+разі)"
    r"|(?P<ru>если|при\s+условии,?\s+что|при\s+условии|в\s+случае)"
    r")(?![^\W_])",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    r"(?:\b(?:ask|asks|asked|asking|wonder|wondered|wondering|see|know|knew|decide|"
    r"unclear|sure|clear|as|even|what|doubt|question|questioned|découvrir|savoir|demandé|demande|"
    r"demander|comme|même|als|auch|selbst|immer|навіть|даже)"
    r"(?:\s+(?:him|her|them|us|reporters))?)\s+$",
    re.IGNORECASE,
)
_NOT_CLAUSE = re.compile(
    r"\s*(?:[,.;:!?)]|(?:not|any|necessary|needed|possible|so|only|ever|nötig|möglich|possible)\b"
    r"(?!\s+\w+\s+\w+))"
)
_CLAUSE_END = re.compile(
    r"\s*(?:,(?!\d)(?:\s+dass|\s+що|\s+что)?|[;:!?\"“”„«»)\]\n]|(?<!\b\w)\.(?=\D|\d{1,3}(?:\s|$)|$)"
    r"|\s-\s|\sthen\s)"
)
_PROVIDED_BY = re.compile(r"(?:\s+(?:by|for|to|with|the|a|an)\b)", re.IGNORECASE)


def _end(script: Script, start: int, end: int) -> int:
    """Where the clause ends that begins at `start`."""
    found = _CLAUSE_END.search(script.plain, start, min(end, start + LONGEST))
    stop = found.start() if found else min(end, start + LONGEST)
    while stop > start and (
        script.plain[stop - 1].isspace() or script.plain[stop - 1] in '.,;:!?"”“»«'
    ):
        stop -= 1
    return stop


def drafts(script: Script, subjects: Subjects) -> list[Draft]:
    """Every conditional clause in order; none lies in another."""
    found: list[Draft] = []
    done = 0
    for match in _IF.finditer(script.plain):
        if match.start() < done:
            continue
        start, end = sentence_at(script, match.start())
        lead = script.plain[max(start, match.start() - 60) : match.start()]
        tail = script.plain[match.end() : min(end, match.end() + 40)]
        word = " ".join(match[0].split())
        if _WHETHER.search(lead) or _NOT_CLAUSE.match(tail) or match.start() >= end:
            continue
        opens = re.search(r"(?:^|[,;-])\s*$", lead)
        if word.lower() in ("assuming", "assuming that", "subject to") and not opens:
            continue
        # 'Should it fail, …' begins the sentence; elsewhere it is a wish.
        if word.lower() == "should" and (lead.strip() or word[0].islower()):
            continue
        if word.lower() == "provided" and (_PROVIDED_BY.match(tail) or not opens):
            continue
        stop = _end(script, match.end(), end)
        condition = " ".join(script.text[match.end() : stop].split()).lstrip(", ")
        if len(script.words_between(match.end(), stop)) < 2:
            continue
        outcome = _outcome(script, start, end, match.start(), stop)
        named = subjects.within(match.end(), stop)[:1]
        actor = named[0].actors[0] if named and len(named[0].actors) == 1 else ""
        reason = f"'{word}' begins a condition"
        confidence = 0.8 if outcome else 0.6
        held = Condition(word, condition, outcome, actor)
        found.append(Draft(match.start(), stop, Kind.CONDITION, f"{reason}.", confidence, held))
        done = stop
    return found


def _outcome(script: Script, start: int, end: int, begin: int, stop: int) -> str:
    """The words of the sentence that hang on the condition: those before, else those after."""
    lead = re.sub(r"^.*[\"“„«]", "", script.text[max(start, begin - LONGEST) : begin], flags=re.S)
    lead = lead.strip(" ,;:-—–\n\u00a0")
    goes_on = script.plain[stop : stop + 1] == ","
    if len(lead.split()) >= (4 if goes_on else 2):
        return " ".join(lead.split())
    last = _CLAUSE_END.search(script.plain, min(stop + 2, end), end)
    tail = script.text[stop : last.start() if last else min(end, stop + LONGEST)]
    return " ".join(tail.strip(" ,;:.-—–”“»\n\u00a0").split())
