"""Finding quoted words: exact, folded, past citation marks, by context, never by guess."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.anchors import (
    Again,
    How,
    Place,
    Span,
    again,
    citation_marks,
    clean,
    find,
    from_utf16,
    unmarked,
)
from tests.bench.anchors import large, rate, tally

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
        ("Zelenskyy.12 said so", ["12"]),
        ("the Russian court.”3 Then", ["3"]),
        ("„Der Ball liegt dort.“4 Danach", ["4"]),
        ("« La balle est là. »5 Puis", ["5"]),
        ("м’яч у них.»6 Далі", ["6"]),
        ("was it?7 Yes!8", ["7", "8"]),
        ("left Moscow,9 and later", ["9"]),
        ("in the U.S.10 The talks", ["10"]),
        ("(as agreed in 2025).11 Later", ["11"]),
        ("“until 2025.”11 Later", ["11"]),
        ("talks.1,2 Then more.3–5 Then", ["1,2", "3–5"]),
        ("the court.17Russia must", ["17"]),
        ("peace¹,² and so.[3–5] Then", ["¹,²", "[3–5]"]),
        ("it ended.[1][2] Then", ["[1]", "[2]"]),
        ("COVID-19 and Covid19 and mp3", []),
        ("in phase2, article5 and level4", []),
        ("total:1,500 and total:5, costs,500", []),
        ("about 10⁶ people on 5 km²", []),
        ("on Dec.12 and 11 March, S.12, Nr.5", []),
        ("call (202)555-1234 or see report.2.pdf", []),
        ("rose.5% and at 1.5 or 2025", []),
        ("numbers.007 and nothing.0", []),
        ("", []),
    ],
)
def test_citation_marks(text, marks):
    assert words(text, citation_marks(text)) == marks


def test_clean_leaves_the_words():
    assert clean("“I’ll talk to him.4 It takes two.”12") == "“I’ll talk to him. It takes two.”"
    assert clean("They met.[3] He said.12 “So it is.”13") == "They met. He said. “So it is.”"
    assert clean("a 30-day truce with the G7") == "a 30-day truce with the G7"


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("It takes two.”12", "It takes two.”"),
        ("One.1 Two", "One.1 Two"),
        ("rose by 1.5", "rose by 1.5"),
        ("at 9.30", "at 9.30"),
        ("", ""),
    ],
)
def test_only_the_citation_mark_at_the_end_is_left_out(words, left):
    assert unmarked(words) == left


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


OLD = """The envoy said, “We will talk.4 It takes time.” Others wait.

We will wait. The council met at noon and sent a letter. We will wait.

Nobody came to the bridge, as the guard reported in the morning."""


def becomes(new, *quotes, old=OLD):
    """What became of the first place of each quote, and the words that stand there now."""
    found = again(old, new, [Span(old.index(q), old.index(q) + len(q)) for q in quotes])
    return [(str(p.became), p.span and new[p.span.start : p.span.end]) for p in found]


def test_passages_stay_where_their_words_are():
    spans = [Span(n, n + 40) for n in range(len(OLD) - 40)]
    assert again(OLD, OLD, spans) == [Place(Again.ANCHORED, span) for span in spans]


@pytest.mark.parametrize(
    ("new", "quote", "became", "words"),
    [
        (f"Corrected at noon.\n\n{OLD}", "We will wait.", "anchored", "We will wait."),
        (
            OLD.replace("“", '"').replace("”", '"'),
            "“We will talk.4 It",
            "anchored",
            '"We will talk.4 It',
        ),
        (OLD.replace(".4", "."), "We will talk.4 It takes", "anchored", "We will talk. It takes"),
        (OLD.replace(".4 It", ". 4 It"), "talk.4 It takes", "anchored", "talk. 4 It takes"),
        (OLD.replace(".4", ". [4]"), "talk.4 It takes", "anchored", "talk. [4] It takes"),
        (
            OLD.replace("noon and", "noon\u00a0[2]\nand"),
            "met at noon and",
            "anchored",
            "met at noon\u00a0[2]\nand",
        ),
        (OLD.replace("morning", "mor\u00adning"), "the morn", "anchored", "the mor\u00adn"),
        (OLD.replace("noon and", "noon, and"), "at noon and sent", "moved", "at noon, and sent"),
        ("\n\n".join(reversed(OLD.split("\n\n"))), "Others wait", "moved", "Others wait"),
        (OLD.replace("at noon", "at one"), "met at noon and", "orphaned", None),
        (OLD.replace("We will wait. The", "The"), "We will wait.", "orphaned", None),
        ("", "The envoy", "orphaned", None),
    ],
)
def test_what_became_of_a_passage(new, quote, became, words):
    assert becomes(new, quote) == [(became, words)]


def test_of_two_equal_sentences_the_one_that_is_left_is_not_taken_for_the_other():
    old = "First came rain over the hills. Peace it is. Then came snow. Peace it is. So it ended."
    new = "First came rain over the hills. Then came snow. Peace it is. So it ended."
    first, second = (Span(at, at + 12) for at in (32, 61))
    assert again(old, new, [first, second]) == [
        Place(Again.ORPHANED),
        Place(Again.ANCHORED, Span(48, 60)),
    ]


def test_passages_are_found_again_and_none_at_a_wrong_place(record_property):
    found = tally()
    # Plain words: what a worker of a parallel run reports has to be written down on the way.
    record_property("anchors", {f"{what}": count for what, count in found.items()})
    silent = {what: found[f"{what}, {Again.ANCHORED}"] for what in ("wrong", "gone")}
    assert silent == {"wrong": 0, "gone": 0}
    assert rate(found) >= 0.995
    assert found[Again.ANCHORED] > 10_000


def test_a_text_is_read_a_fixed_number_of_times_however_many_passages(monkeypatch):
    read = {1: 0, 1000: 0}
    for count in read:

        def counted(text, count=count):
            read[count] += len(text)
            return citation_marks(text)

        monkeypatch.setattr("events.anchors.passages.citation_marks", counted)
        old, new, spans = large(20_000, count)
        again(old, new, spans)
        assert read[count] == len(old) + len(new)


@given(TEXTS, TEXTS, st.data())
def test_what_is_found_again_lies_in_the_text(old, new, data):
    start = data.draw(st.integers(0, len(old)))
    span = Span(start, data.draw(st.integers(start, len(old))))
    (place,) = again(old, new, [span])
    assert (place.became == Again.ORPHANED) == (place.span is None)
    if place.span:
        assert 0 <= place.span.start < place.span.end <= len(new)


@given(TEXTS, st.data())
def test_an_unchanged_text_keeps_its_passages(text, data):
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    (place,) = again(text, text, [span])
    assert place.span in (None, span)


def test_a_text_that_says_the_same_all_over_takes_no_longer_than_others() -> None:
    old = "aaaa bbbb\n" * 9_000
    new = "aaaa bbbb\nbbbb aaaa\n" * 4_500
    spans = [Span(at * 90, at * 90 + 25) for at in range(300)]
    begun = time.process_time()
    places = again(old, new, spans)
    # One passage alone took five seconds, with every place compared with every other.
    assert time.process_time() - begun < 6
    # Nobody can tell where they went; none is taken for anchored.
    assert {place.became for place in places} <= {Again.MOVED, Again.ORPHANED}
