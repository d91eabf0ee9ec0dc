"""Pages of proposals: what is offered, by whom, whose answer is there and whose is awaited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from events.models import Commitment, Consent, Position, Proposal, Proposer, Term
from events.views.cited import add_quotes, add_status, add_when, said_when
from events.views.panels import evidence_of, span
from events.views.records import RecordDetail, RecordList
from events.views.rows import may_see

if TYPE_CHECKING:
    from events.models import Event
    from events.roles import Viewer


@dataclass(slots=True)
class Answer:
    """One whose consent is needed: the latest position on it, or since when it is awaited.

    With neither, nothing was put to them yet.
    """

    consent: Consent
    position: Position | None
    is_awaited: bool
    waiting: str


def tabled_in(proposal: Proposal, viewer: Viewer) -> Event | None:
    """The event in which it was put to the parties, None where `viewer` may not see one."""
    event = proposal.tabled_in
    return event if event is not None and may_see(viewer, event) else None


def answers_of(proposals: list[Proposal], viewer: Viewer) -> dict[int, list[Answer]]:
    """Who has answered what, by proposal; two queries. Derived, never stored."""
    visible = Position.objects.visible_to(viewer)
    consents = list(
        Consent.objects.visible_to(viewer)
        .filter(proposal__in=proposals)
        .select_related("actor__side")
        .order_by("id")
    )
    given = visible.filter(
        issue__in=[p.issue_id for p in proposals], actor__in=[c.actor_id for c in consents]
    ).exclude(stance=Position.Stance.NONE)
    latest: dict[tuple[int, int], Position] = {}
    for position in given.newest_first().select_related("event"):
        latest.setdefault((position.issue_id, position.actor_id), position)
    found: dict[int, list[Answer]] = {proposal.pk: [] for proposal in proposals}
    by_id = {proposal.pk: proposal for proposal in proposals}
    for consent in consents:
        proposal = by_id[consent.proposal_id]
        position = latest.get((proposal.issue_id, consent.actor_id))
        tabled = tabled_in(proposal, viewer)
        is_awaited = position is None and tabled is not None
        since = tabled.latest if tabled is not None and is_awaited else None
        waiting = "" if since is None else span(viewer.now - since)
        found[proposal.pk].append(Answer(consent, position, is_awaited, waiting))
    return found


class ProposalList(RecordList):
    """The proposals with proposers, and how far the answers are."""

    related = ("issue", "tabled_in")

    def extra(self, rows: list[Proposal]) -> dict[str, Any]:
        """Four queries, however many proposals."""
        viewer = self.request.viewer
        answers = answers_of(rows, viewer)
        proposers: dict[int, list[Proposer]] = {}
        known = Proposer.objects.visible_to(viewer).filter(proposal__in=rows)
        for proposer in known.select_related("actor__side"):
            proposers.setdefault(proposer.proposal_id, []).append(proposer)
        for proposal in rows:
            proposal.answers = answers[proposal.pk]
            proposal.made_by = proposers.get(proposal.pk, [])
            proposal.shown_when = said_when(tabled_in(proposal, viewer), self.request.dossier)
        return {}


class ProposalDetail(RecordDetail):
    """One proposal: proposers, consents and answers, terms, what hangs on it."""

    related = ("issue", "tabled_in")
    lead = "events/proposal_detail.html#lead"
    panels = "events/proposal_detail.html#panels"
    below = "events/proposal_detail.html#below"

    def extra(self, record: Proposal) -> dict[str, Any]:
        viewer = self.request.viewer
        answers = answers_of([record], viewer)[record.pk]
        given = [answer.position for answer in answers if answer.position]
        add_quotes(given, "position", viewer)
        add_when(given, self.request.viewer)
        hanging = Commitment.objects.visible_to(viewer).filter(depends_on_proposal=record)
        hanging = hanging.select_related("debtor__side", "creditor", "depends_on_actor")
        dependants = list(hanging[:60])
        add_status(dependants, viewer)
        by_answer: dict[str, list[Commitment]] = {}
        for commitment in dependants:
            actor = commitment.depends_on_actor
            heading = f"If {actor.called} accepts" if actor else "If it is accepted"
            by_answer.setdefault(heading, []).append(commitment)
        parts = {"proposal": record}
        return {
            "answers": answers,
            "waiting": [answer for answer in answers if answer.is_awaited],
            "terms": list(Term.objects.visible_to(viewer).filter(**parts)),
            "proposers": list(
                Proposer.objects.visible_to(viewer).filter(**parts).select_related("actor__side")
            ),
            "branches": list(by_answer.items()),
            "dependant_count": len(dependants),
        } | evidence_of(record, viewer)
