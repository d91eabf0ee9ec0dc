"""What is suggested about a text through the product: drafts, decisions, and what is left out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from events import history, suggest, suggestions
from events.forms.marking import Marked
from events.models import (
    Commitment,
    Event,
    Evidence,
    Membership,
    Participation,
    Passage,
    Revision,
    Suggestion,
)
from events.roles import Viewer
from tests.factories import (
    ActorFactory,
    DossierFactory,
    EventFactory,
    EvidenceFactory,
    MembershipFactory,
    SourceFactory,
    UserFactory,
)
from tests.markup import parse

TEXT = (
    "Port minister Lena Okafor told Harbour Radio, “We do not rule out a visit this Saturday.”1\n"
    "Marko Ilic has agreed to open the northern gate, provided Okafor also signs.\n"
    "“The gate is a small step,” Ilic said on Sunday. “It is a step all the same.”\n"
    "The council called it a “long overdue move” without saying more.\n"
)


class Port:
    """A dossier with three actors and one source of 10 March 2025, and an analyst."""

    def __init__(self, text: str = TEXT) -> None:
        self.analyst = UserFactory(username="analyst")
        with history.recording(by=self.analyst):
            self.dossier = DossierFactory(slug="port")
            MembershipFactory(dossier=self.dossier, user=self.analyst)
            for name, short, kind in (
                ("Lena Okafor", "Okafor", "person"),
                ("Marko Ilic", "Ilic", "person"),
                ("Harbour Radio", "", "media"),
            ):
                ActorFactory(dossier=self.dossier, name=name, short_name=short, kind=kind)
            self.source = SourceFactory.build(
                dossier=self.dossier,
                published_text="10 March 2025",
                published_edtf="2025-03-10",
                published_earliest=1741564800,
                published_latest=1741651200,
            )
            self.text = self.source.receive(text)
        self.client = Client()
        self.client.force_login(self.analyst)

    @property
    def review(self) -> suggestions.Review:
        viewer = Viewer.of(self.analyst, self.dossier)
        return suggestions.review_of(self.source.current_text, viewer)

    def decide(self, one: suggestions.Proposed, what: str) -> Any:
        return self.client.post(f"/d/port/sources/S1/suggestions/{one.fingerprint}/{what}")


@pytest.fixture
def port(db: None) -> Port:
    return Port()


def shown(review: suggestions.Review) -> list[tuple[str, str, str]]:
    return [(one.noun, one.title, one.lacks) for one in review.open]


def test_a_card_for_each_utterance(port: Port) -> None:
    assert shown(port.review) == [
        (
            "event",
            "Okafor to Harbour Radio: ‘We do not rule out a visit this Saturday’",
            "",
        ),
        ("commitment", "Marko Ilic has agreed to open the northern gate", ""),
        ("event", "Ilic: ‘The gate is a small step’", ""),
        ("passage", "‘long overdue move’", ""),
    ]
    first = port.review.open[0]
    assert first.details == (
        "Statement, Mon 10 March 2025, the day of the text."
        " ‘this Saturday’: Sat 15 March 2025, counted from the day of the text."
    )
    assert port.text.text[first.start : first.end] == "We do not rule out a visit this Saturday."


def test_no_stance_is_ever_proposed(port: Port) -> None:
    assert "position" not in {one.noun for one in port.review.open}


def test_accepting_makes_all_of_it_in_one_revision(port: Port) -> None:
    assert port.decide(port.review.open[0], "acceptance").status_code == 302
    event, evidence = Event.objects.get(), Evidence.objects.get()
    assert (event.when_text, event.when_edtf, event.when_basis, event.state) == (
        *("10 March 2025", "2025-03-10", "derived_document", "draft"),
    )
    assert (evidence.manner, evidence.speaker.name, evidence.passage.exact) == (
        *("direct_quote", "Lena Okafor", "We do not rule out a visit this Saturday."),
    )
    assert [p.headline for p in Participation.objects.all()] == [
        *("Okafor as speaker", "Harbour Radio as addressee"),
    ]
    revision = Revision.objects.order_by("-id")[0]
    assert revision.note == "Suggestion accepted"
    assert set(revision.changes.values_list("table", flat=True)) == {
        *("events_suggestion", "events_event", "events_passage", "events_evidence"),
        "events_participation",
    }
    assert (len(port.review.open), port.review.accepted) == (3, 1)


def test_the_commitment_keeps_its_condition(port: Port) -> None:
    port.decide(port.review.open[1], "acceptance")
    made = Commitment.objects.get()
    assert (made.action, made.debtor.name, made.firmness, made.condition) == (
        *("Open the northern gate", "Marko Ilic", "firm", "Okafor also signs"),
    )


def test_a_rejected_one_does_not_come_back(port: Port) -> None:
    one = port.review.open[3]
    port.decide(one, "rejection")
    assert one.fingerprint not in {left.fingerprint for left in port.review.open}
    with history.recording(by=port.analyst):
        port.source.add_text(f"An opening line.\n{TEXT}")
    assert one.title not in {left.title for left in port.review.open}
    assert (Passage.objects.count(), port.review.rejected) == (0, 1)


def test_twice_is_once(port: Port) -> None:
    one = port.review.open[0]
    for _ in range(2):
        assert port.decide(one, "acceptance").status_code == 302
    port.decide(one, "rejection")
    assert (Event.objects.count(), Suggestion.objects.get().decision) == (1, "accepted")


def test_a_name_that_is_somebody_elses_is_not_used(port: Port) -> None:
    name = next(n for n in port.review.mentions if n.name == "Ilic")
    port.client.post(f"/d/port/sources/S1/suggestions/{name.fingerprint}/rejection")
    assert "Ilic" not in {n.name for n in port.review.mentions}
    assert Suggestion.objects.get().kind == "mention"


@pytest.mark.parametrize("decision", ["acceptance", "rejection"])
def test_what_is_not_suggested_any_more_is_told(port: Port, decision: str) -> None:
    at = f"/d/port/sources/S1/suggestions/{'0' * 32}/{decision}"
    answer = port.client.post(at, headers={"HX-Request": "true", "HX-Target": "section#reader"})
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#reader")
    assert "This suggestion is not made any more" in answer.content.decode()
    answer = port.client.post(at)
    assert (answer.status_code, answer["Location"]) == (302, "/d/port/sources/S1/")
    assert Suggestion.objects.count() == 0


@pytest.mark.parametrize("decision", ["acceptance", "rejection"])
def test_what_was_decided_and_undone_meanwhile_is_told(
    port: Port, monkeypatch: pytest.MonkeyPatch, decision: str
) -> None:
    one = port.review.open[0]

    def decide(*_: Any) -> None:
        # Somebody decided first, and has taken it back by the time one looks what they decided.
        raise IntegrityError("suggestion_once")

    monkeypatch.setattr(suggestions, "decide", decide)
    at = f"/d/port/sources/S1/suggestions/{one.fingerprint}/{decision}"
    answer = port.client.post(at, headers={"HX-Request": "true", "HX-Target": "section#reader"})
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#reader")
    assert "This suggestion is not made any more" in answer.content.decode()
    assert (Event.objects.count(), Suggestion.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_the_form_says_what_the_suggestion_lacks() -> None:
    port = Port("“The gate is a small step,” Goran Petrov said on Sunday.\n")
    one = port.review.open[0]
    answer = port.decide(one, "acceptance")
    at = f"/d/port/sources/S1/marking/event?suggestion={one.fingerprint}"
    assert (answer.status_code, answer["Location"]) == (302, at)
    page = parse(port.client.get(at).content)
    form = page.one("form", "marking-form")
    assert form.one("p", "banner").text == (
        "Still missing: who speaks is not an actor of the dossier yet."
    )
    # Once it was sent, its mistakes are told instead.
    answer = port.client.post(at, {"cited-quote": "never said"})
    assert (answer.status_code, "Still missing" in answer.content.decode()) == (422, False)


def test_readers_get_none(port: Port) -> None:
    reader = UserFactory()
    with history.recording(by=port.analyst):
        MembershipFactory(dossier=port.dossier, user=reader, role=Membership.Role.READER)
    viewer = Viewer.of(reader, port.dossier)
    assert suggestions.review_of(port.text, viewer) == suggestions.Review()


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once() -> None:
    port = Port()
    one, answers = port.review.open[0], []

    def accept() -> None:
        client = Client()
        client.force_login(port.analyst)
        at = f"/d/port/sources/S1/suggestions/{one.fingerprint}/acceptance"
        answers.append(client.post(at).status_code)
        connection.close()

    threads = [threading.Thread(target=accept) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (answers, Event.objects.count(), Suggestion.objects.count()) == ([302, 302], 1, 1)


@pytest.mark.django_db(transaction=True)
def test_undo_brings_the_suggestion_back() -> None:
    port = Port()
    before = shown(port.review)
    port.decide(port.review.open[0], "acceptance")
    number = history.sealed_number(port.dossier.pk)
    assert port.client.post(f"/d/port/revisions/{number}/undo").status_code == 302
    assert (shown(port.review), Event.objects.count()) == (before, 0)


def test_a_long_text_is_read_once(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    read = suggest.suggest

    def counted(text: str, **known: Any) -> tuple[suggest.Suggestion, ...]:
        lengths.append(len(text))
        return read(text, **known)

    monkeypatch.setattr(suggest, "suggest", counted)
    with history.recording(by=port.analyst):
        port.source.add_text(TEXT * 40)
    assert port.review == port.review
    assert lengths == [len(TEXT * 40)]


def test_a_dense_text_shows_the_first_suggestions_and_counts_the_others(
    port: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = port.review.open
    assert len(every) > 2
    monkeypatch.setattr(suggestions, "SHOWN", 2)
    review = port.review
    assert (review.open, review.left, review.total) == (every[:2], len(every), len(every))
    assert review.waiting == tuple(one.start for one in every[2:])
    page = parse(port.client.get("/d/port/sources/S1/?fold=1").content)
    assert len(page.one("div", id="margin").all("article")) == 2
    state = [p.text for p in page.one("section", "review-state").all("p")]
    assert state[0] == f"{len(every)} suggestions, {len(every)} left"
    assert state[1].endswith("The first 2 that are left are shown; others follow as you decide")
    port.decide(every[0], "rejection")
    assert port.review.open == every[1:3]


def test_words_that_many_passages_mark_are_recorded_once(port: Port) -> None:
    one = port.review.open[0]
    third = (one.end - one.start) // 3
    with history.recording(by=port.analyst):
        event = EventFactory(dossier=port.dossier)
        for at in range(3):  # The same third of the words three times is not half of them.
            passage = Passage.cut(port.text, one.start, one.start + third - at)
            passage.save()
            EvidenceFactory(dossier=port.dossier, passage=passage, event=event)
    assert one.fingerprint in {left.fingerprint for left in port.review.open}
    with history.recording(by=port.analyst):
        passage = Passage.cut(port.text, one.start + third, one.end)
        passage.save()
        EvidenceFactory(dossier=port.dossier, passage=passage, event=event)
    assert one.fingerprint not in {left.fingerprint for left in port.review.open}


def _during_the_save(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen between the checks of a form of marked words and its saving."""
    begin = Marked._begin

    def late(form: Marked) -> None:
        monkeypatch.setattr(Marked, "_begin", begin)
        happens()
        begin(form)

    monkeypatch.setattr(Marked, "_begin", late)


def test_a_text_that_is_stored_meanwhile_takes_no_words_into_the_older_one(
    port: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = port.review.open[0]

    def store() -> None:
        port.source.add_text(f"A new first line.\n{TEXT}")

    _during_the_save(monkeypatch, store)
    answer = port.decide(one, "acceptance")
    assert (answer.status_code, Passage.objects.count()) == (302, 0)
    assert answer["Location"].endswith(f"?suggestion={one.fingerprint}")


def test_the_same_words_are_marked_once(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    def mark() -> Any:
        words = {"cited-quote": TEXT[:20].strip()}
        return port.client.post("/d/port/sources/S1/marking/passage", words)

    _during_the_save(monkeypatch, lambda: Passage.cut(port.text, 0, len(TEXT[:20].strip())).save())
    answer = mark()
    assert (answer.status_code, Passage.objects.count()) == (422, 0)
    assert "marks these words already." in answer.content.decode()
    assert (mark().status_code, mark().status_code) == (302, 422)
