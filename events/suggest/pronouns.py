"""Whom 'he', 'she' and 'they' mean, and what is said of a voice that rests on such a word."""

from __future__ import annotations

from bisect import bisect_left

from events.suggest import speech
from events.suggest.quoted import FILLER, Quoted, Voice
from events.suggest.speakers import Subject, Subjects
from events.suggest.words import Script, holding

_FAR = 2000


class Pronouns:
    """Finds whom pronouns mean in one text, by the quotations read so far and by mentions."""

    def __init__(
        self,
        script: Script,
        subjects: Subjects,
        masked: str,
        persons: frozenset[str],
        quoted: list[Quoted],
    ) -> None:
        self.script = script
        self.subjects = subjects
        self.masked = masked
        self.persons = persons
        self.quoted = quoted

    def voice(self, subject: Subject, verb: str, sure: float, where: str) -> Voice:
        """The voice of a subject found `where`, by a verb of saying or none ('')."""
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
        is_person = pronoun.words.casefold() in speech.HE | speech.OBLIQUE
        start = max(paragraph[0], pronoun.start - _FAR)
        for mention in reversed(self.subjects.within(start, pronoun.start)[-12:]):
            if self.masked[mention.start] == FILLER or len(mention.actors) != 1:
                continue
            if (mention.actors[0] in self.persons) == is_person:
                return self.script.text[mention.start : mention.end], mention.actors[0]
        return None
