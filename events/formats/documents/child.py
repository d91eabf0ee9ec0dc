"""Parsers of hostile formats in a process of their own, which the system stops at its limits.

The child gets the bytes on standard input and answers JSON. It has no environment, may open no
file for writing and start no process, and ends after its share of processor time, memory or wall
clock. A new interpreter is started, which is safe whatever threads the server runs. Pure.
"""

from __future__ import annotations

import importlib
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from events.formats.problems import Problem, Refused

from .document import Document, Kind

CPU_SECONDS = 1.5
"""Processor time, so that a refusal comes within two seconds."""
WALL_SECONDS = 10
"""For a machine that is busy with other things."""
MEMORY = 768 * 1024**2
"""Bytes of address space."""

_ROOT = Path(__file__).parents[3]
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    "from events.formats.documents import child; child.main(sys.argv[2])"
)
_TOO_MUCH = (
    "takes more time to read than a text does: it is very large, nested very deeply, or broken. "
    "Split it, or paste its text."
)
_BROKEN = "is damaged, or needs too much memory to be read. Save it anew, or paste its text."
_READERS = {Kind.HTML: "html", Kind.PDF: "pdf", Kind.DOCX: "docx"}


def read(kind: Kind, content: bytes, name: str) -> Document:
    """The document in `content`, a file called `name`. Raises Refused, also for what the child
    did not survive."""
    command = [sys.executable, "-I", "-c", _PROGRAM, str(_ROOT), kind.name]
    try:
        done = subprocess.run(
            command,
            input=content,
            capture_output=True,
            timeout=WALL_SECONDS,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused(Problem(name, _TOO_MUCH)) from None
    if -done.returncode in (signal.SIGPROF, signal.SIGXCPU):
        raise Refused(Problem(name, _TOO_MUCH))
    answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
    if "text" not in answer:
        raise Refused(Problem(name, answer.get("refused", _BROKEN)))
    return Document(
        answer["text"],
        kind,
        name,
        pages=answer["pages"],
        remarks=tuple(answer["remarks"]),
        offered=answer["offered"],
    )


def main(kind: str) -> None:
    """What the child does: read standard input, answer on standard output."""
    _limit()
    reader = importlib.import_module(f"events.formats.documents.{_READERS[Kind[kind]]}")
    try:
        answer = reader.read(sys.stdin.buffer.read())
    except Refused as refused:
        answer = {"refused": refused.problems[0].message}
    except Exception:  # Whatever a parser stumbles over, the file is at fault, not the server.
        answer = {"refused": _BROKEN}
    defaults = {"pages": 0, "remarks": [], "offered": {}}
    sys.stdout.buffer.write(json.dumps(defaults | answer).encode())


def _limit() -> None:
    import resource

    # The clock of SIGPROF counts fractions of a second; by default it ends the process.
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    limits = {
        resource.RLIMIT_CPU: 3,
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 64,
    }
    for what, limit in limits.items():
        try:
            resource.setrlimit(what, (limit, limit))
        except (ValueError, OSError):
            continue  # macOS knows no limit of address space.
