"""What is suggested about a source's text, and what people decided about it.

Open suggestions are worked out from the text each time and kept nowhere: what was decided, and what
is recorded already, is left out. A page load pays for the rules once: each process remembers what
it read in the last texts.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from events import dates, suggest
from events.drafting import Day, Draft, drafts, with_lack
from events.forms import lookup
from events.models import Actor, Evidence, Passage, Source, Suggestion

if TYPE_CHECKING:
    import datetime as dt

    from events.models import Dossier, SourceText
    from events.roles import Viewer

READ = 300_000
"""Code points of a text that suggestions are made for: that much is read in about a second."""

PEOPLE = 5_000
"""Most actors looked for in a text."""

SHOWN = 300
"""Most open suggestions of a page. A dense text has thousands, and each is a card with forms."""

_LABELS = {
    suggest.Kind.STATEMENT: "Suggested statement",
    suggest.Kind.RESPONSE: "Suggested response",
    suggest.Kind.QUOTATION: "Suggested quotation",
    suggest.Kind.COMMITMENT: "Suggested commitment",
    suggest.Kind.CONDITION: "Suggested condition",
    suggest.Kind.DATE: "Suggested date",
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """An open suggestion as the reader shows it; offsets are code points of the text.

    `start` and `end` are of the words it rests on first, `spans` of all. `noun` is what accepting
    makes; `lacks` says what only a person can add, "" where accepting is enough.
    """

    fingerprint: str
    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    kind: str
    noun: str
    label: str
    title: str
    details: str
    actor: Actor | None
    reason: str
    confidence: float
    lacks: str

    @property
    def is_complete(self) -> bool:
        """Whether it can be taken as it is; else the form is opened."""
        return not self.lacks

    @property
    def sureness(self) -> str:
        """The confidence in a word."""
        return "high" if self.confidence >= 0.7 else "medium" if self.confidence >= 0.45 else "low"


@dataclass(frozen=True, slots=True)
class Named:
    """A name that is taken for an actor: how often, where first, and its own fingerprint, by which
    a person says that it is somebody else's."""

    fingerprint: str
    actor: Actor
    name: str
    count: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Review:
    """The open suggestions of a text, and how many were decided. `open` are the first of them,
    `waiting` is where the words of the others begin. `read` is how many code points were looked at,
    less than the text has where `is_cut`."""

    open: tuple[Proposed, ...] = ()
    waiting: tuple[int, ...] = ()
    accepted: int = 0
    rejected: int = 0
    mentions: tuple[Named, ...] = ()
    read: int = 0
    is_cut: bool = False

    @property
    def left(self) -> int:
        """How many are open, shown or not."""
        return len(self.open) + len(self.waiting)

    @property
    def total(self) -> int:
        """All suggestions, decided or not."""
        return self.left + self.accepted + self.rejected


def review_of(text: SourceText, viewer: Viewer) -> Review:
    """What is suggested to `viewer` about `text`: nothing to those who may not edit, and nothing
    in the past. Five queries at most, and some for dates that name events."""
    if not viewer.may_edit:
        return Review()
    suggested = Suggested(text)
    decided = dict(
        Suggestion.objects.filter(source=text.source)
        .exclude(kind=Suggestion.Kind.MENTION)
        .values_list("fingerprint", "decision")
    )
    made = list(decided.values())
    recorded = _Recorded(text)
    left = [
        draft
        for draft in suggested.plain
        if not _is_decided(draft, decided) and not recorded.holds(draft)
    ]
    return Review(
        open=tuple(suggested.proposed(suggested.dated(draft)) for draft in left[:SHOWN]),
        waiting=tuple(draft.cites[0].start for draft in left[SHOWN:]),
        accepted=made.count(Suggestion.Decision.ACCEPTED),
        rejected=made.count(Suggestion.Decision.REJECTED),
        mentions=suggested.names,
        read=min(len(text.text), READ),
        is_cut=len(text.text) > READ,
    )


def _is_decided(draft: Draft, decided: Iterable[str]) -> bool:
    """Whether somebody decided about it, or about a sentence or quotation that it took in."""
    own = [draft.head, *(p for p in draft.parts if p.kind not in _SHARED)]
    return any(one.fingerprint in decided for one in own)


_SHARED = (suggest.Kind.DATE, suggest.Kind.CONDITION)


