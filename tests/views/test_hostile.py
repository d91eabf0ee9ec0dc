"""Addresses and forms that no page of ours sends: answered with a page, never with a failure."""

from __future__ import annotations

import pytest
from django.core import signing
from django.test import Client

from events import history
from events.forms.event import EventForm
from events.forms.records import RecordForm
from events.models import Event
from events.views.records import RecordView
from tests.factories import ActorFactory, SourceFactory
from tests.views.negotiation import Negotiation
from tests.views.room import Room

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("events/%00/", 404),
        ("events/E1%00/edit", 404),
        ("events/E1/fields/nothing/", 404),
        ("events/E1/fields/version/", 404),
        ("events/E1/fields/reason/", 404),
        ("events/E1/history/99999999999999999999", 404),
        ("events/E1/history/99999999999999999999/restoration", 404),
        ("events/E1/history/0", 404),
        ("events/E1/history/0/restoration", 404),
        ("events/?q=%00", 200),
        ("events/?after=%00", 200),
        ("events/?after=zzzz", 200),
        ("events/?before=" + signing.b64_encode(b'["x", [], 1]').decode(), 200),
        ("events/?after=" + signing.b64_encode(b"[1, 2, 99999999999999999999]").decode(), 200),
        ("events/?after=" + signing.b64_encode(b"[NaN, null, 1]").decode(), 200),
        ("events/?after=" + signing.b64_encode(b"[" * 5000).decode(), 200),
        ("events/?after=" + signing.b64_encode(b"[1%s, 1, 1]" % (b"0" * 30)).decode(), 200),
        ("affiliations/?after=" + signing.b64_encode(b'["\\u0000", 1]').decode(), 200),
        ("events/options?of=part_of&part_of=%00", 200),
        ("events/options?of=%00", 200),
        ("events/new?title=%00&part_of=%00", 200),
        ("review/?after=" + signing.b64_encode(b'["2025-01-01T00:00+23:59",1,1]').decode(), 200),
        ("review/?after=" + signing.b64_encode(b'["0001-01-01T00:00+23:59",1,1]').decode(), 200),
        ("dates?text=%00", 422),
        ("dates?text=" + "9" * 300, 422),
        ("dates?text=2025&about=%00", 422),
    ],
)
def test_odd_addresses(address: str, status: int) -> None:
    answer = Room().client("owner").get(f"/d/room/{address}", headers={"HX-Request": "true"})
    assert (address, answer.status_code) == (address, status)


@pytest.mark.parametrize(
    "sent",
    [
        {"version": "99999999999999999999"},
        {"version": "-1"},
        {"version": "9" * 5000},
        {"version": "x"},
        {"version": "¹"},
        {"title": "a\x00b"},
        {"title": "x" * 301},
        {"part_of": "\x00"},
        {"coordinates": "1e999999, 0"},
        {"kind": "war"},
        {"reason": "x" * 301},
    ],
)
def test_odd_forms(sent: dict[str, str]) -> None:
    room = Room()
    answer = room.client("owner").post("/d/room/events/E1/edit", room.form() | sent)
    assert answer.status_code in (302, 422)
    assert (room.now().title, room.now().version) == ("Talks in Jeddah", 1)


def test_undo_of_what_never_was() -> None:
    client = Room().client("owner")
    for number in ("99", "99999999999999999999"):
        assert client.get(f"/d/room/revisions/{number}/undo").status_code == 404
        assert client.post(f"/d/room/revisions/{number}/undo").status_code == 404
    # No revision is numbered 0: there it asks about one's own last change.
    assert client.post("/d/room/revisions/0/undo").status_code == 404
    assert client.put("/d/room/revisions/1/undo").status_code == 405


LONG = " ".join(f"word{n:06}" for n in range(120_000))


@pytest.mark.parametrize(
    ("address", "sent", "said"),
    [
        ("events/E1/fields/part_of/", {"part_of": "E1"}, "E1 cannot be part of itself."),
        ("events/E1/fields/summary/", {"summary": LONG}, "at most 50000 characters"),
        ("actors/A1/fields/aliases/", {"aliases": "a\x00b"}, "Null characters are not allowed."),
        ("actors/A1/fields/note/", {"note": LONG}, "at most 50000 characters"),
        ("actors/A1/fields/side/", {"side": LONG}, "at most 10000 characters"),
        ("actors/A1/fields/wikidata/", {"wikidata": "42"}, "A Wikidata item looks like Q1234."),
        ("sources/S1/fields/url/", {"url": "javascript:alert(1)"}, "Enter a valid URL."),
        ("notes/new", {"about": "E1\x00", "text": "x"}, "Null characters are not allowed."),
        ("evidence/new", {"about": "E1\x00"}, "Null characters are not allowed."),
        ("participations/new", {"event": "E1\x00"}, "Null characters are not allowed."),
    ],
)
def test_refused_values(address: str, sent: dict[str, str], said: str) -> None:
    room = Room()
    with history.recording(by=room.people["owner"]):
        ActorFactory(dossier=room.dossier)
        SourceFactory(dossier=room.dossier)
    answer = room.client("owner").post(f"/d/room/{address}", {"version": "1"} | sent)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("name", ["source", "quote", "place"])
