"""Events from a table."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from events import models
from events.formats import dossier, events_csv, writer
from events.formats.events_csv import Options
from events.formats.problems import Refused
from tests.factories import UserFactory
from tests.formats.test_writer import changed, tallies

ROWS: dict[str, Any] = {
    "sides": [
        {"ref": "SD1", "code": "N", "name": "North"},
        {"ref": "SD2", "code": "S", "name": "South"},
    ],
    "actors": [
        {"ref": "A1", "name": "North", "kind": "state", "side": "SD1"},
        {"ref": "A2", "name": "Ada Holm", "short_name": "Holm", "aliases": ["A. Holm"]},
        {"ref": "A3", "name": "Bo Lind", "side": "SD2", "aliases": ["the envoy"]},
        {"ref": "A4", "name": "Cy Berg", "aliases": ["the envoy"]},
    ],
}


@pytest.fixture
def by() -> models.User:
    """Who imports."""
    return UserFactory()


@pytest.fixture
def river(by: models.User) -> models.Dossier:
    """A dossier with sides, actors, a source and two undated events."""
    writer.apply(changed(**ROWS), by)
    return models.Dossier.objects.get()


def events_of(river: models.Dossier) -> list[dict[str, Any]]:
    """The events as a file has them, those of the fixture left out."""
    rows = [row.plain() for row in dossier.collect(river).rows["events"]]
    return [row for row in rows if row["ref"] not in ("E2", "E10")]


def plain(river: models.Dossier, kind: str) -> list[dict[str, Any]]:
    """The rows of a kind as a file has them."""
    return [row.plain() for row in dossier.collect(river).rows[kind]]


TABLE = """\
Title;Date;Type;Status;Description;Location;Lat;Lon;Who;Quotation;Colour
Holm accepts;11 March 2025;Statement;;;;;;Holm;accept the truce;red
"Talks; the second";12/03/2025;talks;Not ruled out;Summary;Ford;59,5;18.1;N;;
;;;;;;;;;;
Third;;;;;;;;;;
"""


@pytest.mark.django_db(transaction=True)
def test_a_table_becomes_events(river: models.Dossier, by: models.User) -> None:
    table = TABLE.replace("12/03/2025", "2025-03-12").replace(";N;;", ";North;;")
    report = events_csv.apply("t.csv", table.encode(), river, by, Options())
    assert report.remarks == [
        "Read as UTF-8, cells split at ';'.",
        "Not read: column 'Colour'.",
    ]
    assert tallies(report) == {
        "events": (["E11", "E12", "E13"], [], []),
        "participations": (["PT1", "PT2"], [], []),
        "evidence": (["EV1"], [], []),
    }
    assert events_of(river) == [
        {
            "ref": "E11",
            "title": "Holm accepts",
            "when": {"text": "11 March 2025", "edtf": "2025-03-11"},
            "kind": "statement",
        },
        {
            "ref": "E12",
            "title": "Talks; the second",
            "summary": "Summary",
            "when": {"text": "2025-03-12", "edtf": "2025-03-12"},
            "kind": "talks",
            "modality": "not_ruled_out",
            "place": "Ford",
            "latitude": 59.5,
            "longitude": 18.1,
        },
        {"ref": "E13", "title": "Third"},
    ]
    assert plain(river, "participations") == [
        {"ref": "PT1", "event": "E11", "actor": "A2", "role": "speaker"},
        {"ref": "PT2", "event": "E12", "actor": "A1", "role": "delegate"},
    ]
    # The words are a passage already, so it is cited and not made again.
    assert plain(river, "evidence") == [
        {"ref": "EV1", "passage": "P1", "event": "E11", "speaker": "A2"}
    ]
    revision = models.Revision.objects.get(number=2)
    assert (revision.author, revision.origin, revision.note) == (by, "import", "Imported t.csv")


@pytest.mark.django_db(transaction=True)
def test_the_same_table_again_changes_nothing(river: models.Dossier, by: models.User) -> None:
    table = TABLE.replace("12/03/2025", "after the talks").replace(";N;;", ";A1;;").encode()
    with_talks = b"Title,When,Kind\nFirst talks,10 March 2025,talks\n"
    for content in (with_talks, table):
        events_csv.apply("t.csv", content, river, by, Options())
    last = models.Revision.objects.count()
    for content in (with_talks, table):
        assert events_csv.apply("t.csv", content, river, by, Options()).writes == 0
    assert models.Revision.objects.count() == last
    after = models.Event.objects.get(title="Talks; the second")
    assert (after.when_edtf, after.when_anchor_event.title) == ("[2025-03-10..]", "First talks")
    assert list(after.links_out.values_list("kind", "to_event__title")) == [
        ("after", "First talks")
    ]


@pytest.mark.django_db(transaction=True)
def test_a_row_changes_the_event_of_its_ref_and_leaves_the_rest(
    river: models.Dossier, by: models.User
) -> None:
    table = "id\twhat\twhen\tplace\nE2\tThe talks\tMarch 2025\t\nE99\tNew\t\tFord\n"
    report = events_csv.apply("t.tsv", table.encode("utf-16"), river, by, Options())
    assert report.remarks == ["Read as UTF-16, cells split at a tab."]
    assert tallies(report) == {"events": (["E99"], ["E2"], [])}
    assert plain(river, "events") == [
        {
            "ref": "E2",
            "title": "The talks",
            "when": {"text": "March 2025", "edtf": "2025-03"},
            "latitude": 21.5433,
            "longitude": 39,
            "part_of": "E10",
        },
        {"ref": "E10", "title": "Later"},
        {"ref": "E99", "title": "New", "place": "Ford"},
    ]


@pytest.mark.django_db(transaction=True)
def test_a_changed_event_goes_back_to_draft(by: models.User) -> None:
    events = [{"ref": "E2", "title": "Talks", "state": "published"}]
    writer.apply(changed(events=events), by)
    river = models.Dossier.objects.get()
    events_csv.apply("t.csv", b"ref,title\nE2,The talks\n", river, by, Options())
    assert list(models.Event.objects.values_list("title", "state")) == [("The talks", "draft")]


@pytest.mark.django_db(transaction=True)
def test_a_column_of_dates_tells_its_order(river: models.Dossier, by: models.User) -> None:
    table = "title|when\na|03/04/2025\nb|25/04/2025\n"
    events_csv.apply("t.csv", table.encode(), river, by, Options())
    american = "title|when\nc|03/04/2025\nd|04/25/2025\n"
    events_csv.apply("t.csv", american.encode(), river, by, Options())
    assert [(e["title"], e["when"]["text"], e["when"]["edtf"]) for e in events_of(river)] == [
        ("a", "03/04/2025", "2025-04-03"),
        ("b", "25/04/2025", "2025-04-25"),
        ("c", "03/04/2025", "2025-03-04"),
        ("d", "04/25/2025", "2025-04-25"),
    ]


@pytest.mark.django_db(transaction=True)
def test_options_say_what_a_table_leaves_open(river: models.Dossier, by: models.User) -> None:
    table = "title,when,actors,side,source\na,this Saturday,Holm / Dee Moe,S,Wire\n"
    options = Options(anchor=date(2025, 3, 11), split="/", new_actors=True)
    report = events_csv.apply("t.csv", table.encode(), river, by, options)
    assert tallies(report) == {
        "actors": (["A5"], [], []),
        "events": (["E11"], [], []),
        "participations": (["PT1", "PT2"], [], []),
    }
    assert events_of(river) == [
        {
            "ref": "E11",
            "title": "a",
            "summary": "Source: Wire",
            "when": {
                "text": "this Saturday",
                "edtf": "2025-03-15",
                "basis": "derived_document",
                "anchor_day": "2025-03-11",
            },
        }
    ]
    assert plain(river, "actors")[-1] == {"ref": "A5", "name": "Dee Moe", "side": "SD2"}


@pytest.mark.django_db(transaction=True)
def test_a_side_alone_is_its_state(river: models.Dossier, by: models.User) -> None:
    events_csv.apply("t.csv", b"title,party\na,north\n", river, by, Options())
    assert plain(river, "participations") == [{"ref": "PT1", "event": "E11", "actor": "A1"}]


BAD = """ref,title,when,kind,actor,side,role,source,quote,latitude
,,30 Feb 2025,talk,Ada Hom,W,spokesman,Wire,We accept.,north
a b,a,03/04/2025,,the envoy,,,,accept,
,b,1 Mar,,Bo Lind,N,,,we refuse,
,b,,,,S,,,,5
,c,,,,,,,,
,c,,,,,,,,
"""


@pytest.mark.django_db(transaction=True)
def test_every_bad_row_is_named_and_none_written(river: models.Dossier, by: models.User) -> None:
    with pytest.raises(Refused) as refused:
        events_csv.apply("t.csv", BAD.encode(), river, by, Options())
    assert str(refused.value).splitlines() == [
        "row 2, column when: '30 Feb 2025' is not a date. Try '28 Feb 2025'.",
        "row 2, column title: is missing. Every event has one.",
        "row 2, column kind: 'talk' is none of talks, meeting, statement, call, decision, attack,"
        " deadline, post, other. Did you mean 'talks'?",
        "row 2, column latitude: 'north' is not a number. Write one like 21.54333.",
        "row 2, column side: 'W' is no side of the dossier. There are: N, S.",
        "row 2, column actor: 'Ada Hom' is not in the dossier. Did you mean 'Ada Holm'?"
        " Add it, or use --new-actors.",
        "row 2, column role: 'spokesman' is none of initiator, host, mediator, delegate, speaker,"
        " addressee, target, present, absent.",
        "row 3, column when: '03/04/2025' can be 3 April or 4 March 2025."
        " Try '3 April 2025' or '4 March 2025'.",
        "row 3, column ref: 'a b' cannot be a ref. Write a short name such as 'E7': letters and"
        " digits, with single . _ or - between them, at most 40, not 'new'.",
        "row 3, column actor: 'the envoy' is A3 and A4. Write the ref.",
        "row 4, column when: '1 Mar' has no year. Write it, as in '11 March 2025'."
        " Or give --day, the day the table was written.",
        "row 4, column side: 'Bo Lind' is on the side S. Leave the cell empty.",
        "row 5: Give both latitude (-90 to 90) and longitude, or neither. Given: latitude 5.",
        "row 5, column side: 'S' has 0 states. Name the actor.",
        "row 7, column title: 'c' is row 6 again. Keep one.",
    ]
    assert events_of(river) == []
    assert models.Revision.objects.count() == 1


QUOTES = """\
title,source,quote
a,Wire,accept
b,Minutes,accept
c,,refuse
d,s1,We accept the truce.
"""


@pytest.mark.django_db(transaction=True)
def test_a_quotation_is_found_once_or_asked_about(river: models.Dossier, by: models.User) -> None:
    with pytest.raises(Refused) as refused:
        events_csv.apply("t.csv", QUOTES.encode(), river, by, Options())
    assert str(refused.value).splitlines() == [
        "row 2, column source: 'Wire' is no source here. Import it with import_source.",
        "row 3, column quote: 'accept' stands more than once in the texts. Give a longer piece.",
        "row 4, column quote: 'refuse' stands nowhere in the texts. Give a longer piece.",
    ]
    good = "\n".join(QUOTES.splitlines()[:1] + QUOTES.splitlines()[4:])
    events_csv.apply("t.csv", good.encode(), river, by, Options())
    assert plain(river, "passages")[1:] == [
        {"ref": "P2", "source_text": "ST1", "start": 11, "end": 31, "exact": "We accept the truce."}
    ]
    assert plain(river, "evidence") == [
        {"ref": "EV1", "passage": "P2", "event": "E11", "manner": "paraphrase"}
    ]


TABLES = {
    "no title": (
        b"name of it,when\nx,y\n",
        "t.csv, row 1: no column 'title' among 'name of it', 'when'. Name one 'title'.",
    ),
    "two of a column": (
        b"title,event\nx,y\n",
        "t.csv, row 1: two columns are read as 'title'. Rename one of them.",
    ),
    "headings alone": (b"title,when\n\n", "t.csv: has headings and no row below them."),
    "empty": (b"", "t.csv: is empty. There is nothing to read."),
    "too many cells": (
        b"title,when\nTalks, the second,2025\n",
        "row 2: has 3 cells, the headings are 2. Put quotation marks around a cell that holds ','.",
    ),
    "an open quotation mark": (
        b'title,when\n"Talks,2025\nx,y\n',
        "row 2: cannot be read: a quotation mark is never closed. Mend it there.",
    ),
    "a cell of 10 MB": (
        b"title,when\n" + b"x" * 10_000_000,
        "row 2: cannot be read: field larger than field limit (131072). Mend it there.",
    ),
    "a heading of 10 MB": (
        b"x" * 10_000_000,
        f"t.csv, row 1: no column 'title' among '{'x' * 69}…' (100,000 characters)."
        " Name one 'title'.",
    ),
    "NUL": (
        b"title\nx\0\n",
        "t.csv, line 2, column 2: a NUL character. Plain text holds none: save it as text anew.",
    ),
}


@pytest.mark.parametrize(("content", "said"), TABLES.values(), ids=TABLES)
@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_none(
    river: models.Dossier, by: models.User, content: bytes, said: str
) -> None:
    with pytest.raises(Refused) as refused:
        events_csv.apply("t.csv", content, river, by, Options())
    assert str(refused.value) == said


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_of_a_table(river: models.Dossier, by: models.User) -> None:
    report = events_csv.apply("t.csv", b"title\na\n", river, by, Options(), dry_run=True)
    assert tallies(report) == {"events": (["E11"], [], [])}
    assert events_of(river) == []
