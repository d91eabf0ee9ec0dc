"""The pages of events: reading, creating, editing, deleting, history, undo, who may."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from events import history
from events.models import Change, Event, Link
from tests.factories import DossierFactory, EventFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

INLINE = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "div#E1-when"}
DRAWER = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "aside#drawer"}


class Room:
    """A dossier with one event, and people in each role."""

    def __init__(self) -> None:
        self.people = {role: UserFactory() for role in ("reader", "analyst", "reviewer", "owner")}
        self.outsider = UserFactory()
        analyst = self.people["analyst"]
        analyst.first_name, analyst.last_name = "Tove", "Lindqvist"
        analyst.save()
        with history.recording(by=analyst):
            self.dossier = DossierFactory(slug="room")
            for role, person in self.people.items():
                MembershipFactory(dossier=self.dossier, user=person, role=role)
            self.event = EventFactory(
                dossier=self.dossier, title="Talks in Jeddah", kind="talks", place="Jeddah"
            )

    def client(self, role: str) -> Client:
        client = Client()
        client.force_login(self.people.get(role, self.outsider))
        return client

    def form(self, **changes: Any) -> dict[str, Any]:
        event = Event.objects.get(pk=self.event.pk)
        return {
            "version": event.version,
            "title": event.title,
            "when": event.when_text,
            "place": event.place,
            "kind": event.kind,
            "modality": event.modality,
            "channel": event.channel,
            "summary": event.summary,
        } | changes


@pytest.fixture
def room() -> Room:
    return Room()


def test_edit_when_inline(room: Room) -> None:
    client = room.client("analyst")
    address = "/d/room/events/E1/fields/when/"
    assert b'name="when"' in client.get(address, **INLINE).content
    answer = client.post(address, {"version": "1", "when": "about 10 to 12 March 2025"}, **INLINE)
    assert answer.status_code == 200, answer.content
    assert json.loads(answer["HX-Trigger"]) == {"record-changed": {"ref": "E1", "noun": "event"}}
    event = Event.objects.get(pk=room.event.pk)
    assert (event.when_text, event.when_edtf, event.version) == (
        "about 10 to 12 March 2025",
        "2025-03-10~/2025-03-12~",
        2,
    )
    change = history.changes_of(event).first()
    assert change.revision.author == room.people["analyst"]


def test_pages(room: Room) -> None:
    client = room.client("owner")
    for address in ("", "new", "E1/", "E1/edit", "E1/history", "E1/history/1", "E1/deletion"):
        answer = client.get(f"/d/room/events/{address}")
        assert answer.status_code == 200, address
