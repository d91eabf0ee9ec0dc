"""Finding quoted words: exact, folded, past citation marks, by context, never by guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.anchors import How, Span, citation_marks, clean, find, from_utf16

TEXT = (
    "The envoy said, “We\u00a0will talk.4 It takes time.” The ‘30-day’ plan—his plan—stands.12\n"
    "Asked again, she said “We will wait.” Others said “We will wait.”"
)


def words(text, spans):
    return [text[s.start : s.end] for s in spans]


@pytest.mark.parametrize(
    ("quote", "expected", "how"),
    [
        ("It takes time.", ["It takes time."], How.EXACT),
        ("  It takes time. ", ["It takes time."], How.EXACT),
        ("We will talk", ["We\u00a0will talk"], How.FOLDED),
        ("The '30-day' plan-his plan-stands.", ["The ‘30-day’ plan—his plan—stands."], How.FOLDED),
        ("We will talk. It takes time.", ["We\u00a0will talk.4 It takes time."], How.UNMARKED),
        ("will talk.\n It  takes", ["will talk.4 It takes"], How.UNMARKED),
        ('"It takes time."', ["It takes time."], How.EXACT),
        ("…It takes time…", ["It takes time"], How.EXACT),
        ("„takes time“", ["takes time"], How.EXACT),
        ("We will wait.", ["We will wait.", "We will wait."], How.EXACT),
    ],
)
def test_find(quote, expected, how):
    found = find(TEXT, quote)
    assert (words(TEXT, found), {s.how for s in found}) == (expected, {how})


@pytest.mark.parametrize("quote", ["", "   ", "“”", "We will walk", "it takes time."])
def test_not_found(quote):
    assert find(TEXT, quote) == []


def test_context_chooses_among_several():
    at = TEXT.rfind("We will wait.")
    assert find(TEXT, "We will wait.", prefix='Others said "') == [Span(at, at + 13)]
    assert len(find(TEXT, "We will wait.", prefix="said “")) == 2


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("a proposed ceasefire.1 Then", ["1"]),
        ("real negotiations.”6 Later", ["6"]),
        ("Putin.4 It takes two", ["4"]),
        ("the ceasefire1 held", ["1"]),
        ("peace¹² and more", ["¹²"]),
        ("so it was said.[12] Then", ["[12]"]),
        ("Peace [12] follows", []),
        ("a 30-day ceasefire", []),
        ("the G7 and the F16 and Su27", []),
        ("pi is 3.14, see p.12 and No.5", []),
        ("in 2025. On 11 March 2025", []),
        ("at 14:30, or 2.30", []),
        ("version v1.2.3", []),
        ("", []),
    ],
)
def test_citation_marks(text, marks):
    assert words(text, citation_marks(text)) == marks


def test_clean_leaves_the_words():
    assert clean("“I’ll talk to him.4 It takes two.”12") == "“I’ll talk to him. It takes two.”"
    assert clean("a 30-day truce with the G7") == "a 30-day truce with the G7"


def test_utf16_offsets_become_code_points():
    text = "a😀b"
    assert [from_utf16(text, n) for n in (0, 1, 3, 4)] == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="2 is not the start"):
        from_utf16(text, 2)


TEXTS = st.text(st.sampled_from("abc .,“”\"'’-–\u00a0\u00ad12\n😀"), max_size=60)


@given(TEXTS, st.data())
def test_what_stands_there_is_found_there(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = text[start:end].strip()
    if quote:
        at = text.index(quote, start)
        assert Span(at, at + len(quote)) in find(text, quote)


@given(TEXTS, TEXTS)
def test_spans_lie_in_the_text(text, quote):
    for span in find(text, quote):
        assert 0 <= span.start < span.end <= len(text)
