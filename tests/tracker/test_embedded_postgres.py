"""The embedded cluster: shared, stopped with its users, and safe with what it finds lying about.

These are the crash tests, so fsync is on. They run the same as root and as an ordinary user.
"""

import contextlib
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tracker import places
from tracker.embedded_postgres import ClusterError, EmbeddedPostgres, _Supervisor, ensure

USER = """
import sys
from tracker.embedded_postgres import ClusterError, EmbeddedPostgres
try:
    print(EmbeddedPostgres(sys.argv[1]).start(), flush=True)
    sys.stdin.read()
except ClusterError as error:
    print(f"ClusterError: {error}", flush=True)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cluster's data folder, made once: the tests that need an old one copy it."""
    with _room() as place:
        with EmbeddedPostgres(place / "made") as cluster:
            _run(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")
        yield place / "made"


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where a cluster may be: below a folder that root's Postgres can pass through."""
    with _room() as place:
        yield place / "cluster"


@pytest.fixture
def old(made: Path, folder: Path) -> Path:
    """A stopped cluster with one table, in a folder of the test's own."""
    shutil.copytree(made, folder, copy_function=_copy_with_owner, symlinks=True)
    for path in [made, *made.rglob("*")]:
        if path.is_dir():
            _give_owner(path, folder / path.relative_to(made))
    return folder


@contextlib.contextmanager
def _room() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="truceline-test-"))
    place.chmod(0o755)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _copy_with_owner(source: str, target: str) -> None:
    shutil.copy2(source, target)
    _give_owner(Path(source), Path(target))


def _give_owner(source: Path, target: Path) -> None:
    found = source.stat()
    if os.geteuid() == 0:
        os.chown(target, found.st_uid, found.st_gid)
    target.chmod(stat.S_IMODE(found.st_mode))


@contextlib.contextmanager
def _user(folder: Path, **options: object) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the cluster until told to end; its first line is the address."""
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=places.CHECKOUT,
        **options,  # type: ignore[call-overload]
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _run(cluster: EmbeddedPostgres, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def _eventually(check: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


def _gone(pid: int) -> bool:
    """Ended, or only waiting for its parent to notice."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return True
    return state == "Z"


def test_first_start_makes_a_cluster_as_designed(folder: Path) -> None:
    with EmbeddedPostgres(folder) as cluster:
        (row,) = _run(
            cluster,
            """SELECT current_database(), current_user, current_setting('data_checksums'),
                      current_setting('server_encoding'), current_setting('listen_addresses'),
                      current_setting('fsync'), datlocprovider::text, datlocale
               FROM pg_database WHERE datname = current_database()""",
        )
        assert row == ("truceline", "truceline", "on", "UTF8", "", "on", "b", "C.UTF-8")
        socket = cluster.socket_folder()
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "data").stat().st_mode) == 0o700
        postmaster, supervisor = cluster.postmaster(), cluster.supervisor()
        assert Path(f"/proc/{postmaster}").stat().st_uid == (folder / "data").stat().st_uid
    assert _gone(postmaster)
    assert _gone(supervisor)
    assert sorted(path.name for path in socket.glob("*")) == []
    with pytest.raises(ClusterError, match="No cluster is running"):
        cluster.url()


def test_only_the_one_who_started_it_may_connect(folder: Path) -> None:
    with EmbeddedPostgres(folder) as cluster:
        with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
            psycopg.connect(cluster.url().replace("truceline@", "postgres@"))
        rules = (folder / "data" / "pg_hba.conf").read_text()
        assert rules == "local all all peer map=truceline\n"


def test_what_was_stored_is_there_after_a_stop(old: Path) -> None:
    with EmbeddedPostgres(old) as cluster:
        assert _run(cluster, "SELECT answer FROM kept") == [(42,)]


def test_second_process_uses_the_running_one_and_the_last_one_stops_it(old: Path) -> None:
    with _user(old) as first, _user(old) as second:
        assert _first_line(first) == _first_line(second)
        cluster = EmbeddedPostgres(old)
        cluster.start()
        postmaster = cluster.postmaster()
        first.communicate()  # ends
        assert _run(cluster, "SELECT 1") == [(1,)]
        second.kill()
        second.wait()
        assert _run(cluster, "SELECT 1") == [(1,)]
        assert cluster.postmaster() == postmaster
        cluster.stop()
        assert _gone(postmaster)


