"""Data checks: each finds one thing wrong, says so, and leaves what is right alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from events import checks, dates, history
from events.checks import Finding, Mend
from events.models import Event
from tests import factories as make

pytestmark = pytest.mark.django_db

ROOM = "/d/room"


class Dossier:
    """A dossier in which records are made in the name of one person."""

    def __init__(self) -> None:
        self.row: Any = make.DossierFactory(slug="room", time_zone="Europe/Kyiv")

    def made(self, factory: str, **values: Any) -> Any:
        """A record of this dossier."""
        return getattr(make, f"{factory}Factory")(dossier=self.row, **values)

    def event(self, title: str, day: str = "", **values: Any) -> Event:
        """An event, dated where a day is given."""
        event: Event = make.EventFactory.build(dossier=self.row, title=title, **values)
        if day:
            event.set_when(dates.read(day, zone="Europe/Kyiv"))
        event.save()
        return event

    def cited(self, **about: Any) -> Any:
        """A piece of evidence for a record."""
        return self.made("Evidence", **({"event": None} | about))


@pytest.fixture
def dossier() -> Iterator[Dossier]:
    with history.recording(by=make.UserFactory()):
        yield Dossier()


def row(noun: str, ref: str, headline: str, wrong: str, *mends: tuple[str, str]) -> Finding:
    """A finding about a record with a page of its own."""
    return Finding(
        ref=ref,
        headline=headline,
        url=f"{ROOM}/{noun}/{ref}/",
        drawer=ref,
        wrong=wrong,
        mends=tuple(Mend(label, f"{ROOM}/{where}") for label, where in mends),
    )


def test_record_without_evidence(dossier: Dossier) -> None:
    talks, later = dossier.event("Talks"), dossier.event("Later")
    dossier.cited(event=talks)
    dossier.cited(event=later, bearing="disputes")
    dossier.made("Link", from_event=later, to_event=talks, kind="after")
    dossier.made("Position", actor__name="Ukraine", issue__name="Ceasefire")
    dossier.made("Affiliation", basis="inferred")
    assert checks.unsourced(dossier.row, 9) == [
        row(
            "positions",
            "PO1",
            "Ukraine on Ceasefire",
            "No source is cited for it.",
            ("Add evidence", "evidence/new?about=PO1"),
        )
    ]


def test_event_without_a_date(dossier: Dossier) -> None:
    dossier.event("Talks", "11 March 2025")
    for modality in ("planned", "announced", "not_ruled_out", "hypothetical", "cancelled"):
        dossier.event("Possible talks", modality=modality)
    dossier.event("Call")
    assert checks.undated(dossier.row, 9) == [
        row("events", "E7", "Call", "It has no date.", ("Add a date", "events/E7/edit#id_when"))
    ]


def test_response_before_its_cause(dossier: Dossier) -> None:
    offer = dossier.event("Offer", "12 March 2025")
    early, vague = dossier.event("Answer", "11 March 2025"), dossier.event("Reply", "March 2025")
    for event in (early, vague):
        dossier.made("Link", from_event=event, to_event=offer, kind="responds_to")
    dossier.made("Link", from_event=early, to_event=offer, kind="contradicts")
    assert checks.answers_before(dossier.row, 9) == [
        row(
            "links",
            "L1",
            "Answer responds to Offer",
            "E2 (11 Mar 2025) responds to E1 (12 Mar 2025), but by its date it was over before.",
            ("Correct the link", "links/L1/edit#id_kind"),
            ("Correct the date", "events/E2/edit#id_when"),
        )
    ]


def test_known_order_that_dates_contradict(dossier: Dossier) -> None:
    talks, same_day = dossier.event("Talks", "12 March 2025"), dossier.event("Word", "12 Mar 2025")
    before = dossier.event("Eve", "11 March 2025")
    for event in (same_day, before):
        dossier.made("Link", from_event=event, to_event=talks, kind="after")
    assert checks.known_order(dossier.row, 9) == [
        row(
            "links",
            "L2",
            "Eve after Talks",
            "E3 (11 Mar 2025) comes after E1 (12 Mar 2025), but by its date it was over before.",
            ("Correct the link", "links/L2/edit#id_kind"),
            ("Correct the date", "events/E3/edit#id_when"),
        )
    ]


def test_known_order_in_a_circle(dossier: Dossier) -> None:
    one, two, three, four = (dossier.event(title) for title in ("One", "Two", "Three", "Four"))
    for later, earlier in ((two, one), (three, two), (one, three), (four, three)):
        dossier.made("Link", from_event=later, to_event=earlier, kind="after")
    assert checks.known_order(dossier.row, 9) == [
        row(
            "links",
            "L3",
            "One after Three",
            "The known order leads round in a circle: E1 after E3 after E2 after E1."
            " One of these cannot hold.",
            ("Correct the link", "links/L3/edit#id_kind"),
        )
    ]


def test_every_circle_is_found_once(dossier: Dossier) -> None:
    events = [dossier.event(f"Event {number}") for number in range(4)]
    for later, earlier in ((1, 0), (0, 1), (3, 2), (2, 3), (2, 1)):
        dossier.made("Link", from_event=events[later], to_event=events[earlier], kind="after")
    found = checks.known_order(dossier.row, 9)
    assert [finding.ref for finding in found] == ["L2", "L4"]
    assert [finding.ref for finding in checks.known_order(dossier.row, 1)] == ["L2"]


def test_proposal_that_ends_before_it_starts(dossier: Dossier) -> None:
    proposal = dossier.made("Proposal", issue__name="Truce")
    for name, day in (("start", "20 March 2025"), ("expires", "10 March 2025")):
        type(proposal).__dict__[name].set(proposal, dates.read(day))
    proposal.save()
    assert checks.ends_before_start(dossier.row, 9) == [
        row(
            "proposals",
            "PR1",
            "Truce",
            "It ends (10 Mar 2025) before it starts (20 Mar 2025).",
            ("Correct the dates", "proposals/PR1/edit#id_start"),
        )
    ]


def test_commitment_due_before_it_was_made(dossier: Dossier) -> None:
    talks = dossier.event("Talks", "11 March 2025")
    for day in ("10 March 2025", "11 March 2025"):
        commitment = make.CommitmentFactory.build(
            dossier=dossier.row, debtor=dossier.made("Actor"), action="Resume aid", event=talks
        )
        type(commitment).__dict__["due"].set(commitment, dates.read(day, zone="Europe/Kyiv"))
        commitment.save()
    assert checks.ends_before_start(dossier.row, 9) == [
        row(
            "commitments",
            "C1",
            "Resume aid",
            "It was due (10 Mar 2025) before it was made, in E1 (11 Mar 2025).",
            ("Correct the date", "commitments/C1/edit#id_due"),
        )
    ]


def test_part_outside_of_its_whole(dossier: Dossier) -> None:
    talks = dossier.event("Talks", "10 to 12 March 2025")
    dossier.event("First day", "10 March 2025", part_of=talks)
    dossier.event("Afterwards", "13 March 2025", part_of=talks)
    assert checks.ends_before_start(dossier.row, 9) == [
        row(
            "events",
            "E3",
            "Afterwards",
            "It is dated 13 Mar 2025, outside of E1 (10 to 12 Mar 2025), which it is part of.",
            ("Correct the date", "events/E3/edit#id_when"),
        )
    ]


def test_event_after_the_source_that_tells_of_it(dossier: Dossier) -> None:
    source = make.SourceFactory.build(dossier=dossier.row, title="Report")
    type(source).__dict__["published"].set(source, dates.read("10 March 2025"))
    source.save()
    passage = dossier.made("Passage", source_text__source=source)
    for title, values in (("Planned", {"modality": "planned"}), ("Strike", {})):
        event = dossier.event(title, "12 March 2025", **values)
        dossier.cited(event=event, passage=passage)
    assert checks.ends_before_start(dossier.row, 9) == [
        row(
            "events",
            "E2",
            "Strike",
            "It occurred 12 Mar 2025, but S1, which is cited for it, was published before"
            " (10 Mar 2025).",
            ("Correct the date", "events/E2/edit#id_when"),
            ("Correct S1", "sources/S1/edit#id_published"),
        )
    ]


def test_old_position(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    now = dt.datetime(2025, 4, 20, 12, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    actor, issue = dossier.made("Actor", name="Ukraine"), dossier.made("Issue", name="Ceasefire")
    for day in ("1 March 2025", "11 March 2025"):
        event = dossier.event(f"Statement of {day}", day)
        dossier.made("Position", actor=actor, issue=issue, event=event)
    fresh = dossier.event("Recent", "10 April 2025")
    dossier.made("Position", actor=actor, event=fresh)
    dossier.made("Position", actor=actor)
    assert checks.stale(dossier.row, 9) == [
        row(
            "positions",
            "PO2",
            "Ukraine on Ceasefire",
            "The latest position is 39 days old (11 Mar 2025); after 30 days it counts as old.",
            ("Add a newer position", "positions/new?actor=A1&issue=I1"),
        )
    ]


def test_where_nothing_newer_is_recorded_that_is_the_one_finding(dossier: Dossier) -> None:
    actor = dossier.made("Actor")
    for day in ("1 March 2025", "11 March 2025"):
        event = dossier.event(f"Statement of {day}", day)
        dossier.made("Position", actor=actor, event=event)
    dossier.event("Later", "11 March 2026", modality="planned")
    instant = dt.datetime(2025, 4, 20, tzinfo=dt.UTC).timestamp()
    assert checks.stale(dossier.row, 9, int(instant)) == [
        row(
            "events",
            "E2",
            "Statement of 11 March 2025",
            "Nothing that took place after 11 Mar 2025 is recorded. After 30 days a position counts"
            " as old, so all of them do.",
            ("Add a newer event", "events/new"),
        )
    ]
    (result,) = checks.run(dossier.row, "stale", int(instant) - 20 * 86_400)
    assert result.found == []


def test_positions_on_the_same_words(dossier: Dossier) -> None:
    actor, issue = dossier.made("Actor", name="US"), dossier.made("Issue", name="Aid")
    words = "We will resume the sharing of intelligence at once"
    for said, values in (
        (words, {}),
        (f"“{words.upper()}!”", {}),
        (words, {"actor": dossier.made("Actor")}),
        (words, {"issue": dossier.made("Issue")}),
        ("At once", {}),
        ("At once", {}),
    ):
        about = {"actor": actor, "issue": issue} | values
        dossier.cited(position=dossier.made("Position", **about), event=None, clean_text=said)
    assert checks.duplicates(dossier.row, 9) == [
        row(
            "positions",
            "PO2",
            "US on Aid",
            "It rests on the same words as PO1, of the same actor and issue.",
            ("Look at PO1", "positions/PO1/"),
            ("Correct the position", "positions/PO2/edit#id_actor"),
        )
    ]
    second = dossier.made("Position").__class__.objects.get(ref="PO2")
    second.shifts_from_id = second.__class__.objects.get(ref="PO1").pk
    second.save()
    assert checks.duplicates(dossier.row, 9) == []


def test_events_of_the_same_title(dossier: Dossier) -> None:
    for title in ("Talks in Jeddah", "talks in Jeddah", "Talks in Riyadh"):
        dossier.event(title)
    assert checks.duplicates(dossier.row, 9) == [
        row(
            "events",
            "E2",
            "talks in Jeddah",
            "It has the same title as E1.",
            ("Link as the same", "links/new?from_event=E2&to_event=E1&kind=same_as"),
        )
    ]


def test_events_of_a_day_kind_and_speaker_in_similar_words(dossier: Dossier) -> None:
    speaker = dossier.made("Actor")
    for title, day, kind in (
        ("Rubio: the ball is in their court", "12 March 2025", "statement"),
        ("The ball is in their court, says Rubio", "12 March 2025", "statement"),
        ("The ball is in their court, Rubio says again", "13 March 2025", "statement"),
        ("The ball is in their court, Rubio writes", "12 March 2025", "post"),
        ("Aid resumes", "12 March 2025", "statement"),
    ):
        dossier.made("Participation", event=dossier.event(title, day, kind=kind), actor=speaker)
    assert checks.duplicates(dossier.row, 9) == [
        row(
            "events",
            "E2",
            "The ball is in their court, says Rubio",
            "It has the same day, kind and speaker, and similar words as E1.",
            ("Link as the same", "links/new?from_event=E2&to_event=E1&kind=same_as"),
        )
    ]


def test_events_linked_as_the_same_are_settled(dossier: Dossier) -> None:
    one, other = dossier.event("Talks"), dossier.event("Talks")
    dossier.made("Link", from_event=other, to_event=one, kind="same_as")
    assert checks.duplicates(dossier.row, 9) == []


def test_actor_with_the_name_of_another(dossier: Dossier) -> None:
    dossier.made("Actor", name="Marco Rubio", aliases=["Rubio", "Secretary"])
    dossier.made("Actor", name="rubio")
    dossier.made("Actor", name="Antony Blinken", aliases=["Secretary"])
    assert checks.duplicates(dossier.row, 9) == [
        row(
            "actors",
            "A2",
            "rubio",
            "A1 Marco Rubio is also called ‘Rubio’.",
            ("Correct the names", "actors/A2/edit#id_name"),
        )
    ]


def test_actor_without_a_part(dossier: Dossier) -> None:
    dossier.made("Participation", actor__name="Speaker")
    dossier.made("Affiliation")
    dossier.made("Position")
    dossier.made("Commitment")
    dossier.made("Consent")
    dossier.made("Proposer")
    dossier.made("Actor", name="Nobody")
    (nobody,) = checks.orphan_actors(dossier.row, 9)
    assert nobody == row(
        "actors",
        nobody.ref,
        "Nobody",
        "It takes part in nothing: no event, office, position, commitment or consent names it.",
        ("Add to an event", f"participations/new?actor={nobody.ref}"),
        ("Delete", f"actors/{nobody.ref}/deletion"),
    )


def test_passage_that_was_not_found_again(dossier: Dossier) -> None:
    dossier.made("Passage", source_text__source__title="Report")
    dossier.made("Passage", state="orphaned")
    assert checks.unsure_passages(dossier.row, 9) == [
        Finding(
            ref="P2",
            headline="‘The’",
            url=f"{ROOM}/passages/P2/",
            drawer="P2",
            wrong="These words no longer stand in the newest text of S2.",
            mends=(Mend("Find the words", f"{ROOM}/passages/?selected=P2"),),
        )
    ]


def test_passage_that_stands_elsewhere_now(dossier: Dossier) -> None:
    dossier.made("Passage", state="moved")
    (moved,) = checks.unsure_passages(dossier.row, 9)
    assert moved.wrong == "The newest text of S1 has these words at another place."
    assert moved.mends == (Mend("Confirm the place", f"{ROOM}/passages/?selected=P1"),)


def test_conflict_of_one_side(dossier: Dossier) -> None:
    full = dossier.made("Conflict", title="When it began")
    for _ in range(2):
        dossier.made("ConflictMember", conflict=full)
    half = dossier.made("Conflict", title="Who spoke")
    dossier.made("ConflictMember", conflict=half)
    assert checks.lone_conflicts(dossier.row, 9) == [
        row(
            "conflicts",
            "X2",
            "Who spoke",
            "Only one record or passage stands in it. A conflict needs two.",
            ("Add what conflicts", "conflict-members/new?conflict=X2"),
        )
    ]


@pytest.mark.parametrize(("state", "said"), [("draft", "a draft"), ("reviewed", "only reviewed")])
def test_published_position_of_an_event_that_is_not(
    dossier: Dossier, state: str, said: str
) -> None:
    event, shown = dossier.event("Talks", state=state), dossier.event("Shown", state="published")
    about = {"actor": dossier.made("Actor", name="US"), "issue": dossier.made("Issue", name="Aid")}
    dossier.made("Position", **about, event=event, state="published")
    dossier.made("Position", **about, event=event)
    dossier.made("Position", **about, event=shown, state="published")
    assert checks.rests_on_drafts(dossier.row, 9) == [
        row(
            "positions",
            "PO1",
            "US on Aid",
            f"It is published, but E1 Talks, in which it was expressed, is {said}.",
            ("Look at E1", "events/E1/"),
        )
    ]


def test_other_dossiers_are_left_alone(dossier: Dossier) -> None:
    for factory in make.RECORDS.values():
        if factory is not make.MembershipFactory:
            factory(dossier=make.DossierFactory())
    assert [result.found for result in checks.run(dossier.row)] == [[]] * len(checks.CHECKS)


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.key)
def test_limit_holds(dossier: Dossier, check: checks.Check) -> None:
    assert check.find(dossier.row, 1) == []
    for number in range(3):
        dossier.event("Twin", part_of=None, modality="occurred", place=str(number))
        dossier.made("Conflict")
        dossier.made("Passage", state="orphaned")
        dossier.made("Actor", name="Twin")
    assert len(check.find(dossier.row, 1)) == (
        check.key in {"unsourced", "undated", "duplicates", "orphans", "passages", "conflicts"}
    )
