"""The import and export commands as a shell meets them: exit codes, stdout, stderr, pipes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from events import history, models
from events.formats import dossier
from tests.factories import UserFactory
from tests.formats.made import body, docx, paragraph
from tests.formats.test_dossier import CANONICAL, SMALL

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    """What a program left behind."""

    code: int
    out: str
    err: str


def manage(*arguments: str | Path, stdin: bytes = b"", **environment: str) -> Answer:
    """Run manage.py as a shell does, against the database of the test."""
    program = (
        "import sys\n"
        "from django.conf import settings\n"
        f"settings.DATABASES['default']['NAME'] = {connection.settings_dict['NAME']!r}\n"
        "from django.core.management import execute_from_command_line\n"
        "execute_from_command_line(['manage.py', *sys.argv[1:]])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", **environment},
        check=False,
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def mira(transactional_db: Any) -> models.User:
    """Somebody to import as."""
    return UserFactory(username="mira")


@pytest.fixture
def river(tmp_path: Path) -> Path:
    """The small dossier in a file."""
    path = tmp_path / "river.json"
    path.write_text(json.dumps(SMALL))
    return path


TABLE = """\
                    created  changed  unchanged  rejected
dossier                   1        0          0         0
sources                   1        0          0         0
source texts              1        0          0         0
passages                  1        0          0         0
events                    2        0          0         0
"""
SAME = """\
                    created  changed  unchanged  rejected
dossier                   0        0          1         0
sources                   0        0          1         0
source texts              0        0          1         0
passages                  0        0          1         0
events                    0        0          2         0
"""
REJECTED = """\
                    created  changed  unchanged  rejected
