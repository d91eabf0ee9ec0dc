"""What the server needs for the timeline of small and of large archives, in one run.

    .venv/bin/python -m tests.bench.timeline --events 10000,100000,1000000

makes invented archives of these sizes (those that DATABASE_URL has already are used again) and asks
for charts, pages of the list, searches and a saved event, each several times after a warm start,
beside a view of nothing. Printed are the medians, the slowest twentieth, and the time for which
processors worked on it; the last column compares the latter.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gzip import decompress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests.bench import archives
from tests.bench.archives import Stored

RUNS = 15
WARM = 2

CHART = {"marks": 400, "nodes": 2_000, "kB": 40}
"""Most marks, elements within SVG, and kilobytes as sent, of a chart."""


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds of some runs. `processor` is the work alone, of this process and of the database
    for it: what others do on the machine meanwhile does not change it."""

    median: float
    slow: float
    processor: float

    def __str__(self) -> str:
        return f"{self.median:.1f} ({self.slow:.1f}) {self.processor:.1f}"


class Drawing(HTMLParser):
    """How much a page draws: elements within SVG, and marks of the chart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.nodes = self.marks = self.inside = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside += tag == "svg"
        self.nodes += self.inside > 0
        self.marks += "mark" in (dict(attrs).get("class") or "").split()

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "svg"


def timed(ask: Callable[[], Any], runs: int) -> Took:
    """How long `ask` takes, warm."""
    for _ in range(WARM):
        ask()
    times, worked = [], processor_time()
    for _ in range(runs):
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
    slow = sorted(times)[math.ceil(runs * 0.95) - 1]
    return Took(statistics.median(times), slow, (processor_time() - worked) / runs)


def processor_time() -> float:
    """Milliseconds for which this process and its connection's one in the database have worked.

    Of the database only where it runs on this machine, and Linux tells.
    """
    from django.db import connection

    connection.ensure_connection()
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    nanoseconds = int(backend.read_text().split()[0]) if backend.exists() else 0
    return time.process_time() * 1000 + nanoseconds / 1e6


def requests(archive: Stored) -> dict[str, tuple[str, str]]:
    """What is asked for: a name -> address and the part of the page, "" for all of it."""
    day = dt.date.fromisoformat(archive.day)
    chart = f"{archive.url}chart?width=1440"
    windows = {
        "all dates": "",
        "a year": f"&from={archive.year}&to={archive.year}",
        "a month": f"&from={archive.month}&to={archive.month}",
        "a week": f"&from={day - dt.timedelta(3)}&to={day + dt.timedelta(4)}",
        "the busiest day": f"&from={day}&to={day + dt.timedelta(1)}",
    }
    found = {f"chart, {name}": (chart + window, "") for name, window in windows.items()}
    found |= {
        "chart, a side": (f"{chart}&side=ORV", ""),
        "chart, kind and state": (f"{chart}&kind=attack&state=draft", ""),
        "chart, word of a fifth": (f"{chart}&q=ceasefire", ""),
        "chart, selected event": (f"{chart}&selected={archive.middle}", ""),
        "page, all dates": (archive.url, ""),
        "page, a month": (f"{archive.url}?from={archive.month}&to={archive.month}", ""),
        "filters and list": (archive.url, "div#rail-and-list"),
        "list, first page": (archive.url, "div#list"),
        "list, middle page": (f"{archive.url}?after={archive.middle}", "div#list"),
        "list, late page": (f"{archive.url}?after={archive.late}", "div#list"),
        "search, rare word": (f"{archive.url}search?q=quillwort", ""),
        "search, word of a fifth": (f"{archive.url}search?q=ceasefire", ""),
    }
    return found


class Bench:
    """Asks for everything of one archive, as its owner."""

    def __init__(self, archive: Stored, runs: int) -> None:
        from django.test import Client

        self.archive, self.runs = archive, runs
        self.client = Client(HTTP_ACCEPT_ENCODING="gzip", SERVER_NAME="localhost")
        self.client.force_login(archives.owner())

    def get(self, url: str, part: str = "") -> Any:
        """An answer; anything but a page is an error."""
        headers = {"HX-Request": "true", "HX-Target": part} if part else {}
        answer = self.client.get(url, headers=headers)
        if answer.status_code != 200:
            raise RuntimeError(f"{url} answers {answer.status_code}")
        return answer

    def times(self) -> Iterator[tuple[str, Took]]:
        """Everything asked for, and how long it took."""
        yield "a view of nothing", timed(lambda: self.get("/blank"), self.runs)
        for name, (url, part) in requests(self.archive).items():
            yield name, timed(lambda url=url, part=part: self.get(url, part), self.runs)
        yield "layout of all dates alone", timed(self.layout, self.runs)
        yield "save of an event", timed(self.save, self.runs)
        with without_pyramid():
            yield "the same without pyramid", timed(self.save, self.runs)
        self.save()

    def layout(self) -> None:
        """What the chart costs before it is printed."""
        from django.http import QueryDict

        from events import charts
        from events.filters import EventFilter
        from events.models import Dossier
        from events.roles import Viewer

        dossier = Dossier.objects.get(slug=self.archive.slug)
        charts.draw(EventFilter(QueryDict(), Viewer.of(archives.owner(), dossier)), 1440)

    def save(self) -> None:
        """Change the title of an event where it stands."""
        from events.models import Event

        event = Event.objects.get(dossier__slug=self.archive.slug, ref=self.archive.middle)
        url = f"{self.archive.url}events/{event.ref}/fields/title/"
        title = f"{event.title.partition(' · ')[0]} · {event.version}"
        sent = {"title": title, "version": event.version}
        answer = self.client.post(url, sent, headers={"HX-Request": "true"})
        if answer.status_code not in (200, 302):
            raise RuntimeError(f"{url} answers {answer.status_code}")

    def drawn(self) -> Iterator[tuple[str, Drawing, float]]:
        """Each chart: what it draws, and its kilobytes as sent."""
        for name, (url, _) in requests(self.archive).items():
            if name.startswith("chart"):
                content = self.get(url).content
                packed = content[:2] == b"\x1f\x8b"
                page = decompress(content) if packed else content
                yield name, Drawing(page.decode()), len(content) / 1000


@contextmanager
def without_pyramid() -> Iterator[None]:
    """The events without the triggers that place them in time and count them."""
    from django.db import connection

    def switch(how: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE events_event {how} TRIGGER place_update")

    switch("DISABLE")
    try:
        yield
    finally:
        switch("ENABLE")


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A table as Markdown has it."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = [heads, ["-" * width for width in widths], *rows]
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |"
        for line in lines
    )


def run(events: list[int], runs: int) -> str:
    """Both tables: times by size, and what the charts draw."""
    times: dict[str, list[Took]] = {}
    drawn: dict[str, list[str]] = {}
    for size in events:
        bench = Bench(archives.stored(size), runs)
        for name, took in bench.times():
            times.setdefault(name, []).append(took)
        for name, drawing, weight in bench.drawn():
            drawn.setdefault(name, []).append(f"{drawing.marks}, {drawing.nodes}, {weight:.0f}")
    sizes = [f"{size:,}" for size in events]
    rows = [
        [name, *map(str, took), f"{took[-1].processor / took[0].processor:.1f}"]
        for name, took in times.items()
    ]
    return "\n\n".join(
        [
            f"Milliseconds, median of {runs} (slowest twentieth) and processor, by size",
            table(["", *sizes, "last / first"], rows),
            "Marks, elements within SVG, kB as sent, of each chart",
            table(["", *sizes], [[name, *cells] for name, cells in drawn.items()]),
        ]
    )


def main() -> None:
    """Run it on the sizes asked for."""
    parser = argparse.ArgumentParser(description="What the server needs for timelines.")
    parser.add_argument("--events", type=archives.sizes, default=[10_000, 100_000])
    parser.add_argument("--runs", type=int, default=RUNS)
    chosen = parser.parse_args()
    with archives.database():
        print(run(chosen.events, max(chosen.runs, 5)))


if __name__ == "__main__":
    main()
