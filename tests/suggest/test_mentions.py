"""Mentions: longest names first, whole words, folded spaces, Slavic cases."""

from __future__ import annotations

import pytest

from events.suggest import Known
from tests.suggest.sample import ACTORS, found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Berger met Berger.", [("Anna Berger", "A1"), ("Berger", "A1")]),
        ("Anna\u00a0Berger and Anna\nBerger", [("Anna\u00a0Berger", "A1"), ("Anna\nBerger", "A1")]),
        ("Nor\u00adland’s and Norland-led", [("Nor\u00adland", "A5"), ("Norland", "A5")]),
        ("the Norland Foreign Ministry", [("Norland Foreign Ministry", "A7")]),
        ("Norlanders, Bergers, berger and nl", []),
        ("NL, N.L. and BERGER", [("NL", "A5"), ("N.L.", "A5"), ("BERGER", "A1")]),
        ("із Марією Коваль у Нордії", [("Марією Коваль", "A3"), ("Нордії", "A5")]),
        ("о Сомове и Сомовым", [("Сомове", "A4"), ("Сомовым", "A4")]),
        ("Ковальський", []),
    ],
)
def test_whose_names(text, expected):
    got = found(text, "mention")
    assert [(m.exact, *m.found.actors) for m in got] == expected


def test_a_stem_of_two_actors_is_nobody():
    actors = (Known("B1", ("Новак",)), Known("B2", ("Новака",)))
    got = found("Новак з Новаком", "mention", actors=actors)
    assert [(m.exact, m.found.actors) for m in got] == [("Новак", ("B1",))]


def test_a_name_of_two_actors_names_both():
    actors = (*ACTORS, Known("B1", ("Berger",)))
    [mention] = found("Berger left.", "mention", actors=actors)
    assert (mention.found.actors, mention.confidence) == (("A1", "B1"), 0.4)


NAMES = (
    Known("Z", ("Зарницький", "Zarnytskyi")),
    Known("K", ("Михайло Заєць", "Заєць")),
    Known("S", ("Шульга",)),
    Known("C", ("Канів", "Kaniw"), is_person=False),
    Known("R", ("Gorodenko", "Mira Gorodenko")),
    Known("B", ("Commission",), is_person=False),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Зарницького і Зарницкому", [("Зарницького", "Z"), ("Зарницкому", "Z")]),
        ("із Михайлом Зайцем, без зайця", [("Михайлом Зайцем", "K")]),
        ("Шульзі, Шульгою", [("Шульзі", "S"), ("Шульгою", "S")]),
        ("із Канева", [("Канева", "C")]),
        ("Мира Городенко, Городенка", [("Мира Городенко", "R"), ("Городенка", "R")]),
        ("Das ist der Rat Kaniws und der Plan Gorodenkos.", [("Kaniws", "C"), ("Gorodenkos", "R")]),
        ("Two Commissions met the Gorodenkos.", []),
    ],
)
def test_names_in_other_cases_and_scripts(text, expected):
    got = found(text, "mention", actors=NAMES)
    assert [(m.exact, *m.found.actors) for m in got] == expected


HANDLES = (
    Known("B", ("Anna Berger", "Berger", "@AnnaB_Off")),
    Known("M", ("Paul Morel", "Morel", "PaulMorelUN")),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@AnnaB_Off: We wait. @PaulMorelUN agrees.", [("@AnnaB_Off", "B"), ("@PaulMorelUN", "M")]),
        ("PaulMorelUN on X, and #Berger", [("PaulMorelUN", "M"), ("Berger", "B")]),
        ("@Berger and @Berger_fan and Morel_2 are others. AnnaB_Off is none.", []),
    ],
)
def test_handles_are_whose_they_are_known_to_be(text, expected):
    got = found(text, "mention", actors=HANDLES)
    assert [(m.exact, *m.found.actors) for m in got] == expected
