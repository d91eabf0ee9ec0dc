"""Proposals of an invented negotiation: some tabled in talks, one only announced."""

from __future__ import annotations

import random

from events.invented.cast import Cast
from events.invented.words import SIDES
from events.models import Consent, Dossier, Proposal, Proposer, Term

MOST = 8
TERMS = (
    "A joint list is exchanged within ten days.",
    "Observers report to both capitals every week.",
    "The annex is renewed in writing or ends.",
)


def make_offers(
    dossier: Dossier, cast: Cast, meetings: list[int], chance: random.Random
) -> list[Proposal]:
    """Write a proposal on each of the first issues, tabled in `meetings` (keys of events, in
    order) that lie evenly apart, with terms, who proposes, and whose consent it needs."""
    made = []
    for number, issue in enumerate(cast.issues[:MOST]):
        place = len(meetings) * number // MOST
        tabled = meetings[place] if meetings and number < MOST - 1 else None
        proposal = Proposal.objects.create(
            dossier=dossier, issue=issue, tabled_in_id=tabled, duration="P30D", state="published"
        )
        for term, text in enumerate(TERMS, 1):
            Term.objects.create(dossier=dossier, proposal=proposal, number=term, text=text)
        sides = chance.sample([code for code, *_ in SIDES], 3)
        actors = [next(one.key for one in cast.sided if one.side == side) for side in sides]
        Proposer.objects.create(dossier=dossier, proposal=proposal, actor_id=actors[0])
        for actor in actors[1:]:
            Consent.objects.create(
                dossier=dossier, proposal=proposal, actor_id=actor, asked="To agree in writing."
            )
        made.append(proposal)
    return made
