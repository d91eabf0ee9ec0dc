"""Whom 'he', 'she' and 'they' mean, and what is said of a voice that rests on such a word."""

from __future__ import annotations

import re
from bisect import bisect_left

from events.suggest import speech
from events.suggest.labels import Labels
from events.suggest.quoted import FILLER, Quoted, Voice
from events.suggest.speakers import Subject, Subjects
from events.suggest.words import Script, each, holding

_FAR = 2000
_VERBS = 6


type _Spoke = tuple[int, str, str]
"""Who spoke or is named: the offset, the words, and the ref or ''."""
_GENDERS = dict.fromkeys(each("she elle вона она її её ее her"), "f")
_GENDERS |= dict.fromkeys(each("he il він он його его him"), "m")
_TITLES = dict.fromkeys(
    each(
        "ms mrs miss lady madam queen princess baroness spokeswoman chairwoman frau mme madame "
        "ministerin außenministerin präsidentin kanzlerin sprecherin présidente речниця пані "
        "госпожа"
    ),
    "f",
)
_TITLES |= dict.fromkeys(
    each("mr lord sir king prince spokesman chairman bishop herr monsieur пан господин"), "m"
)


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
        self.genders = self._titles()

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
        spoke = [one for one in spoke if not one[2] or (one[2] in self.persons) == is_person]
        spoke = self._fitting(pronoun, spoke)
        last = max(spoke, default=None)
        start = max(paragraph[0], begins, pronoun.start - _FAR)
        mentions = [
            mention
            for mention in self.subjects.within(start, pronoun.start)[-12:]
            if self.masked[mention.start] != FILLER
            and len(mention.actors) == 1
            and (mention.actors[0] in self.persons) == is_person
        ]
        # Of 'Berger met with Morel' the first is meant rather than the other.
        mentions = [one for one in mentions if not self.subjects.is_oblique(one)] or mentions
        named = self._fitting(
            pronoun,
            [(one.start, self.script.text[one.start : one.end], one.actors[0]) for one in mentions],
        )
        if last is not None and last[0] >= paragraph[0]:
            # Of a woman named later, 'she' is more likely than of whom nothing is known.
            is_likelier = named and named[-1] > last and self._is_known(pronoun, named[-1])
            if not is_likelier or self._is_known(pronoun, last):
                return last[1:]
        if named:
            return named[-1][1:]
        return last[1:] if last else None

    def _fitting(self, pronoun: Subject, found: list[_Spoke]) -> list[_Spoke]:
        """Those whom the pronoun may mean: 'she' no Mr Berger, and Lady Morel before others."""
        gender = _GENDERS.get(pronoun.words.casefold())
        if gender is None:
            return found
        other = "m" if gender == "f" else "f"
        fitting = [one for one in found if self.genders.get(one[2]) == gender]
        return fitting or [one for one in found if self.genders.get(one[2]) != other]

    def _is_known(self, pronoun: Subject, one: _Spoke) -> bool:
        gender = _GENDERS.get(pronoun.words.casefold())
        return gender is not None and self.genders.get(one[2]) == gender

    def _titles(self) -> dict[str, str]:
        """The actors whom the text names with a title for a woman or a man."""
        found: dict[str, str] = {}
        for mention in self.subjects.found:
            lead = self.script.plain[max(0, mention.start - 16) : mention.start]
            title = re.search(r"([^\W\d_]+)\.?\s$", lead)
            words = [title[1]] if title else []
            words.append(self.script.plain[mention.start : mention.end].split()[0].strip("."))
            for word in words:
                gender = _TITLES.get(word.casefold())
                if gender is not None and len(mention.actors) == 1:
                    found.setdefault(mention.actors[0], gender)
        return found

    def _spoke(self, start: int, end: int) -> list[_Spoke]:
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
            if subject is not None and not subject.is_pronoun and verb.end < end:
                found.append((verb.start, subject.words, subject.actor))
        point = self.labels.point(end)
        if point is not None and point.until < end:
            found.append((point.start, point.words, point.actor))
        for match in list(speech.ACCORDING.finditer(self.masked, start, end))[-2:]:
            subject = self.subjects.following(match.end(), end)
            if subject is not None and subject.actor:
                found.append((match.start(), subject.words, subject.actor))
        return found
