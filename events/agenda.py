"""What to watch next in a dossier: announced events, commitments, clocks, awaited answers.

A fixed number of queries, each with a limit: of each sort the dates nearest to now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from events import dates
from events.because import named
from events.models import (
    Commitment,
    Event,
    Link,
    Outcome,
    Participation,
    Proposal,
)
from events.negotiation import agenda, between
from events.negotiation.clocks import Run, clock
from events.negotiation.commitments import WAITING, Status
from events.negotiation.proposals import Stage
from events.negotiation.times import Times
from events.offers import awaited, offers_of, with_stage
from events.undertakings import accounts_of

if TYPE_CHECKING:
    from events.models import Actor, Record
    from events.negotiation.agenda import Group
    from events.roles import Viewer

NEAR, PASSED, UNDATED = 100, 30, 50
"""Most dates ahead, dates that passed without a report, and things without a date, of each sort."""

AHEAD = (Event.Modality.PLANNED, Event.Modality.ANNOUNCED, Event.Modality.NOT_RULED_OUT)
DONE = (Link.Kind.SAME_AS, Link.Kind.IMPLEMENTS)
"""Links by which an event that occurred is the one that was announced."""

OVER = (Outcome.Result.MET, Outcome.Result.BROKEN, Outcome.Result.WITHDRAWN)


@dataclass(slots=True)
class Item:
    """One thing to watch. `key` names it for ever; `when` is its date in words, `basis` sentences
    that say what it rests on, `word` and `glyph` its state. `quote` is added by the view."""

    key: str
    record: Record
    title: str
    times: Times
    when: str
    basis: list[str]
    glyph: str
    word: str
    actor: Actor | None = None
    is_signal: bool = False
    quote: str = ""

    @property
    def noun(self) -> str:
        """Of which kind the record is."""
        return str(self.record._meta.model_name)


@dataclass(slots=True)
class Agenda:
    """All of it, by group; `is_cut` where there is more than is looked at."""

    groups: list[Group[Item]]
    items: list[Item]
    is_cut: bool


def read(viewer: Viewer) -> Agenda:
    """What is to be watched, at the instant from which `viewer` looks."""
    found: list[Item] = []
    cut = False
    for sort in (_answers, _proposals, _events, _commitments):
        items, more = sort(viewer)
        found += items
        cut = cut or more
    placed = [(item, item.times, number) for number, item in enumerate(found)]
    groups = agenda.grouped(placed, viewer.now, viewer.dossier.time_zone)
    return Agenda(groups, found, cut)


def _near(rows: Any, first: str, last: str, now: int) -> tuple[list[Any], bool]:
    """Of rows with a date between two columns: those ahead, those that passed, those without."""
    over, none = (
        Q(**{f"{last}__lte": now}),
        Q(**{f"{first}__isnull": True, f"{last}__isnull": True}),
    )
    ahead = rows.exclude(none).filter(~over | Q(**{f"{last}__isnull": True}))
    parts = [
        (ahead.order_by(F(first).asc(nulls_first=True), "id"), NEAR),
        (rows.filter(over).order_by(F(last).desc(), "-id"), PASSED),
        (rows.filter(none).order_by("-id"), UNDATED),
    ]
    found, cut = [], False
    for part, most in parts:
        some = list(part[: most + 1])
        cut = cut or len(some) > most
        found += some[:most]
    return found, cut


# --- Events


def _events(viewer: Viewer) -> tuple[list[Item], bool]:
    links = Link.objects.visible_to(viewer).filter(kind__in=DONE)
    occurred = Event.Modality.OCCURRED
    held = links.filter(to_event=OuterRef("pk"), from_event__modality=occurred)
    holding = links.filter(from_event=OuterRef("pk"), to_event__modality=occurred)
    rows = Event.objects.visible_to(viewer).filter(modality__in=AHEAD)
    rows = rows.filter(~Exists(held), ~Exists(holding))
    events, cut = _near(rows, "earliest", "latest", viewer.now)
    actors = _actors(events, viewer)
    return [_event(event, actors.get(event.pk), viewer) for event in events], cut


def _event(event: Event, actor: Actor | None, viewer: Viewer) -> Item:
    times = Times(event.earliest, event.latest)
    word = event.get_modality_display()
    basis = [f"Event, {word.lower()}."]
    if event.when_basis in ("derived_document", "derived_event"):
        basis += _worked_out(event.when_text)
    elif event.when_basis == "inferred" and event.when_edtf:
        basis.append("Date inferred.")
    if times.surely_over(viewer.now):
        basis.append("Its date has passed; no report that it took place.")
    when = _label(event.when_edtf, event.when_text, viewer)
    return Item(
        event.ref, event, event.title, times, when, basis, f"kind-{event.kind}", word, actor
    )


def _actors(events: list[Event], viewer: Viewer) -> dict[int, Actor]:
    """Who acts foremost in each event."""
    rows = Participation.objects.visible_to(viewer).filter(event__in=events)
    by_event: dict[int, dict[int, Participation]] = {}
    for row in rows.select_related("actor__side").order_by("id"):
        by_event.setdefault(row.event_id, {}).setdefault(row.actor_id, row)
    found = {}
    for event, of in by_event.items():
        acting = [one for one in of.values() if one.role in Participation.ACTING] or [*of.values()]
        found[event] = acting[0].actor
    return found


# --- Commitments


def _commitments(viewer: Viewer) -> tuple[list[Item], bool]:
    outcomes = Outcome.objects.visible_to(viewer).filter(commitment=OuterRef("pk"))
    newest = outcomes.order_by(
        F("event__earliest").desc(nulls_last=True), F("event__latest").desc(nulls_last=True), "-id"
    )
    extended = newest.filter(result=Outcome.Result.EXTENDED)
    moved = Exists(extended)
    rows = Commitment.objects.visible_to(viewer).select_related(
        "debtor__side", "creditor", "depends_on_proposal", "depends_on_commitment"
    )
    rows = rows.annotate(
        newest=Coalesce(Subquery(newest.values("result")[:1]), Value("")),
        moved=moved,
        new_from=Subquery(extended.values("due_earliest")[:1], output_field=BigIntegerField()),
        new_to=Subquery(extended.values("due_latest")[:1], output_field=BigIntegerField()),
    ).exclude(newest__in=OVER)
    found, cut = [], False
    for part, first, last in (
        (rows.filter(moved=False), "due_earliest", "due_latest"),
        (rows.filter(moved=True), "new_from", "new_to"),
    ):
        some, more = _near(part, first, last, viewer.now)
        found += some
        cut = cut or more
    accounts = accounts_of(found, viewer)
    items = []
    for one in found:
        account = accounts[one.pk]
        # Of what a visitor does not see nothing hangs.
        on = (one.depends_on_proposal, one.depends_on_commitment)
        hangs = any(named(other, viewer) for other in on)
        if account.status not in (*WAITING, Status.IN_PART) or (hangs and not account.due.is_known):
            continue
        items.append(_commitment(one, account, viewer))
    return items, cut


def _commitment(one: Any, account: Any, viewer: Viewer) -> Item:
    is_signal = account.word == "signal"
    basis = [f"{'Signal, not a commitment' if is_signal else 'Commitment'}."]
    if one.moved:
        when = agenda.spoken(account.due, viewer.dossier.time_zone)
        basis.append("Its date was extended.")
    else:
        when = _label(one.due_edtf, one.due_text, viewer)
        basis += _worked_out(one.due_text)
    if one.condition:
        basis.append(f"On a condition: {one.condition.rstrip('.')}.")
    if account.status is Status.IN_PART:
        basis.append("Met in part so far.")
    elif account.status is Status.OVERDUE:
        basis.append("Its date has passed; no report of what came of it.")
    return Item(
        one.ref,
        one,
        one.action,
        account.due,
        when,
        basis,
        "ui-handshake",
        account.word,
        one.debtor,
        is_signal,
    )


# --- Proposals


def _proposals(viewer: Viewer) -> tuple[list[Item], bool]:
    rows = with_stage(Proposal.objects.visible_to(viewer), viewer)
    timed = Q(start_earliest__isnull=False) | Q(start_latest__isnull=False)
    expiring = Q(stage=Stage.OPEN, expires_edtf__gt="")
    running = Q(stage__in=(Stage.OPEN, Stage.AGREED), duration__gt="") & timed
    rows = rows.filter(expiring | running).select_related("issue").order_by("-id")
    found = list(rows[: NEAR + 1])
    offers = offers_of([one.pk for one in found], viewer)
    items = []
    for one in found[:NEAR]:
        offer = offers[one.pk]
        if one.stage == Stage.OPEN and offer.expires.is_known:
            when = _label(one.expires_edtf, one.expires_text, viewer)
            basis = [f"End of the offer, {one.expires_basis or 'stated'}."]
            title = f"The offer expires: {one.headline}"
            items.append(
                Item(
                    f"{one.ref}-expiry",
                    one,
                    title,
                    offer.expires,
                    when,
                    basis,
                    "kind-deadline",
                    "Open",
                )
            )
        items += _ending(one, offer.start, viewer)
    return items, len(found) > NEAR


def _ending(one: Proposal, start: Times, viewer: Viewer) -> list[Item]:
    """The end of a clock that runs or is to run, "[]" once it is surely over."""
    zone = viewer.dossier.time_zone
    found = (
        clock(one.duration, start, viewer.now, zone) if one.duration and start.is_known else None
    )
    if found is None or found.run is Run.ENDED:
        return []
    basis = [f"Computed from its start and its duration of {found.length}."]
    if found.is_uncertain:
        basis.append("The start is uncertain.")
    title = f"{found.length[:1].upper()}{found.length[1:]} are over: {one.headline}"
    when = agenda.spoken(found.end, zone)
    return [Item(f"{one.ref}-end", one, title, found.end, when, basis, "ui-clock", "Computed")]


def _answers(viewer: Viewer) -> tuple[list[Item], bool]:
    """Answers that are awaited: undated, unless the offer says until when it stands."""
    related = ("actor__side", "proposal__issue", "proposal__tabled_in")
    rows = awaited(viewer).select_related(*related)
    found = list(rows.order_by(F("proposal__tabled_in__latest").asc(nulls_last=True), "id")[:51])
    items = []
    for one in found[:UNDATED]:
        event, proposal = one.proposal.tabled_in, one.proposal
        since = between(event.earliest, event.latest, viewer.now, viewer.dossier.time_zone)
        waited = f", {since.exact}" if since else ""
        basis = [f"Answer awaited{waited}. {proposal.ref} was put forward in {event.ref}."]
        times = Times(proposal.expires_earliest, proposal.expires_latest)
        when = (
            _label(proposal.expires_edtf, proposal.expires_text, viewer) if times.is_known else ""
        )
        title = f"Answer of {one.actor.called}: {proposal.headline}"
        items.append(
            Item(one.ref, proposal, title, times, when, basis, "stance-await", "Awaited", one.actor)
        )
    return items, len(found) > UNDATED


def _worked_out(text: str) -> list[str]:
    """From which words a date was worked out; "this Saturday" names none by itself."""
    named = not text or any(letter.isdigit() for letter in text)
    return [] if named else [f"Date worked out from ‘{text}’."]


def _label(edtf: str, text: str, viewer: Viewer) -> str:
    if not edtf:
        return text
    return dates.short_label(edtf, text=text, zone=viewer.dossier.time_zone)