def test_many_at_once_start_one_cluster(old: Path) -> None:
    with contextlib.ExitStack() as stack:
        users = [stack.enter_context(_user(old)) for _ in range(5)]
        addresses = {_first_line(user) for user in users}
        assert len(addresses) == 1
        starts = (old / "postgres.log").read_text().count("database system is ready")
        before = 1  # the copied log tells of the start that made the table
        assert starts - before == 1


def test_stop_and_start_at_once_never_meet(old: Path) -> None:
    cluster = EmbeddedPostgres(old)
    for _ in range(5):
        cluster.start()
        assert _run(cluster, "SELECT answer FROM kept") == [(42,)]
        cluster.stop()


def test_stale_pid_file_naming_a_live_foreign_process(old: Path) -> None:
    """The number in the file now belongs to somebody else, of the very user Postgres runs as."""
    owner = (old / "data").stat()
    becoming = {"user": owner.st_uid, "group": owner.st_gid} if os.geteuid() == 0 else {}
    # It even works in the data folder, as a server would.
    sleeper = subprocess.Popen(["sleep", "300"], **becoming)
    try:
        lines = [sleeper.pid, old / "data", int(time.time()), 5432, old / "socket", "", "1 1"]
        pid_file = old / "data" / "postmaster.pid"
        pid_file.write_text("".join(f"{line}\n" for line in [*lines, "ready"]))
        with EmbeddedPostgres(old) as cluster:
            assert _run(cluster, "SELECT answer FROM kept") == [(42,)]
            assert cluster.postmaster() != sleeper.pid
        assert sleeper.poll() is None
        assert not _gone(sleeper.pid)
    finally:
        sleeper.kill()
        sleeper.wait()


def test_foreign_process_working_in_the_data_folder_is_left_alone(old: Path) -> None:
    sleeper = subprocess.Popen(["sleep", "300"], cwd=old / "data")
    try:
        (old / "data" / "postmaster.pid").write_text(f"{sleeper.pid}\n{old / 'data'}\n")
        with EmbeddedPostgres(old) as cluster:
            assert _run(cluster, "SELECT answer FROM kept") == [(42,)]
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_state_of_a_killed_supervisor_names_foreign_processes(old: Path) -> None:
    """A leftover state file is believed only while a supervisor holds its lock."""
    sleeper = subprocess.Popen(["sleep", "300"])
    try:
        (old / "state.json").write_text(
            f'{{"postmaster": {sleeper.pid}, "supervisor": {sleeper.pid}, "socket": "/nowhere"}}'
        )
        with EmbeddedPostgres(old) as cluster:
            assert _run(cluster, "SELECT answer FROM kept") == [(42,)]
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_kill_9_of_postgres(old: Path) -> None:
    with EmbeddedPostgres(old) as cluster:
        _run(cluster, "INSERT INTO kept VALUES (43)")
        killed = cluster.postmaster()
        os.kill(killed, signal.SIGKILL)
        _eventually(lambda: _gone(killed))

        def answers() -> bool:
            with contextlib.suppress(psycopg.OperationalError, ClusterError):
                return _run(cluster, "SELECT answer FROM kept") == [(42,), (43,)]
            return False

        _eventually(answers)
        assert cluster.postmaster() != killed
    assert "starting it again" in (old / "postgres.log").read_text()


def test_kill_9_of_one_session(old: Path) -> None:
    with EmbeddedPostgres(old) as cluster:
        postmaster = cluster.postmaster()
        with psycopg.connect(cluster.url()) as connection:
            os.kill(connection.info.backend_pid, signal.SIGKILL)
        _eventually(lambda: _answers(cluster))
        assert cluster.postmaster() == postmaster


def _answers(cluster: EmbeddedPostgres) -> bool:
    with contextlib.suppress(psycopg.OperationalError):
        return _run(cluster, "SELECT 1") == [(1,)]
    return False


