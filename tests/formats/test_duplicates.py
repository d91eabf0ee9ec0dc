"""Texts that a dossier has already, or nearly; and that looking for them is bounded."""

from __future__ import annotations

import pytest

from events import history, models
from events.formats import duplicates
from tests.factories import DossierFactory, SourceTextFactory, UserFactory

WORDS = [f"harbour{n} delegation{n}" for n in range(300)]
TEXT = " ".join(WORDS)


@pytest.fixture
def dossier(db: None) -> models.Dossier:
    """A dossier with one text of 600 words, and another with the same text."""
    with history.recording(by=UserFactory()):
        found: models.Dossier = DossierFactory()
        SourceTextFactory(dossier=found, text=TEXT)
        SourceTextFactory(text=TEXT)
    return found


def edited(count: int) -> str:
    """TEXT with `count` words of it replaced, evenly."""
    words = TEXT.split()
    for at in range(0, len(words), len(words) // count):
        words[at] = f"replaced{at}"
    return " ".join(words)


def test_the_share_is_that_of_runs_of_five_words() -> None:
    one, two = (
        duplicates.shingles("One two, three FOUR five six."),
        duplicates.shingles("one two three four five seven"),
    )
    assert one == {
        ("one", "two", "three", "four", "five"),
        ("two", "three", "four", "five", "six"),
    }
    assert duplicates.shared(one, two) == pytest.approx(1 / 3)
    assert duplicates.shingles("We accept.") == {("we", "accept")}
    assert duplicates.shingles("…!") == set()


def test_the_same_text_is_found_in_its_own_dossier_alone(dossier: models.Dossier) -> None:
    found = duplicates.like(dossier, TEXT)
    assert found is not None
    assert (found.text.dossier_id, found.is_same, found.percent) == (dossier.pk, True, 100)
    assert duplicates.same(dossier, f"{TEXT} ") is None


def test_what_is_nearly_the_same_is_found_and_what_is_not_is_not(dossier: models.Dossier) -> None:
    near = duplicates.like(dossier, edited(10))
    assert near is not None
    assert (near.is_same, near.percent) == (False, 85)
    white = duplicates.like(dossier, TEXT.replace(" ", "\n").upper())
    assert white is not None
    assert (white.is_same, white.percent) == (False, 100)
    assert duplicates.like(dossier, edited(100)) is None
    assert duplicates.like(dossier, "Quite other words are here.") is None
    assert duplicates.like(dossier, "…") is None


def test_few_texts_are_fetched_however_many_there_are(dossier: models.Dossier) -> None:
    with history.recording(by=UserFactory()):
        for number in range(duplicates.FEW + 10):
            SourceTextFactory(dossier=dossier, text=f"{TEXT} {number}")
    assert len(duplicates._candidates(dossier, edited(10))) == duplicates.FEW
