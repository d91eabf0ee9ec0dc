"""Sentences in which someone speaks, with the one spoken to; answers are responses.

A transcript's label ('RUBIO: …') makes its line a statement.
"""

from __future__ import annotations

import re

from events.suggest import speech
from events.suggest.model import Draft, Kind, Statement
from events.suggest.speakers import Subject, Subjects, is_passive
from events.suggest.voices import Voices
from events.suggest.words import Script, Word, each

_VERBS = 6
_TO = re.compile(
    r"^\s+(?:(?:to|an|à|zu|gegenüber|on|both|з|до|к)\s+)?(?:the\s+|dem\s+|der\s+|la\s+|le\s+|l')?$",
    re.IGNORECASE,
)
_TELLS = each(
    "told tells telling asked urged urges urging thanked congratulated welcomed rejected "
    "warned called replied responded responding replying answered antwortete antworteten répondu "
    "répond відповів відповіла відповіли ответил ответила ответили сказав сказала сказал заявив "
    "sagte dit déclaré said призвал закликав"
)
_BARE = each(
    "told tells telling asked urged urges urging thanked congratulated warned rejected "
    "welcomed відповів відповіла відповіли ответил ответила ответили"
)
_LONGEST = 25_000
_LABEL = re.compile(r"(?P<who>[^\W\d_][\w'. -]{1,60}?)(?:\s*\([^()\n]{1,60}\))?:\s+(?=\S)")


def drafts(script: Script, subjects: Subjects, heard: Voices) -> list[Draft]:
    """Statements and responses: one for a sentence or a labelled line."""
    found = labelled(script, subjects)
    lines = {draft.start for draft in found}
    for start, end in heard.frames:
        if start in lines or end - start > _LONGEST:
            continue
        draft = _spoken(script, subjects, heard, start, end)
        if draft is not None:
            found.append(draft)
    return found


def labelled(script: Script, subjects: Subjects) -> list[Draft]:
    """Lines that begin with the name of their speaker and a colon."""
    found = []
    for start, end in script.paragraphs:
        label = _LABEL.match(script.plain, start, min(end, start + 130))
        if label is None or end - start > _LONGEST:
            continue
        named = [m for m in subjects.within(start, label.end("who")) if m.end == label.end("who")]
        if named and len(named[0].actors) == 1:
            actor, confidence = named[0].actors[0], 0.85
        elif label["who"].isupper() and len(label["who"].split()) <= 4:
            actor, confidence = "", 0.6
        else:
            continue
        words = " ".join(script.text[start : label.end("who")].split())
        reason = f"The line is labelled with {words}."
        held = Statement(words, actor, "", "")
        found.append(Draft(start, end, Kind.STATEMENT, reason, confidence, held))
    return found


def _spoken(
    script: Script, subjects: Subjects, heard: Voices, start: int, end: int
) -> Draft | None:
    looked = 0
    for verb in script.words_between(start, end):
        if verb.folded not in speech.SAID or heard.masked[verb.start] != script.plain[verb.start]:
            continue
        if looked >= _VERBS:
            return None
        looked += 1
        if is_passive(script.plain, verb):
            continue
        subject = subjects.before(verb, start) or subjects.after(verb, end)
        if subject is None:
            continue
        return _drafted(script, subjects, heard, (start, end), verb, subject)
    return None


def _drafted(
    script: Script,
    subjects: Subjects,
    heard: Voices,
    sentence: tuple[int, int],
    verb: Word,
    subject: Subject,
) -> Draft:
    start, end = sentence
    actor, confidence = subject.actor, 0.7 if subject.actor else 0.5
    reason = f"'{subject.words}' is who speaks, by '{verb.value}'"
    if subject.is_pronoun:
        meant = heard.pronouns.meant(subject)
        actor, confidence = meant[1] if meant else "", 0.4
        whom = f"{meant[0]} was named last" if meant else "who that is, is not clear"
        reason = f"'{subject.words}' speaks, by '{verb.value}'; {whom}"
    kind = Kind.RESPONSE if verb.folded in speech.ANSWERED else Kind.STATEMENT
    if re.search(r"\bin (?:response|reply|answer) to\b", script.plain[start:end], re.IGNORECASE):
        kind = Kind.RESPONSE
    held = Statement(
        subject.words, actor, _addressee(script, subjects, verb, end, actor), verb.value
    )
    return Draft(start, end, kind, f"{reason}.", confidence, held)


def _addressee(script: Script, subjects: Subjects, verb: Word, end: int, speaker: str) -> str:
    """The ref of the known actor spoken to, who stands right behind the verb; '' for none."""
    if verb.folded not in _TELLS:
        return ""
    for mention in subjects.within(verb.end, min(end, verb.end + 60))[:2]:
        gap = script.plain[verb.end : mention.start]
        if len(mention.actors) != 1 or mention.actors[0] == speaker:
            continue
        # 'said Rubio' names who speaks; after 'told', 'rejected' stands who is spoken to.
        if not gap.strip() and verb.folded not in _BARE:
            continue
        return mention.actors[0] if _TO.match(gap) else ""
    return ""
