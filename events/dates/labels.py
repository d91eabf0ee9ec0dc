"""Dates in words: long labels for forms and pages, short ones for rows of a list."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from events.dates.civil import Civil, civil, days, weekday
from events.dates.edtf import (
    SEASONS,
    Choice,
    Edge,
    Interval,
    Node,
    Point,
    Time,
    coarsest,
    day_range,
    local_start,
    neighbour,
    parse,
    points,
    print_clock,
    print_offset,
    print_point,
    unit,
)
from events.dates.model import Basis, DateError, Order, Precision, Reading, quote

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NO_DATE = "no date stated"
_SEASON_NAMES = ("spring", "summer", "autumn", "winter")
_GREGORIAN_FROM = 1583
"""Before that year a weekday of the proleptic calendar is nobody's weekday."""

PARTS = {"morning": (6, 11), "afternoon": (12, 17), "evening": (18, 23), "night": (18, 5)}
"""First and last hour of each part of the day; a night ends on the next day."""


# Long labels


def long_label(node: Node | None, text: str = "", order: Order | None = None) -> str:
    """Return the whole reading in words: 'Tue 11 March 2025, day precision, after E6'.

    `text` is what was typed: of two ways to name the same bound ('before 11 March', 'by
    10 March') the label takes the one that was.
    """
    tail = f", {order[0]} {order[1]}" if order else ""
    if node is None:
        return NO_DATE + tail
    words = _Long(text).words(node)
    if not _names_its_extent(node, text):
        words += f", {_precision_words(node)} precision"
    if any(point.uncertain for point in points(node)):
        words += ", uncertain"
    return words + tail


def _precision_words(node: Node) -> str:
    size = coarsest(node)
    if size is not Precision.SET:
        return size.value
    units = {"day" if p.day else "month" if p.month else "year" for p in points(node)}
    return "year" if "year" in units else "month" if "month" in units else "day"


def _names_its_extent(node: Node, text: str) -> bool:
    """A morning, the start of a month or a quarter says in its label what it covers."""
    if isinstance(node, Point):
        scattered_years = unit(node) is Precision.SET and not node.month
        return scattered_years or node.month in _SPANS
    return part_of_day(node) is not None or third_of(node, text) is not None or node == _ALWAYS


_SPANS = frozenset(str(code) for code in range(33, 42))
_ALWAYS = Interval(Edge.OPEN, Edge.OPEN)


