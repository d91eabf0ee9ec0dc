"""How well texts are read: what was right, proposed and marked, as `reached.toml` has it."""

from __future__ import annotations

import tomllib

import pytest

from tests.bench.readings import HERE, load, names, span
from tests.bench.suggest import Score, measure

REACHED = tomllib.loads((HERE / "reached.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", names())
def test_as_much_as_was_reached(name):
    """After a change for the better: `python -m tests.bench.suggest --reached`."""
    scores = measure(load(name)).scores
    got = {row: f"{one.right}/{one.proposed}/{one.marked}" for row, one in scores.items()}
    assert got == REACHED[name]


def test_every_reading_is_pinned():
    assert sorted(REACHED) == names()


def test_of_a_score():
    score = Score(1, 2, 4) + Score(2, 2, 2)
    assert (score, score.precision, score.recall) == (Score(3, 4, 6), 0.75, 0.5)
    assert score.f == pytest.approx(0.6)
    assert (Score().precision, Score().recall, Score(0, 1, 1).f) == (1.0, 1.0, 0.0)


def test_where_words_stand():
    text = "No rain. No snow, no end."
    assert [span(text, "No", 2), span(text, "No … snow")] == [(9, 11), (0, 16)]
    for words in ("hail", "No … hail"):
        with pytest.raises(ValueError, match="'hail' does"):
            span(text, words)
