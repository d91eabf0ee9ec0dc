"""What is typed outlives the end of a session and a mark against forgery that became too old."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from events import carried
from events.models import Event
from tests.markup import parse
from tests.views.room import Room

E1 = "/d/room/events/E1/"
TEXT = 'Two lines,\n"quoted" & <marked>'

pytestmark = pytest.mark.django_db(transaction=True)


def form_of(content: bytes, action: str) -> dict[str, str]:
    """What the form with this address would send."""
    form = parse(content).one("form", action=action)
    found = {field["name"]: field.get("value") for field in form.all("input")}
    for field in form.all("textarea"):
        found[field["name"]] = "".join(map(str, field.parts)).removeprefix("\n")
    return found


def signed_in(client: Client, room: Room, page: bytes) -> Any:
    """The answer to the sign-in form of a page that carries something."""
    user = room.people["analyst"]
    user.set_password("the analyst writes")
    user.save()
    sent = form_of(page, "/sign-in/") | {
        "username": user.username,
        "password": "the analyst writes",
    }
    return client.post("/sign-in/", sent)


@pytest.mark.parametrize(("visibility", "status"), [("public", 403), ("private", 404)])
def test_a_form_sent_after_the_session_ended_is_sent_after_signing_in(
    visibility: str, status: int
) -> None:
    room = Room(visibility=visibility)
    client, form = Client(), room.form(summary=TEXT)
    answer = client.post(f"{E1}edit", form)
    assert (answer.status_code, answer["Signed-Out"]) == (status, "true")
    assert "nothing you wrote is lost" in parse(answer.content).one("main").text
    answer = signed_in(client, room, answer.content)
    assert answer.status_code == 200
    sent = form_of(answer.content, f"{E1}edit")
    answer = client.post(f"{E1}edit", sent)
    assert (answer.status_code, answer["Location"]) == (302, E1)
    assert room.now().summary == TEXT


def test_a_wrong_password_keeps_what_is_carried() -> None:
    room, client = Room(visibility="public"), Client()
    page = client.post(f"{E1}edit", room.form(summary=TEXT)).content
    sent = form_of(page, "/sign-in/") | {"username": "nobody", "password": "wrong"}
    answer = client.post("/sign-in/", sent)
    assert answer.status_code == 422
    assert form_of(answer.content, "/sign-in/")["carried"] == sent["carried"]
    assert "wrong" not in sent["carried"]


def test_who_signed_in_elsewhere_gets_what_the_page_carried() -> None:
    room, client = Room(visibility="public"), Client()
    page = client.post(f"{E1}edit", room.form(summary=TEXT)).content
    client.force_login(room.people["analyst"])
    answer = client.post("/sign-in/", form_of(page, "/sign-in/"))
    assert form_of(answer.content, f"{E1}edit")["summary"] == TEXT


@pytest.mark.parametrize(
    ("to", "held"),
    [
        ("https://elsewhere.example/", '[["a", "b"]]'),
        ("//elsewhere.example/", '[["a", "b"]]'),
        ("timeline", '[["a", "b"]]'),
        (E1, "nothing"),
        (E1, "[1, 2]"),
        (E1, "[[1, 2, 3]]"),
        (E1, "[" * 100_000),
        (E1, r'[["summary", "\ud800"]]'),
    ],
)
def test_only_our_addresses_and_our_packets_are_offered(to: str, held: str) -> None:
    room, client = Room(), Client()
    client.force_login(room.people["analyst"])
    answer = client.post("/sign-in/", {"next": to, "carried": held})
    assert answer.status_code == 302
    assert "elsewhere" not in answer["Location"]


def test_a_private_dossier_is_like_none_for_what_is_sent_to_it() -> None:
    Room()
    answers = []
    for slug in ("room", "none"):
        answer = Client().post(f"/d/{slug}/events/E1/edit", {"summary": TEXT})
        page = parse(answer.content).one("main").text.replace(f"/{slug}/", "/")
        answers.append((answer.status_code, answer.headers.get("Signed-Out"), page))
    assert answers[0] == answers[1]
    assert answers[0][:2] == (404, "true")


def test_a_form_with_an_old_mark_is_offered_once_more_to_its_own_site() -> None:
    room = Room()
    client = Client(enforce_csrf_checks=True)
    client.force_login(room.people["analyst"])
    form = room.form(summary=TEXT) | {"csrfmiddlewaretoken": "x" * 64}
    answer = client.post(f"{E1}edit", form, headers={"Origin": "http://testserver"})
    assert (answer.status_code, answer["Signed-Out"]) == (403, "true")
    sent = form_of(answer.content, f"{E1}edit")
    assert sent["summary"] == TEXT
    assert sent["csrfmiddlewaretoken"] != "x" * 64
    answer = client.post(f"{E1}edit", sent, headers={"Origin": "http://testserver"})
    assert (answer.status_code, room.now().summary) == (302, TEXT)
    for headers in ({}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}):
        answer = client.post(f"{E1}edit", form, headers=headers)
        assert answer.status_code == 403
        assert TEXT.split("\n")[0] not in answer.content.decode()


def test_packing_gives_back_what_was_packed() -> None:
    pairs = [("summary", TEXT), ("summary", "again"), ("Ort", "Dschidda, ü")]
    assert carried.unpacked(carried.packed(pairs)) == pairs
    assert carried.unpacked(json.dumps({"a": "b"})) == []


def test_what_was_written_is_told_in_the_words_of_its_form() -> None:
    sent = [
        ("when", "11 Mar"),
        ("when_basis", "derived_document"),
        ("mine-place", "Doha"),
        ("choice-place", "yours"),
        ("typed-kind", "talks"),
        ("part_of", "E2"),
        ("unheard_of", "kind"),
        ("modality", "no such"),
        ("version", "3"),
        ("summary", " "),
    ]
    plain = ["11 Mar", "derived_document", "Doha", "talks", "E2", "kind", "no such"]
    basis = str(dict(Event._meta.get_field("when_basis").choices)["derived_document"])
    told = ["11 Mar", basis, "Doha", "Talks", "E2", "kind", "no such"]
    labels = ["When", "Basis of the date", "Where", "Kind", "Part of", "Unheard of", "Modality"]
    for address in (f"{E1}edit", f"{E1}merge", "/d/none/events/E9/edit?as=typed"):
        assert carried.written(sent, address) == list(zip(labels, told, strict=True))
    names = ["When", "When basis", "Place", "Kind", "Part of", "Unheard of", "Modality"]
    for address in ("", "/nowhere", "//[", "/sign-in/"):
        assert carried.written(sent, address) == list(zip(names, plain, strict=True))


def test_the_page_to_sign_in_shows_the_words_of_the_form() -> None:
    room = Room(visibility="public")
    answer = Client().post(f"{E1}edit", room.form(summary="", when_basis="derived_document"))
    shown = parse(answer.content).one("dl", "fields").all("div", "field-row")
    told = {row.one("dt").text: row.one("dd").text for row in shown}
    assert told == {
        "Title": "Talks in Jeddah",
        "Basis of the date": str(
            dict(Event._meta.get_field("when_basis").choices)["derived_document"]
        ),
        "Where": "Jeddah",
        "Kind": "Talks",
        "Modality": "Occurred",
        "Channel": "Unknown",
    }
