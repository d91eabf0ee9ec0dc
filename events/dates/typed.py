"""Dates as analysts type them, in English: what may surround and join single dates.

The text is split into tokens once and each form is tried from left to right without going back
into the text, so that the time taken grows with its length.

- 'until' and 'since' last; 'by', 'before', 'after' and 'between' happen once.
- 'before 11 March' and 'by 10 March' are one bound, as are 'after' and 'on or after'.
- 'about' before a range marks both its ends.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from itertools import pairwise

from events.dates import labels, words
from events.dates.civil import days
from events.dates.durations import is_duration
from events.dates.edtf import (
    MAX_MEMBERS,
    Edge,
    Interval,
    Member,
    Node,
    Point,
    check,
    local_end,
    local_start,
    make_set,
    neighbour,
    parse,
    points,
    unit,
)
from events.dates.grammar import Clock, Grammar, NotRead, Partial, Side
from events.dates.meaning import (
    LAST_YEAR,
    Lookup,
    Meaning,
    NotTyped,
    Resolver,
    Span,
    marked,
    one_of,
)
from events.dates.model import DateError, Precision, quote, refusal

type Tail = Callable[[Node | None], Node | None]


def read_typed(
    text: str, folded: str, zone: str, anchor: date | None, known: Lookup | None
) -> Meaning:
    """Read English. `folded` is `text` with plain signs, character for character.

    Raises NotTyped where nothing tells what was meant, else DateError.
    """
    try:
        return _Reader(text, folded, zone, anchor, known).read()
    except NotTyped:
        if folded.isascii() and folded.isdigit() and len(folded) == 3:
            problem = f"{quote(text)} is not a date that can be read."
            raise refusal(problem, f"{text} AD", f"{text} BC") from None
        if is_duration(folded):
            problem = f"{quote(text)} is a length of time, not a date."
            counted = (f"in {text}", f"{text} ago")
            readable = any(token.value in words.UNITS for token in words.tokens(folded))
            raise refusal(problem, *(counted if readable else ())) from None
        fixed = _respelt(text, folded)
        if fixed is None:
            raise
        try:
            _Reader(fixed, words.fold(fixed), zone, anchor, known).read()
        except NotTyped:
            fixed = None
        except DateError:
            pass
        if fixed is None:
            raise
    raise refusal(f"{quote(text)} is not a date.", fixed)


def _respelt(text: str, folded: str) -> str | None:
    """Return the text with its first unknown word put right when it is nearly a month."""
    for token in words.tokens(folded):
        if token.kind != "word" or not 4 <= len(token.value) <= 12:
            continue
        if token.value in words.MONTHS or token.value in words.WEEKDAYS:
            continue
        near = get_close_matches(token.value, _MONTHS, 1, 0.75)
        if near:
            return text[: token.start] + near[0].title() + text[token.stop :]
    return None


_MONTHS = [name.lower() for name in labels.MONTHS]


class _Reader:
    def __init__(
        self, text: str, folded: str, zone: str, anchor: date | None, known: Lookup | None
    ) -> None:
        self.text = text
        self.words = Grammar(text, folded)
        self.dates = Resolver(text, zone, anchor, known)

    def read(self) -> Meaning:
        """Return the meaning of the first form that fits the whole text."""
        uncertain = bool(self.words.take_one(*words.PERHAPS)) | self.doubted()
        approximate = self.words.about()
        start = self.words.at
        forms = (
            self.between,
            self.since,
            self.until,
            self.bound,
            self.during,
            self.range_or_list,
        )
        for form in forms:
            self.words.at = start
            self.dates.meaning = Meaning()
            try:
                node = form()
            except NotRead:
                continue
            if node is not None:
                node = marked(node, approximate=approximate, uncertain=uncertain)
                check(node, self.text)
            self.dates.meaning.node = node
            return self.dates.meaning
        raise NotTyped(self.text)

    def doubted(self) -> bool:
        """Take '?' or '(?)' off the end."""
        tokens = self.words.tokens
        if len(tokens) > 3 and [token.value for token in tokens[-3:]] == ["(", "?", ")"]:
            del tokens[-3:]
            return True
        if len(tokens) > 1 and tokens[-1].value == "?":
            tokens.pop()
            return True
        return False

    # Forms of the whole text

    def between(self) -> Node | None:
        """'between 10 and 12 March', 'between the talks and 15 March'."""
        if not self.words.take("between"):
            raise NotRead
        first = self.date_or_event_up_to("and")
        if not self.words.take("and"):
            raise NotRead
        second = self.date_or_rest()
        fill(first, second)
        tail = self.tail()
        self.check_turn_of_year(first, second)
        start, end = self.dates.resolve(first), self.dates.resolve(second)
        lower = start.ends_from if start.is_event else start.start
        upper = end.begins_by if end.is_event else end.end
        return tail(one_of(lower, upper))

    def since(self) -> Node | None:
        """'from 10 March', 'from 10 to 12 March', 'since the talks', 'from before 10 March to
        11 March', whose beginning is then open."""
        word = self.words.take_one("from", "since", "starting", "beginning")
        if not word or self.words.peek() == "of":
            raise NotRead
        before = self.words.take("before")
        start = self.words.at
        try:
            first = self.words.partial()
            if self.range_word():
                second = self.date_or_rest()
                fill(first, second)
                tail = self.tail()
                if before:
                    return tail(Interval(Edge.OPEN, self.end_of(second)))
                return tail(self.interval(first, second))
            self.ongoing()
            tail = self.tail()
        except NotRead:
            self.words.at = start
            if before:
                raise
            if word == "from" and self.has("to"):
                return self.from_event()
            first, tail = self.words.rest_as_event(), _unchanged
        if before:
            raise NotRead
        return tail(Interval(self.end_of(first), Edge.OPEN))

    def has(self, word: str) -> bool:
        return any(token.value == word for token in self.words.tokens[self.words.at :])

    def from_event(self) -> Node | None:
        """'from the talks to 15 March'."""
        first = self.date_or_event_up_to("to")
        self.words.take("to")
        second = self.date_or_rest()
        tail = self.tail()
        return tail(self.interval(first, second))

    def until(self) -> Node | None:
        """'until 12 March', 'up to the talks'."""
        self.words.take("lasting")
        if not (self.words.take_one("until", "till", "through") or self.words.take("up", "to")):
            raise NotRead
        last, tail = self.date_with_tail_or_rest()
        return tail(Interval(Edge.OPEN, self.end_of(last)))

    def bound(self) -> Node | None:
        """'before 11 March', 'after the talks', 'by', 'on or after' and what means the same."""
        if self.words.peek() in words.ADVERBS and self.words.peek(1) in ("before", "after"):
            self.words.at += 1
        side, inclusive = self.bound_phrase()
        dated = self.whole_date_or_rest()
        span = self.dates.resolve(dated)
        if span.is_event:
            assert self.dates.meaning.anchor_event is not None
            self.dates.meaning.order = (side, self.dates.meaning.anchor_event)
            edge = span.begins_by if side == "before" else span.ends_from
        else:
            edge = self.bounding(span, side, inclusive=inclusive)
        return one_of(None, edge) if side == "before" else one_of(edge, None)

    def bound_phrase(self) -> tuple[Side, bool]:
        for phrase, side, inclusive in _BOUND_PHRASES:
            if self.words.take(*phrase):
                return side, inclusive
        raise NotRead

    def bounding(self, span: Span, side: Side, *, inclusive: bool) -> Point:
        """Return the last date before something, or the first one after."""
        near, far = (span.start, span.end) if side == "before" else (span.end, span.start)
        edge = far if inclusive else near
        assert edge is not None
        return edge if inclusive else self.next_to(edge, side)

    def next_to(self, edge: Point, side: Side) -> Point:
        beside = neighbour(edge, side)
        if len(beside.year) > 4 and int(beside.year) > LAST_YEAR:
            raise DateError(f"{quote(self.text)} is out of range. Years run from 4713 BC to 9999.")
        return beside

    def during(self) -> Node | None:
        """'during the talks', 'on the day of E6'."""
        self.words.take("on")
        if not any(self.words.take(*phrase) for phrase in _DURING_PHRASES):
            raise NotRead
        return self.dates.resolve(self.whole_date_or_rest()).node

    def range_or_list(self) -> Node | None:
        """'11 March', '10 to 12 March', '10 or 12 March', '11 March or later'."""
        first = self.words.partial()
        if self.range_word():
            second = self.date_or_rest()
            fill(first, second)
            tail = self.tail()
            return tail(self.interval(first, second))
        for phrase, side in _OPEN_PHRASES:
            if self.words.take(*phrase):
                self.words.finish()
                span = self.dates.resolve(first)
                return one_of(span.start, None) if side == "after" else one_of(None, span.end)
        if self.ongoing():
            self.words.finish()
            return Interval(self.end_of(first), Edge.OPEN)
        return self.listed(first) or self.alone(first)

    def alone(self, partial: Partial) -> Node | None:
        tail = self.tail()
        return tail(self.dates.resolve(partial).node)

    def listed(self, first: Partial) -> Node | None:
        """'10, 11 and 12 March', '10 or 12 March'; None when it is not a list."""
        partials = [first]
        start = self.words.at
        word = ""
        try:
            while not word and len(partials) < MAX_MEMBERS:
                comma = self.words.take(",")
                word = self.words.take_one("and", "or")
                if not (comma or word):
                    raise NotRead
                partials.append(self.words.partial())
            self.words.finish()
        except NotRead:
            self.words.at = start
            return None
        for before, after in reversed(list(pairwise(partials))):
            fill(before, after)
        spans = [self.dates.resolve(partial) for partial in partials]
        members = [Member(s.start, s.end) for s in spans if s.start or s.end]
        return make_set(members, every=word == "and") if members else None

    # Parts of the forms

    def range_word(self) -> bool:
        """Step over the word between the two ends of what lasts."""
        found = self.words.take_one("to", "until", "till", "through", "-", "/")
        return bool(found) or self.words.take("up", "to")

    def ongoing(self) -> bool:
        """Step over ', ongoing' or 'onwards'."""
        start = self.words.at
        self.words.take(",")
        self.words.take_one("and", "still")
        if any(self.words.take(*phrase) for phrase in _ONGOING_PHRASES):
            return True
        self.words.at = start
        return False

    def date_or_rest(self) -> Partial:
        """Read a date that ends the text or its clause, else the rest as an event's name."""
        start = self.words.at
        try:
            partial = self.words.partial()
            if self.words.done or self.words.peek() in (",", "before", "after"):
                return partial
        except NotRead:
            pass
        self.words.at = start
        return self.words.rest_as_event()

    def whole_date_or_rest(self) -> Partial:
        """Read a date that ends the text, else the rest as an event's name."""
        start = self.words.at
        try:
            partial = self.words.partial()
            self.words.finish()
        except NotRead:
            self.words.at = start
            return self.words.rest_as_event()
        return partial

    def date_with_tail_or_rest(self) -> tuple[Partial, Tail]:
        start = self.words.at
        try:
            partial = self.words.partial()
            return partial, self.tail()
        except NotRead:
            self.words.at = start
            return self.words.rest_as_event(), _unchanged

    def date_or_event_up_to(self, word: str) -> Partial:
        """Read a date, or the words up to `word` as the name of an event."""
        start = self.words.at
        try:
            partial = self.words.partial()
            if self.words.peek() == word:
                return partial
        except NotRead:
            pass
        self.words.at = start
        while not self.words.done and self.words.peek() != word:
            self.words.at += 1
        if self.words.done or self.words.at == start:
            raise NotRead
        return self.words.event_from(start)

    def interval(self, first: Partial, second: Partial) -> Node:
        """Return what lasts from one date to another."""
        self.check_turn_of_year(first, second)
        return Interval(self.end_of(first), self.end_of(second))

    def end_of(self, partial: Partial) -> Point:
        """Return the single date that an end of an interval can be."""
        span = self.dates.resolve(partial)
        if span.coarse is not None:
            return span.coarse
        if span.is_event:
            raise DateError(
                f"{quote(self.text)} cannot be worked out: "
                f"{self.dates.meaning.anchor_event} has no single date."
            )
        raise DateError(
            f"{quote(self.text)} has an end that is not a single date. "
            "Write the days, such as '10 to 12 March 2025'."
        )

    def check_turn_of_year(self, first: Partial, second: Partial) -> None:
        """Offer both years when neither end has one and the first would come later."""
        anchor = self.dates.anchor
        if anchor is None or first.year is not None or second.year is not None:
            return
        if first.month is None or second.month is None:
            return
        if (first.month, first.day or 0) <= (second.month, second.day or 31):
            return
        (_, one), (_, two) = first.spot, second.spot
        head, middle, rest = self.text[:one], self.text[one:two], self.text[two:]
        year = anchor.year
        raise refusal(
            f"{quote(self.text)} runs over the turn of a year.",
            f"{head} {year - 1}{middle} {year}{rest}",
            f"{head} {year}{middle} {year + 1}{rest}",
        )

    # What may follow a date

    def tail(self) -> Tail:
        """Read a known order ('…, after the talks') or a limit in the day ('… before 14:30')."""
        if self.words.done:
            return _unchanged
        self.words.take(",")
        self.words.take("and")
        self.words.take_one(*words.ADVERBS)
        word = self.words.take_one("before", "after")
        if not word or self.words.done:
            raise NotRead
        side: Side = "before" if word == "before" else "after"
        named = self.whole_date_or_rest()
        if named.clock is not None and named.undated:
            clock = named.clock
            return lambda node: self.within_day(node, side, clock)
        if named.event is None:
            raise NotRead
        return lambda node: self.ordered(node, side, named)

    def within_day(self, node: Node | None, side: Side, clock: Clock) -> Node | None:
        """Return the part of a day before or after a time."""
        if not isinstance(node, Point) or unit(node) is not Precision.DAY or node.approximate:
            raise NotTyped(self.text)
        number = days(int(node.year), int(node.month), int(node.day))
        edge = self.next_to(self.dates.timed(number, clock), side)
        if side == "before":
            return one_of(self.dates.day_begins(number, clock.offset), edge)
        return one_of(edge, self.dates.timed(number, Clock(23, 59, offset=clock.offset)))

    def ordered(self, node: Node | None, side: Side, named: Partial) -> Node | None:
        """Keep the known order to an event. Raises DateError when the dates speak against it."""
        assert named.event is not None
        event, span = self.dates.event(named.event)
        self.dates.meaning.order = (side, event.ref)
        mine = [] if node is None else list(points(node))
        theirs = span.ends_from if side == "after" else span.begins_by
        if not mine or theirs is None or theirs.approximate or any(p.approximate for p in mine):
            return node
        if side == "after":
            contrary = max(local_end(point) for point in mine) <= local_start(theirs)
        else:
            contrary = local_end(theirs) <= min(local_start(point) for point in mine)
        if contrary and isinstance(node, Point):
            dated = labels.long_label(parse(event.edtf)).partition(", ")[0]
            raise DateError(
                f"{quote(self.text)} cannot be {side} {event.ref}, which is dated {dated}."
            )
        return node


