"""The dossier that ships: its bytes, and that all of the article is in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from events import checks, models, silence
from events.cards import cards_of
from events.formats import dossier, writer
from events.formats.records import DossierFile, Row
from events.roles import Viewer
from tests.factories import UserFactory

SEED = Path(__file__).parents[2] / "seeds" / "jeddah"

NOVEMBER = 1_762_000_000
"""In November 2025, in seconds."""

QUOTATIONS = [
    ("", "tried desperately to patch"),
    ("", "launched its largest drone"),
    ("Donald Trump", "Ukraine has agreed to"),
    ("Donald Trump", "I’ll talk to Vladimir"),
    ("Donald Trump", "I’ll talk to Vladimir"),
    ("Marco Rubio", "real negotiations"),
    ("Marco Rubio", "We’ll take this offer"),
    ("Marco Rubio", "We’ll take this offer"),
    ("Marco Rubio", "And we hope that"),
    ("Marco Rubio", "The ball is now"),
    ("Marco Rubio", "The president’s objective here"),
    ("Marco Rubio", "And I think today"),
    ("Marco Rubio", "We hope the Russians"),
    ("Marco Rubio", "This is serious stuff,"),
    ("Marco Rubio", "People will die in"),
    ("Marco Rubio", "And sadly, unless there’s"),
    ("Marco Rubio", "The president wants that"),
    ("Marco Rubio", "And that’s why we"),
    ("Marco Rubio", "conversations and other methods"),
    ("Mike Waltz", "shuttle diplomacy"),
    ("Maria Zakharova", "We do not rule"),
    ("Daria Zarivna", "it is we who"),
    ("Daria Zarivna", "And we are taking"),
    ("Daria Zarivna", "Russia should do the"),
    ("Andriy Kovalenko", "All the drone strikes"),
    ("Andriy Kovalenko", "All the drone strikes"),
    ("Andriy Kovalenko", "a truce in the"),
    ("Andriy Kovalenko", "Not only oil refineries."),
    ("Ursula von der Leyen", "We welcome today’s news"),
    ("Ursula von der Leyen", "including the proposal for"),
    ("Ursula von der Leyen", "the resumption of U.S."),
    ("Ursula von der Leyen", "This is a positive"),
    ("Donald Tusk", "It seems like the"),
    ("Donald Tusk", "And Europe stands ready"),
    ("Keir Starmer", "remarkable breakthrough"),
    ("Keir Starmer", "As both American and"),
    ("Keir Starmer", "Russia must now agree"),
    ("Keir Starmer", "I will be convening"),
    ("Keir Starmer", "We are ready to"),
]
"""Every passage in quotation marks: whose words ("" for nobody named), how they begin."""


@pytest.fixture(scope="module")
def seed() -> DossierFile:
    """The dossier as shipped."""
    return dossier.load(SEED)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.django_db(transaction=True)
def test_an_empty_database_gives_the_same_bytes_again(tmp_path: Path) -> None:
    by = UserFactory()
    call_command("import_dossier", str(SEED), by=by.username, verbosity=0)
    call_command("export_dossier", "jeddah", to=tmp_path / "out", folder=True)
    assert files_of(tmp_path / "out") == files_of(SEED)
    assert models.Revision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_second_import_changes_nothing(seed: DossierFile) -> None:
    by = UserFactory()
    first, second = writer.apply(seed, by), writer.apply(seed, by)
    rows = {"dossier": ["jeddah"]} | {
        name: [row.ref for row in rows] for name, rows in seed.rows.items() if rows
    }
    assert {name: tally.created for name, tally in first.tallies.items()} == rows
    assert {name: tally.unchanged for name, tally in second.tallies.items()} == rows
    assert second.writes == 0
    assert models.Revision.objects.count() == 1


def test_every_quotation_has_its_speaker(seed: DossierFile) -> None:
    actors, passages = by_ref(seed, "actors"), by_ref(seed, "passages")
    quoted: dict[str, set[str]] = {}
    for evidence in seed.rows["evidence"]:
        if evidence.manner in ("direct_quote", "partial_quote"):
            name = actors[evidence.speaker].name if evidence.speaker else ""
            quoted.setdefault(evidence.passage, set()).add(name)
    assert all(len(names) == 1 for names in quoted.values())
    found = [
        (quoted[ref].pop(), " ".join(passage.exact.split()[:4]))
        for ref, passage in passages.items()
        if ref in quoted
    ]
    assert found == QUOTATIONS


def test_the_article_is_all_there(seed: DossierFile) -> None:
    rows = seed.rows
    hangs_on = ("condition", "depends_on_text", "depends_on_proposal", "depends_on_actor")
    counts = {
        "actors": len(rows["actors"]),
        "events": len(rows["events"]),
        "positions": len(rows["positions"]),
        "responses given": sum(link.kind == "responds_to" for link in rows["links"]),
        "responses awaited": len(awaited(seed)),
        "conditional commitments": sum(
            any(getattr(row, name) for name in hangs_on) for row in rows["commitments"]
        ),
        "conflicts": len(rows["conflicts"]),
    }
    least = {
        "actors": 35,
        "events": 27,
        "positions": 34,
        "responses given": 14,
        "responses awaited": 1,
        "conditional commitments": 5,
        "conflicts": 7,
    }
    assert counts == {
        "actors": 44,
        "events": 37,
        "positions": 44,
        "responses given": 17,
        "responses awaited": 1,
        "conditional commitments": 6,
        "conflicts": 10,
    }
    assert all(counts[name] >= number for name, number in least.items())


def test_russia_is_asked_and_has_not_answered(seed: DossierFile) -> None:
    actors, issues = by_ref(seed, "actors"), by_ref(seed, "issues")
    assert awaited(seed) == [
        ("Russia", "30-day ceasefire", "Agree to the 30-day ceasefire and implement it")
    ]
    of_russia = {ref for ref, actor in actors.items() if actor.side == "SD3"}
    taken = {
        (actors[row.actor].name, issues[row.issue].name, row.stance)
        for row in seed.rows["positions"]
        if row.actor in of_russia or row.voiced_by in of_russia
    }
    assert taken == {("Russia", "US-Russia contacts", "open")}


@pytest.mark.django_db
def test_who_is_awaited_and_who_has_answered() -> None:
    jeddah = stored()
    consents = models.Consent.objects.within(jeddah)
    awaited = silence.awaited(Viewer(AnonymousUser(), jeddah, ""))
    assert [row.headline for row in awaited] == ["Russia on 30-day ceasefire"]
    answers = models.Position.objects.within(jeddah).filter(issue__name="30-day ceasefire")
    assert [
        (row.stance, row.condition, row.event.title)
        for row in answers.filter(actor__in=[row.actor_id for row in consents])
    ] == [
        (
            "conditional",
            "Russia also agrees and implements it",
            "Ukraine agrees to the US proposal for a 30-day ceasefire",
        )
    ]


@pytest.mark.django_db
def test_whose_answer_is_said_to_be_awaited_and_by_whom() -> None:
    said = models.Evidence.objects.within(stored()).filter(
        consent__actor__name="Russia", bearing="supports", manner="direct_quote"
    )
    assert [
        (row.speaker.name if row.speaker else "", row.words, events_of(row.passage)) for row in said
    ] == [
        (
            "Marco Rubio",
            "The ball is now in their court",
            ["Rubio, in Jeddah: offer goes to the Russians, ‘the ball is now in their court’"],
        ),
        (
            "Keir Starmer",
            "As both American and Ukrainian delegations have said,"
            " the ball is now in the Russian court.",
            ["Starmer: ‘the ball is now in the Russian court’"],
        ),
    ]


@pytest.mark.django_db
def test_proposals_are_tabled_or_only_announced_and_each_term_has_its_words() -> None:
    proposals = models.Proposal.objects.within(stored())
    assert [
        (
            row.headline,
            row.announced_in.title if row.announced_in else "",
            row.tabled_in.title if row.tabled_in else "",
            [
                (term.subject, [evidence.words for evidence in term.evidence.all()])
                for term in row.terms.all()
            ],
        )
        for row in proposals
    ] == [
        (
            "30-day ceasefire",
            "",
            "Talks between US and Ukrainian delegations in Jeddah",
            [
                (
                    "Duration",
                    ["a ceasefire of 30 days, open to extension if both sides consent"],
                ),
                ("Extension", ["open to extension if both sides consent"]),
                (
                    "Entry into force",
                    ["on condition that Russia says yes as well and carries it out"],
                ),
            ],
        ),
        (
            "Truce in the sky",
            "Kovalenko, in a video: drone strikes are ‘the signal to Putin’",
            "",
            [("Scope", ["a truce in the sky that Ukraine is going to offer today during talks"])],
        ),
    ]


@pytest.mark.django_db
def test_words_about_a_term_or_an_answer_stand_beside_the_text_with_their_proposal() -> None:
    jeddah = stored()
    passages = models.Passage.objects.within(jeddah).filter(ref__in=["P7", "P8", "P51", "P69"])
    cards = cards_of(list(passages.order_by("id")), Viewer(AnonymousUser(), jeddah, ""))
    assert [
        (card.mark, card.record.ref, len(card.evidence))
        for card in cards
        if card.record and card.noun == "proposal"
    ] == [("P7", "PR1", 2), ("P8", "PR1", 1), ("P51", "PR1", 1), ("P69", "PR2", 2)]


@pytest.mark.django_db
def test_aid_is_contested_with_the_words_of_both() -> None:
    taken = models.Position.objects.within(stored()).filter(
        issue__name="US military aid", actor__name="United States", state="published"
    )
    assert [
        (row.stance, {each.bearing: each.note for each in row.evidence.exclude(note="")})
        for row in taken
    ] == [
        ("supports", {"supports": "‘immediately’", "disputes": "‘contingent’"}),
        ("conditional", {"supports": "‘contingent’", "disputes": "‘immediately’"}),
    ]
    conflict = models.Conflict.objects.get(ref="X1")
    assert conflict.status == "open"
    assert [member.passage.exact for member in conflict.members.exclude(passage=None)] == [
        "contingent on Russia's acceptance of the ceasefire that has been proposed",
        "intelligence sharing and security assistance come back immediately",
    ]


@pytest.mark.django_db
def test_concessions_are_demanded_and_said_not_to_have_been_discussed() -> None:
    taken = models.Position.objects.within(stored()).filter(
        issue__name="Territorial concessions by Ukraine"
    )
    assert [(row.actor.name, row.stance) for row in taken] == [
        ("Marco Rubio", "supports"),
        ("Ukrainian officials", "denies_discussed"),
    ]


def stored() -> models.Dossier:
    """The dossier in the database."""
    call_command("import_dossier", str(SEED), by=UserFactory().username, verbosity=0)
    return models.Dossier.objects.get(slug="jeddah")


def events_of(passage: models.Passage) -> list[str]:
    """The titles of the events that rest on the words."""
    return [row.event.title for row in passage.evidence.exclude(event=None) if row.event]


def test_no_date_is_said_to_be_stated(seed: DossierFile) -> None:
    dated = [row.when for row in seed.rows["events"] if row.when.edtf]
    assert {when.basis for when in dated} == {"derived_document", "derived_event"}
    saturday = [row.when.edtf for row in seed.rows["events"] if row.when.text == "this Saturday"]
    assert saturday == ["2025-03-15"]


def by_ref(file: DossierFile, kind: str) -> dict[str, Row]:
    """The rows of a kind by their refs."""
    return {row.ref: row for row in file.rows[kind]}


def awaited(file: DossierFile) -> list[tuple[str, ...]]:
    """Consents to proposals on the table whose actor has no position on it: who, on what, asked."""
    actors, issues = by_ref(file, "actors"), by_ref(file, "issues")
    proposals = by_ref(file, "proposals")
    answered = {(row.actor, row.issue) for row in file.rows["positions"]}
    return [
        (actors[row.actor].name, issues[proposal.issue].name, row.asked)
        for row in file.rows["consents"]
        if (proposal := proposals[row.proposal]).tabled_in
        and (row.actor, proposal.issue) not in answered
    ]


@pytest.mark.django_db
def test_data_checks_raise_no_false_alarm() -> None:
    """Each of these is so: nothing newer than the talks, an actor whose part is not recorded,
    shifts from positions that are drafts."""
    by = UserFactory(username="seeder")
    call_command("import_dossier", str(SEED), by=by.username, verbosity=0)
    results = checks.run(models.Dossier.objects.get(slug="jeddah"), now=NOVEMBER)
    found = {result.check.key: [f.ref for f in result.found] for result in results if result.found}
    assert found == {"stale": ["E21"], "orphans": ["A44"], "drafts": ["PO10", "PO11", "PO12"]}
