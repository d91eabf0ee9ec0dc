"""The strip of all dates, and the window a dossier opens with."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.timeline import Window, fit, format_instant, overview, scale
from events.timeline.overview import BASE, TALLEST, Bin, Overview
from events.timeline.scale import DAY, Tick
from tests.timeline.sample import ITEMS, NOW, at, item, march

WEEK = Window(march(9), march(16))


def test_an_overview_whole() -> None:
    items = [
        *(item(n, "On Tuesday", "US", day=11) for n in range(1, 10)),
        item(20, "On Wednesday", "US", day=12),
        item(21, "Planned for Wednesday", "US", day=12, modality="planned"),
        item(22, "Undated", "US"),
    ]
    assert overview(items, WEEK, 952, "UTC", NOW, left=112) == Overview(
        width=952,
        height=46,
        left=112,
        right=952,
        base=30,
        name="All dates: 11 events from Tue 11 March 2025 to Wed 12 March 2025. "
        "The timeline shows Sun 9 March 2025 to Sat 15 March 2025.",
        start="2025-02-27",
        end="2025-03-27",
        bins=(
            Bin(474, 26, 8, 22, 8, 0, 9, 0),
            Bin(504, 26, 23, 7, 20, 3, 1, 1),
        ),
        ticks=(
            Tick(232, 238, "3 March"),
            Tick(442, 448, "10"),
            Tick(652, 658, "17"),
            Tick(862, 868, "24"),
        ),
        brush_x=412,
        brush_width=210,
        now_x=514,
    )


def test_the_brush_is_never_too_narrow_to_hold() -> None:
    items = [item(1, "Then", "US", earliest=at(1900, 1, 1), latest=at(1900, 1, 2))]
    strip = overview(items, WEEK, 900, "UTC", NOW)
    assert strip.brush_width == 24
    assert strip.brush_end <= 900


def test_an_overview_of_nothing() -> None:
    strip = overview([], WEEK, 400, "UTC", NOW)
    assert (strip.bins, strip.name) == (
        (),
        "All dates: 0 events. The timeline shows Sun 9 March 2025 to Sat 15 March 2025.",
    )


@settings(deadline=None)
@given(st.lists(st.integers(scale.FIRST, scale.LAST - DAY), max_size=30), st.integers(200, 1600))
def test_bins_are_equal_and_inside(starts: list[int], width: int) -> None:
    items = [item(n, "E", "US", earliest=t, latest=t + DAY) for n, t in enumerate(starts)]
    strip = overview(items, WEEK, width, "Europe/Kyiv", NOW)
    widths = [each.width for each in strip.bins]
    assert max(widths, default=0) - min(widths, default=0) <= 1
    assert sum(each.count for each in strip.bins) == len(starts)
    assert all(each.x >= 0 and each.x + each.width <= width for each in strip.bins)
    assert all(BASE - TALLEST <= each.planned_y <= each.y <= BASE for each in strip.bins)
    assert 0 <= strip.brush_x < strip.brush_end <= width


def spoken(window: Window) -> tuple[str, str]:
    return format_instant(window.start), format_instant(window.end)


def test_the_talks_open_on_their_week() -> None:
    assert spoken(fit(ITEMS, NOW)) == ("2025-03-10", "2025-03-16")
    # Years later the same: now is far away then.
    assert spoken(fit(ITEMS, at(2027, 1, 1))) == ("2025-03-10", "2025-03-16")


def test_outliers_do_not_stretch_the_window() -> None:
    old = [item(n, "Old", "US", earliest=at(2014, n, 1), latest=at(2014, n, 2)) for n in (1, 2)]
    assert fit([*ITEMS, *old], NOW) == fit(ITEMS, NOW)


@pytest.mark.parametrize(
    ("items", "window"),
    [
        ([], ("2025-03-09", "2025-03-17")),
        ([item(1, "Alone", "US", day=11)], ("2025-03-10", "2025-03-14")),
        ([item(1, "Hour", "US", earliest=march(1, 9), latest=march(1, 10)),
          item(2, "Hour", "US", earliest=march(1, 14), latest=march(1, 15))],
         ("2025-03-01T09:00Z", "2025-03-01T15:00Z")),
        ([item(n, "Month", "US", earliest=at(2020, n, 1), latest=at(2020, n + 1, 1))
          for n in range(1, 11)], ("2019-12-24", "2020-11-09")),
    ],
)  # fmt: skip
def test_windows_that_fit(items: list, window: tuple[str, str]) -> None:  # type: ignore[type-arg]
    assert spoken(fit(items, NOW)) == window


@given(st.lists(st.integers(scale.FIRST, scale.LAST - DAY), max_size=20))
def test_a_fit_is_always_a_window(starts: list[int]) -> None:
    items = [item(n, "E", "US", earliest=t, latest=t + DAY) for n, t in enumerate(starts)]
    window = fit(items, NOW, "America/New_York")
    assert window.span >= scale.NARROWEST
