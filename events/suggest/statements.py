"""Sentences in which someone speaks, with the one spoken to; answers are responses.

A transcript's label ('RUBIO: …') makes its line a statement.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from events.suggest import speech
from events.suggest.labels import LONGEST, Labels
from events.suggest.model import Draft, Kind, Statement
from events.suggest.speakers import Subject, Subjects, is_passive
from events.suggest.voices import Voices
from events.suggest.words import Script, each

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
_IN_ANSWER = re.compile(
    r"(?<![^\W_])(?:in\s(?:response|reply|answer)(?=\sto\b|,)|als\s(?:Antwort|Reaktion)\sauf"
    r"|en\sréponse\sà|(?:у|в)\sвідповідь|в\sответ)(?![^\W_])",
    re.IGNORECASE,
)
_PROMISES = each("promised pledged vowed offered promis")
_BARE = each(
    "told tells telling asked urged urges urging thanked congratulated warned rejected "
    "welcomed відповів відповіла відповіли ответил ответила ответили"
)


def drafts(script: Script, subjects: Subjects, heard: Voices) -> list[Draft]:
    """Statements and responses: one for a sentence or a labelled line."""
    found = labelled(heard.labels)
    lines = {draft.start for draft in found}
    for start, end in heard.frames:
        if start in lines or end - start > LONGEST:
            continue
        draft = (
            _spoken(script, subjects, heard, start, end)
            or _listed(heard.labels, start, end)
            or _quoted(heard, start, end)
        )
        if draft is not None:
            found.append(draft)
    return found


def _quoted(heard: Voices, start: int, end: int) -> Draft | None:
    """A sentence with a quotation whose speaker it names without a verb: '“No”, so Berger'."""
    if heard.labels.at(start) is not None:
        return None
    nth = bisect_left(heard.quoted, start, key=lambda one: one.start)
    for one in heard.quoted[nth : nth + 1]:
        voice = one.voice
        is_whole = not one.is_partial and not one.pair.depth
        if one.start < end and voice.words and voice.has_verb and is_whole:
            held = Statement(voice.words, voice.actor, "", "")
            return Draft(start, end, Kind.STATEMENT, f"{voice.reason}.", 0.6, held)
    return None


def _listed(labels: Labels, start: int, end: int) -> Draft | None:
    """A sentence that begins a listed point: '• Noted that …'."""
    point = labels.point(start)
    if point is None or point.start != start:
        return None
    verb = point.said
    kind = Kind.RESPONSE if verb in speech.ANSWERED else Kind.STATEMENT
    held = Statement(point.words, point.actor, "", verb)
    return Draft(start, end, kind, f"The point is listed under {point.words}.", 0.65, held)


def labelled(labels: Labels) -> list[Draft]:
    """Lines that begin with the name of their speaker and a colon."""
    found = []
    for line in labels.lines:
        held = Statement(line.words, line.actor, "", "")
        reason = f"The line is labelled with {line.words}".rstrip(".")
        sure = 0.85 if line.actor else 0.6
        found.append(Draft(line.start, line.end, Kind.STATEMENT, f"{reason}.", sure, held))
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
        if verb.folded in _PROMISES and script.plain.startswith(" to ", verb.end):
            continue
        if verb.folded in ("called", "calls") and subjects.within(verb.end, verb.end + 2):
            # 'Berger called Morel': on the telephone.
            continue
        subject = subjects.before(verb, start) or subjects.after(verb, end)
        if subject is None:
            subject = heard.attribution.main_subject(verb, start)
        if subject is None or subject.words.casefold() in speech.FIRST:
            continue
        return _drafted(script, subjects, heard, (start, end), (verb.folded, verb.end), subject)
    named = speech.ACCORDING.search(heard.masked, start, end)
    subject = subjects.following(named.end(), end) if named else None
    if named is None or subject is None:
        return None
    word = " ".join(named[0].split()).lower()
    return _drafted(script, subjects, heard, (start, end), (word, named.end()), subject)


def _drafted(
    script: Script,
    subjects: Subjects,
    heard: Voices,
    sentence: tuple[int, int],
    said: tuple[str, int],
    subject: Subject,
) -> Draft:
    """A statement by `said`, the word that shows it and where that ends."""
    start, end = sentence
    verb, after = said
    actor, confidence = subject.actor, 0.7 if subject.actor else 0.5
    reason = f"'{subject.words}' is who speaks, by '{verb}'"
    if subject.is_pronoun:
        meant = heard.pronouns.meant(subject)
        actor, confidence = meant[1] if meant else "", 0.4
        whom = f"{meant[0]} was named last" if meant else "who that is, is not clear"
        reason = f"'{subject.words}' speaks, by '{verb}'; {whom}"
    kind = Kind.RESPONSE if verb in speech.ANSWERED else Kind.STATEMENT
    if _IN_ANSWER.search(script.plain, start, end):
        kind = Kind.RESPONSE
    addressee = _addressee(script, subjects, verb, after, end, actor)
    held = Statement(subject.words, actor, addressee, verb)
    return Draft(start, end, kind, f"{reason}.", confidence, held)


def _addressee(
    script: Script, subjects: Subjects, verb: str, after: int, end: int, speaker: str
) -> str:
    """The ref of the known actor spoken to, who stands right behind the verb; '' for none."""
    if verb not in _TELLS:
        return ""
    for mention in subjects.within(after, min(end, after + 60))[:2]:
        gap = script.plain[after : mention.start]
        if len(mention.actors) != 1 or mention.actors[0] == speaker:
            continue
        # 'said Rubio' names who speaks; after 'told', 'rejected' stands who is spoken to.
        if not gap.strip() and verb not in _BARE:
            continue
        return mention.actors[0] if _TO.match(gap) else ""
    return ""
