"""Where things stand in an agenda."""

from __future__ import annotations

import pytest

from events import dates
from events.negotiation.agenda import away, grouped, is_whole_days, place_of, spoken
from events.negotiation.times import Times

NOW = (dates.read("12 March 2025").earliest or 0) + 9 * 3600


def times(text: str) -> Times:
    reading = dates.read(text)
    return Times(reading.earliest, reading.latest)


@pytest.mark.parametrize(
    ("text", "group", "day"),
    [
        ("11 March 2025", "overdue", None),
        ("12 March 2025 08:00", "overdue", None),
        ("12 March 2025", "due now", None),
        ("12 March 2025 18:00", "due now", None),
        ("about 12 to 15 March 2025", "next few days", None),
        ("between 10 and 20 March 2025", "next few days", None),
        ("17 to 20 March 2025", "next few days", None),
        ("15 March 2025", "dated", "15 March 2025"),
        ("20 to 25 March 2025", "dated", "20 March 2025"),
        ("before 20 March 2025", "dated", "19 March 2025"),
        ("after 20 March 2025", "dated", "21 March 2025"),
        ("after 10 March 2025", "no date stated", None),
        ("", "no date stated", None),
    ],
)
def test_groups(text: str, group: str, day: str | None) -> None:
    found = place_of(times(text) if text else Times(), NOW, "UTC")
    expected = times(day).earliest if day else None
    assert (found.when, found.day) == (group, expected)


def test_groups_come_in_order_and_what_passed_lately_first() -> None:
    texts = ["20 March 2025", "", "1 March 2025", "12 March 2025", "10 March 2025", "15 March 2025"]
    placed = [(text, times(text) if text else Times(), n) for n, text in enumerate(texts)]
    assert [one.items for one in grouped(placed, NOW, "UTC")] == [
        ["10 March 2025", "1 March 2025"],
        ["12 March 2025"],
        ["15 March 2025"],
        ["20 March 2025"],
        [""],
    ]


def test_how_far_ahead() -> None:
    days = ("12 March 2025", "13 March 2025", "15 March 2025")
    found = [away(times(day).earliest or 0, NOW, "UTC") for day in days]
    assert found == ["today", "tomorrow", "in 3 days"]


def test_days_and_hours() -> None:
    assert is_whole_days(times("12 to 15 March 2025"), "UTC")
    assert not is_whole_days(times("12 March 2025 18:00"), "UTC")
    # Midnight of one zone is none of another.
    assert not is_whole_days(times("12 March 2025"), "Europe/Kyiv")
    assert spoken(times("12 to 15 March 2025"), "UTC") == "Wed 12 March 2025 to Sat 15 March 2025"
    assert spoken(times("12 March 2025"), "UTC") == "Wed 12 March 2025"
    assert spoken(times("before 12 March 2025"), "UTC") == ""
