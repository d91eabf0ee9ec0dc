"""script/server from end to end, on an embedded Postgres of its own with an empty database."""

import contextlib
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tracker import places
from tracker.embedded_postgres import ClusterError, EmbeddedPostgres


class Server:
    """A server process, and what it has said so far."""

    def __init__(self, home: Path, port: int) -> None:
        """Start it."""
        self.home = home
        environment = os.environ | {"TRUCELINE_DATA": str(home), "PORT": str(port)}
        environment.pop("DATABASE_URL", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tracker.serve"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=places.CHECKOUT,
            env=environment,
        )
        self.said = ""

    def wait(self) -> str:
        """Wait until it says its address; give everything said."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if "runs at" in line:
                return self.said
        raise AssertionError(f"the server ended: {self.said}")

    def end(self, word: signal.Signals) -> str:
        """Send a signal and wait for the end; give what was said last."""
        self.process.send_signal(word)
        return self.process.communicate(timeout=60)[0]


@pytest.fixture
def start(home: Path, port: int) -> Iterator[Callable[[], Server]]:
    """Start servers that end with the test, whatever happens in it."""
    started: list[Server] = []

    def begin() -> Server:
        started.append(Server(home, port))
        return started[-1]

    yield begin
    for server in started:
        if server.process.poll() is None:
            server.end(signal.SIGKILL)


@pytest.fixture
def home() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="truceline-serve-"))
    place.chmod(0o711)
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _page(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/admin/login/", timeout=20) as answer:
        return str(answer.read().decode())


def _runs(home: Path) -> bool:
    with contextlib.suppress(ClusterError):
        return EmbeddedPostgres(home / "postgres").postmaster() > 0
    return False


def test_first_second_killed_and_third_start(
    start: Callable[[], Server], home: Path, port: int
) -> None:
    server = start()
    first = server.wait()
    shown = dict(re.findall(r"^  (\w+) +(\S{12,})$", first, re.MULTILINE))
    assert sorted(shown) == ["admin", "analyst", "owner", "reader", "reviewer"]
    assert f"Truceline runs at http://127.0.0.1:{port}/" in first
    kept = home / "demo-users.txt"
    assert dict(line.split() for line in kept.read_text().splitlines()) == shown
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    page = _page(port)
    style = re.search(r'href="(/static/admin/css/base\.[0-9a-f]{12}\.css)"', page)
    assert style is not None
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{style[1]}") as answer:
        assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"

    # Killed outright, it leaves nothing that keeps the next one from starting.
    server.end(signal.SIGKILL)
    server = start()
    second = server.wait()
    assert "Loaded" not in second
    assert "Making the tables" not in second
    assert not any(password in second for password in shown.values())
    assert "Sign" in _page(port) or "Log in" in _page(port)

    taken = start()
    said, _ = taken.process.communicate(timeout=60)
    assert taken.process.returncode == 1
    assert said.startswith(f"Port {port} of 127.0.0.1 cannot be had (Address already in use).")

    server.end(signal.SIGINT)
    assert not _runs(home)
    deadline = time.monotonic() + 5
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        while free.connect_ex(("127.0.0.1", port)) == 0:
            assert time.monotonic() < deadline, "a worker still listens"


@pytest.mark.parametrize("port", ["eighty", "0", "70000"])
def test_port_that_is_none(home: Path, port: str) -> None:
    environment = os.environ | {"TRUCELINE_DATA": str(home), "PORT": port}
    done = subprocess.run(
        [sys.executable, "-m", "tracker.serve"],
        capture_output=True,
        text=True,
        cwd=places.CHECKOUT,
        env=environment,
        check=False,
    )
    assert (done.returncode, done.stderr) == (
        1,
        f"PORT is '{port}'; use a number from 1 to 65535.\n",
    )


def test_database_that_is_not_there(home: Path, port: int) -> None:
    environment = os.environ | {
        "TRUCELINE_DATA": str(home),
        "PORT": str(port),
        "DATABASE_URL": "postgresql://ann:secret@127.0.0.1:1/talks",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tracker.serve"],
        capture_output=True,
        text=True,
        cwd=places.CHECKOUT,
        env=environment,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("The database cannot be reached: ")
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr
