"""Drafts are made of what the rules found in time that grows with the text."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from events import suggest
from events.drafting import Day, drafts

ACTOR = suggest.Known("A1", ("Anna Berger",), True)
LINE = "“We will accept point {} on 11 March,” said Anna Berger on Monday.\n"


def spent(lines: int) -> float:
    """Seconds of the processor for the drafts of that many lines, the best of two."""
    text = "".join(LINE.format(number) for number in range(lines))
    found = suggest.suggest(text, actors=(ACTOR,), day=dt.date(2025, 3, 10), zone="UTC")
    times = []
    for _ in range(2):
        begun = time.process_time()
        made = drafts(text, found, {"A1": "Berger"}, Day("10 March 2025", "derived_document"))
        times.append(time.process_time() - begun)
        assert len(made) >= lines
    return min(times)


def test_ten_times_the_utterances_take_about_ten_times_as_long() -> None:
    # What grows with the square takes a hundred times as long.
    assert spent(2000) < 30 * spent(200) + 0.5


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("Anna Berger condemned the attack of 6 March.", "10 March 2025"),
        ("Anna Berger condemned the attack on 6 March.", "10 March 2025"),
        ("Anna Berger condemned last Thursday's attack.", "10 March 2025"),
        ("Anna Berger rejected the proposal from 5 March.", "10 March 2025"),
        ("Anna Berger praised the call on 8 March.", "10 March 2025"),
        ("Following the attack on 6 March, Anna Berger said that talks go on.", "10 March 2025"),
        # When it was said, or at what.
        ("Anna Berger rejected the proposal on 5 March.", "on 5 March"),
        ("Anna Berger said on 8 March that talks go on.", "on 8 March"),
        ("After the talks on 8 March, Anna Berger said that a deal is near.", "on 8 March"),
        ("In a statement of 8 March Anna Berger said that a deal is near.", "8 March"),
        ("Anna Berger condemned on 8 March the attack of 6 March.", "on 8 March"),
    ],
)
def test_the_date_of_what_is_spoken_of_is_not_that_of_the_statement(line: str, when: str) -> None:
    found = suggest.suggest(line, actors=(ACTOR,), day=dt.date(2025, 3, 10), zone="UTC")
    made = drafts(line, found, {"A1": "Berger"}, Day("10 March 2025", "derived_document"))
    events = [draft.values["when"] for draft in made if draft.noun == "event"]
    assert events[0] == when
