"""Every address: what a private dossier gives away, and what drafts do. Who gets in where is tried
in test_permissions.py.

The addresses are read from the URL map, so a new page is checked from its first day on.
"""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.db.models import RestrictedError
from django.test import Client
from django.urls import get_resolver

from events import history
from events.models import Change, Event, Membership, Record
from events.roles import Access
from tests.factories import RECORDS
from tests.test_conventions import callbacks
from tests.views.negotiation import Negotiation

# Revisions get their numbers at commit.
pytestmark = pytest.mark.django_db(transaction=True)

PIECES = ({}, {"HX-Request": "true", "HX-Target": "aside#drawer"})
QUERIES = ("", "?q=rubio", "?state=draft", "?selected=E3", "?after=E3", "?contested=1")
OTHERS: dict[str, type[Record]] = {"members": Membership, "history": Event}
"""Kinds of records whose pages are not made by record_paths()."""
TOKEN = re.compile(
    r'value="\w{64}"|"X-CSRFToken": "\w+"|<strong>now</strong> <span class="meta">[^<]+</span>'
)
"""What differs from one answer to the next by itself: tokens, and the clock in the top bar."""

Address = tuple[str, Access, type[Record] | None]


def addresses(slug: str, *, every_record: bool = False) -> list[Address]:
    """Address, access and kind of each page of a dossier, for one or for every record of a kind."""
    found: list[Address] = []
    for pattern, view in callbacks(get_resolver().url_patterns):
        if not pattern.startswith("d/<slug:slug>/"):
            continue
        given = getattr(view, "view_initkwargs", {})
        kind = given.get("model") or OTHERS.get(pattern.split("/")[2])
        address = "/" + pattern.replace("<slug:slug>", slug)
        for number in ("version", "number"):
            address = address.replace(f"<int:{number}>", "1")
        named = {"<ref:other>": "S1", "<slug:noun>": "event", "<slug:fingerprint>": "0" * 8}
        named |= {"<ref:actor>": "A3", "<ref:issue>": "I2"}
        for name, value in named.items():
            address = address.replace(name, value)
        if "<slug:name>" in address:
            form = given["form_class"]
            alone = [field for field in form.shown_fields() if field not in form.together]
            if not alone:
                continue
            address = address.replace("<slug:name>", alone[0])
        refs = [""]
        if "<ref:ref>" in address:
            refs = list(kind._base_manager.order_by("id").values_list("ref", flat=True))
        for ref in refs if every_record else refs[:1]:
            found.append((address.replace("<ref:ref>", ref), view.access, kind))
    left = [address for address, *_ in found if "<" in address]
    assert left == []
    return found


@pytest.fixture
def room() -> Negotiation:
    """A public dossier with a record of every kind, drafts beside what is published."""
    room = Negotiation(visibility="public")
    with history.recording(by=room.people["owner"], keeps_state=True):
        made = room.made
        talks = room.event_on("13 March 2025", "Later talks", part_of=room.talks)
        draft = room.event_on("14 March 2025", "Kept back", kind="talks")
        draft.withdraw()
        for event in (room.statement, draft):
            made("Outcome", commitment=room.commitment, event=event)
        hidden = made("Proposal", issue=room.war, tabled_in=draft)
        for part in ("Proposer", "Consent", "Term"):
            actor = {} if part == "Term" else {"actor": room.russia}
            made(part, proposal=hidden, **actor)
        for actor in (room.rubio, room.usa):
            made("Participation", event=draft, actor=actor)
        made("Participation", event=room.talks, actor=room.usa)
        made("Affiliation", member=room.rubio, body=room.ukraine, title="Kept back")
        made("Commitment", debtor=room.rubio, action="Kept back", event=room.talks)
        shown = {"state": "published"}
        made("Position", actor=room.usa, issue=room.issue, event=draft, shifts_from=room.said)
        made("Position", actor=room.usa, issue=room.war, event=draft, **shown)
        made("Commitment", debtor=room.usa, action="Go on", depends_on_proposal=hidden, **shown)
        made("Link", from_event=draft, to_event=room.talks, **shown)
        made("Link", from_event=talks, to_event=room.talks, kind="clarifies")
        made("Link", from_event=talks, to_event=draft, kind="after", **shown)
        made("Evidence", passage=room.ball, event=draft, speaker=room.usa)
        made("Evidence", passage=room.agreed, event=talks)
        made("Evidence", passage=room.ball, event=talks, bearing="disputes")
        secret = made("Conflict", title="Kept back")
        made("ConflictMember", conflict=secret, event=draft)
        made("ConflictMember", conflict=room.conflict, event=draft)
        made("Evidence", passage=room.ball, event=None, conflict=secret, speaker=room.ukraine)
        made("Note", event=room.talks, author=room.people["owner"])
        for event, subject in ((room.talks, "Length"), (draft, "Kept back")):
            point = made("ReadoutPoint", event=event, subject=subject)
            account = made("Readout", event=event, source=room.source, actor=room.usa)
            made("ReadoutPassage", point=point, readout=account, passage=room.ball)
            made("Readout", event=event, source=made("Source", title="Kept back"))
    return room


