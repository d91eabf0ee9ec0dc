"""Many editors save the same few events at once, through HTTP, and nothing may get lost.

    .venv/bin/python -m tests.bench.editors --editors 20 --saves 25

starts a server of its own on an empty database in a folder that goes afterwards, lets the editors
loose on it and proves from the history what they were told. The figures are printed.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
FIELDS = ("title", "place", "summary")
ROUNDS = 50
"""Times that one save is refused, because others were faster, before that counts as an error."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A text that the server said it has saved, and the version it was made from."""

    author: str
    ref: str
    field: str
    text: str
    base: int


@dataclass(slots=True)
class Figures:
    """What happened, over all editors."""

    saves: int = 0
    refused: int = 0
    given_up: int = 0
    accepted: list[Accepted] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    took: float = 0.0


class Forms(HTMLParser):
    """The forms of a page: their addresses and what they would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[dict[str, Any], dict[str, str]]] = []
        self.inside = self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self.forms.append((given, {}))
        elif not self.forms:
            return
        elif tag == "input" and given.get("type") not in ("radio", "checkbox"):
            self.forms[-1][1][name] = given.get("value") or ""
        elif tag == "textarea":
            self.inside, self.text = name, ""
        elif tag == "select":
            self.inside = name
        elif tag == "option" and "selected" in given:
            self.forms[-1][1][self.inside] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.forms:
            self.forms[-1][1][self.inside] = self.text.removeprefix("\n")

    def handle_data(self, data: str) -> None:
        self.text += data

    def one(self, marker: str) -> tuple[dict[str, Any], dict[str, str]]:
        """The form that has the attribute `marker`."""
        return next(form for form in self.forms if marker in form[0])


class Editor:
    """A person at a browser, as far as the server can tell."""

    def __init__(self, address: tuple[str, int], name: str, password: str, seed: int) -> None:
        self.name, self.cookies = name, dict[str, str]()
        self.http = HTTPConnection(*address, timeout=60)
        self.chance = random.Random(seed)
        self.figures = Figures()
        page = self.ask("GET", "/sign-in/")[1]
        sent = Forms(page).forms[-1][1] | {"username": name, "password": password}
        if self.ask("POST", "/sign-in/", sent)[0] != 302:
            raise RuntimeError(f"{name} cannot sign in.")

    def ask(
        self, method: str, path: str, sent: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, str]:
        """Status and page of one request; cookies are kept as a browser does."""
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = urlencode(sent) if sent is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.http.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        answer = self.http.getresponse()
        page = answer.read().decode()
        self.figures.seconds.append(time.perf_counter() - began)
        for one in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, page

    def work(self, events: list[str], saves: int) -> None:
        """Save `saves` times, each time in one of the events, in place or by the form."""
        for number in range(saves):
            event = self.chance.choice(events)
            try:
                if self.chance.random() < 0.6:
                    self.in_place(event, number)
                else:
                    self.by_form(event, number)
            except Exception as problem:
                self.figures.errors.append(f"{self.name}, save {number}: {problem!r}")
                self.http.close()

    def text(self, name: str, number: int) -> str:
        """Words that nobody else writes, so that the history can be asked for them."""
        return f"{name} by {self.name}, save {number}"

    def in_place(self, event: str, number: int) -> None:
        """Open one field where it stands, and save it."""
        name = self.chance.choice(FIELDS)
        path = f"{event}fields/{name}/"
        page = self.ask("GET", path, HX_Request="true")[1]
        form = Forms(page).one("data-inline")[1] | {name: self.text(name, number)}
        self.pause()
        status, page = self.ask("POST", path, form, HX_Request="true")
        if status == 409:
            # As the browser does: the same once more as a page, which is the merge page.
            self.figures.refused += 1
            status, page = self.ask("POST", path, form)
        self.end(event, {name: form[name]}, int(form["version"]), status, page)

    def by_form(self, event: str, number: int) -> None:
        """Open the form of the record, change two fields, and save it."""
        page = self.ask("GET", f"{event}edit")[1]
        changed = {name: self.text(name, number) for name in self.chance.sample(FIELDS, 2)}
        form = Forms(page).one("data-draft")[1] | changed
        self.pause()
        status, page = self.ask("POST", f"{event}edit", form)
        self.figures.refused += status == 409
        self.end(event, changed, int(form["version"]), status, page)

    def pause(self) -> None:
        """Type for a moment, so that others come in between."""
        time.sleep(self.chance.uniform(0, 0.05))

    def end(self, event: str, changed: dict[str, str], base: int, status: int, page: str) -> None:
        """Decide on merge pages until the save is through; note what was accepted."""
        for _ in range(ROUNDS):
            if status in (200, 302):
                ref = event.split("/")[-2]
                for name, text in changed.items():
                    self.figures.accepted.append(Accepted(self.name, ref, name, text, base))
                self.figures.saves += 1
                return
            if status != 409:
                raise RuntimeError(f"status {status}")
            status, page, changed, base = self.decide(page, dict(changed))
            self.figures.refused += status == 409
        raise RuntimeError("never got through")

    def decide(self, page: str, changed: dict[str, str]) -> tuple[int, str, dict[str, str], int]:
        """Send the merge page: mostly one's own text, sometimes theirs or one that has both."""
        attributes, form = Forms(page).one("data-merge")
        sent = {k: v for k, v in form.items() if k in ("csrfmiddlewaretoken", "base", "version")}
        sent |= {name: text for name, text in form.items() if name.startswith("mine-")}
        for name in sorted(changed):
            if f'name="choice-{name}"' not in page:
                continue
            choice = self.chance.choice(["yours", "yours", "typed", "theirs"])
            sent[f"choice-{name}"] = choice
            if choice == "typed":
                changed[name] = sent[f"typed-{name}"] = f"{changed[name]}, merged"
            elif choice == "theirs":
                del changed[name]
                self.figures.given_up += 1
        self.pause()
        status, page = self.ask("POST", attributes["action"], sent | {"act": "save"})
        # Shown once more, the page has the own text again in every field.
        if status == 409:
            mine = Forms(page).one("data-merge")[1]
            changed = {k.removeprefix("mine-"): mine[k] for k in mine if k.startswith("mine-")}
            changed = {name: text for name, text in changed.items() if name in FIELDS}
        return status, page, changed, int(sent["version"])


