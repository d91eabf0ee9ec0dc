"""The members of a dossier: who may, adding, roles, removal, leaving, and the last owner."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from events import history
from events.models import Dossier, LastOwner, Membership
from tests.factories import MembershipFactory, UserFactory
from tests.markup import parse
from tests.views.room import ROLES, Room

pytestmark = pytest.mark.django_db

URL = "/d/room/members/"


def roles(room: Room) -> dict[str, str]:
    """Everybody's role, by user name."""
    rows = Membership.objects.filter(dossier=room.dossier)
    return dict(rows.values_list("user__username", "role"))


def of(room: Room, person: str) -> Membership:
    return Membership.objects.get(dossier=room.dossier, user=room.people[person])


def give(room: Room, person: str, role: str, by: str = "owner", version: int = 0) -> Any:
    member = of(room, person)
    data = {"role": role, "version": version or member.version}
    return room.client(by).post(f"{URL}{member.ref}/role", data)


ADDRESSES = (
    ("get", ""),
    ("post", ""),
    ("post", "{ref}/role"),
    ("get", "{ref}/removal"),
    ("post", "{ref}/removal"),
)


@pytest.mark.parametrize(("method", "tail"), ADDRESSES)
@pytest.mark.parametrize("visibility", ["private", "public"])
def test_only_owners_and_nobody_outside_learns_of_it(
    method: str, tail: str, visibility: str
) -> None:
    room = Room(visibility=visibility)
    before = roles(room)
    address = URL + tail.format(ref=of(room, "reader").ref)
    for role in ("reader", "analyst", "reviewer"):
        answer = getattr(room.client(role), method)(address)
        assert answer.status_code == 403
        assert "Only owners can" in parse(answer.content).one("main").text
    if visibility == "private":
        for role in ("outsider", ""):
            assert getattr(room.client(role), method)(address).status_code == 404
    else:
        assert getattr(room.client("outsider"), method)(address).status_code == 403
        assert getattr(room.client(""), method)(address)["Location"].startswith("/sign-in/")
    assert roles(room) == before


def test_members_stand_by_role_with_names() -> None:
    room = Room()
    page = parse(room.client("owner").get(URL).content)
    listed = [
        (row.one("h3").text, row.all("option", selected="")[0]["value"])
        for row in page.one("ol", "members").all("li")
    ]
    assert listed == [
        ("Owner X you", "owner"),
        ("Reviewer X", "reviewer"),
        ("Analyst X", "analyst"),
        ("Reader X", "reader"),
    ]
    menu = page.one("details", "dossier-switch")
    assert {"Members", "Settings", "History", "Leave"} <= {link.text for link in menu.all("a")}
    analyst = parse(room.client("analyst").get("/d/room/").content)
    links = {link.text for link in analyst.one("details", "dossier-switch").all("a")}
    assert {"History", "Leave"} <= links
    assert not {"Members", "Settings"} & links


def test_the_list_costs_the_same_for_many(django_assert_num_queries: Callable) -> None:
    room = Room()
    with history.recording(by=room.people["owner"]):
        for _ in range(12):
            MembershipFactory(dossier=room.dossier)
    client = room.client("owner")
    # Session, user, dossier, membership, its members, the other dossiers.
    with django_assert_num_queries(6):
        client.get(URL)


def test_someone_is_added_by_their_exact_name_and_may_come_in_at_once() -> None:
    room = Room()
    UserFactory(username="Ida")
    newcomer = room.people["outsider"]
    client = room.client("outsider")
    assert client.get("/d/room/").status_code == 404
    data = {"username": newcomer.username, "role": "analyst"}
    assert room.client("owner").post(URL, data)["Location"] == URL
    assert roles(room)[newcomer.username] == "analyst"
    assert client.get("/d/room/events/new").status_code == 200
    refused = room.client("owner").post(URL, {"username": "ida", "role": "reader"})
    assert refused.status_code == 422
    assert "ida" not in roles(room)


@pytest.mark.parametrize(
    ("name", "role", "message"),
    [
        ("nobody", "reader", "'nobody' is not an account that can be added. Check the name."),
        ("gone", "reader", "'gone' is not an account that can be added. Check the name."),
        ("", "reader", "This field is required."),
        ("nobody\x00", "reader", "Null characters are not allowed."),
        ("fresh", "king", "Select a valid choice. king is not one of the available choices."),
    ],
)
def test_who_cannot_be_added_is_told_neutrally(name: str, role: str, message: str) -> None:
    room = Room()
    UserFactory(username="gone", is_active=False)
    UserFactory(username="fresh")
    before = roles(room)
    answer = room.client("owner").post(URL, {"username": name, "role": role})
    assert answer.status_code == 422
    assert message in parse(answer.content).one("section", "error-summary").text
    assert roles(room) == before


def test_a_member_is_not_added_twice() -> None:
    room = Room()
    name = room.people["reader"].username
    answer = room.client("owner").post(URL, {"username": name, "role": "owner"})
    said = parse(answer.content).one("section", "error-summary").text
    assert (answer.status_code, roles(room)[name]) == (422, "reader")
    assert f"{name} is a member already. Change the role in the list." in said


