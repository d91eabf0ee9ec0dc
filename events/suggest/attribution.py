"""Who is named as the speaker beside a quotation: in the words after it, or before it."""

from __future__ import annotations

import re
from bisect import bisect_left

from events.suggest import speech
from events.suggest.pronouns import Pronouns
from events.suggest.quoted import FILLER, Quoted, Voice
from events.suggest.speakers import LIMIT, Subject, Subjects, is_passive
from events.suggest.words import Script, Stretch, Word, holding

_STOP = re.compile(r"(?<!\b\w)(?<!\b\w\.\w)[.!?](?=\s|$)|[;:\n“„«»\"]")
_LABEL = re.compile(r":\s*$")
_HEADING = re.compile(r"\s?:\s")
_VERBS = 6
_SHARED = re.compile(
    rf"(?:,|\b(?:and|but|und|aber|et|mais|і|та|й|и|но))\s+{speech.BETWEEN}$", re.IGNORECASE
)
_NO_TITLE = re.compile(
    r"[,:;]|\b(?:of|for|to|with|by|from|about|against|in|on|at|after|before)\s+(?:the\s+)?$"
)


class Attribution:
    """Looks beside the quotations of one text for those who speak."""

    def __init__(
        self,
        script: Script,
        subjects: Subjects,
        masked: str,
        frames: list[Stretch],
        pronouns: Pronouns,
    ) -> None:
        self.script = script
        self.subjects = subjects
        self.masked = masked
        self.frames = frames
        self.pronouns = pronouns
        # The verbs of saying outside of quotations; most of a text's words are none.
        self._said = [
            word
            for word in script.words
            if word.folded in speech.SAID
            and masked[word.start] != FILLER
            and not is_passive(script.plain, word)
        ]
        self._starts = [word.start for word in self._said]

    def after(self, one: Quoted) -> tuple[Voice, int]:
        """Who is named after the quotation, and where the words that name them end, or 0."""
        start = one.pair.closed
        plain = self.script.plain
        citation = re.match(r"\d{1,3}(?!\w)|\[\d+\]", plain[start : start + 6])
        start += citation.end() if citation else 0
        heading = _HEADING.match(plain, start)
        for mention in self.subjects.within(heading.end(), heading.end() + 1) if heading else ():
            # '“It is over”: Morel resigns', as headings have it.
            words, actors = self.script.text[mention.start : mention.end], mention.actors
            actor = actors[0] if len(actors) == 1 else ""
            named = Subject(words, actor, mention.start, mention.end)
            return self.pronouns.voice(named, "", 0.6, "after it"), mention.end
        stop = _STOP.search(plain, start, min(len(plain), start + LIMIT))
        end = stop.start() if stop else min(len(plain), start + LIMIT)
        tail = plain[start:end]
        opening = re.match(r"[\s,]*(?:-\s*)?", tail)
        rest = tail[opening.end() :] if opening else tail
        if not rest:
            return Voice(), 0
        is_ended = plain[one.end - 1 : one.end] in (".", "!", "?") or plain[
            one.pair.closed - 2 : one.pair.closed - 1
        ] in (".", "!", "?")
        has_mark = bool(opening and re.search("[,-]", opening[0]))
        if is_ended and rest[0].isupper() and not has_mark:
            question = plain[one.end - 1 : one.end] in ("!", "?") and not (
                stop and stop[0] in ':"“„«'
            )
            if not question:
                return Voice(), 0
        begin = end - len(rest)
        so = speech.SO.match(tail)
        if so is not None and (has_mark or rest[0].islower()):
            subject = self.subjects.following(start + so.end(), end)
            if subject is not None:
                return self.pronouns.voice(subject, "", 0.85, "after it"), end
        for word in self.script.words_between(begin, end)[:14]:
            if word.folded not in speech.SAID or is_passive(plain, word):
                continue
            lead = plain[begin : word.start]
            subject = None
            if not lead.strip() or re.fullmatch(
                r"(?:a|ont|a-t-il|a-t-elle|hat|haben|also|auch|avait|l'a)\s+", lead
            ):
                pronoun = re.search(r"(?<=-)(?:il|elle)\s$", lead)
                if pronoun:
                    at = begin + pronoun.start()
                    subject = Subject(pronoun[0].strip(), "", at, at + len(pronoun[0]) - 1, True)
                else:
                    subject = self.subjects.after(word, end)
            elif one.is_partial or len(lead) < LIMIT / 2:
                if not one.is_partial and re.match(
                    r"(?:and|but|und|aber|et|mais|і|та|и|но)\s", lead
                ):
                    break
                subject = self.subjects.before(word, begin)
                if subject and not one.is_partial and subject.start - begin > 60:
                    subject = None
            if subject is not None:
                sure = 0.75 if one.is_partial else 0.95
                return self.pronouns.voice(subject, word.value, sure, "after it"), end
            if not one.is_partial:
                break
        return Voice(), 0

    def before(self, one: Quoted, frame: Stretch) -> Voice:
        """Who is named before the quotation in its sentence, or in the line above it."""
        start, end = frame[0], one.pair.opened
        if start >= end:
            # 'She wrote:' may stand on a line of its own before the quotation.
            nth = holding(self.frames, end) - 1
            if nth < 0 or self.masked[self.frames[nth][1] - 1] != ":":
                return Voice()
            start = self.frames[nth][0]
        lead = self.masked[max(start, end - 500) : end]
        start = end - len(lead)
        according = list(speech.ACCORDING.finditer(lead, max(0, len(lead) - 160)))
        if according:
            subject = self.subjects.following(start + according[-1].end(), end)
            if subject is not None:
                return self.pronouns.voice(subject, "", 0.8, "before it")
        if _LABEL.search(lead):
            for mention in self.subjects.within(max(start, end - 80), end)[-1:]:
                if _LABEL.fullmatch(self.masked[mention.end : end].lstrip(")")):
                    named = Subject(
                        self.script.text[mention.start : mention.end],
                        mention.actors[0] if len(mention.actors) == 1 else "",
                        mention.start,
                        mention.end,
                    )
                    return self.pronouns.voice(named, "", 0.9, "before it")
        verbs = self._said[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        for nth, verb in enumerate(reversed(verbs[-_VERBS:])):
            subject = self.subjects.before(verb, start) or self.subjects.after(verb, end)
            if subject is None and _goes_on(self.masked[start : verb.start], verb):
                continue
            if subject is None:
                break
            gap = self.masked[verbs[-1].end : end]
            sure = 0.9 if not one.is_partial and len(gap) < 90 else 0.65
            return self.pronouns.voice(subject, verb.value, sure - 0.1 * min(nth, 3), "before it")
        if verbs and not one.is_partial:
            subject = self.main_subject(verbs[-1], start)
            if subject is not None:
                return self.pronouns.voice(subject, verbs[-1].value, 0.7, "first in the sentence")
        point = self.pronouns.labels.point(end)
        if point is not None:
            reason = f"The point is listed under {point.words}"
            return Voice(point.words, point.actor, 0.7, reason, has_verb=True, name=point.words)
        return Voice(has_verb=bool(verbs))

    def main_subject(self, verb: Word, start: int) -> Subject | None:
        """Who the sentence begins with, for a verb such as '…, saying' or 'and said'."""
        plain = self.script.plain
        if not (verb.folded.endswith("ing") or plain[start : verb.start].endswith(" and ")):
            return None
        for mention in self.subjects.within(start, verb.start)[:1]:
            lead = plain[start : mention.start]
            if len(lead.split()) > 6 or _NO_TITLE.search(lead):
                return None
            if re.match(r"\s(?!and\b|or\b)[^\W\dA-Z_]", plain[mention.end : mention.end + 5]):
                actor = mention.actors[0] if len(mention.actors) == 1 else ""
                words = " ".join(self.script.text[mention.start : mention.end].split())
                return Subject(words, actor, mention.start, mention.end)
        return None


def _goes_on(lead: str, verb: Word) -> bool:
    """Whether the verb shares the subject of one before it: '…, saying', 'and stated'."""
    return verb.folded.endswith("ing") or bool(_SHARED.search(lead[-60:]))
