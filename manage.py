#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        message = (
            "Django is not installed for this Python. Run script/server once, "
            "then use .venv/bin/python manage.py."
        )
        raise SystemExit(message) from error
    from tracker.embedded_postgres import ClusterError

    try:
        execute_from_command_line(sys.argv)
    except ClusterError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