def test_a_role_holds_from_the_next_request() -> None:
    room = Room()
    client = room.client("reader")
    assert client.get("/d/room/events/new").status_code == 403
    assert give(room, "reader", "analyst")["Location"] == URL
    assert client.get("/d/room/events/new").status_code == 200
    give(room, "reader", "reader")
    assert client.get("/d/room/events/new").status_code == 403


def test_a_role_that_is_none_changes_nothing() -> None:
    room = Room()
    before = roles(room)
    answer = give(room, "reader", "king")
    assert (answer.status_code, roles(room)) == (422, before)


def test_two_owners_give_different_roles() -> None:
    room = Room()
    give(room, "reader", "analyst")
    answer = give(room, "reader", "reviewer", version=1)
    said = parse(answer.content).one("div", "banner").text
    name = room.people["reader"].username
    assert (answer.status_code, roles(room)[name]) == (409, "analyst")
    assert f"{name} was made analyst meanwhile." in said
    assert give(room, "reader", "owner", version=99).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_a_removed_member_is_out_at_once_and_undo_brings_them_back() -> None:
    room = Room()
    member, client = of(room, "analyst"), room.client("analyst")
    asked = parse(room.client("owner").get(f"{URL}{member.ref}/removal").content)
    name = member.user.username
    assert asked.one("section", "confirm-bar")["aria-label"] == f"Remove {name}?"
    owner = room.client("owner")
    answer = owner.post(f"{URL}{member.ref}/removal", follow=True)
    assert name not in roles(room)
    assert client.get("/d/room/").status_code == 404
    undo = parse(answer.content).one("div", "toasts").one("form")["action"]
    assert owner.post(undo).status_code == 302
    assert (roles(room)[name], client.get("/d/room/").status_code) == ("analyst", 200)


def test_the_last_owner_stays() -> None:
    room = Room()
    before, ref = roles(room), of(room, "owner").ref
    answers = [
        give(room, "owner", "reviewer"),
        room.client("owner").post(f"{URL}{ref}/removal"),
        room.client("owner").post("/d/room/departure"),
    ]
    words = "A dossier keeps at least one owner. Make someone else an owner first."
    for answer in answers:
        assert answer.status_code == 409
        assert words in parse(answer.content).one("div", "banner").text
    assert roles(room) == before


def test_an_owner_whose_account_is_off_does_not_count() -> None:
    room = Room()
    give(room, "reviewer", "owner")
    room.people["reviewer"].is_active = False
    room.people["reviewer"].save()
    assert give(room, "owner", "reader").status_code == 409


def test_an_owner_may_step_down_while_another_stays() -> None:
    room = Room()
    give(room, "reviewer", "owner")
    assert give(room, "owner", "reader")["Location"] == "/d/room/"
    assert roles(room)[room.people["owner"].username] == "reader"


@pytest.mark.parametrize("role", ["reader", "analyst", "reviewer"])
def test_everybody_can_leave(role: str) -> None:
    room = Room()
    client = room.client(role)
    asked = parse(client.get("/d/room/departure").content)
    assert f"You are {role} of this dossier." in asked.one("main").text
    assert client.post("/d/room/departure")["Location"] == "/"
    assert room.people[role].username not in roles(room)
    assert client.get("/d/room/").status_code == 404


def test_one_leaves_a_public_dossier_as_a_visitor() -> None:
    room = Room(visibility="public")
    assert room.client("reader").post("/d/room/departure")["Location"] == "/d/room/"
    assert room.client("outsider").get("/d/room/departure").status_code == 404
    assert Client().post("/d/room/departure").status_code == 404


def test_a_superuser_manages_members_but_has_none_to_leave() -> None:
    room = Room()
    client = Client()
    client.force_login(UserFactory(is_superuser=True))
    assert client.get(URL).status_code == 200
    assert client.post("/d/room/departure").status_code == 404
    assert len(roles(room)) == len(ROLES)


@pytest.mark.django_db(transaction=True)
def test_undo_cannot_take_the_last_owner_away() -> None:
    room = Room()
    give(room, "reviewer", "owner")
    raised = history.sealed_number(room.dossier.pk)
    give(room, "owner", "reader", by="reviewer")
    answer = room.client("reviewer").post(f"/d/room/revisions/{raised}/undo")
    assert answer.status_code == 409
    assert "A dossier keeps at least one owner." in parse(answer.content).one("main").text
    assert roles(room)[room.people["reviewer"].username] == "owner"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["end", "give"])
def test_two_owners_who_go_at_once_do_not_both_go(verb: str) -> None:
    room = Room()
    give(room, "reviewer", "owner")
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def go(person: str) -> None:
        try:
            member = of(room, person)
            member.dossier = Dossier.objects.get(pk=room.dossier.pk)
            start.wait(10)
            with history.recording(by=room.people[person]):
                if verb == "end":
                    member.end()
                else:
                    member.give("reader", member.version)
            outcomes.append("went")
        except LastOwner:
            outcomes.append("stayed")
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(who,)) for who in ("owner", "reviewer")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    owners = [name for name, role in roles(room).items() if role == "owner"]
    assert (sorted(outcomes), len(owners)) == (["stayed", "went"], 1)