events                    0        0          0         2
"""


def test_a_dossier_in_and_out(mira: models.User, river: Path) -> None:
    into = ("import_dossier", river, "--by", "mira")
    assert manage(*into, "--dry-run") == Answer(0, TABLE, "Dry run: nothing was written.\n")
    assert not models.Dossier.objects.exists()
    assert manage(*into) == Answer(0, TABLE, "")
    assert manage(*into) == Answer(0, SAME, "Nothing to change.\n")
    assert manage(*into, "-v0") == Answer(0, "", "")
    assert manage("export_dossier", "river") == Answer(0, CANONICAL, "")
    again = manage("import_dossier", "-", "--by", "mira", stdin=CANONICAL.encode())
    assert again == Answer(0, SAME, "Nothing to change.\n")
    # Bytes go out as they are, whatever the terminal is said to understand.
    assert manage("export_dossier", "river", PYTHONIOENCODING="ascii").out == CANONICAL


def test_an_export_to_a_place(mira: models.User, river: Path, tmp_path: Path) -> None:
    manage("import_dossier", river, "--by", "mira")
    file, folder = tmp_path / "out.json", tmp_path / "out"
    assert manage("export_dossier", "river", "--to", file) == Answer(0, "", "")
    assert file.read_text() == CANONICAL
    assert manage("export_dossier", "river", "--to", folder, "--folder") == Answer(0, "", "")
    assert dossier.load(folder) == dossier.load(file)
    assert manage("export_dossier", "river", "--folder") == Answer(
        2, "", "CommandError: --folder needs --to PATH.\n"
    )
    nowhere = tmp_path / "not" / "there.json"
    assert manage("export_dossier", "river", "--to", nowhere) == Answer(
        2, "", f"CommandError: cannot write '{nowhere}': No such file or directory.\n"
    )


def test_an_export_says_what_would_not_come_in_again(mira: models.User, river: Path) -> None:
    manage("import_dossier", river, "--by", "mira")
    with_conflict = SMALL | {
        "conflicts": [{"ref": "X1", "title": "Who spoke"}],
        "conflict_members": [
            {"ref": "XM1", "conflict": "X1", "event": "E2"},
            {"ref": "XM2", "conflict": "X1", "event": "E10"},
        ],
    }
    river.write_text(json.dumps(with_conflict))
    manage("import_dossier", river, "--by", "mira")
    with history.recording(by=mira):
        models.ConflictMember.objects.get(ref="XM2").delete()
    done = manage("export_dossier", "river")
    assert (done.code, json.loads(done.out)["conflicts"]) == (0, with_conflict["conflicts"])
    assert done.err == (
        "An import would refuse this: conflicts[0] X1: has 1 of the two members a conflict needs."
        ' Add rows to "conflict_members" with "conflict": "X1".\n'
    )


def test_a_rejected_dossier(mira: models.User, river: Path) -> None:
    events = [{"ref": "E1", "title": "a", "kind": "talk"}, {"ref": "E2", "title": ""}]
    river.write_text(json.dumps(SMALL | {"events": events}))
    assert manage("import_dossier", river, "--by", "mira") == Answer(
        1,
        REJECTED,
        "events[0] E1, field kind: 'talk' is none of talks, meeting, statement, call, decision,"
        " attack, deadline, post, other. Did you mean 'talks'?\n"
        "events[1] E2, field title: is empty. Write something, it is what people know the record"
        " by.\n"
        "CommandError: 2 problems. Nothing was written.\n",
    )
    assert not models.Dossier.objects.exists()


def test_a_thousand_faults_are_not_all_printed(mira: models.User, river: Path) -> None:
    river.write_text(json.dumps(SMALL | {"events": [{"ref": f"E{n}"} for n in range(1000)]}))
    done = manage("import_dossier", river, "--by", "mira")
    lines = done.err.splitlines()
    assert (done.code, len(lines)) == (1, 102)
    assert lines[-2:] == [
        "… and 900 more.",
        "CommandError: 1,000 problems. Nothing was written.",
    ]


WRONG = {
    "nobody": (
        ("import_dossier", "seeds/jeddah", "--by", "ada"),
        "CommandError: no user 'ada'. There are: mira.\n",
    ),
    "no file": (
        ("import_dossier", "nowhere", "--by", "mira"),
        "CommandError: there is no file or folder 'nowhere'.\n",
    ),
    "no dossier": (
        ("export_dossier", "lake"),
        "CommandError: no dossier 'lake'. There are: river.\n",
    ),
    "a folder for a text": (
        ("import_source", "seeds", "--dossier", "river", "--by", "mira"),
        "CommandError: 'seeds' is a folder; name a file.\n",
    ),
    "no dossier for a table": (
        ("import_events", "x.csv", "--dossier", "lake", "--by", "mira"),
        "CommandError: no dossier 'lake'. There are: river.\n",
    ),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_call(
    mira: models.User, river: Path, arguments: tuple[str, ...], said: str
) -> None:
    call_command("import_dossier", str(river), by="mira", verbosity=0)
    assert manage(*arguments) == Answer(2, "", said)


def test_missing_arguments_are_a_matter_of_usage(mira: models.User) -> None:
    for command in ("import_dossier", "import_source", "import_events", "export_dossier"):
        done = manage(command)
        assert (done.code, done.out) == (2, "")
        assert f"manage.py {command}: error: the following arguments are required:" in done.err


def test_nobody_there_yet(transactional_db: Any) -> None:
    with pytest.raises(CommandError, match=r"^no user 'ada'\. There is no user yet\.$"):
        call_command("import_dossier", "seeds/jeddah", by="ada")


def test_a_closed_pipe_is_no_error_to_talk_about(mira: models.User) -> None:
    call_command("import_dossier", "seeds/jeddah", by="mira", verbosity=0)
    program = (
        "from django.conf import settings\n"
        f"settings.DATABASES['default']['NAME'] = {connection.settings_dict['NAME']!r}\n"
        "from django.core.management import execute_from_command_line\n"
        "execute_from_command_line(['manage.py', 'export_dossier', 'jeddah'])\n"
    )
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-c", program], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_text_in(mira: models.User, river: Path, tmp_path: Path) -> None:
    manage("import_dossier", river, "--by", "mira")
    text = tmp_path / "minutes.txt"
    text.write_bytes("Переговоры завершились.".encode("cp1251"))
    into = ("import_source", text, "--dossier", "river", "--by", "mira")
    about = ("--title", "Minutes of May", "--kind", "report", "--language", "ru")
    assert manage(*into, *about) == Answer(0, "S2 ST2 Minutes of May\n", "Read as Windows-1251.\n")
    assert manage(*into) == Answer(
        0,
        "S2 ST2 Minutes of May\n",
        "Read as Windows-1251.\nriver has this text already. Nothing was written.\n",
    )
    piped = ("import_source", "-", "--dossier", "river", "--by", "mira")
    assert manage(*piped, stdin=b"a\0b") == Answer(
        1,
        "",
        "standard input, line 1, column 2: a NUL character. Plain text holds none: save it as"
        " text anew.\nCommandError: 1 problem. Nothing was written.\n",
    )
    assert manage(*piped, stdin=b"We refuse.").out == "S3 ST3 standard input\n"
    assert manage(*into, "--kind", "novel").code == 2
    assert list(models.Source.objects.order_by("id").values_list("ref", "kind", "language")) == [
        ("S1", "article", "en"),
        ("S2", "report", "ru"),
        ("S3", "article", "en"),
    ]


def test_a_document_in(mira: models.User, river: Path, tmp_path: Path) -> None:
    manage("import_dossier", river, "--by", "mira")
    file = tmp_path / "minutes.doc"
    core = '<p xmlns:dc="urn:dc"><dc:title>Minutes</dc:title></p>'
    file.write_bytes(docx(body(paragraph("The talks ended.")), core=core))
    into = ("import_source", file, "--dossier", "river", "--by", "mira")
    assert manage(*into) == Answer(
        0,
        "S2 ST2 minutes\n",
        "Read as Word document.\nIt says of itself: title 'Minutes'.\n",
    )
    text = models.SourceText.objects.get(ref="ST2")
    assert (text.text, text.taken_from) == ("The talks ended.", "minutes.doc (Word document)")
    piped = ("import_source", "-", "--dossier", "river", "--by", "mira")
    assert manage(*piped, stdin=b"%PDF-1.7 broken") == Answer(
        1,
        "",
        "standard input: is a damaged PDF, or none. Save it anew, or paste its text.\n"
        "CommandError: 1 problem. Nothing was written.\n",
    )


def test_a_table_in(mira: models.User, river: Path) -> None:
    manage("import_dossier", river, "--by", "mira")
    into = ("import_events", "-", "--dossier", "river", "--by", "mira")
    head = "                    created  changed  unchanged  rejected\n"
    said = "Read as UTF-8, cells split at ','.\n"
    table = b"title,when\nNew talks,this Saturday\n"
    assert manage(*into, stdin=table) == Answer(
        1,
        f"{head}events                    0        0          0         1\n",
        "row 2, column when: 'this Saturday' needs a day to count from. Write the date, such as"
        " '15 March 2025'. Or give --day, the day the table was written.\n"
        "CommandError: 1 problem. Nothing was written.\n",
    )
    dry = manage(*into, "--day", "2025-03-11", "--dry-run", stdin=table)
    line = "events                    1        0          0         0\n"
    assert dry == Answer(0, head + line, f"{said}Dry run: nothing was written.\n")
    assert manage(*into, "--day", "2025-03-11", stdin=table) == Answer(0, head + line, said)
    assert models.Event.objects.get(ref="E11").when_edtf == "2025-03-15"
    assert manage(*into, "--day", "Saturday", stdin=table).code == 2


def test_a_new_version_of_a_text(mira: models.User, river: Path, tmp_path: Path) -> None:
    manage("import_dossier", river, "--by", "mira")
    source, passage = models.Source.objects.get(), models.Passage.objects.get()
    file = tmp_path / "corrected.txt"
    file.write_text(f"Corrected. {source.current_text.text}")
    into = ("import_source", file, "--dossier", "river", "--by", "mira", "--to")
    done = manage(*into, source.ref)
    made = source.current_text
    assert done == Answer(
        0,
        f"{source.ref} {made.ref} {source.title}\n",
        f"Read as UTF-8.\n1 passage anchored: {passage.ref}.\n",
    )
    assert (made.number, models.Passage.objects.get().source_text) == (2, made)
    assert manage(*into, "S9") == Answer(
        2, "", f"CommandError: no source 'S9'. There are: {source.ref}.\n"
    )
