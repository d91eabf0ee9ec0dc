"""Cutting a text into paragraphs and nested marks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from events import marks
from events.marks import Mark, Opening, Piece, Sort

TEXT = "One two three.\n\n  \nFour five six."


def shown(paragraph: marks.Paragraph) -> str:
    """The paragraph with [name ...] for a mark, [~name ...] where it goes on after a cut."""
    parts = []
    for piece in paragraph.pieces:
        parts.append("]" * piece.closed)
        parts += [f"[{'' if o.is_first else '~'}{o.mark.name} " for o in piece.opened]
        parts.append(piece.text)
    return "".join(parts) + "]" * paragraph.left_open


def cited(*spans: tuple[int, int]) -> list[Mark]:
    return [Mark(start, end, f"P{n}", "event") for n, (start, end) in enumerate(spans, 1)]


def test_blank_lines_are_no_paragraphs() -> None:
    found = marks.paragraphs(TEXT)
    assert [(p.number, p.start, p.end, p.pieces) for p in found] == [
        (1, 0, 14, [Piece("One two three.", 0, ())]),
        (2, 19, 33, [Piece("Four five six.", 0, ())]),
    ]
    assert marks.paragraphs("") == []


def test_nested_crossing_equal_and_touching_passages() -> None:
    first = lambda *spans: shown(marks.paragraphs(TEXT, cited(*spans))[0])  # noqa: E731
    assert first((4, 7)) == "One [P1 two] three."
    assert first((0, 13), (4, 7)) == "[P1 One [P2 two] three]."
    assert first((0, 7), (4, 13)) == "[P1 One [P2 two]][~P2  three]."
    assert first((4, 7), (4, 7)) == "One [P1 [P2 two]] three."
    assert first((0, 3), (3, 7)) == "[P1 One][P2  two] three."
    assert first((0, 14)) == "[P1 One two three.]"


def test_passage_over_two_paragraphs_is_taken_up_in_the_second() -> None:
    mark = Mark(8, 23, "P1", "event")
    found = marks.paragraphs(TEXT, [mark])
    assert [shown(paragraph) for paragraph in found] == [
        "One two [P1 three.]",
        "[~P1 Four] five six.",
    ]
    assert found[1].pieces[0].opened == (Opening(mark, is_first=False),)


def test_a_further_place_of_the_same_name_is_no_first_one() -> None:
    marked = [Mark(0, 3, "P1", "event"), Mark(8, 13, "P1", "event", is_more=True)]
    assert shown(marks.paragraphs(TEXT, marked)[0]) == "[P1 One] two [~P1 three]."


def test_citations_insertions_and_what_turns_the_direction_are_found() -> None:
    text = "They [both sides] agreed.12 The \u202eodd\u202c \u200fwo\u200brd\x07, [3] [of 4].\r\n"
    assert [(m.sort, text[m.start : m.end], m.name) for m in marks.found_in(text)] == [
        (Sort.CITATION, "12", ""),
        (Sort.INSERTION, "[both sides]", ""),
        (Sort.INSERTION, "[of 4]", ""),
        (Sort.CONTROL, "\u202e", "right-to-left override"),
        (Sort.CONTROL, "\u202c", "end of embedding"),
        (Sort.CONTROL, "\u200b", "U+200B"),
        (Sort.CONTROL, "\x07", "U+0007"),
    ]


def test_digits_of_a_citation_that_a_passage_cuts_are_taken_up_inside_it() -> None:
    text = "The talks went well.12"
    marked = [Mark(0, 21, "P1", "event"), *marks.found_in(text)]
    assert shown(marks.paragraphs(text, marked)[0]) == "[P1 The talks went well.[ 1]][~ 2]"


def test_number_at_counts_as_a_passage_does() -> None:
    found = marks.paragraphs(TEXT)
    assert [marks.number_at(found, at) for at in (0, 13, 14, 19, 33)] == [1, 1, 1, 2, 2]
    assert marks.number_at([], 5) == 1


spans = st.lists(
    st.tuples(st.integers(0, 32), st.integers(1, 33)).filter(lambda s: s[0] < s[1]), max_size=8
)


@given(st.text(alphabet="ab \n", min_size=33, max_size=40), spans)
def test_any_passages_give_the_text_back_well_formed(
    text: str, places: list[tuple[int, int]]
) -> None:
    passages = cited(*places)
    inside: dict[str, str] = {}
    for paragraph in marks.paragraphs(text, passages):
        assert (
            "".join(piece.text for piece in paragraph.pieces)
            == text[paragraph.start : paragraph.end]
        )
        stack: list[str] = []
        for piece in paragraph.pieces:
            assert piece.closed <= len(stack)
            del stack[len(stack) - piece.closed :]
            stack += [opening.mark.name for opening in piece.opened]
            for name in stack:
                inside[name] = inside.get(name, "") + piece.text
        assert len(stack) == paragraph.left_open
    lines = text.split("\n")
    kept = {i for line in _places(lines) for i in line}
    for passage in passages:
        words = "".join(text[i] for i in range(passage.start, passage.end) if i in kept)
        assert inside.get(passage.name, "") == words


def _places(lines: list[str]) -> list[range]:
    at, found = 0, []
    for line in lines:
        if line.strip():
            found.append(range(at, at + len(line)))
        at += len(line) + 1
    return found
