"""Fields of our own, looked up in a dossier."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from events import dates
from events.forms import lookup
from events.forms.fields import CoordinatesField, EventWhenField, LinesField, RecordField
from events.history import recording
from events.models import Actor, Dossier, Event, User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    return factories.UserFactory()


@pytest.fixture
def dossier(author: User) -> Dossier:
    with recording(by=author):
        return factories.DossierFactory(slug="room")


def actor_field(dossier: Dossier) -> RecordField:
    field = RecordField(Actor)
    field.bind(dossier, "actor")
    return field


def test_record_by_ref_name_and_alias(author: User, dossier: Dossier) -> None:
    with recording(by=author):
        rubio = factories.ActorFactory(
            dossier=dossier, name="Marco Rubio", short_name="Rubio", aliases=["Rubio, Marco"]
        )
    field = actor_field(dossier)
    typed = ["A1", "a1", "A1 Marco Rubio", "marco rubio", "Rubio", "Rubio, Marco"]
    assert [field.clean(text) for text in typed] == [rubio] * len(typed)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("Rubo", "'Rubo' is not an actor here. Did you mean 'Marco Rubio'?"),
        (
            "Nobody at all",
            "'Nobody at all' is not an actor here. Pick one of the list, or add it first.",
        ),
        ("A9", "'A9' is not an actor here. Pick one of the list, or add it first."),
        ("Envoy", "'Envoy' may be A2 Envoy or A3 Envoy. Write the one with its number."),
        # A number that is another's name is a slip, not a choice.
        ("A2 Marco Rubio", "'A2 Marco Rubio' is not an actor here. Did you mean 'Marco Rubio'?"),
    ],
)
def test_record_refused(author: User, dossier: Dossier, typed: str, message: str) -> None:
    with recording(by=author):
        factories.ActorFactory(dossier=dossier, name="Marco Rubio")
        factories.ActorFactory.create_batch(2, dossier=dossier, name="Envoy")
        factories.ActorFactory(name="Nobody at all")
    with pytest.raises(ValidationError) as refused:
        actor_field(dossier).clean(typed)
    assert refused.value.messages == [message]


def test_unchanged_text_is_no_change(author: User, dossier: Dossier) -> None:
    with recording(by=author):
        actor = factories.ActorFactory(dossier=dossier, name="Marco Rubio")
    field = actor_field(dossier)
    assert field.prepare_value(actor.pk) == "A1 Marco Rubio"
    assert not field.has_changed(actor.pk, "A1 Marco Rubio ")
    assert field.has_changed(actor.pk, "A2")


def test_when_reads_against_the_newest_source(author: User, dossier: Dossier) -> None:
    with recording(by=author):
        for year in (2024, 2025):
            source = factories.SourceFactory.build(dossier=dossier)
            type(source).published.set(source, dates.read(f"11 March {year}"))
            source.save()
    assert lookup.anchor_day(dossier) == dt.date(2025, 3, 11)
    field = EventWhenField("when")
    field.dossier, field.record = dossier, Event(dossier=dossier)
    reading = field.clean("this Saturday")
    assert field.columns("when", reading) == {
        "when_text": "this Saturday",
        "when_edtf": "2025-03-15",
        "earliest": 1741996800,
        "latest": 1742083200,
        "certain_from": None,
        "certain_to": None,
        "when_basis": "derived_document",
        "when_anchor_day": dt.date(2025, 3, 11),
        "when_anchor_event": None,
    }


def test_the_talks_are_those_that_took_place(author: User, dossier: Dossier) -> None:
    with recording(by=author):
        held = factories.EventFactory.build(dossier=dossier, title="In Jeddah", kind="talks")
        held.set_when(dates.read("11 March 2025"))
        held.save()
        factories.EventFactory(
            dossier=dossier, title="Later", kind="talks", modality="hypothetical"
        )
    field = EventWhenField("when")
    field.dossier, field.record = dossier, Event(dossier=dossier)
    found = field.columns("when", field.clean("before the talks"))
    assert (found["when_edtf"], found["when_basis"], found["when_anchor_event"]) == (
        "[..2025-03-11]",
        "derived_event",
        held,
    )


def test_a_dossier_without_dates_asks_for_the_year(dossier: Dossier) -> None:
    field = EventWhenField("when")
    field.dossier, field.record = dossier, Event(dossier=dossier)
    with pytest.raises(ValidationError) as refused:
        field.clean("11 March")
    assert "11 March" in refused.value.messages[0]


@pytest.mark.parametrize(
    ("typed", "pair"),
    [
        ("21.5433, 39.1728", (Decimal("21.54330"), Decimal("39.17280"))),
        ("-90;180", (Decimal("-90.00000"), Decimal("180.00000"))),
        ("", (None, None)),
    ],
)
def test_coordinates(typed: str, pair: tuple[Decimal | None, Decimal | None]) -> None:
    assert CoordinatesField().clean(typed) == pair


@pytest.mark.parametrize("typed", ["91, 0", "21.5", "1, 2, 3", "north, east", "NaN, 1"])
def test_coordinates_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        CoordinatesField().clean(typed)
    assert refused.value.messages == [f"'{typed}' is not a place on Earth. Try '21.5433, 39.1728'."]


def test_lines() -> None:
    field = LinesField(required=False)
    assert field.clean(" Rubio, Marco \n\nSecretary\nSecretary\n") == ["Rubio, Marco", "Secretary"]
    assert field.prepare_value(["a", "b"]) == "a\nb"
    assert not field.has_changed(["a", "b"], "a\r\nb")