def let_loose(
    address: tuple[str, int], people: dict[str, str], events: list[str], saves: int
) -> Figures:
    """Everybody edits at once. `people`: name -> password; `events`: addresses of their pages."""
    editors = [
        Editor(address, name, password, seed)
        for seed, (name, password) in enumerate(people.items())
    ]
    threads = [threading.Thread(target=e.work, args=(events, saves)) for e in editors]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = Figures(took=time.perf_counter() - began)
    for editor in editors:
        editor.http.close()
        total.saves += editor.figures.saves
        total.refused += editor.figures.refused
        total.given_up += editor.figures.given_up
        total.accepted += editor.figures.accepted
        total.errors += editor.figures.errors
        total.seconds += editor.figures.seconds
    return total


def lost(figures: Figures, slug: str) -> list[str]:
    """Compare what the editors were told with the history: each finding is a lost update.

    Every text accepted stands in the history under its author's name. It took the place of what
    its author had seen, so that nobody's text was covered unseen. Each change starts from where
    the one before ended, and the record says now what the last change said.
    """
    from events.models import Change, Event

    found: list[str] = []
    said = {(a.ref, a.field, a.text): a for a in figures.accepted}
    left = set(said)
    events = Event.objects.filter(dossier__slug=slug, ref__in={a.ref for a in figures.accepted})
    for event in events:
        changes = list(
            Change.objects.filter(table="events_event", record_id=event.pk)
            .select_related("revision__author")
            .order_by("id")
        )
        rows = {change.after["version"]: change.after for change in changes}
        if sorted(rows) != list(range(1, len(changes) + 1)):
            found.append(f"{event.ref}: its versions are not in one line")
        for before, change in itertools.pairwise(changes):
            if before.after != change.before:
                found.append(f"{event.ref}: version {change.after['version']} covers another")
            for name in FIELDS:
                text = change.after[name]
                if text == change.before[name]:
                    continue
                known = said.get((event.ref, name, text))
                if known is None or known.author != change.revision.author.username:
                    found.append(f"{event.ref}: nobody was told that '{text}' is saved")
                    continue
                left.discard((event.ref, name, text))
                if rows[known.base][name] != change.before[name]:
                    found.append(f"{event.ref}: '{change.before[name]}' was covered unseen")
        if changes[-1].after != rows[event.version] or any(
            getattr(event, name) != changes[-1].after[name] for name in FIELDS
        ):
            found.append(f"{event.ref}: its fields are not those of its last change")
    return found + [f"{ref}: '{text}' is not in the history" for ref, _, text in sorted(left)]


