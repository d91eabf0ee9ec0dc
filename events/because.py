"""How the status of a commitment comes about, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from events.models import Record
from events.negotiation import agenda
from events.negotiation.commitments import WAITING, Status, Why
from events.negotiation.proposals import Stage, stage
from events.offers import offers_of
from events.undertakings import accounts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.models import Commitment, Outcome
    from events.negotiation.commitments import Account
    from events.negotiation.times import Times
    from events.roles import Viewer

_STAGES = {
    Stage.OPEN: "is open",
    Stage.AGREED: "was agreed",
    Stage.REJECTED: "was rejected",
    Stage.WITHDRAWN: "was withdrawn",
    Stage.SUPERSEDED: "was superseded",
    Stage.ENDED: "ended; how is not recorded",
    Stage.LAPSED: "ran out of time",
}
_RESULTS = {
    "met": "It is recorded as met",
    "in_part": "It is recorded as met in part",
    "broken": "It is recorded as broken",
    "withdrawn": "It is recorded as withdrawn",
}
_STATUSES = {
    Status.BROKEN: "was broken",
    Status.WITHDRAWN: "was withdrawn",
    Status.LAPSED: "has lapsed",
    Status.MET: "was met",
    Status.IN_PART: "was met in part",
}


def named[R: Record](other: R | None, viewer: Viewer) -> R | None:
    """A record that a commitment depends on, None where `viewer` may not see it."""
    if other is None or viewer.is_member or getattr(other, "state", "published") == "published":
        return other
    return None


def sentences(
    record: Commitment, account: Account, decided: Sequence[Outcome], viewer: Viewer
) -> list[str]:
    """What the status follows from. `decided` holds the outcome that decides, if one does."""
    zone = viewer.dossier.time_zone
    found = []
    if account.why is Why.OUTCOME:
        where = f" in {decided[0].event.ref}, {decided[0].event.title}" if decided else ""
        found.append(f"{_RESULTS.get(account.status, 'It is recorded')}{where}.")
    elif account.why is Why.DURATION:
        found.append(f"Its time of {record.duration} was over{_on(account.ends, zone)} (computed).")
    elif account.status is Status.OVERDUE:
        found.append(
            f"The last day on which it could be due{_on(account.due, zone)} has passed, and nothing"
            " is recorded of what came of it. That does not say that it was broken."
        )
    elif account.status is Status.DUE:
        found.append("Its due date has come, and nothing is recorded yet of what came of it.")
    elif account.why is Why.NO_DATE:
        found.append("No due date is stated, and nothing is recorded of what came of it.")
    elif account.status is Status.PENDING:
        found.append(f"It is due{_on(account.due, zone)}.")
    found += _depends(record, account, viewer)
    if not account.firm and account.status in WAITING:
        found.append("It is a signal, not a commitment.")
    return found


def _depends(record: Any, account: Account, viewer: Viewer) -> list[str]:
    """The proposal and the commitment that it depends on, and how these stand."""
    found = []
    if offer := named(record.depends_on_proposal, viewer):
        facts = offers_of([offer.pk], viewer).get(offer.pk)
        word = _STAGES[stage(facts, viewer.now)] if facts else "is not seen here"
        is_not = " not" if record.depends_on_answer == "not_accepted" else ""
        who = f" by {record.depends_on_actor.called}" if record.depends_on_actor else ""
        found.append(f"It depends on {offer.ref} {is_not}being accepted{who}: {offer.ref} {word}.")
    if above := named(record.depends_on_commitment, viewer):
        status = accounts_of([above], viewer)[above.pk].status
        found.append(f"It depends on {above.ref}, which {_STATUSES.get(status, 'is still open')}.")
    if account.why in (Why.PROPOSAL, Why.COMMITMENT):
        found.append("So it cannot come any more.")
    return [one.replace("  ", " ") for one in found]


def _on(times: Times, zone: str) -> str:
    days = agenda.spoken(times, zone)
    return f", {days}," if days else ""
