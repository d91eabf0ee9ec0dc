"""The dossier file, read and written: what goes round, in which bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from events import models
from events.formats import dossier, writer
from events.formats.problems import Refused
from events.formats.records import KINDS, DossierFile
from tests.formats.strategies import dossiers

SMALL: dict[str, Any] = {
    "format": "truceline-dossier",
    "version": 1,
    "dossier": {"slug": "river", "title": "River talks"},
    "sources": [{"ref": "S1", "title": "Minutes", "published": {"text": "4 May", "edtf": "2031"}}],
    "source_texts": [{"ref": "ST1", "source": "S1", "text": "We accept.\nWe accept the truce."}],
    "passages": [{"ref": "P1", "source_text": "ST1", "exact": "accept the truce"}],
    "events": [
        {"ref": "E10", "title": "Later"},
        {"ref": "E2", "title": "Talks", "latitude": 21.54330, "longitude": 39, "part_of": "E10"},
    ],
}

CANONICAL = """\
{
  "format": "truceline-dossier",
  "version": 1,
  "dossier": {
    "slug": "river",
    "title": "River talks"
  },
  "sources": [
    {
      "ref": "S1",
      "title": "Minutes",
      "published": {
        "text": "4 May",
        "edtf": "2031"
      }
    }
  ],
  "source_texts": [
    {
      "ref": "ST1",
      "source": "S1",
      "text": "We accept.\\nWe accept the truce."
    }
  ],
  "passages": [
    {
      "ref": "P1",
      "source_text": "ST1",
      "start": 14,
      "end": 30,
      "exact": "accept the truce"
    }
  ],
  "events": [
    {
      "ref": "E2",
      "title": "Talks",
      "latitude": 21.5433,
      "longitude": 39,
      "part_of": "E10"
    },
    {
      "ref": "E10",
      "title": "Later"
    }
  ]
}
"""


def small() -> DossierFile:
    """The small dossier as read."""
    return dossier.load(json.dumps(SMALL).encode())


def test_rows_go_out_in_natural_order_with_fixed_keys_and_no_empty_values() -> None:
    assert dossier.dump(small()).decode() == CANONICAL


def test_a_folder_keeps_each_text_in_a_file_of_its_own(tmp_path: Path) -> None:
    dossier.write_folder(small(), tmp_path / "river")
    files = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert files == {"river/dossier.json", "river/sources/ST1.txt"}
    text = tmp_path / "river" / "sources" / "ST1.txt"
    assert text.read_bytes() == b"We accept.\nWe accept the truce."
    main = CANONICAL.replace(
        '"text": "We accept.\\nWe accept the truce."', '"file": "sources/ST1.txt"'
    )
    assert (tmp_path / "river" / "dossier.json").read_text() == main
    assert dossier.load(tmp_path / "river") == small()
    assert dossier.load(tmp_path / "river" / "dossier.json") == small()


def test_a_text_keeps_its_line_ends_and_its_byte_order_mark(tmp_path: Path) -> None:
    file = small()
    file.rows["source_texts"][0].text = "\ufeffWe accept.\r\nWe accept the truce.\r"
    dossier.write_folder(file, tmp_path / "river")
    path = tmp_path / "river" / "sources" / "ST1.txt"
    assert path.read_bytes() == "\ufeffWe accept.\r\nWe accept the truce.\r".encode()


def test_writing_a_folder_again_takes_texts_away_that_are_gone(tmp_path: Path) -> None:
    dossier.write_folder(small(), tmp_path)
    (tmp_path / "sources" / "mine.txt").write_text("kept")
    file = small()
    file.rows["source_texts"][0].ref = "ST9"
    file.rows["passages"][0].source_text = "ST9"
    dossier.write_folder(file, tmp_path)
    assert sorted(p.name for p in (tmp_path / "sources").iterdir()) == ["ST9.txt", "mine.txt"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("thesis.doc", b"x"),
        ("dossier.json", b'{"format": "truceline-dossier", "dossier": {"slug": "other"}}'),
        ("dossier.json", b"["),
    ],
)
def test_a_folder_with_something_else_in_it_is_left_alone(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused) as refused:
        dossier.write_folder(small(), tmp_path)
    expected = f"{tmp_path}: holds something else than the dossier 'river'. Name an empty one."
    assert str(refused.value) == expected
    assert [p.name for p in tmp_path.iterdir()] == [name]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(dossiers())
def test_what_is_written_is_read_again(file: DossierFile) -> None:
    written = dossier.dump(file)
    again = dossier.load(written)
    assert again == file
    assert dossier.dump(again) == written


@pytest.mark.django_db(transaction=True)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(file=dossiers())
def test_what_is_stored_is_collected_again(file: DossierFile) -> None:
    by = models.User.objects.get_or_create(username="importer")[0]
    with writer.writing(by, note="clean slate"):
        models.Dossier.objects.all().delete()
    writer.apply(file, by)
    stored = dossier.collect(models.Dossier.objects.get())
    assert dossier.dump(stored) == dossier.dump(file)
    assert stored == file
    assert writer.apply(file, by).writes == 0


@pytest.mark.django_db
def test_an_export_says_what_an_import_would_refuse() -> None:
    file = small()
    file.rows["conflicts"] = [KINDS[17].row(ref="X1", title="Who spoke")]
    assert [str(problem) for problem in dossier.would_refuse(file)] == [
        "conflicts[0] X1: has 0 of the two members a conflict needs."
        ' Add rows to "conflict_members" with "conflict": "X1".'
    ]
    assert dossier.would_refuse(small()) == ()
