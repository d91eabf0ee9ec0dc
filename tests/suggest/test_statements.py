"""Statements and responses: who speaks to whom."""

from __future__ import annotations

import pytest

from events.suggest import Statement
from tests.suggest.sample import found


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Berger said it was late.", "statement", Statement("Berger", "A1", "", "said")),
        ("Morel told Berger it was late.", "statement", Statement("Morel", "A2", "A1", "told")),
        ("Norland rejected the offer.", "response", Statement("Norland", "A5", "", "rejected")),
        ("Morel replied to Berger.", "response", Statement("Morel", "A2", "A1", "replied")),
        (
            "In response to Morel, Berger said no.",
            "response",
            Statement("Berger", "A1", "", "said"),
        ),
        (
            "Asked if Norland agreed, Berger said no.",
            "statement",
            Statement("Berger", "A1", "", "said"),
        ),
        ("BERGER: We wait.", "statement", Statement("BERGER", "A1", "", "")),
        ("Коваль відповіла Сомову.", "response", Statement("Коваль", "A3", "A4", "відповіла")),
        ("„Nein“, antwortete Berger.", "response", Statement("Berger", "A1", "", "antwortete")),
    ],
)
def test_who_speaks(text, kind, expected):
    got = found(text, "statement", "response")
    assert [(s.kind, s.exact, s.found) for s in got] == [(kind, text, expected)]


@pytest.mark.parametrize(
    "text", ["Berger was told to wait.", "Aid is said to help.", "It rained.", "Note: it rained."]
)
def test_nobody_speaks(text):
    assert found(text, "statement", "response") == []
