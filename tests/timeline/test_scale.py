"""The time scale: calendar, moving the window, ticks and labels."""

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.timeline import scale
from events.timeline.scale import DAY, HOUR, YEAR, Level, Scale, Tick, Window
from tests.timeline.sample import at, march

instants = st.integers(scale.FIRST, scale.LAST)
windows = st.builds(
    scale.clamp, instants, st.one_of(st.integers(1, 30 * DAY), st.integers(1, scale.WIDEST))
)
zones = st.sampled_from(["UTC", "Europe/Kyiv", "America/New_York", "Asia/Kathmandu", "Asia/Riyadh"])


def shown(start: int, end: int, zone: str = "UTC", width: int = 1032) -> scale.Axis:
    return scale.axis(Scale(Window(start, end), 112, width), zone)


def labels(ticks: tuple[Tick, ...]) -> list[str]:
    return [tick.label for tick in ticks]


def test_a_window_starts_before_it_ends() -> None:
    with pytest.raises(ValueError, match="start before it ends"):
        Window(5, 5)


@pytest.mark.parametrize(
    ("date", "days"),
    [
        ((1970, 1, 1), 0),
        ((1969, 12, 31), -1),
        ((2000, 2, 29), 11016),
        ((2025, 3, 11), 20158),
        ((1, 1, 1), -719162),
        ((0, 12, 31), -719163),
        ((-43, 3, 15), -735160),
        ((9999, 12, 31), 2932896),
    ],
)
def test_days_and_dates(date: tuple[int, int, int], days: int) -> None:
    assert (scale.days_of(*date), scale.date_of(days)) == (days, date)


@given(st.dates())
def test_calendar_agrees_with_pythons(date: datetime.date) -> None:
    days = date.toordinal() - 719163
    assert scale.days_of(date.year, date.month, date.day) == days
    assert scale.date_of(days) == (date.year, date.month, date.day)


@given(st.integers(-4_000_000, 4_000_000))
def test_dates_come_back(days: int) -> None:
    assert scale.days_of(*scale.date_of(days)) == days


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (march(9), "2025-03-09"),
        (march(9, 12.5), "2025-03-09T12:30Z"),
        (march(9) + 1, "2025-03-09T00:00:01Z"),
        (at(-43, 3, 15), "-0043-03-15"),
        (at(11999, 1, 1), "11999-01-01"),
    ],
)
def test_instants_in_addresses(instant: int, text: str) -> None:
    assert (scale.format_instant(instant), scale.parse_instant(text)) == (text, instant)


@given(instants)
def test_instants_come_back_from_addresses(instant: int) -> None:
    assert scale.parse_instant(scale.format_instant(instant)) == instant


