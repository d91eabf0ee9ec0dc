"""Who stands where on what: the positions of a dossier as a matrix of actors and issues.

A fixed number of queries, whatever there is: of each cell only the newest day or two are read, and
how many statements there are. What they come to is worked out in events/negotiation.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from events import offers, stood
from events.models import (
    Actor,
    Affiliation,
    Conflict,
    ConflictMember,
    Consent,
    Evidence,
    Issue,
    Proposal,
    Side,
)
from events.negotiation import Movement, Span, Standing, between
from events.stood import Key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.models import Event
    from events.roles import Viewer

AWAITED, NOTHING = "awaited", "none"
"""What a cell may show besides a stance; neither is ever stored."""


TICKS = 5
"""Most ticks of a tally."""

WORDS = {
    "supports": "Supports",
    "conditional": "Conditional",
    "open": "Open",
    "unclear": "Unclear",
    "opposes": "Opposes",
    "denies_discussed": "Denies",
    AWAITED: "Awaited",
    NOTHING: "No for or against",
}
"""What a cell says, in one word where there is one."""


@dataclass(slots=True)
class Cell:
    """What one actor says on one issue. `since` is the age of what it shows, or how long an answer
    has been awaited, None where that is not known. `count` counts all statements."""

    standing: Standing | None = None
    is_awaited: bool = False
    needs_consent: bool = False
    since: Span | None = None
    count: int = 0
    contested: bool = False
    old: bool = False

    @property
    def stance(self) -> str:
        """A stance of the model, "awaited" or "none"."""
        if self.standing is not None:
            return self.standing.latest.stance
        return AWAITED if self.is_awaited else NOTHING

    @property
    def word(self) -> str:
        """The stance in a word: only a party whose consent is needed accepts."""
        is_consent = self.needs_consent and self.stance == "supports"
        return "Accepts" if is_consent else WORDS[self.stance]

    @property
    def before(self) -> str:
        """The stance it moved from, "" where it did not move."""
        place = self.standing
        if place is None or place.before is None or place.movement is None:
            return ""
        return place.before.stance

    @property
    def movement(self) -> Movement | None:
        """Which way it moved."""
        return self.standing.movement if self.standing else None


@dataclass(slots=True)
class Group:
    """The actors of a side, in order; of no side where it is None, of all where `is_all`."""

    side: Side | None
    actors: list[Any]
    is_all: bool = False

    @property
    def name(self) -> str:
        """What stands above its rows."""
        return self.side.name if self.side else "Others"


@dataclass(slots=True)
class Matrix:
    """Rows in groups, columns, and the cells that hold something."""

    groups: list[Group] = field(default_factory=list)
    issues: list[Any] = field(default_factory=list)
    cells: dict[Key, Cell] = field(default_factory=dict)
    hidden_actors: int = 0
    hidden_issues: int = 0

    @property
    def actors(self) -> list[Any]:
        """The rows, without their groups."""
        return [actor for group in self.groups for actor in group.actors]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows and columns, and in which order; empty lists ask for all."""

    sides: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    every_actor: bool = False
    every_issue: bool = False
    by_side: bool = True
    actor_order: str = ""
    issue_order: str = ""


def read(viewer: Viewer, wanted: Wanted | None = None) -> Matrix:
    """The matrix as `viewer` sees it, at the instant they look from."""
    wanted = wanted or Wanted()
    cells = cells_of(viewer)
    matrix = Matrix(cells=cells)
    actors = _actors(viewer, wanted, {actor for actor, _ in cells})
    issues = _issues(viewer, wanted, {issue for _, issue in cells})
    matrix.hidden_actors = len({actor for actor, _ in cells} - {one.pk for one in actors})
    matrix.hidden_issues = len({issue for _, issue in cells} - {one.pk for one in issues})
    matrix.issues = _columns(issues, wanted, cells)
    matrix.groups = _groups(actors, wanted, cells)
    return matrix


# --- Cells


