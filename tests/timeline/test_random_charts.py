"""Five hundred random dossiers: whatever comes in, nothing covers anything and nothing is lost."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from events.timeline import MIXED, Item, Lane, Link, Outside, Window, layout, scale
from events.timeline.chart import Chart, Cluster, LaneBox, Mark
from events.timeline.items import OTHERS, lanes_of, with_others
from events.timeline.lettering import LONGEST, text_width
from events.timeline.scale import DAY, HOUR, YEAR
from tests.timeline.sample import NOW

DOSSIERS, BATCH = 500, 50
HEADER = 112
MORE = 1000  # events before and after the window in every lane that are only counted
ZONES = ("UTC", "Europe/Kyiv", "America/New_York", "Asia/Kathmandu", "Pacific/Apia")
LENGTHS = (60, HOUR, 8 * HOUR, DAY, 3 * DAY, 20 * DAY, YEAR, 30 * YEAR)
SPANS = (6 * HOUR, DAY, 7 * DAY, 40 * DAY, 700 * DAY, 20 * YEAR, 3000 * YEAR)
KINDS = ("talks", "statement", "decision", "attack", "post", "other")
WORDS = ("ceasefire", "a", "Зеленський", "W" * 50, "停火協議", "of", "talks", "‘yes’", "i")


def an_item(rng: random.Random, number: int, window: Window, zone: str, keys: list[str]) -> Item:
    """Any event or crowd, most of them within the window."""
    within = rng.random() < 0.8
    room = window.span if within else 4 * window.span
    start = window.start - (room - window.span) // 2 + rng.randrange(room)
    length = rng.choice([one for one in LENGTHS if one <= 4 * window.span])
    if rng.random() < 0.4:
        start, length = scale.day_start(start, zone), DAY
        length = scale.next_day(start, zone) - start
    bounds = rng.choice([(start, start + length)] * 6 + [(start, None), (None, start)])
    if rng.random() < 0.05:
        bounds = (None, None)
    count = rng.choice([2, 7, 40, 1204, 98_765, 1_234_567]) if rng.random() < 0.2 else 1
    sure = [None, None]
    if bounds[0] is not None and bounds[1] is not None and rng.random() < 0.5:
        sure = sorted(rng.randint(*bounds) for _ in range(2))
    return Item(
        id=number,
        ref=f"E{number}" if count == 1 else "",
        title=" ".join(rng.choices(WORDS, k=rng.randint(1, 8))) if count == 1 else "",
        kind=rng.choice(KINDS if count == 1 else (*KINDS, MIXED)),
        modality=rng.choice(["occurred"] * 4 + ["planned", "cancelled"]),
        state=rng.choice(["draft", "reviewed", "published"]),
        lanes=tuple(rng.sample([*keys, "elsewhere"], k=rng.choice([0, 1, 1, 1, 2, len(keys)]))),
        earliest=bounds[0],
        latest=bounds[1],
        certain_from=sure[0],
        certain_to=sure[1],
        shape=rng.choice(["point", "point", "interval"]),
        approximate=rng.random() < 0.2,
        contested=rng.random() < 0.2,
        order=rng.choice([None, None, 0, 1, 2]),
        actors=tuple(rng.sample(["Rubio", "Yermak", "Ushakov"], k=rng.randint(0, 2))),
        link_count=rng.randint(0, 5),
        count=count,
    )


def dossier(seed: int) -> tuple[list[Item], tuple[Lane, ...], Chart]:
    """A random dossier and its chart."""
    rng = random.Random(seed)
    span, zone = rng.choice(SPANS), rng.choice(ZONES)
    window = scale.clamp(NOW - rng.randrange(span), span)
    lanes = tuple(
        Lane(f"K{n}", f"Lane {n}", n % 6, folded=rng.random() < 0.2)
        for n in range(rng.randint(1, 7))
    )
    number = rng.choice([0, 1, 5, 12, 25, 40, 40, 60] + [600] * (seed % 25 == 0))
    keys = [lane.key for lane in lanes]
    items = [an_item(rng, n, window, zone, keys) for n in range(1, number + 1)]
    refs = [item.ref for item in items if item.ref]
    links = [Link(*rng.choices(refs, k=2)) for _ in range(rng.randint(0, 9)) if refs]
    chart = layout(
        items,
        lanes,
        window,
        rng.randint(300, 1900),
        zone,
        NOW,
        selected=rng.choice([None, *refs]),
        links=links,
        beyond=counted(items, lanes, window) if seed % 2 else None,
    )
    return items, with_others(lanes, items), chart


def counted(
    items: list[Item], lanes: tuple[Lane, ...], window: Window
) -> dict[str, tuple[Outside, Outside]]:
    """What a caller who knows more events than it hands in says of those outside the window."""
    found = {}
    for lane in (*lanes, OTHERS):
        there = [item for item in items if lane.key in lanes_of(item, with_others(lanes, items))]
        anchors = [(item.anchor, item.count) for item in there if item.anchor is not None]
        before = sum(count for anchor, count in anchors if anchor < window.start)
        after = sum(count for anchor, count in anchors if anchor >= window.end)
        found[lane.key] = (
            Outside(before + MORE, window.start - 9),
            Outside(after + MORE, window.end + 9),
        )
    return found


def pieces(mark: Mark | Cluster) -> Iterator[tuple[str, int, int]]:
    """What is drawn of a mark in its row: a name and the pixels from left to right."""
    if isinstance(mark, Cluster):
        yield "own", mark.left, mark.left + mark.width
    elif mark.bar:
        yield "own", mark.bar.x, mark.bar.x + mark.bar.width
    else:
        ends = [int(x) for x in re.findall(r"(?<=[MH])\d+", mark.whisker)]
        yield "own", min([mark.x - 10, *ends]), max([mark.x + 10, *ends])
    if mark.label and mark.label.shown:
        width = text_width(mark.label.text)
        left = mark.label.x - (width if mark.label.anchor == "end" else 0)
        inside = isinstance(mark, Mark) and mark.bar and left < mark.bar.x + mark.bar.width
        yield "inside" if inside and left > mark.bar.x else "label", left, left + width


def check_rows(chart: Chart, lane: LaneBox) -> None:
    """Nothing of a lane leaves the plot, its lane or covers anything else of its row."""
    taken: dict[int, list[tuple[int, int, int]]] = {}
    assert not lane.folded or lane.height == 24
    if lane.later:
        taken.setdefault(lane.later.y - 4, []).append((-1, lane.later.left + 6, chart.right))
    for owner, mark in enumerate(lane.marks):
        assert lane.top + 10 <= mark.y <= lane.bottom - 10
        row = taken.setdefault(mark.y, [])
        for name, left, right in pieces(mark):
            assert HEADER <= left <= right <= chart.width
            for other, begin, end in row:
                own = owner == other and name == "inside"
                assert own or right <= begin or end <= left
            row.append((owner, left, right))
        if mark.badge:
            assert mark.badge[0] + 5.5 <= chart.width
        if mark.label:
            assert len(mark.label.text) <= LONGEST


def check_counts(items: list[Item], lanes: tuple[Lane, ...], chart: Chart, more: int) -> None:
    """Every event is drawn, in a pill, beyond an edge or among the undated."""
    undated = [item for item in items if not item.dated and not item.planned]
    assert chart.undated == sum(item.count for item in undated)
    assert chart.total == sum(item.count for item in items)
    for lane, box in zip(lanes, chart.lanes, strict=True):
        there = [item for item in items if lane.key in lanes_of(item, lanes)]
        wanted = sum(item.count for item in there if item not in undated)
        beyond = sum(edge.count for edge in (box.earlier, box.later) if edge)
        if box.folded:
            outside = re.findall(r"([\d,]+) (?:earlier|later)", box.name)
            beyond = sum(int(number.replace(",", "")) for number in outside)
        drawn = sum(mark.count if isinstance(mark, Cluster) else 1 for mark in box.marks)
        assert drawn == box.count
        assert box.count + beyond == wanted + more
        refs = Counter(
            ref
            for mark in box.marks
            for ref in (mark.refs.split() if isinstance(mark, Cluster) else [mark.ref])
        )
        assert set(refs) <= {item.ref for item in there}
        assert set(refs.values()) <= {1}


@pytest.mark.parametrize("first", range(0, DOSSIERS, BATCH))
def test_nothing_covers_anything_and_nothing_is_lost(first: int) -> None:
    for seed in range(first, first + BATCH):
        items, lanes, chart = dossier(seed)
        assert sum(len(lane.marks) for lane in chart.lanes) <= 400
        assert all(lane.height <= 4 * 24 + 10 for lane in chart.lanes)
        for lane in chart.lanes:
            check_rows(chart, lane)
        check_counts(items, lanes, chart, 2 * MORE if seed % 2 else 0)


def test_the_same_dossier_gives_the_same_chart() -> None:
    assert dossier(7)[2] == dossier(7)[2]


def test_the_order_in_which_events_come_does_not_matter() -> None:
    for seed in range(1, 40):
        items, lanes, _ = dossier(seed)
        items = [replace(item, order=None) for item in items]
        window = scale.clamp(NOW - 20 * DAY, 40 * DAY)
        shuffled = random.Random(seed).sample(items, len(items))
        one, other = (layout(some, lanes, window, 1200, "UTC", NOW) for some in (items, shuffled))
        assert one == other
