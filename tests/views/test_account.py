"""Signing in and out, habits, pages of errors, health."""

from __future__ import annotations

import re

import pytest
from django.test import Client, override_settings

from events.models import User
from tests.factories import UserFactory
from tests.views.room import Room

pytestmark = pytest.mark.django_db(transaction=True)


def heading(content: bytes) -> str:
    found = re.search(rb"<h1>(.*?)</h1>", content)
    return found[1].decode() if found else ""


@pytest.fixture
def person() -> User:
    user = UserFactory(username="ann")
    user.set_password("a good long one")
    user.save()
    return user


def test_sign_in_goes_where_one_was_sent_from_and_out_again(person: User) -> None:
    client = Client()
    form = {"username": "ann", "password": "a good long one", "next": "/preferences"}
    answer = client.post("/sign-in/", form)
    assert (answer.status_code, answer["Location"]) == (302, "/preferences")
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.get("/sign-out").status_code == 405
    client.post("/sign-out")
    assert "_auth_user_id" not in client.session


def test_no_open_redirect(person: User) -> None:
    form = {"username": "ann", "password": "a good long one", "next": "https://evil.example/"}
    assert Client().post("/sign-in/", form)["Location"] == "/"
    answer = Client().post("/preferences", {"theme": "dark", "next": "//evil.example/"})
    assert answer["Location"] == "/"


def test_wrong_password_says_no_more_than_that(person: User) -> None:
    for name in ("ann", "nobody"):
        answer = Client().post("/sign-in/", {"username": name, "password": "x"})
        assert answer.status_code == 422
        assert b"This user name and password do not fit together." in answer.content


@override_settings(AXES_FAILURE_LIMIT=2)
def test_too_many_tries_are_stopped(person: User) -> None:
    client = Client()
    for _ in range(2):
        answer = client.post("/sign-in/", {"username": "ann", "password": "x"})
    assert answer.status_code == 429
    assert heading(answer.content) == "Too many tries"
    assert b"Try again in 15 minutes." in answer.content
    # Nobody else is stopped, not even from the same address.
    UserFactory(username="ben")
    assert client.post("/sign-in/", {"username": "ben", "password": "x"}).status_code == 422


def test_habits_of_a_person_and_of_a_visitor(person: User) -> None:
    client = Client()
    client.force_login(person)
    client.post("/preferences", {"theme": "dark", "next": "/d/x/"})
    client.post("/preferences", {"single_keys": "off"})
    person.refresh_from_db()
    assert (person.theme, person.single_keys) == ("dark", False)
    visitor = Client()
    answer = visitor.post("/preferences", {"theme": "light", "next": "/sign-in/"})
    assert (answer["Location"], answer.cookies["theme"].value) == ("/sign-in/", "light")
    assert b'data-theme="light"' in visitor.get("/sign-in/").content
    quiet = visitor.post("/preferences", {"theme": "dark"}, headers={"Accept": "application/json"})
    assert (quiet.status_code, quiet.content) == (204, b"")
    assert visitor.post("/preferences", {"theme": "pink"}).status_code == 400


def test_error_pages_have_our_look() -> None:
    room = Room()
    lost = room.client("").get("/no/such/page")
    assert (lost.status_code, heading(lost.content)) == (404, "There is no such page")
    barred = room.client("reader").post("/d/room/events/E1/edit", {})
    assert (barred.status_code, heading(barred.content)) == (403, "You may not do this")
    assert b"Only analysts, reviewers and owners can edit here." in barred.content
    strict = Client(enforce_csrf_checks=True)
    forged = strict.post("/sign-in/", {"username": "ann", "password": "x"})
    assert (forged.status_code, heading(forged.content)) == (403, "Send the form once more")


def test_a_failure_has_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    from events.views import health

    def fail(*args: object) -> None:
        raise RuntimeError("nothing works")

    monkeypatch.setattr(health, "MigrationExecutor", fail)
    answer = Client(raise_request_exception=False).get("/readyz")
    assert (answer.status_code, heading(answer.content)) == (500, "Something went wrong here")


def test_visitor_is_asked_to_sign_in() -> None:
    room = Room(visibility="public")
    answer = room.client("").get("/d/room/events/new")
    assert answer["Location"] == "/sign-in/?next=/d/room/events/new"


def test_alive_and_ready() -> None:
    answers = [Client().get(address) for address in ("/healthz", "/readyz")]
    found = [(answer.status_code, answer.content) for answer in answers]
    assert found == [(200, b"alive\n"), (200, b"ready\n")]
