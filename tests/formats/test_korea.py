"""The second dossier that ships: a negotiation of many rounds, with what the first cannot show."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.test import Client

from events import checks, history, models, undertakings
from events.formats import dossier, writer
from events.formats.records import DossierFile, Row
from events.roles import Viewer
from tests.factories import UserFactory
from tests.markup import parse
from tracker import demo

SEED = Path(__file__).parents[2] / "seeds" / "korea"

NOVEMBER = 1_762_000_000
"""In November 2025, in seconds."""


@pytest.fixture(scope="module")
def seed() -> DossierFile:
    """The dossier as shipped."""
    return dossier.load(SEED)


def by_ref(file: DossierFile, kind: str) -> dict[str, Row]:
    """The rows of a kind by their refs."""
    return {row.ref: row for row in file.rows[kind]}


def counted(file: DossierFile, kind: str, field: str) -> dict[Any, int]:
    """How many rows of a kind have each value of a field."""
    return dict(Counter(getattr(row, field) for row in file.rows[kind]))


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.django_db(transaction=True)
def test_an_empty_database_gives_the_same_bytes_again(tmp_path: Path, seed: DossierFile) -> None:
    by = demo.author()
    call_command("import_dossier", str(SEED), by=by.username, verbosity=0)
    call_command("export_dossier", "korea", to=tmp_path / "out", folder=True)
    assert files_of(tmp_path / "out") == files_of(SEED)
    assert writer.apply(seed, by).writes == 0
    assert models.Revision.objects.count() == 1


@pytest.mark.django_db
def test_a_first_start_loads_both_and_a_later_one_changes_nothing() -> None:
    assert demo.load_seeds()
    event = models.Event.objects.get(dossier__slug="korea", ref="E1")
    with history.recording(by=demo.author()):
        event.title = "Worded anew"
        event.save()
    assert not demo.load_seeds()
    event.refresh_from_db()
    assert event.title == "Worded anew"
    page = parse(Client().get("/").content)
    assert [row.one("h2").text for row in page.all("li", "row")] == [
        "Korean armistice, 1951 to 1953",
        "Ukraine ceasefire, March 2025",
    ]


@pytest.mark.django_db
def test_data_checks_find_only_that_it_is_long_ago() -> None:
    call_command("import_dossier", str(SEED), by=UserFactory().username, verbosity=0)
    results = checks.run(models.Dossier.objects.get(slug="korea"), now=NOVEMBER)
    found = {result.check.key: [f.ref for f in result.found] for result in results if result.found}
    assert found == {"stale": ["E119"]}


def test_its_size(seed: DossierFile) -> None:
    assert {name: len(rows) for name, rows in seed.rows.items() if rows} == {
        "sides": 5,
        "sources": 87,
        "source_texts": 87,
        "passages": 281,
        "actors": 42,
        "affiliations": 35,
        "issues": 28,
        "proposals": 17,
        "terms": 55,
        "proposers": 19,
        "consents": 18,
        "events": 119,
        "participations": 313,
        "positions": 103,
        "commitments": 30,
        "outcomes": 23,
        "links": 67,
        "conflicts": 11,
        "conflict_members": 38,
        "evidence": 586,
        "readouts": 13,
        "readout_points": 20,
        "readout_passages": 33,
    }


def test_every_source_has_an_address_and_says_what_its_text_is(seed: DossierFile) -> None:
    assert [row.ref for row in seed.rows["sources"] if not row.url.startswith("http")] == []
    assert [row.ref for row in seed.rows["sources"] if not row.note] == []
    cited = {row.source_text for row in seed.rows["passages"]}
    assert [row.ref for row in seed.rows["source_texts"] if row.ref not in cited] == []


def test_every_quotation_stands_between_quotation_marks_and_has_its_speaker(
    seed: DossierFile,
) -> None:
    passages, texts = by_ref(seed, "passages"), by_ref(seed, "source_texts")
    unsaid = []
    for row in seed.rows["evidence"]:
        passage = passages[row.passage]
        text = texts[passage.source_text].text
        before = text[: passage.start]
        is_quoted = before.rfind("“") > before.rfind("”")
        assert text[passage.start : passage.end] == passage.exact
        assert (row.manner in ("direct_quote", "partial_quote")) <= is_quoted, row.ref
        if is_quoted and not row.speaker:
            unsaid.append(passage.exact)
    # Of the agreements nobody is the speaker.
    assert sorted({words[:30] for words in unsaid}) == [
        "A Military Demarcation Line sh",
        "If the mil armistice agreement",
        "The principle is accepted that",
        "regardless of whatever changes",
    ]


def test_states(seed: DossierFile) -> None:
    kinds = ("affiliations", "proposals", "events", "positions", "commitments", "links")
    assert {kind: counted(seed, kind, "state") for kind in kinds} == {
        "affiliations": {"published": 25, "reviewed": 10},
        "proposals": {"published": 17},
        "events": {"published": 119},
        "positions": {"published": 102, "reviewed": 1},
        "commitments": {"published": 30},
        "links": {"published": 64, "reviewed": 3},
    }


def test_positions_harden_soften_and_reverse(seed: DossierFile) -> None:
    assert counted(seed, "positions", "shift") == {
        "first": 68,
        "softens": 16,
        "hardens": 10,
        "reverses": 6,
        "same": 2,
        "clarifies": 1,
    }
    positions, issues = by_ref(seed, "positions"), by_ref(seed, "issues")
    moved = [row for row in seed.rows["positions"] if row.shifts_from]
    assert all(
        positions[row.shifts_from].actor == row.actor
        and positions[row.shifts_from].issue == row.issue
        for row in moved
    )
    assert len({row.issue for row in moved}) == 17
    reversed_on = [issues[row.issue].name for row in moved if row.shift == "reverses"]
    assert reversed_on == [
        "Kaesong as conference site",
        "Kaesong as conference site",
        "Line of contact, fixed at once",
        "Voluntary repatriation of prisoners",
        "Koreans released at the armistice",
        "UNC final position on prisoners",
    ]


def test_commitments_are_met_broken_and_more(seed: DossierFile) -> None:
    assert counted(seed, "outcomes", "result") == {
        "broken": 3,
        "met": 13,
        "in_part": 4,
        "withdrawn": 2,
        "extended": 1,
    }
    extended = [row.due.edtf for row in seed.rows["outcomes"] if row.result == "extended"]
    assert extended == ["1953-06-04"]


def test_durations_that_ran_out(seed: DossierFile) -> None:
    issues = by_ref(seed, "issues")
    assert [
        (issues[row.issue].name, row.duration, row.start.edtf, row.expires.edtf, row.expires.basis)
        for row in seed.rows["proposals"]
        if row.duration
    ] == [
        ("Line of contact, kept for 30 days", "P30D", "1951-11-27", "1951-12-27", "computed"),
        ("Three ways to release prisoners", "P10D", "1952-09-28", "1952-10-08", "stated"),
    ]
    settled = {row.commitment for row in seed.rows["outcomes"]}
    assert [
        (row.action, row.duration)
        for row in seed.rows["commitments"]
        if row.duration and row.ref not in settled
    ] == [("Leave the line of November 1951 unchanged", "P30D")] * 2


@pytest.mark.django_db
def test_how_commitments_stand_long_after() -> None:
    call_command("import_dossier", str(SEED), by=UserFactory().username, verbosity=0)
    korea = models.Dossier.objects.get(slug="korea")
    accounts = undertakings.all_accounts(Viewer(AnonymousUser(), korea, ""))
    actions = dict(models.Commitment.objects.values_list("pk", "action"))
    assert Counter(account.word for account in accounts.values()) == {
        "met": 13,
        "in_part": 4,
        "pending": 3,
        "broken": 3,
        "lapsed": 4,
        "withdrawn": 2,
        "signal": 1,
    }
    lapsed = [(actions[key], row.why) for key, row in accounts.items() if row.word == "lapsed"]
    assert sorted(lapsed) == [
        ("Leave the line of November 1951 unchanged", "duration"),
        ("Leave the line of November 1951 unchanged", "duration"),
        ("Lift all restrictions on airfields", "proposal"),
        ("Recess the negotiations unilaterally", "proposal"),
    ]


def test_versions_of_proposals(seed: DossierFile) -> None:
    assert counted(seed, "proposals", "relation") == {
        "": 6,
        "rivals": 3,
        "amends": 6,
        "counters": 2,
    }
    assert counted(seed, "proposals", "ending") == {
        "superseded": 7,
        "agreed": 4,
        "withdrawn": 2,
        "rejected": 4,
    }
    subjects = Counter(row.subject for row in seed.rows["terms"])
    compared = {subject: number for subject, number in subjects.items() if number > 2}
    assert compared == {
        "Line": 6,
        "When fixed": 3,
        "Neutral nations": 3,
        "Custody": 6,
        "Explanations": 5,
        "Those not returned": 7,
    }


def test_what_hangs_on_an_answer(seed: DossierFile) -> None:
    issues, proposals = by_ref(seed, "issues"), by_ref(seed, "proposals")
    hanging = [
        (row.action, issues[proposals[row.depends_on_proposal].issue].name, row.depends_on_answer)
        for row in seed.rows["commitments"]
        if row.depends_on_proposal
    ]
    assert hanging == [
        *[
            (
                "Leave the line of November 1951 unchanged",
                "Line of contact, kept for 30 days",
                "accepted",
            )
        ]
        * 2,
        ("Lift all restrictions on airfields", "Package of 28 April 1952", "accepted"),
        ("Suspend the meetings", "Three ways to release prisoners", "not_accepted"),
        (
            "Release Korean prisoners who refuse repatriation at the armistice",
            "Koreans released at the armistice",
            "accepted",
        ),
        (
            "Recess the negotiations unilaterally",
            "UNC final position on prisoners",
            "not_accepted",
        ),
    ]


def test_whose_answer_is_said_to_be_awaited(seed: DossierFile) -> None:
    actors, consents = by_ref(seed, "actors"), by_ref(seed, "consents")
    assert [
        (actors[row.speaker].name, actors[consents[row.consent].actor].name)
        for row in seed.rows["evidence"]
        if row.consent
    ] == [
        ("Nam Il", "UNC delegation"),
        ("Mark W. Clark", "KPA/CPV delegation"),
    ]


def test_accounts_of_one_event_side_by_side(seed: DossierFile) -> None:
    events = by_ref(seed, "events")
    points: dict[str, Counter[str]] = {}
    for row in seed.rows["readout_points"]:
        points.setdefault(events[row.event].title, Counter())[row.reading] += 1
    assert {title: dict(readings) for title, readings in points.items()} == {
        "Night of 22 August: attack on Kaesong alleged": {
            "contradict": 2,
            "agree": 1,
            "unjudged": 2,
        },
        "Armed Chinese troops in the conference area": {"wording": 2, "agree": 1, "unjudged": 2},
        "Rhee releases Korean prisoners": {"agree": 2, "wording": 1, "unjudged": 2},
        "The KPA/CPV delegation accepts most of the UNC proposal": {
            "agree": 1,
            "unjudged": 1,
            "contradict": 1,
        },
        "The KPA/CPV delegation: ready to prepare the signing": {"wording": 1, "contradict": 1},
    }


def test_offices_over_time(seed: DossierFile) -> None:
    actors = by_ref(seed, "actors")
    held = [
        (actors[row.member].short_name, row.title, row.held.edtf)
        for row in seed.rows["affiliations"]
        if actors[row.member].side == "SD1"
        and row.title in ("Commander in Chief", "Senior delegate")
    ]
    assert held == [
        ("Ridgway", "Commander in Chief", "1951-04-11/1952-05-12"),
        ("Clark", "Commander in Chief", "1952-05-12/1953-10"),
        ("Joy", "Senior delegate", "1951-07-10/1952-05-22"),
        ("Harrison", "Senior delegate", "1952-05-22/1953-07-27"),
    ]


def test_conflicts_are_settled_with_a_reason(seed: DossierFile) -> None:
    assert counted(seed, "conflicts", "status") == {"open": 4, "apparent": 2, "resolved": 5}
    assert all(row.resolution for row in seed.rows["conflicts"] if row.status != "open")