def test_an_analyst_changes_no_review_state(room: Negotiation) -> None:
    client = room.client("analyst")
    changes = Change.objects.count()
    steps = [address for address, access, _ in addresses("room") if access == Access.REVIEW]
    answered = {getattr(client, m)(a).status_code for a in steps for m in ("post", "delete")}
    assert (bool(steps), answered) == (True, {403})
    sent = {"state": "published", "dossier": "9", "ref": "E77", "id": "9", "earliest": "0"}
    client.post("/d/room/events/E1/edit", room.form(title="Mine") | sent)
    event = room.now()
    assert (event.title, event.state, event.ref) == ("Mine", "draft", "E1")
    assert Change.objects.count() == changes + 1


@pytest.mark.parametrize("role", ["", "outsider"])
def test_a_private_dossier_is_like_none(role: str) -> None:
    room, differing = Negotiation(), []
    client = room.client(role)
    for address, *_ in addresses("room"):
        for method in ("get", "post", "delete"):
            answers = []
            for slug in ("room", "none"):
                answer = getattr(client, method)(address.replace("/d/room/", f"/d/{slug}/", 1))
                body = TOKEN.sub("", answer.content.decode()).replace(f"/{slug}/", "/")
                answers.append((answer.status_code, answer.headers.get("Location"), body))
            if answers[0] != answers[1] or answers[0][0] not in (404, 405):
                differing.append((method, address, answers[0][0], answers[1][0]))
    assert differing == []


def seen(client: Client, pages: list[str]) -> dict[tuple[str, str], Any]:
    """What a client gets at each address, whole and for the drawer."""
    found = {}
    for address in pages:
        for piece in PIECES:
            answer = client.get(address, headers=piece)
            body = TOKEN.sub("", answer.content.decode())
            found[address, piece.get("HX-Target", "")] = (answer.status_code, body)
    return found


def test_drafts_leave_no_trace_for_the_public(
    room: Negotiation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a visitor sees is the same once everything hidden from them is deleted."""
    client = room.client("")
    # What is taken away says when that was.
    noon = dt.datetime(2025, 3, 14, 12, tzinfo=dt.UTC)
    for file in ("chart_file", "matrix_file"):
        clock = SimpleNamespace(now=lambda: noon)
        monkeypatch.setattr(f"events.views.{file}.timezone", clock)
    pages = [a for a, access, _ in addresses("room", every_record=True) if access == Access.READ]
    # Pictures of the files beside them, of which there are only so many a minute.
    pages = [page for page in pages if not page.endswith(".png")]
    lists = [a for a in pages if a.endswith("s/")]
    pages += [page + query for page in ["/d/room/", *lists] for query in QUERIES]
    pages += ["/d/room/search?q=rubio", "/d/room/search?q=kept", "/d/room/chart?selected=E1"]
    with_drafts = seen(client, pages)
    different: dict[str, Any] = {}
    with transaction.atomic():
        with history.recording(by=room.people["owner"], keeps_state=True):
            delete_hidden()
        without = seen(client, pages)
        transaction.set_rollback(True)
    for key, (status, body) in with_drafts.items():
        if without[key] != (status, body):
            lines = zip(body.splitlines(), without[key][1].splitlines(), strict=False)
            different[" ".join(key)] = next(((a, b) for a, b in lines if a != b), status)
    assert different == {}
    assert any("Later talks" in body for _, body in with_drafts.values())


def delete_hidden() -> None:
    """Delete all that the public may not see."""
    hidden = {kind: kind.hidden_from_public() for kind in RECORDS}
    left = {kind for kind, rows in hidden.items() if rows is not None}
    while left:
        for kind in sorted(left, key=lambda kind: kind.__name__):
            # What others name goes when they have gone.
            with suppress(RestrictedError):
                kind._base_manager.filter(hidden[kind]).delete()
                left.discard(kind)