def cells_of(viewer: Viewer, keys: Q | None = None) -> dict[Key, Cell]:
    """What is stated or awaited, by actor and issue; `keys` narrows the positions and consents to
    those with such an `actor` or `issue`."""
    consents = _consents(viewer)
    cells: dict[Key, Cell] = {}
    spans = _Spans(viewer)
    for key, (count, found) in stood.standings(viewer, keys).items():
        since = None if found is None else spans.since(found.latest.earliest, found.latest.latest)
        cells[key] = Cell(found, False, False, since, count)
        if since is not None and since.days > spans.limit:
            cells[key].old = True
    if viewer.as_of is not None and not viewer.as_of.is_recorded:
        # Of what was not offered yet nobody spoke as of then.
        seen = set(Issue.objects.filter(dossier=viewer.dossier).values_list("pk", flat=True))
        cells = {key: cell for key, cell in cells.items() if key[1] in seen}
    for key, tabled in consents.items():
        if keys is not None and key not in cells and not _asked_about(key, keys):
            continue
        cell = cells.setdefault(key, Cell())
        cell.needs_consent = True
        if cell.standing is None and tabled is not None:
            cell.is_awaited = True
            cell.since = spans.since(tabled.earliest, tabled.latest)
    cells = {key: cell for key, cell in cells.items() if cell.count or cell.is_awaited}
    _mark_contested(viewer, cells)
    return cells


class _Spans:
    """How long ago things were, each worked out once; `limit` days make a position old."""

    def __init__(self, viewer: Viewer) -> None:
        self.zone, self.now = viewer.dossier.time_zone, viewer.now
        self.limit = viewer.dossier.stale_after
        self.known: dict[tuple[int | None, int | None], Span | None] = {}

    def since(self, earliest: int | None, latest: int | None) -> Span | None:
        """As between() has it."""
        key = earliest, latest
        if key not in self.known:
            self.known[key] = between(earliest, latest, self.now, self.zone)
        return self.known[key]


def _asked_about(key: Key, keys: Q) -> bool:
    """Whether a cell without a position is among those narrowed to."""
    wanted: dict[str, Any] = dict(keys.children)  # type: ignore[arg-type]
    return wanted.get("actor", key[0]) == key[0] and wanted.get("issue", key[1]) == key[1]


def _consents(viewer: Viewer) -> dict[Key, Event | None]:
    """Whose consent is needed on what, with the event in which that was put to them where their
    answer is awaited, else None."""
    needed = Consent.objects.visible_to(viewer).order_by()
    found: dict[Key, Event | None] = dict.fromkeys(
        needed.values_list("actor_id", "proposal__issue_id")
    )
    for consent in offers.awaited(viewer).select_related("proposal__tabled_in"):
        found[consent.actor_id, consent.proposal.issue_id] = consent.proposal.tabled_in
    return found


def _mark_contested(viewer: Viewer, cells: dict[Key, Cell]) -> None:
    """Tell which cells show a position that is both supported and disputed, or in an open
    conflict. Few are: they are looked for, not each cell asked about."""
    still_open = Conflict.objects.visible_to(viewer).filter(status=Conflict.Status.OPEN)
    named = ConflictMember.objects.filter(
        dossier=viewer.dossier, position__isnull=False, conflict__in=still_open.values("pk")
    )
    contested = set(named.values_list("position_id", flat=True))
    # Of a position that is seen all evidence is.
    both = Evidence.objects.filter(dossier=viewer.dossier, position__isnull=False)
    disputed = both.filter(bearing=Evidence.Bearing.DISPUTES).values("position_id")
    supported = both.filter(bearing=Evidence.Bearing.SUPPORTS, position__in=disputed)
    with stood.plainly(viewer):
        contested |= set(supported.values_list("position_id", flat=True))
    for cell in cells.values():
        if cell.standing is not None and cell.standing.latest.key in contested:
            cell.contested = True


# --- Rows


def _actors(viewer: Viewer, wanted: Wanted, stated: set[int]) -> list[Any]:
    rows = Actor.objects.filter(dossier=viewer.dossier, pk__in=stated)
    if wanted.every_actor:
        rows = Actor.objects.visible_to(viewer)
    if wanted.sides:
        rows = rows.filter(side__code__in=wanted.sides)
    if wanted.actors:
        rows = rows.filter(ref__in=wanted.actors)
    actors: list[Any] = list(rows.select_related("side").order_by("name", "pk"))
    offices = offices_of(viewer, [actor.pk for actor in actors])
    for actor in actors:
        actor.office = offices.get(actor.pk, "")
    return actors


