"""The form that makes a record of marked words: places, newcomers, refusals."""

from __future__ import annotations

import pytest

from events.forms.marking import trimmed
from events.models import Actor, Event, Evidence, Issue, Passage, Position
from tests.test_suggestions import Port

AT = "/d/port/sources/S1/marking"


@pytest.fixture
def port(db: None) -> Port:
    return Port()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“A visit.”1", "A visit."),
        ("  A visit \n", "A visit"),
        ("“One” and “two”", "“One” and “two”"),
        ("30-day", "30-day"),
        ("prices rose by 1.5 ", "prices rose by 1.5"),
        ("a ceasefire1", "a ceasefire"),
        (" … ", None),
    ],
)
def test_what_is_left_of_a_selection(text: str, words: str | None) -> None:
    found = trimmed(text, 0, len(text))
    assert (text[slice(*found)] if found else None) == words


def test_an_actor_and_an_issue_are_added_on_the_way(port: Port) -> None:
    sent = {"actor": "Port council", "actor_kind": "government_body", "stance": "open"}
    sent |= {"issue": "Northern gate", "issue_kind": "issue", "shift": "first"}
    sent |= {"cited-quote": "long overdue move", "cited-bearing": "supports"}
    sent |= {"cited-manner": "partial_quote", "cited-credibility": "6"}
    sent |= {"cited-speaker": "port council", "cited-speaker_kind": "person"}
    answer = port.client.post(f"{AT}/position", sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/d/port/sources/S1/#P1")
    made = Position.objects.get()
    assert (made.actor.name, made.issue.name, made.stance, made.state) == (
        *("Port council", "Northern gate", "open", "draft"),
    )
    assert (Actor.objects.count(), Issue.objects.count()) == (4, 1)
    assert Evidence.objects.get().speaker == made.actor


def test_words_that_are_not_there_are_refused_and_kept(port: Port) -> None:
    sent = {"cited-quote": "never said", "about": "E1", "reason": "because"}
    answer = port.client.post(f"{AT}/evidence", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "&#x27;never said&#x27; is not in the text of S1" in page
    assert "because" in page
    assert (Passage.objects.count(), Event.objects.count()) == (0, 0)


def test_several_places_are_a_question(port: Port) -> None:
    page = port.client.post(f"{AT}/passage", {"cited-quote": "step"})
    assert page.status_code == 422
    assert "These words are at 2 places of the text" in page.content.decode()


def test_the_past_is_not_marked(port: Port) -> None:
    answer = port.client.get(f"{AT}/event?start=0&end=4&as_of=r1&clock=recorded")
    assert answer.status_code == 403


def test_words_no_noun_is_made_of(port: Port) -> None:
    assert port.client.get(f"{AT}/proposal?start=0&end=4").status_code == 404


def test_records_of_this_source_are_offered_first(port: Port) -> None:
    port.decide(port.review.open[0], "acceptance")
    page = port.client.get(f"{AT}/evidence?start=0&end=4").content.decode()
    assert f'hx-get="{AT}/targets?of=about"' in page
    offered = port.client.get(f"{AT}/targets?of=about&about=Okafor").content.decode()
    assert "E1 Okafor to Harbour Radio" in offered.partition("</option>")[0]
