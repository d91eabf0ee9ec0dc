"""A new version of a source's text: passages go where their words are, the old text stays."""

from __future__ import annotations

import pytest

from events import history
from events.formats import sources
from events.models import Evidence, Passage, Revision, Source, SourceText
from events.models.source import NewerText
from tests.markup import parse
from tests.test_history_states import content
from tests.views.negotiation import TEXT, Negotiation

pytestmark = pytest.mark.django_db(transaction=True)


def told(passages):
    """Refs by state."""
    return {str(state): [p.ref for p in found] for state, found in passages.items()}


def stored():
    """Every passage as it is in the database: text version, words that stand there, state."""
    found = []
    for passage in Passage.objects.select_related("source_text").order_by("id"):
        text = passage.source_text.text
        words = text[passage.start : passage.end]
        assert passage.state == "orphaned" or words == passage.exact
        found.append((passage.source_text.number, passage.exact, passage.state))
    return found


def test_a_new_version_takes_its_passages_along_in_one_revision_that_can_be_undone() -> None:
    room = Negotiation()
    by = room.people["analyst"]
    source = Source.objects.get(ref="S1")
    before, was, cited = stored(), content(room.dossier), Evidence.objects.count()
    lost = before[0][1]
    new = "Corrected on 12 March.\n" + TEXT.replace(lost, "Nothing came of it.")
    with history.recording(by=by, note="Corrected"):
        made = source.add_text(new)
    assert (made.text.number, source.current_text) == (2, made.text)
    states = [state for _, _, state in stored()]
    refs = list(Passage.objects.order_by("id").values_list("ref", flat=True))
    by_state = {
        state: sorted(ref for ref, its in zip(refs, states, strict=True) if its == state)
        for state in Passage.State.values
    }
    assert {state: sorted(refs) for state, refs in told(made.passages).items()} == by_state
    assert stored()[0] == (1, lost, "orphaned")
    assert [(n, words) for n, words, state in stored() if state != "orphaned"] == [
        (2, words)
        for (_, words, _), state in zip(before, states, strict=True)
        if state != "orphaned"
    ]
    assert list(source.texts.values_list("text", flat=True)) == [TEXT, new]
    assert Evidence.objects.count() == cited
    newest = Revision.objects.latest("number")
    assert (newest.author, newest.note) == (by, "Corrected")
    with history.recording(by=by):
        history.undo(newest)
    assert (stored(), content(room.dossier)) == (before, was)


def test_words_that_come_back_are_to_be_confirmed_and_then_stay() -> None:
    room = Negotiation()
    source, words = Source.objects.get(ref="S1"), stored()[0][1]
    for text in (TEXT.replace(words, "Quite another sentence."), f"{TEXT}\nEnd."):
        with history.recording(by=room.people["analyst"]):
            source.add_text(text)
    assert stored()[0] == (3, words, "moved")
    first = Passage.objects.earliest("id")
    edit = f"/d/room/passages/{first.ref}/edit"
    sent = {"source": "S1", "version": first.version, "quote": words}
    assert room.client("analyst").post(edit, sent).status_code == 302
    with history.recording(by=room.people["analyst"]):
        made = source.add_text(f"Note.\n{TEXT}\nEnd.")
    assert stored()[0] == (4, words, "anchored")
    assert first in made.passages[Passage.State.ANCHORED]


@pytest.mark.parametrize("text", ["", TEXT])
def test_what_is_no_new_version_is_refused(text: str) -> None:
    room = Negotiation()
    with (
        pytest.raises(ValueError, match="another one than the last version"),
        history.recording(by=room.people["analyst"]),
    ):
        Source.objects.get(ref="S1").add_text(text)
    assert SourceText.objects.count() == 1


def test_the_first_text_of_a_source_is_number_1() -> None:
    room = Negotiation()
    with history.recording(by=room.people["analyst"]):
        bare = room.made("Source")
        made = bare.add_text("All of it.")
    assert (made.text.number, told(made.passages)) == (
        1,
        {"anchored": [], "moved": [], "orphaned": [], "gone": []},
    )


def test_words_that_a_person_found_gone_are_not_lost_again_but_found_when_they_return() -> None:
    room = Negotiation()
    by, source = room.people["analyst"], Source.objects.get(ref="S1")
    gone = Passage.objects.earliest("id")
    states = []
    with history.recording(by=by):
        source.add_text(TEXT.replace(gone.exact, "Nothing came of it."))
        Passage.objects.filter(pk=gone.pk).update(state=Passage.State.GONE)
        for new in (f"Again. {source.current_text.text}", TEXT):
            source.add_text(new)
            gone.refresh_from_db()
            states.append((gone.source_text.number, gone.state))
    assert states == [(1, "gone"), (4, "moved")]


def test_a_file_says_what_stays_gone() -> None:
    room = Negotiation()
    by, source, gone = room.people["owner"], Source.objects.get(ref="S1"), Passage.objects.first()
    new = TEXT.replace(gone.exact, "Nothing came of it.")
    sources.store_version(new.encode(), source, by, name="b.txt")
    with history.recording(by=by):
        Passage.objects.filter(pk=gone.pk).update(state=Passage.State.GONE)
    made = sources.store_version(f"Again. {new}".encode(), source, by, name="c.txt")
    assert made.remarks[-1] == f"1 passage gone, as a person found before: {gone.ref}."


