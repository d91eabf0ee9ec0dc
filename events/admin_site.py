"""The admin's site: Django's own, with two doors fewer."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_http_methods

_USED = require_http_methods(["GET", "HEAD", "POST"])


class Administration(admin.AdminSite):
    """Refuses what its pages never send, and does not lead to rows by number.

    Django's views take PUT, PATCH and DELETE for a GET. Its way from a row's number to the row's
    page asks for no permission on the row, and so would tell any staff where a private dossier is.
    """

    site_header = "Truceline administration"
    site_title = "Truceline administration"
    index_title = "All records"

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Put the guards around a view of the admin."""
        guarded = super().admin_view(view, cacheable)

        def used(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            match = request.resolver_match
            if match is not None and match.url_name == "view_on_site":
                raise Http404("The admin leads to no page by number.")
            if "%00" in request.META.get("QUERY_STRING", ""):
                raise BadRequest("The database holds no such text.")
            return guarded(request, *args, **kwargs)

        return _USED(used)


class AdministrationConfig(AdminConfig):
    """Django's admin with the site above."""

    default_site = "events.admin_site.Administration"
