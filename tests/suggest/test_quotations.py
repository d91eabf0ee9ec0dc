"""Quotations: their bounds, their marks in five languages, and whose words they are."""

from __future__ import annotations

import pytest

from tests.suggest.sample import found, quotations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Before.
        ("Berger said: “We wait.”", [("We wait.", "Berger", "A1")]),
        ('Paul Morel told Norland, "We wait."', [("We wait.", "Paul Morel", "A2")]),
        ("According to Berger, 'the road is open'.", [("the road is open", "Berger", "A1")]),
        ("Berger, head of Norland’s office, said, “No.”", [("No.", "Berger", "A1")]),
        ("Asked about Morel, Berger spoke of rain, adding, “It pours.”", [("It pours.", "", "")]),
        ("Envoy Anna Berger opened the hall, saying, “Come.”", [("Come.", "Anna Berger", "A1")]),
        ("Berger thanked Morel and added, “Come.”", [("Come.", "Berger", "A1")]),
        ("A spokesman for Berger said, “No.”", [("No.", "A spokesman for Berger", "")]),
        ("After talks with Berger, Morel said, “No.”", [("No.", "Morel", "A2")]),
        ("Berger wrote on a wall:\n\n“We wait.”", [("We wait.", "Berger", "A1")]),
        (
            "“Late.” Asked if Norland came, an official who left said: “No, no, no.”",
            [("Late.", "", ""), ("No, no, no.", "an official", "")],
        ),
        ("The mediator of Norland, Paul Morel, said: “No.”", [("No.", "Paul Morel", "A2")]),
        # After.
        ("“We wait,” said the envoy.", [("We wait", "the envoy", "")]),
        ("“We wait,” the envoy said.", [("We wait", "the envoy", "")]),
        ("“Why now?” Berger asked.", [("Why now?", "Berger", "A1")]),
        ("“We wait,” said Jane Doe.", [("We wait", "Jane Doe", "")]),
        # In between.
        (
            "“We wait,” Berger said, “and then we go.”",
            [("We wait", "Berger", "A1"), ("and then we go.", "Berger", "A1")],
        ),
        (
            "“We wait,” Berger said. “It is long.”",
            [("We wait", "Berger", "A1"), ("It is long.", "Berger", "A1")],
        ),
        # Pronouns.
        (
            "Berger said, “No.” She added, “Ask Paul Morel.”",
            [("No.", "Berger", "A1"), ("Ask Paul Morel.", "She", "A1")],
        ),
        # Nobody.
        (
            "Morel met Berger. “The road is open and wide.”",
            [("The road is open and wide.", "", "")],
        ),
        ("Norland “tried hard to mend it” with Eastia.", [("tried hard to mend it", "", "")]),
        # Fragments end without the sentence's full stop.
        ("Morel called it “a very long road.”", [("a very long road", "Morel", "A2")]),
        # German.
        (
            "„Wir warten“, sagte die Gesandte Anna Berger. „Es dauert.“",
            [("Wir warten", "Anna Berger", "A1"), ("Es dauert.", "Anna Berger", "A1")],
        ),
        ("»Wir gehen«, erklärte der Sprecher.", [("Wir gehen", "der Sprecher", "")]),
        ("Berger sagte: „Es ist ‚sehr‘ spät.“", [("Es ist ‚sehr‘ spät.", "Berger", "A1")]),
        # French.
        (
            "« Rien n’est décidé », a déclaré Paul Morel. Selon Berger, « tout est ouvert ».",
            [
                ("Rien n’est décidé", "Paul Morel", "A2"),
                ("tout est ouvert", "Berger", "A1"),
            ],
        ),
        ("«\u00a0C’est long\u00a0», a-t-il dit.", [("C’est long", "il", "")]),
        # Ukrainian.
        (
            "«Ми чекаємо на відповідь», — сказала Марія Коваль. Морель вийшов.",
            [("Ми чекаємо на відповідь", "Марія Коваль", "A3")],
        ),
        ("За словами Марії Коваль, „нічого не ясно“.", [("нічого не ясно", "Марії Коваль", "A3")]),
        # Russian.
        ("Сомов заявил: «Мы ждём ответа».", [("Мы ждём ответа", "Сомов", "A4")]),
        (
            "«Мы ждём, — заявил Сомов. — Время идёт».",
            [("Мы ждём", "Сомов", "A4"), ("Время идёт", "Сомов", "A4")],
        ),
    ],
)
def test_words_and_speaker(text, expected):
    assert quotations(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The envoys’ plan isn’t Norland's, '90s or not.", []),
        ("Berger said: ‘The boys’ plan isn’t ready.’", ["The boys’ plan isn’t ready."]),
        ('Berger said: “Mixed marks are one thing" and left.', ["Mixed marks are one thing"]),
        ('A board of 5" and one of 6" long.', []),
        ("“It never ends, Berger said.\n\nMorel left.", []),
        ("Berger said: “”", []),
    ],
)
def test_marks_that_are_none_and_mixed_ones(text, expected):
    assert [words for words, _, _ in quotations(text)] == expected


