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
from django.db import connections, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebError,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from tests.browser.manners import Attendance, on_loaded_pages
from tests.chromium import ARGUMENTS, find_chromium
from tracker.embedded_postgres import EmbeddedPostgres

# Playwright's synchronous interface runs an event loop in the test's thread, which Django takes
# for a mistake. Here it is none: the loop never runs Django's code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

SLOW = os.environ.get("TRUCELINE_SLOW_BROWSER", "")
"""Milliseconds, "0" too: each script and each answer takes as long at most, and pages have a sixth
of the processor. Tests that pass only because pages are quick fail then."""
DELAY = int(SLOW or 0)
SLOW_DOWN = 6

PATIENCE = 20_000 + (40_000 + 30 * DELAY if SLOW else 0)
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

    def flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        with (
            transaction.atomic(
                using=self.connection.alias, savepoint=self.connection.in_atomic_block
            ),
            self.connection.cursor() as cursor,
        ):
            cursor.execute("SET LOCAL session_replication_role = replica")
            for sql in sql_list:
                cursor.execute(sql)

    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    DatabaseOperations.execute_sql_flush = original  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def attendance(live_server: LiveServer) -> Attendance:
    """Who is with the live server. It is slow when the run is to be."""
    return Attendance(live_server.thread.httpd, DELAY / 1000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests of a worker."""
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        on_loaded_pages(patch.setattr)
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def problems() -> list[str]:
    """What went wrong in pages so far. A test that provokes it takes it out."""
    return []


@pytest.fixture
def new_context(
    browser: Browser, live_server: LiveServer, attendance: Attendance, problems: list[str]
) -> Iterator[Callable[..., BrowserContext]]:
    """Open further browser contexts (another person, a phone, no script); closed after the test.

    Takes Playwright's options, such as `java_script_enabled=False` or `color_scheme="dark"`. Errors
    in scripts of their pages, or against the CSP, fail the test.
    """
    opened: list[BrowserContext] = []
    given_up: list[str] = []

    def open_context(**options: Any) -> BrowserContext:
        defaults = {"viewport": {"width": 1280, "height": 800}, "base_url": live_server.url}
        context = browser.new_context(**(defaults | options))
        opened.append(context)
        context.set_default_timeout(PATIENCE)
        watch(context, problems, given_up)
        if SLOW:
            context.on("page", slow_down)
        return context

    yield open_context
    try:
        for context in opened:
            for page in context.pages:
                page.unroute_all(behavior="ignoreErrors")
            context.cookies()  # answered when all that was said before has been heard
        # What a page says of being closed in the middle of something is nobody's problem.
        found = without(problems, given_up)
    finally:
        for context in opened:
            context.close()
        # The tables are emptied next.
        attendance.until_left(PATIENCE / 1000)
    assert found == []


def slow_down(page: Page) -> None:
    """Leave a page a part of the processor."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_DOWN})


def watch(context: BrowserContext, problems: list[str], given_up: list[str]) -> None:
    """Collect what goes wrong in pages from now on; refused requests are the test's own affair."""

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            problems.append(message.text)

    def failed(error: WebError) -> None:
        problems.append(str(error.error))

    def unanswered(request: Request) -> None:
        if request.failure == "net::ERR_ABORTED" and request.resource_type in ("fetch", "xhr"):
            given_up.append(request.url)

    context.on("console", heard)
    context.on("weberror", failed)
    context.on("requestfailed", unanswered)


def without(problems: list[str], given_up: list[str]) -> list[str]:
    """The problems that remain when requests are taken out that were given up on purpose.

    A page gives a request up for a newer one, and the browser those that were on their way when
    their page was left; htmx tells of both as of errors. A request that a server or a network
    fails is none of them: each fetch that failed needs one that the browser gave up.
    """
    unexplained = len(given_up)
    found = []
    for problem in problems:
        if "AbortError: signal is aborted" in problem:
            continue
        if unexplained and "Failed to fetch" in problem:
            unexplained -= 1
        else:
            found.append(problem)
    return found


@pytest.fixture
def as_user(
    new_context: Callable[..., BrowserContext], sign_in: Callable[..., None]
) -> Callable[..., Page]:
    """Open a page in a browser of somebody's own: `as_user(person, **options)`; None is a visitor.

    The options are those of `new_context`.
    """

    def open_page(person: Any, **options: Any) -> Page:
        context = new_context(**options)
        if person is not None:
            sign_in(context, person)
        return context.new_page()

    return open_page


@pytest.fixture
def page(as_user: Callable[..., Page]) -> Page:
    """A page on the live server, of a visitor until somebody signs in."""
    return as_user(None)


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
    # It would copy imported sheets into the page, which its policy forbids.
    options = {"resultTypes": ["violations"], "preload": False}

    def check(page: Page) -> None:
        results = axe.run(page, options=options)
        assert results.violations_count == 0, results.generate_report()

    return check