def _unchanged(node: Node | None) -> Node | None:
    return node


def fill(first: Partial, second: Partial) -> None:
    """Complete two dates from each other: '10 to 12 March', 'March 10 to 12', '14:30 to 16:00 on
    11 March', '28 December to 2 January 2025'."""
    if second.clock_first and first.day_token and first.month is None and not first.clock:
        # In '2 to 4 pm' the first number is an hour, not a day.
        assert second.clock is not None
        first.clock = Clock(first.day or 0, second.clock.minute and 0, half=second.clock.half)
        first.day = first.day_token = None
    if first.undated and first.clock and not second.undated:
        _copy_date(first, second)
    elif second.undated and second.clock and not first.undated:
        _copy_date(second, first)
    elif first.day is not None and first.month is None and second.month is not None:
        first.month = second.month
        first.year = second.year if first.year is None else first.year
    elif second.day is not None and second.month is None and first.month is not None:
        second.month = first.month
        first.year = second.year if first.year is None else first.year
        second.year = first.year
    elif first.year is None and second.year is not None and (first.month or first.season):
        first.year = second.year
        if first.month and (first.month, first.day or 0) > (second.month or 12, second.day or 31):
            first.year -= 1
    elif second.year is None and first.year is not None and second.month is not None:
        second.year = first.year
    if first.clock and second.clock and first.clock.offset is None:
        first.clock.offset = second.clock.offset
    if first.clock and second.clock and not first.clock.half and first.clock.hour <= 12:
        first.clock.half = second.clock.half