def test_over_paragraphs_each_opens_again():
    text = "“The first one goes on.\n\n“The second ends here,” Berger said."
    [quotation] = found(text, "quotation")
    assert (quotation.start, quotation.end) == (1, text.index(",”"))
    assert quotation.found.clean == "The first one goes on.\n\nThe second ends here"
    assert quotation.found.actor == "A1"


def test_citation_digits_stay_out_of_the_clean_text():
    [quotation] = found("Berger said, “We wait for talks.4 It takes time.”12 Then.", "quotation")
    assert quotation.exact == "We wait for talks.4 It takes time."
    assert quotation.found.clean == "We wait for talks. It takes time."


def test_within_another_there_is_no_speaker():
    got = found("Berger said, “He told me ‘no deal at all’ twice.”", "quotation")
    assert [(q.exact, q.found.actor, q.confidence) for q in got] == [
        ("He told me ‘no deal at all’ twice.", "A1", 0.9),
        ("no deal at all", "", 0.3),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It was a so-called “plan” of sorts.",
        "Operation “Winter Bell” ended; the film “A calm sea” was shown.",
        "They met at the Hotel (“Hope & Anchor”).",
        "In her book “The Long Table” Berger says little.",
        "The word “shall” is rare, and the quote ‘talk is cheap’ is old.",
        "His “yes, but” drove Berger mad. The “experts” smiled.",
        "Газета «Вечірній Карс» мовчить, а операція «Тиха вода» триває.",
    ],
)
def test_titles_and_words_set_apart_are_no_quotations(text):
    assert found(text, "quotation") == []


def test_short_words_that_somebody_says_are_quotations():
    assert quotations("Morel called it “dull”. Berger said “Good Morning”.") == [
        ("dull", "Morel", "A2"),
        ("Good Morning", "Berger", "A1"),
    ]


def test_what_rests_on_less_says_so():
    text = "“We wait,” Berger said.\nShe wrote: “It rains.”\n“It pours and pours.”"
    got = found(text, "quotation")
    assert [(q.confidence, q.reason) for q in got] == [
        (0.95, "Berger is named after it with 'said'."),
        (0.5, "'She' speaks before it with 'wrote'; Berger was named last."),
        (0.2, "No speaker is named here; She spoke in the sentence before."),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The speaker put into the quotation.
        (
            "« Nous attendons, a déclaré Paul Morel, la réponse. »",
            [("Nous attendons", "Paul Morel", "A2"), ("la réponse.", "Paul Morel", "A2")],
        ),
        (
            "Berger parle. « C’est long, a-t-elle ajouté. Très long. »",
            [("C’est long", "elle", "A1"), ("Très long.", "elle", "A1")],
        ),
        # Lines that begin with a dash.
        (
            "— Ми чекаємо, — сказала Коваль. — Довго.",
            [("Ми чекаємо", "Коваль", "A3"), ("Довго.", "Коваль", "A3")],
        ),
        ("— Когда? — спросил корреспондент.", [("Когда?", "корреспондент", "")]),
        ("— Ми чекаємо на відповідь.", []),
        # Behind a description, in a heading, by another's words.
        (
            "« C’est loin », a nuancé son homologue, Paul Morel.",
            [("C’est loin", "Paul Morel", "A2")],
        ),
        ("“It is over”: Morel leaves", [("It is over", "Morel", "A2")]),
        ("Berger quoted Morel as saying “we will go”.", [("we will go", "Morel", "A2")]),
        ("“It rains,” in Berger’s words.", [("It rains", "Berger", "A1")]),
        (
            "The envoy, a lawyer called Anna Berger, said: “No, never.”",
            [("No, never.", "Anna Berger", "A1")],
        ),
        # More than one, or another.
        ("Berger and Morel said: “We go.”", [("We go.", "Berger and Morel", "")]),
        ("В штабе Сомова сообщили: «Всё тихо».", [("Всё тихо", "В штабе Сомова", "")]),
        (
            "Das ist der Tag, an dem der Sprecher Bergers sagte: „Nein, nie.“",
            [("Nein, nie.", "der Sprecher Bergers", "")],
        ),
        # In a transcript 'I' is the one of the label, and 'he' another.
        ("BERGER: I told Morel, “We go.”", [("We go.", "BERGER", "A1")]),
        ("I told Morel, “We go.”", [("We go.", "", "")]),
    ],
)
def test_speakers_of_other_kinds(text, expected):
    assert quotations(text) == expected


def test_she_is_whom_a_title_shows_to_be_a_woman():
    text = "Morel said no. Lady Berger smiled and left. “Never,” she said at last."
    assert quotations(text) == [("Never", "she", "A1")]
    text = "Mr Morel said no. “Never,” she said at last."
    assert quotations(text) == [("Never", "she", "")]


def test_he_is_who_spoke_last_known_or_not():
    text = "Morel was there. Berger left early, an envoy said. He added: “It rains.”"
    assert quotations(text) == [("It rains.", "He", "")]
    text = "Berger said no. The city is empty, according to Morel. He added: “It rains.”"
    assert quotations(text) == [("It rains.", "He", "A2")]
