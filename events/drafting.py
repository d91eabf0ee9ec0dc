"""What record a suggestion would become: one draft for each utterance, commitment, or date.

A statement takes in the quotations, dates and conditions of its sentences, so that an analyst gets
one event and not five cards. Works on values alone and asks no database. Nothing here takes a
stance for anybody.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from events import anchors, suggest
from events.suggest import Kind
from events.suggest.spoken_of import is_spoken_of
from events.titles import first_sentence, of_reported, shortened, spoken

type Found = Any
"""A suggest.Suggestion, whose kind says what it holds."""

FAINT = 0.2
"""Quotations less sure than this are words in quotation marks that nobody says."""
FORECAST = 0.3
"""Commitments less sure than this are not worth a card."""

DIRECT, PARTIAL, REPORTED, PARAPHRASE = (
    *("direct_quote", "partial_quote", "reported_speech", "paraphrase"),
)
_POSTED = re.compile(
    r"\b(?:on|auf|sur|у|в|на)\s+(?P<where>X|Twitter|Telegram|Facebook|Instagram|Bluesky|Threads"
    r"|Truth Social|Mastodon|TikTok|VK|Телеграм\w*|Фейсбу\w*)(?![^\W_])"
)
_BESIDE = re.compile(
    r"\b(?P<order>before|after|prior to|following|ahead of)\s+(?:the|these|those)\s+"
    r"(?P<what>talks|meeting|summit|call|negotiations|discussions)\b",
    re.IGNORECASE,
)
_TOLD = frozenset(("told", "tells", "telling", "said", "sagte", "dit", "сказав", "сказала"))
_CONTENT = re.compile(r"\b(?:that|dass|daß|que|qu'|що|что)\b", re.IGNORECASE)
_PRONOUNS = frozenset(("it", "this", "that", "them", "so", "one", "es", "das", "це", "это"))


@dataclass(frozen=True, slots=True)
class Cite:
    """Words a record would rest on: code points, how they reach us, whose they are.

    `speaker` is the ref of an actor, `named` how the text calls somebody who is none yet.
    """

    start: int
    end: int
    manner: str
    speaker: str = ""
    named: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """The day of the document as one would type it, and how it is known ("" for none)."""

    words: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that a suggestion proposes: fields of the noun's form, as a person types them.

    `lacks` says what only a person can add; empty where the draft can be taken as it is.
    `parts` are the other suggestions it took in, `dates` those of them that name a day.
    """

    head: suggest.Suggestion
    noun: str
    title: str
    cites: tuple[Cite, ...]
    values: Mapping[str, str]
    confidence: float
    lacks: str = ""
    parts: tuple[Found, ...] = ()
    dates: tuple[suggest.Dated, ...] = ()

    @property
    def speaker(self) -> str:
        """Ref of the actor it is about, "" for none."""
        return self.cites[0].speaker or self.values.get("debtor", "")


@dataclass(slots=True)
class _Utterance:
    """What one person says without a break: sentences that report it, and quotations."""

    start: int
    end: int
    statements: list[Found] = field(default_factory=list)
    quotations: list[Found] = field(default_factory=list)
    taken: list[Found] = field(default_factory=list)

    @property
    def members(self) -> list[Found]:
        """Everything that says who speaks, in reading order."""
        both = [*self.statements, *self.quotations]
        return sorted(both, key=lambda s: (s.start, -s.end))

    @property
    def actor(self) -> str:
        """The ref of who speaks, "" where the text names nobody known."""
        return next((s.found.actor for s in self.members if s.found.actor), "")

    @property
    def named(self) -> str:
        """How the text names who speaks, a name before a pronoun."""
        names = [s.found.speaker for s in self.members if s.found.speaker]
        return max(names, key=len, default="")


def drafts(
    text: str,
    found: Iterable[suggest.Suggestion],
    called: Mapping[str, str],
    day: Day = Day(),
    *,
    is_post: bool = False,
) -> tuple[Draft, ...]:
    """The drafts of a text in reading order.

    `called` maps refs of actors to the name used in titles; `day` is that of the document;
    `is_post` says that the document itself is a post.
    """
    return _Drafting(text, tuple(found), called, day, is_post).all()