def test_kill_9_of_the_only_user_stops_everything(old: Path) -> None:
    with _user(old) as user:
        assert _first_line(user).startswith("postgresql://")
        watcher = EmbeddedPostgres(old)
        postmaster, supervisor = watcher.postmaster(), watcher.supervisor()
        user.kill()
        user.wait()
        _eventually(lambda: _gone(postmaster) and _gone(supervisor))
    assert "database system is shut down" in (old / "postgres.log").read_text()[-500:]


def test_kill_9_of_the_supervisor_stops_postgres_and_the_next_start_works(old: Path) -> None:
    with EmbeddedPostgres(old) as cluster:
        postmaster = cluster.postmaster()
        supervisor = cluster.supervisor()
        os.kill(supervisor, signal.SIGKILL)
        while not _gone(supervisor):
            pass
        # At once, while the old server is still on its way out.
        cluster.start()
        assert _run(cluster, "SELECT answer FROM kept") == [(42,)]
        assert _gone(postmaster)


def test_kill_9_of_everything_at_once(old: Path) -> None:
    with _user(old) as user:
        assert _first_line(user).startswith("postgresql://")
        watcher = EmbeddedPostgres(old)
        supervisor, postmaster = watcher.supervisor(), watcher.postmaster()
        # Halted first: it could start another Postgres, or ask this one to end, in between.
        os.kill(supervisor, signal.SIGSTOP)
        for pid in (postmaster, user.pid, supervisor):
            os.kill(pid, signal.SIGKILL)
        # A signal is only sent by now. Until its process ends, the locks and the state it left
        # say truly that it is there.
        for pid in (postmaster, user.pid, supervisor):
            _eventually(lambda pid=pid: _gone(pid))
    assert (old / "data" / "postmaster.pid").exists()
    with EmbeddedPostgres(old) as cluster:
        assert _run(cluster, "SELECT answer FROM kept") == [(42,)]


def test_pid_file_of_a_killed_server_does_not_make_the_next_one_ready(old: Path) -> None:
    supervisor = _Supervisor(old, throwaway=False, fsync=False)
    with subprocess.Popen(["sleep", "60"]) as supervisor.process:
        ready = [str(old / "data"), "0", "5432", "", "", "", "ready", ""]
        found = []
        for pid in (supervisor.process.pid + 1, supervisor.process.pid):
            (old / "data" / "postmaster.pid").write_text("\n".join([str(pid), *ready]))
            found.append(supervisor._says_ready())
        supervisor.process.kill()
    assert found == [False, True]


