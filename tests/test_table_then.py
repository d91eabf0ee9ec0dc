"""Proposals and commitments at every instant are what a slow and plain reckoning says they are."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import models

from events import dates, history, on_table, undertakings
from events.as_of import AsOf, Clock
from events.branches import all_leaves
from events.formats import dossier as dossier_file
from events.formats import writer
from events.models import Commitment, Dossier, Event, Outcome, Proposal
from events.negotiation.proposals import Stage
from events.roles import Viewer
from tests import factories as make
from tests import plain_table as plain

SEEDS = Path(__file__).parents[1] / "seeds"
INSTANTS = 14
"""At most so many instants of a shipped dossier, spread over all its changes."""


def seen(viewer: Viewer) -> tuple[dict[str, Any], dict[str, str]]:
    """What the pages show of proposals and commitments."""
    rows = list(on_table.rows_of(viewer))
    found: dict[str, Any] = {}
    for card in on_table.cards_of(rows, viewer):
        asked = {step.consent.ref: answer(step) for step in card.steps if step.consent}
        assert str(card.stage) == card.proposal.stage
        is_waiting = any(isinstance(one, tuple) for one in asked.values())
        at = card.proposal.since
        assert (at is not None) == (is_waiting and card.tabled.latest is not None)
        found[card.proposal.ref] = str(card.stage), asked
    accounts = undertakings.all_accounts(viewer)
    refs = dict(Commitment.objects.visible_to(viewer).values_list("pk", "ref"))
    some = list(Commitment.objects.visible_to(viewer))
    assert undertakings.accounts_of(some, viewer) == accounts
    return found, {refs[key]: str(one.status) for key, one in accounts.items()}


def answer(step: on_table.Step) -> Any:
    if step.is_awaited:
        return "awaited", step.since.days if step.since else None
    return "given" if step.position else "none"


def then(dossier: Dossier, as_of: AsOf, *, is_member: bool) -> tuple[Any, Any]:
    viewer = Viewer.standing_in(dossier.pk, is_member=is_member)
    viewer = Viewer(viewer.user, dossier, viewer.role, as_of)
    with as_of.entered(dossier, public=not is_member):
        return seen(viewer)


def reckoned(rows: plain.Rows, now: int, zone: str) -> tuple[Any, Any]:
    return plain.proposals(rows, now, zone), plain.statuses(rows, now, zone)


def by_happening(dossier: Dossier, most: int) -> int:
    """Compares at instants at which something began or ended; says how many."""
    now = history.as_recorded(dossier.pk, history.sealed_number(dossier.pk))
    instants = {at for row in plain.table(now, "event").values() for at in plain.bounds(row) if at}
    for noun, names in (("commitment", ["due"]), ("proposal", ["start", "expires"])):
        for row in plain.table(now, noun).values():
            instants |= {at for name in names for at in plain.bounds(row, name) if at}
    chosen = sorted(instants)[:: max(1, len(instants) // most)]
    for at in chosen:
        as_of = AsOf(Clock.HAPPENED, at, "", "")
        rows = plain.happened_by(now, at)
        for is_member in (True, False):
            shown = rows if is_member else plain.for_public(rows, now)
            expected = reckoned(shown, at, dossier.time_zone)
            assert (at, is_member, then(dossier, as_of, is_member=is_member)) == (
                at,
                is_member,
                expected,
            )
    return len(chosen)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["jeddah", "korea"])
def test_a_shipped_dossier_at_its_changes(name: str) -> None:
    loaded = dossier_file.load(SEEDS / name)
    writer.apply(loaded, make.UserFactory(is_superuser=True))
    dossier = Dossier.objects.get()
    assert by_happening(dossier, INSTANTS) > 5
    if name == "jeddah":
        as_of = AsOf(Clock.HAPPENED, dates.read("12 March 2025").latest or 0, "", "")
        found, _ = then(dossier, as_of, is_member=False)
        # The truce in the sky was announced: nobody's answer to it is awaited.
        assert found == {
            "PR1": ("open", {"CN1": "given", "CN2": ("awaited", 1)}),
            "PR2": ("open", {}),
        }
        assert contested(dossier, "C4") == {
            ("S1", "supports"),
            ("S2", "disputes"),
            ("S2", "supports"),
        }


def contested(dossier: Dossier, ref: str) -> set[tuple[str, str]]:
    """Beside a contested commitment of the table: the sources of the passages each way."""
    viewer = Viewer.standing_in(dossier.pk, is_member=False)
    cards = on_table.cards_of(list(on_table.rows_of(viewer)), viewer)
    leaves = [leaf for card in cards for leaf in all_leaves(card.branches)]
    (leaf,) = [leaf for leaf in leaves if leaf.commitment.ref == ref]
    assert leaf.commitment.contested
    return {(one.passage.source_text.source.ref, str(one.bearing)) for one in leaf.said}


# --- Dossiers at random


class Drawn:
    """A dossier in which offers, answers, commitments and outcomes change from step to step."""

    def __init__(self, seed: int, steps: int) -> None:
        self.random = random.Random(seed)
        self.author = make.UserFactory()
        with history.recording(by=self.author):
            self.dossier = make.DossierFactory(visibility="public")
            self.actors = [make.ActorFactory(dossier=self.dossier) for _ in range(3)]
            for _ in range(8):
                self.event()
            for _ in range(4):
                self.proposal()
            for _ in range(8):
                self.commitment()
        acts = [self.position, self.consent, self.outcome, self.move, self.end, self.drop]
        for _ in range(steps):
            with history.recording(by=self.author, keeps_state=True):
                self.random.choice(acts)()

    def of(self, model: Any) -> Any:
        """One of the rows there are."""
        rows = list(model._base_manager.filter(dossier=self.dossier).order_by("pk"))
        return self.random.choice(rows) if rows else None

    def state(self) -> str:
        return self.random.choice(["draft", "published", "published", "published"])

    def day(self) -> dates.Reading:
        first = self.random.randint(1, 24)
        later = first + self.random.randint(0, 4)
        words = self.random.choice(
            ["{a} March 2025", "between {a} and {b} March 2025", "before {b} March 2025", ""]
        )
        return dates.read(words.format(a=first, b=later + 1))

    def event(self) -> None:
        event = make.EventFactory.build(dossier=self.dossier, state=self.state())
        event.set_when(self.day())
        event.save()

    def proposal(self) -> None:
        issue = make.IssueFactory(dossier=self.dossier)
        one = make.ProposalFactory.build(dossier=self.dossier, issue=issue, state=self.state())
        one.tabled_in = self.of(Event)
        one.announced_in = self.random.choice([None, self.of(Event)])
        Proposal.expires.set(one, self.day())
        Proposal.start.set(one, self.day())
        one.save()
        if self.random.random() < 0.5:
            actor = self.random.choice(self.actors)
            make.ProposerFactory(dossier=self.dossier, proposal=one, actor=actor)
        for actor in self.random.sample(self.actors, 2):
            make.ConsentFactory(dossier=self.dossier, proposal=one, actor=actor)

    def commitment(self) -> None:
        one = make.CommitmentFactory.build(
            dossier=self.dossier, debtor=self.random.choice(self.actors), state=self.state()
        )
        one.event = self.random.choice([None, self.of(Event)])
        one.depends_on_proposal = self.random.choice([None, self.of(Proposal)])
        one.depends_on_commitment = self.random.choice([None, self.of(Commitment)])
        one.depends_on_answer = self.random.choice(["accepted", "not_accepted"])
        one.duration = self.random.choice(["", "P5D"])
        Commitment.due.set(one, self.day())
        one.save()

    def position(self) -> None:
        issue = self.of(Proposal).issue
        stance = self.random.choice(["supports", "opposes", "none"])
        make.PositionFactory(
            dossier=self.dossier,
            actor=self.random.choice(self.actors),
            issue=issue,
            stance=stance,
            event=self.of(Event),
            state=self.state(),
        )

    def consent(self) -> None:
        proposal, actor = self.of(Proposal), self.random.choice(self.actors)
        if not proposal.consents.filter(actor=actor).exists():
            make.ConsentFactory(dossier=self.dossier, proposal=proposal, actor=actor)

    def outcome(self) -> None:
        commitment, event = self.of(Commitment), self.of(Event)
        result = self.random.choice(Outcome.Result.values)
        if commitment.outcomes.filter(event=event).exists():
            return
        one = make.OutcomeFactory.build(
            dossier=self.dossier, commitment=commitment, event=event, result=result
        )
        if result == "extended":
            Outcome.due.set(one, self.day())
        one.save()

    def move(self) -> None:
        """Something else is due, depends on another, or is published or withdrawn."""
        one, above = self.of(Commitment), self.of(Commitment)
        if above.pk != one.pk:
            one.depends_on_commitment = above
        one.state = self.state()
        Commitment.due.set(one, self.day())
        one.save()

    def end(self) -> None:
        one = self.of(Proposal)
        one.ended_in = self.random.choice([None, self.of(Event), self.of(Event)])
        one.ending = self.random.choice(Proposal.Ending.values) if one.ended_in else ""
        one.state = self.state()
        one.save()

    def drop(self) -> None:
        one = self.of(self.random.choice([Outcome, Commitment]))
        if one is not None and len(self.dossier.commitment_set.all()) > 3:
            with suppress(models.RestrictedError, models.ProtectedError):
                one.delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [3, 5])
def test_a_dossier_at_random_after_every_revision(seed: int) -> None:
    drawn = Drawn(seed, steps=24)
    dossier, zone = drawn.dossier, drawn.dossier.time_zone
    newest = history.sealed_number(dossier.pk)
    now = history.as_recorded(dossier.pk, newest)
    at = dates.read("14 March 2025").latest or 0
    met = set()
    for number in range(1, newest + 1):
        rows = history.as_recorded(dossier.pk, number)
        as_of = AsOf(Clock.RECORDED, at, f"r{number}", "", number)
        for is_member in (True, False):
            shown = rows if is_member else plain.for_public(rows, now)
            expected = reckoned(shown, at, zone)
            found = then(dossier, as_of, is_member=is_member)
            assert (number, is_member, found) == (number, is_member, expected)
            met |= {word for word, _ in found[0].values()} | set(found[1].values())
    assert newest > 20
    # What was compared had most of what there is.
    assert len(met & {*map(str, Stage), *Outcome.Result.values, "overdue", "due"}) > 5
    assert by_happening(dossier, 8) > 5
