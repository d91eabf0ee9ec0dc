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


def test_points_are_said_by_whom_they_are_listed_under():
    text = "Berger:\n• Noted that it rained;\n- Denied that it snowed.\n* Rain fell.\n\n"
    got = found(text + "Berger and Morel:\n• Noted the rain.", "statement", "response")
    assert [(s.kind, s.exact, s.found) for s in got] == [
        ("statement", "• Noted that it rained;", Statement("Berger", "A1", "", "noted")),
        ("response", "- Denied that it snowed.", Statement("Berger", "A1", "", "denied")),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("According to Berger, it rains.", Statement("Berger", "A1", "", "according to")),
        ("Selon Paul Morel, il pleut.", Statement("Paul Morel", "A2", "", "selon")),
        ("За словами Сомова, дощить.", Statement("Сомова", "A4", "", "за словами")),
        ("— Дощить, — сказав Сомов.", Statement("Сомов", "A4", "", "сказав")),
        ("Berger of Norland, in rain, said no.", Statement("Berger", "A1", "", "said")),
        ("Q: Will it rain?", Statement("Q", "", "", "")),
        ("QUESTION: Will it rain?", Statement("QUESTION", "", "", "")),
        ("In reply, Berger said no.", Statement("Berger", "A1", "", "said")),
    ],
)
def test_other_ways_to_say_who_speaks(text, expected):
    assert [(s.exact, s.found) for s in found(text, "statement", "response")] == [(text, expected)]


@pytest.mark.parametrize(
    "text",
    ["Berger called Morel on Friday.", "BREAKING: rain.", "Berger promised to come.", "I said no."],
)
def test_no_statements(text):
    assert found(text, "statement", "response") == []
