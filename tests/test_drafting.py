"""Drafts are made of what the rules found in time that grows with the text."""

from __future__ import annotations

import datetime as dt
import time

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
