"""Finds the browser that tests drive. As a program: prints its path, or says what to install."""

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
if os.geteuid() == 0:
    ARGUMENTS.append("--no-sandbox")  # Chromium refuses to start as root with its sandbox


def find_chromium() -> str:
    """Give the path of Chromium: TRUCELINE_CHROMIUM, or the first found on PATH.

    Raises LookupError, saying what to install, when there is none.
    """
    given = os.environ.get("TRUCELINE_CHROMIUM", "")
    if given and not os.access(given, os.X_OK):
        raise LookupError(f"TRUCELINE_CHROMIUM is {given}, which cannot be run.")
    found = given or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise LookupError(
            "Browser tests need Chromium. Install it (Debian: apt-get install chromium), or set "
            "TRUCELINE_CHROMIUM to the path of one."
        )
    return found


if __name__ == "__main__":
    try:
        print(find_chromium())
    except LookupError as problem:
        sys.exit(str(problem))
