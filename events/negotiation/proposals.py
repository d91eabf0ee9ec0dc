"""How a proposal stands: open, agreed, or off the table, and whose answer is awaited. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from events.negotiation.times import NEVER, Times


class Stage(StrEnum):
    """Where a proposal is. It is ended by an act, or its stated time runs out."""

    OPEN = "open"
    AGREED = "agreed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    ENDED = "ended"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal as far as its stage goes.

    `tabled` is when it was put to the parties, None while it was not. `ending` is the word of the
    act that ended it, "" for one that is not recorded, None while it is not ended. `expires` are
    the bounds of the end of the offer, `start` those of what is offered.
    """

    key: int
    tabled: Times | None = None
    ending: str | None = None
    expires: Times = NEVER
    start: Times = NEVER


def stage(offer: Offer, now: int) -> Stage:
    """How `offer` stands at `now` (seconds). An act counts before the calendar; only an end that
    has surely passed makes an offer lapse."""
    if offer.ending is not None:
        return Stage(offer.ending) if offer.ending else Stage.ENDED
    return Stage.LAPSED if offer.expires.surely_over(now) else Stage.OPEN


def is_over(found: Stage) -> bool:
    """Whether it is off the table without having been agreed."""
    return found not in (Stage.OPEN, Stage.AGREED)


def is_awaited(offer: Offer, stance: str, now: int) -> bool:
    """Whether the answer of somebody whose consent it needs is awaited.

    `stance` is that of their latest position on it, "" for none. Only what was put forward and is
    still on the table waits for an answer; a statement without for or against is none.
    """
    return stance in ("", "none") and offer.tabled is not None and stage(offer, now) is Stage.OPEN
