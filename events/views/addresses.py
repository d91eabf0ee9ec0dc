"""Which page shows a record, and which screen it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from django.http import HttpRequest

    from events.models import Record

OWNERS = {
    "evidence": "target",
    "participation": "event",
    "term": "proposal",
    "proposer": "proposal",
    "consent": "proposal",
    "outcome": "commitment",
    "conflictmember": "conflict",
    "sourcetext": "source",
    "passage": "source_text",
    "readout": "event",
    "readoutpoint": "event",
    "readoutpassage": "point",
    "note": "target",
}
"""Records without a page of their own, and what they are shown with."""

COMPARED = ("readout", "readoutpoint", "readoutpassage")
"""Records of which each event has a page."""

SCREENS = {
    "timeline": ("event", "link"),
    "positions": ("position", "issue", "conflict"),
    "table": ("proposal", "commitment"),
    "sources": ("source",),
    "actors": ("actor", "affiliation", "side"),
}
"""The lists that are reached from each screen of the navigation, the screen's own first."""


def page_of(record: Record) -> str:
    """The address of the page that shows `record`: its own, its owner's, else the dossier's."""
    if record._meta.model_name == "note" and record.target._meta.model_name == "source":
        # The page of a source is its text; what is noted stands with its details.
        return reverse("events:source-details", args=[record.dossier.slug, record.target.ref])
    if hasattr(record, "get_absolute_url"):
        return record.get_absolute_url()
    if record._meta.model_name in COMPARED:
        point = getattr(record, "point", record)
        page = reverse("events:event-readouts", args=[record.dossier.slug, point.event.ref])
        return f"{page}#{point.ref}"
    if record._meta.model_name == "side":
        return reverse("events:side-list", args=[record.dossier.slug])
    owner = OWNERS.get(record._meta.model_name)
    return page_of(getattr(record, owner)) if owner else record.dossier.get_absolute_url()


def screen_of(noun: str) -> str:
    """The screen whose mark in the navigation `noun` takes, "" for none."""
    return next((screen for screen, nouns in SCREENS.items() if noun in nouns), "")


def drawer_of(request: HttpRequest, ref: str) -> SafeString:
    """The drawer of the record `ref` of any noun as it stands beside a list, "" for none.

    The record's own view draws it, so that reloading shows what a click had opened.
    """
    prefix = ref.rstrip("0123456789")
    models = apps.get_app_config("events").get_models()
    noun = next((m._meta.model_name for m in models if getattr(m, "ref_prefix", "") == prefix), "")
    try:
        found = resolve(reverse(f"events:{noun}-detail", args=[request.dossier.slug, ref]))
    except NoReverseMatch:
        return mark_safe("")
    view = found.func.view_class(**found.func.view_initkwargs)
    view.setup(request)
    record = view.rows().filter(ref=ref).first()
    if record is None:
        return mark_safe("")
    record.dossier = request.dossier
    view.beside_list = True
    return mark_safe(view.shown(record).content.decode())
