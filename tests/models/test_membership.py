"""The last owner of a dossier stays, by whatever way somebody writes."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from events import history
from events.models import Dossier, LastOwner, Membership, User, keeping_owners
from tests.factories import DossierFactory, MembershipFactory, UserFactory

# What is deferred is refused at commit.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def root() -> Any:
    return UserFactory(username="root", is_staff=True, is_superuser=True)


@pytest.fixture
def own(root: Any) -> Any:
    """The membership of the only owner of a dossier that has a reader too."""
    with history.recording(by=root):
        own = MembershipFactory(user=UserFactory(username="ann"), role="owner")
        MembershipFactory(dossier=own.dossier, user=UserFactory(username="ben"), role="reader")
    return own


def owners() -> list[str]:
    """Who owns a dossier and can sign in."""
    rows = Membership.objects.filter(role="owner", user__is_active=True)
    return sorted(rows.values_list("user__username", flat=True))


SQL = {
    "delete": "DELETE FROM events_membership WHERE role = 'owner'",
    "role": "UPDATE events_membership SET role = 'reviewer'",
    "away": "UPDATE events_membership SET user_id = (SELECT id FROM events_user"
    " WHERE username = 'gone') WHERE role = 'owner'",
    "truncate": "TRUNCATE events_membership CASCADE",
    "off": "UPDATE events_user SET is_active = false WHERE username = 'ann'",
}


@pytest.mark.parametrize("way", SQL)
def test_sql_cannot_take_the_last_owner_away(way: str, own: Membership, root: Any) -> None:
    UserFactory(username="gone", is_active=False)
    with (
        pytest.raises(LastOwner, match="keeps at least one owner"),
        keeping_owners(),
        history.recording(by=root),
        connection.cursor() as cursor,
    ):
        cursor.execute(SQL[way])
    assert owners() == ["ann"]


@pytest.mark.parametrize("way", ["delete", "role", "away", "off"])
def test_sql_may_take_one_of_two_owners(way: str, own: Membership, root: Any) -> None:
    UserFactory(username="gone", is_active=False)
    with history.recording(by=root):
        Membership.objects.filter(user__username="ben").update(role="owner")
    narrowed = SQL[way] if way == "off" else f"{SQL[way].split(' WHERE role')[0]} WHERE id = %s"
    with history.recording(by=root), connection.cursor() as cursor:
        cursor.execute(narrowed, [] if way == "off" else [own.pk])
    assert owners() == ["ben"]


def test_within_a_transaction_the_owner_may_change(own: Membership, root: Any) -> None:
    with history.recording(by=root):
        own.delete()
        Membership.objects.filter(user__username="ben").update(role="owner")
    assert owners() == ["ben"]


def test_a_dossier_is_deleted_with_its_owner(own: Membership, root: Any) -> None:
    with history.recording(by=root):
        own.dossier.delete()
    assert (Dossier.objects.count(), Membership.objects.count()) == (0, 0)


def test_a_dossier_that_never_had_an_owner_asks_for_none(root: Any) -> None:
    with history.recording(by=root):
        member: Any = MembershipFactory(dossier=DossierFactory(), role="reader")
    with history.recording(by=root):
        member.delete()
    assert Membership.objects.count() == 0


@pytest.mark.parametrize("ways", [("delete", "delete"), ("delete", "off"), ("off", "off")])
def test_two_owners_who_go_at_once(ways: tuple[str, str], own: Membership, root: Any) -> None:
    with history.recording(by=root):
        Membership.objects.filter(user__username="ben").update(role="owner")
    start, outcomes = threading.Barrier(2), []

    def go(name: str, way: str) -> None:
        try:
            with keeping_owners(), history.recording(by=root):
                if way == "off":
                    User.objects.filter(username=name).update(is_active=False)
                else:
                    Membership.objects.filter(user__username=name).delete()
                # Both have written before either commits.
                start.wait(10)
            outcomes.append("went")
        except LastOwner:
            outcomes.append("stayed")
        finally:
            connection.close()

    people = zip(("ann", "ben"), ways, strict=True)
    threads = [threading.Thread(target=go, args=pair) for pair in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (sorted(outcomes), len(owners())) == (["stayed", "went"], 1)


def test_other_refusals_are_not_taken_for_this_one(own: Membership, root: Any) -> None:
    with pytest.raises(IntegrityError), keeping_owners(), history.recording(by=root):
        MembershipFactory(dossier=own.dossier, user=own.user)


KEEPS = "A dossier keeps at least one owner. Make someone else an owner first. Nothing was saved."


@pytest.mark.parametrize("way", ["delete", "change", "action", "user off", "user gone"])
def test_the_admin_says_so(way: str, own: Membership, root: Any) -> None:
    client = Client()
    client.force_login(root)
    person = User.objects.get(username="ann")
    own.refresh_from_db()
    at = {
        "delete": ("membership_delete", [own.pk], {"post": "yes"}),
        "change": (
            "membership_change",
            [own.pk],
            {"user": person.pk, "role": "reader", "made_from": own.version},
        ),
        "action": (
            "membership_changelist",
            [],
            {"action": "delete_selected", "_selected_action": [own.pk], "post": "yes"},
        ),
        "user off": (
            "user_change",
            [person.pk],
            {
                "username": "ann",
                "theme": "system",
                "date_joined_0": "2025-03-11",
                "date_joined_1": "10:00:00",
            },
        ),
        "user gone": ("user_delete", [person.pk], {"post": "yes"}),
    }
    page, args, data = at[way]
    answer = client.post(reverse(f"admin:events_{page}", args=args), data, follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert (said, owners()) == ([KEEPS], ["ann"])


def test_the_maker_of_a_dossier_in_the_admin_owns_it(root: Any) -> None:
    client = Client()
    client.force_login(root)
    empty = {
        f"{rows}-{name}": "0"
        for rows in ("membership_set", "side_set")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    data = {"title": "New", "slug": "new", "time_zone": "UTC", "visibility": "private"}
    answer = client.post(reverse("admin:events_dossier_add"), data | {"stale_after": "30"} | empty)
    assert (answer.status_code, owners()) == (302, ["root"])
