"""What is shown beside a record: people, evidence, positions, commitments, links."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import F

from events import note_text, offers
from events.forms.note import NoteForm
from events.forms.paging import beyond
from events.models import (
    Commitment,
    Conflict,
    ConflictMember,
    Consent,
    Event,
    Evidence,
    Link,
    Note,
    Participation,
    Position,
    Proposal,
    Record,
)
from events.negotiation import between
from events.views.cited import add_status

if TYPE_CHECKING:
    from events.forms.records import RecordForm
    from events.roles import Viewer

NOTES = 50
"""Most open notes beside a record, and most resolved ones: the newest. Their own page has all."""

IN_TIME = ("earliest", "latest", "id")


@dataclass(slots=True)
class Related:
    """Other events under one heading: "Responses", "Follows from". `key` is the kind of link, with
    "-back" where it is read from its other end."""

    title: str
    key: str = ""
    links: list[tuple[Link, Event]] = field(default_factory=list)


def people_of(event: Event, viewer: Viewer) -> list[tuple[str, list[Participation]]]:
    """Who took part, by role in the order of the roles."""
    rows = event.participations.visible_to(viewer).select_related("actor__side")
    by_role: dict[str, list[Participation]] = {}
    for row in rows:
        by_role.setdefault(row.role, []).append(row)
    return [(role.label, by_role[role]) for role in Participation.Role if role in by_role]


def evidence_of(record: Record, viewer: Viewer) -> dict[str, Any]:
    """Its evidence, the conflicts it is in, and whether it is contested; for any noun with both."""
    noun = record._meta.model_name
    evidence = list(
        Evidence.objects.visible_to(viewer)
        .filter(**{noun: record})
        .select_related("speaker")
        .prefetch_related("passage__source_text__source")
    )
    conflicts = []
    if noun in ConflictMember.TARGETS:
        named = ConflictMember.objects.filter(**{noun: record}).values("conflict")
        conflicts = list(Conflict.objects.visible_to(viewer).filter(pk__in=named).order_by("id"))
    supports = sum(item.bearing == Evidence.Bearing.SUPPORTS for item in evidence)
    disputes = len(evidence) - supports
    is_open = any(conflict.status == "open" for conflict in conflicts)
    both = bool(supports and disputes)
    return {
        "evidence": evidence,
        "conflicts": conflicts,
        "contested": both or is_open,
        "supports": supports if both else 0,
        "disputes": disputes if both else 0,
    }


def positions_of(event: Event, viewer: Viewer) -> dict[str, Any]:
    """The positions expressed in it; of a party whose consent is needed it is an answer."""
    positions = list(
        Position.objects.visible_to(viewer)
        .filter(event=event)
        .select_related("actor__side", "issue", "voiced_by")
    )
    asked = set(
        Consent.objects.visible_to(viewer)
        .filter(proposal__issue__in={position.issue_id for position in positions})
        .values_list("proposal__issue_id", "actor_id")
    )
    for position in positions:
        position.needs_consent = (position.issue_id, position.actor_id) in asked
    return {"positions": positions}


def commitments_of(event: Event, viewer: Viewer) -> list[Commitment]:
    """What was undertaken in it, each with its status now."""
    made = Commitment.objects.visible_to(viewer).filter(event=event)
    found = list(made.select_related("debtor__side"))
    add_status(found, viewer)
    return found


def links_of(event: Event, viewer: Viewer) -> dict[str, Any]:
    """What it answers or follows, what answered it, and whose answer is awaited."""
    links = Link.objects.visible_to(viewer).exclude(kind=Link.Kind.AFTER)
    groups: dict[str, Related] = {}
    for link in links.filter(from_event=event).select_related("to_event"):
        title = link.get_kind_display()
        groups.setdefault(title, Related(title, link.kind)).links.append((link, link.to_event))
    for link in (
        links.filter(to_event=event)
        .select_related("from_event")
        .order_by(F("from_event__earliest").asc(nulls_last=True), "id")
    ):
        title = BACKWARDS.get(link.kind, link.get_kind_display())
        related = groups.setdefault(title, Related(title, f"{link.kind}-back"))
        related.links.append((link, link.from_event))
    tabled = list(Proposal.objects.visible_to(viewer).filter(tabled_in=event))
    awaited = Consent.objects.none()
    if tabled:
        awaited = offers.awaited(viewer).filter(proposal__in=tabled)
        awaited = awaited.select_related("actor__side", "proposal__issue")
    since = between(event.earliest, event.latest, viewer.now, viewer.dossier.time_zone)
    waited = since.exact if since else ""
    return {"groups": list(groups.values()), "awaited": list(awaited), "waited": waited}


BACKWARDS: dict[str, str] = {
    Link.Kind.RESPONDS_TO: "Responses",
    Link.Kind.FOLLOWS_FROM: "Led to",
    Link.Kind.PART_OF_TALKS: "Parts of the talks",
    Link.Kind.IMPLEMENTS: "Implemented by",
    Link.Kind.VIOLATES: "Violated by",
    Link.Kind.CONTRADICTS: "Contradicted by",
    Link.Kind.CLARIFIES: "Clarified by",
    Link.Kind.WALKS_BACK: "Walked back by",
    Link.Kind.SUPERSEDES: "Superseded by",
}
"""A link's words when it is read from its other end."""


def notes_of(
    record: Record, viewer: Viewer, form: RecordForm | None = None
) -> dict[str, Any] | None:
    """What members noted about it, oldest first, and the form for one more; None where no note can
    hang or for visitors. `form` is one that was refused. One query, and two for what is named."""
    noun = str(record._meta.model_name)
    if noun not in Note.TARGETS or not viewer.is_member:
        return None
    rows = Note.objects.visible_to(viewer).filter(**{noun: record}).select_related("author")
    # Open ones first, so that one query gives the newest of both kinds.
    newest = list(rows.order_by("resolved", "-id")[: 2 * NOTES + 1])
    still_open = [note for note in newest if not note.resolved]
    resolved = [note for note in newest if note.resolved]
    shown = still_open[:NOTES] + resolved[:NOTES]
    note_text.render(shown, viewer.dossier, viewer.user)
    for note in shown:
        note.is_own = note.author_id == viewer.user.pk
    if viewer.may_edit and form is None:
        form = NoteForm(dossier=viewer.dossier, initial={"about": record.ref})
    if form is not None:
        # The drawer may stand beside a page with a form of its own.
        form.auto_id = f"{record.ref}-note-%s"
    return {
        "open": still_open[:NOTES][::-1],
        "resolved": resolved[:NOTES][::-1],
        "is_cut": len(newest) > len(shown),
        "form": form,
    }


def neighbours(event: Event, viewer: Viewer) -> dict[str, Event | None]:
    """The events before and after it in the order of time."""
    mark = [getattr(event, column) for column in IN_TIME]
    rows = Event.objects.visible_to(viewer).only("ref", "title")
    forward = [F(column).asc(nulls_last=True) for column in IN_TIME]
    back = [F(column).desc(nulls_first=True) for column in IN_TIME]
    return {
        "next": rows.filter(beyond(IN_TIME, mark, True)).order_by(*forward).first(),
        "previous": rows.filter(beyond(IN_TIME, mark, False)).order_by(*back).first(),
    }
