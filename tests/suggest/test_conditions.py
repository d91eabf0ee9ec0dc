"""Conditions: the clause, and what hangs on it."""

from __future__ import annotations

import pytest

from events.suggest import Condition
from tests.suggest.sample import found


@pytest.mark.parametrize(
    ("text", "exact", "expected"),
    [
        (
            "Norland will resume aid if Eastia accepts it.",
            "if Eastia accepts it",
            Condition("if", "Eastia accepts it", "Norland will resume aid", "A6"),
        ),
        (
            "Unless Eastia stops, aid ends.",
            "Unless Eastia stops",
            Condition("Unless", "Eastia stops", "aid ends", "A6"),
        ),
        (
            "The truce holds, provided that both keep to it.",
            "provided that both keep to it",
            Condition("provided that", "both keep to it", "The truce holds", ""),
        ),
        (
            "Aid is contingent on Eastia accepting peace.1 Then it rained.",
            "contingent on Eastia accepting peace",
            Condition("contingent on", "Eastia accepting peace", "Aid is", "A6"),
        ),
        (
            "Wenn Norland zustimmt, endet es.",
            "Wenn Norland zustimmt",
            Condition("Wenn", "Norland zustimmt", "endet es", "A5"),
        ),
        (
            "Tout finit si la Norland accepte.",
            "si la Norland accepte",
            Condition("si", "la Norland accepte", "Tout finit", "A5"),
        ),
        (
            "Якщо Нордія погодиться, усе скінчиться.",
            "Якщо Нордія погодиться",
            Condition("Якщо", "Нордія погодиться", "усе скінчиться", "A5"),
        ),
        (
            "Всё кончится, если Сомов согласится.",
            "если Сомов согласится",
            Condition("если", "Сомов согласится", "Всё кончится", "A4"),
        ),
    ],
)
def test_conditions(text, exact, expected):
    assert [(c.exact, c.found) for c in found(text, "condition")] == [(exact, expected)]


@pytest.mark.parametrize(
    "text",
    [
        "Berger asked if Eastia agreed.",
        "It looked as if Eastia agreed.",
        "Call me if necessary.",
        "Aid provided by Norland arrived.",
    ],
)
def test_no_conditions(text):
    assert found(text, "condition") == []
