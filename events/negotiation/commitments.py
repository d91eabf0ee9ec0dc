"""How a commitment stands, from its outcomes, its dates and what it depends on. Pure.

What came of it is recorded; a calendar never breaks a promise. By computation a commitment is due,
overdue, or lapsed because what it depends on can no longer come or its own time is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from events.negotiation.proposals import Offer, Stage, is_over, stage
from events.negotiation.times import NEVER, Times, later_by


class Status(StrEnum):
    """How a commitment stands."""

    PENDING = "pending"
    DUE = "due"
    OVERDUE = "overdue"
    IN_PART = "in_part"
    MET = "met"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Why(StrEnum):
    """What the status follows from."""

    OUTCOME = "outcome"
    CALENDAR = "calendar"
    NO_DATE = "no date"
    PROPOSAL = "proposal"
    COMMITMENT = "commitment"
    DURATION = "duration"


GONE = (Status.BROKEN, Status.WITHDRAWN, Status.LAPSED)
"""Of a commitment: nothing that depends on it can come any more."""


WAITING = (Status.PENDING, Status.DUE, Status.OVERDUE)
"""Nothing is recorded of what came of it."""


@dataclass(frozen=True, slots=True)
class Result:
    """An outcome: its word ("met", "extended"), when its event was, and the new due date."""

    key: int
    word: str
    when: Times = NEVER
    due: Times = NEVER

    @property
    def order(self) -> tuple[float, float, int]:
        """By the time of the event, a bound that is not known before all others, then as recorded.
        The agenda sorts so in the database."""
        bounds = (self.when.earliest, self.when.latest)
        # Not 0: seconds before 1970 are less.
        first, last = (float("-inf") if at is None else at for at in bounds)
        return first, last, self.key


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A commitment as far as its status goes.

    `proposal` and `commitment` are the keys of what it depends on, `answer` "accepted" or
    "not_accepted". `made` is when, `hangs` whether anything else is said that it depends
    on; what is not `firm` is a signal.
    """

    key: int
    due: Times = NEVER
    duration: str = ""
    made: Times = NEVER
    results: tuple[Result, ...] = field(default=())
    proposal: int | None = None
    answer: str = "accepted"
    commitment: int | None = None
    hangs: bool = False
    firm: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """A status and how it comes about: `key` is that of the outcome, the proposal or the
    commitment that decides, `due` the due date in force and `ends` when its duration is over."""

    status: Status
    why: Why
    key: int | None = None
    due: Times = NEVER
    ends: Times = NEVER
    firm: bool = True

    @property
    def word(self) -> str:
        """The status, or "signal" for one of which nothing came yet: it was never owed."""
        return "signal" if not self.firm and self.status in WAITING else self.status.value


def accounts(
    undertakings: Mapping[int, Undertaking], offers: Mapping[int, Offer], now: int, zone: str
) -> dict[int, Account]:
    """How each of `undertakings` stands at `now` (seconds), by key.

    What one depends on counts if it is given. Commitments that depend on each other in a circle
    do not decide about each other.
    """
    found: dict[int, Account] = {}
    for key in undertakings:
        chain, circle = _chain(key, undertakings, found)
        # From the end of the chain to this one, without a call for each link.
        for one in map(undertakings.__getitem__, reversed(chain)):
            above = None if one.key in circle or one.commitment is None else one.commitment
            decided = found.get(above) if above is not None else None
            found[one.key] = _account(one, decided, offers, now, zone)
    return found


def _chain(
    key: int, undertakings: Mapping[int, Undertaking], done: Mapping[int, Account]
) -> tuple[list[int], set[int]]:
    """What `key` depends on, link after link, as far as it is not done; and those that are in a
    circle."""
    chain: dict[int, int] = {}
    at: int | None = key
    while at is not None and at in undertakings and at not in done:
        if at in chain:
            return list(chain), {one for one, place in chain.items() if place >= chain[at]}
        chain[at] = len(chain)
        at = undertakings[at].commitment
    return list(chain), set()


def in_force(one: Undertaking) -> tuple[Result | None, Times]:
    """The newest outcome, and the due date in force: the last extension's, else the stated one."""
    results = sorted(one.results, key=lambda result: result.order)
    extended = [result for result in results if result.word == "extended"]
    return (results[-1] if results else None), (extended[-1].due if extended else one.due)


def _account(
    one: Undertaking,
    above: Account | None,
    offers: Mapping[int, Offer],
    now: int,
    zone: str,
) -> Account:
    newest, due = in_force(one)
    ends = ends_of(one, due, offers, zone)

    def found(status: Status, why: Why, key: int | None = None) -> Account:
        return Account(status, why, key, due, ends, one.firm)

    if newest is not None and newest.word != "extended":
        return found(Status(newest.word), Why.OUTCOME, newest.key)
    offer = None if one.proposal is None else offers.get(one.proposal)
    if offer is not None and _cannot_come(stage(offer, now), one.answer):
        return found(Status.LAPSED, Why.PROPOSAL, offer.key)
    if above is not None and above.status in GONE:
        return found(Status.LAPSED, Why.COMMITMENT, one.commitment)
    if ends.surely_over(now):
        return found(Status.LAPSED, Why.DURATION)
    if due.surely_over(now):
        return found(Status.OVERDUE, Why.CALENDAR)
    if due.maybe_begun(now):
        return found(Status.DUE, Why.CALENDAR)
    return found(Status.PENDING, Why.CALENDAR if due.is_known else Why.NO_DATE)


def _cannot_come(found: Stage, answer: str) -> bool:
    return found is Stage.AGREED if answer == "not_accepted" else is_over(found)


def ends_of(one: Undertaking, due: Times, offers: Mapping[int, Offer], zone: str) -> Times:
    """When what lasts for a stated time is over; NEVER where it is not known when it began.

    It begins when it is due, else when the proposal it depends on starts; one that depends on
    nothing begins when it was made.
    """
    if not one.duration:
        return NEVER
    if due.is_known:
        return later_by(due, one.duration, zone)
    if one.proposal is not None:
        offer = offers.get(one.proposal)
        return later_by(offer.start, one.duration, zone) if offer else NEVER
    if one.commitment is None and not one.hangs:
        return later_by(one.made, one.duration, zone)
    return NEVER
