"""Known order on one day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.ordering import in_known_order, reached, related

KEYS = st.lists(st.integers(0, 8), unique=True)
PAIRS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=20)


@pytest.mark.parametrize(
    ("keys", "after", "ordered"),
    [
        ([1, 2, 3], [], [1, 2, 3]),
        ([3, 1, 2], [(3, 2)], [1, 2, 3]),
        ([1, 2, 3, 4], [(1, 4)], [2, 3, 4, 1]),
        ([1, 2, 3], [(1, 2), (2, 3)], [3, 2, 1]),
        ([1, 2], [(1, 9), (9, 2)], [1, 2]),  # what lies between is not of this day
        ([1, 2, 3], [(1, 1)], [1, 2, 3]),
        ([1, 2, 3], [(1, 2), (2, 1)], [3, 1, 2]),  # a circle: the first given of it goes first
    ],
)
def test_order(keys: list[int], after: list[tuple[int, int]], ordered: list[int]) -> None:
    assert in_known_order(keys, after) == ordered


@given(KEYS, PAIRS)
def test_nothing_is_lost_whatever_the_pairs_say(
    keys: list[int], after: list[tuple[int, int]]
) -> None:
    assert sorted(in_known_order(keys, after)) == sorted(keys)


@given(KEYS, PAIRS)
def test_order_holds_where_no_circle_forbids_it(
    keys: list[int], after: list[tuple[int, int]]
) -> None:
    downward = [(max(pair), min(pair)) for pair in after if pair[0] != pair[1]]
    ordered = in_known_order(keys, downward)
    for later, earlier in downward:
        if later in ordered and earlier in ordered:
            assert ordered.index(earlier) < ordered.index(later)


def test_related_are_those_with_a_pair_among_them() -> None:
    assert related([1, 2, 3, 4], [(1, 2), (3, 9), (4, 4)]) == {1, 2}


def test_reached_goes_all_the_way_and_not_in_circles() -> None:
    assert reached(1, {1: [2], 2: [3, 1], 3: []}) == {2, 3}
