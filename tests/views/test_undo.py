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
