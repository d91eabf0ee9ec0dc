"""Whose words a quotation has.

A speaker is looked for after the quotation ('…', said the envoy), before it in its sentence
(Rubio said: …), in the words between two parts of it, and last in the sentence before. What rests
on a pronoun or on the sentence before has little confidence, and says so. Where nothing in the
text tells, the speaker stays empty.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from events.suggest import speech
from events.suggest.pairing import Pair
from events.suggest.speakers import LIMIT, Subject, Subjects
from events.suggest.words import Script, Stretch, Word, holding, sentences

LONGEST = 20_000
_FILLER = "\ue000"
_STOP = re.compile(r"(?<!\b\w)(?<!\b\w\.\w)[.!?](?=\s|$)|[;:\n“„«»\"]")
_LABEL = re.compile(r":\s*$")
_VERBS = 6
_FAR = 2000
_DASH = re.compile(r"[,.!?…]\s*-\s+")
_SHARED = re.compile(
    rf"(?:,|\b(?:and|but|und|aber|et|mais|і|та|й|и|но))\s+{speech.BETWEEN}$", re.IGNORECASE
)
_NO_TITLE = re.compile(
    r"[,:;]|\b(?:of|for|to|with|by|from|about|against|in|on|at|after|before)\s+(?:the\s+)?$"
)


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


class Voices:
    """Gives each quotation of a text its speaker, in order."""

    def __init__(
        self, script: Script, found: list[Pair], subjects: Subjects, persons: frozenset[str]
    ) -> None:
        self.persons = persons
        self.script = script
        self.subjects = subjects
        short = (pair for pair in found if pair.end - pair.start <= LONGEST)
        self.pairs = [part for pair in short for part in _parts(script, pair)]
        self.outer = [pair for pair in self.pairs if pair.depth == 0]
        self.masked = _masked(script.plain, self.outer)
        self.frames = sentences(self.masked, script.paragraphs)
        self.quoted: list[Quoted] = []

    def read(self) -> list[Quoted]:
        """Every quotation with its voice; those within another have none."""
        outer: Quoted | None = None
        for pair in self.pairs:
            start, end, is_partial = self._bounds(pair)
            if start >= end:
                continue
            if pair.depth:
                if len(self.script.words_between(start, end)) >= 3:
                    reason = "Quoted within a quotation"
                    self.quoted.append(
                        Quoted(pair, start, end, is_partial, Voice("", "", 0.3, reason))
                    )
                continue
            one = Quoted(pair, start, end, is_partial, Voice())
            self._give_voice(one, outer)
            self.quoted.append(one)
            outer = one
        return self.quoted

    def _bounds(self, pair: Pair) -> tuple[int, int, bool]:
        """The words within the marks: no white space, no comma, and no full stop of a fragment."""
        plain = self.script.plain
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

    def _give_voice(self, one: Quoted, earlier: Quoted | None) -> None:
        frame = self.frames[holding(self.frames, one.pair.opened)]
        voice, one.until = self._after(one)
        if not voice.words:
            voice = self._before(one, frame)
        if not voice.words and earlier is not None:
            voice = self._carried(one, earlier, voice)
        one.voice = voice

    # After

    def _after(self, one: Quoted) -> tuple[Voice, int]:
        start = one.pair.closed
        plain = self.script.plain
        citation = re.match(r"\d{1,3}(?!\w)|\[\d+\]", plain[start : start + 6])
        start += citation.end() if citation else 0
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
                return self._voice(subject, "", 0.85, "after it", start), end
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
                return self._voice(subject, word.value, sure, "after it", start), end
            if not one.is_partial:
                break
        return Voice(), 0

    # Before

    def _before(self, one: Quoted, frame: Stretch) -> Voice:
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
                return self._voice(subject, "", 0.8, "before it", end)
        if _LABEL.search(lead):
            for mention in self.subjects.within(max(start, end - 80), end)[-1:]:
                if _LABEL.fullmatch(self.masked[mention.end : end].lstrip(")")):
                    named = Subject(
                        self.script.text[mention.start : mention.end],
                        mention.actors[0] if len(mention.actors) == 1 else "",
                        mention.start,
                        mention.end,
                    )
                    return self._voice(named, "", 0.9, "before it", end)
        verbs = [
            word
            for word in self.script.words_between(start, end)
            if word.folded in speech.SAID
            and self.masked[word.start] != _FILLER
            and not is_passive(self.script.plain, word)
        ]
        for nth, verb in enumerate(reversed(verbs[-_VERBS:])):
            subject = self.subjects.before(verb, start) or self.subjects.after(verb, end)
            if subject is None and _goes_on(self.masked[start : verb.start], verb):
                continue
            if subject is None:
                break
            gap = self.masked[verbs[-1].end : end]
            sure = 0.9 if not one.is_partial and len(gap) < 90 else 0.65
            return self._voice(subject, verb.value, sure - 0.1 * min(nth, 3), "before it", end)
        if verbs and not one.is_partial:
            subject = self._main_subject(verbs[-1], start)
            if subject is not None:
                return self._voice(subject, verbs[-1].value, 0.7, "first in the sentence", end)
        return Voice(has_verb=bool(verbs))

    def _main_subject(self, verb: Word, start: int) -> Subject | None:
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

    # Between and carried over

    def _carried(self, one: Quoted, earlier: Quoted, own: Voice) -> Voice:
        if not earlier.voice.words or own.has_verb:
            return own
        gap = self.masked[earlier.pair.closed : one.pair.opened]
        who = earlier.voice
        if earlier.until and "\n" not in gap and len(gap) <= LIMIT + 60:
            rest = self.masked[earlier.until : one.pair.opened].strip(" .,;:-!?")
            if not rest:
                reason = f"It goes on after the words that name {who.words}"
                sure = min(who.confidence, 0.85)
                return Voice(who.words, who.actor, sure, reason, name=who.name)
        gap = re.sub(r"^(?:\d{1,3}|\[\d+\])(?=\s)", "", gap)
        if not gap.strip() and not one.is_partial and gap.count("\n") <= 2:
            reason = f"No speaker is named here; {who.words} spoke in the sentence before"
            return Voice(who.words, who.actor, 0.4 * who.confidence, reason, name=who.name)
        return own

    def _voice(self, subject: Subject, verb: str, sure: float, where: str, at: int) -> Voice:
        shown = f" with '{verb}'" if verb else ""
        if not subject.is_pronoun:
            reason = f"{subject.words} is named {where}{shown}"
            return Voice(
                subject.words, subject.actor, sure, reason, has_verb=True, name=subject.words
            )
        named = self.meant(subject)
        if named is None:
            reason = f"'{subject.words}' speaks {where}{shown}; who that is, is not clear"
            return Voice(subject.words, "", min(sure, 0.5), reason, has_verb=True)
        words, actor = named
        reason = f"'{subject.words}' speaks {where}{shown}; {words} was named last"
        sure = 0.5 if sure > 0.8 else 0.4
        return Voice(subject.words, actor, sure, reason, has_verb=True, name=words)

    def meant(self, pronoun: Subject) -> tuple[str, str] | None:
        """Whom a pronoun means: who spoke last in the paragraph, else the one named last in it."""
        nth = holding(self.script.paragraphs, pronoun.start)
        paragraph = self.script.paragraphs[nth]
        # At the beginning of a paragraph it means who spoke in the one before.
        begins = self.script.paragraphs[max(0, nth - 1)][0]
        earlier = bisect_left(self.quoted, pronoun.start, key=lambda one: one.start)
        for one in reversed(self.quoted[max(0, earlier - 4) : earlier]):
            if one.pair.opened < begins or one.pair.depth:
                continue
            if one.voice.actor:
                return one.voice.name, one.voice.actor
        is_person = pronoun.words.casefold() in speech.HE
        start = max(paragraph[0], pronoun.start - _FAR)
        for mention in reversed(self.subjects.within(start, pronoun.start)[-12:]):
            if self.masked[mention.start] == _FILLER or len(mention.actors) != 1:
                continue
            if (mention.actors[0] in self.persons) == is_person:
                return self.script.text[mention.start : mention.end], mention.actors[0]
        return None


def _parts(script: Script, pair: Pair) -> list[Pair]:
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


def _goes_on(lead: str, verb: Word) -> bool:
    """Whether the verb shares the subject of one before it: '…, saying', 'and stated'."""
    return verb.folded.endswith("ing") or bool(_SHARED.search(lead[-60:]))


def is_passive(plain: str, verb: Word) -> bool:
    """'was told', 'is said to', 'it was announced' name nobody who speaks."""
    lead = plain[max(0, verb.start - 12) : verb.start]
    if re.search(r"\b(?:was|were|is|are|been|be|being|to|wurde|wird|été)\s+$", lead):
        return verb.folded not in ("saying", "telling", "warning", "asking", "quoted")
    return verb.folded == "states" and verb.value != "states"


def _masked(plain: str, outer: list[Pair]) -> str:
    """The text with quoted words hidden, but for the mark that ends them."""
    parts, at = [], 0
    for pair in outer:
        if pair.start < at:
            continue
        end = pair.end
        inner = plain[pair.start : end].rstrip()
        last = inner[-1:] if inner[-1:] in (".", "!", "?", "…", ",") else ""
        length = end - pair.start
        parts += [plain[at : pair.start], _FILLER * (length - len(last)), last]
        at = end
    return "".join([*parts, plain[at:]])
