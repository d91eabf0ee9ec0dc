"""How the places of a quotation are told apart: by whole words around it."""

import pytest

from events.forms.quotation import NEAR, words_around

LONG = "negotiation " * 12


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("", "", "[the talks]"),
        ("Ahead of ", " they met.", "Ahead of [the talks] they met."),
        (
            LONG,
            " " + LONG,
            "…" + "negotiation " * 4 + "[the talks] " + " ".join(["negotiation"] * 4) + "…",
        ),
        ("x" * 2 * NEAR, "", "…" + "x" * NEAR + "[the talks]"),
    ],
)
def test_words_around_a_place(before: str, after: str, shown: str) -> None:
    text = f"{before}the talks{after}"
    assert words_around(text, len(before), len(before) + len("the talks")) == shown
