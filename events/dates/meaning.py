"""The meaning of dates in English: from a `Partial` to the dates it may be.

Choices where English leaves one:

- A missing year is the anchor's. Two-digit years and ambiguous day/month order are refused.
- 'this Saturday' is the first one from the day of the document on. 'next' and 'last' are taken
  when the nearest one and that of the neighbouring week (Monday to Sunday) are the same day;
  else both are offered, as for a weekday alone.
- Morning is 06:00 to 12:00, afternoon to 18:00, evening to 24:00; night is 18:00 to 06:00 of the
  next day and belongs to the day it begins on. Midnight is the beginning of the day named.
- Early, mid and late are thirds: days 1 to 10, 11 to 20 and the rest; four months of a year.
- 'before the talks' is no later than the talks may have begun, and may be the same day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from events.dates import labels
from events.dates.civil import (
    DAY,
    Civil,
    civil,
    days,
    first_instant,
    from_days,
    from_local,
    local_seconds,
    month_length,
    shift_months,
    single_offset,
    weekday,
)
from events.dates.edtf import (
    FIRST_YEAR,
    MAX_OFFSET,
    Choice,
    Edge,
    Interval,
    Member,
    Node,
    Point,
    check,
    day_range,
    from_civil,
    make_set,
    parse,
    year_text,
)
from events.dates.grammar import (
    Clock,
    Counted,
    Named,
    NamedDay,
    NamedPeriod,
    Partial,
    Shifted,
)
from events.dates.model import Basis, DateError, KnownEvent, Order, Precision, quote, refusal

type Lookup = Callable[[str], Sequence[KnownEvent]]
LAST_YEAR = 9999
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(slots=True)
class Meaning:
    """What a typed text means; `node` is None when no date is known."""

    node: Node | None = None
    basis: Basis = Basis.STATED
    anchor_day: date | None = None
    anchor_event: str | None = None
    order: Order | None = None


@dataclass(slots=True)
class Span:
    """A resolved date: the first and last of the dates it may be, None at an unknown end.

    `coarse` stands for it where only a single date can, at an end of an interval. Of an event,
    `begins_by` is the latest date it may have begun and `ends_from` the earliest it may have
    ended; `whole` is its date where that is more than a first and a last one.
    """

    start: Point | None
    end: Point | None
    coarse: Point | None = None
    whole: Node | None = None
    is_event: bool = False
    begins_by: Point | None = None
    ends_from: Point | None = None

    @property
    def node(self) -> Node | None:
        """The date on its own."""
        return self.whole or one_of(self.start, self.end)


class Resolver:
    """Finds the dates that partials mean, and notes what they were derived from."""

    def __init__(self, text: str, zone: str, anchor: date | None, known: Lookup | None) -> None:
        self.text = text
        self.zone = zone
        self.anchor = anchor
        self.known = known
        self.meaning = Meaning()

    def resolve(self, partial: Partial) -> Span:
        """Return the dates that a partial means. Raises DateError."""
        if partial.event is not None:
            event = self.find(partial.event.name)
            self.meaning.basis = Basis.DERIVED_EVENT
            self.meaning.anchor_event = event.ref
            return event_span(event)
        span = self.in_day(self.day_or_longer(partial), partial)
        return _marked_span(span, approximate=partial.approximate, uncertain=partial.uncertain)

    def day_or_longer(self, partial: Partial) -> Span:
        """Return the dates of a partial without regard to its time."""
        if partial.point is not None:
            check(partial.point, self.text)
            return _single(partial.point)
        if partial.beside is not None:
            return self.beside(*partial.beside)
        if partial.relative is not None:
            return self.related(partial)
        if partial.slashed is not None:
            self.settle_order(partial)
        if partial.undated:
            return _single(_point(self.origin()))
        if partial.pattern:
            return self.decade_or_century(partial)
        year = self.year_of(partial)
        if partial.season:
            return _single(Point(year_text(year), partial.season))
        if partial.month is None:
            if partial.day is not None:
                raise NotTyped(self.text)
            return _part_of_year(year, partial.third)
        if partial.day is None:
            return _part_of_month(year, partial.month, partial.third)
        self.check_day(year, partial.month, partial.day, partial)
        if partial.night_end is not None:
            self.check_night(days(year, partial.month, partial.day), partial.night_end)
        return _single(_point(days(year, partial.month, partial.day)))

    def replaced(self, partial: Partial, words: str) -> str:
        """Return the whole text with other words for the date."""
        start, stop = partial.spot
        return self.text[:start] + words + self.text[stop:]

    # Years and days

    def origin(self) -> int:
        """Return the day from which relative dates count."""
        if self.anchor is None:
            raise DateError(
                f"{quote(self.text)} needs a day to count from. "
                "Write the date, such as '15 March 2025'."
            )
        self.meaning.basis = Basis.DERIVED_DOCUMENT
        self.meaning.anchor_day = self.anchor
        return days(self.anchor.year, self.anchor.month, self.anchor.day)

    def year_of(self, partial: Partial) -> int:
        """Return the year, the anchor's when there is none."""
        if partial.short_year is not None:
            start, stop = partial.spot
            stem, century = self.text[start:stop], f"{partial.short_year:02d}"
            head, _, tail = stem.rpartition(century)
            raise refusal(
                f"{quote(self.text)} has a year of two digits.",
                self.replaced(partial, f"{head}20{century}{tail}"),
            )
        if partial.year is not None:
            return self.in_range(partial.year)
        if self.anchor is None:
            raise DateError(f"{quote(self.text)} has no year. Write it, as in '11 March 2025'.")
        return self.anchor.year

    def in_range(self, year: int) -> int:
        """Return a year that can be kept."""
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise DateError(f"{quote(self.text)} is out of range. Years run from 4713 BC to 9999.")
        return year

    def valid(self, number: int) -> Point:
        """Return the date of a day that can be kept."""
        self.in_range(from_days(number)[0])
        return _point(number)

    def check_day(self, year: int, month: int, day: int, partial: Partial) -> None:
        """Raise DateError when there is no such day, or when it has another weekday."""
        if not 1 <= month <= 12:
            raise DateError(f"{quote(self.text)} is not a date: there is no month {month}.")
        name, length = labels.MONTHS[month - 1], month_length(year, month)
        if 28 < day <= 31 and day > length:
            token = partial.day_token
            if token is None:
                fixed = self.replaced(partial, f"{length} {name} {labels.year_words(year)}")
            else:
                fixed = self.text[: token.start] + str(length) + self.text[token.stop :]
            raise refusal(f"{quote(self.text)} is not a date.", fixed)
        if not 1 <= day <= length:
            raise DateError(f"{quote(self.text)} is not a date: {name} has {length} days.")
        if partial.weekday is None:
            return
        number = days(year, month, day)
        right = weekday(number)
        if right != partial.weekday:
            near = number + (partial.weekday - right + 3) % 7 - 3
            raise refusal(
                f"{day} {name} {labels.year_words(year)} is a {_WEEKDAYS[right]}, "
                f"not a {_WEEKDAYS[partial.weekday]}.",
                self.replaced(partial, _day_words(number)),
                self.replaced(partial, _day_words(near)),
            )

    def check_night(self, first: int, following: Partial) -> None:
        """Raise DateError when the second day of a night is not the day after the first."""
        _, month, day = from_days(first + 1)
        if following.day != day or following.month not in (None, month):
            raise DateError(f"{quote(self.text)} is not one night. Name two days in a row.")

    def settle_order(self, partial: Partial) -> None:
        """Find which of two numbers is the day, or offer both."""
        assert partial.slashed is not None
        first, second = partial.slashed
        short = partial.short_year
        year = self.year_of(partial) if short is None else 2000 + short
        orders = [
            (day, month)
            for day, month in dict.fromkeys(((first, second), (second, first)))
            if 1 <= month <= 12 and 1 <= day <= 31
        ]
        if not orders:
            raise DateError(
                f"{quote(self.text)} is not a date: neither {first} nor {second} can be a month."
            )
        named = [f"{day} {labels.MONTHS[month - 1]}" for day, month in orders]
        full = [self.replaced(partial, f"{name} {labels.year_words(year)}") for name in named]
        if short is not None:
            raise refusal(f"{quote(self.text)} has a year of two digits.", *full)
        if len(orders) == 2:
            both = f"{named[0]} or {named[1]} {labels.year_words(year)}"
            raise refusal(f"{quote(self.text)} can be {both}.", *full)
        (partial.day, partial.month), partial.slashed = orders[0], None

    def decade_or_century(self, partial: Partial) -> Span:
        """Return a decade, a century or a part of one."""
        point = Point(partial.pattern)
        check(point, self.text)
        if not partial.third:
            return _single(point)
        first, last = (moment.year for moment in day_range(point))
        length = last - first + 1
        cuts = {"early": (0, 33), "mid": (33, 67), "late": (67, 100), "1": (0, 50), "2": (50, 100)}
        if length == 10:
            cuts |= {"early": (0, 40), "mid": (40, 70), "late": (70, 100)}
        low, high = cuts[partial.third]
        return Span(
            Point(year_text(first + low * length // 100)),
            Point(year_text(first + high * length // 100 - 1)),
            point,
        )

    # Times and parts of the day

    def in_day(self, span: Span, partial: Partial) -> Span:
        """Apply a time or a part of the day to a date that must be one day."""
        if partial.clock is None and not partial.part:
            return span
        point = span.start
        if point is None or point != span.end or not point.day or point.time:
            raise NotTyped(self.text)
        number = days(int(point.year), int(point.month), int(point.day))
        if partial.clock is not None:
            return _single(self.timed(number, partial.clock))
        return self.part_of(number, partial.part)

    def part_of(self, number: int, part: str) -> Span:
        """Return the hours of a part of a day."""
        first, last = labels.PARTS[part]
        following = number + (part == "night")
        self.in_range(from_days(following)[0])
        start = self.located(Civil(*from_days(number), first), Precision.HOUR, None)
        end = self.located(Civil(*from_days(following), last), Precision.HOUR, None)
        return Span(start, end, _point(number))

    def timed(self, number: int, clock: Clock) -> Point:
        """Return a time on a day; 24:00 is the beginning of the next one."""
        hour, minute, second = clock.hour, clock.minute or 0, clock.second or 0
        if clock.half:
            if not 1 <= hour <= 12:
                raise DateError(
                    f"{quote(self.text)} is not a time. With 'am' and 'pm' hours run from 1 to 12."
                )
            hour = hour % 12 + (12 if clock.half == "pm" else 0)
        if (hour, minute, second) == (24, 0, 0):
            number, hour = number + 1, 0
        if hour > 23 or minute > 59 or second > 59:
            raise DateError(f"{quote(self.text)} is not a time. Times run from 00:00 to 24:00.")
        if abs(clock.offset or 0) > MAX_OFFSET:
            raise DateError(
                f"{quote(self.text)} is too far from UTC. Offsets run from -14:00 to +14:00."
            )
        self.in_range(from_days(number)[0])
        size = Precision.SECOND if clock.second is not None else Precision.MINUTE
        if clock.minute is None:
            size = Precision.HOUR
        return self.located(Civil(*from_days(number), hour, minute, second), size, clock.offset)

    def day_begins(self, number: int, offset: int | None) -> Point:
        """Return the first minute of a day, which need not be 00:00 where clocks change then."""
        if offset is not None:
            return self.timed(number, Clock(0, 0, offset=offset))
        moment = civil(first_instant(number * DAY, self.zone), self.zone)
        return self.located(moment, Precision.MINUTE, None)

    def located(self, moment: Civil, size: Precision, offset: int | None) -> Point:
        """Return a time with the offset of the zone, so that it means the same everywhere. It
        stays local where the zone has two offsets then, or none, or one of odd seconds."""
        if offset is None:
            found = single_offset(local_seconds(moment), self.zone)
            if found is not None and found % 60 == 0 and abs(found) <= MAX_OFFSET * 60:
                offset = found // 60
        return from_civil(moment, size, offset)

    # Dates relative to another

    def related(self, partial: Partial) -> Span:
        """Return a date relative to the day of the document."""
        today = self.origin()
        match partial.relative:
            case Shifted(shift):
                return _single(self.valid(today + shift))
            case NamedDay(which, wanted):
                return _single(self.valid(self.named_day(today, which, wanted, partial)))
            case NamedPeriod(step, name):
                return self.named_period(today, step, name)
            case Counted(whole=whole) as counted:
                span = self.moved(today, counted)
                return Span(_point(today), span.end) if whole else span
            case _:
                raise NotTyped(self.text)

    def named_day(self, today: int, which: str, wanted: int, partial: Partial) -> int:
        """Return the day that 'this Saturday', 'next Saturday' or 'Saturday' means."""
        ahead, back = (wanted - weekday(today)) % 7, (weekday(today) - wanted) % 7
        monday = today - weekday(today)
        match which:
            case "this":
                return today + ahead
            case "coming" | "following":
                return today + (ahead or 7)
            case "past" | "previous":
                return today - (back or 7)
            case "next":
                choices = {today + (ahead or 7), monday + 7 + wanted}
            case "last":
                choices = {today - (back or 7), monday - 7 + wanted}
            case _:
                choices = {today - (back or 7), today + ahead}
        if len(choices) == 1:
            return choices.pop()
        one, two = (_day_words(number) for number in sorted(choices))
        raise refusal(
            f"{quote(self.text)} can mean {one} or {two}.",
            self.replaced(partial, one),
            self.replaced(partial, two),
        )

    def named_period(self, today: int, step: int, name: str) -> Span:
        """Return this, next or last week (Monday to Sunday), weekend, month or year."""
        if name in ("month", "year"):
            moved = from_local(shift_months(today * DAY, step * (12 if name == "year" else 1)))
            self.in_range(moved.year)
            return _single(from_civil(moved, Precision(name)))
        monday = today - weekday(today) + 7 * step
        first = monday if name == "week" else monday + 5
        return Span(self.valid(first), self.valid(monday + 6))

    def beside(self, counted: Counted, base: Partial) -> Span:
        """Return 'the day after the talks', 'two weeks before 11 March'."""
        span = self.resolve(base)
        edge = span.end if counted.sign > 0 else span.start
        if edge is None or not edge.day or "X" in edge.year + edge.month + edge.day:
            raise DateError(
                f"{quote(self.text)} cannot be worked out: "
                f"{quote(self.text[slice(*base.spot)])} is not dated to the day."
            )
        moment = day_range(edge)[1 if counted.sign > 0 else 0]
        moved = self.moved(days(moment.year, moment.month, moment.day), counted)
        return _marked_span(moved, approximate=edge.approximate, uncertain=edge.uncertain)

    def moved(self, number: int, counted: Counted) -> Span:
        """Return the date so many units before or after a day."""
        name, sign, count = counted.unit, counted.sign, counted.count
        if name == "night":
            return self.part_of(number if sign > 0 else number - 1, name)
        if name in labels.PARTS:
            return self.part_of(number + sign, name)
        if name == "next week":
            near, far = sorted((number + sign, number + 7 * sign))
            return Span(self.valid(near), self.valid(far))
        lengths = {"day": 1, "week": 7, "fortnight": 14}
        if name in lengths:
            return _single(self.valid(number + sign * count * lengths[name]))
        months = sign * count * (12 if name == "year" else 1)
        return _single(self.valid(shift_months(number * DAY, months) // DAY))

    # Events

    def find(self, name: str) -> KnownEvent:
        """Return the one event of that name."""
        if self.known is None:
            raise NotTyped(self.text)
        found = list(self.known(name))
        if len(found) == 1:
            return found[0]
        if not found:
            raise DateError(
                f"No event is called {quote(name)}. "
                "Write its number, such as 'E6', or words of its title."
            )
        shown = [f"{event.ref} ({event.title})" for event in found[:5]]
        if len(found) > 5:
            shown.append(f"{len(found) - 5} more")
        raise DateError(
            f"{quote(name)} can be {', '.join(shown[:-1])} or {shown[-1]}. Write the number.",
            tuple(self.text.replace(name, event.ref) for event in found[:5]),
        )

    def event(self, named: Named) -> tuple[KnownEvent, Span]:
        """Return an event whose order is known, without deriving a date from it."""
        event = self.find(named.name)
        return event, event_span(event)


class NotTyped(DateError):
    """Nothing in the text tells what was meant."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{quote(text)} is not a date that can be read. "
            "'11 March 2025', 'about 11 March 2025' or '10 to 12 March 2025' would work."
        )


def event_span(event: KnownEvent) -> Span:
    """Return the dates of an event and its limits for 'before' and 'after'. An end that is not
    known gives way to the other one."""
    node = parse(event.edtf) if event.edtf else None
    match node:
        case None:
            return Span(None, None, is_event=True)
        case Point():
            return Span(node, node, node, node, True, node, node)
        case Interval(start, end):
            first = None if isinstance(start, Edge) else start
            last = None if isinstance(end, Edge) else end
            whole = one_of(first, last)
            return Span(first, last, None, whole, True, first or last, last or first)
        case Choice(members, every):
            first, last = members[0].start, members[-1].end
            if every:
                return Span(first, last, None, one_of(first, last), True, first, last)
            return Span(first, last, None, node, True, last, first)


def one_of(lower: Point | None, upper: Point | None) -> Node | None:
    """Return one date from `lower` to `upper`, None being open; None when both are."""
    return None if lower is None and upper is None else make_set([Member(lower, upper)])


def marked(node: Node, *, approximate: bool = False, uncertain: bool = False) -> Node:
    """Return a node with marks added to every date in it."""

    def mark[T](end: T) -> T | Point:
        if not isinstance(end, Point):
            return end
        return replace(
            end,
            approximate=end.approximate or approximate,
            uncertain=end.uncertain or uncertain,
        )

    match node:
        case Point():
            return mark(node)
        case Interval(start, end):
            return Interval(mark(start), mark(end))
        case Choice(members, every):
            return Choice(tuple(Member(mark(low), mark(high)) for low, high in members), every)


def _marked_span(span: Span, *, approximate: bool, uncertain: bool) -> Span:
    if not (approximate or uncertain):
        return span

    def mark(point: Point | None) -> Point | None:
        if point is None:
            return None
        node = marked(point, approximate=approximate, uncertain=uncertain)
        assert isinstance(node, Point)
        return node

    return Span(mark(span.start), mark(span.end), mark(span.coarse))


def _part_of_month(year: int, month: int, third: str) -> Span:
    point = Point(year_text(year), f"{month:02d}")
    if not third:
        return _single(point)
    last = month_length(year, month)
    thirds = {"early": (1, 10), "mid": (11, 20), "late": (21, last), "1": (1, 15), "2": (16, last)}
    first, final = thirds[third]
    return Span(replace(point, day=f"{first:02d}"), replace(point, day=f"{final:02d}"), point)


def _part_of_year(year: int, third: str) -> Span:
    point = Point(year_text(year))
    if not third:
        return _single(point)
    if third in ("1", "2"):
        return _single(replace(point, month="40" if third == "1" else "41"))
    first, last = {"early": ("01", "04"), "mid": ("05", "08"), "late": ("09", "12")}[third]
    return Span(replace(point, month=first), replace(point, month=last), point)


def _point(number: int) -> Point:
    return from_civil(Civil(*from_days(number)), Precision.DAY)


def _single(point: Point) -> Span:
    return Span(point, point, point)


def _day_words(number: int) -> str:
    return labels.day_label(Civil(*from_days(number)))
