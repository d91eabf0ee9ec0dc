"""Data checks: what in a dossier does not hold together, and the way to mend it.

Each check is a function from a dossier and a limit to its findings, the first `limit` of them.
It asks a fixed number of queries, each with a limit, however many records there are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from events import dates
from events.models import (
    Actor,
    Affiliation,
    Commitment,
    Conflict,
    Event,
    Evidence,
    Link,
    Passage,
    Position,
    Proposal,
)

if TYPE_CHECKING:
    from events.models import Dossier, Record, Reviewable

LIMIT = 100
"""Most findings of one check; beyond, they are counted as "100+"."""

SCANNED = 5000
"""Most rows that a check compares with each other: the newest ones."""

NEAR = 20
"""How many later events of its day, kind and speaker an event is compared with."""

ALIKE = 0.5
"""Two titles are alike when they share this part of their words, or more."""

SAYING = 30
"""Letters from which on the same words in two quotations are more than a common phrase."""

_DAY = 86_400
_SHORT = frozenset(
    ["a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]
)


_HEADLINES: dict[type[Reviewable], tuple[str, ...]] = {
    Event: (),
    Position: ("actor", "issue"),
    Commitment: (),
    Proposal: ("issue",),
    Link: ("from_event", "to_event"),
    Affiliation: ("member", "body"),
}
"""Reviewable records, and what their headlines need."""


@dataclass(frozen=True, slots=True)
class Mend:
    """A way to put something right: words for a button, and where it leads."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A record with something to mend. `drawer` is what opens beside the list, "" for none."""

    ref: str
    headline: str
    url: str
    drawer: str
    wrong: str
    mends: tuple[Mend, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """Something that is looked for in a dossier. `find` gives at most so many findings."""

    key: str
    title: str
    why: str
    find: Callable[..., list[Finding]]
    is_timed: bool = False
    """Whether `find` asks for the instant that is now, in seconds."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found; one finding more than LIMIT tells that there are more still."""

    check: Check
    found: list[Finding]

    @property
    def findings(self) -> list[Finding]:
        """What is shown at most."""
        return self.found[:LIMIT]

    @property
    def counted(self) -> str:
        """ "3", "100+"."""
        return f"{LIMIT}+" if len(self.found) > LIMIT else str(len(self.found))


def run(dossier: Dossier, key: str = "", now: int | None = None) -> list[Result]:
    """All checks of `dossier`, or the one called `key`; unknown names give none. `now` is the
    instant against which things are old, in seconds; the present unless given."""
    chosen = [check for check in CHECKS if key in ("", check.key)]
    timed = {"now": now}
    return [
        Result(check, check.find(dossier, LIMIT + 1, **timed if check.is_timed else {}))
        for check in chosen
    ]


# --- Checks of single records


def unsourced(dossier: Dossier, limit: int) -> list[Finding]:
    """Records that no passage supports or disputes. Known order needs none: dates tell it. Nor
    does an office that is marked as inferred: that is to say that no source states it."""
    found: list[Finding] = []
    for model, related in _HEADLINES.items():
        if len(found) >= limit:
            break
        noun = str(model._meta.model_name)
        cited = Evidence.objects.filter(**{noun: OuterRef("pk")})
        rows: Any = model.objects.within(dossier).filter(~Exists(cited))
        if model is Link:
            rows = rows.exclude(kind=Link.Kind.AFTER)
        if model is Affiliation:
            rows = rows.exclude(basis=Affiliation.Basis.INFERRED)
        rows = rows.select_related(*related or [None]).order_by("id")
        for record in rows[: limit - len(found)]:
            add = _create(dossier, "evidence", "Add evidence", about=record.ref)
            found.append(_finding(dossier, record, "No source is cited for it.", add))
    return found


def undated(dossier: Dossier, limit: int) -> list[Finding]:
    """Events without a date that took place. Of what is only planned, announced or thought of,
    sources often say no date: then there is none to add."""
    rows = Event.objects.within(dossier).filter(when_edtf="", modality=Event.Modality.OCCURRED)
    found = []
    for event in rows.order_by("id")[:limit]:
        said = f"Its date is only ‘{event.when_text}’." if event.when_text else "It has no date."
        found.append(_finding(dossier, event, said, _edit(dossier, event, "Add a date", "when")))
    return found


def orphan_actors(dossier: Dossier, limit: int) -> list[Finding]:
    """Actors who take part in nothing, hold nothing, say nothing and are asked nothing."""
    rows = Actor.objects.within(dossier)
    for name in (
        *("participations", "affiliations", "members", "positions", "voices", "addressed"),
        *("owes", "is_owed", "answers_awaited", "consents", "proposes", "quotations"),
    ):
        relation: Any = Actor._meta.get_field(name)
        theirs = relation.related_model.objects.filter(**{relation.field.name: OuterRef("pk")})
        rows = rows.filter(~Exists(theirs))
    wrong = "It takes part in nothing: no event, office, position, commitment or consent names it."
    return [
        _finding(
            dossier,
            actor,
            wrong,
            _create(dossier, "participation", "Add to an event", actor=actor.ref),
            Mend("Delete", reverse("events:actor-delete", args=[dossier.slug, actor.ref])),
        )
        for actor in rows.order_by("id")[:limit]
    ]


def unsure_passages(dossier: Dossier, limit: int) -> list[Finding]:
    """Passages whose words the newest text of their source has no more, or elsewhere."""
    rows = Passage.objects.within(dossier).filter(state__in=Passage.UNSURE)
    queue = reverse("events:passage-queue", args=[dossier.slug])
    found = []
    for passage in rows.select_related("source_text__source").order_by("id")[:limit]:
        source = passage.source_text.source
        words = " ".join(passage.exact.split())
        is_lost = passage.state == Passage.State.ORPHANED
        no_longer = f"These words no longer stand in the newest text of {source.ref}."
        elsewhere = f"The newest text of {source.ref} has these words at another place."
        found.append(
            Finding(
                ref=passage.ref,
                headline=f"‘{words[:80]}{'…' if len(words) > 80 else ''}’",
                url=reverse("events:passage-detail", args=[dossier.slug, passage.ref]),
                drawer=passage.ref,
                wrong=no_longer if is_lost else elsewhere,
                mends=(
                    Mend(
                        "Find the words" if is_lost else "Confirm the place",
                        f"{queue}?selected={passage.ref}",
                    ),
                ),
            )
        )
    return found


def lone_conflicts(dossier: Dossier, limit: int) -> list[Finding]:
    """Conflicts in which nothing conflicts, for want of a second side."""
    rows = Conflict.objects.within(dossier).annotate(n=Count("members")).filter(n__lt=2)
    found = []
    for conflict in rows.order_by("id")[:limit]:
        add = _create(dossier, "conflictmember", "Add what conflicts", conflict=conflict.ref)
        wrong = (
            "Only one record or passage stands in it." if conflict.n else "Nothing stands in it."
        )
        found.append(_finding(dossier, conflict, f"{wrong} A conflict needs two.", add))
    return found


def stale(dossier: Dossier, limit: int, now: int | None = None) -> list[Finding]:
    """Latest positions that are older than the dossier allows; those without a date are not.

    Where nothing at all was recorded for so long, that is the one finding: all are old then.
    """
    now = int(timezone.now().timestamp()) if now is None else now
    if quiet := _quiet(dossier, now):
        return quiet[:limit]
    newer = (
        Position.objects.filter(dossier=dossier, issue=OuterRef("issue"), actor=OuterRef("actor"))
        .exclude(pk=OuterRef("pk"))
        .filter(
            Q(event__latest__gt=OuterRef("event__latest"))
            | Q(event__latest=OuterRef("event__latest"), pk__gt=OuterRef("pk"))
        )
    )
    old = Position.objects.within(dossier).filter(
        event__latest__lte=now - dossier.stale_after * _DAY
    )
    rows = old.filter(~Exists(newer)).select_related("actor", "issue", "event")
    found = []
    for position in rows.order_by("event__latest", "id")[:limit]:
        days = (now - position.event.latest) // _DAY
        wrong = (
            f"The latest position is {_days(days)} old ({_when(dossier, position.event)});"
            f" after {_days(dossier.stale_after)} it counts as old."
        )
        about = {"actor": position.actor.ref, "issue": position.issue.ref}
        add = _create(dossier, "position", "Add a newer position", **about)
        found.append(_finding(dossier, position, wrong, add))
    return found


def _quiet(dossier: Dossier, now: int) -> list[Finding]:
    """The newest event that took place, when it is older than positions may be."""
    took_place = Event.objects.within(dossier).filter(modality=Event.Modality.OCCURRED)
    newest = took_place.filter(latest__lte=now).order_by("-latest", "-id").first()
    if newest is None or newest.latest > now - dossier.stale_after * _DAY:
        return []
    of_event = Position.objects.within(dossier).filter(event__latest__lte=now)
    if not of_event.exists():
        return []
    wrong = (
        f"Nothing that took place after {_when(dossier, newest)} is recorded. After"
        f" {_days(dossier.stale_after)} a position counts as old, so all of them do."
    )
    add = Mend("Add a newer event", reverse("events:event-create", args=[dossier.slug]))
    return [_finding(dossier, newest, wrong, add)]


# --- Checks of dates against each other


def answers_before(dossier: Dossier, limit: int) -> list[Finding]:
    """Responses that surely ended before what they respond to began."""
    kinds = (Link.Kind.RESPONDS_TO, Link.Kind.FOLLOWS_FROM)
    return [_backwards(dossier, link) for link in _early(dossier).filter(kind__in=kinds)[:limit]]


def known_order(dossier: Dossier, limit: int) -> list[Finding]:
    """Known order that dates contradict, or that leads round in a circle."""
    after = _early(dossier).filter(kind=Link.Kind.AFTER)
    found = [_backwards(dossier, link) for link in after[:limit]]
    return found + _circles(dossier, limit - len(found))


def ends_before_start(dossier: Dossier, limit: int) -> list[Finding]:
    """Spans whose end, often from one source, lies before their start from another."""
    found: list[Finding] = []
    rows: Any = Proposal.objects.within(dossier).filter(expires_latest__lte=F("start_earliest"))
    for proposal in rows.select_related("issue").order_by("id")[:limit]:
        end, start = _said(dossier, proposal, "expires"), _said(dossier, proposal, "start")
        wrong = f"It ends ({end}) before it starts ({start})."
        mend = _edit(dossier, proposal, "Correct the dates", "start")
        found.append(_finding(dossier, proposal, wrong, mend))
    rows = Commitment.objects.within(dossier).filter(due_latest__lte=F("event__earliest"))
    for commitment in rows.select_related("event").order_by("id")[: limit - len(found)]:
        due, made = _said(dossier, commitment, "due"), commitment.event
        wrong = f"It was due ({due}) before it was made, in {_named(dossier, made)}."
        mend = _edit(dossier, commitment, "Correct the date", "due")
        found.append(_finding(dossier, commitment, wrong, mend))
    beyond = Q(latest__lte=F("part_of__earliest")) | Q(earliest__gte=F("part_of__latest"))
    rows = Event.objects.within(dossier).filter(beyond).select_related("part_of")
    for event in rows.order_by("id")[: limit - len(found)]:
        whole = _named(dossier, event.part_of)
        wrong = f"It is dated {_when(dossier, event)}, outside of {whole}, which it is part of."
        mend = _edit(dossier, event, "Correct the date", "when")
        found.append(_finding(dossier, event, wrong, mend))
    return found + _foretold(dossier, limit - len(found))


def _early(dossier: Dossier) -> Any:
    """Links whose first event surely ended before the second began."""
    rows = Link.objects.within(dossier).filter(from_event__latest__lte=F("to_event__earliest"))
    return rows.select_related("from_event", "to_event").order_by("id")


def _backwards(dossier: Dossier, link: Link) -> Finding:
    first, second = _named(dossier, link.from_event), _named(dossier, link.to_event)
    verb = "comes after" if link.kind == Link.Kind.AFTER else link.get_kind_display().lower()
    wrong = f"{first} {verb} {second}, but by its date it was over before."
    return _finding(
        dossier,
        link,
        wrong,
        _edit(dossier, link, "Correct the link", "kind"),
        _edit(dossier, link.from_event, "Correct the date", "when"),
    )


def _circles(dossier: Dossier, limit: int) -> list[Finding]:
    """Known order that leads back to where it began, one finding for each circle."""
    links = Link.objects.within(dossier).filter(kind=Link.Kind.AFTER)
    pairs = {
        (later, earlier): key
        for key, later, earlier in links.order_by("-id").values_list(
            "pk", "from_event_id", "to_event_id"
        )[:SCANNED]
    }
    closing: dict[int, list[int]] = {}
    while len(closing) < limit:
        graph: dict[int, list[int]] = defaultdict(list)
        for later, earlier in sorted(pairs, key=lambda pair: pairs[pair]):
            graph[later].append(earlier)
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as problem:
            circle = list(reversed(problem.args[1]))
            steps = list(pairwise(circle))
            # The newest link closed the circle; without it the others can be looked at.
            newest = max(steps, key=lambda step: pairs[step])
            turn = steps.index(newest)
            closing[pairs.pop(newest)] = [step[0] for step in steps[turn:] + steps[:turn]]
        else:
            break
    if not closing:
        return []
    rows = Link.objects.filter(pk__in=list(closing)).select_related("from_event", "to_event")
    names = dict(
        Event.objects.filter(
            pk__in={key for circle in closing.values() for key in circle}
        ).values_list("pk", "ref")
    )
    found = []
    for link in rows.order_by("id"):
        circle = [names[key] for key in closing[link.pk]]
        told = " after ".join([*circle, circle[0]])
        wrong = f"The known order leads round in a circle: {told}. One of these cannot hold."
        found.append(
            _finding(dossier, link, wrong, _edit(dossier, link, "Correct the link", "kind"))
        )
    return found


def _foretold(dossier: Dossier, limit: int) -> list[Finding]:
    """Events that have occurred by the words of a source which is older than they are."""
    early: Any = Evidence.objects.within(dossier).filter(
        bearing=Evidence.Bearing.SUPPORTS,
        event__modality=Event.Modality.OCCURRED,
        passage__source_text__source__published_latest__lte=F("event__earliest"),
    )
    rows = early.select_related("event", "passage__source_text__source").order_by("id")
    found = []
    for evidence in rows[: max(limit, 0)]:
        source = evidence.passage.source_text.source
        wrong = (
            f"It occurred {_when(dossier, evidence.event)}, but {source.ref}, which is cited for"
            f" it, was published before ({_said(dossier, source, 'published')})."
        )
        found.append(
            _finding(
                dossier,
                evidence.event,
                wrong,
                _edit(dossier, evidence.event, "Correct the date", "when"),
                _edit(dossier, source, f"Correct {source.ref}", "published"),
            )
        )
    return found


# --- Likely duplicates


def duplicates(dossier: Dossier, limit: int) -> list[Finding]:
    """Events and actors that look like another one."""
    found = []
    pairs = _alike_events(dossier, limit)
    events = Event.objects.in_bulk({key for pair in pairs for key in pair})
    for one, other in sorted(pairs):
        first, second, wrong = events[one], events[other], pairs[one, other]
        names = {"from_event": second.ref, "to_event": first.ref, "kind": "same_as"}
        same = _create(dossier, "link", "Link as the same", **names)
        found.append(_finding(dossier, second, f"{wrong} as {first.ref}.", same))
    found += _same_words(dossier, limit - len(found))
    same_names = _alike_actors(dossier, limit - len(found))
    actors = Actor.objects.in_bulk({key for pair in same_names for key in pair[:2]})
    for one, other, name in same_names:
        wrong = f"{actors[one].ref} {actors[one].name} is also called ‘{name}’."
        mend = _edit(dossier, actors[other], "Correct the names", "name")
        found.append(_finding(dossier, actors[other], wrong, mend))
    return found


_PAIRS = """
    WITH newest AS (
        SELECT id, title, kind, earliest, latest,
               lag(id) OVER (PARTITION BY lower(title) ORDER BY id) AS namesake
        FROM (SELECT * FROM events_event WHERE dossier_id = %(dossier)s
              ORDER BY id DESC LIMIT %(scanned)s) e
    ), dated AS (
        SELECT n.id, n.title, n.kind, d.day, p.actor_id AS speaker, row_number() OVER (
            PARTITION BY d.day, n.kind, p.actor_id ORDER BY n.id) AS place
        FROM newest n
        JOIN events_participation p ON p.event_id = n.id AND p.role = 'speaker'
        CROSS JOIN LATERAL (SELECT (n.earliest AT TIME ZONE %(zone)s)::date AS day) d
        WHERE n.latest - n.earliest <= interval '1 day'
    ), pairs AS (
        SELECT namesake AS one, id AS other, title, title AS other_title, true AS by_title
        FROM newest WHERE namesake IS NOT NULL
        UNION
        SELECT a.id, b.id, a.title, b.title, false
        FROM dated a JOIN dated b
            ON a.day = b.day AND a.kind = b.kind AND a.speaker = b.speaker
            AND b.place BETWEEN a.place + 1 AND a.place + %(near)s
    )
    SELECT one, other, title, other_title, by_title FROM pairs
    WHERE NOT EXISTS (
        SELECT FROM events_link l WHERE l.kind = 'same_as'
        AND (l.from_event_id, l.to_event_id) IN ((one, other), (other, one))
    )
    ORDER BY one, other, by_title DESC LIMIT %(scanned)s
"""

_NAMESAKES = """
    WITH newest AS (
        SELECT id, name, aliases FROM events_actor WHERE dossier_id = %(dossier)s
        ORDER BY id DESC LIMIT %(scanned)s
    ), words AS (
        SELECT id, lower(name) AS word, name AS said, true AS is_name FROM newest
        UNION ALL
        SELECT id, lower(x), x, false FROM newest, unnest(aliases) x
    )
    SELECT DISTINCT ON (p.id, q.id) p.id, q.id, p.said
    FROM words p JOIN words q ON p.word = q.word AND p.id < q.id AND (p.is_name OR q.is_name)
    ORDER BY p.id, q.id, p.said LIMIT %(limit)s
"""


_SAYINGS = """
    WITH quoted AS (
        SELECT DISTINCT p.id, p.actor_id, p.issue_id, md5(w.words) AS words
        FROM (SELECT * FROM events_evidence WHERE dossier_id = %(dossier)s
                AND position_id IS NOT NULL AND bearing = 'supports'
                AND manner IN ('direct_quote', 'partial_quote')
              ORDER BY id DESC LIMIT %(scanned)s) v
        JOIN events_position p ON p.id = v.position_id
        JOIN events_passage s ON s.id = v.passage_id
        CROSS JOIN LATERAL (SELECT regexp_replace(lower(
            coalesce(nullif(v.clean_text, ''), s.exact)), '\\W+', '', 'g') AS words) w
        WHERE length(w.words) >= %(saying)s
    ), pairs AS (
        SELECT id AS other,
               lag(id) OVER (PARTITION BY words, actor_id, issue_id ORDER BY id) AS one
        FROM quoted
    )
    SELECT DISTINCT one, other FROM pairs
    WHERE one IS NOT NULL AND NOT EXISTS (
        SELECT FROM events_position p WHERE p.id = other AND p.shifts_from_id = one
    )
    ORDER BY one, other LIMIT %(limit)s
"""


def _same_words(dossier: Dossier, limit: int) -> list[Finding]:
    """Positions of one actor on one issue that rest on the same words."""
    given = {"dossier": dossier.pk, "scanned": SCANNED, "saying": SAYING, "limit": max(limit, 0)}
    pairs = _rows(_SAYINGS, given)
    positions = Position.objects.select_related("actor", "issue").in_bulk(
        {key for pair in pairs for key in pair}
    )
    return [
        _finding(
            dossier,
            positions[other],
            f"It rests on the same words as {positions[one].ref}, of the same actor and issue.",
            Mend(
                f"Look at {positions[one].ref}",
                reverse("events:position-detail", args=[dossier.slug, positions[one].ref]),
            ),
            _edit(dossier, positions[other], "Correct the position", "actor"),
        )
        for one, other in pairs
    ]


def _alike_events(dossier: Dossier, limit: int) -> dict[tuple[int, int], str]:
    """Pairs of events of the same title, or of one day, kind and speaker in similar words."""
    given = {
        "dossier": dossier.pk,
        "scanned": SCANNED,
        "near": NEAR,
        "zone": dossier.time_zone,
    }
    pairs: dict[tuple[int, int], str] = {}
    for one, other, title, other_title, by_title in _rows(_PAIRS, given):
        if len(pairs) >= limit:
            break
        if by_title:
            pairs[one, other] = "It has the same title"
        elif _share(title, other_title) >= ALIKE:
            words = "It has the same day, kind and speaker, and similar words"
            pairs.setdefault((one, other), words)
    return pairs


def _alike_actors(dossier: Dossier, limit: int) -> list[tuple[int, int, str]]:
    """Pairs of actors of whom one bears the other's name, and that name."""
    found = _rows(_NAMESAKES, {"dossier": dossier.pk, "scanned": SCANNED, "limit": max(limit, 0)})
    return [(one, other, name) for one, other, name in found]


def _share(title: str, other: str) -> float:
    """How much of the words of two titles is in both, from 0 to 1."""
    one, two = (set(re.findall(r"\w+", words.lower())) - _SHORT for words in (title, other))
    return len(one & two) / len(one | two) if one | two else 0.0


def _rows(sql: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())


# --- Published on unpublished

_RESTS_ON: tuple[tuple[type[Reviewable], str, str, tuple[str, ...]], ...] = (
    (Position, "event", "in which it was expressed", ()),
    (Position, "shifts_from", "from which it shifts", ("actor", "issue")),
    (Commitment, "event", "in which it was made", ()),
    (Commitment, "depends_on_proposal", "on which it depends", ("issue",)),
    (Commitment, "depends_on_commitment", "on which it depends", ()),
    (Proposal, "tabled_in", "in which it was tabled", ()),
    (Event, "part_of", "which it is part of", ()),
    (Event, "when_anchor_event", "from which its date was worked out", ()),
    (Link, "from_event", "which it links", ()),
    (Link, "to_event", "which it links to", ()),
)
"""What a published record may rest on: the key, and how that is said."""


def rests_on_drafts(dossier: Dossier, limit: int) -> list[Finding]:
    """Published records that name one the public does not see."""
    found: list[Finding] = []
    for model, key, words, related in _RESTS_ON:
        if len(found) >= limit:
            break
        shown = model.objects.within(dossier).filter(state="published")
        rows = shown.filter(**{f"{key}__isnull": False}).exclude(**{f"{key}__state": "published"})
        target: Any = model._meta.get_field(key).related_model
        others = target.objects.select_related(*related or [None])
        rows = rows.select_related(*_HEADLINES[model] or [None])
        rows = rows.prefetch_related(Prefetch(key, others)).order_by("id")
        for record in rows[: limit - len(found)]:
            other = getattr(record, key)
            other.dossier = dossier
            wrong = (
                f"It is published, but {other.ref} {other.headline}, {words}, is"
                f" {'a draft' if other.state == 'draft' else 'only reviewed'}."
            )
            open_it = Mend(f"Look at {other.ref}", other.get_absolute_url())
            found.append(_finding(dossier, record, wrong, open_it))
    return found


CHECKS: tuple[Check, ...] = (
    Check("unsourced", "Without a source", "Nothing is said without evidence.", unsourced),
    Check("undated", "Without a date", "They stand on no timeline.", undated),
    Check(
        "early-answers",
        "Response before its cause",
        "What responds to an event, or follows from it, cannot be over before it begins.",
        answers_before,
    ),
    Check("order", "Order that cannot be", "Known order and dates contradict.", known_order),
    Check(
        "spans", "End before start", "Dates, often of two sources, contradict.", ends_before_start
    ),
    Check("stale", "Old positions", "The latest word on an issue is long ago.", stale, True),
    Check("duplicates", "Likely duplicates", "Two records of one thing.", duplicates),
    Check("orphans", "Actors without a part", "No other record names them.", orphan_actors),
    Check(
        "passages",
        "Lost passages",
        "A newer text has the words no more, or elsewhere.",
        unsure_passages,
    ),
    Check("conflicts", "Conflicts of one side", "It takes two to differ.", lone_conflicts),
    Check(
        "drafts",
        "Published on drafts",
        "The public sees a record, but not what it rests on.",
        rests_on_drafts,
    ),
)
"""All checks, in the order of the page."""


# --- Words and addresses


def _finding(dossier: Dossier, record: Any, wrong: str, *mends: Mend) -> Finding:
    record.dossier = dossier
    return Finding(
        ref=record.ref,
        headline=record.headline,
        url=record.get_absolute_url(),
        drawer=record.ref,
        wrong=wrong,
        mends=mends,
    )


def _create(dossier: Dossier, noun: str, label: str, **given: str) -> Mend:
    """A form for a new record with some of it filled in."""
    query = "&".join(f"{name}={value}" for name, value in given.items())
    return Mend(label, f"{reverse(f'events:{noun}-create', args=[dossier.slug])}?{query}")


def _edit(dossier: Dossier, record: Record, label: str, field: str) -> Mend:
    """The form of a record, at one of its fields."""
    noun = record._meta.model_name
    at = reverse(f"events:{noun}-edit", args=[dossier.slug, record.ref])
    return Mend(label, f"{at}#id_{field}")


def _named(dossier: Dossier, event: Event) -> str:
    """An event in a sentence: "E7 (11 Mar 2025)"."""
    return f"{event.ref} ({_when(dossier, event)})"


def _when(dossier: Dossier, event: Event) -> str:
    return _label(dossier, event.when_edtf, event.when_text)


def _said(dossier: Dossier, record: Any, name: str) -> str:
    return _label(dossier, getattr(record, f"{name}_edtf"), getattr(record, f"{name}_text"))


def _label(dossier: Dossier, edtf: str, text: str) -> str:
    """A date for a sentence; bounds that no words explain are called what they are."""
    if not edtf:
        return text or "its date"
    return dates.short_label(dates.from_edtf(edtf, zone=dossier.time_zone, text=text))


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"