class _Words(ABC):
    """What long and short labels share: how dates are joined."""

    def __init__(self, text: str) -> None:
        self.text = text.lower()
        self.tokens = frozenset(
            "".join(sign if sign.isalnum() else " " for sign in self.text).split()
        )

    @abstractmethod
    def parts(self, point: Point) -> tuple[str, ...]:
        """Return the words of a date from the finest to the coarsest."""

    def join(self, pair: Iterable[Point], last: str) -> str:
        """Join dates with `last` ('to', 'and', 'or') before the final one, leaving out of each
        what the next one says as well."""
        named = list(pair)
        marks = {(point.approximate, point.uncertain) for point in named}
        together = len(marks) == 1
        texts = []
        for index, point in enumerate(named):
            parts = self.parts(point)
            if together and index + 1 < len(named):
                parts = _without_common(parts, self.parts(named[index + 1]))
            words = " ".join(parts)
            texts.append(words if together else self.marked(point, words))
        joined = ", ".join(texts[:-1])
        joined = f"{joined} {last} {texts[-1]}" if joined else texts[-1]
        return self.marked(named[0], joined) if together else joined

    def marked(self, point: Point, words: str) -> str:
        """Add 'about' to an approximate date."""
        return f"about {words}" if point.approximate else words

    def one(self, point: Point) -> str:
        """Return a single date."""
        return self.join([point], "")

    def words(self, node: Node) -> str:
        """Return any date in words."""
        match node:
            case Point():
                return self.one(node)
            case Interval(start, end):
                return self.interval(start, end)
            case Choice():
                return self.choice(node)

    def interval(self, start: Point | Edge, end: Point | Edge) -> str:
        """Return something that lasts."""
        if isinstance(start, Point) and isinstance(end, Point):
            return self.one(start) if start == end else self.join([start, end], "to")
        if isinstance(start, Point):
            tail = self.ongoing if end is Edge.OPEN else ", end unknown"
            return f"from {self.one(start)}{tail}"
        if isinstance(end, Point):
            return f"until {self.one(end)}" + (", start unknown" if start is Edge.UNKNOWN else "")
        return "ongoing, without start or end"

    ongoing = ", ongoing"

    def choice(self, node: Choice) -> str:
        """Return a set."""
        part = part_of_day(node)
        if part:
            return self.part(part, node)
        third = third_of(node, self.text)
        if third:
            return self.third(third, node)
        if len(node.members) == 1:
            return self.range(*node.members[0], every=node.every)
        word = "and" if node.every else "or"
        singles = [member.start for member in node.members if member.start == member.end]
        if len(singles) == len(node.members):
            return self.join([point for point in singles if point is not None], word)
        texts = [
            self.one(member.start)
            if member.start is not None and member.start == member.end
            else self.range(*member, every=True)
            for member in node.members
        ]
        return f"{', '.join(texts[:-1])} {word} {texts[-1]}"

    def range(self, start: Point | None, end: Point | None, *, every: bool) -> str:
        """Return a range in a set."""
        if start is not None and end is not None:
            joined = self.join([start, end], "to" if every else "and")
            return joined if every else f"between {joined}"
        if end is not None:
            return self.up_to(end)
        assert start is not None
        return self.onwards(start)

    def up_to(self, end: Point) -> str:
        """Return 'before 11 March' or 'by 10 March', which are one and the same bound."""
        beside = self.beside(end, "after")
        if beside is not None and self.was_typed("before", beside):
            return f"before {self.one(beside)}"
        return f"by {self.one(end)}"

    def onwards(self, start: Point) -> str:
        """Return 'after 11 March' or '12 March or later'."""
        beside = self.beside(start, "before")
        if beside is not None and self.was_typed("after", beside):
            return f"after {self.one(beside)}"
        return f"{self.one(start)} or later"

    def beside(self, point: Point, side: str) -> Point | None:
        """Return the neighbour of a date, None at the ends of the calendar."""
        try:
            return neighbour(point, "after" if side == "after" else "before")
        except DateError:
            return None

    def was_typed(self, word: str, point: Point) -> bool:
        """Say whether the exclusive bound is the one that was typed; without a text it is."""
        if not self.text:
            return True
        if any(phrase in self.text for phrase in _INCLUSIVE):
            return False
        if point.day:
            named = _ordinals(point.day)
        elif point.month:
            named = _month_names(point.month)
        else:
            named = {point.year.lstrip("-0"), f"{point.year.lstrip('-0')}s"}
        number_typed = not named.isdisjoint(self.tokens)
        return word in self.tokens and (number_typed or print_point(point).lower() in self.text)

    @abstractmethod
    def part(self, part: str, node: Choice) -> str:
        """Return a part of a day."""

    @abstractmethod
    def third(self, third: str, node: Choice) -> str:
        """Return the early, middle or late part of a month or year."""


_INCLUSIVE = ("or before", "or after", "not before", "not after")


def _ordinals(number: str) -> set[str]:
    bare = number.lstrip("0")
    return {number} | {bare + suffix for suffix in ("", "st", "nd", "rd", "th")}


def _month_names(month: str) -> set[str]:
    name = MONTHS[int(month) - 1].lower() if month.isdigit() and int(month) <= 12 else ""
    return {name, name[:3], month} - {""}


