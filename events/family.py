"""The versions of a proposal, its counter-proposals and rivals, and two of them side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection

from events.models import Proposal, Term
from events.negotiation.proposals import Stage, stage
from events.negotiation.terms import Pair, Worded, compare
from events.offers import offers_of

if TYPE_CHECKING:
    from events.models import Event
    from events.roles import Viewer

MOST = 100
"""Most proposals of one family."""


@dataclass(slots=True)
class Member:
    """One proposal of a family; `depth` counts the steps from the first one. The events are those
    that the viewer may see. The last three are words that the view adds."""

    proposal: Any
    stage: Stage
    depth: int
    tabled: Event | None = None
    ended: Event | None = None
    earlier: Any = None
    word: str = ""
    tabled_when: str = ""
    ended_when: str = ""


@dataclass(slots=True)
class Family:
    """All of them, the earliest first, each followed by those that name it."""

    members: list[Member] = field(default_factory=list)

    def find(self, ref: str) -> Member | None:
        """The one of this ref."""
        return next((one for one in self.members if one.proposal.ref == ref), None)


def family_of(proposal: Proposal, viewer: Viewer) -> Family:
    """Those that lead to `proposal` and from it, as far as `viewer` sees the way; three queries."""
    keys = _related(proposal.pk)
    rows = Proposal.objects.visible_to(viewer).filter(pk__in=keys).order_by("pk")
    related = ("issue", "tabled_in", "ended_in")
    by_key: dict[int, Any] = {one.pk: one for one in rows.select_related(*related)}
    offers = offers_of(by_key, viewer)
    below: dict[int | None, list[Any]] = {}
    for one in by_key.values():
        above = one.earlier_id if one.earlier_id in by_key else None
        below.setdefault(above, []).append(one)
    top, path = by_key[proposal.pk], {proposal.pk}
    while top.earlier_id in by_key and top.earlier_id not in path:
        top = by_key[top.earlier_id]
        path.add(top.pk)
    found = Family()
    ahead, met = [(top, 0)], {top.pk}
    while ahead and len(found.members) < MOST:
        one, depth = ahead.pop(0)
        member = Member(one, stage(offers[one.pk], viewer.now), depth)
        member.earlier = by_key.get(one.earlier_id)
        for name in ("tabled", "ended"):
            event = getattr(one, f"{name}_in")
            if event is not None and (viewer.is_member or event.state == "published"):
                setattr(member, name, event)
        found.members.append(member)
        later = [x for x in below.get(one.pk, ()) if x.pk not in met]
        met.update(x.pk for x in later)
        ahead = [*((x, depth + 1) for x in later), *ahead]
    return found


def _related(key: int) -> set[int]:
    sql = f"""WITH RECURSIVE walk(id) AS (
        SELECT %(key)s::bigint
        UNION
        SELECT CASE WHEN p.id = w.id THEN p.earlier_id ELSE p.id END
        FROM walk w JOIN events_proposal p
          ON (p.id = w.id AND p.earlier_id IS NOT NULL) OR p.earlier_id = w.id
    ) SELECT id FROM walk LIMIT {MOST}"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"key": key})
        return {one for (one,) in cursor.fetchall()} | {key}


def compared(old: Proposal, new: Proposal, viewer: Viewer) -> list[Pair]:
    """The terms of two proposals, by subject; one query."""
    rows = Term.objects.visible_to(viewer).filter(proposal__in=[old, new])
    terms: dict[int, list[Worded]] = {old.pk: [], new.pk: []}
    for term in rows.order_by("number", "id"):
        terms[term.proposal_id].append(Worded(term.subject, term.text))
    return compare(terms[old.pk], terms[new.pk])
