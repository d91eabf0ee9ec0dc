"""Paragraphs of a text and its translation: by number, else by length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.alignment import aligned

LENGTHS = st.lists(st.integers(1, 900), max_size=30)


def pairs(one, other):
    return [(list(pair.one), list(pair.other)) for pair in aligned(one, other)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([], [], []),
        ([100, 20], [10, 300], [([0], [0]), ([1], [1])]),
        # Split in two, joined, left out, added.
        ([400, 100], [190, 210, 110], [([0], [0, 1]), ([1], [2])]),
        ([200, 190, 100], [400, 95], [([0, 1], [0]), ([2], [1])]),
        ([300, 900, 500], [310, 480], [([0], [0]), ([1], []), ([2], [1])]),
        ([300, 480], [310, 1200, 480], [([0], [0]), ([], [1]), ([1], [2])]),
        ([300], [], [([0], [])]),
        ([], [9, 9], [([], [0]), ([], [1])]),
    ],
)
def test_pairs(one, other, expected):
    assert pairs(one, other) == expected


@given(LENGTHS, LENGTHS)
def test_every_paragraph_stands_once_and_in_order(one, other):
    found = pairs(one, other)
    assert [n for mine, _ in found for n in mine] == list(range(len(one)))
    assert [n for _, theirs in found for n in theirs] == list(range(len(other)))


@pytest.mark.parametrize("count", [3000, 50_000])
def test_long_texts_take_no_more_than_moments(count):
    begun = time.process_time()
    found = aligned([100] * count, [110] * (count + 30))
    assert sum(len(pair.one) for pair in found) == count
    assert time.process_time() - begun < 4
