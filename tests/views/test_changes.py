"""What open pages ask every few seconds: complete, cheap, and for members alone."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from events import history, live
from events.live import MOST
from events.models import Event, Presence, Revision
from tests.factories import DossierFactory, EventFactory, UserFactory
from tests.views.negotiation import Negotiation
from tests.views.room import Room

# Revisions get their numbers at commit.
pytestmark = pytest.mark.django_db(transaction=True)

CHANGES = "/d/room/changes"
PRESENCE = "/d/room/presence"


@pytest.fixture
def room() -> Room:
    return Room()


def polled(client: Client, after: Any = "", **asked: str) -> dict[str, Any]:
    """The answer of a poll as JSON."""
    answer = client.get(CHANGES, {"after": after, **asked})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def brief(told: dict[str, Any]) -> list[tuple[str, str, list[str], list[str]]]:
    """Of each change told: what happened to which record, the fields, and what it touches."""
    changes = told["changes"]
    return [(c["operation"], c["ref"], c["fields"], c["touches"]) for c in changes]


def test_a_change_is_told_with_author_and_fields(room: Room) -> None:
    client = room.client("reader")
    before = polled(client)["number"]
    room.changed("analyst", place="Riyadh", summary="Moved")
    told = polled(client, before)
    at = Revision.objects.latest("number").sealed_at
    assert at is not None
    assert told == {
        "number": before + 1,
        "here": told["here"],
        "people": [],
        "reload": False,
        "changes": [
            {
                "number": before + 1,
                "noun": "event",
                "ref": "E1",
                "version": 2,
                "operation": "update",
                "fields": ["place", "summary"],
                "touches": [],
                "at": f"{at:%H:%M}",
                "who": "Analyst X",
                "you": False,
            }
        ],
    }
    assert polled(room.client("analyst"), before)["changes"][0]["you"] is True


def test_nothing_new_costs_three_queries(room: Room, django_assert_num_queries: Any) -> None:
    client = room.client("analyst")
    known = polled(client, tab="a")
    Presence.sign(room.dossier, room.people["analyst"], "a")
    with django_assert_num_queries(3):
        answer = client.get(CHANGES, {"after": known["number"], "here": known["here"], "tab": "a"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert "no-store" in answer["Cache-Control"]


def test_changes_cost_the_same_whether_few_or_many(
    room: Room, django_assert_num_queries: Any
) -> None:
    client = room.client("analyst")
    start = polled(client)["number"]
    with history.recording(by=room.people["owner"]):
        EventFactory.create_batch(30, dossier=room.dossier)
    with django_assert_num_queries(6):
        assert len(polled(client, start)["changes"]) == 30


def test_changes_of_all_kinds_cost_few_queries_more(django_assert_num_queries: Any) -> None:
    client = Negotiation().client("analyst")
    with django_assert_num_queries(9):
        told = polled(client, 0)
    assert len({change["noun"] for change in told["changes"]}) > 15


def test_what_a_record_stands_with_is_told() -> None:
    room = Negotiation()
    client = room.client("analyst")
    start = polled(client)["number"]
    with history.recording(by=room.people["owner"]):
        evidence = room.answer.evidence.get()
        evidence.note = "Read again"
        evidence.save()
    passage = evidence.passage.ref
    expected = sorted([room.answer.ref, passage, room.text.ref, room.source.ref])
    told = polled(client, start)
    assert brief(told) == [("update", evidence.ref, ["note"], expected)]
    with history.recording(by=room.people["owner"]):
        evidence.position, evidence.event = None, room.talks
        evidence.save()
        room.link.delete()
    moved, deleted = brief(polled(client, told["number"]))
    both = sorted([*expected, room.talks.ref])
    assert moved == ("update", evidence.ref, ["event_id", "position_id"], both)
    ends = sorted([room.statement.ref, room.talks.ref])
    assert deleted == ("delete", "L1", [], ends)


def test_a_member_hears_of_drafts_and_of_review(room: Room) -> None:
    client = room.client("reader")
    start = polled(client)["number"]
    with history.recording(by=room.people["reviewer"]):
        event = room.now()
        event.publish()
    assert brief(polled(client, start)) == [("update", "E1", ["state"], [])]


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "9" * 30, "1; DROP"])
def test_a_number_that_is_none_is_refused(room: Room, after: str) -> None:
    answer = room.client("reader").get(CHANGES, {"after": after})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("after: ")


def test_a_number_of_the_future_means_loading_anew(room: Room) -> None:
    client = room.client("reader")
    now = polled(client)["number"]
    told = polled(client, now + 1)
    assert (told["reload"], told["number"], told["changes"]) == (True, now, [])


def test_a_page_that_missed_too_much_loads_anew(room: Room) -> None:
    client = room.client("reader")
    start = polled(client)["number"]
    with history.recording(by=room.people["owner"]):
        EventFactory.create_batch(MOST, dossier=room.dossier)
    told = polled(client, start)
    assert (told["reload"], len(told["changes"])) == (False, MOST)
    room.changed("owner", place="Riyadh")
    told = polled(client, start)
    assert (told["reload"], told["changes"], told["number"]) == (True, [], start + 2)


@pytest.mark.parametrize("visibility", ["private", "public"])
@pytest.mark.parametrize("role", ["", "outsider"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_who_is_no_member_learns_nothing(role: str, visibility: str, method: str) -> None:
    client = Room(visibility=visibility).client(role)
    for address in (CHANGES, PRESENCE):
        answer = getattr(client, method)(f"{address}?tab=a&after=0")
        none = getattr(client, method)(address.replace("room", "none") + "?tab=a&after=0")
        # A method that is not there is refused to all alike; nothing is told by it.
        expected = 404 if visibility == "private" or answer.status_code != 405 else 405
        assert (answer.status_code, none.status_code) == (expected, 404)
    assert Presence.objects.count() == 0


def test_another_dossier_is_not_told(room: Room) -> None:
    client = room.client("reader")
    start = polled(client)["number"]
    with history.recording(by=room.people["owner"]):
        other = DossierFactory(slug="other")
        EventFactory(dossier=other)
    Presence.sign(other, room.people["owner"], "a")
    told = polled(client, start)
    assert (told["changes"], told["people"]) == ([], [])


def test_people_are_seen_and_what_they_edit(room: Room) -> None:
    owner, reader = room.client("owner"), room.client("reader")
    owner.post(PRESENCE, {"tab": "a", "record": "E1", "field": "place"})
    owner.post(PRESENCE, {"tab": "b"})
    reader.post(PRESENCE, {"tab": "c"})
    told = polled(reader, tab="c")
    alone = {"initials": "OX", "name": "Owner X"}
    assert told["people"] == [alone | {"you": False, "edits": [["E1", "place"]]}]
    you = {"initials": "RX", "name": "Reader X", "you": False, "edits": []}
    mine = {"initials": "OX", "name": "Owner X", "you": True, "edits": []}
    seen = sorted(polled(owner, tab="a")["people"], key=lambda person: str(person["initials"]))
    assert seen == [mine, you]
    # The same people again are no news.
    known = {"after": told["number"], "here": told["here"], "tab": "c"}
    assert reader.get(CHANGES, known).status_code == 204
    owner.post(PRESENCE, {"tab": "a"})
    assert polled(reader, told["number"], here=told["here"], tab="c")["people"] == [
        alone | {"you": False, "edits": []}
    ]


def test_many_pages_of_one_person_hide_nobody(room: Room) -> None:
    owner, reader = room.people["owner"], room.client("reader")
    for number in range(250):
        Presence.sign(room.dossier, owner, f"a{number}")
    Presence.sign(room.dossier, owner, "z", "E1", "place")
    Presence.sign(room.dossier, room.people["analyst"], "b", "E1", "when")
    people = polled(reader)["people"]
    edits = {person["name"]: person["edits"] for person in people}
    assert edits == {"Owner X": [["E1", "place"]], "Analyst X": [["E1", "when"]]}
    pulse = live.pulse(room.people["reader"], "room", "")
    assert pulse is not None
    assert len(pulse.pages) == live.PAGES + 1


def test_people_are_forgotten(room: Room) -> None:
    owner, reader = room.client("owner"), room.client("reader")
    owner.post(PRESENCE, {"tab": "a", "record": "E1"})
    assert owner.delete(f"{PRESENCE}?tab=a").status_code == 204
    # A page that was left edits nothing; its person has a moment to open the next one.
    assert polled(reader)["people"][0]["edits"] == []
    aged("3 seconds")
    assert polled(reader)["people"] == []
    owner.post(PRESENCE, {"tab": "b"})
    aged("14 seconds")
    assert len(polled(reader)["people"]) == 1
    aged("1 second")
    assert polled(reader)["people"] == []


def test_long_forgotten_pages_are_pruned(room: Room) -> None:
    for tab in ("a", "b"):
        Presence.sign(room.dossier, room.people["owner"], tab)
    aged("2 minutes")
    Presence.sign(room.dossier, room.people["reader"], "c")
    assert list(Presence.objects.values_list("tab", flat=True)) == ["c"]


def aged(by: str) -> None:
    """Let time pass for all signs."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_presence SET seen_at = seen_at - %s::interval", [by])


