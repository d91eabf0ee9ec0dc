"""All addresses of Truceline, and a page with nothing on it."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tracker.urls import handler400

__all__ = ["handler400", "urlpatterns"]


def blank(request: HttpRequest) -> HttpResponse:
    """An empty page, with its document type."""
    return HttpResponse("<!doctype html><title>Blank</title><p>Blank")


urlpatterns = [path("blank", blank), path("", include("tracker.urls"))]
