"""What all tests share: a throw-away Postgres, a browser, and the accessibility check.

The database is the embedded cluster, with fsync off, in a folder that goes with the run; all
workers share it, each with a database of its own. With DATABASE_URL set that server is used.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import OperationalError, connections, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)
from psycopg.errors import DeadlockDetected
from pytest_django.live_server_helper import LiveServer

from tests.chromium import ARGUMENTS, find_chromium
from tracker.embedded_postgres import EmbeddedPostgres

# Playwright's synchronous interface runs an event loop in the test's thread, which Django takes
# for a mistake. Here it is none: the loop never runs Django's code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

PATIENCE = 20_000
"""Milliseconds until a page is given up: two tests share a core, and CI's may be a slow one."""
expect.set_options(timeout=PATIENCE)

_home = pytest.StashKey[Path]()
_cluster = pytest.StashKey[EmbeddedPostgres]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the cluster in the first process; workers inherit its place."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.WHITENOISE_USE_FINDERS = True
    settings.WHITENOISE_AUTOREFRESH = True
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    # Fast on purpose: tests sign many people in, and none of the passwords guards anything.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if hasattr(config, "workerinput") or os.environ.get("DATABASE_URL"):
        return
    home = Path(tempfile.mkdtemp(prefix="truceline-tests-"))
    home.chmod(0o711)
    # From here on nothing, a command run by a test included, can touch the developer's own data.
    os.environ["TRUCELINE_DATA"] = str(home)
    config.stash[_home] = home
    config.stash[_cluster] = EmbeddedPostgres(home / "postgres", throwaway=True, fsync=False)
    config.stash[_cluster].start()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the cluster and delete its folder."""
    if _cluster in config.stash:
        connections.close_all()
        config.stash[_cluster].stop()
        shutil.rmtree(config.stash[_home], ignore_errors=True)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print who may do what, as the tests of permissions found it.

    What a test recorded travels with its report, from the workers of a parallel run too.
    """
    tables: dict[str, Any] = {}
    for report in terminalreporter.getreports("passed"):
        tables |= dict(report.user_properties).get("permissions", {})
    for title, lines in sorted(tables.items()):
        terminalreporter.section(f"permissions: {title}")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_history() -> Iterator[None]:
    """Let the emptying of tables after a transactional test pass the history's guards.

    TRUNCATE is refused without an author, and on the history itself for anybody. Only the flush
    of the test framework is let through, in one transaction.
    """
    original = DatabaseOperations.execute_sql_flush

    def empty(self: DatabaseOperations, sql_list: list[str]) -> None:
        with (
            transaction.atomic(
                using=self.connection.alias, savepoint=self.connection.in_atomic_block
            ),
            self.connection.cursor() as cursor,
        ):
            cursor.execute("SET LOCAL session_replication_role = replica")
            for sql in sql_list:
                cursor.execute(sql)

    def flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        # A page that was still loading when its test ended has its answer finished meanwhile;
        # Postgres may then break the tie at our cost.
        for _ in range(5):
            try:
                return empty(self, sql_list)
            except OperationalError as error:
                if not isinstance(error.__cause__, DeadlockDetected):
                    raise
        return empty(self, sql_list)

    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    DatabaseOperations.execute_sql_flush = original  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests of a worker."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_context(
    browser: Browser, live_server: LiveServer
) -> Iterator[Callable[..., BrowserContext]]:
    """Open further browser contexts (another person, a phone, no script); closed after the test.

    Takes Playwright's options, such as `java_script_enabled=False` or `color_scheme="dark"`.
    """
    opened: list[BrowserContext] = []

    def open_context(**options: Any) -> BrowserContext:
        defaults = {"viewport": {"width": 1280, "height": 800}, "base_url": live_server.url}
        opened.append(browser.new_context(**(defaults | options)))
        opened[-1].set_default_timeout(PATIENCE)
        return opened[-1]

    yield open_context
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A page on the live server. Errors in its scripts or against its CSP fail the test."""
    page = new_context().new_page()
    problems = watch(page)
    yield page
    assert problems == []


def watch(page: Page) -> list[str]:
    """Collect what goes wrong in a page from now on; refused requests are the test's own affair."""
    problems: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            problems.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: problems.append(str(error)))
    return problems


@pytest.fixture
def sign_in(live_server: LiveServer) -> Callable[[Page | BrowserContext, Any], None]:
    """Sign a user in: `sign_in(page, user)`. Only a session is made; no page is loaded."""

    def give_session(where: Page | BrowserContext, user: Any) -> None:
        client = Client()
        client.force_login(user)
        context = where.context if isinstance(where, Page) else where
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])

    return give_session


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    """Check a page, as it stands, with axe: `assert_accessible(page)`."""
    axe = Axe()

    def check(page: Page) -> None:
        results = axe.run(page)
        assert results.violations_count == 0, results.generate_report()

    return check
