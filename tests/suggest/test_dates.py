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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # German, French, Ukrainian, Russian.
        ("am Dienstag", [("am Dienstag", [("2024-05-14", DERIVED), ("2024-05-07", DERIVED)])]),
        (
            "bis Freitag",
            [("bis Freitag", [("[..2024-05-17]", DERIVED), ("[..2024-05-10]", DERIVED)])],
        ),
        ("vom 10. bis 12. Mai", [("vom 10. bis 12. Mai", [("2024-05-10/2024-05-12", STATED)])]),
        ("bis 31.05.2024", [("bis 31.05.2024", [("[..2024-05-31]", STATED)])]),
        ("gestern Abend", [("gestern Abend", [("[2024-05-13T18Z..2024-05-13T23Z]", DERIVED)])]),
        ("Sie ist hier und das ist gut.", []),
        ("Le ministre est venu hier.", [("hier", [("2024-05-13", DERIVED)])]),
        ("mardi prochain", [("mardi prochain", [("2024-05-21", DERIVED)])]),
        ("avant le 30 mai", [("avant le 30 mai", [("[..2024-05-29]", STATED)])]),
        ("du 17 au 20 mai", [("du 17 au 20 mai", [("2024-05-17/2024-05-20", STATED)])]),
        ("il y a trois jours", [("il y a trois jours", [("2024-05-11", DERIVED)])]),
        ("наступного тижня", [("наступного тижня", [("[2024-05-20..2024-05-26]", DERIVED)])]),
        ("у травні 2024", [("у травні 2024", [("2024-05", STATED)])]),
        ("с 24 по 26 мая", [("с 24 по 26 мая", [("2024-05-24/2024-05-26", STATED)])]),
        ("среда и в основном", []),
        # In numbers.
        ("on 2024-05-11", [("on 2024-05-11", [("2024-05-11", STATED)])]),
        ("11.05.2024", [("11.05.2024", [("2024-05-11", STATED)])]),
        ("03/04/2024", [("03/04/2024", [("2024-04-03", STATED), ("2024-03-04", STATED)])]),
        ("version 3.11.2024.1, 192.168.1.2024, v1.2.2024", []),
        # English.
        ("by Friday", [("by Friday", [("[..2024-05-17]", DERIVED), ("[..2024-05-10]", DERIVED)])]),
        ("the next 48 hours", [("the next 48 hours", [("[2024-05-14..2024-05-16]", DERIVED)])]),
        ("the past 24 hours", [("the past 24 hours", [("[2024-05-13..2024-05-14]", DERIVED)])]),
        ("by the end of May", [("by the end of May", [("[..2024-05-31]", STATED)])]),
        ("until May 11-15", [("May 11-15", [("2024-05-11/2024-05-15", STATED)])]),
        ("tomorrow at 06:00", [("tomorrow at 06:00", [("2024-05-15T06:00Z", DERIVED)])]),
        ("31 November; Resolution 2774; March 3,000 miles; a 30-day truce; 2025 times", []),
    ],
)
def test_other_ways_to_say_a_date(text, expected):
    assert dated(text) == expected


def test_the_likelier_of_two_days_comes_first():
    [(_, met)] = dated("They met on Friday.")
    [(_, will)] = dated("They will meet on Friday.")
    assert [choice for choice, _ in met] == ["2024-05-10", "2024-05-17"]
    assert [choice for choice, _ in will] == ["2024-05-17", "2024-05-10"]


def test_numbers_need_no_day_to_count_from():
    assert dated("03/04/2024, on Friday", day=None) == [
        ("03/04/2024", [("2024-04-03", STATED), ("2024-03-04", STATED)])
    ]
