"""The grammar of a single date in English: words in, a `Partial` out, no meaning yet.

Each alternative reads tokens from left to right and either returns what it found or leaves the
place where it was. None of them fails on meaning ('31 Feb', 'the Saturday talks'): that is left
to `meaning`, so that the same words can still turn out to be the title of an event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from events.dates import words
from events.dates.edtf import Point, parse
from events.dates.words import Token

type Side = Literal["before", "after"]


class NotRead(Exception):
    """An alternative of the grammar does not apply."""


@dataclass(slots=True)
class Clock:
    """A time of day as typed. `half` is 'am', 'pm' or ''; `offset` is in minutes."""

    hour: int
    minute: int | None = None
    second: int | None = None
    half: str = ""
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Shifted:
    """So many days from the day of the document: today, yesterday, tomorrow."""

    days: int


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A weekday, with 'this', 'next', 'last' and the like, or '' when it stands alone."""

    which: str
    weekday: int


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """This, next or last week, weekend, month or year: `step` is 0, 1 or -1."""

    step: int
    name: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of units ahead (`sign` 1) or back (-1); with `whole`, any day up to then."""

    unit: str
    count: int
    sign: int
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """The name of an event, as typed."""

    name: str


@dataclass(slots=True)
class Partial:
    """A date as far as its words go, to be completed by its neighbour in a range.

    `spot` is where its calendar words stand in the text, for suggestions that replace them.
    """

    spot: tuple[int, int]
    year: int | None = None
    short_year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    slashed: tuple[int, int] | None = None
    pattern: str = ""
    season: str = ""
    third: str = ""
    point: Point | None = None
    relative: Shifted | NamedDay | NamedPeriod | Counted | None = None
    beside: tuple[Counted, Partial] | None = None
    event: Named | None = None
    clock: Clock | None = None
    clock_first: bool = False
    part: str = ""
    night_end: Partial | None = None
    day_token: Token | None = None
    approximate: bool = False
    uncertain: bool = False

    @property
    def undated(self) -> bool:
        """Whether there are no words of a date (there may be a time)."""
        known = (self.year, self.month, self.day, self.slashed, self.point)
        named = (self.relative, self.beside, self.event)
        return not (any(part is not None for part in known + named) or self.pattern or self.season)

    @property
    def has_day(self) -> bool:
        """Whether a time can be added."""
        if self.point is not None:
            return bool(self.point.day) and self.point.time is None
        parts = (self.day, self.slashed, self.relative, self.beside)
        return any(part is not None for part in parts)


class Grammar:
    """A text split into tokens, and the place reached in it."""

    def __init__(self, text: str, folded: str) -> None:
        self.text = text
        self.tokens = words.tokens(folded)
        self.at = 0

    # Tokens

    def peek(self, ahead: int = 0) -> str:
        """Return the value of a coming token, '' at the end."""
        index = self.at + ahead
        return self.tokens[index].value if index < len(self.tokens) else ""

    def kind(self, ahead: int = 0) -> str:
        """Return the kind of a coming token, '' at the end."""
        index = self.at + ahead
        return self.tokens[index].kind if index < len(self.tokens) else ""

    def take(self, first: str, *others: str) -> bool:
        """Step over the next tokens when they are these."""
        if self.peek() != first:  # the usual case, and most of the time that reading takes
            return False
        if any(self.peek(index) != value for index, value in enumerate(others, start=1)):
            return False
        self.at += 1 + len(others)
        return True

    def take_one(self, *choices: str) -> str:
        """Step over the next token when it is one of these, and return it."""
        value = self.peek()
        if value and value in choices:
            self.at += 1
            return value
        return ""

    def take_number(self) -> int:
        """Step over a number. Those too large for any date come back as one that is."""
        self.at += 1
        digits = self.tokens[self.at - 1].value.lstrip("0")
        return int(digits or 0) if len(digits) <= 6 else 9_999_999

    def is_year(self, ahead: int = 0) -> bool:
        """Say whether a number of four digits comes."""
        return self.kind(ahead) == "number" and len(self.peek(ahead)) == 4

    @property
    def done(self) -> bool:
        """Whether all tokens are read."""
        return self.at >= len(self.tokens)

    def finish(self) -> None:
        """Raise NotRead unless the text ends here."""
        if not self.done:
            raise NotRead

    def about(self) -> bool:
        """Step over words for 'about'."""
        found = False
        while self.take_one(*words.ABOUT):
            found = True
        return found

    # Dates with a time and marks

    def partial(self) -> Partial:
        """Read one date as far as it goes. Raises NotRead."""
        if self.done:
            raise NotRead
        approximate = self.about()
        partial = self.dated()
        if partial.clock is None and not partial.part and partial.has_day:
            self.time_or_part(partial)
        sign = self.take_one("?", "~")
        partial.uncertain = sign == "?"
        thereabouts = self.take("or", "so") or self.take("or", "thereabouts")
        partial.approximate |= approximate or thereabouts or sign == "~"
        return partial

    def time_or_part(self, partial: Partial) -> None:
        """Read ', 14:30', 'at noon', ', morning' or 'in the evening' after a day."""
        start = self.at
        self.take(",")
        self.take("at")
        partial.approximate = self.about()
        partial.clock = self.clock()
        if partial.clock is not None:
            return
        partial.approximate = False
        self.at = start
        self.take(",")
        _ = self.take("in", "the") or self.take("at")
        part = self.take_one(*words.PARTS)
        if part:
            partial.part = words.PARTS[part]
        else:
            self.at = start

    def dated(self) -> Partial:
        """Read one date without marks."""
        alternatives = (
            self.counted,
            self.next_or_last,
            self.time_first,
            self.part_first,
            self.day_word,
        )
        for alternative in alternatives:
            start = self.at
            found = alternative()
            if found is not None:
                return found
            self.at = start
        while self.take_one(*words.FILLERS) or self.take("some", "time"):
            pass
        if self.done:
            raise NotRead
        return self.placed(self.at, self.calendar_date())

    def blank(self) -> Partial:
        """Return an empty date at the next token."""
        token = self.tokens[min(self.at, len(self.tokens) - 1)]
        return Partial((token.start, token.stop))

    def placed(self, start: int, partial: Partial) -> Partial:
        """Note that a date reaches from the token `start` to here."""
        partial.spot = (self.tokens[start].start, self.tokens[self.at - 1].stop)
        return partial

    def rest_as_event(self) -> Partial:
        """Read the rest of the text as the name of an event."""
        if self.done:
            raise NotRead
        start, self.at = self.at, len(self.tokens)
        return self.event_from(start)

    def event_from(self, start: int) -> Partial:
        """Return the words from the token `start` to here as the name of an event."""
        partial = self.placed(start, Partial((0, 0)))
        partial.event = Named(self.text[slice(*partial.spot)])
        return partial

    # Times of day

    def clock(self) -> Clock | None:
        """Read a time of day with its zone."""
        start = self.at
        self.take("at")
        self.take("exactly")
        if self.take_one("noon", "midday"):
            clock = Clock(12, 0)
        elif self.take("midnight"):
            clock = Clock(0, 0)
        elif self.kind() == "time":
            numbers = [int(part) for part in self.peek().split(":")]
            self.at += 1
            clock = Clock(numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else None)
            clock.half = self.take_one("am", "pm")
        elif self.kind() == "number" and self.peek(1) in ("am", "pm"):
            clock = Clock(self.take_number())
            clock.half = self.take_one("am", "pm")
        else:
            self.at = start
            return None
        self.take_one("hrs", "hours", "h")
        self.take_offset(clock)
        return clock

    def take_offset(self, clock: Clock) -> None:
        """Read a zone. A minus without 'UTC' is none: '14:30-16:00' is a range."""
        if self.take("local", "time"):
            return
        name = self.take_one(*words.OFFSETS)
        if name:
            clock.offset = words.OFFSETS[name]
        sign = self.peek()
        signed = sign == "+" or (sign == "-" and name in ("utc", "gmt"))
        if not signed or self.kind(1) not in ("number", "time"):
            return
        hours, _, minutes = self.peek(1).partition(":")
        if len(hours) == 4 and not minutes:
            hours, minutes = hours[:2], hours[2:]
        total = int(hours[:4]) * 60 + int(minutes[:2] or 0)
        clock.offset = total if sign == "+" else -total
        self.at += 2

    def time_first(self) -> Partial | None:
        """'14:30 on 11 March', 'noon', '2 pm yesterday'."""
        clock = self.clock()
        if clock is None:
            return None
        start = self.at
        self.take(",")
        partial = None
        if not self.clock_next():
            try:
                partial = self.dated()
            except NotRead:
                partial = None
        if partial is None or partial.clock or partial.part or not partial.has_day:
            self.at = start
            partial = self.placed(start - 1, Partial((0, 0)))
        partial.clock, partial.clock_first = clock, True
        return partial

    def clock_next(self) -> bool:
        """Say whether another time comes: a list of times must not be tried again and again."""
        return self.kind() == "time" or self.peek() in ("noon", "midday", "midnight")

    def part_first(self) -> Partial | None:
        """'the morning of 11 March', 'the night of 10 to 11 March', 'overnight on 10 March'."""
        self.take_one("on", "in", "at", "during")
        self.take("the")
        word = self.take_one(*words.PARTS)
        if not word or not (self.take_one("of", "from", "on", "between") or word == "overnight"):
            return None
        try:
            partial = self.dated()
        except NotRead:
            return None
        if partial.clock or partial.part:
            return None
        partial.part = words.PARTS[word]
        if partial.part == "night":
            self.night_end(partial)
        return partial if partial.has_day else None

    def night_end(self, partial: Partial) -> None:
        """Read the second day of a night, '11 March' of '10 to 11 March'."""
        start = self.at
        if self.take_one("to", "-", "/", "and"):
            try:
                following = self.dated()
            except NotRead:
                following = None
            if following and following.day is not None and not following.clock:
                partial.night_end = following
                if partial.month is None:
                    partial.month, partial.year = following.month, following.year
                elif partial.year is None and following.year is not None:
                    # Only the night to 1 January has its days in two years.
                    turn = partial.month == 12 and following.month == 1
                    partial.year = following.year - turn
                return
        self.at = start

    # Dates relative to the day of the document, or to another date

    def day_word(self) -> Partial | None:
        """'today', 'last night', 'this evening' and their like."""
        start = self.at
        for phrase, shift, part in words.DAY_WORDS:
            if self.take(*phrase):
                partial = self.placed(start, Partial((0, 0)))
                partial.relative = Shifted(shift)
                partial.part = part
                return partial
        return None

    def next_or_last(self) -> Partial | None:
        """'this Saturday', 'next week', 'last month', 'the weekend'."""
        self.take_one("on", "in", "at", "over", "during")
        the = self.take("the")
        start = self.at
        which = self.take_one(*words.WHICH)
        if which == "this":
            self.take_one("coming", "past")
        name = self.peek()
        if name == "weekend" and the and not which:
            which = "this"
        if not which:
            return None
        if name in words.WEEKDAYS:
            relative: NamedDay | NamedPeriod = NamedDay(which, words.WEEKDAYS[name])
        elif name in ("week", "weekend", "month", "year"):
            relative = NamedPeriod(words.WHICH[which], name)
        else:
            return None
        self.at += 1
        partial = self.placed(start, Partial((0, 0)))
        partial.relative = relative
        return partial

    def counted(self) -> Partial | None:
        """'in 3 days', 'two days later', 'the day after the talks'."""
        start = self.at
        within = self.take("within")
        ahead = within or self.take("in")
        whole = within or (ahead and self.take("the", "next"))
        the = self.take("the")
        count = self.count()
        name = words.UNITS.get(self.peek(), "")
        if count is None and not ahead:
            name = name or words.PARTS.get(self.peek(), "")
        if not name:
            return None
        self.at += 1
        if ahead:
            self.take("'", "time")
            sign = 0 if count is None else 1
        else:
            sign = self.later_or_ago() if count is not None else 0
        if count is not None and sign:
            partial = self.placed(start, Partial((0, 0)))
            partial.relative = Counted(name, count, sign, whole)
            return partial
        if ahead or (count is None and not the):
            return None
        return self.counted_beside(start, name, count)

    def count(self) -> int | None:
        """Read a number in figures or words."""
        if self.kind() == "number":
            return self.take_number()
        word = self.take_one(*words.NUMBERS)
        return words.NUMBERS[word] if word else None

    def later_or_ago(self) -> int:
        """Read the direction after '3 days': 1 for 'later', -1 for 'ago', 0 for neither."""
        if self.take("from", "now") or self.take("from", "today"):
            return 1
        word = self.take_one("later", "hence", "ago", "earlier")
        return {"later": 1, "hence": 1, "ago": -1, "earlier": -1}.get(word, 0)

    def counted_beside(self, start: int, name: str, count: int | None) -> Partial | None:
        """'two weeks before 11 March', 'the morning after the talks'."""
        side = self.take_one("before", "after", "following", "from")
        if not side or (side == "from" and count is None):
            return None
        if count is None and name == "week":
            name = "next week"
        elif count is None and name in ("fortnight", "month", "year"):
            return None
        partial = Partial((0, 0))
        base = self.base_date()
        partial.beside = (Counted(name, count or 1, -1 if side == "before" else 1), base)
        return self.placed(start, partial)

    def base_date(self) -> Partial:
        """Read the date that something is before or after, or else the name of an event."""
        start = self.at
        try:
            base = self.partial()
            if self.done or self.peek() in (",", "to", "-", "and", "at", "or"):
                return base
        except NotRead:
            pass
        self.at = start
        return self.rest_as_event()

    # Dates of the calendar

    def calendar_date(self) -> Partial:
        """Read a date of the calendar from its first real word on. Raises NotRead."""
        partial, name, kind = self.blank(), self.peek(), self.kind()
        if kind == "iso":
            return self.iso(partial)
        if kind == "ref" and name not in words.QUARTERS:
            self.at += 1
            return self.event_from(self.at - 1)
        if name in words.WEEKDAYS:
            return self.weekday_first(partial)
        third = self.third()
        if third:
            return self.in_third(third)
        if name in words.SEASONS:
            return self.season(partial)
        if name in words.QUARTERS or self.peek(1) == "quarter":
            return self.quarter(partial)
        if name in words.MONTHS:
            return self.month_first(partial)
        if self.take_one("ad", "ce", "year"):
            if self.kind() != "number":
                raise NotRead
            partial.year = self.take_number()
            return partial
        if kind == "decade" and len(name.rstrip("s").rstrip("'")) == 4:
            self.at += 1
            partial.pattern = name[:3] + "X"
            return partial
        if kind == "ordinal":
            return self.ordinal_first(partial)
        if kind == "number":
            return self.number_first(partial)
        raise NotRead

    def iso(self, partial: Partial) -> Partial:
        """Read a date in figures, year first."""
        point = parse(self.peek())
        assert isinstance(point, Point)
        partial.point = point
        self.at += 1
        return partial

    def weekday_first(self, partial: Partial) -> Partial:
        """'Tue 11 March', 'Tuesday, March 11', or a weekday alone."""
        named = words.WEEKDAYS[self.peek()]
        self.at += 1
        start = self.at
        self.take(",")
        self.take_one("the", "on")
        if self.kind() in ("number", "ordinal") or self.peek() in words.MONTHS:
            dated = self.calendar_date()
            if dated.day is None and dated.slashed is None:
                raise NotRead
            dated.weekday = named
            return dated
        self.at = start
        partial.relative = NamedDay("", named)
        return partial

    def third(self) -> str:
        """Read 'early', 'the middle of', 'the first half of'."""
        start = self.at
        name = self.take_one(*words.THIRDS)
        half = "" if name else self.take_one("first", "second")
        if half and not self.take("half"):
            self.at = start
            return ""
        if name or half:
            self.take_one("-", "in", "of")
            self.take("the")
        return words.THIRDS[name] if name else {"": "", "first": "1", "second": "2"}[half]

    def in_third(self, third: str) -> Partial:
        """Read the month, year, decade or century of which a third was named."""
        partial = self.calendar_date()
        days = (partial.day, partial.slashed, partial.relative, partial.point, partial.event)
        if partial.season or partial.third or any(part is not None for part in days):
            raise NotRead
        partial.third = third
        return partial

    def season(self, partial: Partial) -> Partial:
        """'spring 2025', 'winter 2024-25', 'summer of 2025'."""
        partial.season = words.SEASONS[self.peek()]
        self.at += 1
        self.take_one("of", ",")
        if self.kind() == "iso" and partial.season == "24":
            # '2024-25' is one token, which elsewhere would be a year and a month.
            year, _, following = self.peek().partition("-")
            self.at += 1
        elif self.is_year():
            year, following = str(self.take_number()), ""
            if partial.season == "24" and self.take_one("-", "/"):
                following = self.peek()[-2:] if self.kind() == "number" else "?"
                self.at += 1
        else:
            return partial
        partial.year = int(year)
        if following and following != f"{(partial.year + 1) % 100:02d}":
            raise NotRead
        return partial

    def quarter(self, partial: Partial) -> Partial:
        """'Q1 2025', 'first quarter of 2025'."""
        name = self.peek()
        self.at += 1
        if name in words.QUARTERS:
            partial.season = words.QUARTERS[name]
        elif name in words.QUARTER_NAMES and self.take("quarter"):
            partial.season = words.QUARTER_NAMES[name]
        else:
            raise NotRead
        self.take("of")
        if not self.is_year():
            raise NotRead
        partial.year = self.take_number()
        return partial

    def month_first(self, partial: Partial) -> Partial:
        """'March 11, 2025', 'March 2025', 'March'."""
        partial.month = words.MONTHS[self.peek()]
        self.at += 1
        if self.peek() == "the" and self.kind(1) == "ordinal":
            self.at += 1
        number = self.kind() == "number" and len(self.peek()) <= 2
        if self.kind() == "ordinal" or (number and self.peek(1) not in words.ERAS):
            self.take_day(partial)
        self.take_year(partial)
        return partial

    def take_day(self, partial: Partial) -> None:
        """Read a day of the month, '11' or '11th'."""
        token = self.tokens[self.at]
        digits = token.value.rstrip("stndrh")
        partial.day = int(digits)
        partial.day_token = token if digits == token.value else None
        self.at += 1

    def take_month_and_year(self, partial: Partial) -> bool:
        """Read what follows a day: '[of] March [2025]'."""
        start = self.at
        self.take("of")
        if self.peek() in words.MONTHS:
            partial.month = words.MONTHS[self.peek()]
            self.at += 1
            self.take_year(partial)
            return True
        self.at = start
        return False

    def take_year(self, partial: Partial) -> None:
        """Read a year after a month, with or without comma or 'of'."""
        start = self.at
        comma = self.take(",")
        self.take("of")
        if self.take("ad") and self.kind() == "number":
            partial.year = self.take_number()
            return
        following = self.peek(1)
        if self.kind() == "number" and following not in ("am", "pm", *words.UNITS):
            length = len(self.peek())
            if following in words.ERAS or length >= 4:
                partial.year = self.year()
                return
            if length == 2 and not comma:
                partial.short_year = self.take_number()
                return
        self.at = start

    def year(self) -> int:
        """Read a year and its era; years are astronomical, so that 1 BC is 0."""
        number = self.take_number()
        era = self.take_one(*words.ERAS)
        return 1 - number if era and words.ERAS[era] < 0 else number

    def number_first(self, partial: Partial) -> Partial:
        """'11 March 2025', '2025', '490 BC', '13/03/2025', or a day alone."""
        token = self.tokens[self.at]
        if self.peek(1) in ("/", ".", "-") and self.kind(2) == "number" and self.joined(partial):
            return partial
        if self.peek(1) in words.ERAS or len(token.value) >= 4:
            partial.year = self.year()
            return partial
        if len(token.value) > 2:
            raise NotRead
        self.take_day(partial)
        if not self.take_month_and_year(partial):
            self.year_after_day(partial)
        return partial

    def year_after_day(self, partial: Partial) -> None:
        """Read ', 2025' of 'March 10 to 12, 2025'."""
        if self.peek() == "," and self.is_year(1):
            self.at += 1
            partial.year = self.take_number()

    def ordinal_first(self, partial: Partial) -> Partial:
        """'11th of March 2025', '19th century'."""
        number = int(self.peek().rstrip("stndrh"))
        if self.peek(1) == "century":
            if not 1 <= number <= 99:
                raise NotRead
            self.at += 2
            era = self.take_one(*words.ERAS)
            sign = "-" if era and words.ERAS[era] < 0 else ""
            partial.pattern = f"{sign}{number - 1:02d}XX"
            return partial
        self.take_day(partial)
        if not self.take_month_and_year(partial):
            self.year_after_day(partial)
        return partial

    def joined(self, partial: Partial) -> bool:
        """Read numbers with one sign between them: 13/03/2025, 11.03.2025, 2025/3/11, 11/03."""
        sign = self.peek(1)
        numbers = [self.peek(), self.peek(2)]
        if self.peek(3) == sign and self.kind(4) == "number":
            numbers.append(self.peek(4))
        match [len(number) for number in numbers]:
            case [4, 1 | 2, 1 | 2]:
                partial.year, partial.month, partial.day = (int(number) for number in numbers)
                partial.day_token = self.tokens[self.at + 4]
            case [1 | 2, 1 | 2, 4]:
                partial.year = int(numbers[2])
                if sign == ".":
                    partial.day, partial.month = int(numbers[0]), int(numbers[1])
                    partial.day_token = self.tokens[self.at]
                else:
                    partial.slashed = (int(numbers[0]), int(numbers[1]))
            case [1 | 2, 1 | 2, 2]:
                partial.short_year = int(numbers[2])
                partial.slashed = (int(numbers[0]), int(numbers[1]))
            case [1 | 2, 1 | 2] if sign == "/":
                partial.slashed = (int(numbers[0]), int(numbers[1]))
            case _:
                return False
        self.at += 2 * len(numbers) - 1
        return True
