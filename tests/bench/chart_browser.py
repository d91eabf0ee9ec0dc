"""How soon a browser shows the timeline, and how soon the next window of it, in one run.

    .venv/bin/python -m tests.bench.chart_browser --events 10000,1000000

starts a server like script/server on invented archives of these sizes and looks at them in headless
Chromium, beside a blank page of the same server, a drawing of 400 marks made by hand, and
vis-timeline with 50,000 events in clusters (from npm, for this run only; --without-vis leaves it
out). Medians are printed as a table.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.server
import json
import math
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.bench import archives
from tests.bench.editors import ROOT, free_port
from tests.bench.timeline import table
from tests.chromium import ARGUMENTS, find_chromium

HERE = Path(__file__).parent
PAGES = HERE / "pages"
VIS = (
    "node_modules/vis-timeline/standalone/umd/vis-timeline-graph2d.min.js",
    "node_modules/vis-timeline/styles/vis-timeline-graph2d.min.css",
)
VIS_EVENTS = 50_000
RUNS = 7
STEPS = 40
WARM = 7
PATIENCE = 120_000

MARKS = "[data-chart] .mark"
VIEWPORT = {"width": 1440, "height": 900}


@dataclass(slots=True)
class Looked:
    """What looking at a page took, in milliseconds, and what it is made of."""

    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)
    zoom: list[float] = field(default_factory=list)
    pan: list[float] = field(default_factory=list)
    nodes: int = 0
    kilobytes: float = 0.0

    def cells(self) -> list[str]:
        """Everything as words for a table."""
        times = [_median(one) for one in (self.cold, self.warm, self.answer)]
        steps = [
            f"{_median(one)} ({_slow(one):.0f})" if one else "" for one in (self.zoom, self.pan)
        ]
        return [*times, *steps, f"{self.nodes:,}", f"{self.kilobytes:,.0f}"]


HEADS = [
    *("", "first marks, cold", "first marks, warm", "server answer"),
    *("zoom step (p95)", "pan step (p95)", "DOM nodes", "kB, cold"),
]


def _median(times: list[float]) -> str:
    return f"{statistics.median(times):.0f}" if times else ""


def _slow(times: list[float]) -> float:
    return sorted(times)[math.ceil(len(times) * 0.95) - 1]


def look(
    browser: Browser,
    url: str,
    selector: str,
    runs: int,
    cookies: Sequence[Any] = (),
    *,
    again: bool = True,
) -> Looked:
    """Open `url` so often, with an empty cache and then `again` with a full one, until `selector`
    is painted."""
    print(url, file=sys.stderr, flush=True)
    looked = Looked()
    for _ in range(runs):
        context = _context(browser, cookies)
        page = context.new_page()
        looked.cold.append(_open(page, url, selector))
        looked.kilobytes = page.evaluate(
            "performance.getEntries().reduce((sum, one) => sum + (one.transferSize || 0), 0) / 1000"
        )
        looked.nodes = page.evaluate("document.querySelectorAll('*').length")
        if again:
            looked.warm.append(_open(page, url, selector))
        looked.answer.append(
            page.evaluate(
                "(({ requestStart, responseEnd }) => responseEnd - requestStart)"
                "(performance.getEntriesByType('navigation')[0])"
            )
        )
        context.close()
    print(*looked.cells(), sep=", ", file=sys.stderr, flush=True)
    return looked


def _context(browser: Browser, cookies: Sequence[Any]) -> BrowserContext:
    context = browser.new_context(viewport=VIEWPORT)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(path=PAGES / "watch.js")
    context.add_cookies(list(cookies))
    return context


def _open(page: Page, url: str, selector: str) -> float:
    """Milliseconds from the start of the navigation until `selector` was painted."""
    page.goto(url, wait_until="commit")
    took = float(page.evaluate("(selector) => window.firstPainted(selector)", selector))
    page.wait_for_load_state("load")
    return took


def step_through(
    browser: Browser, url: str, looked: Looked, steps: int, cookies: list[Any]
) -> None:
    """Zoom with Ctrl and the wheel and pan with the buttons, each from a chart at rest. A server at
    work has drawn charts before, so the first steps do not count."""
    context = _context(browser, cookies)
    page = context.new_page()
    _open(page, url, MARKS)
    chart = page.locator("#chart").bounding_box()
    assert chart is not None
    x, y = chart["x"] + chart["width"] * 0.6, chart["y"] + min(chart["height"], 200) / 2
    for number in range(-WARM, steps):
        page.mouse.move(x, y)
        # Four steps in, three out: all levels between all dates and a few days are met.
        _begin(page, "wheel")
        page.keyboard.down("Control")
        page.mouse.wheel(0, -120 if number % 7 < 4 else 120)
        page.keyboard.up("Control")
        zoomed = _end(page)
        looked.zoom += [zoomed] * (number >= 0)
        if number % 2:
            _begin(page, "click")
            page.locator(f'[data-pan="{"earlier" if number % 4 == 1 else "later"}"]').click()
            panned = _end(page)
            looked.pan += [panned] * (number >= 0)
    context.close()


def _begin(page: Page, kind: str) -> None:
    page.evaluate("(kind) => window.step('#chart', [kind])", kind)


def _end(page: Page) -> float:
    """Wait until the new chart is painted, and then until what follows it is there."""
    took = float(page.evaluate("window.stepTook"))
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)
    return took


# --- What is compared with


def static_marks(folder: Path) -> None:
    """A page with a drawing of 400 marks, each with a disc, a symbol, a halo and a label."""
    chance = random.Random(1)
    marks = "".join(
        f'<g class="mark" transform="translate({chance.randrange(1400)} {chance.randrange(500)})">'
        '<circle r="12" fill="none"></circle><circle r="10" fill="#357"></circle>'
        f'<path d="M-4-4h8v8h-8z" fill="#fff"></path><text x="14" y="4">Event {number}</text></g>'
        for number in range(400)
    )
    head = '<!doctype html><meta charset="utf-8"><title>Marks</title>'
    (folder / "marks.html").write_text(f'{head}<svg width="1440" height="520">{marks}</svg>')


def vis_timeline(folder: Path) -> None:
    """A page with vis-timeline, its script by `npm ci`, and invented events."""
    from events.invented import pace, words

    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for name in VIS:
        shutil.copy(folder / name, folder)
    chance = random.Random(1)
    items = [
        {
            "content": f"Point {number} of {chance.choice(words.TOPICS)}",
            "start": f"{day}T{chance.randrange(24):02}:30",
            "group": chance.randrange(len(words.SIDES)),
        }
        for day, count in pace.days(VIS_EVENTS, chance)
        for number in range(count)
    ]
    groups = [{"id": number, "content": name} for number, (_, name, _) in enumerate(words.SIDES)]
    numbered = [{"id": number, **item} for number, item in enumerate(items)]
    (folder / "items.json").write_text(json.dumps({"groups": groups, "items": numbered}))
    shutil.copy(PAGES / "vis.html", folder)


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def handle(self) -> None:
        """Answer; a browser that went away meanwhile is nobody's problem."""
        with contextlib.suppress(ConnectionError):
            super().handle()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which the files of a folder are."""
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


# --- Our own server


@contextlib.contextmanager
def truceline() -> Iterator[str]:
    """The address of a server as script/server starts it, on the database of the bench."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "tracker.serve"],
        cwd=ROOT,
        env=os.environ | {"PORT": str(port), "HOST": "127.0.0.1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        while "runs at" not in (line := server.stdout.readline()):
            if not line:
                sys.exit("The server did not start.")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def signed_in(base: str) -> list[Any]:
    """The cookies of the archives' owner."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(archives.owner())
    name = settings.SESSION_COOKIE_NAME
    return [{"name": name, "value": client.cookies[name].value, "url": base}]


def run(events: list[int], runs: int, steps: int, with_vis: bool) -> str:
    """All pages, in one browser."""
    stored = [archives.stored(size) for size in events]
    rows: dict[str, Looked] = {}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="truceline-bench-")))
        static_marks(folder)
        files, base = stack.enter_context(served(folder)), stack.enter_context(truceline())
        cookies = signed_in(base)
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        stack.callback(browser.close)
        rows["blank page"] = look(browser, f"{base}/blank", "p", runs, cookies)
        rows["400 marks by hand"] = look(browser, f"{files}/marks.html", ".mark", runs)
        for archive in stored:
            looked = look(browser, base + archive.url, MARKS, runs, cookies)
            step_through(browser, base + archive.url, looked, steps, cookies)
            print(*looked.cells(), sep=", ", file=sys.stderr, flush=True)
            rows[f"timeline, {archive.events:,}"] = looked
        if with_vis:
            vis_timeline(folder)
            name = f"vis-timeline, {VIS_EVENTS:,}"
            rows[name] = look(browser, f"{files}/vis.html", ".vis-item", 5, again=False)
    return "\n".join(
        [
            f"Milliseconds, median of {runs} (vis-timeline: 5); steps: median of {steps} (p95)",
            "",
            table(HEADS, [[name, *looked.cells()] for name, looked in rows.items()]),
        ]
    )


def main() -> None:
    """Run it on the sizes asked for."""
    parser = argparse.ArgumentParser(description="How soon a browser shows timelines.")
    parser.add_argument("--events", type=archives.sizes, default=[10_000, 100_000])
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--without-vis", action="store_true")
    chosen = parser.parse_args()
    with archives.database():
        print(run(chosen.events, max(chosen.runs, 5), chosen.steps, not chosen.without_vis))


if __name__ == "__main__":
    main()
