"""Invented dossiers: large, in one revision, the same for the same seed, and without nonsense."""

from __future__ import annotations

import json
from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from events import checks, history, invented
from events.formats import dossier as dossier_format
from events.invented import pace, tables, words
from events.models import (
    Actor,
    Change,
    Dossier,
    Event,
    Evidence,
    Participation,
    Revision,
    User,
)
from tests.factories import UserFactory

EVENTS = 400


@pytest.fixture
def by(transactional_db: Any) -> User:
    """In whose name it is made."""
    user: User = UserFactory(username="mira")
    return user


def made(by: User, slug: str = "invented", seed: int = 1, events: int = EVENTS) -> Dossier:
    return invented.make(slug, "Invented", events, seed, by)


def contents(dossier: Dossier) -> dict[str, Any]:
    """The dossier as an export says it, but for its slug."""
    told: dict[str, Any] = json.loads(dossier_format.dump(dossier_format.collect(dossier)))
    told["dossier"].pop("slug")
    return told


def test_the_same_seed_gives_the_same_and_another_seed_another(by: User) -> None:
    first = contents(made(by, "first"))
    assert contents(made(by, "second")) == first
    assert contents(made(by, "third", seed=2))["events"] != first["events"]


def test_it_is_written_in_one_revision_and_goes_with_its_dossier(by: User) -> None:
    dossier = made(by)
    [revision] = Revision.objects.filter(dossier_id=dossier.pk)
    assert (revision.number, revision.author, revision.note, revision.origin) == (
        *(1, by, "400 invented events, seed 1", "command"),
    )
    changes = Change.objects.filter(revision=revision)
    written = Counter(changes.filter(operation="insert").values_list("table", flat=True))
    assert changes.count() == written.total()
    for model in (Event, Participation, Evidence, Actor):
        rows = model.objects.filter(dossier=dossier)
        assert written[model._meta.db_table] == rows.count()
        refs = [f"{model.ref_prefix}{number}" for number in range(1, rows.count() + 1)]
        assert list(rows.order_by("id").values_list("ref", flat=True)) == refs
    # The next one that a person writes goes on from there.
    with history.recording(by=by):
        assert Event.objects.create(dossier=dossier, title="Later").ref == "E401"
        dossier.delete()
    assert [Event.objects.count(), Participation.objects.count(), Actor.objects.count()] == [0] * 3


def test_the_checks_find_what_is_open_but_no_contradiction(by: User) -> None:
    found = {result.check.key: len(result.found) for result in checks.run(made(by)) if result.found}
    assert found.keys() <= {"unsourced", "undated", "stale"}


def test_an_import_takes_what_an_export_says_of_it(by: User) -> None:
    dossier = made(by)
    assert dossier_format.would_refuse(dossier_format.collect(dossier)) == ()


def test_a_fifth_of_the_titles_has_the_common_word_and_few_have_a_rare_one(by: User) -> None:
    titles = list(Event.objects.filter(dossier=made(by)).values_list("title", flat=True))
    assert len(titles) == EVENTS
    assert 0.15 < sum(words.COMMON in title for title in titles) / EVENTS < 0.25
    assert [sum(word in title for title in titles) for word in words.RARE] == [1, 1, 1]


def test_the_events_are_of_all_kinds_and_mostly_published(by: User) -> None:
    events = Event.objects.filter(dossier=made(by))
    assert set(events.values_list("kind", flat=True)) == set(Event.Kind.values)
    assert 0.7 < events.filter(state="published").count() / EVENTS < 0.9
    assert events.filter(when_edtf="").exists()
    assert events.filter(earliest=None, latest__isnull=False).exists()
    assert events.filter(modality="planned").exists()
    assert events.filter(certain_from__isnull=False).exists()
    company = Counter(Participation.objects.values_list("event", flat=True))
    assert set(company.values()) == {1, 2, 3}


def test_days_come_to_the_number_asked_for_and_are_uneven() -> None:
    import random

    numbers = [number for _, number in pace.days(10_000, random.Random(1))]
    assert sum(numbers) == 10_000
    assert max(numbers) > 20 * sorted(numbers)[len(numbers) // 2]


def test_a_chunk_is_bounded_and_its_keys_are_checked_at_once(
    by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    copy = tables.Table.copy

    def counting(table: tables.Table, rows: list[Any]) -> None:
        if table.name == "events_event":
            sizes.append(len(rows))
        copy(table, rows)

    monkeypatch.setattr(invented, "CHUNK", 50)
    monkeypatch.setattr(tables.Table, "copy", counting)
    made(by)
    assert sum(sizes) == EVENTS
    assert max(sizes) <= 100


def test_what_is_stopped_half_way_leaves_nothing(by: User) -> None:
    def stop(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        invented.make("half", "Half", EVENTS, 1, by, stop)
    assert [Dossier.objects.count(), Event.objects.count(), Revision.objects.count()] == [0, 0, 0]


def test_the_command_tells_how_far_it_is_and_refuses_a_slug_that_is_taken(by: User) -> None:
    err = StringIO()
    asked = ("make_dossier", "--events", "40", "--by", "mira", "--slug", "forty")
    call_command(*asked, stderr=err)
    lines = err.getvalue().splitlines()
    assert lines[-1] == "40 of 40 events"
    assert 10 < len(lines) <= 20
    with pytest.raises(CommandError) as refused:
        call_command(*asked, stderr=StringIO())
    assert str(refused.value) == (
        "There is a dossier 'forty' already. Choose another --slug. Nothing was written."
    )
    with pytest.raises(CommandError, match="one event or more"):
        call_command("make_dossier", "--events", "0", "--by", "mira", stderr=StringIO())


def test_the_planner_knows_the_new_rows(by: User) -> None:
    made(by)
    with connection.cursor() as cursor:
        # By its number: the views of the past are called the same.
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'events_event'::regclass")
        assert cursor.fetchone() == (EVENTS,)
