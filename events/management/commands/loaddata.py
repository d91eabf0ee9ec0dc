"""`manage.py loaddata FIXTURE --by USERNAME`."""

from events.management.loading import Command

__all__ = ["Command"]
