"""Who speaks, by a verb of saying: its subject, which stands right before or after it.

A subject is a known actor, a name, or the bearer of an office; a pronoun is left to `voices`. What
stands after a preposition ('talks with Putin said') is no subject.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from events.suggest import speech
from events.suggest.mentions import Found
from events.suggest.words import Script, Word

LIMIT = 240
_ADJACENT = re.compile(
    rf"^(?:\s*\([^()]{{1,40}}\))?(?:,?\s{speech.WHO})?\s+(?:as\s+)?{speech.BETWEEN}$"
)
_APART = re.compile(rf"^,\s(?P<aside>[^,;:]{{1,100}}(?:,\s[^,;:]{{1,60}})?),\s{speech.BETWEEN}$")
_ALONE = re.compile(rf"^,\s{speech.BETWEEN}$")
_ASIDE = re.compile(r",\s(?:[A-ZÀ-ÞА-Я][\w-]*\s){0,3}$")
_AND = re.compile(r"\s(?:and|und|et|і|та|и)\s(?:the\s)?")
_OF = re.compile(r"\s(?:of|von|de|du|des|de\sla)\s(?:the\s)?")
_PREPOSITION = re.compile(
    r"\b(?:of|for|to|with|by|from|about|against|toward|towards|at|mit|von|für|zu|avec|de|pour|à|"
    r"з|із|від|для|про|с|от|о|по|до|des|der)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_OFFICE_OF = re.compile(
    rf"(?<![^\W_])(?P<who>(?:the\s+|an?\s+|der\s+|die\s+|le\s+|la\s+)?(?:[\w-]+\s+){{0,2}}{speech.ROLE}\s+"
    r"(?:for|of|to|from|von|de|du)\s+(?:the\s+)?)$",
    re.IGNORECASE,
)
_ANYONE = "|".join(sorted(speech.HE | speech.THEY | speech.FIRST))
_PRONOUN = re.compile(
    rf"(?<![^\W_])(?P<who>{_ANYONE})\s+{speech.BETWEEN}$",
    re.IGNORECASE,
)
_PRONOUNS = speech.HE | speech.THEY | speech.OBLIQUE
_TITLED = re.compile(rf"\s(?:{speech.ROLE}\s|M\.\s|Mme\s)?$", re.IGNORECASE)
_CAPITALS = re.compile(r"(?:[A-ZÀ-ÞА-Я][\w.-]*\s){0,3}")
_CALLED = re.compile(r",\s(?:an?|the|eine?|une?|le|la)\s")
_OFFICE_OF_ANOTHER = re.compile(
    rf"(?P<who>(?:(?:der|die|ein|eine|the|le|la)\s+)?{speech.ROLE}\s+)$", re.IGNORECASE
)
_DESCRIBED = re.compile(
    r"(?:the|an?|his|her|their|its|der|die|sein|seine|ihr|ihre|le|la|l'|son|sa|leur|un|une)\s?"
    r"[^,;:.!?\"“”„«»\n]{1,60},\s",
    re.IGNORECASE,
)
_GENITIVE = ("s", "ого")
_LEADING = re.compile(r"^(?:-t)?-?(?:\s|hinzu\b|mit\b|dazu\b|a\b|ont\b|hat\b|auch\b)*")


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is said to speak: the words for them, their ref where known, and from where to where."""

    words: str
    actor: str
    start: int
    end: int
    is_pronoun: bool = False


