"""Conditions and commitments: what hangs on what, and what binds nobody."""

from __future__ import annotations

import pytest

from events.suggest import Commitment, Condition
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


@pytest.mark.parametrize(
    ("text", "exact", "expected"),
    [
        (
            "Norland has agreed to send aid.",
            "Norland has agreed to send aid",
            Commitment("A5", "send aid", "firm", "has agreed to", ""),
        ),
        (
            "If Eastia accepts, Norland will resume aid.",
            "Norland will resume aid",
            Commitment("A5", "resume aid", "firm", "will", "Eastia accepts"),
        ),
        (
            "Norland would be ready to talk, provided Eastia stops.",
            "Norland would be ready to talk",
            Commitment("A5", "talk", "signal", "would be ready to", "Eastia stops"),
        ),
        (
            "Berger said: “We will convene them.”",
            "We will convene them",
            Commitment("A1", "convene them", "firm", "will", ""),
        ),
        (
            "Paul Morel a dit : « Nous sommes prêts à attendre. »",
            "Nous sommes prêts à attendre",
            Commitment("A2", "attendre", "signal", "sommes prêts à", ""),
        ),
        (
            "Коваль готова їхати.",
            "Коваль готова їхати",
            Commitment("A3", "їхати", "signal", "готова", ""),
        ),
        (
            "Сомов согласился встретиться.",
            "Сомов согласился встретиться",
            Commitment("A4", "встретиться", "firm", "согласился", ""),
        ),
    ],
)
def test_commitments(text, exact, expected):
    assert [(c.exact, c.found) for c in found(text, "commitment")] == [(exact, expected)]


@pytest.mark.parametrize(
    "text",
    [
        "Hopefully Eastia will agree to it.",
        "Berger said: “We hope that Eastia will agree.”",
        "Berger said Eastia will agree.",
        "Berger said: “Eastia must now agree to a truce. Eastia should do so.”",
        "Will Eastia agree? If Eastia will agree, talks go on.",
        "Eastia will not agree.",
        "People will die and they will suffer.",
        "“We will go.”",
    ],
)
def test_hopes_demands_and_forecasts_bind_nobody(text):
    assert found(text, "commitment") == []
