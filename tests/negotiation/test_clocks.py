"""Clocks: not started, day 12 of 30, ended; with uncertain starts uncertain ends."""

from __future__ import annotations

from collections import Counter

import pytest

from events import dates
from events.negotiation.clocks import Cell, clock, told
from events.negotiation.times import Times


def times(text: str, zone: str = "UTC") -> Times:
    reading = dates.read(text, zone=zone)
    return Times(reading.earliest, reading.latest)


def after(text: str, zone: str = "UTC") -> int:
    """The end of a day: as pages look back from it."""
    return dates.read(text, zone=zone).latest or 0


STARTED = "12 March 2025"


@pytest.mark.parametrize(
    ("start", "now", "words", "cells"),
    [
        (
            "",
            "12 March 2025",
            ("Not started.", "If it began today it would end on Fri 11 April 2025 (computed)."),
            {"ahead": 30},
        ),
        (
            "20 March 2025",
            "12 March 2025",
            (
                "Not started.",
                "It begins on Thu 20 March 2025 and would end on Sat 19 April 2025 (computed).",
            ),
            {"ahead": 30},
        ),
        (
            STARTED,
            "12 March 2025",
            ("Day 1 of 30.", "It ends on Fri 11 April 2025 (computed)."),
            {"now": 1, "ahead": 29},
        ),
        (
            STARTED,
            "23 March 2025",
            ("Day 12 of 30.", "It ends on Fri 11 April 2025 (computed)."),
            {"past": 11, "now": 1, "ahead": 18},
        ),
        (
            STARTED,
            "10 April 2025",
            ("Day 30 of 30.", "It ends on Fri 11 April 2025 (computed)."),
            {"past": 29, "now": 1},
        ),
        (
            STARTED,
            "11 April 2025",
            ("Ended.", "Its time was over on Fri 11 April 2025 (computed)."),
            {"past": 30},
        ),
        (
            "between 12 and 14 March 2025",
            "23 March 2025",
            (
                "Day 10 to 12 of 30.",
                "It ends between Fri 11 April 2025 and Sun 13 April 2025"
                " (computed; the start is uncertain).",
            ),
            {"past": 9, "maybe": 2, "now": 1, "ahead": 18},
        ),
        (
            "between 12 and 14 March 2025",
            "12 March 2025",
            (
                "It may have started.",
                "It would end between Fri 11 April 2025 and Sun 13 April 2025"
                " (computed; the start is uncertain).",
            ),
            {"maybe": 1, "ahead": 29},
        ),
        (
            "between 12 and 14 March 2025",
            "12 April 2025",
            (
                "It may have ended.",
                "Its time is over between Fri 11 April 2025 and Sun 13 April 2025"
                " (computed; the start is uncertain).",
            ),
            {"past": 29, "now": 1},
        ),
        (
            "before 12 March 2025",
            "12 March 2025",
            (
                "It may have ended.",
                "Its time is over by Thu 10 April 2025 (computed; the start is uncertain).",
            ),
            {"maybe": 30},
        ),
    ],
)
def test_thirty_days(start: str, now: str, words: tuple[str, str], cells: dict[str, int]) -> None:
    found = clock("P30D", times(start) if start else Times(), after(now), "UTC")
    assert found is not None
    assert told(found, "UTC") == words
    assert Counter(map(str, found.cells)) == cells
    assert (found.days, found.unit, found.length) == (30, "day", "30 days")


def test_what_is_off_the_table_is_not_imagined_to_begin() -> None:
    found = clock("P30D", Times(), after("12 March 2025"), "UTC")
    assert found is not None
    assert told(found, "UTC", may_begin=False) == ("Not started.", "")


@pytest.mark.parametrize(
    ("length", "days", "unit", "count"),
    [
        ("PT6H", 1, "day", 1),
        ("PT72H", 3, "day", 3),
        ("P60D", 60, "day", 60),
        ("P61D", 61, "week", 9),
        ("P3M", 92, "week", 14),
        ("P2Y", 730, "month", 25),
        ("P10Y", 3652, "year", 11),
        ("P200Y", 73048, "year", 60),
    ],
)
def test_long_clocks_have_coarser_cells(length: str, days: int, unit: str, count: int) -> None:
    found = clock(length, times(STARTED), after(STARTED), "UTC")
    assert found is not None
    assert (found.days, found.unit, len(found.cells)) == (days, unit, count)
    assert found.cells[0] is Cell.NOW
    assert sum(map(len, found.groups)) == count


def test_days_are_those_of_the_zone_where_clocks_change() -> None:
    zone = "Europe/Kyiv"
    found = clock("P30D", times(STARTED, zone), after("23 March 2025", zone), zone)
    assert found is not None
    assert found.day == (12, 12)
    assert told(found, zone) == ("Day 12 of 30.", "It ends on Fri 11 April 2025 (computed).")


@pytest.mark.parametrize("length", ["", "soon", "P"])
def test_no_length_no_clock(length: str) -> None:
    assert clock(length, Times(), 0, "UTC") is None
