"""All addresses: the admin, and everything else from the events app."""

from django.contrib import admin
from django.urls import include, path

handler400 = "events.carried.unreadable"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("events.urls")),
]
