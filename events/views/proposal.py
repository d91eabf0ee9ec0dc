"""Pages of proposals: what is offered, by whom, whose answer is there and whose is awaited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from events.branches import Branch
from events.family import Member, compared, family_of
from events.forms.proposal import VersionsForm
from events.gate import requires
from events.models import Commitment, Consent, Proposal, Proposer, Term
from events.negotiation import between
from events.negotiation.proposals import Stage, stage
from events.offers import awaited, offers_of
from events.on_table import latest_on
from events.roles import Access
from events.views.cited import add_quotes, add_status, add_when, said_when
from events.views.panels import evidence_of
from events.views.records import RecordDetail, RecordList, RecordView
from events.views.rows import may_see

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from events.models import Event, Position
    from events.roles import Viewer


STANDING = {
    Stage.AGREED: "Agreed",
    Stage.REJECTED: "Rejected",
    Stage.WITHDRAWN: "Withdrawn",
    Stage.SUPERSEDED: "Superseded",
    Stage.ENDED: "Ended; how is not recorded",
    Stage.LAPSED: "Lapsed: its time ran out",
}
"""What is said of a proposal that is no longer open."""


@dataclass(slots=True)
class Answer:
    """One whose consent is needed: the latest position on it, or since when it is awaited.

    With neither, nothing was put to them yet, or it is off the table.
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
    """Who has answered what, by proposal; a few queries. Derived, never stored."""
    consents = list(
        Consent.objects.visible_to(viewer)
        .filter(proposal__in=proposals)
        .select_related("actor__side")
        .order_by("id")
    )
    latest = latest_on({proposal.issue_id for proposal in proposals}, viewer)
    asked = awaited(viewer).filter(proposal__in=proposals)
    open_still = set(asked.values_list("proposal_id", "actor_id"))
    found: dict[int, list[Answer]] = {proposal.pk: [] for proposal in proposals}
    by_id = {proposal.pk: proposal for proposal in proposals}
    for consent in consents:
        proposal = by_id[consent.proposal_id]
        position = latest.get(proposal.issue_id, {}).get(consent.actor_id)
        tabled = tabled_in(proposal, viewer)
        is_awaited = (proposal.pk, consent.actor_id) in open_still
        waiting = ""
        if is_awaited and tabled is not None:
            since = between(tabled.earliest, tabled.latest, viewer.now, viewer.dossier.time_zone)
            waiting = since.exact if since else ""
        found[proposal.pk].append(Answer(consent, position, is_awaited, waiting))
    return found


class ProposalList(RecordList):
    """The proposals with proposers, and how far the answers are."""

    related = ("issue", "tabled_in")

    def extra(self, rows: list[Proposal]) -> dict[str, Any]:
        """A fixed number of queries, however many proposals."""
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
            branch = Branch(commitment.depends_on_actor, commitment.depends_on_answer)
            by_answer.setdefault(branch.title, []).append(commitment)
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
            "standing": STANDING.get(stage(offers_of([record.pk], viewer)[record.pk], viewer.now)),
            "has_versions": len(family_of(record, viewer).members) > 1,
        } | evidence_of(record, viewer)


@requires(Access.READ)
class ProposalVersions(RecordView):
    """The versions and rivals of a proposal, two of them compared term by term."""

    related = ("issue",)

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        record, viewer = self.record(ref), request.viewer
        family = family_of(record, viewer)
        for one in family.members:
            one.word = STANDING.get(one.stage, "Open")
            one.tabled_when = said_when(one.tabled, request.dossier)
            one.ended_when = said_when(one.ended, request.dossier)
        here = family.find(ref)
        other = family.find(VersionsForm(request.GET).wanted) or self._nearest(family.members, here)
        context = self.context(record=record, family=family, other=other, pairs=None)
        if other is not None and here is not None and other is not here:
            places = {one.proposal.pk: at for at, one in enumerate(family.members)}
            old, new = sorted((here, other), key=lambda one: places[one.proposal.pk])
            pairs = compared(old.proposal, new.proposal, viewer)
            context |= {"old": old, "new": new, "pairs": pairs}
        return self.page("versions", context)

    @staticmethod
    def _nearest(members: list[Member], here: Member | None) -> Member | None:
        """The one that it follows, else the first that follows it."""
        if here is not None and here.earlier is not None:
            return next((one for one in members if one.proposal.pk == here.earlier.pk), None)
        return next((one for one in members if one is not here), None)
