"""Two proposals term by term."""

from __future__ import annotations

from events.negotiation.terms import Worded, compare


def test_same_subjects_are_compared_word_by_word() -> None:
    old = [
        Worded("Duration", "Thirty days from the signing"),
        Worded("Airfields", "No repair"),
        Worded("", "All fire ceases"),
        Worded("", "Talks go on"),
    ]
    new = [
        Worded("duration ", "Sixty days from the signing"),
        Worded("", "all fire ceases "),
        Worded("Umpire", "India"),
    ]
    found = [
        (
            pair.subject,
            [(piece.kind, piece.text) for piece in pair.old],
            [(piece.kind, piece.text) for piece in pair.new],
            pair.differs,
        )
        for pair in compare(old, new)
    ]
    rest = ("same", " days from the signing")
    assert found == [
        ("duration", [("removed", "Thirty"), rest], [("added", "Sixty"), rest], True),
        (
            "",
            [("removed", "All"), ("same", " fire ceases")],
            [("added", "all"), ("same", " fire ceases"), ("added", " ")],
            True,
        ),
        ("Umpire", [], [("same", "India")], True),
        ("Airfields", [("same", "No repair")], [], True),
        ("", [("same", "Talks go on")], [], True),
    ]


def test_several_terms_of_a_subject_are_one() -> None:
    twice = [Worded("Line", "Along the river"), Worded("Line", "Two kilometres wide")]
    (pair,) = compare(twice, [Worded("Line", "Along the river\nTwo kilometres wide")])
    assert (pair.subject, pair.differs) == ("Line", False)
    assert compare([], []) == []
