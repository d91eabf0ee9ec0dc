"""Every address, every role, every method: tried against the table in permissions.py.

The addresses come from the URL map, and the suite prints what each role may do at the end.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpResponse
from django.middleware.csrf import _get_new_csrf_string
from django.template.backends.django import Template
from django.test import Client
from django.urls import get_resolver

from events import chart_file, history
from events.models import Change, Dossier, Membership, Note, Presence, Record
from events.models.base import Reviewable
from tests.factories import EventFactory, UserFactory
from tests.views.negotiation import Negotiation
from tests.views.permissions import (
    METHODS,
    NOBODY,
    OF_THE_ADMIN,
    ROLES,
    Place,
    expected,
    places,
    printed,
    row_of,
    tail_of,
)

# Revisions get their numbers at commit.
pytestmark = pytest.mark.django_db(transaction=True)

URL_MAP = places(get_resolver().url_patterns)
ADMIN = [place for place in URL_MAP if place.name.startswith("admin:")]
DOSSIER = [place for place in URL_MAP if place.pattern.startswith("d/<slug:slug>/")]
SITE = [place for place in URL_MAP if place not in ADMIN and place not in DOSSIER]
OTHERS: dict[str, type[Record]] = {"members": Membership, "notes": Note}
"""Kinds of records at addresses that record_paths() does not make."""
Matrix = tuple[dict[str, list[tuple[str, str, str]]], list[str]]
LOOKING_IN = (*NOBODY, "reader")
"""Roles that are tried with every method; of the others those are asked that do something."""
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(autouse=True)
def _only_the_status(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    """No page is written out, nothing is logged, sessions stay in memory: what comes of a request
    is decided before, and drawing 20,000 pages would take minutes."""
    monkeypatch.setattr(Template, "render", lambda *given, **named: "")
    for name in ("svg", "png"):
        monkeypatch.setattr(chart_file, name, lambda *given: "")
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def undeclared(found: list[Place]) -> list[str]:
    """Addresses for which nobody has said who may use them."""
    missing = []
    for name, pattern, _ in found:
        known = tail_of(name) in {*OF_THE_ADMIN, "login", "logout", "view_on_site"}
        if not (known if name.startswith("admin:") else row_of(name)):
            missing.append(
                f"{name or 'no name'} /{pattern}: add a row to tests/views/permissions.py"
            )
    return missing


def test_every_address_has_a_row() -> None:
    missing = undeclared(URL_MAP)
    assert not missing, "\n" + "\n".join(missing)


def test_every_address_has_a_row_bites() -> None:
    new = [
        Place("secret-list", "d/<slug:slug>/secrets/", None),
        Place("admin:door", "admin/", None),
    ]
    assert [line.split()[0] for line in undeclared(new)] == ["secret-list", "admin:door"]


class Walk:
    """A room with a record of every kind, people in every role, and where the addresses lead."""

    def __init__(self, visibility: str) -> None:
        self.room = room = Negotiation(visibility=visibility)
        self.people = room.people | {
            "superuser": UserFactory(is_staff=True, is_superuser=True),
            "staff": UserFactory(is_staff=True),
        }
        with history.recording(by=room.people["owner"]):
            made = room.made
            made("Outcome", commitment=room.commitment, event=room.statement)
            made("Participation", event=room.talks, actor=room.usa)
            made("Note", event=room.talks, author=room.people["owner"])
            made("Snapshot")
            account = made("Readout", event=room.talks, source=room.source)
            point = made("ReadoutPoint", event=room.talks)
            made("ReadoutPassage", point=point, readout=account, passage=room.ball)
            room.source.add_text(f"{room.text.text} Later.")
            translation = made("Source", title="Translation", translation_of=room.source)
            made("SourceText", source=translation)
            self.decided = made("Suggestion", source=room.source).fingerprint
            gone = EventFactory(dossier=room.dossier)
        self.gone, self.translation = gone.ref, translation.ref
        with history.recording(by=room.people["owner"]):
            gone.delete()
        self.deletion = history.sealed_number(room.dossier.pk)
        Presence.sign(room.dossier, room.people["reader"], "tab")
        for kind in ("AccessAttempt", "AccessLog", "AccessFailureLog"):
            needed = {"failures_since_start": 1} if kind == "AccessAttempt" else {}
            apps.get_model("axes", kind).objects.create(username="x", **needed)
        Group.objects.create(name="Editors")
        self.token = _get_new_csrf_string()

    def client(self, role: str) -> Client:
        """A browser of someone in that role, with the cookie that forms are checked against."""
        client = Client(enforce_csrf_checks=True)
        if role != "visitor":
            client.force_login(self.people[role])
        client.cookies["csrftoken"] = self.token
        return client

    def address(self, place: Place) -> str:
        """Where the place is in this room, for a record that is there."""
        if place.name.startswith("admin:"):
            return self._in_the_admin(place)
        given = getattr(place.view, "view_initkwargs", {})
        address = "/" + place.pattern.replace("<slug:slug>", "room")
        # Of a text what changed is told from the second version on; the first is an older one.
        versions = {"source-text-detail": 1, "source-text-changes": 2}
        number = versions.get(place.name, self.deletion)
        address = address.replace("<int:number>", str(number))
        address = address.replace("<ref:other>", self.translation)
        address = address.replace("<int:version>", "1")
        address = address.replace("<slug:noun>", "event")
        address = address.replace("<ref:actor>", self.room.ukraine.ref)
        address = address.replace("<ref:issue>", self.room.issue.ref)
        address = address.replace("<slug:fingerprint>", self.decided)
        if place.name == "revision-restoration":
            return address.replace("<ref:ref>", self.gone)
        if "<slug:name>" in address:
            form = given["form_class"]
            alone = [name for name in form.shown_fields() if name not in form.together]
            address = address.replace("<slug:name>", alone[0] if alone else "none")
        if "<ref:ref>" in address:
            kind = given.get("model") or OTHERS[place.pattern.split("/")[2]]
            rows = kind._base_manager.filter(dossier=self.room.dossier).order_by("id")
            if issubclass(kind, Reviewable):
                rows = rows.filter(state="published")
            # Not the owner, who has to stay; and what visitors may see where there is such.
            row = rows.first() if kind is not Membership else rows.get(role="reader")
            assert row is not None, f"{place.name}: Walk makes no {kind.__name__}"
            address = address.replace("<ref:ref>", row.ref)
        return address

    def _in_the_admin(self, place: Place) -> str:
        """An address of the admin, for a row of the model where there is one."""
        address = "/" + place.pattern
        if "<path:object_id>" in address or "<id>" in address:
            _, _, app, name, *_ = address.split("/")
            model = apps.get_model(app, name) if app != "r" else Dossier
            row = model._base_manager.order_by("pk").first()
            for key in ("<path:object_id>", "<id>"):
                address = address.replace(key, str(row.pk) if row else "1")
        if tail_of(place.name) == "app_list":
            return "/admin/events/"
        address = address.replace("<path:content_type_id>", "1")
        return address.replace("(?P<url>.*)$", "nowhere")

    def ask(self, client: Client, method: str, address: str, *, token: bool = True) -> str:
        """One request, in words: "yes", "404", "403", "405" or "sign in". Nothing stays written."""
        headers = {"X-CSRFToken": self.token} if token else {}
        if method not in UNSAFE:
            return said(client.generic(method, address, headers=headers))
        with transaction.atomic():
            answer = client.generic(method, address, headers=headers)
            transaction.set_rollback(True)
        return said(answer)


def said(answer: HttpResponse) -> str:
    """The answer in a word."""
    to = answer.headers.get("Location", "")
    if answer.status_code == 302 and re.match(r"/(admin/login|sign-in)/", to):
        return "sign in"
    return str(answer.status_code) if answer.status_code in (403, 404, 405) else "yes"


def tried(walk: Walk, found: list[Place], roles: Iterable[str], *, private: bool) -> Matrix:
    """All methods at all addresses by some roles: what each role got, and what differs from the
    table, line by line."""
    got: dict[str, list[tuple[str, str, str]]] = {}
    wrong: list[str] = []
    for role in roles:
        browser = walk.client(role)
        for place in found:
            if undeclared([place]):
                continue  # Another test says so.
            # Signing out would end the walk.
            leaves = place.name.endswith(("sign-out", "logout"))
            client, address = walk.client(role) if leaves else browser, walk.address(place)
            for method in METHODS:
                if role not in LOOKING_IN and method not in ("GET", *UNSAFE):
                    continue
                answer = walk.ask(client, method, address)
                promised = expected(place, role, method, private=private)
                got.setdefault(role, []).append((place.name, method, answer))
                if answer != promised:
                    line = f"{role} {method} {address} ({place.name}): {answer}, not {promised}"
                    wrong.append(line)
    return got, wrong


@pytest.mark.parametrize(
    ("title", "roles"),
    [
        ("a private dossier", LOOKING_IN),
        ("a public dossier, by who looks in", LOOKING_IN),
        ("a public dossier, by who works in it", [r for r in ROLES if r not in LOOKING_IN]),
    ],
)
def test_a_dossier(title: str, roles: Iterable[str], record_property: Any) -> None:
    """In a private one only those are tried who could tell it from none, and one who is in: for
    members it makes no difference."""
    private = "private" in title
    walk = Walk("private" if private else "public")
    changes = Change.objects.count()
    got, wrong = tried(walk, DOSSIER, roles, private=private)
    record_property("permissions", {title: printed(got)})
    assert not wrong, "\n" + "\n".join(wrong)
    assert Change.objects.count() == changes


@pytest.mark.parametrize("part", [SITE, ADMIN], ids=["people", "admin"])
def test_outside_dossiers(part: list[Place], record_property: Any) -> None:
    walk = Walk("private")
    changes = Change.objects.count()
    got, wrong = tried(walk, part, ROLES, private=True)
    title = "the admin" if part is ADMIN else "outside dossiers"
    record_property("permissions", {title: printed(got)})
    assert not wrong, "\n" + "\n".join(wrong)
    assert Change.objects.count() == changes


def test_nothing_is_written_without_the_token() -> None:
    """A form of another site, sent in the browser of an owner or a superuser."""
    walk = Walk("private")
    let_in = set()
    for role, found in (("visitor", SITE), ("owner", DOSSIER), ("superuser", ADMIN)):
        client = walk.client(role)
        for place in found:
            address = walk.address(place)
            for method in UNSAFE:
                if walk.ask(client, method, address, token=False) != "403":
                    let_in.add((place.name, method))
    assert let_in == set()
