"""Commitments for the time to come, and what they hang on.

A commitment needs a known actor right before words that bind ('has agreed to', 'will', firm; 'is
ready to', 'would', a signal), or 'I' or 'we' in the words of a known speaker. What is hoped,
demanded, asked, supposed or said of somebody else's future is none.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from events.suggest import speech
from events.suggest.conditions import LONGEST
from events.suggest.labels import Labels
from events.suggest.model import Commitment, Condition, Draft, Kind
from events.suggest.quoted import Quoted
from events.suggest.speakers import Subjects
from events.suggest.voices import Voices
from events.suggest.words import Script, sentence_at

_ADVERB = (
    r"(?:(?:also|now|soon|then|immediately|still|both|therefore|again|today|already|auch|aussi|"
    r"також|тоже)\s+)"
)
_FIRM = (
    r"(?:has|have|had)\s+(?:also\s+|already\s+)?(?:agreed|committed|pledged|promised|undertaken|"
    r"decided)\s+(?:itself\s+|themselves\s+|himself\s+|herself\s+)?to|agreed\s+to|agrees\s+to"
    r"|agree\s+to|pledged\s+to|promised\s+to|vowed\s+to|committed\s+to|commits\s+to|undertakes\s+to"
    r"|will(?!\s+(?:not|never|have|need|see|be\s+(?:able|up|known|clear|a|the)|likely|probably|"
    r"face|remain|depend|die|want|continue\s+to\s+be)\b)|'ll|shall(?!\s+not)"
    r"|(?:hat|haben)\s+zugestimmt|verpflichtet\s+sich|verpflichten\s+sich|versprach|versprechen"
    r"|wird(?!\s+nicht)|werden(?!\s+nicht)|werde(?!\s+nicht)"
    r"|s'engage(?:nt)?\s+à|nous\s+engageons\s+à|(?:a|ont|avait|avaient)\s+(?:accepté|promis)\s+de"
    r"|(?<=nous\s)[^\W\d_]{2,}rons|(?<=je\s)[^\W\d_]{2,}rai"
    r"|погоди(?:вся|лася|лась|лися|лись|лося|лось)|зобов'яза(?:вся|лася|лися)|зобов'язується"
    r"|пообіця(?:в|ла|ли)"
    r"|(?<=ми\s)будемо|(?<=мы\s)будем|(?<=я\s)буду"
    r"|согласи(?:лся|лась|лись|лось)|обяза(?:лся|лась|лись)|обязуется|пообеща(?:л|ла|ли)"
)
_SIGNAL = (
    r"(?:would|could)\s+be\s+(?:ready|prepared|willing)\s+to"
    r"|(?:is|are|am|'re|'m|remains?|stands?)\s+(?:ready|prepared|willing)\s+to"
    r"|intends?\s+to|plans?\s+to|(?:is|are|am|'re|'m)\s+going\s+to|would"
    r"(?!\s+(?:not|never|be|have|like|need|want|mean)\b)"
    r"|(?:ist|sind|wäre|wären|bin|sei|seien)\s+bereit(?:,)?|würde(?:n)?"
    r"|(?:est|sont|serait|seraient|sommes|suis)\s+prête?s?\s+à|envisagent?\s+de"
    r"|готов(?:ий|а|і|е|ы)?(?=\s)|має\s+намір|мають\s+намір|намерен(?:а|ы)?"
)
_BINDS = re.compile(
    rf"(?P<firm>(?<![^\W_])(?:{_FIRM})|'ll)(?![^\W_])|(?P<signal>(?<![^\W_])(?:{_SIGNAL}))(?![^\W_])",
    re.IGNORECASE,
)
# What 'would' begins without a condition to hang on: an offer by these verbs, else a guess.
_OFFERS = re.compile(
    r"\s+(?:resume|lift|agree|accept|support|extend|withdraw|stop|send|consider|join|sign|offer"
    r"|return)\b"
)
_VAGUE = frozenset(("it", "this", "that", "so", "it too", "them"))
_PREDICTS = re.compile(r"(?:will|'ll|shall|wird|werden|would|würden?|could)\b", re.IGNORECASE)
_FIRST = re.compile(
    r"(?<![^\W_])(?P<who>I|we|ich|wir|je|nous|ми|мы|я)\s*"
    rf"(?:(?:are|am|{_ADVERB.strip()})\s*)*$",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"(?<![^\W_])(?:hopefully|hope|hopes|hoped|hoping|should|must|may|might|if|unless|whether|"
    r"expects?|expected|wants?|wanted|would\s+like|demands?|demanded|urges?|urged|calls?\s+on|"
    r"insist\w*|believes?|perhaps|maybe|not|never|denie[sd]|refuse[sd]|hofft|hoffe|hoffen|soll|"
    r"sollte|ob|wenn|falls|nicht|espère|espérons|espèrent|doit|si|не|якщо|чи|сподів\w+|если|ли|"
    r"надеюсь|надеемся|пусть|має|повинн\w+|должн\w+)(?![^\W_])",
    re.IGNORECASE,
)
_PART_END = re.compile(r"[;:\n\"“”„«»?!]|,\s+(?:which|who|but|and|as|provided|aber|mais|але|но)\b")


def drafts(
    script: Script, subjects: Subjects, heard: Voices, conditions: list[Draft]
) -> list[Draft]:
    """Every commitment in order; `conditions` are those of the same text, in order."""
    found: list[Draft] = []
    quoted = [one for one in heard.quoted if not one.pair.depth]
    starts = [one.start for one in quoted]
    hinges = [draft.start for draft in conditions]
    done = 0
    for match in _BINDS.finditer(script.plain):
        start, end = sentence_at(script, match.start())
        if match.start() < done or match.start() >= end:
            continue
        nth = bisect_right(starts, match.start()) - 1
        inside = quoted[nth] if nth >= 0 and match.start() < quoted[nth].end else None
        if inside is not None:
            start, end = max(start, inside.start), min(end, inside.end)
        bound = _bound(script, subjects, match, start, inside, heard)
        if bound is None and inside is None:
            bound = _labelled(script, heard.labels, match, start)
        if bound is None:
            continue
        actor, begin, confidence, whose = bound
        at = bisect_right(hinges, match.start())
        earlier = conditions[at - 1] if at and start <= conditions[at - 1].start else None
        if earlier is not None and earlier.end <= begin:
            start = earlier.end
        lead = script.plain[max(start, begin - 160) : begin]
        tail = script.plain[match.end() : min(end, match.end() + 12)]
        if _DOUBT.search(lead) or re.match(r"\s*(?:not|nicht|pas|не)\b", tail):
            continue
        if script.plain[end - 1] == "?":
            continue
        hinge = conditions[at] if at < len(conditions) and conditions[at].start < end else None
        stop = _action_end(script, match.end(), hinge.start if hinge else end)
        if not script.words_between(match.end(), stop):
            continue
        word = " ".join(match[0].split())
        firmness = "firm" if match["firm"] else "signal"
        on = hinge or earlier
        depends = on.found.condition if on and isinstance(on.found, Condition) else ""
        action = " ".join(script.text[match.end() : stop].split())
        offers = on is not None or word.lower() != "would" or _OFFERS.match(tail)
        if not offers or action.lower() in _VAGUE:
            continue
        reason = f"'{word}' binds {whose}".rstrip(".")
        held = Commitment(actor, action, firmness, word, depends)
        found.append(Draft(begin, stop, Kind.COMMITMENT, f"{reason}.", confidence, held))
        done = stop
    return found


def _action_end(script: Script, start: int, end: int) -> int:
    """The end of what is promised: that of the sentence, or of its part."""
    stop = _PART_END.search(script.plain, start, min(end, start + LONGEST))
    at = stop.start() if stop else min(end, start + LONGEST)
    while at > start and (
        script.plain[at - 1].isspace()
        or script.plain[at - 1] in ".,;:-"
        or at - 1 in script.citations
    ):
        at -= 1
    return at


def _bound(
    script: Script,
    subjects: Subjects,
    match: re.Match[str],
    start: int,
    inside: Quoted | None,
    heard: Voices,
) -> tuple[str, int, float, str] | None:
    """Who is bound: ref, where the clause begins, confidence and words; None for nobody known."""
    plain = script.plain
    near = max(start, match.start() - 60)
    firm = 0.75 if match["firm"] else 0.6
    first = _FIRST.search(plain[near : match.start()])
    if first is not None:
        if inside is None or not inside.voice.actor:
            return None
        voice = inside.voice
        whose = f"the speaker, {voice.words}"
        return voice.actor, near + first.start(), round(firm * voice.confidence, 2), whose
    for mention in reversed(subjects.within(near, match.start())[-2:]):
        gap = plain[mention.end : match.start()]
        if (
            not re.fullmatch(rf"(?:,\sfor\s(?:its|his|her|their)\spart,)?\s+{_ADVERB}*|", gap)
            or len(mention.actors) != 1
        ):
            continue
        actor = mention.actors[0]
        lead = plain[max(start, mention.start - 40) : mention.start]
        if re.search(r"\b(?:of|with|from|for|by|against|about|to|in|on|at)\s+(?:the\s+)?$", lead):
            return None
        speaker = (
            inside.voice.actor
            if inside is not None
            else _reporter(script, subjects, heard, mention.start, start)
        )
        whose = script.text[mention.start : mention.end]
        begin = mention.start
        if speaker is None or speaker == actor:
            return actor, begin, firm, whose
        # What others say somebody will do is a forecast.
        if _PREDICTS.match(match[0]):
            return None
        return actor, begin, 0.35, f"{whose}, by what another says"
    return None


def _labelled(
    script: Script, labels: Labels, match: re.Match[str], start: int
) -> tuple[str, int, float, str] | None:
    """Who is bound by 'I' or 'we' in a line that is labelled with its speaker."""
    near = max(start, match.start() - 60)
    first = _FIRST.search(script.plain[near : match.start()])
    line = labels.at(match.start())
    if first is None or line is None or not line.actor:
        return None
    sure = 0.6 if match["firm"] else 0.5
    return line.actor, near + first.start(), sure, f"the speaker of the line, {line.words}"


def _reporter(
    script: Script, subjects: Subjects, heard: Voices, offset: int, start: int
) -> str | None:
    """The ref of who says the sentence before `offset`, '' for an unknown one, None for nobody."""
    start = max(start, offset - LONGEST)
    for word in script.words_between(start, offset)[-30:]:
        if word.folded in speech.SAID:
            subject = subjects.before(word, start)
            if subject is None:
                return ""
            if subject.is_pronoun:
                meant = heard.pronouns.meant(subject)
                return meant[1] if meant else ""
            return subject.actor
    return None
