"""Texts made to break or to stall: the time grows with the length, and no text is refused."""

from __future__ import annotations

import time

import pytest

from events.suggest import suggest
from tests.suggest.sample import ACTORS, DAY

LENGTH = 10_000
PIECES = {
    "one line": "a",
    "words": "word ",
    "marks": '"',
    "curly marks": "“",
    "nested marks": "«„“‘",
    "quotations": '"a b c" ',
    "dashes": "—",
    "dashes apart": "— ",
    "brackets": "([",
    "overrides": "\u202eabc \u202c",
    "hidden": "a\u200b",
    "hidden alone": "\u200b",
    "capitals": "BERGER SAID ",
    "combining": "e\u0301",
    "accents alone": "\u0301",
    "stops": ".",
    "stops apart": ". ",
    "lines": "\n",
    "labels": "A: b\n",
    "numbers": "11.",
    "slashes": "11/",
    "months": "March 11-",
    "said": "he said ",
    "asides": "Berger, head of Norland, ",
    "dialogue": "«а, — сказав Коваль. — ",
    "inserted": "« a, a dit Berger, ",
    "conditions": "if we go, ",
    "bound": "Norland will ",
    "commas": ", who ",
    "handles": "@a #b ",
    "surrogates": "\ud800",
    "faces": "😀",
    "citations": "word.1 ",
}


def spent(text: str) -> float:
    """Seconds of the processor, the best of two."""
    times = []
    for _ in range(2):
        begun = time.process_time()
        suggest(text, actors=ACTORS, day=DAY)
        times.append(time.process_time() - begun)
    return min(times)


@pytest.mark.parametrize("name", PIECES)
def test_ten_times_the_text_takes_about_ten_times_as_long(name):
    piece = PIECES[name]
    short = piece * (LENGTH // len(piece))
    # What grows with the square takes a hundred times as long.
    assert spent(short * 10) < 30 * spent(short) + 0.5
