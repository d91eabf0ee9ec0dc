"""Likely places of lost passages: like words, the likest first, nothing where nothing is near."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.anchors import Span, candidates
from tests.bench.anchors import large, offered
from tests.test_anchors import TEXTS

OLD = """The envoy said, “We will talk.4 It takes time.” Others wait.

We will wait. The council met at noon and sent a letter. We will wait.

Nobody came to the bridge, as the guard reported in the morning."""


def near(new, quote, old=OLD):
    """The words of each candidate for the first place of `quote`, and how like they are."""
    start = old.index(quote)
    found = candidates(old, Span(start, start + len(quote)), new)
    return [(new[c.span.start : c.span.end], round(c.similarity, 1)) for c in found]


@pytest.mark.parametrize(
    ("gone", "instead", "quote", "found"),
    [
        (
            "We will talk.4 It takes time",
            "We shall talk again.4 It may take time",
            "“We will talk.4 It takes time.”",
            [("“We shall talk again.4 It may take time.”", 0.7)],
        ),
        (
            "at noon and sent",
            "in the evening and wrote",
            "The council met at noon and sent a letter.",
            [("The council met in the evening and wrote a letter.", 0.7)],
        ),
        (
            "Nobody came",
            "Few people were sent",
            "Nobody came to the bridge",
            [("were sent to the bridge", 0.6)],
        ),
        (
            "the guard reported",
            "the guards had reported",
            "as the guard reported in the morning",
            [("as the guards had reported in the morning", 0.9)],
        ),
    ],
)
def test_a_passage_that_was_reworded(gone, instead, quote, found):
    assert near(OLD.replace(gone, instead), quote) == found


def test_of_equal_places_the_one_with_like_surroundings_leads():
    new = OLD.replace("We will wait. The council", "The council")
    assert near(new, "We will wait.") == [("We will wait.", 1.0), ("We will talk.", 0.6)]
    twice = OLD.replace("The council", "Now the council")
    last = OLD.rindex("We will wait.")
    found = candidates(OLD, Span(last, last + 13), twice)
    assert [c.span.start for c in found[:2]] == [
        twice.rindex("We will wait."),
        OLD.index("We will w"),
    ]


@pytest.mark.parametrize("new", ["", "Nothing in here was ever of interest to anybody.", "…\n“”"])
def test_nothing_is_near(new):
    assert near(new, "The council met at noon") == []


def test_what_has_no_words_or_too_many_has_no_candidates():
    assert near(OLD, ".” ") == []
    many = "word and another one " * 100
    assert candidates(many, Span(0, len(many)), many) == []


def test_no_more_than_asked_for():
    old, new = "The council met at noon.", "The council met at night. " * 9
    assert len(candidates(old, Span(0, 24), new)) == 3
    assert len(candidates(old, Span(0, 24), new, limit=1)) == 1


@pytest.mark.parametrize("size", [40, 1500])
def test_a_text_of_1_mb_is_searched_in_under_a_second(size):
    old, new, spans = large()
    took = []
    for _ in range(3):
        begun = time.process_time()
        candidates(old, Span(spans[5].start, spans[5].start + size), new)
        took.append(time.process_time() - begun)
    assert min(took) < 1


@pytest.mark.parametrize("new", ["a b " * 250_000, "x" * 1_000_000, "the cat sat. " * 70_000])
def test_texts_that_say_the_same_over_and_over_take_no_longer(new):
    begun = time.process_time()
    candidates("a the cat " * 99, Span(0, 990), new)
    assert time.process_time() - begun < 2


@given(TEXTS, TEXTS, st.data())
def test_candidates_lie_in_the_text_and_apart(old, new, data):
    start = data.draw(st.integers(0, len(old)))
    found = candidates(old, Span(start, data.draw(st.integers(start, len(old)))), new)
    for candidate in found:
        assert 0 <= candidate.span.start < candidate.span.end <= len(new)
        assert 0.4 <= candidate.similarity <= 1
    places = sorted((c.span.start, c.span.end) for c in found)
    assert all(one[1] <= two[0] for one, two in pairwise(places))


def test_of_lost_passages_that_are_near_most_are_proposed(record_property):
    found = offered(800)
    record_property("proposed", dict(found))
    assert found["first"] + found["later"] >= 0.9 * found.total()
    assert found["first"] >= 0.75 * found.total()
