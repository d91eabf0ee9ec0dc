"""Commitments as the rules of events/negotiation read them, and how each stands for a viewer.

Only what the viewer may see counts. A few queries for any number of commitments.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import connection

from events.models import Commitment, Event, Outcome
from events.negotiation.commitments import Account, Result, Undertaking, accounts
from events.negotiation.times import Times
from events.offers import offers_of

if TYPE_CHECKING:
    from events.negotiation.proposals import Offer
    from events.roles import Viewer

MOST = 20_000
"""Most commitments whose status is worked out for one page; of more, the newest."""

FAR = 2_000
"""Most commitments that others are looked up to depend on."""

_COLUMNS = (
    "pk",
    "due_earliest",
    "due_latest",
    "duration",
    "event__state",
    "event__earliest",
    "event__latest",
    "depends_on_proposal_id",
    "depends_on_answer",
    "depends_on_commitment_id",
    "condition",
    "depends_on_text",
    "firmness",
)
_RESULT = (
    "commitment_id",
    "pk",
    "result",
    "event__earliest",
    "event__latest",
    "due_earliest",
    "due_latest",
)


def accounts_of(rows: Iterable[Commitment], viewer: Viewer) -> dict[int, Account]:
    """How each of `rows` stands, by key; at most four queries."""
    shown = list(rows)
    keys = {row.pk for row in shown}
    if not keys:
        return {}
    if any(row.depends_on_commitment_id for row in shown):
        keys |= _above(keys)
    visible = Commitment.objects.visible_to(viewer).filter(pk__in=keys)
    return _accounts(list(visible.values_list(*_COLUMNS)), viewer, among=list(keys))


def all_accounts(viewer: Viewer) -> dict[int, Account]:
    """How each commitment of the dossier stands, of the newest MOST; three queries."""
    rows = Commitment.objects.visible_to(viewer).order_by("-pk").values_list(*_COLUMNS)[:MOST]
    return _accounts(list(rows), viewer, among=None)


def _accounts(
    rows: list[tuple[Any, ...]], viewer: Viewer, among: list[int] | None
) -> dict[int, Account]:
    offers = offers_of({row[7] for row in rows if row[7] is not None}, viewer)
    facts = _facts(rows, offers, _results(viewer, among), viewer)
    return accounts(facts, offers, viewer.now, viewer.dossier.time_zone)


def _facts(
    rows: list[tuple[Any, ...]],
    offers: dict[int, Offer],
    results: dict[int, list[Result]],
    viewer: Viewer,
) -> dict[int, Undertaking]:
    found = {}
    # Nothing hangs on what the viewer does not see.
    seen = {row[0] for row in rows}
    for row in rows:
        key, due_from, due_to, duration, state, *made, offer, answer, above = row[:10]
        known = viewer.is_member or state == Event.State.PUBLISHED
        found[key] = Undertaking(
            key,
            Times(due_from, due_to),
            duration,
            Times(*made) if known else Times(),
            tuple(results.get(key, ())),
            offer if offer in offers else None,
            answer,
            above if above in seen else None,
            any(row[10:12]),
            row[12] == Commitment.Firmness.FIRM,
        )
    return found


def _results(viewer: Viewer, among: list[int] | None) -> dict[int, list[Result]]:
    outcomes = Outcome.objects.visible_to(viewer)
    if among is not None:
        outcomes = outcomes.filter(commitment__in=among)
    found: dict[int, list[Result]] = {}
    for commitment, key, word, *bounds in outcomes.order_by().values_list(*_RESULT):
        result = Result(key, word, Times(*bounds[:2]), Times(*bounds[2:]))
        found.setdefault(commitment, []).append(result)
    return found


def _above(keys: set[int]) -> set[int]:
    """The commitments that those of `keys` depend on, and these in turn."""
    return _walk(
        "SELECT c.depends_on_commitment_id FROM events_commitment c"
        " WHERE c.id = ANY(%(keys)s) AND c.depends_on_commitment_id IS NOT NULL",
        "SELECT c.depends_on_commitment_id FROM walk w JOIN events_commitment c ON c.id = w.id"
        " WHERE c.depends_on_commitment_id IS NOT NULL",
        {"keys": list(keys)},
    )


def depending_on(proposals: Iterable[int]) -> set[int]:
    """The commitments that depend on these proposals, and those that depend on them in turn."""
    return _walk(
        "SELECT c.id FROM events_commitment c WHERE c.depends_on_proposal_id = ANY(%(keys)s)",
        "SELECT c.id FROM walk w JOIN events_commitment c ON c.depends_on_commitment_id = w.id",
        {"keys": list(proposals)},
    )


def _walk(first: str, further: str, given: dict[str, Any]) -> set[int]:
    # UNION leaves out what was reached before, so that a circle ends.
    sql = f"WITH RECURSIVE walk(id) AS ({first} UNION {further}) SELECT id FROM walk LIMIT {FAR}"
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return {key for (key,) in cursor.fetchall()}
