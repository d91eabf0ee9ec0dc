"""Dates as analysts type them, in English.

A text is split into tokens once and read by recursive descent, each alternative from left to
right without looking back into the text, so that the time taken grows with its length. Reading
has two steps: the grammar fills `Partial`s and never fails on meaning; `resolve` then finds the
date, and raises DateError where there is none. So 'before the Saturday talks' is tried as a
weekday first and as the title of an event afterwards.

Choices where English leaves one:

- A missing year is the anchor's. Two-digit years and ambiguous day/month order are refused.
- 'before 11 March' and 'by 10 March' are one bound, as are 'after' and 'on or after'.
- 'until' and 'since' last, 'by', 'before' and 'after' happen once.
- 'this Saturday' is the first one from the day of the document on. 'next' and 'last' are taken
  when the nearest one and that of the neighbouring week (Monday to Sunday) are the same day;
  else both are offered, as for a weekday alone.
- Morning is 06:00 to 12:00, afternoon to 18:00, evening to 24:00; night is 18:00 to 06:00 of the
  next day and belongs to the day it begins on. Midnight is the beginning of the day named.
- Early, mid and late are thirds: days 1 to 10, 11 to 20 and the rest, or four months of a year.
- 'before the talks' cannot be later than the talks may have been, and may be the same day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from difflib import get_close_matches
from itertools import pairwise
from typing import Literal

from events.dates import labels, words
from events.dates.civil import (
    DAY,
    Civil,
    days,
    from_days,
    from_local,
    local_seconds,
    month_length,
    shift_months,
    single_offset,
    weekday,
)
from events.dates.edtf import (
    Choice,
    Edge,
    Interval,
    Member,
    Node,
    Point,
    check,
    day_range,
    from_civil,
    local_start,
    make_set,
    neighbour,
    parse,
    points,
    unit,
)
from events.dates.model import Basis, DateError, KnownEvent, Order, Precision, quote, refusal
from events.dates.words import Token

type Lookup = Callable[[str], Sequence[KnownEvent]]
type Side = Literal["before", "after"]


@dataclass(slots=True)
class Meaning:
    """What a typed text means; `node` is None when no date is known."""

    node: Node | None
    basis: Basis = Basis.STATED
    anchor_day: date | None = None
    anchor_event: str | None = None
    order: Order | None = None


@dataclass(slots=True)
class Span:
    """A resolved date: the first and last of the dates it may be, None at an unknown end.

    `coarse` stands for it where only a single date can (the end of an interval). `inner` holds
    the limits for 'before' and 'after' when the date is that of an event.
    """

    start: Point | None
    end: Point | None
    coarse: Point | None = None
    node: Node | None = None
    inner: tuple[Point | None, Point | None] | None = None


@dataclass(slots=True)
class Clock:
    """A time of day; `days` is 1 for 24:00."""

    hour: int
    minute: int | None
    second: int | None = None
    offset: int | None = None
    days: int = 0


@dataclass(slots=True)
class Partial:
    """A date as far as its words go, to be completed by a neighbour in a range."""

    first: Token
    last: Token
    year: int | None = None
    month: int | None = None
    day: int | None = None
    pattern: str = ""
    season: str = ""
    third: str = ""
    weekday: int | None = None
    clock: Clock | None = None
    part: str = ""
    slashed: tuple[int, int] | None = None
    point: Point | None = None
    relative: Callable[[date], Span] | None = None
    beside: tuple[str, int, Side, Partial | Event] | None = None
    event: Event | None = None
    second_day: Partial | None = None
    day_token: Token | None = None
    approximate: bool = False
    uncertain: bool = False

    @property
    def undated(self) -> bool:
        """Whether no words of a date have been found (there may be a time)."""
        return (
            self.year is None
            and self.month is None
            and self.day is None
            and not (self.pattern or self.season or self.point or self.slashed)
            and self.relative is None
            and self.beside is None
            and self.event is None
        )


@dataclass(frozen=True, slots=True)
class Event:
    """The name of an event, as typed."""

    name: str


class NotTyped(DateError):
    """Nothing in the text tells what was meant."""


class _NotRead(Exception):
    """An alternative of the grammar does not apply."""


def read_typed(
    text: str, folded: str, zone: str, anchor: date | None, known: Lookup | None
) -> Meaning:
    """Read English. `folded` is `text` with plain signs, character for character."""
    reader = _Reader(text, folded, zone, anchor, known)
    return reader.read()


@dataclass(slots=True)
class _Reader:
    text: str
    folded: str
    zone: str
    anchor: date | None
    known: Lookup | None
    tokens: list[Token] = field(default_factory=list)
    at: int = 0
    meaning: Meaning = field(default_factory=lambda: Meaning(None))

    # Tokens

    def peek(self, ahead: int = 0) -> str:
        """Return the value of a coming token, '' at the end."""
        index = self.at + ahead
        return self.tokens[index].value if index < len(self.tokens) else ""

    def kind(self, ahead: int = 0) -> str:
        """Return the kind of a coming token, '' at the end."""
        index = self.at + ahead
        return self.tokens[index].kind if index < len(self.tokens) else ""

    def take(self, *values: str) -> bool:
        """Step over the next tokens when they are these."""
        if all(self.peek(index) == value for index, value in enumerate(values)):
            self.at += len(values)
            return True
        return False

    def take_one(self, choices: frozenset[str] | tuple[str, ...]) -> str:
        """Step over the next token when it is one of these, and return it."""
        value = self.peek()
        if value and value in choices:
            self.at += 1
            return value
        return ""

    def take_phrase(self, *phrases: str) -> bool:
        """Step over the first of these phrases that comes next."""
        return any(self.take(*phrase.split()) for phrase in phrases)

    @property
    def done(self) -> bool:
        """Whether all tokens are read."""
        return self.at >= len(self.tokens)

    # The whole text

    def read(self) -> Meaning:
        self.tokens = words.tokens(self.folded)
        uncertain = bool(self.take_one(words.PERHAPS))
        if len(self.tokens) > 1 and self.tokens[-1].value == "?":
            self.tokens.pop()
            uncertain = True
        elif [token.value for token in self.tokens[-3:]] == ["(", "?", ")"]:
            del self.tokens[-3:]
            uncertain = True
        approximate = self.about()
        start = self.at
        for alternative in (
            self.between,
            self.since,
            self.until,
            self.bound,
            self.during,
            self.range_or_list,
        ):
            self.at = start
            self.meaning = Meaning(None)
            try:
                node = alternative()
            except _NotRead:
                continue
            if node is not None:
                node = _marked(node, approximate=approximate, uncertain=uncertain)
                check(node, self.text)
            self.meaning.node = node
            return self.meaning
        raise self.not_read()

    def about(self) -> bool:
        found = False
        while self.take_one(words.ABOUT):
            found = True
        return found

    def finish(self) -> None:
        """Raise _NotRead unless the text ends here."""
        if not self.done:
            raise _NotRead

    def between(self) -> Node | None:
        if not self.take("between"):
            raise _NotRead
        first = self.partial_or_event(until="and")
        if not self.take("and"):
            raise _NotRead
        second = self.partial()
        self.fill(first, second)
        tail = self.tail()
        start, end = self.resolve(first), self.resolve(second)
        lower = start.inner[1] if start.inner else start.start
        upper = end.inner[0] if end.inner else end.end
        return self.tailed(self.one_of(lower, upper), tail)

    def since(self) -> Node | None:
        if not self.take_one(("from", "since", "starting", "beginning")):
            raise _NotRead
        self.take("on")
        self.take("before") or self.take("about", "before")
        before = self.tokens[self.at - 1].value == "before"
        start = self.at
        try:
            first = self.partial()
            if self.take_one(("to", "until", "till", "through", "-", "/")) or self.take("up", "to"):
                second = self.partial_or_rest()
                self.fill(first, second)
                if before:
                    self.finish()
                    return Interval(Edge.OPEN, self.end_of(second))
                return self.tailed(self.interval(first, second), self.tail())
            self.ongoing()
            if not self.done:
                tail = self.tail()
                return self.tailed(Interval(self.end_of(first), Edge.OPEN), tail)
        except _NotRead:
            self.at = start
            first = self.rest_as_event()
        if before:
            raise _NotRead
        return Interval(self.end_of(first), Edge.OPEN)

    def ongoing(self) -> bool:
        start = self.at
        self.take(",")
        self.take("and")
        self.take("still")
        if self.take_phrase(
            "ongoing", "onwards", "onward", "on", "to date", "to the present", "to present",
            "until now", "until today", "to now", "continuing",
        ):  # fmt: skip
            return True
        self.at = start
        return False

    def until(self) -> Node | None:
        if not self.take_phrase("until", "till", "through", "up to", "lasting until"):
            raise _NotRead
        start = self.at
        try:
            last = self.partial()
            tail = self.tail()
        except _NotRead:
            self.at = start
            last, tail = self.rest_as_event(), None
        return self.tailed(Interval(Edge.OPEN, self.end_of(last)), tail)

    def bound(self) -> Node | None:
        """'before', 'after', 'by', 'on or after' and what means the same."""
        if self.peek() in _ADVERBS and self.peek(1) in ("before", "after"):
            self.at += 1
        side, inclusive = self.bound_phrase()
        start = self.at
        approximate = self.about()
        try:
            dated = self.partial()
            self.finish()
        except _NotRead:
            self.at = start
            approximate = False
            dated = self.rest_as_event()
        span = self.resolve(dated)
        if span.inner is not None:
            assert self.meaning.anchor_event is not None
            self.meaning.order = (side, self.meaning.anchor_event)
            lower, upper = (None, span.inner[0]) if side == "before" else (span.inner[1], None)
        else:
            edge = span.start if side == "before" else span.end
            if inclusive:
                edge = span.end if side == "before" else span.start
            assert edge is not None
            if not inclusive:
                edge = self.next_to(edge, side)
            lower, upper = (None, edge) if side == "before" else (edge, None)
        node = self.one_of(lower, upper)
        return None if node is None else _marked(node, approximate=approximate)

    def bound_phrase(self) -> tuple[Side, bool]:
        for phrase, side, inclusive in _BOUND_PHRASES:
            if self.take_phrase(phrase):
                return side, inclusive
        raise _NotRead

    def next_to(self, edge: Point, side: Side) -> Point:
        if edge.year == "9999" and side == "after" and neighbour(edge, side).year == "10000":
            raise DateError(f"{quote(self.text)} is out of range. Years run to 9999.")
        return neighbour(edge, side)

    def during(self) -> Node | None:
        if not (self.take("during") or self.take("at", "the", "time", "of")):
            self.take("on")
            if not self.take_phrase("the day of", "the same day as", "the date of"):
                raise _NotRead
        start = self.at
        try:
            dated = self.partial()
            self.finish()
        except _NotRead:
            self.at = start
            dated = self.rest_as_event()
        return self.whole(dated)

    def range_or_list(self) -> Node | None:
        first = self.partial()
        if self.take_one(("to", "until", "till", "through", "-", "/")):
            second = self.partial()
            self.fill(first, second)
            return self.tailed(self.interval(first, second), self.tail())
        if self.take_phrase("or later", "or after", "at the earliest"):
            self.finish()
            return self.one_of(self.resolve(first).start, None)
        if self.take_phrase("or earlier", "or before", "at the latest"):
            self.finish()
            return self.one_of(None, self.resolve(first).end)
        if self.ongoing():
            self.finish()
            return Interval(self.end_of(first), Edge.OPEN)
        listed = self.listed(first)
        if listed is not None:
            return listed
        tail = self.tail()
        return self.tailed(self.whole(first), tail)

    def listed(self, first: Partial) -> Node | None:
        """'10, 11 and 12 March', '10 or 12 March'."""
        partials = [first]
        start = self.at
        word = ""
        try:
            while not word:
                comma = self.take(",")
                word = self.take_one(("and", "or"))
                if not (comma or word):
                    raise _NotRead
                partials.append(self.partial())
            self.finish()
        except _NotRead:
            self.at = start
            return None
        for before, after in reversed(list(pairwise(partials))):
            self.fill(before, after)
        spans = [self.resolve(partial) for partial in partials]
        return make_set([Member(span.start, span.end) for span in spans], every=word == "and")

    # What may follow a date

    def tail(self) -> Callable[[Node | None], Node | None] | None:
        """Read a known order ('…, after the talks') or a limit in the day ('… before 14:30')."""
        if self.done:
            return None
        self.take(",")
        self.take("and")
        self.take_one(_ADVERBS)
        side = self.take_one(("before", "after"))
        if not side or self.done:
            raise _NotRead
        known_side: Side = "before" if side == "before" else "after"
        start = self.at
        try:
            clock = self.partial()
            self.finish()
        except _NotRead:
            clock = None
        if clock is not None and clock.clock is not None and clock.undated:
            limit = clock
            return lambda node: self.within_day(node, known_side, limit)
        self.at = start
        event = self.rest_as_event()
        return lambda node: self.ordered(node, known_side, event)

    def tailed(
        self, node: Node | None, tail: Callable[[Node | None], Node | None] | None
    ) -> Node | None:
        return node if tail is None else tail(node)

    def ordered(self, node: Node | None, side: Side, named: Partial) -> Node | None:
        """Keep the known order, and check it against the dates."""
        assert named.event is not None
        event = self.find(named.event.name)
        self.meaning.order = (side, event.ref)
        if node is None or not event.edtf:
            return node
        inner = self.event_span(event).inner
        assert inner is not None
        mine = [point for point in points(node) if not point.approximate]
        if not mine:
            return node
        if side == "after" and inner[1] and _ends(mine) <= local_start(inner[1]):
            raise self.contrary(event, side)
        if side == "before" and inner[0] and _ends([inner[0]]) <= _starts(mine):
            raise self.contrary(event, side)
        return node

    def contrary(self, event: KnownEvent, side: Side) -> DateError:
        dated = labels.long_label(parse(event.edtf)).partition(",")[0]
        return DateError(f"{quote(self.text)} cannot be {side} {event.ref}, dated {dated}.")

    def within_day(self, node: Node | None, side: Side, limit: Partial) -> Node | None:
        if not isinstance(node, Point) or unit(node) is not Precision.DAY:
            raise self.not_read()
        year, month, day = int(node.year), int(node.month), int(node.day)
        assert limit.clock is not None
        edge = self.timed(year, month, day, limit.clock)
        if side == "before":
            first = Clock(0, 0, offset=limit.clock.offset)
            return self.one_of(self.timed(year, month, day, first), neighbour(edge, "before"))
        final = Clock(23, 59, offset=limit.clock.offset)
        return self.one_of(neighbour(edge, "after"), self.timed(year, month, day, final))

    # Building nodes

    def one_of(self, lower: Point | None, upper: Point | None) -> Node | None:
        if lower is None and upper is None:
            return None
        return make_set([Member(lower, upper)])

    def whole(self, partial: Partial) -> Node | None:
        """Return a date that stands alone."""
        span = self.resolve(partial)
        if span.inner is not None:
            return span.node
        return span.node or self.one_of(span.start, span.end)

    def interval(self, first: Partial, second: Partial) -> Node:
        """Return what lasts from one date to another. Where the earlier one has no year of its
        own and would come later, it is of the year before."""
        start, end = self.end_of(first), self.end_of(second)
        lent = first.month is not None and first.point is None and first.day_token is not None
        if lent and first.second_day is not None and local_start(end) < local_start(start):
            first.year = (first.year or 0) - 1
            start = self.end_of(first)
        return Interval(start, end)

    def end_of(self, partial: Partial) -> Point:
        """Return the single date that an end of an interval can be."""
        span = self.resolve(partial)
        if span.coarse is None:
            raise DateError(
                f"{quote(self.text)} has an end that is not a single date. "
                "Write the days, such as '10 March to 12 March 2025'."
            )
        return span.coarse

    def fill(self, first: Partial, second: Partial) -> None:
        """Complete each of two dates from the other: '10 to 12 March', 'March 10 to 12'."""
        if first.undated and first.clock and not second.undated:
            self.copy_date(first, second)
        elif second.undated and second.clock and not first.undated:
            self.copy_date(second, first)
        elif first.day is not None and first.month is None and second.month is not None:
            first.month = second.month
            first.year = second.year if first.year is None else first.year
        elif second.day is not None and second.month is None and first.month is not None:
            second.month = first.month
            if first.year is None:
                first.year = second.year
            elif second.year is None:
                second.year = first.year
        elif first.year is None and second.year is not None and first.month is not None:
            first.year = second.year
            if (first.month, first.day or 0) > (second.month or 12, second.day or 31):
                first.year -= 1
        elif second.year is None and first.year is not None and second.month is not None:
            second.year = first.year
        if first.season and first.year is None:
            first.year = second.year
        if first.clock and second.clock and first.clock.offset is None:
            first.clock.offset = second.clock.offset

    def copy_date(self, to: Partial, source: Partial) -> None:
        to.year, to.month, to.day = source.year, source.month, source.day
        to.weekday, to.relative, to.point = source.weekday, source.relative, source.point
        to.slashed, to.day_token, to.event = source.slashed, source.day_token, source.event

    # Events

    def rest_as_event(self) -> Partial:
        """Return the rest of the text as the name of an event."""
        if self.done:
            raise _NotRead
        first, last = self.tokens[self.at], self.tokens[-1]
        self.at = len(self.tokens)
        return Partial(first, last, event=Event(self.text[first.start : last.stop]))

    def partial_or_rest(self) -> Partial:
        start = self.at
        try:
            partial = self.partial()
            if self.done or self.peek() == ",":
                return partial
        except _NotRead:
            pass
        self.at = start
        return self.rest_as_event()

    def partial_or_event(self, until: str) -> Partial:
        """Return a date, or the words up to `until` as the name of an event."""
        start = self.at
        try:
            partial = self.partial()
            if self.peek() == until:
                return partial
        except _NotRead:
            pass
        self.at = start
        while not self.done and self.peek() != until:
            self.at += 1
        if self.done or self.at == start:
            raise _NotRead
        first, last = self.tokens[start], self.tokens[self.at - 1]
        return Partial(first, last, event=Event(self.text[first.start : last.stop]))

    def find(self, name: str) -> KnownEvent:
        """Return the one event of that name."""
        if self.known is None:
            raise self.not_read()
        found = list(self.known(name))
        if len(found) == 1:
            return found[0]
        if not found:
            raise DateError(
                f"No event is called {quote(name)}. "
                "Write its number, such as 'E6', or words of its title."
            )
        named = [f"{event.ref} ({event.title})" for event in found[:5]]
        listed = (
            ", ".join(named[:-1]) + f" or {named[-1]}"
            if len(found) <= 5
            else (", ".join(named) + f" or {len(found) - 5} more")
        )
        raise DateError(
            f"{quote(name)} can be {listed}. Write the number.",
            tuple(self.text.replace(name, event.ref) for event in found[:5]),
        )

    def event_span(self, event: KnownEvent) -> Span:
        """Return the outer dates of an event and its limits: 'before' it is before its latest
        possible beginning, 'after' it after its earliest possible end."""
        if not event.edtf:
            return Span(None, None, inner=(None, None))
        node = parse(event.edtf)
        match node:
            case Point():
                return Span(node, node, node, node, (node, node))
            case Interval(start, end):
                first = start if isinstance(start, Point) else None
                last = end if isinstance(end, Point) else None
                inner = (first or last, last or first)
                return Span(first, last, None, self.one_of(first, last), inner)
            case Choice(members, every):
                first, last = members[0].start, members[-1].end
                if every:
                    return Span(first, last, None, self.one_of(first, last), (first, last))
                return Span(first, last, None, node, (last, first))

    # Meaning of a date

    def resolve(self, partial: Partial) -> Span:
        """Return the dates that a partial means."""
        if partial.event is not None:
            event = self.find(partial.event.name)
            self.meaning.basis = Basis.DERIVED_EVENT
            self.meaning.anchor_event = event.ref
            return self.event_span(event)
        span = self.span(partial)
        return _marked_span(span, approximate=partial.approximate, uncertain=partial.uncertain)

    def span(self, partial: Partial) -> Span:
        if partial.point is not None:
            check(partial.point, self.text)
            return self.in_day(_single(partial.point), partial)
        if partial.beside is not None:
            return self.in_day(self.beside(partial), partial)
        if partial.relative is not None:
            return self.in_day(partial.relative(self.origin()), partial)
        if partial.slashed is not None:
            self.settle_order(partial)
        if partial.undated and (partial.clock or partial.part):
            origin = self.origin()
            return self.in_day(_day_span(days(origin.year, origin.month, origin.day)), partial)
        if partial.pattern:
            return self.third_of_years(partial)
        year = self.year_of(partial)
        if partial.season:
            return _single(Point(self.year_text(year), partial.season))
        if partial.month is None and partial.day is not None:
            raise self.not_read()
        if partial.month is None:
            return self.third_of_year(year, partial)
        if partial.day is None:
            return self.third_of_month(year, partial.month, partial)
        self.check_day(year, partial)
        return self.in_day(_day_span(days(year, partial.month, partial.day)), partial)

    def origin(self) -> date:
        """Return the day from which relative dates count."""
        if self.anchor is None:
            raise DateError(
                f"{quote(self.text)} needs a day to count from. "
                "Write the date, such as '15 March 2025'."
            )
        self.meaning.basis = Basis.DERIVED_DOCUMENT
        self.meaning.anchor_day = self.anchor
        return self.anchor

    def year_of(self, partial: Partial) -> int:
        if partial.year is not None:
            self.year_text(partial.year)
            return partial.year
        if self.anchor is None:
            raise DateError(f"{quote(self.text)} has no year. Write it, as in '11 March 2025'.")
        return self.anchor.year

    def year_text(self, year: int) -> str:
        if not -4712 <= year <= 9999:
            raise DateError(f"{quote(self.text)} is out of range. Years run from 4713 BC to 9999.")
        return f"{year:04d}" if year >= 0 else f"-{-year:04d}"

    def check_day(self, year: int, partial: Partial) -> None:
        assert partial.month is not None
        assert partial.day is not None
        month, day = partial.month, partial.day
        name = labels.MONTHS[month - 1]
        length = month_length(year, month)
        if not 1 <= day <= length:
            token = partial.day_token
            if 28 < day <= 31 and token is not None:
                fixed = self.text[: token.start] + str(length) + self.text[token.stop :]
                raise refusal(f"{quote(self.text)} is not a date.", fixed)
            if 28 < day <= 31:
                fixed = f"{length} {name} {_year_words(year)}"
                raise refusal(f"{quote(self.text)} is not a date.", fixed)
            raise DateError(f"{quote(self.text)} is not a date: {name} has {length} days.")
        if partial.weekday is not None:
            number = days(year, month, day)
            right = weekday(number)
            if right != partial.weekday:
                near = number + (partial.weekday - right + 3) % 7 - 3
                raise refusal(
                    f"{day} {name} {_year_words(year)} is a {_WEEKDAY_NAMES[right]}, "
                    f"not a {_WEEKDAY_NAMES[partial.weekday]}.",
                    _day_words(number),
                    _day_words(near),
                )

    def settle_order(self, partial: Partial) -> None:
        """Find which of two numbers is the day, or offer both."""
        assert partial.slashed is not None
        first, second = partial.slashed
        if partial.year is not None and 0 <= partial.year < 100 and partial.pattern == "":
            full = f"20{partial.year:02d}"
            choices = [
                f"{day} {labels.MONTHS[month - 1]} {full}"
                for day, month in dict.fromkeys(((first, second), (second, first)))
                if 1 <= month <= 12 and 1 <= day <= 31
            ]
            raise refusal(f"{quote(self.text)} has a year of two digits.", *choices)
        year = self.year_of(partial)
        orders = [
            (day, month)
            for day, month in dict.fromkeys(((first, second), (second, first)))
            if 1 <= month <= 12 and 1 <= day <= 31
        ]
        if not orders:
            raise DateError(f"{quote(self.text)} is not a date: there is no month {second}.")
        if len(orders) == 2:
            (day, month), (other_day, other_month) = orders
            one = f"{day} {labels.MONTHS[month - 1]}"
            two = f"{other_day} {labels.MONTHS[other_month - 1]}"
            raise refusal(
                f"{quote(self.text)} can be {one} or {two} {_year_words(year)}.",
                f"{one} {_year_words(year)}",
                f"{two} {_year_words(year)}",
            )
        partial.day, partial.month = orders[0]
        partial.slashed = None

    # Parts of days, months and years

    def in_day(self, span: Span, partial: Partial) -> Span:
        """Apply a time or a part of the day to a date that must be one day."""
        if partial.clock is None and not partial.part:
            return span
        if span.start is None or span.start != span.end or not span.start.day or span.start.time:
            raise self.not_read()
        point = span.start
        if "X" in point.year + point.month + point.day:
            raise self.not_read()
        year, month, day = int(point.year), int(point.month), int(point.day)
        if partial.clock is not None:
            timed = self.timed(year, month, day, partial.clock)
            return _single(timed)
        return self.part_of(days(year, month, day), partial.part)

    def part_of(self, number: int, part: str) -> Span:
        first, last = labels.PARTS[part]
        start = self.hour(number, first)
        end = self.hour(number + (part == "night"), last)
        return Span(start, end, _point(number))

    def hour(self, number: int, hour: int) -> Point:
        return self.located(Civil(*from_days(number), hour), Precision.HOUR, None)

    def timed(self, year: int, month: int, day: int, clock: Clock) -> Point:
        if clock.days:
            year, month, day = from_days(days(year, month, day) + clock.days)
        size = (
            Precision.SECOND
            if clock.second is not None
            else Precision.HOUR
            if clock.minute is None
            else Precision.MINUTE
        )
        moment = Civil(year, month, day, clock.hour, clock.minute or 0, clock.second or 0)
        self.year_text(year)
        return self.located(moment, size, clock.offset)

    def located(self, moment: Civil, size: Precision, offset: int | None) -> Point:
        """Return a time with the offset of the zone, so that it means the same everywhere. It
        stays local where the zone has two offsets then, or one of odd seconds."""
        if offset is None:
            found = single_offset(local_seconds(moment), self.zone)
            if found is not None and found % 60 == 0 and abs(found) <= 14 * 3600:
                offset = found // 60
        return from_civil(moment, size, offset)

    def third_of_month(self, year: int, month: int, partial: Partial) -> Span:
        point = Point(self.year_text(year), f"{month:02d}")
        if not partial.third:
            return _single(point)
        last = month_length(year, month)
        first, final = {
            "early": (1, 10), "mid": (11, 20), "late": (21, last), "1": (1, 15), "2": (16, last)
        }[partial.third]  # fmt: skip
        return Span(replace(point, day=f"{first:02d}"), replace(point, day=f"{final:02d}"), point)

    def third_of_year(self, year: int, partial: Partial) -> Span:
        point = Point(self.year_text(year))
        if not partial.third:
            return _single(point)
        if partial.third in ("1", "2"):
            return _single(replace(point, month="40" if partial.third == "1" else "41"))
        first, final = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}[partial.third]
        return Span(
            replace(point, month=f"{first:02d}"), replace(point, month=f"{final:02d}"), point
        )

    def third_of_years(self, partial: Partial) -> Span:
        """Return a decade or century, or a part of it."""
        point = Point(partial.pattern)
        check(point, self.text)
        if not partial.third:
            return _single(point)
        first, last = (moment.year for moment in day_range(point))
        length = last - first + 1
        steps = {
            "early": (0, length * 2 // 5 if length == 10 else 33),
            "mid": (4 if length == 10 else 33, 7 if length == 10 else 67),
            "late": (7 if length == 10 else 67, length),
            "1": (0, length // 2),
            "2": (length // 2, length),
        }[partial.third]
        return Span(
            Point(self.year_text(first + steps[0])),
            Point(self.year_text(first + steps[1] - 1)),
            point,
        )

    def beside(self, partial: Partial) -> Span:
        """Return 'the day after the talks', 'two weeks before 11 March'."""
        assert partial.beside is not None
        size, count, side, base = partial.beside
        if isinstance(base, Event):
            found = self.find(base.name)
            self.meaning.basis = Basis.DERIVED_EVENT
            self.meaning.anchor_event = found.ref
            span = self.event_span(found)
        else:
            span = self.resolve(base)
        edge = span.end if side == "after" else span.start
        if edge is None or not edge.day or "X" in edge.year + edge.month + edge.day:
            what = base.name if isinstance(base, Event) else self.text[base.first.start :]
            raise DateError(
                f"{quote(self.text)} cannot be worked out: {quote(what)} is not dated to the day."
            )
        first, last = day_range(edge)
        moment = last if side == "after" else first
        number = days(moment.year, moment.month, moment.day)
        sign = 1 if side == "after" else -1
        moved = self.moved(number, size, count, sign)
        return _marked_span(moved, approximate=edge.approximate, uncertain=edge.uncertain)

    def moved(self, number: int, size: str, count: int, sign: int) -> Span:
        if size in labels.PARTS:
            if size == "night":
                return self.part_of(number if sign > 0 else number - 1, size)
            return self.part_of(number + sign, size)
        if size == "next week":
            ends = (number + 1, number + 7) if sign > 0 else (number - 7, number - 1)
            return Span(self.valid(ends[0]), self.valid(ends[1]))
        if size in ("week", "fortnight"):
            number += sign * count * (7 if size == "week" else 14)
        elif size == "day":
            number += sign * count
        else:
            months = sign * count * (1 if size == "month" else 12)
            number = shift_months(number * DAY, months) // DAY
        return _single(self.valid(number))

    def valid(self, number: int) -> Point:
        self.year_text(from_days(number)[0])
        return _point(number)

    # Grammar of a single date

    def partial(self) -> Partial:
        """Read one date as far as it goes. Raises _NotRead."""
        if self.done:
            raise _NotRead
        first = self.tokens[self.at]
        approximate = self.about()
        partial = self.dated()
        start = self.at
        if partial.clock is None and not partial.part:
            self.time_or_part(partial)
        if self.at == start or self.peek() in ("?", "~"):
            sign = self.take_one(("?", "~"))
            partial.uncertain = sign == "?"
            approximate = approximate or sign == "~"
        if self.take_phrase("or so", "or thereabouts"):
            approximate = True
        partial.approximate = approximate
        partial.first, partial.last = first, self.tokens[self.at - 1]
        return partial

    def time_or_part(self, partial: Partial) -> None:
        """Read ', 14:30', 'at noon', ', morning' or 'in the evening' after a day."""
        if partial.day is None and not (
            partial.relative or partial.point or partial.slashed or partial.beside
        ):
            return
        start = self.at
        self.take(",")
        self.take("at")
        clock = self.clock()
        if clock is not None:
            partial.clock = clock
            return
        self.at = start
        self.take(",")
        self.take("in", "the") or self.take("at")
        part = self.take_one(tuple(words.PARTS))
        if part:
            partial.part = words.PARTS[part]
            return
        self.at = start

    def dated(self) -> Partial:
        for alternative in (
            self.counted,
            self.next_or_last,
            self.time_first,
            self.part_first,
            self.day_word,
        ):
            start = self.at
            found = alternative()
            if found is not None:
                return found
            self.at = start
        while self.take_one(words.FILLERS) or self.take("some", "time"):
            pass
        if self.done:
            raise _NotRead
        return self.calendar_date()

    def blank(self) -> Partial:
        token = self.tokens[min(self.at, len(self.tokens) - 1)]
        return Partial(token, token)

    def clock(self) -> Clock | None:
        """Read a time of day with its zone."""
        start = self.at
        self.take("at")
        self.take("exactly")
        if self.take_one(("noon", "midday")):
            clock = Clock(12, 0)
        elif self.take("midnight"):
            clock = Clock(0, 0)
        elif self.kind() == "time":
            numbers = [int(part) for part in self.peek().split(":")]
            self.at += 1
            clock = Clock(numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else None)
            self.half_of_day(clock)
        elif self.kind() == "number" and self.peek(1) in ("am", "pm", "o'clock"):
            clock = Clock(int(self.peek()[:4]), None)
            self.at += 1
            self.take("o'clock")
            self.half_of_day(clock)
        else:
            self.at = start
            return None
        self.take_one(("hrs", "hours", "h"))
        self.offset(clock)
        if (clock.hour, clock.minute or 0, clock.second or 0) == (24, 0, 0) and not clock.days:
            clock.hour, clock.days = 0, 1
        if clock.hour > 23 or (clock.minute or 0) > 59 or (clock.second or 0) > 59:
            raise DateError(f"{quote(self.text)} is not a time. Times run from 00:00 to 24:00.")
        return clock

    def half_of_day(self, clock: Clock) -> None:
        half = self.take_one(("am", "pm"))
        if half and not 1 <= clock.hour <= 12:
            raise DateError(
                f"{quote(self.text)} is not a time. With 'am' and 'pm' hours run from 1 to 12."
            )
        if half:
            clock.hour = clock.hour % 12 + (12 if half == "pm" else 0)

    def offset(self, clock: Clock) -> None:
        """Read a zone. A minus alone is not one: '14:30-16:00' is a range."""
        start = self.at
        self.take("local", "time")
        name = self.take_one(tuple(words.OFFSETS))
        if name:
            clock.offset = words.OFFSETS[name]
        sign = self.peek()
        zoned = sign == "+" or (sign == "-" and name in ("utc", "gmt"))
        if not zoned or self.kind(1) not in ("number", "time"):
            if not name and self.tokens[self.at - 1].value != "time":
                self.at = start
            return
        digits = self.peek(1)
        hours, _, minutes = digits.partition(":")
        if len(hours) == 4 and not minutes:
            hours, minutes = hours[:2], hours[2:]
        total = int(hours[:4]) * 60 + int(minutes[:2] or 0)
        if total > 14 * 60:
            raise DateError(
                f"{quote(self.text)} is too far from UTC. Offsets run from -14:00 to +14:00."
            )
        clock.offset = total if sign == "+" else -total
        self.at += 2

    def time_first(self) -> Partial | None:
        """'14:30 on 11 March', 'noon', '2 pm yesterday'."""
        clock = self.clock()
        if clock is None:
            return None
        start = self.at
        self.take(",")
        try:
            partial = self.dated()
        except _NotRead:
            partial = None
        if partial is None or partial.clock or partial.part or not _has_day(partial):
            self.at = start
            partial = self.blank()
        partial.clock = clock
        return partial

    def part_first(self) -> Partial | None:
        """'the morning of 11 March', 'the night of 10 to 11 March'."""
        self.take_one(("on", "in", "at", "during"))
        self.take("the")
        part = self.take_one(tuple(words.PARTS))
        if not part:
            return None
        named = words.PARTS[part]
        if not self.take_one(("of", "from", "on", "between")) and part != "overnight":
            return None
        try:
            partial = self.dated()
        except _NotRead:
            return None
        if partial.clock or partial.part:
            return None
        if named == "night":
            self.second_day(partial)
        if not _has_day(partial):
            return None
        partial.part = named
        return partial

    def second_day(self, partial: Partial) -> None:
        """Step over the day on which a night ends."""
        start = self.at
        if not self.take_one(("to", "-", "/", "and")):
            return
        try:
            following = self.dated()
        except _NotRead:
            self.at = start
            return
        self.fill(partial, following)
        if (
            partial.day is None
            or following.day is None
            or partial.month is None
            or following.month is None
        ):
            self.at = start
            return
        year = self.year_of(partial)
        if following.year is None:
            following.year = year
        self.check_day(year, partial)
        self.check_day(following.year, following)
        apart = days(following.year, following.month, following.day) - days(
            year, partial.month, partial.day
        )
        if apart != 1:
            raise DateError(f"{quote(self.text)} is not one night. Name two days in a row.")

    def day_word(self) -> Partial | None:
        """'today', 'last night', 'this evening' and their like."""
        partial = self.blank()
        self.take("later") and self.take("earlier")
        for phrase, shift, part in _DAY_WORDS:
            if self.take_phrase(phrase):
                partial.relative = _shifted(shift)
                partial.part = part
                return partial
        return None

    def next_or_last(self) -> Partial | None:
        """'this Saturday', 'next week', 'last month'."""
        self.take("on")
        self.take_one(("the", "in", "during"))
        which = self.take_one(("this", "next", "last", "coming", "past", "previous", "following"))
        if not which:
            if self.take("weekend"):
                which = "this"
                self.at -= 1
            else:
                return None
        self.take_one(("coming", "past"))
        partial = self.blank()
        name = self.peek()
        if name in words.WEEKDAYS:
            self.at += 1
            partial.relative = lambda origin: self.named_day(origin, which, words.WEEKDAYS[name])
            return partial
        step = {"this": 0, "next": 1, "coming": 1, "following": 1}.get(which, -1)
        if name not in ("week", "weekend", "month", "year"):
            return None
        self.at += 1
        partial.relative = lambda origin: self.named_period(origin, step, name)
        return partial

    def named_period(self, origin: date, step: int, name: str) -> Span:
        number = days(origin.year, origin.month, origin.day)
        if name == "year":
            return _single(Point(self.year_text(origin.year + step)))
        if name == "month":
            moved = from_local(shift_months(number * DAY, step))
            self.year_text(moved.year)
            return _single(from_civil(moved, Precision.MONTH))
        monday = number - weekday(number) + 7 * step
        first = monday if name == "week" else monday + 5
        return Span(self.valid(first), self.valid(monday + 6))

    def named_day(self, origin: date, which: str, wanted: int) -> Span:
        number = days(origin.year, origin.month, origin.day)
        today = weekday(number)
        ahead, back = (wanted - today) % 7, (today - wanted) % 7
        if which == "this":
            return _single(self.valid(number + ahead))
        if which in ("coming", "following"):
            return _single(self.valid(number + (ahead or 7)))
        if which in ("past", "previous"):
            return _single(self.valid(number - (back or 7)))
        week = number - today + (7 if which == "next" else -7)
        nearest = number + (ahead or 7) if which == "next" else number - (back or 7)
        if week + wanted == nearest:
            return _single(self.valid(nearest))
        raise self.either(*sorted((week + wanted, nearest)))

    def either(self, one: int, two: int) -> DateError:
        return refusal(
            f"{quote(self.text)} can be {_day_words(one)} or {_day_words(two)}.",
            _day_words(one),
            _day_words(two),
        )

    def counted(self) -> Partial | None:
        """'in 3 days', 'two days later', 'the day after the talks'."""
        within = self.take("within")
        ahead = within or self.take("in")
        nearest = ahead and self.take("the", "next")
        the = self.take("the")
        count = self.count()
        explicit = count is not None
        size = words.UNITS.get(self.peek(), "")
        if not size and not ahead and not explicit:
            size = words.PARTS.get(self.peek(), "")
        if not size:
            return None
        self.at += 1
        number = 1 if count is None else count
        if number > 99_999:
            raise DateError(f"{quote(self.text)} is out of range.")
        if ahead:
            return self.ahead(size, number, whole=within or nearest) if explicit else None
        partial = self.blank()
        if explicit and self.take_phrase("later", "from now", "from today", "hence"):
            partial.relative = lambda origin: self.from_origin(origin, size, number, 1)
            return partial
        if explicit and self.take_phrase("ago", "earlier"):
            partial.relative = lambda origin: self.from_origin(origin, size, number, -1)
            return partial
        if not (explicit or the):
            return None
        word = self.take_one(("before", "after", "following", "from"))
        if not word or (word == "from" and not explicit):
            return None
        if size in ("week", "month", "year") and not explicit:
            if size != "week":
                return None
            size = "next week"
        side: Side = "before" if word == "before" else "after"
        start = self.at
        try:
            base: Partial | Event = self.partial()
            if not self.done and self.peek() not in (",", "to", "-", "and", "at", "or"):
                raise _NotRead
        except _NotRead:
            self.at = start
            named = self.rest_as_event().event
            assert named is not None
            base = named
        if isinstance(base, Partial) and base.event is not None:
            base = base.event
        partial.beside = (size, number, side, base)
        return partial

    def count(self) -> int | None:
        if self.kind() == "number":
            self.at += 1
            return int(self.tokens[self.at - 1].value[:9])
        if self.peek() in words.NUMBERS:
            self.at += 1
            return words.NUMBERS[self.tokens[self.at - 1].value]
        return None

    def ahead(self, size: str, number: int, *, whole: bool) -> Partial:
        """'in 3 days' is that day, 'within 3 days' any day up to it."""
        self.take("'")
        self.take("time")
        partial = self.blank()

        def relative(origin: date) -> Span:
            span = self.from_origin(origin, size, number, 1)
            if not whole:
                return span
            return Span(_point(days(origin.year, origin.month, origin.day)), span.end)

        partial.relative = relative
        return partial

    def from_origin(self, origin: date, size: str, count: int, sign: int) -> Span:
        return self.moved(days(origin.year, origin.month, origin.day), size, count, sign)

    def calendar_date(self) -> Partial:
        """A date of the calendar, from its first real word on."""
        partial = self.blank()
        if self.kind() == "iso":
            return self.iso(partial)
        if self.kind() == "ref" and self.peek() not in ("q1", "q2", "q3", "q4"):
            token = self.tokens[self.at]
            self.at += 1
            partial.event = Event(self.text[token.start : token.stop])
            return partial
        name = self.peek()
        if name in words.WEEKDAYS:
            self.at += 1
            self.take(",")
            self.take("the") or self.take("on")
            if self.kind() in ("number", "ordinal") or self.peek() in words.MONTHS:
                inner = self.calendar_date()
                if inner.day is None and inner.slashed is None:
                    raise _NotRead
                inner.weekday = words.WEEKDAYS[name]
                return inner
            partial.relative = lambda origin: self.bare_weekday(origin, words.WEEKDAYS[name])
            return partial
        third = self.third()
        if third:
            inner = self.calendar_date()
            if inner.day is not None or inner.season or inner.relative or inner.point:
                raise _NotRead
            inner.third = third
            return inner
        if name in words.SEASONS:
            return self.season(partial)
        if self.kind() == "ref" or self.peek(1) == "quarter":
            return self.quarter(partial)
        if name in words.MONTHS:
            return self.month_first(partial)
        if name in ("ad", "ce", "year"):
            self.at += 1
            if self.kind() != "number":
                raise _NotRead
            partial.year = int(self.peek()[:6])
            self.at += 1
            return partial
        if self.kind() == "decade":
            number = int(name.rstrip("s").rstrip("'"))
            if number < 1000:
                raise _NotRead
            partial.pattern = f"{number // 10:03d}X"
            self.at += 1
            return partial
        if self.kind() in ("number", "ordinal"):
            return self.number_first(partial)
        raise _NotRead

    def iso(self, partial: Partial) -> Partial:
        text = self.peek().upper()
        self.at += 1
        node = parse(text)
        assert isinstance(node, Point)
        partial.point = node
        return partial

    def bare_weekday(self, origin: date, wanted: int) -> Span:
        number = days(origin.year, origin.month, origin.day)
        back = (weekday(number) - wanted) % 7 or 7
        raise self.either(number - back, number + (wanted - weekday(number)) % 7)

    def third(self) -> str:
        """'early', 'the middle of', 'the first half of'."""
        start = self.at
        name = self.take_one(tuple(words.THIRDS))
        if name:
            self.take("-")
            self.take("in") or self.take("of")
            self.take("the")
            return words.THIRDS[name]
        half = self.take_one(("first", "second"))
        if half and self.take("half"):
            self.take("of")
            self.take("the")
            return "1" if half == "first" else "2"
        self.at = start
        return ""

    def season(self, partial: Partial) -> Partial:
        partial.season = words.SEASONS[self.peek()]
        self.at += 1
        self.take("of")
        self.take(",")
        if self.kind() == "number" and len(self.peek()) == 4:
            partial.year = int(self.peek())
            self.at += 1
            if partial.season == "24" and self.take_one(("-", "/")):
                number = self.peek()
                if self.kind() != "number" or int(number[-2:]) != (partial.year + 1) % 100:
                    raise _NotRead
                self.at += 1
        elif self.kind() == "iso" and partial.season == "24":
            year, _, following = self.peek().partition("-")
            if following != f"{(int(year) + 1) % 100:02d}":
                raise _NotRead
            partial.year = int(year)
            self.at += 1
        return partial

    def quarter(self, partial: Partial) -> Partial:
        """'Q1 2025', 'first quarter of 2025'."""
        name = self.peek()
        self.at += 1
        if name in words.ORDINALS and self.take("quarter"):
            number = words.ORDINALS[name]
        elif self.tokens[self.at - 1].kind == "ref":
            number = int(name[1:])
        else:
            raise _NotRead
        self.take("of")
        if self.kind() != "number" or len(self.peek()) != 4:
            raise _NotRead
        partial.season = str(32 + number)
        partial.year = int(self.peek())
        self.at += 1
        return partial

    def month_first(self, partial: Partial) -> Partial:
        """'March 11, 2025', 'March 2025', 'March'."""
        partial.month = words.MONTHS[self.peek()]
        self.at += 1
        if self.kind() == "ordinal" or (self.kind() == "number" and len(self.peek()) <= 2):
            if self.kind() == "ordinal" or self.peek(1) not in words.ERAS:
                self.take_day(partial)
        elif self.peek() == "the" and self.kind(1) == "ordinal":
            self.at += 1
            self.take_day(partial)
        self.take_year(partial)
        return partial

    def take_day(self, partial: Partial) -> None:
        token = self.tokens[self.at]
        digits = token.value.rstrip("stndrh")
        partial.day = int(digits)
        partial.day_token = token if digits == token.value else None
        self.at += 1

    def take_year(self, partial: Partial) -> None:
        """Read a year after a month, with or without a comma or 'of'."""
        start = self.at
        comma = self.take(",")
        self.take("of")
        digits = self.peek()
        if self.kind() == "number":
            era = words.ERAS.get(self.peek(1), 0)
            full = len(digits) == 4 or era or len(digits) > 4
            if full and self.peek(1) not in ("am", "pm"):
                self.at += 2 if era else 1
                partial.year = _era_year(int(digits[:6]), era)
                return
            if len(digits) == 2 and not comma and self.peek(1) not in (*words.UNITS, "am", "pm"):
                fixed = self.text[: self.tokens[self.at].start] + f"20{digits}"
                fixed += self.text[self.tokens[self.at].stop :]
                raise refusal(f"{quote(self.text)} has a year of two digits.", fixed)
        elif self.peek() == "ad" and self.kind(1) == "number":
            partial.year = int(self.peek(1)[:6])
            self.at += 2
            return
        self.at = start

    def number_first(self, partial: Partial) -> Partial:
        token = self.tokens[self.at]
        if token.kind == "ordinal":
            return self.ordinal_first(partial)
        if self.peek(1) in ("/", ".", "-") and self.kind(2) == "number":
            joined = self.joined(partial)
            if joined is not None:
                return joined
        after = 2 if self.peek(1) == "of" else 1
        if self.peek(after) in words.MONTHS and len(token.value) <= 2:
            self.take_day(partial)
            self.take("of")
            partial.month = words.MONTHS[self.peek()]
            self.at += 1
            self.take_year(partial)
            return partial
        era = words.ERAS.get(self.peek(1), 0)
        if era or len(token.value) >= 4:
            self.at += 2 if era else 1
            partial.year = _era_year(int(token.value[:6]), era)
            return partial
        if len(token.value) <= 2:
            self.take_day(partial)
            self.year_after_day(partial)
            return partial
        raise _NotRead

    def year_after_day(self, partial: Partial) -> None:
        """Read ', 2025' of 'March 10 to 12, 2025'."""
        if self.peek() == "," and self.kind(1) == "number" and len(self.peek(1)) == 4:
            partial.year = int(self.peek(1))
            self.at += 2

    def ordinal_first(self, partial: Partial) -> Partial:
        """'11th of March 2025', '19th century'."""
        number = int(self.peek().rstrip("stndrh"))
        if self.peek(1) == "century":
            self.at += 2
            era = words.ERAS.get(self.peek(), 1)
            if self.peek() in words.ERAS:
                self.at += 1
            if not 1 <= number <= 99:
                raise _NotRead
            partial.pattern = f"{'-' if era < 0 else ''}{number - 1:02d}XX"
            return partial
        self.take_day(partial)
        if self.peek() in words.MONTHS or (self.peek() == "of" and self.peek(1) in words.MONTHS):
            self.take("of")
            partial.month = words.MONTHS[self.peek()]
            self.at += 1
            self.take_year(partial)
        else:
            self.year_after_day(partial)
        return partial

    def joined(self, partial: Partial) -> Partial | None:
        """Numbers with one sign between them: 13/03/2025, 11.03.2025, 2025/3/11, 11/03."""
        sign = self.peek(1)
        numbers = [self.peek(), self.peek(2)]
        if self.peek(3) == sign and self.kind(4) == "number":
            numbers.append(self.peek(4))
        short = [len(number) <= 2 for number in numbers]
        if len(numbers) == 3 and len(numbers[0]) == 4 and short[1] and short[2]:
            partial.year, partial.month, partial.day = (int(number) for number in numbers)
            if not 1 <= partial.month <= 12:
                raise DateError(
                    f"{quote(self.text)} is not a date: there is no month {partial.month}."
                )
            partial.day_token = self.tokens[self.at + 4]
        elif len(numbers) == 3 and short[0] and short[1] and len(numbers[2]) in (2, 4):
            partial.year = int(numbers[2])
            first, second = int(numbers[0]), int(numbers[1])
            if sign == "." and len(numbers[2]) == 4 and 1 <= second <= 12:
                partial.day, partial.month = first, second
                partial.day_token = self.tokens[self.at]
            else:
                partial.slashed = (first, second)
        elif len(numbers) == 2 and sign == "/" and short[0] and short[1]:
            partial.slashed = (int(numbers[0]), int(numbers[1]))
        else:
            return None
        self.at += 2 * len(numbers) - 1
        return partial

    # Refusal

    def not_read(self) -> DateError:
        """Return the error for a text that is no date, with a guess at a misspelt month."""
        for token in self.tokens:
            if token.kind != "word" or not 3 <= len(token.value) <= 12:
                continue
            if token.value in words.MONTHS or token.value in words.WEEKDAYS:
                continue
            near = get_close_matches(token.value, _MONTH_NAMES, 1, 0.75)
            if near:
                fixed = self.text[: token.start] + near[0].title() + self.text[token.stop :]
                try:
                    read_typed(fixed, words.fold(fixed), self.zone, self.anchor, None)
                except (DateError, _NotRead):
                    break
                return refusal(f"{quote(self.text)} is not a date.", fixed)
        return NotTyped(
            f"{quote(self.text)} is not a date that can be read. "
            "'11 March 2025', 'about 11 March 2025' or '10 to 12 March 2025' would work."
        )


_BOUND_PHRASES: tuple[tuple[str, Side, bool], ...] = (
    ("on or before", "before", True),
    ("on or after", "after", True),
    ("not before", "after", True),
    ("not after", "before", True),
    ("no earlier than", "after", True),
    ("not earlier than", "after", True),
    ("no later than", "before", True),
    ("not later than", "before", True),
    ("at the latest by", "before", True),
    ("at the latest on", "before", True),
    ("by", "before", True),
    ("before", "before", False),
    ("prior to", "before", False),
    ("earlier than", "before", False),
    ("ahead of", "before", False),
    ("after", "after", False),
    ("later than", "after", False),
    ("following", "after", False),
)
_ADVERBS = ("just", "shortly", "soon", "right", "immediately", "some", "sometime", "directly")
_DAY_WORDS: tuple[tuple[str, int, str], ...] = (
    ("last night", -1, "night"),
    ("tonight", 0, "night"),
    ("this morning", 0, "morning"),
    ("this afternoon", 0, "afternoon"),
    ("this evening", 0, "evening"),
    ("yesterday", -1, ""),
    ("today", 0, ""),
    ("now", 0, ""),
    ("the same day", 0, ""),
    ("tomorrow", 1, ""),
)
_WEEKDAY_NAMES = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
)  # fmt: skip
_MONTH_NAMES = [name.lower() for name in labels.MONTHS]


def _shifted(shift: int) -> Callable[[date], Span]:
    def relative(origin: date) -> Span:
        moved = origin + timedelta(days=shift)
        return _day_span(days(moved.year, moved.month, moved.day))

    return relative


def _era_year(number: int, era: int) -> int:
    """Return the astronomical year; 1 BC is 0."""
    return 1 - number if era < 0 else number


def _has_day(partial: Partial) -> bool:
    return bool(
        partial.day is not None
        or partial.relative
        or partial.slashed
        or partial.beside
        or (partial.point and partial.point.day)
    )


def _point(number: int) -> Point:
    return from_civil(Civil(*from_days(number)), Precision.DAY)


def _single(point: Point) -> Span:
    return Span(point, point, point)


def _day_span(number: int) -> Span:
    return _single(_point(number))


def _year_words(year: int) -> str:
    return labels.year_words(f"{year:04d}")


def _day_words(number: int) -> str:
    year, month, day = from_days(number)
    name = labels.MONTHS[month - 1]
    return f"{labels.WEEKDAYS[weekday(number)]} {day} {name} {_year_words(year)}"


def _starts(dates: list[Point]) -> int:
    return min(local_start(point) for point in dates)


def _ends(dates: list[Point]) -> int:
    return max(local_start(neighbour(point, "after")) for point in dates)


def _mark(point: Point, *, approximate: bool = False, uncertain: bool = False) -> Point:
    return replace(
        point,
        approximate=point.approximate or approximate,
        uncertain=point.uncertain or uncertain,
    )


def _marked_span(span: Span, *, approximate: bool, uncertain: bool) -> Span:
    def mark(point: Point | None) -> Point | None:
        if point is None:
            return None
        return _mark(point, approximate=approximate, uncertain=uncertain)

    node = span.node and _marked(span.node, approximate=approximate, uncertain=uncertain)
    return Span(mark(span.start), mark(span.end), mark(span.coarse), node)


def _marked(node: Node, *, approximate: bool = False, uncertain: bool = False) -> Node:
    """Return a node with marks added to every date in it."""
    if not (approximate or uncertain):
        return node

    def mark[T: (Point | Edge, Point | None)](end: T) -> T:
        if isinstance(end, Point):
            return _mark(end, approximate=approximate, uncertain=uncertain)
        return end

    match node:
        case Point():
            return _mark(node, approximate=approximate, uncertain=uncertain)
        case Interval(start, end):
            return Interval(mark(start), mark(end))
        case Choice(members, every):
            return Choice(tuple(Member(mark(a), mark(b)) for a, b in members), every)
