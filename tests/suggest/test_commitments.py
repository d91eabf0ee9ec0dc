"""Commitments: who is bound to what, on what it hangs, and what binds nobody."""

from __future__ import annotations

import pytest

from events.suggest import Commitment
from tests.suggest.sample import found


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
            "BERGER: Thank you. We are ready to go.",
            "We are ready to go",
            Commitment("A1", "go", "signal", "are ready to", ""),
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
        (
            "Norland would pull back if Eastia stops.",
            "Norland would pull back",
            Commitment("A5", "pull back", "signal", "would", "Eastia stops"),
        ),
        (
            "Berger, for her part, has pledged to wait.",
            "Berger, for her part, has pledged to wait",
            Commitment("A1", "wait", "firm", "has pledged to", ""),
        ),
        (
            "« Nous répondrons par écrit », a promis Paul Morel.",
            "Nous répondrons par écrit",
            Commitment("A2", "par écrit", "firm", "répondrons", ""),
        ),
        (
            "Le Norland s’engage à partir.",
            "Norland s’engage à partir",
            Commitment("A5", "partir", "firm", "s'engage à", ""),
        ),
    ],
)
def test_commitments(text, exact, expected):
    assert [(c.exact, c.found) for c in found(text, "commitment")] == [(exact, expected)]


@pytest.mark.parametrize(
    "text",
    [
        "Hopefully Eastia will agree to it.",
        "Eastia has agreed to it.",
        "Eastia would gain much.",
        "Berger said: “We hope that Eastia will agree.”",
        "Berger said Eastia will agree.",
        "Berger said: “Eastia must now agree to a truce. Eastia should do so.”",
        "Will Eastia agree? If Eastia will agree, talks go on.",
        "Eastia will not agree.",
        "People will die and they will suffer.",
        "“We will go.”",
        "BERGER: Thank you.\nWe will go.",
    ],
)
def test_hopes_demands_and_forecasts_bind_nobody(text):
    assert found(text, "commitment") == []
