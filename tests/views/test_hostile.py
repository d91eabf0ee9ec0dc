"""Addresses and forms that no page of ours sends: answered with a page, never with a failure."""

from __future__ import annotations

import pytest
from django.core import signing

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
        ("events/?q=%00", 200),
        ("events/?after=%00", 200),
        ("events/?after=zzzz", 200),
        ("events/?before=" + signing.b64_encode(b'["x", [], 1]').decode(), 200),
        ("events/?after=" + signing.b64_encode(b"[1, 2, 99999999999999999999]").decode(), 200),
        ("events/?after=" + signing.b64_encode(b"[NaN, null, 1]").decode(), 200),
        ("events/?after=" + signing.b64_encode(b"[" * 5000).decode(), 200),
        ("events/options?of=part_of&part_of=%00", 200),
        ("events/options?of=%00", 200),
        ("events/new?title=%00&part_of=%00", 200),
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
    for number in ("0", "99999999999999999999"):
        assert client.post(f"/d/room/revisions/{number}/undo").status_code == 404
    assert client.get("/d/room/revisions/1/undo").status_code == 405
