"""The admin: every model, flat query counts, edits in the history under the user's name."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events import history
from events.history import recording
from events.models import (
    Change,
    Density,
    Event,
    Link,
    Participation,
    Placement,
    Position,
    Revision,
    User,
)
from tests import factories
from tests.factories import RECORDS

pytestmark = pytest.mark.django_db

WORKED_OUT = {Density, Placement}
"""What the database works out from the records: nobody edits it."""

MODELS = sorted(
    set(apps.get_app_config("events").get_models()) - WORKED_OUT, key=lambda m: m.__name__
)
EDITABLE = [m for m in MODELS if admin.site.is_registered(m) and m in RECORDS]


def named(model):
    return model.__name__


@pytest.fixture
def root(db):
    return factories.UserFactory(username="root", is_staff=True, is_superuser=True)


@pytest.fixture
def signed_in(client, root):
    client.force_login(root)
    return client


def address(model, page, *args):
    return reverse(f"admin:events_{model._meta.model_name}_{page}", args=args)


def fields_of(response):
    """What a browser would send back from the forms of an admin page, unchanged."""
    context = response.context
    forms = [context["adminform"].form]
    for formset in context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    sent = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is True:
                sent[bound.html_name] = "on"
            elif isinstance(value, list):
                sent[bound.html_name] = ",".join(value)
            elif value is not None and value is not False:
                sent[bound.html_name] = value
    return sent


def test_every_model_is_there():
    assert {m for m in admin.site._registry if m._meta.app_label == "events"} == set(MODELS)


@pytest.mark.parametrize("model", EDITABLE, ids=named)
def test_list_asks_as_much_for_three_rows_as_for_nine(signed_in, root, model):
    def count(rows):
        with recording(by=root):
            for _ in range(rows):
                RECORDS[model]()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = signed_in.get(address(model, "changelist"))
        assert page.context["cl"].result_count == model.objects.count()
        return len(queries)

    few, many = count(3), count(6)
    # One more dossier means one more choice in the filter, in the same query.
    assert few == many <= 12


@pytest.mark.parametrize("model", EDITABLE, ids=named)
def test_pages_open_and_search_finds_the_ref(signed_in, root, model):
    with recording(by=root):
        record = RECORDS[model]()
    found = signed_in.get(address(model, "changelist"), {"q": record.ref})
    assert [row.pk for row in found.context["cl"].result_list] == [record.pk]
    page = signed_in.get(address(model, "change", record.pk))
    assert page.context["original"] == record
    assert "Created by root" in page.text
    assert record.ref in page.text
    blank = signed_in.get(address(model, "add"))
    assert blank.context["original"] is None if "original" in blank.context else True


def test_an_edit_stands_in_the_history_under_the_users_name(signed_in, root):
    ann = factories.UserFactory(username="ann")
    with recording(by=ann):
        event = factories.EventFactory(title="Before", summary="Kept")
        factories.ParticipationFactory(event=event, dossier=event.dossier)
        event.publish()
    url = address(Event, "change", event.pk)
    sent = fields_of(signed_in.get(url)) | {"title": "After"}
    answer = signed_in.post(url, sent)
    event.refresh_from_db()
    change = history.changes_of(event).first()
    assert (answer.status_code, event.title, event.summary, event.state) == (
        302,
        "After",
        "Kept",
        "draft",
    )
    assert (change.revision.author, change.revision.origin, change.operation) == (
        root,
        "admin",
        "update",
    )


def test_rows_added_inside_an_event_are_of_its_dossier(signed_in, root):
    with recording(by=root):
        event = factories.EventFactory()
        actor = factories.ActorFactory(dossier=event.dossier)
        foreign = factories.ActorFactory()
    url = address(Event, "change", event.pk)
    sent = fields_of(signed_in.get(url)) | {
        "participations-TOTAL_FORMS": "1",
        "participations-0-actor": str(actor.pk),
        "participations-0-role": "speaker",
    }
    assert signed_in.post(url, sent).status_code == 302
    rows = Participation.objects.values_list("dossier_id", "event_id", "actor_id", "role", "ref")
    assert list(rows) == [(event.dossier_id, event.pk, actor.pk, "speaker", "PT1")]
    sent["participations-0-actor"] = str(foreign.pk)
    refused = signed_in.post(url, sent)
    assert "belongs to another dossier" in refused.text
    assert rows.count() == 1


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("publish", "draft", "published"),
        ("review", "draft", "reviewed"),
        ("withdraw", "published", "draft"),
    ],
)
@pytest.mark.parametrize("model", [Event, Position, Link], ids=named)
def test_actions_move_the_state(signed_in, root, model, action, before, after):
    with recording(by=root):
        record = RECORDS[model]()
        if before != "draft":
            record.move_to(before)
        other = RECORDS[model](dossier=record.dossier)
    answer = signed_in.post(
        address(model, "changelist"), {"action": action, "_selected_action": [record.pk]}
    )
    record.refresh_from_db()
    other.refresh_from_db()
    change = history.changes_of(record).first()
    assert (answer.status_code, record.state, other.state) == (302, after, "draft")
    assert (change.revision.author, change.after["state"]) == (root, after)


def test_deleting_names_what_stands_in_the_way(signed_in, root):
    with recording(by=root):
        position = factories.PositionFactory()
    url = address(type(position.actor), "delete", position.actor_id)
    assert "would require deleting" in signed_in.get(url).text
    assert type(position.actor).objects.filter(pk=position.actor_id).exists()


def test_deleting_an_event_is_in_the_history(signed_in, root):
    with recording(by=root):
        event = factories.EventFactory()
        factories.ParticipationFactory(event=event, dossier=event.dossier)
    signed_in.post(address(Event, "delete", event.pk), {"post": "yes"})
    gone = Change.objects.filter(operation="delete").values_list(
        "ref", "revision__author__username"
    )
    assert sorted(gone) == [("E1", "root"), ("PT1", "root")]


def test_the_history_of_a_record_is_what_the_database_wrote(signed_in):
    with recording(by=factories.UserFactory(username="ann")):
        event = factories.EventFactory(title="Talks")
        factories.EventFactory.create_batch(2, dossier=event.dossier)
    page = signed_in.get(address(Event, "history", event.pk), follow=True)
    (change,) = page.context["cl"].result_list
    assert (change.record_id, change.operation, change.revision.author.username) == (
        event.pk,
        "insert",
        "ann",
    )


@pytest.mark.parametrize("model", [Revision, Change], ids=named)
def test_the_history_is_read_only(signed_in, root, model):
    with recording(by=root):
        factories.EventFactory()
    row = model.objects.first()
    page = signed_in.get(address(model, "change", row.pk))
    assert 'name="_save"' not in page.text
    assert signed_in.post(address(model, "change", row.pk), {"note": "x"}).status_code == 403
    assert signed_in.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert signed_in.get(address(model, "add")).status_code == 403


def test_a_circle_is_an_error_beside_the_field(signed_in, root):
    with recording(by=root):
        outer = factories.EventFactory()
        inner = factories.EventFactory(dossier=outer.dossier, part_of=outer)
    url = address(Event, "change", outer.pk)
    sent = fields_of(signed_in.get(url)) | {"part_of": str(inner.pk)}
    page = signed_in.post(url, sent)
    assert page.context["adminform"].form.errors == {"part_of": ["E1 cannot be part of itself."]}


def test_a_stale_edit_is_told_beside_its_field_and_keeps_what_was_typed(signed_in, root):
    ann = factories.UserFactory(username="ann", first_name="Ann", last_name="Lee")
    with recording(by=ann):
        event = factories.EventFactory(title="Before", summary="Kept", place="Jeddah")
        row = factories.ParticipationFactory(event=event, dossier=event.dossier, note="Old")
    url = address(Event, "change", event.pk)
    sent = fields_of(signed_in.get(url))
    with recording(by=ann):
        Event.objects.filter(pk=event.pk).update(title="Ann's", place="Riyadh")
        Participation.objects.filter(pk=row.pk).update(note="Ann's note")
    # Other fields: both stay.
    assert signed_in.post(url, sent | {"summary": "Mine"}).status_code == 302
    event.refresh_from_db()
    row.refresh_from_db()
    assert (event.title, event.place, event.summary, row.note) == (
        "Ann's",
        "Riyadh",
        "Mine",
        "Ann's note",
    )
    # The same fields: refused, with theirs beside what was typed.
    refused = signed_in.post(url, sent | {"title": "Mine", "participations-0-note": "My note"})
    form = refused.context["adminform"].form
    inline = next(
        f for s in refused.context["inline_admin_formsets"] for f in s.formset.forms if f.errors
    )
    assert form.errors == {
        "title": ["Ann Lee saved 'Ann's'. Save again to put yours in its place."]
    }
    assert inline.errors == {
        "note": ["Ann Lee saved 'Ann's note'. Save again to put yours in its place."]
    }
    assert (form["title"].value(), form["place"].value()) == ("Mine", "Riyadh")
    event.refresh_from_db()
    assert event.title == "Ann's"
    # Saving again overwrites these fields and nothing else.
    assert signed_in.post(url, fields_of(refused)).status_code == 302
    event.refresh_from_db()
    row.refresh_from_db()
    assert (event.title, event.place, event.summary, row.note) == (
        "Mine",
        "Riyadh",
        "Mine",
        "My note",
    )


@pytest.mark.parametrize("version", ["", "x", "99"])
def test_an_edit_in_the_admin_that_does_not_say_its_version_is_refused(signed_in, root, version):
    with recording(by=root):
        event = factories.EventFactory(title="Before")
    url = address(Event, "change", event.pk)
    sent = fields_of(signed_in.get(url)) | {"title": "Mine", "made_from": version}
    answer = signed_in.post(url, sent)
    assert "does not say which version" in answer.text
    event.refresh_from_db()
    assert (answer.status_code, event.title) == (200, "Before")


FORGED = ("1\0", "x", "", "1.5", "9" * 30, "\0")


@pytest.mark.parametrize("model", EDITABLE, ids=named)
def test_what_cannot_be_a_row_is_refused(signed_in, model):
    sent = {"action": "delete_selected", "index": "0"}
    answers = [
        signed_in.post(address(model, "changelist"), sent | {"_selected_action": ["1", key]})
        for key in FORGED
    ]
    assert [answer.status_code for answer in answers] == [400] * len(FORGED)
    relations = [f.name for f in model._meta.concrete_fields if f.is_relation]
    answers = [
        signed_in.get(address(model, "add"), {name: key}).status_code
        for name in relations
        for key in ("\0", "x", "9" * 30)
    ]
    assert answers == [400] * 3 * len(relations)


def test_a_person_is_not_put_into_what_cannot_be_a_group(signed_in):
    add = address(User, "add")
    answers = [signed_in.get(add, {"groups": keys}).status_code for keys in ("1,\0", "x")]
    assert answers == [400, 400]


@pytest.mark.parametrize(
    "query",
    ["q=%00", "state__exact=%00", "state__exact=a%00b", "dossier__id__exact=%00"],
)
def test_a_list_is_not_asked_for_what_no_text_can_hold(signed_in, query):
    answers = [
        signed_in.get(f"{address(Event, 'changelist')}?{query}").status_code,
        signed_in.get(
            "/admin/autocomplete/?app_label=events&model_name=participation"
            f"&field_name=actor&term=%00&{query}"
        ).status_code,
    ]
    assert answers == [400, 400]


@pytest.mark.parametrize("key", ["1\0", "x", "9" * 30])
def test_a_form_says_that_a_key_is_none(signed_in, root, key):
    with recording(by=root):
        event = factories.EventFactory()
        factories.ParticipationFactory(event=event, dossier=event.dossier)
    page = address(Event, "change", event.pk)
    sent = fields_of(signed_in.get(page))
    answer = signed_in.post(page, sent | {"part_of": key, "participations-0-actor": key})
    refused = (
        "Null characters are not allowed."
        if "\0" in key
        else "Select a valid choice. That choice is not one of the available choices."
    )
    inline = answer.context["inline_admin_formsets"][0].formset.forms[0]
    assert answer.status_code == 200
    assert dict(answer.context["adminform"].form.errors) == {"part_of": [refused]}
    assert dict(inline.errors) == {"actor": [refused]}