def told(figures: Figures, problems: list[str]) -> str:
    """The figures as a few lines."""
    times = sorted(figures.seconds)
    middle, slow = statistics.median(times), times[int(len(times) * 0.95)]
    return "\n".join(
        [
            f"saves accepted      {figures.saves}",
            f"texts accepted      {len(figures.accepted)}",
            f"refused, merged     {figures.refused}",
            f"gave way to theirs  {figures.given_up}",
            f"lost updates        {len(problems)}",
            f"errors              {len(figures.errors)}",
            f"requests            {len(times)}, median {middle * 1000:.0f} ms,"
            f" 95 % below {slow * 1000:.0f} ms",
            f"took                {figures.took:.1f} s, {figures.saves / figures.took:.1f} saves/s",
            *figures.errors[:10],
            *problems[:10],
        ]
    )


def prepare(editors: int, events: int) -> tuple[dict[str, str], list[str]]:
    """A dossier with `events` events and `editors` analysts: name -> password, and addresses."""
    from events import history
    from events.models import Dossier, Event, Membership, User

    names = [f"editor{number}" for number in range(1, editors + 1)]
    owner = User.objects.create_user("head")
    with history.recording(by=owner, note="For the bench", origin="command"):
        dossier = Dossier(slug="bench", title="Bench")
        dossier.establish(owner)
        for name in names:
            user = User.objects.create_user(name, password=f"{name} writes")
            Membership.objects.create(dossier=dossier, user=user, role="analyst")
        made = [
            Event.objects.create(dossier=dossier, title=f"Event {n}", kind="talks")
            for n in range(1, events + 1)
        ]
    people = {name: f"{name} writes" for name in names}
    return people, [f"/d/bench/events/{event.ref}/" for event in made]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Run the bench on a server of its own; exit status 1 when anything got lost."""
    parser = argparse.ArgumentParser(description="Many editors save the same events at once.")
    parser.add_argument("--editors", type=int, default=20)
    parser.add_argument("--saves", type=int, default=25, help="of each editor")
    parser.add_argument("--events", type=int, default=4, help="shared by all")
    chosen = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="truceline-bench-"))
    home.chmod(0o711)
    port = free_port()
    os.environ |= {"TRUCELINE_DATA": str(home), "PORT": str(port), "HOST": "127.0.0.1"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"
    os.environ.pop("DATABASE_URL", None)
    server = subprocess.Popen(
        [sys.executable, "-m", "tracker.serve"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a line for each refusal, of which there are hundreds
        text=True,
    )
    try:
        assert server.stdout is not None
        while "runs at" not in (line := server.stdout.readline()):
            if not line:
                sys.exit("The server did not start.")
        import django

        django.setup()
        people, events = prepare(chosen.editors, chosen.events)
        figures = let_loose(("127.0.0.1", port), people, events, chosen.saves)
        problems = lost(figures, "bench")
        print(f"{chosen.editors} editors x {chosen.saves} saves on {chosen.events} events")
        print(told(figures, problems))
        sys.exit(bool(problems or figures.errors))
    finally:
        from django.db import connections

        connections.close_all()
        server.send_signal(signal.SIGINT)
        server.wait(60)
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
