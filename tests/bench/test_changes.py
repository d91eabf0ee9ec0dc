"""What it costs to ask every two seconds whether anything happened, beside a view of nothing.

`pytest tests/bench/test_changes.py -s` prints the figures.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from events import history
from events.gate import open_to
from events.models import Presence
from events.roles import Access
from tests.factories import EventFactory
from tests.views.room import Room

ROUNDS = 200
MOST = 3.0
"""How many times the bare view's time an answer "nothing new" may take; measured: 1.5."""


@open_to(Access.SIGNED_IN)
def bare(request: HttpRequest) -> HttpResponse:
    """Nothing but the session and the user, which every page of a member reads."""
    return HttpResponse(status=204)


urlpatterns = [path("bare", bare), path("", include("events.urls"))]


def took(ask: Callable[[], Any]) -> float:
    """Milliseconds of one request."""
    begun = time.perf_counter()
    assert ask().status_code == 204
    return (time.perf_counter() - begun) * 1000


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls("tests.bench.test_changes")
def test_nothing_new_costs_little_more_than_a_view_that_does_nothing(
    record_property: Callable[[str, object], None],
) -> None:
    room = Room()
    with history.recording(by=room.people["owner"]):
        EventFactory.create_batch(500, dossier=room.dossier)
    for role in ("reader", "analyst", "owner"):
        Presence.sign(room.dossier, room.people[role], role)
    client: Client = room.client("reviewer")
    told = client.get("/d/room/changes").json()
    known = {"after": told["number"], "here": told["here"]}
    pairs = [
        (took(lambda: client.get("/bare")), took(lambda: client.get("/d/room/changes", known)))
        for _ in range(ROUNDS)
    ]
    nothing, poll = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"\nbare view {nothing:.2f} ms, nothing new {poll:.2f} ms, {poll / nothing:.1f} times")
    record_property("times a bare view", round(poll / nothing, 2))
    assert poll / nothing < MOST
