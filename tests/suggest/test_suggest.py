"""What holds of all suggestions: order, spans, fingerprints, any text whatever."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from events.suggest import Kind, Quotation, suggest
from tests.suggest.sample import ACTORS, DAY

TEXT = (
    "Anna Berger met Paul Morel on Friday. “Norland will wait,” Berger said tonight. "
    "“If Eastia stops, we are ready to talk.”"
)


def test_in_reading_order():
    got = suggest(TEXT, actors=ACTORS, day=DAY)
    assert [(s.kind.value, s.exact) for s in got] == [
        ("mention", "Anna Berger"),
        ("mention", "Paul Morel"),
        ("date", "on Friday"),
        ("statement", "“Norland will wait,” Berger said tonight."),
        ("quotation", "Norland will wait"),
        ("mention", "Norland"),
        ("mention", "Berger"),
        ("date", "tonight"),
        ("quotation", "If Eastia stops, we are ready to talk."),
        ("condition", "If Eastia stops"),
        ("mention", "Eastia"),
        ("commitment", "we are ready to talk"),
    ]


def test_who_says_nothing_of_an_offer_has_no_part_in_it():
    text = (
        "Norland has agreed to a truce, contingent on Eastia accepting it. Berger hopes that "
        "Eastia will agree. “Eastia must now accept,” Morel said. “We do not rule out talks,” "
        "an Eastia official said."
    )
    got = suggest(text, actors=ACTORS, day=DAY)
    assert {s.kind.value for s in got if getattr(s.found, "actor", "") == "A6"} == {"condition"}
    assert {kind.value for kind in Kind} == {
        *("statement", "response", "quotation", "commitment", "condition", "date", "mention")
    }


def prints(text, **settings):
    return {(s.kind, s.exact, s.fingerprint) for s in suggest(text, actors=ACTORS, **settings)}


def test_the_same_when_the_text_moves():
    moved = "A new first line.\n\nAnd one more.\n\n" + TEXT + "\n\nThe end."
    assert prints(TEXT, day=DAY) <= prints(moved, day=DAY)


def test_the_same_with_other_typography_and_citations():
    plain = {s.fingerprint for s in suggest(TEXT, actors=ACTORS, day=DAY)}
    changed = TEXT.replace("“", '"').replace("”", '"').replace("Friday.", "Friday.7")
    changed = changed.replace("Paul Morel", "Paul\u00a0Morel")
    assert {s.fingerprint for s in suggest(changed, actors=ACTORS, day=DAY)} == plain


def test_the_same_whoever_is_known_to_speak():
    before = [s for s in suggest(TEXT, actors=(), day=DAY) if s.kind == Kind.QUOTATION]
    after = [s for s in suggest(TEXT, actors=ACTORS, day=DAY) if s.kind == Kind.QUOTATION]
    assert [s.fingerprint for s in before] == [s.fingerprint for s in after]


def test_short_ones_differ_by_their_neighbours():
    got = suggest("Berger came early. Later Berger left again.", actors=ACTORS)
    assert len({s.fingerprint for s in got}) == len(got) == 2


PIECES = st.sampled_from(
    [
        *"“”„«»\"'‘’‚‹› .,:;!?—-\n\u00a0\u00ad[]()",
        *(
            "Berger",
            "Norland",
            "said",
            "he",
            "the envoy",
            "if",
            "will",
            "is ready to",
            "1",
            "4 May",
        ),
        *(
            "tonight",
            "on Friday",
            "сказав",
            "Марією",
            "sagte",
            "a déclaré",
            "according to",
            "\ud800",
        ),
        *(
            "\ud800",
            "\x00",
            "\u202e",
            "😀",
            "ß",
            "İ",
            "word.3",
            "U.S.",
            "over the next few days",
            "in May",
        ),
        *(
            "QUESTION: ",
            "a-t-il ajouté, ",
            "— сказав",
            "за його словами",
            "@x: ",
            "\u0301",
            "\u200b",
        ),
        *(
            "11.03.2025",
            "the next 48 hours",
            "I said",
            "Bergers der die das",
            "operation “",
            "\r\n",
        ),
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map(" ".join), st.lists(PIECES).map("".join))


@settings(deadline=None)
@given(st.one_of(TEXTS, st.text(max_size=80)), st.none() | st.dates())
def test_any_text_gives_spans_within_it_and_the_same_again(text: str, day: date | None) -> None:
    got = suggest(text, actors=ACTORS, day=day)
    for one in got:
        assert 0 <= one.start < one.end <= len(text)
        assert one.exact == text[one.start : one.end]
        assert one.exact.strip() != ""
        assert 0 < one.confidence <= 1
        assert one.reason.endswith(".")
        assert isinstance(one.found, Quotation) == (one.kind == Kind.QUOTATION)
    assert got == suggest(text, actors=ACTORS, day=day)
    assert [(s.start, -s.end) for s in got] == sorted((s.start, -s.end) for s in got)


PARAGRAPHS = st.sampled_from(
    [
        "“We wait for them,” Berger said on 11 May 2024.",
        "Paul Morel told Norland, “The road is open.” If Eastia stops, Norland will resume aid.",
        "«Ми чекаємо на відповідь», — сказала Марія Коваль у вівторок.",
        "— Мы ждём ответа, — сказал Сомов. — Время идёт.",
        "« Nous attendons, a déclaré Paul Morel, et nous partirons demain. »",
        "„Wir warten“, sagte Berger am Dienstag.",
        "BERGER: We met from May 11-15, within 30 days of the first talks.",
        "In March the envoys march on; Resolution 2774 may stay.",
    ]
)
OTHERS = st.sampled_from(
    ["It rained.", "Nobody came to the hall.", "Später war es still.", "Тихо."]
)


@settings(deadline=None)
@given(
    st.lists(PARAGRAPHS, min_size=1, max_size=4), st.lists(OTHERS, max_size=3), st.integers(0, 4)
)
def test_edits_elsewhere_leave_fingerprints(
    paragraphs: list[str], others: list[str], place: int
) -> None:
    edited = [*paragraphs[:place], *others, *paragraphs[place:]]
    before = prints("\n\n".join(paragraphs), day=DAY)
    assert prints("\n\n".join(edited), day=DAY) == before


def test_hostile_texts_end() -> None:
    """One mention in every piece with a name; conditions are cut at 400 characters."""
    pieces = ('"', "“", " 'a", "«a, - ", "said ", "Berger said ", "if ", "A, ", "word1 ")
    counted = [len(suggest(piece * 5000, actors=ACTORS, day=DAY)) for piece in pieces]
    assert counted == [0, 0, 0, 0, 0, 5000, 38, 0, 0]
