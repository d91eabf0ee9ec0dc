"""Differences between two texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from events.diff import Piece, words_between


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
