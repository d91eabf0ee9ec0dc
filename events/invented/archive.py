"""The events of an invented archive, day by day, with all that hangs on them."""

from __future__ import annotations

import datetime as dt
import random
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from events.invented import dating, words
from events.invented.cast import Acting, Cast
from events.invented.pace import FIRST, PRESENT
from events.invented.tables import Table
from events.models import (
    Conflict,
    ConflictMember,
    Dossier,
    Event,
    Evidence,
    Link,
    Participation,
    Passage,
    Position,
    Source,
    SourceText,
)

MEMORY = 64
"""Events back to which a later one answers."""

RARITY = 50_000
"""Of so many events one has a certain rare word."""

CITED = 12
"""Events that one source tells of."""

KINDS = {
    "statement": 30,
    "meeting": 13,
    "talks": 10,
    "call": 12,
    "post": 12,
    "attack": 9,
    "decision": 8,
    "other": 4,
    "deadline": 2,
}
STATES = {"published": 80, "draft": 13, "reviewed": 7}
PAST = {"occurred": 94, "cancelled": 2, "announced": 1.5, "not_ruled_out": 1.5, "hypothetical": 1}
AHEAD = {"planned": 60, "announced": 25, "not_ruled_out": 8, "hypothetical": 7}
CHANNELS = {"unknown": 40, "direct": 20, "public": 20, "phone": 10, "shuttle": 6, "relayed": 4}
BASES = {"stated": 88, "derived_document": 8, "inferred": 4}
STANCES = {"supports": 25, "conditional": 25, "open": 15, "unclear": 10, "opposes": 20, "none": 5}
SHIFTS = {"same": 40, "hardens": 25, "softens": 25, "clarifies": 10}
ROLES = {
    "talks": ("delegate", "delegate", "mediator"),
    "meeting": ("host", "present", "present"),
    "statement": ("speaker", "addressee", "present"),
    "call": ("initiator", "addressee", "mediator"),
    "decision": ("initiator", "target", "absent"),
    "attack": ("initiator", "target", "target"),
    "deadline": ("addressee", "initiator", "present"),
    "post": ("speaker", "addressee", "addressee"),
    "other": ("present", "absent", "present"),
}
"""Of one, two or three who take part."""

TABLES: dict[type[Any], tuple[str, ...]] = {
    Participation: ("ref", "event_id", "actor_id", "role"),
    Event: (
        *("id", "ref", "title", "summary", "kind", "modality", "state", "channel", "place"),
        *("latitude", "longitude", "when_basis", "when_anchor_day", "part_of_id"),
        *("when_text", "when_edtf", "earliest", "latest", "certain_from", "certain_to"),
    ),
    Source: (
        *("id", "ref", "title", "kind", "publisher", "reliability"),
        *("published_text", "published_edtf", "published_earliest", "published_latest"),
    ),
    SourceText: ("id", "ref", "source_id", "text"),
    Passage: ("id", "ref", "source_text_id", "start", "end", "exact", "prefix", "suffix"),
    Position: (
        *("id", "ref", "actor_id", "issue_id", "event_id", "stance", "summary", "condition"),
        *("shift", "shifts_from_id", "state"),
    ),
    Evidence: (
        *("ref", "passage_id", "event_id", "position_id", "bearing", "manner", "credibility"),
        "speaker_id",
    ),
    Link: ("ref", "from_event_id", "to_event_id", "kind", "state"),
    Conflict: ("id", "ref", "title", "status", "resolution"),
    ConflictMember: ("ref", "conflict_id", "event_id"),
}
"""What is given of each record, in the order of writing. Who took part comes before the events, so
that each is put into its lanes once, when it is written."""


class Weighed:
    """A word out of several, some more often than others."""

    def __init__(self, weights: Mapping[str, float], chance: random.Random) -> None:
        self.words, self.weights, self.chance = tuple(weights), tuple(weights.values()), chance
        self.drawn: list[str] = []

    def next(self) -> str:
        """The next word; they are drawn by the thousand, which is far quicker."""
        if not self.drawn:
            self.drawn = self.chance.choices(self.words, self.weights, k=1_000)
        return self.drawn.pop()