def _without_common(parts: tuple[str, ...], following: tuple[str, ...]) -> tuple[str, ...]:
    if len(parts) != len(following):
        return parts
    kept = len(parts)
    while kept > 1 and parts[kept - 1] == following[kept - 1]:
        kept -= 1
    return parts[:kept]


class _Long(_Words):
    def parts(self, point: Point) -> tuple[str, ...]:
        if point.time is not None:
            return (*_clock_parts(point.time), *self.parts(replace(point, time=None)))
        special = _pattern_words(point)
        if special:
            return (special,)
        year = year_words(int(point.year))
        if not point.month:
            return (year,)
        if point.month in SEASONS:
            return (_season_words(point),)
        month = MONTHS[int(point.month) - 1]
        return (_day_words(point), month, year) if point.day else (month, year)

    def part(self, part: str, node: Choice) -> str:
        start, end = node.members[0]
        assert start is not None
        assert end is not None
        assert start.time is not None
        day = _plain_day(start)
        named = self.one(day) if part != "night" else self.join([day, _plain_day(end)], "to")
        first, last = PARTS[part]
        same = end.time is not None and start.time.offset == end.time.offset
        zone = _clock_parts(start.time)[1] if same else "local time"
        hours = f"{first:02d}:00 to {(last + 1) % 24 or 24:02d}:00 {zone}"
        return self.marked(start, f"{part} of {named}, {hours}")

    def third(self, third: str, node: Choice) -> str:
        start, end = node.members[0]
        assert start is not None
        assert end is not None
        if start.day:
            whole = self.one(Point(start.year, start.month))
            extent = f"{int(start.day)} to {int(end.day)} {MONTHS[int(start.month) - 1]}"
        else:
            whole = self.one(Point(start.year))
            extent = f"{MONTHS[int(start.month) - 1]} to {MONTHS[int(end.month) - 1]}"
        return self.marked(start, f"{_third_words(third, whole)} ({extent})")


def _clock_parts(time: Time) -> tuple[str, ...]:
    clock = f"{time.hour:02d}:00" if time.minute is None else print_clock(time)
    if time.offset is None:
        return (clock, "local time")
    return (clock, "UTC" if time.offset == 0 else f"UTC{print_offset(time.offset)}")


def _day_words(point: Point) -> str:
    if int(point.year) < _GREGORIAN_FROM:
        return str(int(point.day))
    name = WEEKDAYS[weekday(days(int(point.year), int(point.month), int(point.day)))]
    return f"{name} {int(point.day)}"


def year_words(number: int) -> str:
    """Return an astronomical year as it is written: 1990, 79 AD, 490 BC."""
    if number <= 0:
        return f"{1 - number} BC"
    return str(number) if number >= 1000 else f"{number} AD"


def _season_words(point: Point) -> str:
    first, length = SEASONS[point.month]
    last = (first + length - 2) % 12
    span = f"{MONTHS[first - 1]} to {MONTHS[last]}"
    return f"{_season_name(point)} ({span})"


def _season_name(point: Point) -> str:
    code, year = int(point.month), year_words(int(point.year))
    if code <= 32:
        if SEASONS[point.month][0] == 12:
            year = f"{year}/{year_words(int(point.year) + 1)[-2:]}" if year.isdigit() else year
        name = f"{_SEASON_NAMES[(code - 21) % 4]} {year}"
        return name + (", southern hemisphere" if code >= 29 else "")
    if code <= 36:
        return f"Q{code - 32} {year}"
    if code <= 39:
        return f"{('first', 'second', 'last')[code - 37]} four months of {year}"
    return f"{('first', 'second')[code - 40]} half of {year}"


def _pattern_words(point: Point) -> str:
    """Return words for a date with X digits, '' for one without."""
    if "X" not in point.year + point.month + point.day:
        return ""
    size = unit(point)
    if size is Precision.SET:
        return _spread_words(point)
    bare = Point(point.year, "" if point.month == "XX" else point.month)
    inner = "month" if point.month and not point.day else "day" if point.day else ""
    name = _bare_words(bare, size)
    return f"a {inner} in {name}" if inner else name


