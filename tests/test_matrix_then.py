"""The matrix as of every change, beside one that a slow and plain reader makes of the same records.

The reader knows nothing of the matrix's code: it looks at all records, one by one.
"""

from __future__ import annotations

import datetime as dt
import random
import zoneinfo
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from events import dates, history, matrix
from events.as_of import Clock, read
from events.models import (
    Conflict,
    Consent,
    Dossier,
    Event,
    Evidence,
    Issue,
    Link,
    Position,
    Proposal,
)
from events.roles import Viewer
from tests import factories as make
from tracker import demo

pytestmark = pytest.mark.django_db

Said = dict[tuple[str, str], tuple[Any, ...]]
NOW = 4_000_000_000
MOST = 9
"""At most so many days of a dossier, spread over all its changes."""

RANK = {"opposes": 1, "unclear": 2, "open": 3, "conditional": 4, "supports": 5}


# --- The plain reader


def by_hand(dossier: Dossier, member: bool, instant: int) -> Said:
    """By refs of actor and issue: stance, what it was before, which way it moved, days since,
    statements, contested."""
    zone = zoneinfo.ZoneInfo(dossier.time_zone)

    def day(seconds: int) -> dt.date:
        return dt.datetime.fromtimestamp(seconds, zone).date()

    def seen(record: Any) -> bool:
        return member or record.state == "published"

    def is_later(event: Event | None) -> bool:
        return event is not None and event.earliest is not None and event.earliest >= instant

    def unoffered(issue: Issue) -> bool:
        found = offers.get(issue.pk)
        return found is not None and is_later(found.announced_in or found.tabled_in)

    proposals = Proposal.objects.select_related("announced_in", "tabled_in")
    offers = {one.issue_id: one for one in proposals.filter(dossier=dossier)}
    kept = ("event", "issue", "actor", "shifts_from")
    positions = [
        one
        for one in Position.objects.filter(dossier=dossier).select_related(*kept)
        if seen(one) and not is_later(one.event) and not unoffered(one.issue)
    ]
    after = {
        (link.from_event_id, link.to_event_id)
        for link in Link.objects.filter(dossier=dossier, kind="after").select_related(
            "from_event", "to_event"
        )
        if seen(link)
        and seen(link.from_event)
        and seen(link.to_event)
        and not is_later(link.from_event)
        and not is_later(link.to_event)
    }
    while more := {(a, d) for a, b in after for c, d in after if b == c} - after:
        after |= more

    def place(one: Position) -> tuple[Any, ...]:
        event = one.event if one.event is not None and seen(one.event) else None
        if event is None or event.earliest is None:
            end = event.latest if event is not None else None
            return (0, 0, 0, -(10**18) if end is None else end, event.pk if event else 0, one.pk)
        end = 10**18 if event.latest is None else event.latest
        return (1, day(event.earliest).toordinal(), event.earliest, end, event.pk, one.pk)

    def newest_first(rows: list[Position]) -> list[Position]:
        """Take the oldest that nothing left comes before, again and again."""
        ordered: list[Position] = []
        for day in sorted({place(one)[:2] for one in rows}):
            left = sorted((one for one in rows if place(one)[:2] == day), key=place)
            while left:
                events = {other.event_id for other in left}
                free = [
                    one
                    for one in left
                    if not any((one.event_id, key) in after for key in events - {one.event_id})
                ]
                one = free[0] if free else left[0]
                # All that was said in one event stands together.
                together = [
                    o for o in left if o is one or (one.event_id and o.event_id == one.event_id)
                ]
                left = [other for other in left if other not in together]
                ordered += together
        return ordered[::-1]

    def days_since(event: Event | None) -> int | None:
        if event is None or event.latest is None:
            return None
        if event.earliest is not None and event.latest - event.earliest <= 3600:
            return max(instant - event.latest, 0) // 86_400
        days = (day(instant - 1) - day(event.latest - 1)).days
        # What may be still to come has no age yet; what has surely begun is of today.
        return None if days < 0 and event.earliest is None else max(days, 0)

    def in_open_conflicts() -> set[int | None]:
        named: set[int | None] = set()
        for conflict in Conflict.objects.filter(dossier=dossier, status="open"):
            sides = list(conflict.members.all())
            gone = [m for m in sides if lost(m.target)]
            shown = [m for m in sides if m not in gone and (member or public(m.target))]
            if not (gone and len(sides) - len(gone) < 2) and (member or len(shown) >= 2):
                named |= {m.position_id for m in shown}
        return named

    def public(target: Any) -> bool:
        return getattr(target, "state", "published") == "published" or not hasattr(target, "review")

    def lost(target: Any) -> bool:
        if isinstance(target, Event):
            return is_later(target)
        if isinstance(target, Proposal):
            return is_later(target.announced_in or target.tabled_in)
        if isinstance(target, Position):
            return is_later(target.event) or unoffered(target.issue)
        return is_later(getattr(target, "event", None))

    bearings: dict[int | None, set[str]] = {}
    for item in Evidence.objects.filter(dossier=dossier):
        bearings.setdefault(item.position_id, set()).add(item.bearing)
    doubted = in_open_conflicts() | {key for key, both in bearings.items() if len(both) == 2}
    found: Said = {}
    for actor, issue in {(one.actor, one.issue) for one in positions}:
        of_cell = [one for one in positions if one.actor == actor and one.issue == issue]
        stances = newest_first([one for one in of_cell if one.stance != "none"])
        if not stances:
            found[actor.ref, issue.ref] = ("none", "", None, None, len(of_cell), False)
            continue
        latest = stances[0]
        before = stances[1] if len(stances) > 1 else None
        if latest.shifts_from in stances:
            before = latest.shifts_from
        was, way = "", None
        if before is not None and before.stance != latest.stance:
            pair = RANK.get(before.stance), RANK.get(latest.stance)
            way = "aside" if None in pair else "up" if pair[1] > pair[0] else "down"  # type: ignore[operator]
        elif before is not None:
            way = {"hardens": "down", "softens": "up"}.get(latest.shift)
        if way:
            was = before.stance
        event = latest.event if latest.event is not None and seen(latest.event) else None
        since = days_since(event)
        cell = (latest.stance, was, way, since, len(of_cell), latest.pk in doubted)
        found[actor.ref, issue.ref] = cell
    for consent in Consent.objects.filter(dossier=dossier):
        proposal, key = consent.proposal, (consent.actor.ref, consent.proposal.issue.ref)
        tabled, ended = proposal.tabled_in, proposal.ended_in
        if not seen(proposal) or tabled is None or not seen(tabled) or is_later(tabled):
            continue
        if is_later(proposal.announced_in) or (
            ended is not None and seen(ended) and not is_later(ended)
        ):
            continue
        over = proposal.expires_latest is not None and proposal.expires_latest <= instant
        if over or proposal.proposers.filter(actor=consent.actor).exists():
            continue
        if found.get(key, ("none",))[0] == "none":
            count = found[key][4] if key in found else 0
            found[key] = ("awaited", "", None, days_since(tabled), count, False)
    return found