class _Drafting:
    def __init__(
        self,
        text: str,
        found: tuple[Found, ...],
        called: Mapping[str, str],
        day: Day,
        is_post: bool,
    ) -> None:
        self.text, self.called, self.day, self.is_post = text, called, day, is_post
        of: dict[Kind, list[Found]] = {kind: [] for kind in Kind}
        for one in found:
            of[one.kind].append(one)
        self.statements = sorted([*of[Kind.STATEMENT], *of[Kind.RESPONSE]], key=lambda s: s.start)
        self.quotations = _outermost(s for s in of[Kind.QUOTATION] if s.confidence >= FAINT)
        self.commitments = of[Kind.COMMITMENT]
        self.conditions = sorted(of[Kind.CONDITION], key=lambda s: s.start)
        self.dates = sorted(of[Kind.DATE], key=lambda s: s.start)
        self.used: set[str] = set()

    def all(self) -> tuple[Draft, ...]:
        """Every draft; what one of them used makes none of its own."""
        utterances = self._utterances()
        made = [self._event(one) for one in utterances]
        made += [self._quote(one) for one in self.quotations if one.fingerprint not in self.used]
        made += [d for one in self.commitments if (d := self._commitment(one, utterances))]
        made += [
            self._condition(one)
            for one in self.conditions
            if one.fingerprint not in self.used and one.found.actor
        ]
        made += [self._dated(one) for one in self.dates if one.fingerprint not in self.used]
        seen: dict[str, Draft] = {}
        for draft in sorted(made, key=lambda d: (d.cites[0].start, -d.cites[0].end, d.noun)):
            seen.setdefault(draft.head.fingerprint, draft)
        return tuple(seen.values())

    # Who says what.

    def _utterances(self) -> list[_Utterance]:
        found = [_Utterance(s.start, s.end, [s]) for s in self.statements]
        for quote in self.quotations:
            if not quote.found.speaker and not quote.found.actor:
                continue
            frame = next((u for u in found if u.start - 2 <= quote.start < u.end), None)
            if frame is not None and _agree(frame, quote):
                frame.quotations.append(quote)
                frame.end = max(frame.end, quote.end)
            else:
                found.append(_Utterance(quote.start, quote.end, quotations=[quote]))
        joined: list[_Utterance] = []
        for one in sorted(found, key=lambda u: (u.start, -u.end)):
            if joined and self._goes_on(joined[-1], one):
                last = joined[-1]
                last.statements += one.statements
                last.quotations += one.quotations
                last.end = max(last.end, one.end)
            else:
                joined.append(one)
        for one in joined:
            self.used |= {s.fingerprint for s in one.members}
            for parts in (self.dates, self.conditions):
                one.taken += _starting(parts, one.start, one.end)
            self.used |= {part.fingerprint for part in one.taken}
        return joined

    def _goes_on(self, before: _Utterance, after: _Utterance) -> bool:
        """Whether the same person speaks on in the same paragraph, with nothing in between."""
        if after.start < before.end:
            return bool(before.actor) and before.actor == after.actor
        gap = self.text[before.end : after.start]
        if any(letter.isalpha() or letter == "\n" for letter in gap):
            return False
        same = bool(before.actor) and before.actor == after.actor
        days = [self._said_on(one) for one in (before, after)]
        return same and (not days[1] or days[0] == days[1])

    # Drafts.

    def _event(self, one: _Utterance) -> Draft:
        cites = tuple(self._cites(one))
        head = next((s for s in one.members if s.kind == Kind.RESPONSE), one.members[0])
        who = self.called.get(one.actor, "") or _a_name(one.named)
        posted = _POSTED.search(self._narration(one))
        is_post = self.is_post or posted is not None
        values = {
            "title": self._title(one, who, posted),
            "kind": "post" if is_post else "statement",
        }
        values |= self._when(one)
        values |= {"who": one.actor or who, "role": "speaker"}
        if (addressee := self._addressee(one)) and addressee != one.actor:
            values["addressee"] = addressee
        if is_post:
            values["channel"] = "public"
        lacks = "" if one.actor else "who speaks is not an actor of the dossier yet"
        if not who:
            lacks = "who speaks was not recognised"
        named = [s for s in one.taken if s.kind == Kind.DATE and s.found.choices]
        rest = [s for s in [*one.members, *one.taken] if s is not head]
        sure = max(s.confidence for s in one.members)
        dated = tuple(s.found for s in named)
        return Draft(head, "event", values["title"], cites, values, sure, lacks, tuple(rest), dated)

    def _cites(self, one: _Utterance) -> Iterable[Cite]:
        """The quotations; a sentence where it quotes no more than fragments."""
        named = "" if one.actor else _a_name(one.named)
        cites = []
        for sentence in one.statements or [None]:
            inside = [
                q
                for q in one.quotations
                if sentence is None or sentence.start - 2 <= q.start < sentence.end
            ]
            if sentence is None or any(not q.found.is_partial for q in inside):
                continue
            start, end = self._said(sentence)
            manner = PARTIAL if inside else REPORTED
            if not sentence.found.verb:
                manner = DIRECT  # a line of a transcript is what was said, word for word
            cites.append(Cite(start, end, manner, one.actor, named))
        for quote in one.quotations:
            if any(c.start <= quote.start and quote.end <= c.end for c in cites):
                continue
            manner = PARTIAL if quote.found.is_partial else DIRECT
            cites.append(Cite(quote.start, quote.end, manner, one.actor, named))
        # What is quoted in full is the better evidence, and so comes first.
        return sorted(cites, key=lambda c: (c.manner != DIRECT, c.start))

    def _said(self, sentence: Found) -> tuple[int, int]:
        """Where the words of a sentence stand: without its label, citation mark and spaces."""
        start, words = sentence.start, self.text[sentence.start : sentence.end]
        if not sentence.found.verb and (label := re.match(r"[^:\n]{1,130}:\s*", words)):
            start, words = start + label.end(), words[label.end() :]
        words = anchors.unmarked(words.rstrip()).rstrip()
        return (start, start + len(words)) if words else (sentence.start, sentence.end)

    def _title(self, one: _Utterance, who: str, posted: re.Match[str] | None) -> str:
        where = f", on {posted['where']}" if posted else ""
        to = self.called.get(self._addressee(one), "")
        verb = one.statements[0].found.verb if one.statements else ""
        lead = f"{who}{where}" if where or not to or verb not in _TOLD else f"{who} to {to}"
        for quote in sorted(one.quotations, key=lambda q: q.found.is_partial):
            if not quote.found.is_partial or not one.statements:
                return spoken(lead if who else "", first_sentence(quote.found.clean))
        sentence = one.statements[0]
        start, end = self._said(sentence)
        words = anchors.clean(self.text[start:end])
        if not sentence.found.verb:
            return spoken(lead, first_sentence(words))
        return of_reported(lead, words, sentence.found.speaker, sentence.found.verb)

    def _addressee(self, one: _Utterance) -> str:
        return next((s.found.addressee for s in one.statements if s.found.addressee), "")

    def _narration(self, one: _Utterance) -> str:
        """The reporter's own words around the quotations, which are blanked out."""
        start = one.start
        if not one.statements:
            line = self.text.rfind("\n", 0, start) + 1
            stop = max(self.text.rfind(mark, line, start) for mark in (". ", "? ", "! ", "” "))
            start = max(line, stop + 1, start - 300)
        letters = list(self.text[start : one.end])
        for quote in _touching(self.quotations, start, one.end):
            for at in range(max(quote.start, start), min(quote.end, one.end)):
                letters[at - start] = " "
        return "".join(letters)

    def _said_on(self, one: _Utterance) -> Found | None:
        """The date of the speaking itself: named by the reporter beside the verb, not within what
        is said ('said on Monday', not 'said that talks begin on Monday')."""
        for date in _starting(self.dates, one.start, one.end):
            if _touching(self.quotations, date.start, date.start + 1):
                continue
            for sentence in one.statements:
                if not sentence.start <= date.start < sentence.end or not sentence.found.verb:
                    continue
                if is_spoken_of(self.text, sentence.start, date.start, date.end):
                    continue
                verb = self.text.find(sentence.found.verb, sentence.start, sentence.end)
                between = self.text[verb + len(sentence.found.verb) : date.start]
                is_near = len(between.split()) <= 3 and not _CONTENT.search(between)
                if date.start < verb or is_near:
                    return date
        return None

    def _when(self, one: _Utterance) -> dict[str, str]:
        """The date as found beside the verb; what came before or after the talks has no day of its
        own; all else is of the day of the document, which is said."""
        if date := self._said_on(one):
            if len(date.found.choices) == 1:
                choice = date.found.choices[0]
                return {"when": choice.text, "when_basis": choice.basis}
            return {"when": ""}
        if beside := _BESIDE.search(self._narration(one)):
            order = "after" if beside["order"].lower() in ("after", "following") else "before"
            return {"when": f"{order} the {beside['what'].lower()}", "when_basis": "derived_event"}
        return {"when": self.day.words, "when_basis": self.day.basis} if self.day.words else {}

    def _quote(self, one: Found) -> Draft:
        """Quoted words that nobody says are kept as a passage."""
        cite = Cite(one.start, one.end, PARTIAL if one.found.is_partial else DIRECT)
        title = spoken("", shortened(one.found.clean, 100))
        self.used.add(one.fingerprint)
        return Draft(one, "passage", title, (cite,), {}, one.confidence)

    def _commitment(self, one: Found, said: list[_Utterance]) -> Draft | None:
        held = one.found
        quote = next(iter(_touching(self.quotations, one.start, one.start + 1)), None)
        # What others say somebody will do binds nobody.
        is_forecast = quote is not None and quote.found.actor not in ("", held.actor)
        if one.confidence < FORECAST or is_forecast or held.action.lower() in _PRONOUNS:
            return None
        start, end = one.start, one.end
        hinges = [
            c
            for c in self.conditions
            if held.depends_on and c.found.condition == held.depends_on and abs(c.start - end) < 300
        ]
        for hinge in hinges[:1]:
            start, end = min(start, hinge.start), max(end, hinge.end)
            self.used.add(hinge.fingerprint)
        manner, speaker = PARAPHRASE, ""
        if quote is not None:
            manner, speaker = (PARTIAL if quote.found.is_partial else DIRECT), quote.found.actor
            end = min(end, quote.end)
        elif within := next((u for u in said if u.start <= one.start < u.end), None):
            manner, speaker = REPORTED, within.actor
        words = anchors.clean(" ".join(one.exact.split()))
        who = self.called.get(held.actor, "")
        title = spoken(who, shortened(words, 100)) if quote else shortened(words, 110)
        action = re.sub(r"^be (?=\w+ing\b)", "", anchors.clean(held.action))
        values = {"action": action[:1].upper() + action[1:], "debtor": held.actor}
        values |= {"firmness": held.firmness, "condition": held.depends_on}
        due = [d for d in self.dates if one.start <= d.start < one.end]
        if due and len(due[0].found.choices) == 1:
            values["due"] = due[0].found.choices[0].text
        self.used |= {d.fingerprint for d in due}
        is_noun = re.match(r"(?:an?|the|to|on|eine?n?|der|die|das)\s", held.action, re.IGNORECASE)
        lacks = "what is to be done needs a verb" if is_noun else ""
        dates = tuple(d.found for d in due)
        cites = (Cite(start, end, manner, speaker),)
        parts = (*hinges[:1], *due)
        return Draft(one, "commitment", title, cites, values, one.confidence, lacks, parts, dates)

    def _condition(self, one: Found) -> Draft:
        """A condition that nothing hangs on yet: what would follow is for a person to say."""
        values = {"condition": one.found.condition, "depends_on_actor": one.found.actor}
        values["action"] = shortened(anchors.clean(one.found.outcome), 280)
        cite = Cite(one.start, one.end, PARAPHRASE)
        title = shortened(anchors.clean(" ".join(one.exact.split())), 110)
        lacks = "who would be bound by it is not clear"
        return Draft(one, "commitment", title, (cite,), values, one.confidence, lacks)

    def _dated(self, one: Found) -> Draft:
        """A date that nothing uses: what happened then is for a person to say."""
        choices = one.found.choices
        values = {"title": "", "when": ""}
        if len(choices) == 1:
            values |= {"when": choices[0].text, "when_basis": choices[0].basis}
        # The date itself: its words are what is sure.
        cite = Cite(one.start, one.end, PARAPHRASE)
        lacks = "what happened then needs a title"
        title = f"‘{one.exact}’"
        return Draft(one, "event", title, (cite,), values, one.confidence, lacks, (), (one.found,))


