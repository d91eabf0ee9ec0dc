"""Whether the program runs, and whether it can work; for whoever watches over a server."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.gate import open_to
from events.roles import Access


@open_to(Access.PUBLIC)
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: asks nothing of the database."""
    return HttpResponse("alive\n", content_type="text/plain")


@open_to(Access.PUBLIC)
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: the database answers and has all migrations; 503 with the reason otherwise."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("no database\n", content_type="text/plain", status=503)
    if missing:
        words = f"{len(missing)} migrations to apply\n"
        return HttpResponse(words, content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")