def test_state_of_a_killed_supervisor_is_gone_before_the_next_one_starts(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the new one's lock beside it, others would take it for the word that Postgres runs."""
    left = old / "state.json"
    with EmbeddedPostgres(old):
        words = left.read_text()
    left.write_text(words)
    seen = []
    spawn = EmbeddedPostgres._spawn

    def watched(cluster: EmbeddedPostgres, deadline: float) -> None:
        seen.append(left.exists())
        spawn(cluster, deadline)

    monkeypatch.setattr(EmbeddedPostgres, "_spawn", watched)
    with EmbeddedPostgres(old) as cluster:
        assert _run(cluster, "SELECT answer FROM kept") == [(42,)]
    assert seen == [False]


def test_kill_9_during_the_first_start(folder: Path) -> None:
    with _user(folder, start_new_session=True):
        _eventually(lambda: any(folder.glob("data.draft-*/base")))
        # The supervisor is not known yet; it is the only process that holds its lock.
        (draft,) = folder.glob("data.draft-*")
        os.kill(int(draft.name.rsplit("-")[-1]), signal.SIGKILL)
    with EmbeddedPostgres(folder) as cluster:
        assert _run(cluster, "SELECT 1") == [(1,)]
    assert list(folder.glob("data.draft-*")) == []


def test_full_folder(folder: Path) -> None:
    """A real one for root, a limit on file sizes for others: either way writing fails."""
    folder.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)],
            stderr=subprocess.DEVNULL,
        ).returncode
    )
    limit = (300_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
    try:
        with _user(
            folder,
            preexec_fn=None
            if mounted
            else lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
        ) as user:
            said = _first_line(user)
        assert said.startswith(f"ClusterError: There is no room for the database in {folder} (")
        assert "A new one needs 120 MB. Free some space or lift the limit" in said
        assert not (folder / "data").exists()
        assert list(folder.glob("data.draft-*")) == []
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def test_folder_that_fills_up_later(old: Path) -> None:
    """The check before the first start says nothing of a cluster that already exists."""
    limit = (50_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
    with _user(old, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)) as user:
        said = _first_line(user)
    assert said.startswith(f"ClusterError: There is no room for the database in {old} (File too")
    with EmbeddedPostgres(old) as cluster:
        assert _run(cluster, "SELECT answer FROM kept") == [(42,)]


def test_unwritable_folder(folder: Path) -> None:
    """Root may write where others may not, so root gets a folder nobody can write in."""
    if os.geteuid() == 0:
        place = Path("/proc/truceline")
    else:
        folder.mkdir()
        folder.chmod(0o500)
        place = folder / "below"
    with pytest.raises(ClusterError) as caught:
        EmbeddedPostgres(place).start()
    assert str(caught.value).startswith(f"Postgres needs to write in {place}, but {place} cannot")
    assert "set TRUCELINE_DATA to one that is." in str(caught.value)


def test_file_in_the_way(folder: Path) -> None:
    folder.write_text("not a folder")
    with pytest.raises(ClusterError, match="is in the way: a folder is needed there"):
        EmbeddedPostgres(folder).start()
    assert folder.read_text() == "not a folder"


def test_data_of_another_major_version(old: Path) -> None:
    (old / "data" / "PG_VERSION").write_text("12\n")
    with pytest.raises(ClusterError) as caught:
        EmbeddedPostgres(old).start()
    message = str(caught.value)
    assert message.startswith(f"{old / 'data'} was made by Postgres 12; the programs in ")
    assert "Set TRUCELINE_PG_BIN to the programs of Postgres 12" in message
    (old / "data" / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(old) as cluster:
        assert _run(cluster, "SELECT answer FROM kept") == [(42,)]


def test_folder_of_something_else(folder: Path) -> None:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "letter.txt").write_text("mine")
    if os.geteuid() == 0:
        os.chown(folder / "data", 65534, 65534)
    with pytest.raises(ClusterError, match="is not a Postgres data folder"):
        EmbeddedPostgres(folder).start()
    assert [path.name for path in (folder / "data").iterdir()] == ["letter.txt"]


def test_path_with_spaces_quotes_and_too_long_for_a_socket(folder: Path) -> None:
    place = folder / "a 'quoted\" name, with commas" / ("long" * 25)
    with EmbeddedPostgres(place) as cluster:
        assert _run(cluster, "SELECT 1") == [(1,)]
        socket = cluster.socket_folder()
        assert len(os.fsencode(socket)) < 80
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert not socket.exists()


@pytest.mark.parametrize(("name", "near"), [("a b-c é", True), ("a 'b\", c", False)])
def test_short_path_with_odd_characters(folder: Path, name: str, near: bool) -> None:
    place = folder / name
    with EmbeddedPostgres(place) as cluster:
        assert (cluster.socket_folder() == place / "socket") is near
        assert _run(cluster, "SELECT 1") == [(1,)]


def test_throwaway_leaves_nothing(folder: Path) -> None:
    with EmbeddedPostgres(folder, throwaway=True, fsync=False) as cluster:
        assert _run(cluster, "SHOW fsync") == [("off",)]
    assert not folder.exists()


def test_programs_that_do_not_exist(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUCELINE_PG_BIN", "/nowhere/bin")
    with pytest.raises(ClusterError, match="TRUCELINE_PG_BIN is /nowhere/bin, but there is no"):
        EmbeddedPostgres(folder).start()


def test_ensure_holds_until_the_process_ends(old: Path) -> None:
    address = ensure(old)
    assert address == ensure(old) == EmbeddedPostgres(old).url()
    script = f"from tracker.embedded_postgres import ensure; print(ensure({str(old)!r}))"
    shown = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=places.CHECKOUT,
    )
    assert shown.stdout.strip() == address
    from tracker import embedded_postgres

    embedded_postgres._clusters.pop(old).stop()
