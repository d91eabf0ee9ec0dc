"""What a deletion does to other records, before and after it is done."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import RestrictedError
from django.test.utils import CaptureQueriesContext

from events import history
from events.deletion import NAMED, effects_of
from events.models import Commitment, Event, Position, Proposal
from tests.markup import parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db

DELETION = "/d/room/events/E1/deletion"


@pytest.fixture
def room() -> Negotiation:
    """Besides what rests on the talks anyway: a part that is reviewed, and a draft part."""
    room = Negotiation()
    with history.recording(by=room.people["owner"], keeps_state=True):
        for number, state in enumerate(("reviewed", "draft")):
            room.event_on(f"1{number} March 2025", f"Part {number}", part_of=room.talks).move_to(
                state
            )
        room.made("Note", event=room.talks, author=room.people["owner"], text="Why twice?")
    return room


def test_what_goes_and_what_loses_a_reference(room: Negotiation) -> None:
    effects = effects_of(room.talks)
    assert {gone.counted: [str(record) for record in gone.named] for gone in effects.gone} == {
        "1 conflict member": ["XM1 Agreed or awaited: E1 Talks in Jeddah"],
        "1 link": ["L1 Rubio to the press responds to Talks in Jeddah"],
        "1 note": ["N1 Why twice?"],
    }
    losses = [(loss.record.ref, loss.key, loss.state) for loss in effects.losses]
    assert sorted(losses) == [
        ("C1", "made in", "published"),
        ("E3", "part of", "reviewed"),
        ("E4", "part of", ""),
        ("PO1", "expressed in", "published"),
        ("PR1", "tabled in", "published"),
    ]
    assert (effects.drafts, effects.more_losses) == (4, 0)


def test_page_says_so_before(room: Negotiation) -> None:
    page = parse(room.client("analyst").get(DELETION).content)
    gone = page.one("section", id="gone").one("ul", "items")
    assert [line.text for line in gone.all("li")] == [
        "1 conflict member XM1 Agreed or awaited: E1 Talks in Jeddah",
        "1 link L1 Rubio to the press responds to Talks in Jeddah (published)",
        "1 note N1 Why twice?",
    ]
    losses = page.one("section", id="losses")
    assert losses.one("p", "banner").text == (
        "4 records would return to draft and have to be reviewed again."
    )
    lines = {line.text for line in losses.one("ul", "items").all("li")}
    assert lines == {
        "Resume military aid C1 loses ‘made in’ Published → Draft",
        "Part 0 E3 loses ‘part of’ Reviewed → Draft",
        "Part 1 E4 loses ‘part of’",
        "Ukraine on 30-day ceasefire PO1 loses ‘expressed in’ Published → Draft",
        "30-day ceasefire PR1 loses ‘tabled in’ Published → Draft",
    }


@pytest.mark.django_db(transaction=True)
def test_what_it_says_is_what_happens(room: Negotiation) -> None:
    answer = room.client("analyst").post(DELETION, {"version": room.now().version}, follow=True)
    assert (
        "E1 deleted. 4 records are drafts again"
        in parse(answer.content).one("div", id="toasts").text
    )
    left = [
        *Event.objects.filter(ref__in=["E3", "E4"]).values_list("ref", "state", "part_of"),
        *Position.objects.filter(ref="PO1").values_list("ref", "state", "event"),
        *Commitment.objects.filter(ref="C1").values_list("ref", "state", "event"),
        *Proposal.objects.filter(ref="PR1").values_list("ref", "state", "tabled_in"),
    ]
    assert sorted(left) == [(ref, "draft", None) for ref in ("C1", "E3", "E4", "PO1", "PR1")]


@pytest.mark.django_db(transaction=True)
def test_undoing_it_gives_back_the_references_and_the_states(room: Negotiation) -> None:
    client = room.client("analyst")
    page = parse(client.post(DELETION, {"version": room.now().version}, follow=True).content)
    client.post(page.one("div", id="toasts").one("form")["action"])
    position = Position.objects.get(ref="PO1")
    assert (position.event, position.state) == (Event.objects.get(ref="E1"), "published")


def test_record_that_nothing_names(room: Negotiation) -> None:
    effects = effects_of(Event.objects.get(ref="E4"))
    assert (effects.gone, effects.losses, effects.drafts, effects.counted) == ([], [], 0, "")
    page = parse(room.client("analyst").get("/d/room/events/E4/deletion").content)
    assert page.all("section", "panel") == []


def test_records_in_the_way_are_told_by_the_refusal(room: Negotiation) -> None:
    with pytest.raises(RestrictedError):
        effects_of(room.ukraine)


def test_many_are_counted_and_only_some_named(room: Negotiation) -> None:
    costs = []
    for _ in range(2):
        with history.recording(by=room.people["owner"]):
            for _ in range(NAMED):
                room.made("Position", actor=room.usa, issue=room.war, event=room.talks)
                room.made("Participation", event=room.talks)
        with CaptureQueriesContext(connection) as queries:
            effects = effects_of(room.talks)
        costs.append(len(queries))
    (people,) = [gone for gone in effects.gone if "participation" in gone.counted]
    assert (people.counted, len(people.named), people.more) == ("40 participations", NAMED, NAMED)
    # What returns to draft is named first.
    assert [loss.state != "" for loss in effects.losses] == [True] * 4 + [False] * (NAMED - 4)
    assert effects.more_losses == 45 - NAMED
    assert costs[0] == costs[1]