def _bare_words(point: Point, size: Precision) -> str:
    if size is Precision.DECADE:
        return _decade_words(point)
    if size is Precision.CENTURY:
        return _century_words(point.year)
    return " ".join(_Long("").parts(point))


def _decade_words(point: Point) -> str:
    number = int(point.year.lstrip("-")[:3]) * 10
    if point.year[0] == "-" or number < 100:
        return _spread_words(point)
    return f"{number}s"


def _century_words(year: str) -> str:
    number = int(year.lstrip("-")[:2]) + 1
    suffix = (
        "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{suffix} century" + (" BC" if year[0] == "-" else "")


def _spread_words(point: Point) -> str:
    """Return the ends of a pattern whose dates are scattered, and the pattern itself."""
    first, last = day_range(replace(point, time=None))
    size = Precision.DAY if point.day else Precision.MONTH if point.month else Precision.YEAR
    ends = [_civil_point(first, size), _civil_point(last, size)]
    return f"between {_Long('').join(ends, 'and')} ({print_point(replace(point.plain, time=None))})"


def _civil_point(moment: Civil, size: Precision) -> Point:
    year = f"{moment.year:04d}" if moment.year >= 0 else f"-{-moment.year:04d}"
    month = "" if size is Precision.YEAR else f"{moment.month:02d}"
    return Point(year, month, f"{moment.day:02d}" if size is Precision.DAY else "")


def _plain_day(point: Point) -> Point:
    return Point(point.year, point.month, point.day)


# Ranges that have a name


def part_of_day(node: Node) -> str | None:
    """Return 'morning', 'afternoon', 'evening' or 'night' for a range of hours that is one."""
    span = _named_range(node)
    if span is None or span[0].time is None or span[1].time is None:
        return None
    start, end = span
    if start.time is None or end.time is None:
        return None
    if start.time.minute is not None or end.time.minute is not None:
        return None
    apart = local_start(_plain_day(end)) - local_start(_plain_day(start))
    for name, hours in PARTS.items():
        if hours == (start.time.hour, end.time.hour) and apart == (86_400 * (name == "night")):
            return name
    return None


def third_of(node: Node, text: str = "") -> str | None:
    """Return 'early', 'mid' or 'late' for a range that is a third of a month or of a year,
    unless it was typed as a range."""
    span = _named_range(node)
    if span is None or span[0].time or span[1].time or "between" in text.lower():
        return None
    start, end = span
    if start.year != end.year or "X" in print_point(start) + print_point(end):
        return None
    if start.day and end.day and start.month == end.month:
        last = f"{day_range(Point(start.year, start.month))[1].day:02d}"
        return {("01", "10"): "early", ("11", "20"): "mid", ("21", last): "late"}.get(
            (start.day, end.day)
        )
    if start.day or end.day:
        return None
    return {("01", "04"): "early", ("05", "08"): "mid", ("09", "12"): "late"}.get(
        (start.month, end.month)
    )


def _third_words(third: str, whole: str) -> str:
    return f"mid-{whole}" if third == "mid" else f"{third} {whole}"


def _named_range(node: Node) -> tuple[Point, Point] | None:
    if not isinstance(node, Choice) or node.every or len(node.members) != 1:
        return None
    start, end = node.members[0]
    if start is None or end is None or start.approximate != end.approximate:
        return None
    return start, end


# Short labels


class _Short(_Words):
    ongoing = ""

    def __init__(self, text: str, zone: str, default_year: int | None) -> None:
        super().__init__(text)
        self.zone = zone
        self.default_year = default_year

    def parts(self, point: Point) -> tuple[str, ...]:
        if point.time is not None:
            local = self.local(point)
            return (*self.parts(_plain_day(local)), print_clock(_minutes(local.time)))
        if _pattern_words(point) or not point.month:
            return _Long("").parts(point)
        if point.month in SEASONS:
            return (_season_name(point),)
        month, year = MONTHS[int(point.month) - 1][:3], year_words(int(point.year))
        if not point.day:
            return (month, year)
        if int(point.year) == self.default_year:
            return (str(int(point.day)), month)
        return (str(int(point.day)), month, year)

    def local(self, point: Point) -> Point:
        """Return a time as the clocks of the reader's zone show it."""
        time = point.time
        assert time is not None
        if time.offset is None:
            return point
        shown = civil(local_start(point) - time.offset * 60, self.zone)
        moved = _civil_point(shown, Precision.DAY)
        second = None if time.second is None else shown.second
        minute = None if time.minute is None and not shown.minute else shown.minute
        return replace(moved, time=Time(shown.hour, minute, second), approximate=point.approximate)

    def join(self, pair: Iterable[Point], last: str) -> str:
        named = list(pair)
        if len(named) > 1 and all(point.time is not None for point in named):
            shown = [self.local(point) for point in named]
            if len({(p.year, p.month, p.day, p.approximate) for p in shown}) == 1:
                clocks = [print_clock(_minutes(point.time)) for point in shown]
                day = " ".join(self.parts(_plain_day(shown[0])))
                joined = f"{', '.join(clocks[:-1])} {last} {clocks[-1]}"
                return self.marked(named[0], f"{day} {joined}")
        return super().join(named, last)

    def marked(self, point: Point, words: str) -> str:
        return super().marked(point, words) + ("?" if point.uncertain else "")

    def part(self, part: str, node: Choice) -> str:
        start = node.members[0].start
        assert start is not None
        return self.marked(start, f"{self.one(_plain_day(start))}, {part}")

    def third(self, third: str, node: Choice) -> str:
        start = node.members[0].start
        assert start is not None
        whole = Point(start.year, start.month if start.day else "")
        return self.marked(start, _third_words(third, self.one(whole)))


def _minutes(time: Time | None) -> Time:
    assert time is not None
    return time if time.minute is not None else time._replace(minute=0)


def short_label(
    source: Reading | str,
    *,
    text: str | None = None,
    zone: str | None = None,
    default_year: int | None = None,
) -> str:
    """Return a date for a row of a list: '11 Mar', 'about 10 to 12 Mar 2025', 'before 11 Mar'.

    `source` is a reading or EDTF ('' for no date), `text` what was typed, `zone` the one in which
    times are shown (the reading's, or UTC). A day of `default_year` goes without its year.
    """
    if isinstance(source, Reading):
        edtf, text, zone = source.edtf, text or source.text, zone or source.zone
    else:
        edtf = source
    if not edtf:
        return NO_DATE
    return _short(edtf, text or "", zone or "UTC", default_year)


@lru_cache(maxsize=4096)
def _short(edtf: str, text: str, zone: str, default_year: int | None) -> str:
    return _Short(text, zone, default_year).words(parse(edtf))


def day_label(moment: Civil) -> str:
    """Return a day as the heading of a group: 'Tue 11 March 2025'."""
    return _Long("").one(_civil_point(moment, Precision.DAY))


def time_label(instant: int, zone: str = "UTC") -> str:
    """Return the time of day at an instant: '09:40'."""
    moment = civil(instant, zone)
    return f"{moment.hour:02d}:{moment.minute:02d}"


def basis_label(reading: Reading) -> str:
    """Return what a date rests on when it was not stated: worked out from which words, and
    against which day or event. '' for a stated date."""
    if reading.basis is Basis.DERIVED_DOCUMENT and reading.anchor_day is not None:
        day = reading.anchor_day
        against = day_label(Civil(day.year, day.month, day.day))
        return f"worked out from {quote(reading.text)}, counted from {against}"
    if reading.basis is Basis.DERIVED_EVENT:
        return f"worked out from {quote(reading.text)}, {reading.anchor_event}"
    return "inferred" if reading.basis is Basis.INFERRED else ""
