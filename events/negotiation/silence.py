"""Who was addressed and has not answered, as far as anything is recorded. Pure.

Silence is a finding about the record: that it has no answer. So doubt counts as an answer. What
might have been said later than the address, on its subject, is taken for one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from events.negotiation.times import Times


@dataclass(frozen=True, slots=True)
class Address:
    """That an actor was spoken to in an event: keys of both, when, and on which issues."""

    event: int
    actor: int
    times: Times
    issues: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Reply:
    """Something an actor said: in which event and when, on which issue (None for no issue), and
    the events that this event is linked to as answering them."""

    actor: int
    event: int | None
    times: Times
    issue: int | None = None
    answers: frozenset[int] = field(default=frozenset())


def may_follow(said: Times, address: Times) -> bool:
    """Whether something may have been said after an address. What has no date is not taken to
    follow anything."""
    if not said.is_known:
        return False
    return said.latest is None or address.earliest is None or said.latest > address.earliest


def is_answered(address: Address, replies: Iterable[Reply]) -> bool:
    """Whether the addressed actor answered: spoke in an event that is linked as answering, or took
    a position on an issue of the address that may be later."""
    return any(
        reply.actor == address.actor
        and (
            address.event in reply.answers
            or (reply.issue in address.issues and may_follow(reply.times, address.times))
        )
        for reply in replies
    )
