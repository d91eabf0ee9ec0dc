"""What the chart calls things: names read aloud, labels of clusters, counts."""

from collections.abc import Sequence

from events.timeline.items import MIXED, Beyond, Item, Lane, heads
from events.timeline.lettering import LONGEST, cut
from events.timeline.scale import Window, local, spoken_day

NO_DATE = ", no date stated"
_SEVERAL = {
    "talks": "talks",
    "meeting": "meetings",
    "statement": "statements",
    "call": "calls",
    "decision": "decisions",
    "attack": "attacks",
    "deadline": "deadlines",
    "post": "posts",
}


def count(number: int, noun: str = "event") -> str:
    """``1 event``, ``4 events``, ``1,204 events``."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


def short(number: int) -> str:
    """A number where room is short: ``9,999``, ``12k``, ``1.2M``; its name says it exactly."""
    if number < 10_000:
        return f"{number:,}"
    return f"{number // 1000}k" if number < 1_000_000 else f"{number / 1_000_000:.1f}M"


def label(item: Item) -> str:
    """The text beside a mark, at most 44 characters."""
    if item.dated:
        return cut(item.title)
    return cut(item.title, LONGEST - len(NO_DATE)) + NO_DATE


def name(item: Item, lanes: Sequence[str], *, crowded: bool) -> str:
    """Headline, date with precision, side, state; then what else the drawing says of it."""
    parts = [item.title, item.when_label or ("" if item.dated else NO_DATE[2:])]
    if crowded and "order unknown" not in item.when_label:
        parts.append("order unknown")
    parts += [" and ".join(lanes), item.state]
    if item.modality and item.modality != "occurred":
        parts.append(item.modality.replace("_", " "))
    if item.contested:
        parts.append("contested")
    return ", ".join(part for part in parts if part)


def lane_name(lane: Lane, number: int, beyond: Beyond) -> str:
    """A lane read aloud; a folded one tells also how many events lie outside the window."""
    parts = [lane.label, count(number)]
    if lane.folded:
        words = zip(beyond, ("earlier", "later"), strict=True)
        parts += [f"{outside.count:,} {word}" for outside, word in words if outside]
    return ", ".join(parts)


def later(lanes: Sequence[str]) -> str:
    """An event beyond the instant the chart is seen from, of which only the place is told."""
    return f"Later event, {' and '.join(lanes)}"


def actors(items: Sequence[Item]) -> str:
    """Up to three actors of the items of a cluster, in order of appearance."""
    known = dict.fromkeys(actor for item in items for actor in item.actors)
    return ", ".join(list(known)[:3])


def cluster_kind(items: Sequence[Item]) -> str:
    """The kind that all of a cluster are of, "" when they differ."""
    kinds = {item.kind for item in items}
    kind = kinds.pop() if len(kinds) == 1 else ""
    return "" if kind == MIXED else kind


def cluster_label(items: Sequence[Item]) -> str:
    """Who, and how many of what: ``Rubio, Trump, Waltz: 4 statements``.

    Who is in a crowd is not known, so it names nobody; one of several kinds has no label, since
    its number stands in the pill.
    """
    crowded = any(item.crowd for item in items)
    if crowded and cluster_kind(items) not in _SEVERAL:
        return ""
    what, who = _how_many(items), "" if crowded else actors(items)
    return cut(f"{cut(who, LONGEST - len(what) - 2)}: {what}") if who else what


def _how_many(items: Sequence[Item]) -> str:
    return f"{heads(items):,} {_SEVERAL.get(cluster_kind(items), 'events')}"


def cluster_name(items: Sequence[Item], first: int, last: int, zone: str, lane: str) -> str:
    """A cluster read aloud: count, actors, days, side. ``last`` is exclusive."""
    what = cluster_label(items) or _how_many(items)
    days = list(dict.fromkeys((spoken_day(first, zone), spoken_day(last - 1, zone))))
    parts = [what, " to ".join(days), lane]
    if any(item.contested for item in items):
        parts.append("contested")
    return ", ".join(parts)


def chart_name(window: Window, zone: str, shown: int, total: int) -> str:
    """The name of the chart itself."""
    days = f"{spoken_day(window.start, zone)} to {spoken_day(window.end - 1, zone)}"
    return f"Timeline, {days}, {shown:,} of {count(total)}"


def same_day(items: Sequence[Item], zone: str) -> bool:
    """Whether all items begin on one day of ``zone``."""
    days = {
        local(item.earliest, zone) // 86400 if item.earliest is not None else None for item in items
    }
    return len(days) == 1 and None not in days
