"""Dates: strict spans, the basis, two nights, and none without a day to count from."""

from __future__ import annotations

import pytest

from tests.suggest.sample import found


def dated(text, **settings):
    return [
        (d.exact, [(c.edtf, c.basis) for c in d.found.choices])
        for d in found(text, "date", **settings)
    ]


STATED, DERIVED = "stated", "derived_document"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained on 11 May.", [("on 11 May", [("2024-05-11", STATED)])]),
        ("From May 11-15 it rained.", [("May 11-15", [("2024-05-11/2024-05-15", STATED)])]),
        ("It may rain; they march on. March on!", []),
        ("In May we march.", [("In May", [("2024-05", STATED)])]),
        ("They meet this Saturday.", [("this Saturday", [("2024-05-18", DERIVED)])]),
        (
            "They met on Friday.",
            [("on Friday", [("2024-05-10", DERIVED), ("2024-05-17", DERIVED)])],
        ),
        (
            "over the next few days",
            [("over the next few days", [("[2024-05-14..2024-05-21]", DERIVED)])],
        ),
        ("Today’s news", [("Today", [("2024-05-14", DERIVED)])]),
        ("within 30 days", [("within 30 days", [("[2024-05-14..2024-06-13]", DERIVED)])]),
        ("It cost 2024 coins, 11 Mayors came, Sunlight.", []),
        ("Am 11. März 2024", [("11. März 2024", [("2024-03-11", STATED)])]),
        ("le 1er mars 2024", [("1er mars 2024", [("2024-03-01", STATED)])]),
        ("11 березня 2024 року", [("11 березня 2024", [("2024-03-11", STATED)])]),
        ("завтра", [("завтра", [("2024-05-15", DERIVED)])]),
    ],
)
def test_what_is_a_date(text, expected):
    assert dated(text) == expected


def test_tonight_may_be_either_night_each_time():
    nights = [
        ("[2024-05-14T18Z..2024-05-15T05Z]", DERIVED),
        ("[2024-05-13T18Z..2024-05-14T05Z]", DERIVED),
    ]
    text = "Strikes tonight, talks tonight."
    assert dated(text) == [("tonight", nights), ("tonight", nights)]
    assert {d.reason for d in found(text, "date")} == {
        "'tonight' may mean two nights: the one that ends on the day or the one that begins on it."
    }


def test_without_a_day_only_whole_dates_are_proposed():
    text = "Tonight, on Tuesday, on 11 May, over the next few days, today; 11 May 2024."
    assert dated(text, day=None) == [("11 May 2024", [("2024-05-11", STATED)])]


def test_nights_are_those_of_the_zone():
    [(_, choices)] = dated("tonight", zone="Europe/Kyiv")
    assert choices[0] == ("[2024-05-14T18+03:00..2024-05-15T05+03:00]", DERIVED)
