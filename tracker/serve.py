"""What script/server runs: database, tables, static files, first contents, then the web server.

Every step looks first whether it is needed, so a second start takes a moment.
"""

import argparse
import hashlib
import os
import socket
import sys
import threading
import time
from importlib.metadata import PackageNotFoundError
from pathlib import Path

LOCK = 0x7275CE  # any number; it keeps two first starts on one database apart


def main() -> None:
    """Prepare everything, then become the web server; ends with a message when it cannot."""
    parser = argparse.ArgumentParser(prog="script/server", description="Start Truceline.")
    parser.add_argument(
        "--demo", action="store_true", help="make demo users even where DATABASE_URL is set"
    )
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    host = os.environ.get("HOST", "") or "127.0.0.1"
    port = _port(os.environ.get("PORT", "") or "8000")
    _check_free(host, port)
    try:
        _prepare(demo=chosen.demo or not os.environ.get("DATABASE_URL"))
    except KeyboardInterrupt:
        sys.exit(130)
    _serve(host, port)


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    sys.exit(f"PORT is {text!r}; use a number from 1 to 65535.")


def _check_free(host: str, port: int) -> None:
    """See that the port can be had, allowing for a server that was killed a moment ago."""
    deadline = time.monotonic() + 3
    while True:
        try:
            family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                return
        except OSError as error:
            if time.monotonic() > deadline:
                sys.exit(
                    f"Port {port} of {host} cannot be had ({error.strerror}). If something else "
                    f"uses it, choose another: PORT={port + 1 if port < 65535 else 8000} "
                    "script/server"
                )
            time.sleep(0.2)


def _prepare(*, demo: bool) -> None:
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError
    from django.db import OperationalError, connection

    from tracker.embedded_postgres import ClusterError, shared

    try:
        django.setup()
        if connection.settings_dict["ENGINE"] == "tracker.database":
            shared().start()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            try:
                _fill(demo=demo)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    except (ClusterError, ImproperlyConfigured, CommandError) as error:
        sys.exit(str(error))
    except OperationalError as error:
        sys.exit(f"The database cannot be reached: {error}".strip())
    connection.close()


def _fill(*, demo: bool) -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        _say("Making the tables")
        call_command("migrate", interactive=False, verbosity=0)
    _collect()

    from tracker import demo as first

    if first.load_seeds():
        _say("Loaded the dossiers that come with Truceline")
    if demo:
        passwords = first.make_users(settings.DATA_DIR / "demo-users.txt")
        for name, password in passwords.items():
            _say(f"  {name:<10} {password}")
        file = settings.DATA_DIR / "demo-users.txt"
        _say(f"Demo users{' (shown once)' if passwords else ''}: kept in {file}")


def _collect() -> None:
    """Build the fonts and collect static files, unless nothing changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    from tracker import fonts

    try:
        for made in fonts.build(settings.FONTS_DIR):
            _say(f"Built the font {made.name}")
    except (OSError, PackageNotFoundError, ImportError) as error:
        _say(f"The fonts could not be built ({error}); system fonts stand in")
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list(None):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    _say("Collecting static files")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(digest.hexdigest())


def _serve(host: str, port: int) -> None:
    """Run granian in this process until it is told to stop.

    This process keeps its share in the embedded Postgres meanwhile; workers that are restarted
    find the cluster running.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from tracker.embedded_postgres import shared

    server = Granian(
        "tracker.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    threading.Thread(target=_tell, args=[host, port], daemon=True).start()
    os.environ["TRUCELINE_WORKER_OF"] = str(os.getpid())
    server.serve()
    if not os.environ.get("DATABASE_URL"):
        # Back at the prompt, nothing of ours is running any more.
        shared().stop()


def _tell(host: str, port: int) -> None:
    """Say the address, once somebody answers there."""
    shown = f"[{host}]" if ":" in host else host
    while True:
        try:
            socket.create_connection((host, port), timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            _say(f"Truceline runs at http://{shown}:{port}/ (Ctrl-C stops it)")
            return


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
