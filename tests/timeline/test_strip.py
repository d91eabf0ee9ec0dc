"""The strip of what was said on an issue: where its marks stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from events.timeline.strip import EDGE, ROWS, SIZE, WIDTH, Mark, Strip, strip


def test_marks_stand_by_time_and_those_that_come_close_above_each_other() -> None:
    assert strip([100, 0, 1], now=1000) == Strip(
        [Mark(1, 10.0, 23.0), Mark(2, 16.2, 9.0), Mark(0, 630.0, 23.0)], 34
    )


def test_now_is_shown_where_it_is_near() -> None:
    near, far = strip([0, 100], now=150), strip([0, 100], now=1000)
    assert near is not None
    assert far is not None
    assert (near.now, near.marks[-1].x, far.now) == (630.0, 423.3, None)


def test_one_instant_makes_no_strip() -> None:
    assert (strip([], 5), strip([7, 7], 9)) == (None, None)


@given(st.lists(st.integers(-(10**12), 10**12), max_size=200), st.integers(-(10**12), 10**12))
def test_marks_stay_on_the_strip_and_in_the_order_of_time(instants: list[int], now: int) -> None:
    found = strip(instants, now)
    if found is None:
        assert len(set(instants)) < 2
        return
    assert [instants[mark.place] for mark in found.marks] == sorted(instants)
    assert all(EDGE <= mark.x <= WIDTH - EDGE for mark in found.marks)
    assert all(SIZE / 2 <= mark.y <= found.height for mark in found.marks)
    assert found.height <= ROWS * SIZE + 6
