"""Addresses of the events app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import URLPattern, URLResolver, path

from events.forms.event import EventForm
from events.models import Event
from events.models.base import Reviewable
from events.views import event
from events.views.editing import FieldEdit, RecordCreate, RecordEdit
from events.views.lifecycle import RecordDelete, Restoration, StateChange, Undo
from events.views.records import RecordDetail, RecordHistory, RecordList, RecordOptions

if TYPE_CHECKING:
    from django.views import View

    from events.forms.records import RecordForm
    from events.models import Record

app_name = "events"


def record_paths(
    plural: str,
    model: type[Record],
    form: type[RecordForm],
    *,
    list_view: type[View] | None = RecordList,
    detail_view: type[RecordDetail] | None = RecordDetail,
    create_view: type[View] = RecordCreate,
    edit_view: type[View] = RecordEdit,
    field_view: type[View] = FieldEdit,
    delete_view: type[View] = RecordDelete,
) -> list[URLPattern]:
    """The addresses of one noun, below /d/<slug>/<plural>/.

    Records that are shown with another one have neither list nor page: both views are None.
    """
    noun = model._meta.model_name
    given = {"model": model, "form_class": form, "detail_class": detail_view}

    def at(tail: str, name: str, view: type[View], **more: object) -> URLPattern:
        return path(
            f"d/<slug:slug>/{plural}/{tail}", view.as_view(**given, **more), name=f"{noun}-{name}"
        )

    paths = [
        at("new", "create", create_view),
        at("options", "options", RecordOptions),
        at("<str:ref>/edit", "edit", edit_view),
        at("<str:ref>/fields/<slug:name>/", "field", field_view),
        at("<str:ref>/deletion", "delete", delete_view),
        at("<str:ref>/history", "history", RecordHistory),
        at("<str:ref>/history/<int:version>", "version", RecordHistory),
        at("<str:ref>/history/<int:version>/restoration", "restoration", Restoration),
    ]
    if issubclass(model, Reviewable):
        paths += [
            at("<str:ref>/review", "review", StateChange, verb="review", said="marked as reviewed"),
            at("<str:ref>/publication", "publication", StateChange),
            at(
                "<str:ref>/withdrawal", "withdrawal", StateChange, verb="withdraw", said="withdrawn"
            ),
        ]
    if list_view is not None:
        paths.append(at("", "list", list_view))
    if detail_view is not None:
        paths.append(at("<str:ref>/", "detail", detail_view))
    return paths


records: list[URLPattern] = [
    *record_paths("events", Event, EventForm, list_view=event.EventList),
    path("d/<slug:slug>/revisions/<int:number>/undo", Undo.as_view(), name="undo"),
]

urlpatterns: list[URLPattern | URLResolver] = [*records]