class Suggested:
    """A text as read with the actors of its dossier."""

    def __init__(self, text: SourceText) -> None:
        self.text = text
        self.source: Source = text.source
        self.dossier: Dossier = text.dossier
        rows = Actor.objects.filter(dossier_id=text.dossier_id).select_related("side")
        self.actors = {actor.ref: actor for actor in rows.order_by("id")[:PEOPLE]}
        rejected = Suggestion.objects.filter(
            source_id=text.source_id, kind=Suggestion.Kind.MENTION, decision="rejected"
        )
        self.others = set(rejected.values_list("fingerprint", flat=True))
        self.day = lookup.published_day(self.source)
        known = tuple(self._known(actor) for actor in self.actors.values())
        called = tuple((actor.ref, actor.called) for actor in self.actors.values())
        self.found, self.plain = _read(
            text.text[:READ],
            known,
            called,
            self.day,
            self.dossier.time_zone,
            said_day(self.source, self.day),
            self.source.kind == Source.Kind.SOCIAL_POST,
        )

    def _known(self, actor: Actor) -> suggest.Known:
        names = [actor.name, actor.short_name, *actor.aliases]
        kept = [n for n in names if n.strip() and name_mark(actor.ref, n) not in self.others]
        return suggest.Known(actor.ref, tuple(kept), actor.kind == Actor.Kind.PERSON)

    def draft(self, fingerprint: str) -> Draft | None:
        """The draft of that fingerprint, whether or not it was decided; None for none."""
        found = next((d for d in self.plain if d.head.fingerprint == fingerprint), None)
        return found and self.dated(found)

    def name(self, fingerprint: str) -> Named | None:
        """The name of that fingerprint, None for none."""
        return next((n for n in self.names if n.fingerprint == fingerprint), None)

    def dated(self, draft: Draft) -> Draft:
        """The draft, left incomplete where its date names no known event; that takes queries."""
        words = draft.values.get("when", "")
        if draft.values.get("when_basis") != "derived_event":
            return draft
        try:
            dates.read(words, zone=self.dossier.time_zone, anchor=self.day, known=self._events)
        except dates.DateError:
            return with_lack(draft, f"it was said {words}, and which one is meant is not clear")
        return draft

    def _events(self, words: str) -> list[dates.KnownEvent]:
        return [lookup.as_known(event) for event in lookup.events_called(self.dossier, words)]

    @property
    def names(self) -> tuple[Named, ...]:
        """The names found, those named most often first."""
        found: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for one in self.found:
            if isinstance(one.found, suggest.Mention) and len(one.found.actors) == 1:
                key = (one.found.actors[0], " ".join(one.exact.split()))
                found.setdefault(key, []).append((one.start, one.end))
        named = [
            Named(name_mark(ref, name), self.actors[ref], name, len(spans), tuple(spans[:3]))
            for (ref, name), spans in found.items()
        ]
        return tuple(sorted(named, key=lambda n: (-n.count, n.name)))

    def proposed(self, draft: Draft) -> Proposed:
        """A draft as the reader shows it."""
        first = draft.cites[0]
        return Proposed(
            fingerprint=draft.head.fingerprint,
            start=first.start,
            end=first.end,
            spans=tuple((cite.start, cite.end) for cite in draft.cites),
            kind=draft.head.kind.value,
            noun=draft.noun,
            label=_label(draft),
            title=draft.title,
            details=self._details(draft),
            actor=self.actors.get(draft.speaker),
            reason=draft.head.reason,
            confidence=draft.confidence,
            lacks=draft.lacks,
        )

    def _details(self, draft: Draft) -> str:
        """What it would be and when, and the days its words name."""
        return f"{'. '.join(part for part in self._parts(draft) if part)}."

    def _parts(self, draft: Draft) -> Iterable[str]:
        values = draft.values
        if draft.noun == "passage":
            yield "Quoted words. Whose they are was not recognised"
        if draft.noun == "event" and draft.head.kind != suggest.Kind.DATE:
            what = "Post" if values.get("kind") == "post" else "Statement"
            yield f"{what}, {self._when(values)}"
        if draft.noun == "commitment":
            yield "Signal, not a commitment" if values.get("firmness") == "signal" else "Firm"
            if values.get("condition"):
                yield f"On condition: {values['condition']}"
        is_date = draft.head.kind == suggest.Kind.DATE
        for dated, words in _dated_words(draft):
            read = " or ".join(_short(choice.label) for choice in dated.choices)
            how = "as stated" if dated.choices[0].basis == "stated" else _FROM_DAY
            yield f"{_capital(read)}, {how}" if is_date else f"‘{words}’: {read}, {how}"
        count = len(draft.cites)
        if count > 1:
            yield f"Rests on {count} places of the text"

    def _when(self, values: Mapping[str, str]) -> str:
        if values.get("when_basis") == "derived_event":
            return values["when"]
        if not values.get("when"):
            return "no date stated"
        zone = self.dossier.time_zone
        try:
            read = dates.read(values["when"], zone=zone, anchor=self.day)
        except dates.DateError:
            return values["when"]
        is_own = values.get("when_basis") == "stated"
        how = "as stated" if is_own else "the day of the text" if self._is_day(read) else _FROM_DAY
        return f"{_short(read.label)}, {how}"

    def _is_day(self, read: dates.Reading) -> bool:
        return self.day is not None and read.edtf == self.day.isoformat()