def test_parts_of_a_quotation_are_not_edited_alone(name: str) -> None:
    room = Negotiation()
    address = f"/d/room/evidence/EV1/fields/{name}/"
    client = room.client("owner")
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 404
    assert client.post(address, {name: "E1", "version": "1"}).status_code == 404


def test_a_record_deleted_while_it_is_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room()

    def deleted_first(form: EventForm) -> Event:
        Event.objects.all().delete()
        return RecordForm._revise(form)

    monkeypatch.setattr(EventForm, "_revise", deleted_first)
    answer = room.client("owner").post("/d/room/events/E1/edit", room.form(title="Mine"))
    assert answer.status_code == 422
    assert b"This record was deleted meanwhile." in answer.content
    assert b'value="Mine"' in answer.content


@pytest.mark.parametrize(
    "query",
    [
        "from=-4714-01-01&to=-4713-01-01",
        "from=-292277022399-01-01&to=292277022399-01-01",
        "from=9999-12-31T23:59Z&width=1000000000",
        "level=hours&from=&to=-4712-01-01",
    ],
)
@pytest.mark.parametrize("page", ["", "chart"])
def test_windows_beyond_all_dates(page: str, query: str) -> None:
    room = Room(visibility="public")
    room.changed("owner", when_text="11 March 2025", when_edtf="2025-03-11", earliest=0, latest=9)
    answer = room.client("").get(f"/d/room/{page}?{query}")
    assert (answer.status_code, b'id="chart-region"' in answer.content) == (200, True)


@pytest.mark.parametrize("noun", ["evidence", "proposers", "outcomes"])
def test_what_no_input_offers_has_no_options(noun: str) -> None:
    assert Room().client("owner").get(f"/d/room/{noun}/options").status_code == 404


def test_where_to_go_after_a_choice() -> None:
    client = Room().client("")
    for to, place in (
        ("word", "word"),
        ("a:b", "/"),
        ("//elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("http:///elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/d/room/", "/d/room/"),
    ):
        answer = client.post("/preferences", {"theme": "dark", "next": to})
        assert (to, answer.status_code, answer["Location"]) == (to, 302, place)


def test_a_user_name_longer_than_any() -> None:
    answer = Room().client("").post("/sign-in/", {"username": "x" * 100_000, "password": "x"})
    assert answer.status_code == 422
    assert b"at most 150 characters" in answer.content


def test_a_host_that_is_not_ours() -> None:
    answer = Client(raise_request_exception=False).get("/", headers={"Host": "elsewhere.example"})
    assert (answer.status_code, b"This request cannot be read" in answer.content) == (400, True)
    assert b"elsewhere" not in answer.content


@pytest.mark.parametrize("role", ["", "owner"])
def test_a_form_in_another_encoding(role: str) -> None:
    room, client = Room(visibility="public"), Client(enforce_csrf_checks=True)
    if role:
        client.force_login(room.people[role])
    client.cookies["csrftoken"] = "x" * 32  # else the form is refused unread
    words = "application/x-www-form-urlencoded; charset=utf-7"
    answer = client.post("/d/room/events/E1/edit", "title=x", content_type=words)
    assert (answer.status_code, b"This request cannot be read" in answer.content) == (400, True)


def test_every_answer_has_the_policies() -> None:
    client = Room(visibility="public").client("")
    for address in ("/", "/d/room/", "/d/none/", "/d/room/chart", "/sign-in/", "/healthz"):
        headers = client.get(address).headers
        assert headers["Content-Security-Policy"].startswith(
            "default-src 'none'; script-src 'self'"
        )
        assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == (
            "nosniff",
            "DENY",
        )
        assert headers["Referrer-Policy"] == "same-origin"


def test_where_to_go_after_a_decision() -> None:
    room = Room()
    client = room.client("owner")
    for to, place in (
        ("word", "/d/room/events/E1/"),
        ("//elsewhere.example", "/d/room/events/E1/"),
    ):
        answer = client.post("/d/room/events/E1/publication", {"next": to})
        assert (answer.status_code, answer["Location"]) == (302, place)
        client.post("/d/room/events/E1/withdrawal")
    answer = client.post("/d/room/review/marking", {"record": "E1:5", "next": "word"})
    assert (answer.status_code, answer["Location"]) == (302, "/d/room/review/")


@pytest.mark.parametrize("step", ["publication", "history/1/restoration"])
def test_a_step_on_a_record_deleted_meanwhile(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room()
    room.changed("analyst", title="Other")

    def deleted_first(view: RecordView, ref: str) -> Event:
        event = room.now()
        event.dossier = view.request.dossier
        with history.recording(by=room.people["analyst"]):
            Event.objects.all().delete()
        return event

    monkeypatch.setattr(RecordView, "record", deleted_first)
    answer = room.client("owner").post(f"/d/room/events/E1/{step}")
    assert answer.status_code in (404, 409)
