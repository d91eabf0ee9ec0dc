"""Crowds: many events told of only by their number, and what is counted before it comes here."""

from dataclasses import replace

import pytest

from events.timeline import (
    MIXED,
    Item,
    Outside,
    Tally,
    Window,
    bin_seconds,
    fit,
    fit_of,
    layout,
    overview,
    overview_of,
)
from events.timeline.chart import Beyond, Chart, Cluster, Label, Mark
from events.timeline.scale import DAY, HOUR
from tests.timeline.sample import LANES, NOW, at, item, march

WEEK = Window(march(9), march(16))
YEAR = Window(at(2025, 1, 1), at(2026, 1, 1))
WIDTH = 112 + 7 * 140


def crowd(
    number: int, count: int, lanes: str = "US", kind: str = MIXED, *, first: int = march(3),
    days: float = 7, modality: str = "occurred",
) -> Item:  # fmt: skip
    """A crowd of ``count`` events in the ``days`` from the instant ``first``."""
    one = item(number, "", lanes, kind, modality=modality, state="")
    return replace(one, ref="", url="", earliest=first, latest=first + int(days * DAY), count=count)


def draw(*items: Item, window: Window = YEAR, **options: object) -> Chart:
    return layout(items, LANES, window, WIDTH, "UTC", NOW, **options)  # type: ignore[arg-type]


def pill(chart: Chart) -> Cluster:
    (mark,) = (mark for lane in chart.lanes for mark in lane.marks)
    assert isinstance(mark, Cluster)
    return mark


def test_a_crowd_whole() -> None:
    assert pill(draw(crowd(1, 1204))) == Cluster(
        refs="",
        count=1204,
        count_text="1,204",
        name="1,204 events, Mon 3 March 2025 to Sun 9 March 2025, United States",
        lane="US",
        glyph="ui-dots",
        x=285,
        y=20,
        left=253,
        width=64,
        classes="s1",
        stack="M6 -10V-11Q6 -13 8 -13H56Q58 -13 58 -11V-10",
        tab=True,
        instant=march(6, 12),
        start="2025-03-03",
        end="2025-03-10",
        anchor="",
        badge=None,
        label=None,
    )


def test_a_crowd_of_one_kind_says_which() -> None:
    one = pill(draw(crowd(1, 1204, kind="statement", modality="planned")))
    assert (one.glyph, one.classes) == ("kind-statement", "s1 is-planned")
    assert one.label == Label(323, 24, "start", "1,204 statements", shown=False)


def test_a_crowd_of_two_sides_stands_in_both_lanes_and_is_counted_once() -> None:
    chart = draw(crowd(1, 30, "US RU"))
    assert [lane.count for lane in chart.lanes] == [30, 0, 30, 0, 0]
    assert (chart.shown, chart.total, chart.ties) == (30, 30, ())
    assert chart.name.endswith("30 of 30 events")


def test_crowds_that_would_overlap_are_added_up() -> None:
    crowds = [crowd(n, 1000 + n, first=march(1) + n * HOUR, days=1 / 24) for n in range(1, 10)]
    chart = draw(*crowds)
    assert len(chart.lanes[0].marks) == 2
    assert sum(mark.count for mark in chart.lanes[0].marks if isinstance(mark, Cluster)) == 9045


def test_a_pill_of_crowd_and_events_names_nobody() -> None:
    said = [item(n, "Speech", "US", day=6, actors=("Rubio",)) for n in range(10, 20)]
    chart = draw(crowd(1, 90, kind="statement"), *said, selected="E12")
    marks = {mark.ref if isinstance(mark, Mark) else mark.count: mark for mark in
             chart.lanes[0].marks}  # fmt: skip
    crowded = next(mark for mark in marks.values() if isinstance(mark, Cluster) and mark.count > 89)
    assert "Rubio" not in crowded.name
    assert "E12" in marks
    assert chart.shown == 100


@pytest.mark.parametrize(
    ("one", "window", "leads"),
    [
        # A week of a year: to that week.
        (crowd(1, 9), YEAR, ("2025-03-03", "2025-03-10", "")),
        # An hour of a week: to the narrowest window around it.
        (
            crowd(1, 9, first=march(11, 12), days=1 / 24),
            WEEK,
            ("2025-03-11T09:30Z", "2025-03-11T15:30Z", ""),
        ),
        # A day of a week is no list yet, however many it holds.
        (crowd(1, 9, first=march(11), days=1), WEEK, ("2025-03-11", "2025-03-12", "")),
        # The window is the narrowest: to the list.
        (
            crowd(1, 9, first=march(11, 12), days=1 / 24),
            Window(march(11, 9), march(11, 15)),
            ("", "", "list"),
        ),
        # The window is no wider than the crowd.
        (crowd(1, 9), Window(march(4), march(6)), ("", "", "list")),
    ],
)
def test_where_a_crowd_leads(one: Item, window: Window, leads: tuple[str, str, str]) -> None:
    found = pill(draw(one, window=window))
    assert (found.start, found.end, found.anchor) == leads


def test_a_crowd_that_runs_out_of_the_window_stands_in_the_part_inside() -> None:
    found = pill(draw(crowd(1, 9, first=march(12), days=30), window=WEEK))
    assert found.x == (112 + 3 * 140 + WIDTH) // 2
    assert pill(draw(crowd(1, 9, first=march(9) - HOUR), window=WEEK)).left > 112