class Archive:
    """Makes the rows. They gather in `rows`, by model, until they are taken."""

    def __init__(self, dossier: Dossier, cast: Cast, events: int, chance: random.Random) -> None:
        self.chance, self.cast = chance, cast
        self.tables = {model: Table(model, dossier, *names) for model, names in TABLES.items()}
        self.rows: dict[type[Any], list[tuple[Any, ...]]] = {model: [] for model in TABLES}
        self.counts = dict.fromkeys(TABLES, 0)
        weights = (KINDS, STATES, PAST, AHEAD, CHANNELS, BASES, STANCES, SHIFTS)
        drawn = (Weighed(one, chance) for one in (*weights, dating.forms(events)))
        self.kind, self.state, self.past, self.ahead, *rest = drawn
        self.channel, self.basis, self.stance, self.shift, self.form = rest
        self.day = FIRST
        self.today: deque[tuple[int, str, str]] = deque(maxlen=MEMORY)
        self.recent: deque[tuple[int, str, str]] = deque(maxlen=MEMORY)
        self.stood: dict[tuple[int, int], int] = {}
        self.cited: list[tuple[int, str, str, Acting, int | None]] = []
        self.meetings: list[int] = []
        self.whole: tuple[int, dt.date, str] | None = None

    @property
    def made(self) -> int:
        """Events made so far."""
        return self.counts[Event]

    @property
    def waiting(self) -> int:
        """Events made and not taken yet."""
        return len(self.rows[Event])

    def take(self) -> Iterator[tuple[Table, list[tuple[Any, ...]]]]:
        """The rows made since the last time, in the order in which they may be written."""
        for model, table in self.tables.items():
            if rows := self.rows[model]:
                self.rows[model] = []
                yield table, rows

    def add_day(self, day: dt.date, number: int) -> None:
        """Make events of a day; days come in order."""
        if day != self.day:
            # Which of two events of a day came first is not known: only earlier days are answered.
            self.day = day
            self.recent.extend(self.today)
            self.today.clear()
        for _ in range(number):
            self._add_event(day)
        if self.cited and (len(self.cited) >= CITED or day >= PRESENT):
            self.close(day)

    def close(self, day: dt.date) -> None:
        """Have sources, published the day after, tell of what waits for one."""
        while self.cited:
            self._add_source(day, self.cited[:CITED])
            del self.cited[:CITED]

    def _add(self, model: type[Any], prefix: str, *values: Any, keyed: bool = False) -> int:
        """Keep a row; gives its key where it is `keyed`."""
        self.counts[model] += 1
        ref = f"{prefix}{self.counts[model]}"
        if not keyed:
            self.rows[model].append((ref, *values))
            return 0
        key = self.tables[model].next_key()
        self.rows[model].append((key, ref, *values))
        return key

    # --- Events

    def _add_event(self, day: dt.date) -> None:
        chance, number = self.chance, self.made + 1
        kind, state = self.kind.next(), self.state.next()
        is_past = day < PRESENT
        modality = (self.past if is_past else self.ahead).next()
        who, whom, third = self._three()
        place, latitude, longitude = chance.choice(self.cast.places)
        said = self._said(number, who.called, whom.called, place)
        title = chance.choice(words.TITLES[kind]).format(**said)
        summary = chance.choice(words.SUMMARIES).format(**said) if chance.random() < 0.6 else ""
        form = self.form.next()
        when = dating.when(form, day, chance)
        basis, anchor = self.basis.next(), None
        if not when[1]:
            basis = "stated"
        elif basis == "derived_document":
            anchor = day + dt.timedelta(1)
        is_there = chance.random() < 0.7
        key = self._add(
            *(Event, "E", title, summary, kind, modality, state, self.channel.next()),
            *(place if is_there else "", latitude if is_there else None),
            *(longitude if is_there else None, basis, anchor),
            self._part_of(day, form, state),
            *when,
            keyed=True,
        )
        company = (who, whom, third)[: self._company(kind)]
        for actor, role in zip(company, ROLES[kind], strict=False):
            self._add(Participation, "PT", key, actor.key, role)
        if form == "days" and kind in ("talks", "meeting"):
            self.whole = (key, day, state)
        if kind == "talks" and state == "published" and modality == "occurred":
            self.meetings.append(key)
        self._tie(key, state, modality, bool(when[2]))
        if chance.random() < 0.4:
            position = self._position(key, who, said["topic"]) if state == "published" else None
            self.cited.append((key, title, place, who, position))

    def _three(self) -> tuple[Acting, Acting, Acting]:
        """Three different actors; the first is mostly of a side."""
        sided, others = self.cast.sided, self.cast.others
        first = self.chance.choice(sided if self.chance.random() < 0.93 else others)
        while True:
            second, third = self.chance.choice(sided), self.chance.choice(sided)
            if len({first.key, second.key, third.key}) == 3:
                return first, second, third

    def _company(self, kind: str) -> int:
        """How many take part."""
        number = self.chance.choices((0, 1, 2, 3), (2, 38, 45, 15))[0]
        return max(number, 2) if kind in ("talks", "meeting", "call") else number

    def _said(self, number: int, who: str, whom: str, place: str) -> dict[str, Any]:
        """What titles and sentences speak of."""
        rare = number % RARITY - 7
        if 0 <= rare < len(words.RARE):
            topic = f"the {words.RARE[rare]} memorandum"
        elif self.chance.random() < 0.2:
            topic = self.chance.choice(words.COMMON_TOPICS)
        else:
            topic = self.chance.choice(words.TOPICS)
        count = self.chance.randrange(1, 2_000)
        return {"who": who, "whom": whom, "place": place, "topic": topic, "n": count}

    def _part_of(self, day: dt.date, form: str, state: str) -> int | None:
        """Talks of several days that an event of the first day may be part of."""
        if self.whole is None or form not in ("day", "minute", "hour"):
            return None
        key, first, published = self.whole
        fits = day == first and (published == "published" or state != "published")
        return key if fits and self.chance.random() < 0.2 else None

    def _tie(self, key: int, state: str, modality: str, is_dated: bool) -> None:
        """What the event has to do with earlier ones."""
        chance = self.chance
        if self.recent and chance.random() < 0.12:
            other, other_state, other_modality = chance.choice(self.recent)
            both = state == other_state == "published"
            kind = chance.choices(
                ("responds_to", "follows_from", "implements", "contradicts", "after"),
                (60, 15, 8, 8, 9),
            )[0]
            if modality == other_modality or kind != "after":
                shown = "published" if both else "draft"
                self._add(Link, "L", key, other, kind, shown)
            if both and chance.random() < 0.01:
                self._dispute(key, other)
        if is_dated:
            self.today.append((key, state, modality))

    def _dispute(self, *events: int) -> None:
        """Accounts that differ."""
        status = self.chance.choice(("open", "open", "resolved", "apparent"))
        resolution = "The later account is the one both sides use." if status == "resolved" else ""
        number = self.counts[Conflict] + 1
        title = f"Two accounts of what came first, case {number}"
        key = self._add(Conflict, "X", title, status, resolution, keyed=True)
        for event in events:
            self._add(ConflictMember, "XM", key, event)

    # --- What is said of them, and where

    def _position(self, event: int, who: Acting, topic: str) -> int | None:
        """A position of who acts first in a published event, now and then."""
        if self.chance.random() > 0.06:
            return None
        issue = self.chance.choice(self.cast.issues).pk
        before = self.stood.get((who.key, issue))
        stance = self.stance.next()
        summary = f"{who.called} sets out a view on {topic}."
        condition = "Only with a written schedule." if stance == "conditional" else ""
        shift = self.shift.next() if before else "first"
        key = self._add(
            *(Position, "PO", who.key, issue, event, stance, summary, condition),
            *(shift, before, "published"),
            keyed=True,
        )
        self.stood[who.key, issue] = key
        return key

    def _add_source(
        self, day: dt.date, cited: list[tuple[int, str, str, Acting, int | None]]
    ) -> None:
        """A text of a sentence for each event, its passages, and the evidence they are."""
        chance = self.chance
        number = self.counts[Source] + 1
        title = f"{chance.choice(words.REPORTS)} {number}, {cited[0][2]}"
        kind = chance.choice(("article", "article", "report", "official_statement", "transcript"))
        published = dating.read(f"{min(day + dt.timedelta(1), PRESENT)}")[:4]
        source = self._add(
            *(Source, "S", title, kind, chance.choice(words.BODIES[""][:2])),
            *(chance.choice("ABCDF"), *published),
            keyed=True,
        )
        sentences, spans, at = [], [], 0
        for _, happened, place, who, _ in cited:
            sentence, start, end, manner = self._sentence(happened, place, who.called)
            spans.append((at + start, at + end, manner))
            sentences.append(sentence)
            at += len(sentence) + 1
        text = " ".join(sentences)
        stored = self._add(SourceText, "ST", source, text, keyed=True)
        for (event, _, _, who, position), (start, end, manner) in zip(cited, spans, strict=True):
            passage = self._add(
                *(Passage, "P", stored, start, end, text[start:end]),
                *(text[max(0, start - 32) : start], text[end : end + 32]),
                keyed=True,
            )
            bearing = "disputes" if chance.random() < 0.03 else "supports"
            how = (bearing, manner, chance.randrange(1, 7))
            speaker = who.key if manner == "direct_quote" else None
            self._add(Evidence, "EV", passage, event, None, *how, speaker)
            if position is not None:
                self._add(Evidence, "EV", passage, None, position, "supports", *how[1:], speaker)

    def _sentence(self, happened: str, place: str, who: str) -> tuple[str, int, int, str]:
        """A sentence; where in it the words begin and end that are cited; and what they are."""
        chance = self.chance
        topic, n = chance.choice(words.TOPICS), chance.randrange(1, 2_000)
        said = {"who": who, "place": place, "topic": topic, "n": n}
        if chance.random() < 0.25:
            parts = (words.OPENINGS, words.MIDDLES, words.CLOSINGS)
            quote = ", ".join(chance.choice(part) for part in parts).format(**said)
            return f"“{quote},” {who} said.", 1, 1 + len(quote), "direct_quote"
        tail = chance.choice(words.TAILS).format(**said)
        manner = chance.choice(("reported_speech", "paraphrase"))
        return f"{happened}, {tail}.", 0, len(happened), manner
