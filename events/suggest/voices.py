"""Whose words a quotation has.

A speaker is looked for after the quotation ('…', said the envoy), before it in its sentence
(Rubio said: …), in the words between two parts of it, and last in the sentence before. What rests
on a pronoun or on the sentence before has little confidence, and says so. Where nothing in the
text tells, the speaker stays empty.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from events.suggest.attribution import Attribution
from events.suggest.labels import Labels
from events.suggest.pairing import Pair
from events.suggest.pronouns import Pronouns
from events.suggest.quoted import Quoted, Voice, bounds, dialogue, masked, parts
from events.suggest.speakers import LIMIT, Subjects
from events.suggest.words import Script, Stretch, holding, sentences

LONGEST = 20_000


class Voices:
    """Gives each quotation of a text its speaker, in order."""

    def __init__(
        self, script: Script, found: list[Pair], subjects: Subjects, persons: frozenset[str]
    ) -> None:
        self.script = script
        short = [pair for pair in found if pair.end - pair.start <= LONGEST]
        lines = [line for line in dialogue(script) if not _holds(short, line)]
        short = sorted([*short, *lines], key=lambda pair: (pair.start, -pair.end))
        cut = [(pair, parts(script, pair)) for pair in short]
        self.pairs = [part for _, some in cut for part in some]
        self.masked = masked(script.plain, [pair for pair in self.pairs if not pair.depth])
        whole = [(pair.opened, pair.closed) for pair, some in cut if len(some) > 1]
        self.frames = _joined(sentences(self.masked, script.paragraphs), whole)
        self.quoted: list[Quoted] = []
        self.labels = Labels(script, subjects)
        self.pronouns = Pronouns(script, subjects, self.masked, persons, self.quoted, self.labels)
        self.attribution = Attribution(script, subjects, self.masked, self.frames, self.pronouns)

    def read(self) -> list[Quoted]:
        """Every quotation with its voice; those within another have none."""
        outer: Quoted | None = None
        for pair in self.pairs:
            start, end, is_partial = bounds(self.script, pair)
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

    def _give_voice(self, one: Quoted, earlier: Quoted | None) -> None:
        frame = self.frames[holding(self.frames, one.pair.opened)]
        voice, one.until = self.attribution.after(one)
        if not voice.words:
            voice = self.attribution.before(one, frame)
        if not voice.words and earlier is not None:
            voice = self._carried(one, earlier, voice)
        one.voice = voice

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


def _holds(found: list[Pair], line: Pair) -> bool:
    """Whether a quotation of the text reaches into the line from before it."""
    nth = bisect_left(found, line.start, key=lambda pair: pair.start)
    return nth > 0 and found[nth - 1].closed > line.start


def _joined(frames: list[Stretch], whole: list[Stretch]) -> list[Stretch]:
    """The sentences, those put together that share a quotation with its reporter within."""
    found: list[Stretch] = []
    nth = 0
    for start, end in frames:
        while nth < len(whole) and whole[nth][1] <= start:
            nth += 1
        shares = nth < len(whole) and whole[nth][0] < start < whole[nth][1]
        if found and shares and found[-1][1] > whole[nth][0]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