def _label(draft: Draft) -> str:
    if draft.values.get("kind") == "post":
        return "Suggested post"
    is_said = draft.noun == "event" and draft.head.kind == suggest.Kind.QUOTATION
    return _LABELS[suggest.Kind.STATEMENT if is_said else draft.head.kind]


_FROM_DAY = "counted from the day of the text"


def _short(label: str) -> str:
    return label.removesuffix(", day precision")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _dated_words(draft: Draft) -> Iterable[tuple[suggest.Dated, str]]:
    own = [draft.head, *draft.parts]
    for one in own:
        if isinstance(one.found, suggest.Dated):
            yield one.found, " ".join(one.exact.split())


@lru_cache(maxsize=24)
def _read(
    text: str,
    known: tuple[suggest.Known, ...],
    called: tuple[tuple[str, str], ...],
    day: dt.date | None,
    zone: str,
    said: str,
    is_post: bool,
) -> tuple[tuple[suggest.Suggestion, ...], tuple[Draft, ...]]:
    """What the rules find, and the drafts made of it; the costly part, asked once for a text."""
    found = suggest.suggest(text, actors=known, day=day, zone=zone)
    basis = "derived_document" if said else ""
    made = drafts(text, found, dict(called), Day(said, basis), is_post=is_post)
    return found, made


def said_day(source: Any, day: dt.date | None) -> str:
    """The date of the document as one would type it, "" for none."""
    if day is None:
        return source.published_edtf
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def name_mark(ref: str, name: str) -> str:
    """The fingerprint of a name taken for an actor; case and typography do not count."""
    folded = re.sub(r"[’‘ʼ`´]", "'", " ".join(name.split()).casefold())
    return sha256(f"name\n{ref}\n{folded}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def decide(source: Source, one: Draft | Named, decision: str) -> Suggestion:
    """Store what was decided; run inside `recording()`. IntegrityError where somebody did."""
    if isinstance(one, Named):
        kind, fingerprint, exact = suggest.Kind.MENTION, one.fingerprint, one.name
    else:
        kind, fingerprint, exact = one.head.kind, one.head.fingerprint, one.head.exact
    return Suggestion.objects.create(
        dossier_id=source.dossier_id,
        source=source,
        kind=kind.value,
        fingerprint=fingerprint,
        exact=exact,
        decision=decision,
    )


class _Recorded:
    """Which words of a text records rest on already, by noun: code points."""

    def __init__(self, text: SourceText) -> None:
        cited = Evidence.objects.filter(passage__source_text=text)
        spoken = Q(event__isnull=False) | Q(participation__isnull=False)
        # A position or commitment that names its event stands for that event's words too.
        spoken |= Q(position__event__isnull=False) | Q(commitment__event__isnull=False)
        place = ("passage__start", "passage__end")
        own = cited.filter(commitment__isnull=False)
        marked = Passage.objects.filter(source_text=text)
        self.spans = {
            "event": _joined(cited.filter(spoken).values_list(*place)),
            "commitment": _joined(own.values_list(*place)),
            "passage": _joined(marked.values_list("start", "end")),
        }

    def holds(self, draft: Draft) -> bool:
        """Whether at least half of the words it rests on first are recorded for its noun."""
        first, spans, covered = draft.cites[0], self.spans.get(draft.noun, []), 0
        at = bisect_right(spans, first.start, key=lambda span: span[1])
        while at < len(spans) and spans[at][0] < first.end:
            covered += min(spans[at][1], first.end) - max(spans[at][0], first.start)
            at += 1
        return 2 * covered >= first.end - first.start


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same code points in order, each once: what overlaps or touches is one span."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
