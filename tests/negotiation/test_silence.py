"""What counts as an answer."""

from __future__ import annotations

import pytest

from events import dates
from events.negotiation.silence import Address, Reply, is_answered
from events.negotiation.times import Times


def on(text: str) -> Times:
    reading = dates.read(text)
    return Times(reading.earliest, reading.latest)


ADDRESS = Address(event=1, actor=5, times=on("11 March 2025"), issues=frozenset([7]))


@pytest.mark.parametrize(
    ("reply", "answered"),
    [
        (Reply(5, 2, on("12 March 2025"), issue=7), True),
        (Reply(5, 2, on("11 March 2025"), issue=7), True),
        (Reply(5, 2, on("10 March 2025"), issue=7), False),
        (Reply(5, 2, on("between 1 and 11 March 2025"), issue=7), True),
        (Reply(5, 2, on("after 1 March 2025"), issue=7), True),
        (Reply(5, None, Times(), issue=7), False),
        (Reply(5, 2, on("12 March 2025"), issue=8), False),
        (Reply(6, 2, on("12 March 2025"), issue=7), False),
        (Reply(5, 2, Times(), answers=frozenset([1])), True),
        (Reply(5, 2, Times(), answers=frozenset([3])), False),
        (Reply(6, 2, Times(), answers=frozenset([1])), False),
        (Reply(5, 2, on("12 March 2025")), False),
    ],
)
def test_answers(reply: Reply, answered: bool) -> None:
    assert is_answered(ADDRESS, [reply]) is answered


def test_without_a_date_anything_dated_may_follow() -> None:
    undated = Address(1, 5, Times(), frozenset([7]))
    assert is_answered(undated, [Reply(5, 2, on("1 March 2025"), issue=7)])
    assert not is_answered(undated, [])
