"""Writing a dossier file into the database."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.db import connection, connections

from events import dates, history, models
from events.formats import dossier, writer
from events.formats.problems import Refused
from events.formats.records import DossierFile
from tests.factories import (
    RECORDS,
    ConflictMemberFactory,
    DossierFactory,
    EventFactory,
    SideFactory,
    SourceTextFactory,
    UserFactory,
)
from tests.formats.test_dossier import SMALL, small


def changed(**lists: Any) -> DossierFile:
    """The small dossier with other rows or another head."""
    return dossier.load(json.dumps(SMALL | lists).encode())


def tallies(report: writer.Report) -> dict[str, tuple[list[str], list[str], list[str]]]:
    """Created, changed and unchanged refs by kind."""
    return {
        name: (tally.created, tally.changed, tally.unchanged)
        for name, tally in report.tallies.items()
    }


@pytest.mark.django_db(transaction=True)
def test_a_new_dossier_belongs_to_who_imports_it() -> None:
    by = UserFactory(username="mira")
    report = writer.apply(small(), by)
    assert tallies(report) == {
        "dossier": (["river"], [], []),
        "sources": (["S1"], [], []),
        "source_texts": (["ST1"], [], []),
        "passages": (["P1"], [], []),
        "events": (["E2", "E10"], [], []),
    }
    river = models.Dossier.objects.get()
    assert [(m.user.username, m.role) for m in river.membership_set.all()] == [("mira", "owner")]
    revision = models.Revision.objects.get()
    assert (revision.author, revision.origin, revision.note) == (by, "import", "Imported river")
    assert (revision.dossier_id, revision.number, revision.changes.count()) == (river.pk, 1, 7)


@pytest.mark.django_db
def test_what_the_file_does_not_say_is_worked_out() -> None:
    when = {"text": "11 March, 2 pm", "edtf": "2025-03-11T14:00/2025-03-12"}
    head = SMALL["dossier"] | {"time_zone": "Europe/Kyiv"}
    writer.apply(
        changed(dossier=head, events=[{"ref": "E1", "title": "a", "when": when}]), UserFactory()
    )
    event = models.Event.objects.get()
    at = {
        edtf: dates.from_edtf(edtf, zone="Europe/Kyiv")
        for edtf in ("2025-03-11T14:00", "2025-03-12")
    }
    start, end = at.values()
    assert (event.earliest, event.latest) == (start.earliest, end.latest)
    assert (event.certain_from, event.certain_to) == (start.latest, end.earliest)
    passage = models.Passage.objects.get()
    assert (passage.prefix, passage.suffix) == ("We accept.\nWe ", ".")


@pytest.mark.django_db(transaction=True)
def test_only_what_differs_is_written() -> None:
    by = UserFactory()
    writer.apply(small(), by)
    events = [{"ref": "E2", "title": "Talks"}, {"ref": "E11", "title": "New", "part_of": "E2"}]
    report = writer.apply(changed(events=events, sources=SMALL["sources"]), by)
    assert tallies(report) == {
        "dossier": ([], [], ["river"]),
        "sources": ([], [], ["S1"]),
        "source_texts": ([], [], ["ST1"]),
        "passages": ([], [], ["P1"]),
        "events": (["E11"], ["E2"], []),
    }
    second = models.Revision.objects.get(number=2)
    assert sorted(second.changes.values_list("ref", "operation")) == [
        ("E11", "insert"),
        ("E2", "update"),
    ]
    # The row the file no longer has stays; the one it has loses what the file leaves out.
    stored = models.Event.objects.order_by("id").values_list("ref", "part_of__ref", "version")
    assert list(stored) == [("E2", None, 2), ("E10", None, 1), ("E11", "E2", 1)]
    assert writer.apply(changed(events=events), by).writes == 0
    assert models.Revision.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_review_state_is_the_file_s() -> None:
    by = UserFactory()
    published = [{"ref": "E2", "title": "Talks", "state": "published"}]
    writer.apply(changed(events=published), by)
    writer.apply(changed(events=[published[0] | {"title": "The talks"}]), by)
    assert list(models.Event.objects.values_list("title", "state")) == [("The talks", "published")]


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    by = UserFactory()
    rehearsed = writer.apply(small(), by, dry_run=True)
    assert not models.Dossier.objects.exists()
    assert not models.Revision.objects.exists()
    real = writer.apply(small(), by)
    assert tallies(real) == tallies(rehearsed)
    assert (rehearsed.dry_run, real.dry_run) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_progress_is_told_by_kind() -> None:
    heard: list[tuple[str, int, int]] = []
    writer.apply(small(), UserFactory(), progress=lambda *told: heard.append(told))
    assert heard == [
        ("sources", 1, 5),
        ("source_texts", 2, 5),
        ("passages", 3, 5),
        ("events", 5, 5),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_ref_given_by_a_file_is_not_given_out_again() -> None:
    by = UserFactory()
    writer.apply(small(), by)
    with history.recording(by=by):
        assert EventFactory(dossier=models.Dossier.objects.get(), title="Next").pk
    assert list(models.Event.objects.order_by("id").values_list("ref", flat=True)) == [
        "E2",
        "E10",
        "E11",
    ]


@pytest.mark.django_db(transaction=True)
def test_a_stored_text_is_never_changed() -> None:
    by = UserFactory()
    writer.apply(small(), by)
    with pytest.raises(Refused) as refused:
        writer.apply(
            changed(source_texts=[SMALL["source_texts"][0] | {"text": "We accept the truce!"}]), by
        )
    assert str(refused.value) == (
        "source_texts ST1: differs from the text stored under this ref, and stored texts never"
        " change. Give it a ref of its own and a number after 1."
    )
    assert models.Revision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_stored_row_has_already_is_refused() -> None:
    by = UserFactory(is_superuser=True)
    with history.recording(by=by):
        river = DossierFactory(slug="river")
        SideFactory(dossier=river, code="US")
        text = SourceTextFactory(dossier=river)
    file = changed(sides=[{"ref": "SD7", "code": "US", "name": "United States"}])
    with pytest.raises(Refused) as refused:
        writer.apply(file, by)
    assert str(refused.value).splitlines() == [
        "sides SD7: the stored side SD1 has the same code 'US'. Use its ref or change one of them.",
        "source_texts ST1: differs from the text stored under this ref, and stored texts never"
        " change. Give it a ref of its own and a number after 1.",
    ]
    assert models.SourceText.objects.get() == text


@pytest.mark.django_db(transaction=True)
def test_codes_may_change_hands_or_the_import_says_why_not() -> None:
    by = UserFactory()
    sides = [{"ref": "SD1", "code": "N", "name": "n"}, {"ref": "SD2", "code": "S", "name": "s"}]
    writer.apply(changed(sides=sides), by)
    swapped = [sides[0] | {"code": "S"}, sides[1] | {"code": "N"}]
    with pytest.raises(Refused, match=r'the database: .*"side_code" .*already exists'):
        writer.apply(changed(sides=swapped), by)
    assert list(models.Side.objects.order_by("id").values_list("code", flat=True)) == ["N", "S"]


@pytest.mark.django_db(transaction=True)
def test_every_kind_of_record_made_here_goes_out_and_comes_in_again() -> None:
    by = UserFactory()
    with history.recording(by=by):
        made = DossierFactory(slug="all-kinds")
        for factory in RECORDS.values():
            factory(dossier=made)
        for conflict in models.Conflict.objects.all():
            ConflictMemberFactory.create_batch(2, dossier=made, conflict=conflict)
    out = dossier.dump(dossier.collect(made))
    assert set(json.loads(out)) - {"format", "version", "dossier"} == {
        kind.name for kind in dossier.KINDS
    }
    with history.recording(by=by):
        made.delete()
    writer.apply(dossier.load(out), by)
    assert dossier.dump(dossier.collect(models.Dossier.objects.get())) == out


@pytest.mark.django_db(transaction=True)
def test_a_page_that_makes_a_record_meanwhile_waits(django_db_blocker: Any) -> None:
    """While an import holds the counters nobody else is given one of its refs."""
    by = UserFactory()
    writer.apply(small(), by)
    river = models.Dossier.objects.get()
    made: list[str] = []

    def page() -> None:
        with history.recording(by=by):
            event = EventFactory(dossier_id=river.pk, dossier=river)
        event.refresh_from_db()
        made.append(event.ref)
        connections.close_all()

    other = threading.Thread(target=page)

    def progress(kind: str, done: int, total: int) -> None:
        if kind == "sources":
            other.start()
            other.join(0.3)
            assert made == []

    events = [{"ref": f"E{n}", "title": "x"} for n in range(1, 30)]
    report = writer.apply(changed(events=events), by, progress=progress)
    other.join()
    assert made == ["E30"]
    assert len(report.tallies["events"].created) == 27


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_leaves_nothing() -> None:
    """kill -9 in the middle of the writing: no row, no revision, and the next import works."""
    by = UserFactory(username="mira")
    program = (
        "import django, os, signal; django.setup()\n"
        "from events import models; from events.formats import dossier, writer\n"
        "def stop(kind, done, total):\n"
        "    if kind == 'evidence': os.kill(os.getpid(), signal.SIGKILL)\n"
        "by = models.User.objects.get(username='mira')\n"
        "writer.apply(dossier.load('seeds/jeddah'), by, progress=stop)\n"
    )
    name = connection.settings_dict["NAME"]
    program = (
        "from django.conf import settings; settings.DATABASES['default']['NAME'] = "
        f"{name!r}\n{program}"
    )
    done = subprocess.run([sys.executable, "-c", program], env={**os.environ}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert not models.Dossier.objects.exists()
    assert not models.Revision.objects.exists()
    assert writer.apply(dossier.load("seeds/jeddah"), by).writes > 600


@pytest.mark.django_db(transaction=True)
def test_only_an_owner_imports_over_a_dossier() -> None:
    """A file brings settings and review states."""
    writer.apply(small(), UserFactory(username="ann"))
    with pytest.raises(Refused) as refused:
        writer.apply(small(), UserFactory(username="ben"))
    assert str(refused.value) == "the author: ben does not own the dossier river. Name an owner."
