"""Instants beyond what datetime holds, and many keys as one parameter."""

import pytest
from django.db import connection

from events import dates
from events.models import Event, Participation
from events.models.fields import timestamptz


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "1970-01-01 00:00:00+00"),
        (-1, "1969-12-31 23:59:59+00"),
        (dates.from_edtf("0001").earliest, "0001-01-01 00:00:00+00"),
        (dates.from_edtf("0000").earliest, "0001-01-01 00:00:00+00 BC"),
        (dates.from_edtf("-0489-09-12").earliest, "0490-09-12 00:00:00+00 BC"),
        (dates.from_edtf("9999").latest, "10000-01-01 00:00:00+00"),
    ],
)
@pytest.mark.django_db
def test_an_instant_of_any_century_comes_back_from_the_database(seconds: int, written: str) -> None:
    assert timestamptz(seconds) == written
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch from %s::timestamptz)::bigint", [written])
        assert cursor.fetchone() == (seconds,)


def test_keys_are_one_parameter_however_many() -> None:
    for keys in ([], [3, 1, 2]):
        for rows, column in (
            (Event.objects.filter(pk__among=keys), '"events_event"."id"'),
            (Participation.objects.filter(event__among=keys), '"events_participation"."event_id"'),
        ):
            text, parameters = rows.order_by().query.sql_with_params()
            assert text.endswith(f" WHERE {column} = ANY (%s)")
            assert parameters == (keys,)


@pytest.mark.django_db
def test_among_no_keys_is_nothing() -> None:
    assert list(Event.objects.filter(pk__among=[])) == []