# --- The matrix


def as_read(dossier: Dossier, member: bool, instant: str) -> Said:
    viewer = Viewer(AnonymousUser(), dossier, "reader" if member else "")
    as_of = read(instant, Clock.HAPPENED, dossier, NOW)
    assert as_of is not None
    with as_of.entered(dossier, public=not member):
        found = matrix.read(Viewer(viewer.user, dossier, viewer.role, as_of))
        actors = {one.pk: one.ref for one in found.actors}
        issues = {one.pk: one.ref for one in found.issues}
        return {
            (actors[actor], issues[issue]): (
                cell.stance,
                cell.before,
                cell.movement,
                cell.since.days if cell.since else None,
                cell.count,
                cell.contested,
            )
            for (actor, issue), cell in found.cells.items()
        }


def compare(dossier: Dossier) -> int:
    """Compare the two at each day on which anything begins, and beside it; how often."""
    zone = dossier.time_zone
    starts = {e.earliest for e in Event.objects.filter(dossier=dossier)} - {None}
    days = {dates.civil(at + shift, zone)[:3] for at in starts for shift in (-86_400, 0, 86_400)}
    step = -(-len(days) // MOST)
    for year, month, day in sorted(days)[::step]:
        text = f"{year:04}-{month:02}-{day:02}"
        as_of = read(text, Clock.HAPPENED, dossier, NOW)
        assert as_of is not None
        for member in (True, False):
            there = as_read(dossier, member, text)
            assert there == by_hand(dossier, member, as_of.instant), (text, member)
    return len(days) // step


def test_shipped_dossiers_through_every_change() -> None:
    demo.load_seeds()
    compared = {one.slug: compare(one) for one in Dossier.objects.all()}
    assert compared["jeddah"] > 3
    assert min(compared.values()) > 3


def test_russia_is_awaited_from_the_day_it_was_asked() -> None:
    demo.load_seeds()
    dossier = Dossier.objects.get(slug="jeddah")
    russia = dossier.actor_set.get(name="Russia").ref
    told = {
        day: as_read(dossier, False, f"2025-03-{day}").get((russia, "I2"))
        for day in ("10", "11", "12", "31")
    }
    assert told == {
        "10": None,
        "11": ("awaited", "", None, 0, 0, False),
        "12": ("awaited", "", None, 1, 0, False),
        "31": ("awaited", "", None, 20, 0, False),
    }


@pytest.mark.parametrize("seed", range(4))
def test_random_dossiers_through_every_change(seed: int) -> None:
    compare(invented(random.Random(seed)))


def invented(chance: random.Random) -> Dossier:
    """A small dossier in which everything happens: ties, known orders, drafts, offers."""
    owner = make.UserFactory()
    with history.recording(by=owner):
        zone = chance.choice(["UTC", "Europe/Kyiv"])
        dossier = make.DossierFactory(time_zone=zone, visibility="public")

        def made(name: str, **values: Any) -> Any:
            return getattr(make, f"{name}Factory")(dossier=dossier, **values)

        def state() -> str:
            return chance.choice(["draft", "published", "published", "published"])

        events = []
        for number in range(12):
            event = make.EventFactory.build(dossier=dossier, title=f"Word {number}", state=state())
            words = chance.choice(
                ["{} March 2025", "{} March 2025", "{} March 2025 14:00", "before {} March 2025"]
            )
            if number:
                event.set_when(dates.read(words.format(chance.randint(1, 5)), zone=zone))
            event.save()
            events.append(event)
        for _ in range(10):
            later, earlier = chance.sample(events, 2)
            if not Link.objects.filter(from_event=later, to_event=earlier).exists():
                made("Link", from_event=later, to_event=earlier, kind="after", state=state())
        actors = [made("Actor") for _ in range(3)]
        issues = [made("Issue", order=number) for number in range(3)]
        offer = made(
            "Proposal",
            issue=issues[0],
            announced_in=chance.choice([None, *events]),
            tabled_in=chance.choice(events),
            ended_in=chance.choice([None, *events]),
            state=state(),
        )
        for actor in actors[:2]:
            made("Consent", proposal=offer, actor=actor)
        text = made("SourceText")
        passage = made("Passage", source_text=text)
        said: list[Any] = []
        for _ in range(30):
            actor, issue = chance.choice(actors), chance.choice(issues)
            earlier = [p for p in said if p.actor == actor and p.issue == issue]
            one = made(
                "Position",
                actor=actor,
                issue=issue,
                stance=chance.choice(Position.Stance.values),
                event=chance.choice([None, *events]),
                shift=chance.choice(Position.Shift.values),
                shifts_from=chance.choice([None, None, *earlier]),
                state=state(),
            )
            for bearing in chance.choice([("supports",), ("supports", "disputes"), ()]):
                made("Evidence", passage=passage, event=None, position=one, bearing=bearing)
            said.append(one)
        conflict = made("Conflict")
        for one in chance.sample(said, 3):
            made("ConflictMember", conflict=conflict, event=None, position=one)
    return dossier
