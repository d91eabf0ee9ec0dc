"""A dossier with people in every role, for the tests of pages."""

from __future__ import annotations

from typing import Any

from django.test import Client

from events import history
from events.models import Event
from tests.factories import DossierFactory, EventFactory, MembershipFactory, UserFactory

ROLES = ("reader", "analyst", "reviewer", "owner")


class Room:
    """A dossier with one event, someone in each role, and somebody who has no business in it."""

    def __init__(self, **dossier: Any) -> None:
        self.people = {role: UserFactory(first_name=role.title(), last_name="X") for role in ROLES}
        self.people["outsider"] = UserFactory()
        with history.recording(by=self.people["owner"]):
            self.dossier = DossierFactory(slug="room", **dossier)
            for role in ROLES:
                MembershipFactory(dossier=self.dossier, user=self.people[role], role=role)
            self.event = EventFactory(
                dossier=self.dossier, title="Talks in Jeddah", kind="talks", place="Jeddah"
            )

    def client(self, role: str) -> Client:
        """A signed-in client; "" gives a visitor."""
        client = Client()
        if role:
            client.force_login(self.people[role])
        return client

    def changed(self, role: str, **values: Any) -> Event:
        """The event after a change by someone of that role."""
        with history.recording(by=self.people[role]):
            event = Event.objects.get(pk=self.event.pk)
            for name, value in values.items():
                setattr(event, name, value)
            event.save()
        return event

    def now(self) -> Event:
        """The event as it stands."""
        return Event.objects.get(pk=self.event.pk)

    def form(self, **changes: Any) -> dict[str, Any]:
        """What the event's form page would send, with some fields changed."""
        event = self.now()
        names = ("title", "when_basis", "place", "kind", "modality", "channel", "summary")
        values = {name: getattr(event, name) for name in names}
        return values | {"version": event.version, "when": event.when_text} | changes