@pytest.mark.parametrize("sent", [{}, {"tab": "A B"}, {"tab": "a", "record": "x" * 41}])
def test_a_sign_that_does_not_fit_is_refused(room: Room, sent: dict[str, str]) -> None:
    answer = room.client("reader").post(PRESENCE, sent)
    assert (answer.status_code, Presence.objects.count()) == (400, 0)


def test_nobody_signs_for_a_page_from_elsewhere(room: Room) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(room.people["reader"])
    assert client.post(PRESENCE, {"tab": "a"}).status_code == 403
    assert client.delete(f"{PRESENCE}?tab=a").status_code == 403
    assert Presence.objects.count() == 0


def test_a_superuser_is_seen_like_a_member(room: Room) -> None:
    client = Client()
    client.force_login(UserFactory(username="root", is_superuser=True))
    client.post(PRESENCE, {"tab": "a"})
    assert [person["name"] for person in polled(room.client("reader"))["people"]] == ["root"]


def test_presence_is_no_history(room: Room) -> None:
    revisions = Revision.objects.count()
    room.client("reader").post(PRESENCE, {"tab": "a"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'events_presence'")
        assert cursor.fetchone() == ("u",)
    assert Revision.objects.count() == revisions


def test_many_writers_at_once_and_nothing_is_missed(room: Room) -> None:
    """Writers commit in any order, some slowly; who polls on from number to number has them all."""
    writers, each = 6, 8
    client = room.client("reader")
    start = polled(client)["number"]
    user, dossier = room.people["owner"], room.dossier
    heard_twice = threading.Event()

    def write(number: int) -> None:
        try:
            for turn in range(each):
                if turn == each // 2:
                    heard_twice.wait(60)
                with transaction.atomic(), history.recording(by=user):
                    EventFactory(dossier=dossier, title=f"{number}.{turn}")
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_sleep(%s)", [0.01 * (number % 3)])
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[number]) for number in range(writers)]
    for thread in threads:
        thread.start()
    heard: list[tuple[int, str]] = []
    position, polls = start, 0
    while True:
        over = not any(thread.is_alive() for thread in threads)
        told = polled(client, position)
        assert all(position < change["number"] <= told["number"] for change in told["changes"])
        heard += [(change["number"], change["ref"]) for change in told["changes"]]
        position, polls = told["number"], polls + 1
        if polls == 2:
            heard_twice.set()
        if over:
            break
    written = Event.objects.exclude(ref="E1").values_list("ref", flat=True)
    assert sorted(ref for _, ref in heard) == sorted(written)
    assert [number for number, _ in heard] == list(range(start + 1, start + writers * each + 1))
    assert polls > 2


def test_the_past_is_not_live(room: Room) -> None:
    client = room.client("reader")
    number = polled(client)["number"]
    assert f'data-live="{CHANGES}"' in client.get("/d/room/").text
    assert f'data-live-after="{number}"' in client.get("/d/room/").text
    assert "data-live-after" not in client.get(f"/d/room/?as_of=r{number}").text
    assert client.get(CHANGES, {"as_of": f"r{number}", "after": number}).status_code == 404