def test_a_file_becomes_the_next_version_and_says_what_became_of_the_passages() -> None:
    room = Negotiation()
    by, source, count = room.people["owner"], Source.objects.get(ref="S1"), Passage.objects.count()
    lost = Passage.objects.earliest("id")
    new = TEXT.replace(lost.exact, "Nothing came of it.")
    made = sources.store_version(new.encode(), source, by, name="b.txt")
    assert (made.source, made.text, made.is_new) == (source, source.current_text, True)
    assert made.remarks[-1] == (
        f"1 passage orphaned, to be found again from the data checks: {lost.ref}."
    )
    assert sum(map(len, made.passages.values())) == count
    newest = Revision.objects.latest("number")
    assert (newest.note, newest.origin) == ("Imported b.txt as a new version of S1", "import")
    again = sources.store_version(new.encode(), source, by, name="b.txt")
    assert (again.is_new, again.remarks[-1]) == (
        False,
        "room has this text already. Nothing was written.",
    )


def test_an_orphan_is_found_again_from_the_data_checks_with_its_evidence() -> None:
    room = Negotiation()
    source, words = Source.objects.get(ref="S1"), stored()[0][1]
    with history.recording(by=room.people["analyst"]):
        source.add_text(TEXT.replace(words, "Ukraine said yes to a truce"))
    orphan = Passage.objects.earliest("id")
    evidence = list(orphan.evidence.order_by("id"))
    client = room.client("analyst")
    main = parse(client.get("/d/room/checks/").content).one("main")
    [link] = [a["href"] for a in main.all("a") if a.text.startswith("Find the words")]
    assert link == f"/d/room/passages/?selected={orphan.ref}"
    drawer = parse(client.get(link).content).one("aside", id="drawer")
    assert drawer.one("textarea", name="quote").text == words
    link = drawer.one("form", "form")["action"]
    assert link == f"/d/room/passages/{orphan.ref}/edit?next=%2Fd%2Froom%2Fpassages%2F"
    sent = {"source": "S1", "version": orphan.version, "quote": words}
    refused = client.post(link, sent)
    error = parse(refused.content).one("ul", id="id_quote_error").text
    assert (refused.status_code, error) == (
        422,
        f"'{words}' is not in the text of S1. Copy the words from it.",
    )
    assert client.post(link, sent | {"quote": "Ukraine said yes"}).status_code == 302
    assert stored()[0] == (2, "Ukraine said yes", "anchored")
    assert list(Passage.objects.earliest("id").evidence.order_by("id")) == evidence


def test_what_a_new_version_would_do_is_foreseen_and_nothing_written() -> None:
    room = Negotiation()
    source, before = Source.objects.get(ref="S1"), content(room.dossier)
    new = "Corrected.\n" + TEXT.replace(room.agreed.exact, "Nothing came of it.")
    foreseen = source.foresee(new, "letter.txt")
    assert (foreseen.text.number, foreseen.text.taken_from, foreseen.text.pk) == (
        2,
        "letter.txt",
        None,
    )
    assert [foreseen.was[p.pk].start for p in foreseen.passages[Passage.State.ANCHORED]] == [
        room.ball.start
    ]
    assert content(room.dossier) == before
    with history.recording(by=room.people["analyst"]):
        made = source.add_text(new)
    assert told(made.passages) == told(foreseen.passages)
    kept = made.passages[Passage.State.ANCHORED][0]
    assert kept.start == foreseen.passages[Passage.State.ANCHORED][0].start == room.ball.start + 11


def test_of_two_new_versions_at_once_the_second_is_told() -> None:
    room = Negotiation()
    source = Source.objects.get(ref="S1")
    with history.recording(by=room.people["analyst"]):
        source.add_text(f"{TEXT} One.", after=1)
    with (
        pytest.raises(NewerText, match="Text 2 of S1 was stored meanwhile"),
        history.recording(by=room.people["reviewer"]),
    ):
        source.add_text(f"{TEXT} Two.", after=1)
    assert list(source.texts.values_list("number", flat=True)) == [1, 2]


def test_a_person_settles_where_a_passage_stands_or_that_it_is_gone() -> None:
    room = Negotiation()
    source, passage = Source.objects.get(ref="S1"), room.agreed
    new = TEXT.replace(passage.exact, "Ukraine said yes to a truce")
    with history.recording(by=room.people["analyst"]):
        made = source.add_text(new)
    passage.refresh_from_db()
    with history.recording(by=room.people["analyst"]):
        passage.give_up()
    assert (passage.state, passage.source_text.number) == ("gone", 1)
    start = new.index("Ukraine said yes")
    with history.recording(by=room.people["analyst"]):
        passage.settle(made.text, start, start + 27)
    passage.refresh_from_db()
    assert (passage.state, passage.source_text, passage.exact) == (
        "anchored",
        made.text,
        "Ukraine said yes to a truce",
    )
