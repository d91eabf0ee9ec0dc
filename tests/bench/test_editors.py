"""The bench of many editors, small: the same code on the test's own server."""

from __future__ import annotations

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.bench import editors


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_when_many_edit_at_once(live_server: LiveServer) -> None:
    people, events = editors.prepare(editors=4, events=2)
    address = (live_server.thread.host, live_server.thread.port)
    figures = editors.let_loose(address, people, events, saves=5)
    assert (editors.lost(figures, "bench"), figures.errors) == ([], [])
    assert figures.saves == 20
    # A text that was never accepted is found out, so the proof can fail.
    figures.accepted.append(editors.Accepted("editor1", "E1", "title", "Never written", 1))
    assert editors.lost(figures, "bench") == ["E1: 'Never written' is not in the history"]
