"""Whom 'he', 'she' and 'they' mean, and what is said of a voice that rests on such a word."""

from __future__ import annotations

from bisect import bisect_left

from events.suggest import speech
from events.suggest.labels import Labels
from events.suggest.quoted import FILLER, Quoted, Voice
from events.suggest.speakers import Subject, Subjects
from events.suggest.words import Script, holding

_FAR = 2000
_VERBS = 6


class Pronouns:
    """Finds whom pronouns mean in one text, by the quotations read so far and by mentions."""

    def __init__(
        self,
        script: Script,
        subjects: Subjects,
        masked: str,
        persons: frozenset[str],
        quoted: list[Quoted],
        labels: Labels,
    ) -> None:
        self.script = script
        self.subjects = subjects
        self.masked = masked
        self.persons = persons
        self.quoted = quoted
        self.labels = labels

    def voice(self, subject: Subject, verb: str, sure: float, where: str) -> Voice:
        """The voice of a subject found `where`, by a verb of saying or none ('')."""
        shown = f" with '{verb}'" if verb else ""
        if not subject.is_pronoun:
            reason = f"{subject.words} is named {where}{shown}"
            return Voice(
                subject.words, subject.actor, sure, reason, has_verb=True, name=subject.words
            )
        line = self.labels.at(subject.start)
        if subject.words.casefold() in speech.FIRST:
            if line is None or not line.actor:
                return Voice(has_verb=True)
            reason = f"'{subject.words}' speaks {where}{shown} in the line of {line.words}"
            return Voice(line.words, line.actor, 0.7, reason, has_verb=True, name=line.words)
        named = self.meant(subject)
        if named is None:
            reason = f"'{subject.words}' speaks {where}{shown}; who that is, is not clear"
            return Voice(subject.words, "", min(sure, 0.5), reason, has_verb=True)
        words, actor = named
        reason = f"'{subject.words}' speaks {where}{shown}; {words} was named last"
        sure = 0.5 if sure > 0.8 else 0.4
        return Voice(subject.words, actor, sure, reason, has_verb=True, name=words)

    def meant(self, pronoun: Subject) -> tuple[str, str] | None:
        """Whom a pronoun means: who spoke last in the paragraph, else the one named last in it.

        At the beginning of a paragraph it may mean who spoke in the one before. In a labelled
        line it never means the one with whom the line is labelled.
        """
        if pronoun.words.casefold() in speech.FIRST:
            return None
        nth = holding(self.script.paragraphs, pronoun.start)
        paragraph = self.script.paragraphs[nth]
        begins = self.script.paragraphs[max(0, nth - 1)][0]
        line = self.labels.at(pronoun.start)
        if line is not None:
            begins = line.until
        is_person = pronoun.words.casefold() in speech.HE | speech.OBLIQUE
        spoke = self._spoke(max(begins, pronoun.start - _FAR), pronoun.start)
        spoke = [one for one in spoke if (one[2] in self.persons) == is_person]
        last = max(spoke, default=None)
        if last is not None and last[0] >= paragraph[0]:
            return last[1:]
        start = max(paragraph[0], begins, pronoun.start - _FAR)
        for mention in reversed(self.subjects.within(start, pronoun.start)[-12:]):
            if self.masked[mention.start] == FILLER or len(mention.actors) != 1:
                continue
            if (mention.actors[0] in self.persons) == is_person:
                return self.script.text[mention.start : mention.end], mention.actors[0]
        return last[1:] if last else None

    def _spoke(self, start: int, end: int) -> list[tuple[int, str, str]]:
        """Where somebody known speaks between two offsets, in whatever way: offset, name, ref."""
        found = []
        nth = bisect_left(self.quoted, end, key=lambda one: one.start)
        for one in self.quoted[max(0, nth - 4) : nth]:
            if one.pair.opened >= start and not one.pair.depth and one.voice.actor:
                found.append((one.start, one.voice.name, one.voice.actor))
        said = [
            word
            for word in self.script.words_between(start, end)
            if word.folded in speech.SAID and self.masked[word.start] != FILLER
        ]
        for verb in said[-_VERBS:]:
            nth = holding(self.script.paragraphs, verb.start)
            subject = self.subjects.before(verb, max(start, self.script.paragraphs[nth][0]))
            if subject is not None and subject.actor and verb.end < end:
                found.append((verb.start, subject.words, subject.actor))
        point = self.labels.point(end)
        if point is not None and point.until < end:
            found.append((point.start, point.words, point.actor))
        for match in list(speech.ACCORDING.finditer(self.masked, start, end))[-2:]:
            subject = self.subjects.following(match.end(), end)
            if subject is not None and subject.actor:
                found.append((match.start(), subject.words, subject.actor))
        return found