@pytest.mark.parametrize(
    "text",
    ["", "now", "2025", "2025-02-29", "2025-13-01", "2025-03-09T12:00", "2025-03-09T24:00Z",
     "2025-03-09T1:2:3:4Z", "２０２５-03-09", "2025-03-09" * 9, "--1-01-01"],
)  # fmt: skip
def test_what_is_no_instant_says_what_would_be(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not an instant. Try '2025-03-09T12:00Z'"):
        scale.parse_instant(text)


@given(windows, instants, instants, st.integers(200, 3000))
def test_the_scale_never_goes_back(window: Window, first: int, second: int, width: int) -> None:
    span = Scale(window, 112, width + 112)
    first, second = sorted((first, second))
    assert span.x(first) <= span.x(second)
    assert (span.x(window.start), span.x(window.end)) == (112, width + 112)


@given(windows, st.integers(112, 1100))
def test_pixels_come_back_from_instants(window: Window, x: int) -> None:
    span = Scale(window, 112, 1112)
    assert abs(span.x(span.instant(x)) - x) <= 1


@given(windows, st.floats(1, 4), st.floats(0, 1))
def test_zoom_keeps_the_instant_under_the_pointer(
    window: Window, factor: float, share: float
) -> None:
    instant = window.start + int(window.span * share)
    closer = scale.zoom(window, factor, instant)
    assert closer.span <= window.span
    before, after = (Scale(each, 0, 1000).x(instant) for each in (window, closer))
    assert abs(before - after) <= 1


def test_zoom_and_pan() -> None:
    week = Window(march(9), march(16))
    assert scale.zoom(week, 2) == Window(march(10, 18), march(14, 6))
    assert scale.zoom(week, 0.5, march(9)) == Window(march(9), march(23))
    assert scale.pan(week, 0.5) == Window(march(12, 12), march(19, 12))
    assert scale.pan(week, -1) == Window(march(2), march(9))
    assert scale.at_level(week, Level.DAYS) is week
    assert scale.at_level(week, Level.HOURS, march(11)) == Window(
        march(11) - 24_686, march(11) - 24_686 + DAY
    )


@given(windows, st.floats(0.001, 1000), st.floats(-5, 5))
def test_windows_stay_within_bounds(window: Window, factor: float, by: float) -> None:
    for moved in (scale.zoom(window, factor), scale.pan(window, by)):
        assert scale.FIRST <= moved.start < moved.end <= scale.LAST
        assert scale.NARROWEST <= moved.span <= scale.WIDEST


@pytest.mark.parametrize(
    ("span", "level"),
    [
        (6 * HOUR, Level.HOURS),
        (3 * DAY, Level.HOURS),
        (3 * DAY + 1, Level.DAYS),
        (21 * DAY, Level.DAYS),
        (22 * DAY, Level.WEEKS),
        (YEAR // 2, Level.MONTHS),
        (3 * YEAR + 1, Level.YEARS),
        (25 * YEAR + 1, Level.DECADES),
    ],
)
def test_levels(span: int, level: Level) -> None:
    assert Window(0, span).level is level


def test_axis_of_hours() -> None:
    assert shown(march(11), march(12)) == scale.Axis(
        Level.HOURS,
        tuple(
            Tick(x, x + 6, label)
            for x, label in [
                (112, "00"), (227, "03"), (342, "06"), (457, "09"),
                (572, "12"), (687, "15"), (802, "18"), (917, "21"),
            ]
        ),
        (150, 189, 265, 304, 380, 419, 495, 534, 610, 649, 725, 764, 840, 879, 955, 994),
        (Tick(112, 118, "Tue 11 March 2025"),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "first", "second"),
    [
        (march(9, 12), march(16), ["Mon 10", "Tue 11", "Wed 12", "Thu 13", "Fri 14", "Sat 15"],
         ["March 2025"]),
        (at(2025, 2, 26), march(18),
         ["Thu 27", "Sat 1", "Mon 3", "Wed 5", "Fri 7", "Sun 9", "Tue 11", "Thu 13", "Sat 15", ""],
         ["February 2025", "March"]),
        (at(2025, 2, 10), at(2025, 4, 1), ["10", "17", "24", "3", "10", "17", "24", ""],
         ["February 2025", "March"]),
        (at(2024, 10, 1), at(2025, 6, 1),
         ["Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May"], ["2024", "2025"]),
        (at(2014, 1, 1), at(2025, 1, 1), [str(year) for year in range(2014, 2025)],
         ["2010s", "2020s"]),
        (at(1970, 1, 1), at(2030, 1, 1),
         ["1970s", "1980s", "1990s", "2000s", "2010s", "2020s"], ["20th century", "21st century"]),
        (at(-500, 1, 1), at(700, 1, 1),
         ["501 BCE", "401 BCE", "301 BCE", "201 BCE", "101 BCE", "1 BCE",
          "100", "200", "300", "400", "500", "600"], None),
    ],
)  # fmt: skip
def test_labels_of_levels(start: int, end: int, first: list[str], second: list[str] | None) -> None:
    axis = shown(start, end)
    assert labels(axis.ticks) == first
    if second is not None:
        assert labels(axis.context) == second


def test_days_begin_at_midnight_of_the_zone_also_when_clocks_change() -> None:
    axis = shown(at(2025, 3, 28, 23), at(2025, 4, 1, 22), "Europe/Berlin", 1112)
    assert labels(axis.ticks) == ["Sat 29", "Sun 30", "Mon 31", "Tue 1"]
    assert [tick.x for tick in axis.ticks] == [112, 365, 607, 859]  # Sunday has 23 hours


def test_no_label_meets_the_flag_of_now() -> None:
    span = Scale(Window(march(9), march(16)), 112, 1092)
    x = span.x(march(12, 2))
    assert labels(scale.axis(span, "UTC", (x, x + 36)).ticks) == [
        "Sun 9", "Mon 10", "Tue 11", "", "Thu 13", "Fri 14", "Sat 15",
    ]  # fmt: skip


@given(windows, zones, st.integers(300, 2400))
def test_labels_keep_their_distance(window: Window, zone: str, width: int) -> None:
    axis = scale.axis(Scale(window, 0, width), zone)
    xs = [tick.x for tick in axis.ticks if tick.label]
    assert all(b - a >= scale.LABEL_GAP for a, b in itertools.pairwise(xs))
    every = [tick.x for tick in axis.ticks]
    assert every == sorted(every)
    assert all(0 <= x <= width for x in [*every, *axis.minor])
    assert len(axis.minor) <= width / scale.MINOR_GAP + 2


@given(instants, zones)
def test_midnights(instant: int, zone: str) -> None:
    start, end = scale.day_start(instant, zone), scale.next_day(instant, zone)
    assert start <= instant < end
    assert 22 * HOUR <= end - start <= 26 * HOUR
