"""How a commitment stands, and what that follows from."""

from __future__ import annotations

from typing import Any

import pytest

from events import dates
from events.negotiation.commitments import Account, Result, Undertaking, accounts
from events.negotiation.proposals import Offer
from events.negotiation.times import Times

NOW = dates.read("12 March 2025").latest or 0


def on(text: str) -> Times:
    reading = dates.read(text)
    return Times(reading.earliest, reading.latest)


def alone(offers: dict[int, Offer] | None = None, **values: Any) -> Account:
    """How one commitment stands at the end of 12 March 2025."""
    return accounts({1: Undertaking(1, **values)}, offers or {}, NOW, "UTC")[1]


@pytest.mark.parametrize(
    ("due", "status"),
    [
        ("", "pending"),
        ("13 March 2025", "pending"),
        ("12 March 2025", "overdue"),
        ("between 12 and 14 March 2025", "due"),
        ("before 20 March 2025", "pending"),
        ("after 10 March 2025", "due"),
        ("before 12 March 2025", "overdue"),
    ],
)
def test_calendar_never_breaks_a_promise(due: str, status: str) -> None:
    found = alone(due=on(due) if due else Times())
    assert (found.status, found.why) == (status, "calendar" if due else "no date")


def test_newest_outcome_by_the_time_of_its_event_decides() -> None:
    met = Result(1, "met", on("11 March 2025"))
    broken = Result(2, "broken", on("10 March 2025"))
    undated = Result(3, "withdrawn")
    found = alone(results=(met, broken, undated))
    assert (found.status, found.why, found.key) == ("met", "outcome", 1)


def test_outcome_without_a_known_start_is_older_also_before_1970() -> None:
    met = Result(1, "met", on("27 July 1953"))
    broken = Result(2, "broken", on("before 1 May 1953"))
    found = alone(results=(met, broken))
    assert (broken.when.earliest, found.status, found.key) == (None, "met", 1)


def test_extension_sets_a_new_due_date() -> None:
    extended = Result(1, "extended", on("11 March 2025"), on("20 March 2025"))
    found = alone(due=on("10 March 2025"), results=(extended,))
    assert (found.status, found.due) == ("pending", on("20 March 2025"))
    open_ended = Result(1, "extended", on("11 March 2025"))
    found = alone(due=on("10 March 2025"), results=(open_ended,))
    assert (found.status, found.why) == ("pending", "no date")


@pytest.mark.parametrize(
    ("ending", "answer", "status"),
    [
        (None, "accepted", "pending"),
        ("agreed", "accepted", "pending"),
        ("rejected", "accepted", "lapsed"),
        ("withdrawn", "accepted", "lapsed"),
        ("superseded", "accepted", "lapsed"),
        ("", "accepted", "lapsed"),
        (None, "not_accepted", "pending"),
        ("agreed", "not_accepted", "lapsed"),
        ("rejected", "not_accepted", "pending"),
    ],
)
def test_what_can_no_longer_come_has_lapsed(ending: str | None, answer: str, status: str) -> None:
    found = alone({7: Offer(7, ending=ending)}, proposal=7, answer=answer)
    assert found.status == status


def test_offer_whose_time_ran_out_takes_what_depends_on_it_along() -> None:
    over = Offer(7, expires=on("12 March 2025"))
    open_still = Offer(7, expires=on("between 12 and 13 March 2025"))
    assert alone({7: over}, proposal=7).status == "lapsed"
    assert alone({7: open_still}, proposal=7).status == "pending"


def test_duration_is_over() -> None:
    days = {"duration": "P2D"}
    assert alone(made=on("10 March 2025"), **days).status == "lapsed"
    assert alone(made=on("11 March 2025"), **days).status == "pending"
    # When it begins is not known.
    assert alone(made=on("1 March 2025"), hangs=True, **days).status == "pending"
    began = Offer(7, ending="agreed", start=on("10 March 2025"))
    assert alone({7: began}, made=on("1 March 2025"), proposal=7, **days).status == "lapsed"
    assert alone(due=on("11 March 2025"), made=on("1 March 2025"), **days).status == "overdue"


def test_what_hangs_on_a_broken_one_lapses_all_the_way_down() -> None:
    broken = Undertaking(1, results=(Result(1, "broken", on("11 March 2025")),))
    chain = {n: Undertaking(n, commitment=n - 1) for n in range(2, 2000)}
    found = accounts({**chain, 1: broken}, {}, NOW, "UTC")
    assert {one.status for key, one in found.items() if key > 1} == {"lapsed"}
    assert (found[1999].why, found[1999].key) == ("commitment", 1998)


def test_circle_decides_nothing_in_any_order() -> None:
    late = on("11 March 2025")
    made = [
        Undertaking(1, commitment=3),
        Undertaking(2, commitment=1),
        Undertaking(3, commitment=2, results=(Result(1, "broken", late),)),
        Undertaking(4, commitment=3),
    ]
    for order in (made, made[::-1], made[2:] + made[:2]):
        found = accounts({one.key: one for one in order}, {}, NOW, "UTC")
        assert {key: str(one.status) for key, one in sorted(found.items())} == {
            1: "pending",
            2: "pending",
            3: "broken",
            4: "lapsed",
        }


def test_signal_is_called_so_until_something_came_of_it() -> None:
    assert alone(firm=False, due=on("11 March 2025")).word == "signal"
    assert alone(firm=False, results=(Result(1, "met"),)).word == "met"
    assert alone(due=on("11 March 2025")).word == "overdue"