def _starting(ordered: list[Found], start: int, end: int) -> list[Found]:
    """Those of `ordered`, by where they start, that start between two code points."""
    first = bisect_left(ordered, start, key=lambda one: one.start)
    return ordered[first : bisect_left(ordered, end, lo=first, key=lambda one: one.start)]


def _touching(ordered: list[Found], start: int, end: int) -> list[Found]:
    """Those of `ordered`, by where they start and none within another, that have any of the code
    points between two."""
    first = bisect_right(ordered, start, key=lambda one: one.end)
    return ordered[first : bisect_left(ordered, end, lo=first, key=lambda one: one.start)]


def _outermost(quotations: Iterable[Found]) -> list[Found]:
    """Without those that stand inside another one."""
    found: list[Found] = []
    for one in sorted(quotations, key=lambda q: (q.start, -q.end)):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return found


def _agree(frame: _Utterance, quote: Found) -> bool:
    """Whether the quotation may be of who speaks in the sentence."""
    if frame.actor and quote.found.actor:
        return frame.actor == quote.found.actor
    return True


def _a_name(words: str) -> str:
    """The words if they may name somebody: 'Marko Ilic', not 'he'."""
    return words if re.search(r"[A-ZÄÖÜА-ЯІЇЄҐ]", words[:1]) and len(words) > 3 else ""


def with_lack(draft: Draft, lacks: str) -> Draft:
    """The same, with something only a person can say."""
    return replace(draft, lacks=draft.lacks or lacks)
