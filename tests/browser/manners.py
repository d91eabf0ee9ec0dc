"""How tests use the browser: as a person does, on a page that has loaded, and one that may be slow.

Scripts of a page run before its load event. Whatever acts on a page or reads it at once therefore
waits for that event first, in the document that has what is acted on. What a request brings later
is waited for by the test, with `expect`.
"""

from __future__ import annotations

import functools
import random
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from playwright.sync_api import Locator, Page

ACTIONS = (
    *("blur", "check", "clear", "click", "dblclick", "dispatch_event", "drag_to", "fill", "focus"),
    *("hover", "press", "press_sequentially", "scroll_into_view_if_needed", "select_option"),
    *("select_text", "set_checked", "set_input_files", "tap", "type", "uncheck"),
)
"""What is done to an element, which has to be there."""
READINGS = (
    *("all", "all_inner_texts", "all_text_contents", "bounding_box", "count", "evaluate"),
    *("evaluate_all", "get_attribute", "inner_html", "inner_text", "input_value", "is_checked"),
    *("is_disabled", "is_editable", "is_enabled", "is_hidden", "is_visible", "text_content"),
)
OF_PAGES = ("content", "evaluate", "set_viewport_size", "title")
DEVICES = ("keyboard", "mouse", "touchscreen")


def on_loaded_pages(patch: Callable[[type, str, Any], None]) -> None:
    """Make all that acts on pages, or reads them, wait until they have loaded."""

    def after(waiting: Callable[[Any], None], act: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(act)
        def patient(self: Any, *args: Any, **options: Any) -> Any:
            waiting(self)
            return act(self, *args, **options)

        return patient

    for name in ACTIONS:
        patch(Locator, name, after(_until_there, getattr(Locator, name)))
    for name in READINGS:
        patch(
            Locator,
            name,
            after(lambda locator: _until_loaded(locator.page), getattr(Locator, name)),
        )
    for name in OF_PAGES:
        patch(Page, name, after(_until_loaded, getattr(Page, name)))
    # A key has no element to wait for; its device is asked for each time that one is pressed.
    for name in DEVICES:
        patch(Page, name, property(after(_until_loaded, vars(Page)[name].fget)))


def _until_loaded(page: Page) -> None:
    page.wait_for_load_state("load")


def _until_there(locator: Locator) -> None:
    _until_loaded(locator.page)
    # It may come with the next page, whose scripts have not run by then.
    locator.wait_for(state="attached")
    _until_loaded(locator.page)


class Attendance:
    """A live server that knows which connections are open and answers as slowly as it is told to.

    Once the browsers are gone, `until_left` waits until the server has finished with all of them:
    what it still wrote would meet the emptying of the tables.
    """

    def __init__(self, server: Any, delay: float) -> None:
        """Attach to a threading server before it has answered anything; `delay` is in seconds."""
        self._changed = threading.Condition()
        self._open = 0
        come, serve, self._answer = (
            server.process_request,
            server.process_request_thread,
            server.get_app(),
        )
        self._delay = delay

        def counted(*args: Any) -> None:
            with self._changed:
                self._open += 1
            come(*args)

        def served(*args: Any) -> None:
            try:
                serve(*args)
            finally:
                with self._changed:
                    self._open -= 1
                    self._changed.notify_all()

        server.process_request, server.process_request_thread = counted, served
        if delay:
            server.set_app(self)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.endswith(".js") or not path.startswith("/static/"):
            time.sleep(random.uniform(0, self._delay))
        answer: Iterable[bytes] = self._answer(environ, start_response)
        return answer

    def until_left(self, patience: float) -> None:
        """Wait until no connection is open, at most so many seconds."""
        with self._changed:
            gone = self._changed.wait_for(lambda: not self._open, patience)
        assert gone, f"The server still has {self._open} connections of browsers that are closed."
