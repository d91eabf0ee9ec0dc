"""What the chart calls things: names read aloud, labels of clusters, counts."""

from collections.abc import Sequence

from events.timeline.items import Item
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
    """``1 event``, ``4 events``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


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


def later(lanes: Sequence[str]) -> str:
    """An event beyond the instant the chart is seen from, of which only the place is told."""
    return f"Later event, {' and '.join(lanes)}"


def actors(items: Sequence[Item]) -> str:
    """Up to three actors of the items of a cluster, in order of appearance."""
    known = dict.fromkeys(actor for item in items for actor in item.actors)
    return ", ".join(list(known)[:3])


def cluster_label(items: Sequence[Item]) -> str:
    """Who, and how many of what: ``Rubio, Trump, Waltz: 4 statements``."""
    kinds = {item.kind for item in items}
    what = f"{len(items)} {_SEVERAL.get(kinds.pop(), 'events') if len(kinds) == 1 else 'events'}"
    who = actors(items)
    return cut(f"{cut(who, LONGEST - len(what) - 2)}: {what}") if who else what


def cluster_name(items: Sequence[Item], first: int, last: int, zone: str, lane: str) -> str:
    """A cluster read aloud: count, actors, days, side. ``last`` is exclusive."""
    days = list(dict.fromkeys((spoken_day(first, zone), spoken_day(last - 1, zone))))
    parts = [cluster_label(items), " to ".join(days), lane]
    if any(item.contested for item in items):
        parts.append("contested")
    return ", ".join(parts)


def chart_name(window: Window, zone: str, shown: int, total: int) -> str:
    """The name of the chart itself."""
    days = f"{spoken_day(window.start, zone)} to {spoken_day(window.end - 1, zone)}"
    return f"Timeline, {days}, {shown} of {count(total)}"


def same_day(items: Sequence[Item], zone: str) -> bool:
    """Whether all items begin on one day of ``zone``."""
    days = {
        local(item.earliest, zone) // 86400 if item.earliest is not None else None for item in items
    }
    return len(days) == 1 and None not in days
