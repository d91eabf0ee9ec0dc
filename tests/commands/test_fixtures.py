"""Django's own dumpdata and loaddata, of every record, under an author."""

from __future__ import annotations

import json
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from events import history, models
from tests.factories import RECORDS, DossierFactory, UserFactory

HISTORY = {"events.revision", "events.change", "events.refcounter"}
WORKED_OUT = {"events.density", "events.placement"}


def dumped() -> list[dict[str, Any]]:
    """What dumpdata says of the app, without the history and what is worked out from the rest."""
    out = StringIO()
    call_command("dumpdata", "events", stdout=out)
    return [row for row in json.loads(out.getvalue()) if row["model"] not in HISTORY | WORKED_OUT]


@pytest.fixture
def fixture(transactional_db: Any, tmp_path: Path) -> tuple[Path, list[dict[str, Any]]]:
    """One of every record, dumped to a file with its history; and the rows without."""
    by = UserFactory(username="mira")
    with history.recording(by=by):
        made = DossierFactory(slug="all-kinds")
        for factory in RECORDS.values():
            factory(dossier=made)
        models.Event.objects.filter(ref="E1").update(earliest=-77_000_000_000, latest=0)
    path = tmp_path / "all.json"
    call_command("dumpdata", "events", output=str(path))
    rows = dumped()
    with history.recording(by=by):
        made.delete()
    return path, rows


def test_what_is_dumped_is_loaded_again(fixture: tuple[Path, list[dict[str, Any]]]) -> None:
    path, rows = fixture
    kinds = {row["model"] for row in rows}
    assert {model._meta.label_lower for model in RECORDS} <= kinds
    before = models.Revision.objects.count()
    call_command("loaddata", str(path), by="mira", verbosity=0)
    # Versions count what happens here, so a loaded record starts anew; all else is as it was.
    expected = [{**row, "fields": _from_version_1(row["fields"])} for row in rows]
    assert list(map(_in_moments, dumped())) == list(map(_in_moments, expected))
    revision = models.Revision.objects.first()
    assert models.Revision.objects.count() == before + 1
    assert (revision.author.username, revision.origin, revision.note) == (
        "mira",
        "command",
        "Loaded a fixture",
    )


def _in_moments(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its times read: a whole second is written with ".000" or without."""
    times = {
        name: datetime.fromisoformat(value)
        for name, value in row["fields"].items()
        if name.endswith("ed_at") or name == "date_joined"
    }
    return {**row, "fields": row["fields"] | times}


def _from_version_1(fields: dict[str, Any]) -> dict[str, Any]:
    return fields | {"version": 1} if "version" in fields else fields


def test_records_need_an_author(fixture: tuple[Path, list[dict[str, Any]]]) -> None:
    path, _ = fixture
    before = models.Revision.objects.count()
    with pytest.raises(CommandError) as refused:
        call_command("loaddata", str(path), verbosity=0)
    assert str(refused.value) == (
        "the fixture holds records of a dossier, and writing those needs an author:"
        " add --by USERNAME."
    )
    assert not models.Dossier.objects.exists()
    assert models.Revision.objects.count() == before


def test_what_is_no_record_needs_none(transactional_db: Any, tmp_path: Path) -> None:
    path = tmp_path / "people.json"
    path.write_text('[{"model": "events.user", "fields": {"username": "ada"}}]')
    call_command("loaddata", str(path), verbosity=0)
    assert models.User.objects.get().username == "ada"


def test_an_unknown_author(transactional_db: Any, tmp_path: Path) -> None:
    UserFactory(username="mira")
    with pytest.raises(CommandError, match=r"^no user 'ada'\. There are: mira\.$"):
        call_command("loaddata", str(tmp_path / "x.json"), by="ada")
