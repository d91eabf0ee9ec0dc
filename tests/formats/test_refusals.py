"""Files that are not taken: each answers at once, names place, value and remedy, writes nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.formats import dossier, strict_json
from events.formats.problems import Refused

TEXT = "We accept. They accept, if the South accepts too."
BASE: dict[str, Any] = {
    "format": "truceline-dossier",
    "version": 1,
    "dossier": {"slug": "river", "title": "River talks"},
    "sides": [
        {"ref": "SD1", "code": "N", "name": "North"},
        {"ref": "SD2", "code": "S", "name": "South"},
    ],
    "sources": [{"ref": "S1", "title": "Minutes"}],
    "source_texts": [{"ref": "ST1", "source": "S1", "text": TEXT}],
    "passages": [{"ref": "P1", "source_text": "ST1", "start": 0, "end": 10, "exact": "We accept."}],
    "actors": [{"ref": "A1", "name": "Ada Holm"}, {"ref": "A2", "name": "North"}],
    "affiliations": [{"ref": "AF1", "member": "A1", "body": "A2"}],
    "issues": [{"ref": "I1", "name": "Truce"}, {"ref": "I2", "name": "Water"}],
    "proposals": [{"ref": "PR1", "issue": "I1"}],
    "events": [{"ref": "E1", "title": "Talks"}, {"ref": "E2", "title": "Answer"}],
    "positions": [{"ref": "PO1", "actor": "A1", "issue": "I1", "stance": "open"}],
    "links": [{"ref": "L1", "from_event": "E2", "to_event": "E1"}],
    "conflicts": [{"ref": "X1", "title": "Who spoke"}],
    "conflict_members": [
        {"ref": "XM1", "conflict": "X1", "event": "E1"},
        {"ref": "XM2", "conflict": "X1", "event": "E2"},
    ],
    "evidence": [{"ref": "EV1", "passage": "P1", "event": "E1"}],
}
GOOD = json.dumps(BASE).encode()


def refusal(content: bytes | Path) -> list[str]:
    """What the reader says, a problem a line; it must say so within two seconds."""
    started = time.process_time()  # not the clock on the wall: other work must not fail this
    with pytest.raises(Refused) as refused:
        dossier.load(content)
    assert time.process_time() - started < 2
    return str(refused.value).splitlines()


def edited(edit: Callable[[dict[str, Any]], Any]) -> bytes:
    """The file after an edit of its JSON."""
    raw = deepcopy(BASE)
    edit(raw)
    return json.dumps(raw).encode()


def test_the_file_without_a_fault_is_read() -> None:
    assert [len(rows) for rows in dossier.load(GOOD).rows.values()] == [
        2, 1, 1, 1, 2, 1, 2, 1, 0, 0, 0, 2, 0, 1, 0, 0, 1, 1, 2, 1, 0, 0, 0, 0,
    ]  # fmt: skip


DAMAGED = {
    "nothing": (b"", "the file: is empty. A dossier file is a JSON object."),
    "spaces": (b" " * 10_000_000, "the file: is empty. A dossier file is a JSON object."),
    "cut off": (
        b'{"format":\n "truceline-dossier", "ver',
        "the file: line 2, column 23: the file ends in the middle. Fetch it again.",
    ),
    "cut off between": (
        b'{"format": "truceline-dossier",',
        "the file: line 1, column 32: the file ends in the middle. Fetch it again.",
    ),
    "no JSON": (
        b"ref,title\nE1,Talks\n",
        "the file: line 1, column 1: not JSON, expecting value, at 'ref,title\\x0aE1,Talks\\x0a'.",
    ),
    "a line of 10 MB": (
        b"x" * 10_000_000,
        "the file: line 1, column 1: not JSON, expecting value, at 'xxxxxxxxxxxxxxxxxxxx'.",
    ),
    "Windows-1252": (
        b'{"title":\n "\x93Talks\x94"}',
        "the file, line 2, column 3: byte 0x93 is not UTF-8. Save the file as UTF-8.",
    ),
    "UTF-16": ("{}".encode("utf-16"), "the file: is UTF-16. Save it as UTF-8."),
    "NUL": (
        b'{"a": "b\0"}',
        "the file, line 1, column 9: a NUL character. Take it out: no text holds one.",
    ),
    "escaped NUL": (
        b'{"events": [{"title": "a\\u0000"}]}',
        "the file, events[0].title: a NUL character (\\u0000). Take it out: no text holds one.",
    ),
    "lone surrogate": (
        b'{"events": [{"title": "a\\ud83d"}]}',
        "the file, events[0].title: half a character (\\ud83d without its other half)."
        " Write the whole character.",
    ),
    "a key twice": (
        b'{"events": [{"ref": "E1", "title": "a", "ref": "E2"}]}',
        "the file, events[0]: the key 'ref' is given twice. Keep one.",
    ),
    "NaN": (
        b'{"sides": [{"slot": NaN}]}',
        "the file, sides[0].slot: NaN is no JSON number. Leave the key out.",
    ),
    "Infinity": (
        b'{"sides": [{"slot": -Infinity}]}',
        "the file, sides[0].slot: -Infinity is no JSON number. Leave the key out.",
    ),
    "a number of 5,000 digits": (
        b'{"version": ' + b"1" * 5000 + b"}",
        f"the file, version: '{'1' * 69}…' (5,000 characters) is too large a number.",
    ),
    "100,000 deep": (
        b"[" * 100_000,
        "the file: line 1, column 101: nested over 100 levels. A dossier needs 5.",
    ),
    "101 deep": (
        b'{"format":\n' + b"[" * 100 + b"]" * 100 + b"}",
        "the file: line 2, column 100: nested over 100 levels. A dossier needs 5.",
    ),
    "over 50 MB": (
        b" " * 50_000_001,
        "the file: is 50 MB. At most 50 MB are read: split it.",
    ),
    "a list": (b"[]", 'a list is no dossier. Start with {"format": "truceline-dossier", …}.'),
}


@pytest.mark.parametrize(("content", "said"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file(content: bytes, said: str) -> None:
    assert refusal(content) == [said]


def test_a_depth_of_100_is_read() -> None:
    assert strict_json.read(b"[" * 100 + b"]" * 100, "x") is not None


def test_a_line_of_10_mb_in_a_title() -> None:
    content = edited(lambda raw: raw["events"][0].update(title="x" * 10_000_000))
    assert refusal(content) == [
        f"events[0] E1, field title: '{'x' * 69}…' (10,000,000 characters):"
        " Ensure this value has at most 300 characters (it has 10000000)."
    ]


def test_a_million_faults_are_not_all_looked_for() -> None:
    content = edited(lambda raw: raw.update(evidence=[{}] * 300_000))
    said = refusal(content)
    assert len(said) == 10_001
    assert said[0] == "evidence[0], field ref: is missing. Every evidence has one."
    assert said[-1] == "Reading stopped after 10,000 problems."


WRONG: dict[str, tuple[Callable[[dict[str, Any]], Any], list[str]]] = {
    "another format": (
        lambda raw: raw.update(format="x", version=2, event=[], events={}, dossier=None),
        [
            "format: 'x' is not 'truceline-dossier'.",
            "version: 2 is not 1, the one read here.",
            "dossier: null is not an object with slug and title.",
            "events: an object is not a list of rows.",
            "event: unknown key. Did you mean 'events'? A dossier file has dossier, sides, sources,"
            " source_texts, passages, actors, affiliations, issues, proposals, terms, proposers,"
            " consents, events, participations, positions, commitments, outcomes, links, conflicts,"
            " conflict_members, evidence, readouts, readout_points, readout_passages, suggestions.",
        ],
    ),
    "the dossier itself": (
        lambda raw: raw.update(dossier={"slug": "a b", "time_zone": "Mars", "colour": 1}),
        [
            "dossier, field slug: 'a b': Enter a valid “slug” consisting of letters, numbers,"
            " underscores or hyphens.",
            "dossier, field title: is missing. Every dossier has one.",
            "dossier, field time_zone: 'Mars' is not a time zone. Try 'UTC' or 'Europe/Kyiv'.",
            "dossier, field colour: unknown key. Known: slug, title, description, time_zone,"
            " visibility, stale_after.",
        ],
    ),
    "types": (
        lambda raw: (
            raw["sides"][0].update(order=True, slot=9, code="NORTHEAST"),
            raw["sides"][1].update(order="2", slot=2.5, code=None),
            raw["actors"][0].update(aliases="Holm", wikidata="30", kind="persn"),
            raw["actors"][1].update(aliases=["", "x" * 201]),
            raw["events"][0].update(title="", summary=None, latitude="x", longitude=500),
            raw["evidence"][0].update(credibility=7, manner="quote"),
        ),
        [
            "sides[0] SD1, field code: 'NORTHEAST': Ensure this value has at most 8 characters"
            " (it has 9).",
            "sides[0] SD1, field order: true is not a whole number. Write one like 3, without"
            " marks.",
            "sides[0] SD1, field slot: 9: Ensure this value is less than or equal to 5.",
            "sides[1] SD2, field code: null is not text. Leave the key out.",
            "sides[1] SD2, field order: '2' is not a whole number. Write one like 3, without"
            " marks.",
            "sides[1] SD2, field slot: 2.5 is not a whole number. Write one like 3, without marks.",
            "actors[0] A1, field kind: 'persn' is none of person, state, government_body,"
            " international_organisation, armed_group, delegation, media, unnamed."
            " Did you mean 'person'?",
            'actors[0] A1, field aliases: \'Holm\' is not a list. Write ["…", "…"].',
            "actors[1] A2, field aliases[0]: is empty. Write something, it is what people know the"
            " record by.",
            f"actors[1] A2, field aliases[1]: '{'x' * 69}…' (201 characters): Ensure this value has"
            " at most 200 characters (it has 201).",
            "events[0] E1, field title: is empty. Write something, it is what people know the"
            " record by.",
            "events[0] E1, field summary: null is not text. Leave the key out.",
            "events[0] E1, field latitude: 'x' is not a number. Write one like 21.54333.",
            "events[0] E1, field longitude: 500: Ensure this value is less than or equal to 180.",
            "evidence[0] EV1, field manner: 'quote' is none of direct_quote, partial_quote,"
            " reported_speech, paraphrase, inferred.",
            "evidence[0] EV1, field credibility: 7 is none of 1, 2, 3, 4, 5, 6.",
        ],
    ),
    "rows that are none": (
        lambda raw: raw.update(links=[1, None, {"ref": 5}], evidence=[]),
        [
            "links[0]: 1 is not an object. Write {…}.",
            "links[1]: null is not an object. Write {…}.",
            "links[2], field ref: 5 is not text. Write it in quotation marks.",
            "links[2], field from_event: is missing. Every link has one.",
            "links[2], field to_event: is missing. Every link has one.",
        ],
    ),
    "refs": (
        lambda raw: (
            raw["events"][1].update(ref="E1"),
            raw["links"][0].update(ref="a b", from_event="E1", to_event="E3"),
            raw["positions"][0].update(ref="new", actor="E1", issue="Q"),
            raw["affiliations"][0].update(ref="A1"),
            raw["conflict_members"][1].update(event="E1"),
        ),
        [
            "affiliations[0] A1: the ref 'A1' is already that of actors[0]. Give another.",
            "events[1] E1: the ref 'E1' is already that of events[0]. Give another.",
            "positions[0] new, field ref: 'new' cannot be a ref. Write a short name such as 'E7':"
            " letters and digits, with single . _ or - between them, at most 40, not 'new'.",
            "links[0] a b, field ref: 'a b' cannot be a ref. Write a short name such as 'E7':"
            " letters and digits, with single . _ or - between them, at most 40, not 'new'.",
        ],
    ),
    "references": (
        lambda raw: (
            raw["links"][0].update(to_event="E3"),
            raw["positions"][0].update(actor="E1", issue="Q", event=5),
            raw["events"][0].update(when={"anchor_event": "E99"}),
        ),
        [
            "events[0] E1, field when.anchor_event: no row of \"events\" has the ref 'E99'."
            " Add the row or name another.",
            "positions[0] PO1, field event: 5 is not text. Write it in quotation marks.",
            "links[0] L1, field to_event: no row of \"events\" has the ref 'E3'."
            " Add the row or name another.",
        ],
    ),
    "a reference to another kind": (
        lambda raw: raw["positions"][0].update(actor="E1"),
        [
            "positions[0] PO1, field actor: 'E1' is the ref of a record of the kind event;"
            ' the field takes the ref of a record in "actors".'
        ],
    ),
    "dates": (
        lambda raw: (
            raw["events"][0].update(when={"text": "30 Feb", "edtf": "2025-02-30"}),
            raw["events"][1].update(when={"edtf": "2025-03-12/2025-03-10", "day": 1}),
            raw["sources"][0].update(published="2025"),
            raw["affiliations"][0].update(held={"edtf": "2025-03-12/2025-03-10"}),
            raw["proposals"][0].update(expires={"edtf": "11.3.2025", "basis": "stated"}),
        ),
        [
            "sources[0] S1, field published: '2025' is not an object."
            ' Write {"text": "11 March 2025", "edtf": "2025-03-11"}.',
            "affiliations[0] AF1, field held.edtf: '2025-03-12/2025-03-10' ends before it starts."
            " Swap the two dates.",
            "proposals[0] PR1, field expires.edtf: '11.3.2025' is not an EDTF date."
            " '2025-03-11' or '2025-03?' would work.",
            "events[0] E1, field when.edtf: '2025-02-30' is not a date. Try '2025-02-28'.",
            "events[1] E2, field when.day: unknown key. Known: text, edtf, basis, anchor_day,"
            " anchor_event.",
        ],
    ),
    "days": (
        lambda raw: raw["events"][0].update(
            when={"edtf": "2025-03-11", "anchor_day": "2025-13-01", "basis": "guessed"}
        ),
        [
            "events[0] E1, field when.basis: 'guessed' is none of stated, derived_document,"
            " derived_event, inferred.",
            "events[0] E1, field when.anchor_day: '2025-13-01' is not a day. Write one like"
            " '2025-03-11'.",
        ],
    ),
    "circles": (
        lambda raw: (
            raw["events"][0].update(part_of="E2"),
            raw["events"][1].update(part_of="E1"),
            raw["issues"][0].update(parent="I1"),
        ),
        [
            "issues[0] I1, field parent: runs in a circle: I1 > I1. Leave it out of one.",
            "events[0] E1, field part_of: runs in a circle: E1 > E2 > E1. Leave it out of one.",
        ],
    ),
    "rules of the database": (
        lambda raw: (
            raw["affiliations"][0].update(body="A1"),
            raw["actors"][0].update(wikidata="30"),
            raw["proposals"][0].update(duration="30 days"),
            raw["events"][0].update(
                latitude=5, when={"anchor_day": "2025-03-11", "anchor_event": "E2"}
            ),
            raw["positions"][0].update(shifts_from="PO1"),
            raw["links"][0].update(to_event="E2"),
            raw["conflicts"][0].update(status="resolved"),
            raw["conflict_members"][0].update(position="PO1"),
            raw["evidence"][0].pop("event"),
            raw["source_texts"][0].update(number=0),
        ),
        [
            "source_texts[0] ST1: Versions of a text are numbered from 1. Given: number 0.",
            "actors[0] A1: A Wikidata item looks like Q1234. Given: wikidata '30'.",
            "affiliations[0] AF1: Nobody is a member of themselves. Given: member 'A1', body 'A1'.",
            "proposals[0] PR1: A duration looks like P30D (30 days). Given: duration '30 days'.",
            "events[0] E1: Give both latitude (-90 to 90) and longitude, or neither. Given:"
            " latitude 5.",
            "events[0] E1: A date is worked out from a day or an event, not both. Given:"
            " when_anchor_day 2025-03-11, when_anchor_event 'E2'.",
            "positions[0] PO1: A position cannot shift from itself. Given: shifts_from 'PO1', id"
            " 'PO1'.",
            "links[0] L1: An event cannot be linked to itself. Given: from_event 'E2', to_event"
            " 'E2'.",
            "conflicts[0] X1: Say how the conflict was resolved. Given: status 'resolved',"
            " resolution ''.",
            "conflict_members[0] XM1: Exactly one of event, position, commitment, proposal, passage"
            " must be given. Given: event 'E1', position 'PO1'.",
            "evidence[0] EV1: Exactly one of event, position, commitment, proposal, term, consent,"
            " affiliation, participation, link, conflict must be given. Given: none.",
        ],
    ),
    "twice the same": (
        lambda raw: (
            raw["sides"][1].update(code="N"),
            raw["links"].append({"ref": "L2", "from_event": "E2", "to_event": "E1"}),
        ),
        [
            "sides[1] SD2: sides[0] SD1 has the same code 'N'. Keep one of them.",
            "links[1] L2: links[0] L1 has the same from_event 'E2', to_event 'E1' and kind"
            " 'responds_to'. Keep one of them.",
        ],
    ),
    "a conflict of one": (
        lambda raw: raw["conflict_members"].pop(),
        [
            "conflicts[0] X1: has 1 of the two members a conflict needs."
            ' Add rows to "conflict_members" with "conflict": "X1".'
        ],
    ),
    "words that stand elsewhere": (
        lambda raw: raw["passages"][0].update(start=3, end=9, exact="accepts"),
        [
            "passages[0] P1: ST1 from 3 to 9 is not 'accepts': the text reads 'accept'."
            " The words stand there once: 37 to 44."
        ],
    ),
    "words that stand nowhere": (
        lambda raw: raw["passages"][0].update(start=40, end=60, exact="We refuse."),
        [
            "passages[0] P1: ST1 from 40 to 60 is not 'We refuse.': the text ends at 49."
            " The words are nowhere in that text."
        ],
    ),
    "words that end before they start": (
        lambda raw: raw["passages"][0].update(start=9, end=3),
        ["passages[0] P1: A passage ends after it starts. Given: start 9, end 3."],
    ),
    "words without a place that stand often": (
        lambda raw: raw["passages"].__setitem__(
            0, {"ref": "P1", "source_text": "ST1", "exact": "accept"}
        ),
        [
            "passages[0] P1, field start: start is missing, and must be given to say which one is"
            " meant. The words stand there 3 times: 3 to 9, 16 to 22, 37 to 43."
        ],
    ),
    "words without a place that stand nowhere": (
        lambda raw: raw["passages"].__setitem__(
            0, {"ref": "P1", "source_text": "ST1", "exact": "refuse"}
        ),
        [
            "passages[0] P1, field start: start is missing, and cannot be found."
            " The words are nowhere in that text."
        ],
    ),
    "a text in a file with no folder": (
        lambda raw: raw["source_texts"].__setitem__(
            0, {"ref": "ST1", "source": "S1", "file": "sources/ST1.txt"}
        ),
        [
            "source_texts[0] ST1, field file: a file alone has no folder beside it."
            " Write the text inline."
        ],
    ),
    "accounts that do not fit": (
        lambda raw: raw.update(
            sources=[{"ref": "S1", "title": "Minutes"}, {"ref": "S2", "title": "Note"}],
            readouts=[{"ref": "RO1", "event": "E1", "source": "S2"}],
            readout_points=[{"ref": "RP1", "event": "E2", "subject": "Fire"}],
            readout_passages=[{"ref": "RA1", "point": "RP1", "readout": "RO1", "passage": "P1"}],
        ),
        [
            "readout_passages[0] RA1, field point: RP1 is a point of E2, but RO1 is an account of"
            " E1. Name a point of that event.",
            "readout_passages[0] RA1, field passage: P1 stands in S1, but RO1 is the account of S2."
            " Name words of that source.",
        ],
    ),
    "a proposal earlier than itself": (
        lambda raw: raw["proposals"].__setitem__(
            0, {"ref": "PR1", "issue": "I1", "earlier": "PR1"}
        ),
        [
            "proposals[0] PR1, field earlier: runs in a circle: PR1 > PR1. Leave it out of one.",
        ],
    ),
}


@pytest.mark.parametrize(("edit", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_row(edit: Callable[[dict[str, Any]], Any], said: list[str]) -> None:
    assert refusal(edited(edit)) == said


FILES = {
    "above": ("../secret.txt", "'../secret.txt' leads out of the folder. Keep texts inside it."),
    "hidden above": (
        "sources/../../secret.txt",
        "'sources/../../secret.txt' leads out of the folder. Keep texts inside it.",
    ),
    "absolute": ("/etc/passwd", "'/etc/passwd' is no path. Write 'sources/ST1.txt'."),
    "backslashes": ("..\\x", "'..\\x' is no path. Write 'sources/ST1.txt'."),
    "a link": ("link.txt", "'link.txt' leads out of the folder. Keep texts inside it."),
    "a folder": ("sources", "there is no file 'sources' in the folder."),
    "missing": ("sources/ST2.txt", "there is no file 'sources/ST2.txt' in the folder."),
    "a number": (7, "7 is no path. Write 'sources/ST1.txt'."),
}


@pytest.mark.parametrize(("name", "said"), FILES.values(), ids=FILES)
def test_a_text_stays_in_its_folder(tmp_path: Path, name: Any, said: str) -> None:
    folder = tmp_path / "river"
    (folder / "sources").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text(TEXT)
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    row = {"ref": "ST1", "source": "S1", "file": name}
    (folder / "dossier.json").write_bytes(edited(lambda raw: raw.update(source_texts=[row])))
    assert refusal(folder) == [f"source_texts[0] ST1, field file: {said}"]


def test_a_text_file_is_utf_8(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"We accept.\n\x93Too\x94")
    (tmp_path / "b.txt").write_bytes(b"We\0accept.")
    rows = [
        {"ref": "ST1", "source": "S1", "file": "a.txt"},
        {"ref": "ST2", "source": "S1", "number": 2, "file": "b.txt", "text": ""},
        {"ref": "ST3", "source": "S1", "number": 3, "file": "b.txt"},
    ]
    (tmp_path / "dossier.json").write_bytes(edited(lambda raw: raw.update(source_texts=rows)))
    assert refusal(tmp_path) == [
        "source_texts[0] ST1, file a.txt, line 2, column 1: byte 0x93 is not UTF-8."
        " Save the file as UTF-8.",
        "source_texts[1] ST2, field file: the text is given as well. Keep one of them.",
        "source_texts[2] ST3, file b.txt, line 1, column 3: a NUL character."
        " Take it out: no text holds one.",
    ]


def test_a_folder_without_a_dossier(tmp_path: Path) -> None:
    said = f"{tmp_path}: a dossier folder needs a dossier.json; there is none."
    assert refusal(tmp_path) == [said]


def test_a_circle_of_ten_thousand() -> None:
    count = 10_000
    events = [
        {"ref": f"E{n}", "title": "x", "part_of": f"E{n % count + 1}"} for n in range(1, count + 1)
    ]
    raw = {key: BASE[key] for key in ("format", "version", "dossier")}
    assert refusal(json.dumps(raw | {"events": events}).encode()) == [
        "events[0] E1, field part_of: runs in a circle: E1 > E2 > E3 > E4 > E5 > E6 > … > E1."
        " Leave it out of one."
    ]


def read_or_refused(content: bytes) -> None:
    """Whatever comes, the reader gives a dossier or its reasons."""
    try:
        assert dossier.load(content)
    except Refused as error:
        reasons = error.problems
    else:
        reasons = ("none needed",)
    assert reasons


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([kind.name for kind in dossier.KINDS]), st.lists(JSON, max_size=3))
def test_any_json_is_read_or_refused(kind: str, rows: list[Any]) -> None:
    read_or_refused(json.dumps(BASE | {kind: rows}).encode())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        dossier.load(content)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_bytes_put_into_a_file_are_read_or_refused(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(GOOD)))
    until = data.draw(st.integers(at, min(len(GOOD), at + 20)))
    read_or_refused(GOOD[:at] + data.draw(st.binary(max_size=6)) + GOOD[until:])
