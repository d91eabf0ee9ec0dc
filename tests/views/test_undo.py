"""Who may undo what, and where one is afterwards."""

from __future__ import annotations

import pytest

from events import history
from events.models import Dossier, Membership, Revision
from tests.views.room import Room

pytestmark = pytest.mark.django_db(transaction=True)


def newest(dossier: Dossier) -> Revision:
    return Revision.objects.filter(dossier_id=dossier.pk).latest("number")


def test_only_an_owner_undoes_what_only_an_owner_does() -> None:
    room = Room(visibility="public")
    owner = room.people["owner"]
    with history.recording(by=owner):
        Dossier.objects.update(visibility="private")
    hidden = newest(room.dossier).number
    with history.recording(by=owner):
        Membership.objects.filter(user=room.people["reviewer"]).update(role="analyst")
        Membership.objects.filter(user=room.people["analyst"]).update(role="reviewer")
    for number in (hidden, newest(room.dossier).number):
        answer = room.client("analyst").post(f"/d/room/revisions/{number}/undo")
        assert answer.status_code == 403
        assert b"Only owner" in answer.content
    assert Dossier.objects.get().visibility == "private"
    assert room.client("owner").post(f"/d/room/revisions/{hidden}/undo").status_code == 302
    assert Dossier.objects.get().visibility == "public"


def test_the_making_of_a_dossier_is_not_undone() -> None:
    room = Room()
    answer = room.client("owner").post("/d/room/revisions/1/undo")
    assert (answer.status_code, room.now().title) == (409, "Talks in Jeddah")
    assert b"The making of a dossier is not undone." in answer.content


def test_undo_of_a_creation_leaves_what_others_added() -> None:
    room = Room()
    client = room.client("analyst")
    client.post("/d/room/events/new", room.form(title="Mine"))
    made = newest(room.dossier).number
    room.client("owner").post(
        "/d/room/links/new", {"from_event": "E2", "to_event": "E1", "kind": "responds_to"}
    )
    answer = client.post(f"/d/room/revisions/{made}/undo")
    assert answer.status_code == 409
    assert b"Other records depend on it by now: L1." in answer.content


@pytest.mark.parametrize(
    ("referer", "to"),
    [
        ("/d/room/events/", "/d/room/events/"),
        ("http://testserver/d/room/events/E1/?a=b#c", "/d/room/events/E1/?a=b"),
        ("http://testserver", "/d/room/"),
        ("http://testserver//elsewhere.example/", "/d/room/"),
        ("http://elsewhere.example/d/room/events/", "/d/room/"),
        ("http://[", "/d/room/"),
        ("", "/d/room/"),
    ],
)
def test_after_undo_one_is_where_one_was(referer: str, to: str) -> None:
    room = Room()
    room.changed("analyst", title="Other")
    number = newest(room.dossier).number
    answer = room.client("analyst").post(
        f"/d/room/revisions/{number}/undo", headers={"Referer": referer}
    )
    assert (answer.status_code, answer["Location"]) == (302, to)


def written_published_withdrawn(room: Room, by: str = "owner") -> int:
    """An event that the reviewer wrote, the owner published and `by` took back: the number of the
    revision that took it back."""
    room.changed("reviewer", title="Reviewer's words")
    with history.recording(by=room.people["owner"]):
        room.now().publish()
    with history.recording(by=room.people[by]):
        room.now().withdraw()
    return newest(room.dossier).number


@pytest.mark.parametrize("by", ["owner", "reviewer"])
def test_the_writer_does_not_publish_by_undoing_a_withdrawal(by: str) -> None:
    room = Room()
    number = written_published_withdrawn(room, by)
    address = f"/d/room/revisions/{number}/undo"
    answer = room.client("reviewer").post(address)
    assert (answer.status_code, room.now().state) == (403, "draft")
    assert b"You wrote the present version of E1." in answer.content
    page = room.client("reviewer").get(f"/d/room/history/{number}/")
    assert f'action="{address}"' not in page.text
    assert room.client("owner").post(address).status_code == 302
    assert (room.now().title, room.now().state) == ("Reviewer's words", "published")


def test_undoing_a_withdrawal_takes_who_may_publish() -> None:
    room = Room()
    number = written_published_withdrawn(room, "reviewer")
    # Somebody who reviewed once and does no more.
    with history.recording(by=room.people["owner"]):
        Membership.objects.filter(user=room.people["reviewer"]).update(role="analyst")
    answer = room.client("reviewer").post(f"/d/room/revisions/{number}/undo")
    assert (answer.status_code, room.now().state) == (403, "draft")
    assert b"Only reviewers and owners can review here." in answer.content


def test_an_analyst_takes_back_what_made_a_published_record_a_draft() -> None:
    """What was reviewed is there again, word for word, and so is its state."""
    room = Room()
    with history.recording(by=room.people["owner"]):
        room.now().publish()
    room.changed("analyst", title="Other")
    assert room.now().state == "draft"
    client = room.client("analyst")
    client.post(f"/d/room/revisions/{newest(room.dossier).number}/undo")
    assert (room.now().title, room.now().state) == ("Talks in Jeddah", "published")
    client.post("/d/room/events/E1/deletion", {"version": room.now().version})
    number = newest(room.dossier).number
    client.post(f"/d/room/history/{number}/E1/restoration")
    assert (room.now().title, room.now().state) == ("Talks in Jeddah", "published")


@pytest.mark.parametrize("step", ["edit", "deletion"])
def test_what_was_withdrawn_since_is_not_published_by_undoing_an_older_change(step: str) -> None:
    """The record looks as the older change left it, but somebody decided about it meanwhile."""
    room = Room()
    with history.recording(by=room.people["owner"]):
        room.now().publish()

    def take() -> int:
        if step == "edit":
            room.changed("analyst", title="Other")
        else:
            with history.recording(by=room.people["analyst"]):
                room.now().delete()
        return int(newest(room.dossier).number or 0)

    older = take()
    client = room.client("analyst")
    assert client.post(f"/d/room/revisions/{older}/undo").status_code == 302
    with history.recording(by=room.people["reviewer"]):
        room.now().withdraw()
    latest = take()
    answer = client.post(f"/d/room/revisions/{older}/undo")
    assert answer.status_code == 403
    assert b"Only reviewers and owners can review here." in answer.content
    assert client.post(f"/d/room/revisions/{latest}/undo").status_code == 302
    assert (room.now().title, room.now().state) == ("Talks in Jeddah", "draft")


def test_one_s_own_last_change_is_found_and_asked_about() -> None:
    room = Room()
    room.changed("analyst", place="Riyadh")
    mine = newest(room.dossier).number
    room.changed("owner", title="Other")
    analyst = room.client("analyst")
    answer = analyst.get("/d/room/revisions/0/undo")
    assert (answer.status_code, answer["Location"]) == (302, f"/d/room/revisions/{mine}/undo")
    answer = room.client("reviewer").get("/d/room/revisions/0/undo", follow=True)
    assert answer.redirect_chain == [("/d/room/history/", 302)]
    assert b"There is no change of yours here that you may undo." in answer.content
    assert analyst.post("/d/room/revisions/0/undo").status_code == 404


def test_a_form_sent_twice_undoes_once() -> None:
    room = Room()
    room.changed("analyst", place="Riyadh")
    number = newest(room.dossier).number
    client = room.client("analyst")
    first, second = (client.post(f"/d/room/revisions/{number}/undo") for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 409)
    assert (room.now().place, newest(room.dossier).number) == ("Jeddah", number + 1)
