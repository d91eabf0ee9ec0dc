"""Dates that are moved on the chart: what each becomes."""

from __future__ import annotations

import pytest

from events import dates
from events.dates import DateError, Part, Precision

DAY = 86_400
DAYS = (Precision.DAY, Precision.DAY)
MONTHS = (Precision.DAY, Precision.MONTH)
YEARS = (Precision.MONTH, Precision.YEAR)
HOURS = (Precision.HOUR, Precision.HOUR)


@pytest.mark.parametrize(
    ("was", "part", "days", "sizes", "becomes", "text"),
    [
        # A single date is put anew, no finer than the level, no coarser than it was where it fits.
        ("2025-03-11", "whole", 1, DAYS, "2025-03-12", "12 Mar 2025"),
        ("2025-03-11", "whole", 0.4, DAYS, "2025-03-11", "11 Mar 2025"),
        ("2025-03-11", "whole", 30, MONTHS, "2025-04-10", "10 Apr 2025"),
        ("2025-03", "whole", 30, MONTHS, "2025-04", "Apr 2025"),
        ("2025-03", "whole", 3, DAYS, "2025-03-19", "19 Mar 2025"),
        ("2025-03-11T09:30", "whole", 2, DAYS, "2025-03-13", "13 Mar 2025"),
        ("2025-03-11", "whole", 0.25, HOURS, "2025-03-11T18+02:00", "11 Mar 2025 6pm"),
        ("2025", "whole", 800, YEARS, "2027", "2027"),
        ("-0043", "whole", 400, YEARS, "-0042", "43 BC"),
        ("2025-03-11~", "whole", 1, DAYS, "2025-03-12", "12 Mar 2025"),
        # What lasts keeps its length, or its other end.
        ("2025-03-10/2025-03-12", "whole", 3.2, DAYS, "2025-03-13/2025-03-15", "13 to 15 Mar 2025"),
        ("2025-03-10/2025-03-12", "end", 3, DAYS, "2025-03-10/2025-03-15", "10 to 15 Mar 2025"),
        ("2025-03-10/2025-03-12", "start", -2, DAYS, "2025-03-08/2025-03-12", "8 to 12 Mar 2025"),
        ("2025-03-10/..", "whole", 2, DAYS, "2025-03-12/..", "from 12 Mar 2025"),
        ("2025-01/2025-06", "whole", 62, YEARS, "2025-03/2025-08", "Mar to Aug 2025"),
        # So does what happened once, between two days.
        (
            *("[2025-03-10..2025-03-12]", "end", 2, DAYS),
            *("[2025-03-10..2025-03-14]", "between 10 and 14 Mar 2025"),
        ),
        (
            *("2025-03", "end", -5, DAYS),
            *("[2025-03-01..2025-03-26]", "between 1 and 26 Mar 2025"),
        ),
        ("[..2025-03-12]", "end", 2, DAYS, "[..2025-03-14]", "before 15 Mar 2025"),
        # The clocks go forward on the 30th: a day later is a day later.
        ("2025-03-29/2025-03-30", "whole", 1, DAYS, "2025-03-30/2025-03-31", "30 to 31 Mar 2025"),
    ],
)
def test_a_moved_date(
    was: str, part: str, days: float, sizes: tuple[Precision, Precision], becomes: str, text: str
) -> None:
    present = dates.from_edtf(was, zone="Europe/Kyiv")
    now = dates.move(present, Part(part), int(days * DAY), sizes)
    assert (now.edtf, now.text) == (becomes, text)


def test_what_has_no_date_is_put_where_it_was_drawn() -> None:
    now = dates.move(dates.from_edtf(""), Part.WHOLE, DAY, DAYS, 1_741_651_200)
    assert now.edtf == "2025-03-12"


@pytest.mark.parametrize(
    ("was", "part", "days", "message"),
    [
        ("2025-03-10/2025-03-12", "start", 5, "ends before it starts"),
        ("[..2025-03-12]", "start", 5, "no start that could be moved"),
        ("", "whole", 5, "no date that could be moved"),
        ("9999", "whole", 4000, "Years run from 4713 BC to 9999"),
    ],
)
def test_a_date_that_cannot_be_moved_there(was: str, part: str, days: int, message: str) -> None:
    with pytest.raises(DateError, match=message):
        dates.move(dates.from_edtf(was), Part(part), days * DAY, YEARS if was == "9999" else DAYS)