class Subjects:
    """Finds subjects in one text."""

    def __init__(self, script: Script, found: list[Found]) -> None:
        self.script = script
        self.found = found
        self._starts = [mention.start for mention in found]
        self._before: dict[tuple[int, int], Subject | None] = {}

    def within(self, start: int, end: int) -> list[Found]:
        """The mentions that begin from `start` on and before `end`."""
        return self.found[
            bisect_right(self._starts, start - 1) : bisect_right(self._starts, end - 1)
        ]

    def before(self, verb: Word, start: int) -> Subject | None:
        """The subject that ends right before a verb, no earlier than `start`."""
        start = max(start, verb.start - LIMIT)
        if (verb.start, start) not in self._before:
            self._before[verb.start, start] = self._look_before(verb, start)
        return self._before[verb.start, start]

    def _look_before(self, verb: Word, start: int) -> Subject | None:
        plain = self.script.plain
        if verb.folded.endswith("ли") and not verb.folded.startswith("назва"):
            house = speech.IN_THEIR_HOUSE.match(plain[start : verb.start])
            if house is not None:
                return self._named(start, start + house.end("who"))
        for mention in reversed(self.within(start, verb.start)[-8:]):
            gap = plain[mention.end : verb.start]
            nested = _OF.match(gap)
            following = self.within(mention.end, verb.start)[:1]
            if (
                nested is not None
                and following
                and following[0].start == mention.end + nested.end()
            ):
                gap = plain[following[0].end : verb.start]
            apart = _APART.match(gap)
            if apart is not None and speech.SAID.intersection(apart["aside"].casefold().split()):
                continue
            is_aside = _ASIDE.search(plain[max(start, mention.start - 40) : mention.start])
            if apart is not None or _ADJACENT.match(gap) or (is_aside and _ALONE.match(gap)):
                subject = self._checked(mention, start)
                if subject is not None or not self._is_owner(mention, start):
                    return subject
        lead = plain[start : verb.start]
        pronoun = _PRONOUN.search(lead[-60:])
        if pronoun is not None:
            at = verb.start - len(lead[-60:])
            return self._named(at + pronoun.start("who"), at + pronoun.end("who"), pronoun=True)
        short = lead[-120:]
        for pattern in (speech.PHRASE_BEFORE, speech.NAME_BEFORE):
            is_phrase = pattern is speech.PHRASE_BEFORE
            if is_phrase and not self._has_office(verb.start - len(short), verb.start):
                continue
            match = pattern.search(short)
            if match is None or match["who"].split()[0].casefold() in (
                speech.NO_NAME - speech.ARTICLES
            ):
                continue
            if pattern is speech.NAME_BEFORE and match["who"].casefold() in speech.NO_NAME:
                continue
            if _PREPOSITION.search(short[: match.start("who")]):
                continue
            at = verb.start - len(short)
            called = self._called(at + match.end("who"), verb.start) if is_phrase else None
            return called or self._named(at + match.start("who"), at + match.end("who"))
        return None

    def _called(self, start: int, end: int) -> Subject | None:
        """The one whom 'the envoy, a lawyer called Anna Berger, said' names between."""
        plain = self.script.plain
        if _CALLED.match(plain, start):
            for mention in self.within(start, end)[-1:]:
                if plain[mention.end : mention.end + 1] == ",":
                    return self._named(mention.start, mention.end, mention)
        return None

    def is_oblique(self, mention: Found) -> bool:
        """Whether the mention stands in another case than a subject, or after a preposition."""
        lead = self.script.plain[max(0, mention.start - 30) : mention.start]
        return mention.is_inflected or _PREPOSITION.search(lead) is not None

    def _has_office(self, start: int, end: int) -> bool:
        """Whether a word for an office stands there: the pattern for them is slow to try."""
        return any(
            word.folded in speech.ROLES or word.folded.startswith("spokes")
            for word in self.script.words_between(start, end)
        )

    def _is_owner(self, mention: Found, start: int) -> bool:
        """Whether the mention only says of what the one before it is: 'Oduya of Norland'."""
        for earlier in self.within(start, mention.start)[-1:]:
            return bool(_OF.fullmatch(self.script.plain[earlier.end : mention.start]))
        return False

    def after(self, verb: Word, end: int) -> Subject | None:
        """The subject that follows a verb that may come first: 'said the envoy'."""
        if verb.folded not in speech.INVERTED:
            return None
        # In English the speaker comes after the verb only beside the quotation.
        beside = self.script.plain[max(0, verb.start - 12) : verb.start].rstrip(" -,")
        if verb.folded in speech.ENGLISH and verb.value[0].isupper():
            return None
        if verb.folded in speech.ENGLISH and not re.search(r"[\"”'»“«\]\d]$", beside):
            return None
        return self.following(verb.end, min(end, verb.end + LIMIT // 2))

    def following(self, start: int, end: int) -> Subject | None:
        """Who is named right from `start` on: an actor, its offices before it, or a name."""
        plain = self.script.plain
        described = _DESCRIBED.match(plain, start + len(_LEADING.match(plain[start:end])[0]))  # type: ignore[index]
        if described is not None:
            # 'said his counterpart, Luc Morel'.
            for mention in self.within(described.end(), described.end() + 40)[:1]:
                if _CAPITALS.fullmatch(plain[described.end() : mention.start]):
                    return self._named(mention.start, mention.end, mention)
        stop = re.search(r"[,;:!?\"“”„«»\n]|(?<!\b\w)\.(?=\s|$)|\s-\s", plain[start:end])
        end = start + stop.start() if stop else end
        start += len(_LEADING.match(plain[start:end])[0])  # type: ignore[index]
        tail = plain[start:end]
        word = re.match(r"[^\W\d_]+", tail)
        if word is not None and word[0].casefold() in _PRONOUNS:
            return self._named(start, start + word.end(), pronoun=True)
        for mention in self.within(start, end)[:1]:
            lead = plain[start : mention.start]
            # Of 'the envoy of Russia' the envoy speaks, of 'Foreign Minister Sybiha' Sybiha.
            if len(lead) > 70 or any(w.casefold() in speech.SAID for w in lead.split()):
                continue
            if not lead.strip() or not re.search(
                r"\b(?:in|on|at|to|with|for|of|that|who|reporters|journalists|about|zu|in|dans|à|"
                r"у|в|на)\s|,",
                lead + " ",
                re.IGNORECASE,
            ):
                return self._last_of_chain(mention, end)
        phrase = speech.PHRASE_AFTER.match(tail)
        if phrase is not None:
            return self._named(start, start + phrase.end("who"))
        name = speech.NAME_AFTER.match(tail)
        if name is not None and name["who"].split()[0].casefold() not in speech.NO_NAME:
            return self._named(start, start + name.end("who"))
        return None

    def _last_of_chain(self, mention: Found, end: int) -> Subject:
        """Of 'Minister of Norland Anna Berger' the last, who is the one that speaks."""
        for later in self.within(mention.end, end):
            if not _TITLED.fullmatch(self.script.plain[mention.end : later.start]):
                break
            mention = later
        return self._named(mention.start, mention.end, mention)

    def _checked(self, mention: Found, start: int) -> Subject | None:
        """The mention as subject, unless it only says whose office-holder speaks."""
        lead = self.script.plain[start : mention.start]
        office = _OFFICE_OF.search(lead[-100:])
        if office is not None:
            at = mention.start - len(lead[-100:])
            return self._named(at + office.start("who"), mention.end)
        if _PREPOSITION.search(lead[-30:]):
            return None
        owner = _OFFICE_OF_ANOTHER.search(lead[-60:])
        if owner and mention.is_inflected and self.script.plain.endswith(_GENITIVE, 0, mention.end):
            # 'Der Sprecher Bergers': not Berger speaks.
            return self._named(mention.start - len(owner["who"]), mention.end)
        both = self.within(start, mention.start)[-1:]
        if both and _AND.fullmatch(self.script.plain[both[0].end : mention.start]):
            # 'Berger and Morel said': two speak, and none of them alone.
            first = self.script.plain[start : both[0].start]
            if not first.strip() or first.rstrip()[-1] in ",.;:":
                return self._named(both[0].start, mention.end)
        return self._named(mention.start, mention.end, mention)

    def _named(
        self, start: int, end: int, mention: Found | None = None, *, pronoun: bool = False
    ) -> Subject:
        words = " ".join(self.script.text[start:end].split())
        actor = mention.actors[0] if mention and len(mention.actors) == 1 else ""
        return Subject(words, actor, start, end, pronoun)


def is_passive(plain: str, verb: Word) -> bool:
    """'was told', 'is said to', 'it was announced' name nobody who speaks."""
    lead = plain[max(0, verb.start - 12) : verb.start]
    if re.search(r"\b(?:was|were|is|are|been|be|being|to|wurde|wird|été)\s+$", lead):
        return verb.folded not in ("saying", "telling", "warning", "asking", "quoted")
    return verb.folded == "states" and verb.value != "states"