def offices_of(viewer: Viewer, members: Iterable[int]) -> dict[int, str]:
    """What each of `members` is at the instant of the page: "Secretary of State, State Department".
    An office comes before a place in a delegation; of several the one taken last."""
    held = Affiliation.objects.visible_to(viewer).filter(
        Q(held_latest=None) | Q(held_latest__gte=viewer.now),
        Q(held_earliest=None) | Q(held_earliest__lte=viewer.now),
        member__in=list(members),
        member__kind=Actor.Kind.PERSON,
    )
    is_sent = Q(body__kind=Actor.Kind.DELEGATION)
    order = (
        ExpressionWrapper(is_sent, BooleanField()).desc(),
        F("held_earliest").asc(nulls_first=True),
        "-pk",
    )
    columns = ("member_id", "title", "body__short_name", "body__name")
    return {
        member: f"{title}, {short or name}" if title else short or name
        for member, title, short, name in held.order_by(*order).values_list(*columns)
    }


def _groups(actors: list[Any], wanted: Wanted, cells: dict[Key, Cell]) -> list[Group]:
    actors = _sorted(actors, wanted.actor_order, cells, 0)
    if not wanted.by_side:
        return [Group(None, actors, is_all=True)] if actors else []
    groups: dict[int | None, Group] = {}
    for actor in actors:
        groups.setdefault(actor.side_id, Group(actor.side, [])).actors.append(actor)
    last = float("inf")
    return sorted(
        groups.values(),
        key=lambda one: (one.side.order, one.side.pk) if one.side else (last, last),
    )


def _sorted(rows: list[Any], order: str, cells: dict[Key, Cell], side: int) -> list[Any]:
    """Rows or columns (`side` 0 or 1 of a key): as they are, the newest statement first, or the
    most statements first."""
    if order not in ("newest", "most"):
        return rows
    weight: dict[int, float] = defaultdict(lambda: float("-inf") if order == "newest" else 0)
    for key, cell in cells.items():
        if order == "most":
            weight[key[side]] += cell.count
        elif cell.standing is not None and cell.standing.latest.earliest is not None:
            weight[key[side]] = max(weight[key[side]], cell.standing.latest.earliest)
    return sorted(rows, key=lambda one: -weight[one.pk])


# --- Columns


def _issues(viewer: Viewer, wanted: Wanted, stated: set[int]) -> list[Any]:
    """The issues asked for, in tree order, each with `proposal` (None for a mere topic), `depth`
    and `root`, the widest issue it belongs to."""
    everyone = Issue.objects.visible_to(viewer) if wanted.every_issue else None
    rows = list(Issue.objects.filter(dossier=viewer.dossier) if everyone is None else everyone)
    tree = in_tree(rows)
    offered = Proposal.objects.visible_to(viewer).order_by().only("ref", "issue_id", "dossier_id")
    proposals = {proposal.issue_id: proposal for proposal in offered}
    found = []
    for issue in tree:
        issue.proposal = proposals.get(issue.pk)
        if not wanted.every_issue and issue.pk not in stated:
            continue
        if not wanted.issues or issue.ref in wanted.issues:
            found.append(issue)
    return found


def in_tree(rows: Sequence[Any]) -> list[Any]:
    """Issues with each under its parent, in their order; gives each `depth` and `root`."""
    here = {issue.pk for issue in rows}
    below: dict[int | None, list[Any]] = defaultdict(list)
    for issue in rows:
        below[issue.parent_id if issue.parent_id in here else None].append(issue)
    found: list[Any] = []
    ahead = [(issue, 0, issue) for issue in reversed(below[None])]
    while ahead:
        issue, issue.depth, issue.root = ahead.pop()
        found.append(issue)
        deeper = issue.depth + 1
        ahead += [(child, deeper, issue.root) for child in reversed(below[issue.pk])]
    return found


def _columns(issues: list[Any], wanted: Wanted, cells: dict[Key, Cell]) -> list[Any]:
    return _sorted(issues, wanted.issue_order, cells, 1)


def roots(issues: Iterable[Any]) -> list[tuple[Any, int]]:
    """The widest issues above columns that stand in tree order, each with how many."""
    found: list[tuple[Any, int]] = []
    for issue in issues:
        if found and found[-1][0].pk == issue.root.pk:
            found[-1] = issue.root, found[-1][1] + 1
        else:
            found.append((issue.root, 1))
    return found
