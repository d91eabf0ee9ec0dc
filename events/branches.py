"""What depends on the answer to a proposal: commitments, and commitments that hang on these."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from events.models import Commitment, Conflict, ConflictMember
from events.negotiation.proposals import Stage
from events.undertakings import depending_on

if TYPE_CHECKING:
    from events.models import Actor, Evidence
    from events.on_table import Card
    from events.roles import Viewer

MOST, DEEP = 40, 6
"""Most commitments in the tree of a proposal, and most levels below an answer."""

PASSAGES = 6
"""Most passages shown beside a contested commitment."""


@dataclass(slots=True)
class Leaf:
    """A commitment in the tree and those that depend on it. Of a contested one, `said` are the
    passages it and the other commitments of its conflicts rest on; `rivals` are the keys of these.
    """

    commitment: Any
    below: list[Leaf] = field(default_factory=list)
    said: list[Evidence] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    rivals: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Branch:
    """An answer and what it leads to. `actor` is whose answer, None for the proposal as such."""

    actor: Actor | None
    answer: str
    leaves: list[Leaf] = field(default_factory=list)
    more: int = 0

    @property
    def title(self) -> str:
        """ "If Russia accepts"."""
        who = self.actor.called if self.actor else "it"
        verbs = ("accepts", "does not accept") if self.actor else ("is accepted", "is not accepted")
        return f"If {who} {verbs[self.answer == Commitment.Answer.NOT_ACCEPTED]}"


def branches_of(cards: dict[int, Card], viewer: Viewer) -> dict[int, list[Branch]]:
    """The tree of each of `cards`; a few queries, and those of the statuses, for all."""
    keys = depending_on(cards)
    rows = Commitment.objects.visible_to(viewer).filter(pk__in=keys).order_by("pk")
    rows = rows.select_related("debtor__side", "creditor", "depends_on_actor__side")
    commitments: list[Any] = list(rows.with_contested(viewer, keys)) if keys else []
    leaves = {one.pk: Leaf(one) for one in commitments}
    _add_conflicts([leaf for leaf in leaves.values() if leaf.commitment.contested], viewer)
    below: dict[int, list[Leaf]] = {}
    for leaf in leaves.values():
        above = leaf.commitment.depends_on_commitment_id
        if above is not None:
            below.setdefault(above, []).append(leaf)
    return {key: _tree(card, leaves, below) for key, card in cards.items()}


def _tree(card: Card, leaves: dict[int, Leaf], below: dict[int, list[Leaf]]) -> list[Branch]:
    found: dict[tuple[int | None, str], Branch] = {}
    asked = [step.actor for step in card.awaited]
    actors: dict[int | None, Actor | None] = {one.pk: one for one in asked[:2]}
    here = [x for x in leaves.values() if x.commitment.depends_on_proposal_id == card.proposal.pk]
    for leaf in here:
        actor = leaf.commitment.depends_on_actor
        actors[actor.pk if actor else None] = actor
    if not actors and card.is_track and card.stage is Stage.OPEN:
        actors[None] = None
    for key, actor in actors.items():
        for answer in Commitment.Answer.values:
            found[key, answer] = Branch(actor, answer)
    left = MOST
    for leaf in here:
        branch = found[leaf.commitment.depends_on_actor_id, leaf.commitment.depends_on_answer]
        if left > 0:
            left -= _grow(leaf, below, set(), left, DEEP)
            branch.leaves.append(leaf)
        else:
            branch.more += 1
    return list(found.values())


def _grow(leaf: Leaf, below: dict[int, list[Leaf]], path: set[int], left: int, levels: int) -> int:
    """Hang on `leaf` what depends on it, `levels` deep; gives how many commitments that makes."""
    key = leaf.commitment.pk
    used, leaf.below = 1, []
    for one in below.get(key, ()) if levels else ():
        # A circle of commitments that depend on each other is not followed round.
        if one.commitment.pk in path | {key} or used >= left:
            continue
        used += _grow(one, below, path | {key}, left - used, levels - 1)
        leaf.below.append(one)
    return used


def _add_conflicts(leaves: list[Leaf], viewer: Viewer) -> None:
    """The open conflicts that name contested commitments, and the other commitments they name."""
    by_key = {leaf.commitment.pk: leaf for leaf in leaves}
    if not by_key:
        return
    visible = ConflictMember.objects.visible_to(viewer).order_by("id")
    # A conflict of which a visitor sees one side alone is none for them.
    still_open = Conflict.objects.visible_to(viewer).filter(status=Conflict.Status.OPEN)
    named = visible.filter(commitment__in=by_key, conflict__in=still_open.values("pk"))
    for member in named.select_related("conflict"):
        by_key[member.commitment_id or 0].conflicts.append(member.conflict)
    members = visible.filter(
        conflict__in={one.pk for leaf in leaves for one in leaf.conflicts},
        commitment__isnull=False,
    )
    rivals: dict[int, list[int]] = {}
    for conflict, commitment in members.values_list("conflict_id", "commitment_id"):
        rivals.setdefault(conflict, []).append(commitment)
    for leaf in leaves:
        of = (key for one in leaf.conflicts for key in rivals.get(one.pk, ()))
        leaf.rivals = [key for key in dict.fromkeys(of) if key != leaf.commitment.pk]


def all_leaves(branches: list[Branch]) -> list[Leaf]:
    """The commitments of a tree, from the top down."""
    found, ahead = [], [leaf for branch in branches for leaf in branch.leaves]
    while ahead:
        leaf = ahead.pop(0)
        found.append(leaf)
        ahead = [*leaf.below, *ahead]
    return found


def add_passages(leaves: list[Leaf], said: dict[int, list[Evidence]]) -> None:
    """Beside each contested commitment what it rests on, and the first passage of every other one
    of its conflicts. `said` is the evidence by commitment."""
    for leaf in leaves:
        own = said.get(leaf.commitment.pk, []) if leaf.commitment.contested else []
        others = [said[key][0] for key in leaf.rivals if key in said]
        # Several passages of one paragraph are one place to go to.
        places = {
            (one.passage.source_text_id, one.passage.paragraph, one.bearing): one
            for one in reversed([*own, *others])
        }
        leaf.said = [*reversed(places.values())][:PASSAGES]


def cited(leaves: list[Leaf]) -> set[int]:
    """The commitments whose evidence add_passages() needs."""
    contested = [leaf for leaf in leaves if leaf.commitment.contested]
    return {key for leaf in contested for key in (leaf.commitment.pk, *leaf.rivals)}
