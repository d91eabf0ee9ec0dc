"""Differences between two texts."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.diff import CONTEXT, ROWS, Budget, Piece, by_paragraph, folded, own_words, words_between


def test_words_are_the_units() -> None:
    assert words_between("will resume sharing", "will now resume sharing") == [
        Piece("same", "will"),
        Piece("added", " now"),
        Piece("same", " resume sharing"),
    ]


def test_a_rewritten_stretch_is_one_replacement() -> None:
    assert words_between("on 11 March", "about 10 to 12 March") == [
        Piece("removed", "on 11"),
        Piece("added", "about 10 to 12"),
        Piece("same", " March"),
    ]


def test_empty_sides() -> None:
    assert words_between("", "Jeddah") == [Piece("added", "Jeddah")]
    assert words_between("Jeddah", "") == [Piece("removed", "Jeddah")]
    assert words_between("", "") == []


def test_long_texts_are_shown_one_after_the_other() -> None:
    old, new = "a " * 6000, "b " * 6000
    assert words_between(old, new) == [Piece("removed", old), Piece("added", new)]


@given(st.text(alphabet="ab .,é", max_size=60), st.text(alphabet="ab .,é", max_size=60))
def test_pieces_give_both_texts_again(old: str, new: str) -> None:
    pieces = words_between(old, new)
    assert "".join(p.text for p in pieces if p.kind != "added") == old
    assert "".join(p.text for p in pieces if p.kind != "removed") == new


def test_what_stayed_is_folded_to_the_words_around_a_change() -> None:
    long = "x" * 1000
    pieces = [Piece("same", f"{long}A"), Piece("added", "new"), Piece("same", f"B{long}C")]
    assert folded([*pieces, Piece("removed", "old"), Piece("same", f"D{long}")]) == [
        Piece("same", f"… {'x' * (CONTEXT - 1)}A"),
        Piece("added", "new"),
        Piece("same", f"B{'x' * (CONTEXT - 1)} … {'x' * (CONTEXT - 1)}C"),
        Piece("removed", "old"),
        Piece("same", f"D{'x' * (CONTEXT - 1)} …"),
    ]


def test_folding_leaves_short_texts_and_cuts_endless_ones() -> None:
    short = [Piece("same", "a" * 100), Piece("added", "b" * 900)]
    assert folded(short) == short
    (alone,) = folded([Piece("same", "a" * 5000)])
    assert alone.text == "a" * 6 * CONTEXT + " …"
    (added,) = folded([Piece("added", "b" * 5000)])
    assert added.text == f"{'b' * 6 * CONTEXT} … {'b' * 6 * CONTEXT}"


def rows(old: str, new: str) -> list[Any]:
    """The rows of a comparison: kind, numbers, words."""
    found = []
    for row in by_paragraph(old, new).rows:
        words = "".join(f"[{p.kind[0]}:{p.text}]" for p in row.pieces)
        found.append((row.kind, row.old, row.new, words or row.count))
    return found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a\n\nb\nc", "a\nb\n\n\nc", [("same", 1, 1, 3)]),
        ("", "x y", [("added", 0, 1, "[a:x y]")]),
        ("x y", "", [("removed", 1, 0, "[r:x y]")]),
        (
            "One.\nThe talks went on.\nEnd.",
            "One.\nThe talks went well.\nEnd.",
            [
                ("same", 1, 1, 1),
                ("changed", 2, 2, "[s:The talks went ][r:on][a:well][s:.]"),
                ("same", 3, 3, 1),
            ],
        ),
        (
            "One.\nTwo men met.\nEnd.",
            "One.\nNobody else was there.\nTwo women met.\nEnd.",
            [
                ("same", 1, 1, 1),
                ("added", 0, 2, "[a:Nobody else was there.]"),
                ("changed", 2, 3, "[s:Two ][r:men][a:women][s: met.]"),
                ("same", 3, 4, 1),
            ],
        ),
    ],
)
def test_paragraphs_come_first(old: str, new: str, expected: list[Any]) -> None:
    assert rows(old, new) == expected


def test_rows_beyond_the_limit_are_counted() -> None:
    old, new = ("\n".join(f"{word}{n}" for n in range(500)) for word in ("a", "b"))
    found = by_paragraph(old, new)
    assert (len(found.rows), found.more, found.differing) == (ROWS, 700, 1000)


@pytest.mark.parametrize("line", ["x", "the same line again\n", "word "])
def test_long_texts_are_compared_in_a_moment(line: str) -> None:
    old = line * (1_000_000 // len(line))
    begun = time.process_time()
    by_paragraph(old, old[: len(old) // 2] + "\nanother\n" + old[len(old) // 2 :])
    assert time.process_time() - begun < 2


def marked(*texts: str) -> list[str]:
    """What is each text's own, in brackets."""
    found = own_words([[text] for text in texts], Budget())
    return [
        "".join(f"[{p.text}]" if p.kind == "added" else p.text for p in pieces)
        for (pieces,) in found
    ]


@pytest.mark.parametrize(
    "expected",
    [
        ["a [full] ceasefire of 30 days", "a [partial] ceasefire of 30 days"],
        # The odd one out of three, and capital letters or a full stop alone are no difference.
        ["they will stop all fire", "They will stop all fire.", "they [may] stop all fire"],
        # Words of one's own throughout are not compared.
        ["they will stop all fire", "Nothing about weapons was said"],
        ["said [at length and] again that talks go on", "said again that talks go on"],
        ["alone"],
        ["", "so it is"],
    ],
)
def test_own_words(expected: list[str]) -> None:
    assert marked(*(text.replace("[", "").replace("]", "") for text in expected)) == expected


def test_own_words_come_back_in_their_stretches() -> None:
    texts = [["all fire stops", "on land"], ["all fire stops on Sunday on land"]]
    found = own_words(texts, Budget())
    assert [["".join(p.text for p in pieces) for pieces in text] for text in found] == texts
    own = [[p.text for pieces in text for p in pieces if p.kind == "added"] for text in found]
    assert own == [[], ["on Sunday"]]


def test_own_words_are_not_looked_for_beyond_the_budget() -> None:
    budget = Budget()
    budget.left = 10
    assert own_words([["one two three"], ["one two four"]], budget) == [
        [[Piece("same", "one two three")]],
        [[Piece("same", "one two four")]],
    ]