def test_crowds_without_a_date() -> None:
    some = replace(crowd(1, 1500), earliest=None, latest=None)
    chart = draw(some)
    assert (chart.undated, chart.undated_text, chart.shown, chart.total) == (
        1500, "‹ 1,500 undated", 0, 1500,
    )  # fmt: skip
    ahead = pill(draw(replace(some, modality="planned"), window=WEEK))
    assert (ahead.count, ahead.anchor, ahead.classes) == (1500, "undated", "s1 is-planned")
    assert ahead.x > 588


def test_what_was_not_handed_in_is_counted_at_the_edges() -> None:
    chart = draw(
        crowd(1, 20, first=march(1), days=1),
        item(2, "Just after", "US", earliest=march(20), latest=march(21)),
        window=WEEK,
        beyond={
            "US": (Outside(1020, march(5)), Outside(10, march(20, 12))),
            "UA": (None, Outside(1, march(18))),
        },
        total=250_000,
    )
    us, ua = chart.lanes[:2]
    assert us.earlier == Beyond(
        1020, "1,020 earlier events, United States", "‹ 1,020", 104, 32, 59, 16, 45,
        "2025-03-01T12:00Z", "2025-03-08T12:00Z",
    )  # fmt: skip
    assert us.later
    assert ua.later
    assert (us.later.count, us.later.start) == (10, "2025-03-17")
    assert (ua.earlier, ua.later.name) == (None, "1 later event, Ukraine")
    assert (chart.shown, chart.total) == (0, 250_000)
    assert chart.name.endswith("0 of 250,000 events")


def test_a_crowd_later_than_what_is_looked_back_from_tells_only_its_number() -> None:
    chart = draw(crowd(1, 40, first=march(12), days=1), window=WEEK, as_of=march(11))
    ghost = pill(chart)
    assert (ghost.classes, ghost.name, ghost.label) == (
        "s1 is-ghost", "40 later events, United States", None,
    )  # fmt: skip
    assert (chart.shown, chart.total) == (0, 0)


@pytest.mark.parametrize(
    ("count", "earlier", "texts"),
    [
        (0, 0, ("No events", None)),
        (12_345, 0, ("12,345 events", None)),
        (12_345, 12_345, ("12,345", "‹ 12k")),
        (1_234_567, 2_345_678, ("1.2M", "‹ 2.3M")),
    ],
)
def test_numbers_beside_each_other_leave_each_other_room(
    count: int, earlier: int, texts: tuple[str, str | None]
) -> None:
    some = [crowd(1, count)] if count else []
    before = {"US": (Outside(earlier, march(1)), None)} if earlier else None
    lane = draw(*some, beyond=before).lanes[0]
    assert (lane.count_text, lane.earlier and lane.earlier.text) == texts
    assert lane.name.startswith("United States, ")


DAYS = [item(n, "Event", "US", day=10 + n % 3) for n in range(30)]
COUNTED = [Tally(march(day), march(day + 1), 10) for day in (10, 11, 12)]


def test_counted_bins_fit_the_same_window() -> None:
    assert fit_of(COUNTED, NOW) == fit(DAYS, NOW)
    assert fit_of([], NOW) == fit([], NOW)
    assert fit_of([Tally(march(1), march(2), 0)], NOW) == fit([], NOW)


def test_what_lies_far_out_does_not_stretch_the_window() -> None:
    assert fit_of([Tally(at(1800, 1, 1), at(1800, 1, 2), 3), *COUNTED], NOW) == fit_of(COUNTED, NOW)


def test_counted_bins_are_drawn_as_they_are() -> None:
    planned = Tally(march(13), march(14), 4, planned=3)
    strip = overview_of([*COUNTED, planned], WEEK, 952, "UTC", NOW, left=112)
    assert [(one.count, one.planned) for one in strip.bins] == [(10, 0)] * 3 + [(1, 3)]
    assert strip.name == (
        "All dates: 34 events from Mon 10 March 2025 to Thu 13 March 2025. "
        "The timeline shows Sun 9 March 2025 to Sat 15 March 2025."
    )
    assert (strip.start, strip.end) == ("2025-03-08", "2025-03-17")
    same = overview(DAYS, WEEK, 952, "UTC", NOW, left=112)
    assert [bin.height for bin in strip.bins[:3]] == [bin.height for bin in same.bins]


def test_bins_too_fine_for_the_strip_are_joined() -> None:
    hours = [Tally(march(1) + n * HOUR, march(1) + (n + 1) * HOUR, 2) for n in range(24 * 30)]
    strip = overview_of(hours, WEEK, 400, "UTC", NOW)
    assert len(strip.bins) <= 400 // 6
    assert sum(one.count for one in strip.bins) == 2 * len(hours)
    assert all(a.x + a.width <= b.x for a, b in zip(strip.bins, strip.bins[1:], strict=False))


def test_how_long_a_bin_should_be() -> None:
    assert bin_seconds(march(1), march(29) - 1, WEEK, 30 * 16) == DAY
    assert bin_seconds(march(10), march(12), WEEK, 9 * 16) == DAY