def _copy_date(to: Partial, source: Partial) -> None:
    to.year, to.month, to.day = source.year, source.month, source.day
    to.weekday, to.relative, to.point = source.weekday, source.relative, source.point
    to.slashed, to.beside, to.short_year = source.slashed, source.beside, source.short_year


_BOUND_PHRASES: tuple[tuple[tuple[str, ...], Side, bool], ...] = (
    (("on", "or", "before"), "before", True),
    (("on", "or", "after"), "after", True),
    (("not", "before"), "after", True),
    (("not", "after"), "before", True),
    (("no", "earlier", "than"), "after", True),
    (("not", "earlier", "than"), "after", True),
    (("no", "later", "than"), "before", True),
    (("not", "later", "than"), "before", True),
    (("by",), "before", True),
    (("before",), "before", False),
    (("prior", "to"), "before", False),
    (("earlier", "than"), "before", False),
    (("ahead", "of"), "before", False),
    (("after",), "after", False),
    (("later", "than"), "after", False),
    (("following",), "after", False),
)
"""Phrase, side, and whether the date named is included."""
_OPEN_PHRASES: tuple[tuple[tuple[str, ...], Side], ...] = (
    (("or", "later"), "after"),
    (("or", "after"), "after"),
    (("at", "the", "earliest"), "after"),
    (("or", "earlier"), "before"),
    (("or", "before"), "before"),
    (("at", "the", "latest"), "before"),
)
_DURING_PHRASES = (
    ("during",),
    ("at", "the", "time", "of"),
    ("the", "day", "of"),
    ("the", "date", "of"),
    ("the", "same", "day", "as"),
)
_ONGOING_PHRASES = (
    ("ongoing",),
    ("onwards",),
    ("onward",),
    ("on",),
    ("continuing",),
    ("to", "date"),
    ("to", "present"),
    ("to", "the", "present"),
    ("until", "now"),
)
