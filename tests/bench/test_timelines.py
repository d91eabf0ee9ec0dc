"""The benches of the timeline, small: the same code on the test's own server."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.bench import archives, chart_browser, grown, timeline

EVENTS = 300


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls("tests.bench.bench_urls")
def test_the_server_is_asked_for_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "WARM", 0)
    times, drawn = timeline.run([EVENTS], 1).split("\n\n")[1::2]
    names = [line.split(" | ")[0].strip("| ") for line in times.splitlines()[2:]]
    asked = list(timeline.requests(archives.stored(EVENTS)))
    alone = ["layout of all dates alone", "save of an event", "the same without pyramid"]
    assert names == ["a view of nothing", *asked, *alone]
    charts = [line.strip("| ").split(" | ") for line in drawn.splitlines()[2:]]
    assert [name.strip() for name, _ in charts] == [n for n in asked if n.startswith("chart")]
    for _, cell in charts:
        marks, nodes, weight = map(int, cell.split(", "))
        assert 0 < marks <= timeline.CHART["marks"]
        assert marks < nodes
        assert 0 < weight <= timeline.CHART["kB"]


@pytest.mark.urls("tests.bench.bench_urls")
def test_a_browser_looks_at_a_timeline(live_server: LiveServer, browser: Browser) -> None:
    archive = archives.stored(EVENTS)
    cookies = chart_browser.signed_in(live_server.url)
    address = live_server.url + archive.url
    looked = chart_browser.look(browser, address, chart_browser.MARKS, 1, cookies)
    chart_browser.step_through(browser, address, looked, 2, cookies)
    times = (looked.cold, looked.warm, looked.answer, looked.zoom, looked.pan)
    assert [len(one) for one in times] == [1, 1, 1, 2, 1]
    assert all(time > 0 for one in times for time in one)
    assert looked.nodes > 100
    assert looked.kilobytes > 10


@pytest.mark.django_db(transaction=True)
def test_an_archive_grows_with_its_counts() -> None:
    from django.db import connection

    archives.stored(50)
    assert grown.grow("invented-50", 3) == "invented-150"
    counted = "SELECT count(*), count(DISTINCT ref), count(DISTINCT id) FROM events_event"
    placed = "SELECT count(*) FROM events_placement"
    cells = "SELECT sum(anchors) FROM events_density WHERE level = 6"
    anchors = "SELECT count(anchor) FROM events_placement"
    with connection.cursor() as cursor:
        found = [cursor.execute(query).fetchone() for query in (counted, placed, cells, anchors)]
    assert found[:2] == [(150, 150, 150), (150,)]
    assert found[2] == found[3]
