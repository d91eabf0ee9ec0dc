"""The one Django app of Truceline: records of a negotiation and the pages over them."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Names the app for Django."""

    name = "events"
    verbose_name = "Negotiation records"
