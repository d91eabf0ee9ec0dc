"""Addresses of the events app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import StringConverter

from events.forms import lookup
from events.forms.actor import ActorForm, AffiliationForm
from events.forms.commitment import CommitmentForm, OutcomeForm
from events.forms.conflict import ConflictForm, ConflictMemberForm
from events.forms.event import EventForm
from events.forms.evidence import EvidenceForm
from events.forms.issue import IssueForm
from events.forms.link import LinkForm
from events.forms.note import NoteForm
from events.forms.participation import ParticipationForm
from events.forms.passage import PassageForm
from events.forms.position import PositionForm
from events.forms.proposal import ConsentForm, ProposalForm, ProposerForm, TermForm
from events.forms.readout import ReadoutForm, ReadoutPassageForm, ReadoutPointForm
from events.forms.side import SideForm
from events.forms.source import SourceForm
from events.models import (
    Actor,
    Affiliation,
    Commitment,
    Conflict,
    ConflictMember,
    Consent,
    Event,
    Evidence,
    Issue,
    Link,
    Note,
    Outcome,
    Participation,
    Passage,
    Position,
    Proposal,
    Proposer,
    Readout,
    ReadoutPassage,
    ReadoutPoint,
    Side,
    Source,
    Term,
)
from events.models.base import Reviewable
from events.views import (
    account,
    actor,
    agenda,
    beside,
    changes,
    chart_file,
    checks,
    commitment,
    conflict,
    dossier,
    event,
    health,
    issue,
    link,
    marking,
    matrix,
    matrix_file,
    membership,
    note,
    passage,
    position,
    proposal,
    readout,
    review,
    revision,
    search,
    shift,
    side,
    silence,
    source,
    source_text,
    suggestion,
    table,
    text_version,
    timeline,
)
from events.views.editing import FieldEdit, RecordCreate, RecordEdit
from events.views.history import RecordHistory, Restoration, Undo
from events.views.lifecycle import RecordDelete, StateChange
from events.views.merging import Merge
from events.views.records import RecordDetail, RecordList, RecordOptions

if TYPE_CHECKING:
    from django.views import View

    from events.forms.records import RecordForm
    from events.models import Record

app_name = "events"


class RefConverter(StringConverter):
    """The ref of a record. A NUL could not even be asked for in the database."""

    regex = r"[^/\x00]{1,40}"


register_converter(RefConverter, "ref")


def record_paths(
    plural: str,
    model: type[Record],
    form: type[RecordForm],
    *,
    list_view: type[View] | None = RecordList,
    detail_view: type[RecordDetail] | None = RecordDetail,
    create_view: type[View] = RecordCreate,
    edit_view: type[View] = RecordEdit,
    field_view: type[View] = FieldEdit,
    delete_view: type[View] = RecordDelete,
    restoration_view: type[View] = Restoration,
    list_at: str = "",
) -> list[URLPattern]:
    """The addresses of one noun, below /d/<slug>/<plural>/.

    Records that are shown with another one have neither list nor page: both views are None. The
    list stands at `list_at` where the plural itself is another page.
    """
    noun = model._meta.model_name
    given = {"model": model, "form_class": form, "detail_class": detail_view}

    def at(tail: str, name: str, view: type[View], **more: object) -> URLPattern:
        return path(
            f"d/<slug:slug>/{plural}/{tail}", view.as_view(**given, **more), name=f"{noun}-{name}"
        )

    paths = [
        at("new", "create", create_view),
        at("<ref:ref>/edit", "edit", edit_view),
        at("<ref:ref>/fields/<slug:name>/", "field", field_view),
        at("<ref:ref>/merge", "merge", Merge),
        at("<ref:ref>/deletion", "delete", delete_view),
        at("<ref:ref>/history", "history", RecordHistory),
        at("<ref:ref>/history/<int:version>", "version", RecordHistory),
        at("<ref:ref>/history/<int:version>/restoration", "restoration", restoration_view),
    ]
    if noun in lookup.NAMES:
        paths.append(at("options", "options", RecordOptions))
    if issubclass(model, Reviewable):
        paths += [
            at("<ref:ref>/review", "review", StateChange, verb="review", said="marked as reviewed"),
            at("<ref:ref>/publication", "publication", StateChange),
            at(
                "<ref:ref>/withdrawal", "withdrawal", StateChange, verb="withdraw", said="withdrawn"
            ),
        ]
    if list_view is not None:
        paths.append(at(list_at, "list", list_view))
    if detail_view is not None:
        paths.append(at("<ref:ref>/", "detail", detail_view))
    return paths


def source_paths() -> list[URLPattern]:
    """The addresses of one source beside those of every noun: its parts, its texts, and from words
    of it to a record, chosen by a person or suggested."""
    given = {"model": Source, "form_class": SourceForm}
    page = {"detail_class": source.SourceDetail}
    decided = "suggestions/<slug:fingerprint>"

    def at(tail: str, name: str, view: type[View], **more: object) -> URLPattern:
        address = f"d/<slug:slug>/sources/<ref:ref>/{tail}"
        return path(address, view.as_view(**given, **more), name=name)

    return [
        at("records", "source-records", source.SourceRecords, **page),
        at("details", "source-details", source.SourceDetails, **page),
        at("marking/", "source-marking", marking.Choice),
        at("marking/targets", "source-mark-targets", marking.Targets),
        at("marking/<slug:noun>", "source-mark", marking.Mark),
        at(f"{decided}/acceptance", "suggestion-acceptance", suggestion.Acceptance),
        at(f"{decided}/rejection", "suggestion-rejection", suggestion.Rejection),
        at("texts/new", "source-text-create", text_version.TextCreate),
        at("texts/<int:number>/", "source-text-detail", text_version.TextDetail),
        at("texts/<int:number>/changes", "source-text-changes", text_version.TextChanges),
        at("beside/<ref:other>", "source-beside", beside.SourceBeside),
    ]


readouts: list[URLPattern] = [
    path(
        "d/<slug:slug>/events/<ref:ref>/readouts",
        readout.EventReadouts.as_view(model=Event, form_class=EventForm),
        name="event-readouts",
    ),
    *record_paths("readouts", Readout, ReadoutForm, list_view=None, detail_view=None),
    *record_paths(
        "readout-points", ReadoutPoint, ReadoutPointForm, list_view=None, detail_view=None
    ),
    path(
        "d/<slug:slug>/readout-points/<ref:ref>/place",
        readout.PointPlace.as_view(model=ReadoutPoint, form_class=ReadoutPointForm),
        name="readoutpoint-place",
    ),
    path(
        "d/<slug:slug>/readout-points/<ref:ref>/conflict",
        readout.PointConflict.as_view(model=ReadoutPoint, form_class=ReadoutPointForm),
        name="readoutpoint-conflict",
    ),
    *record_paths(
        "readout-passages", ReadoutPassage, ReadoutPassageForm, list_view=None, detail_view=None
    ),
]

records: list[URLPattern] = [
    *record_paths(
        "events",
        Event,
        EventForm,
        list_view=event.EventList,
        detail_view=event.EventDetail,
        field_view=event.EventField,
    ),
    path(
        "d/<slug:slug>/events/<ref:ref>/moved-date",
        event.MovedDate.as_view(model=Event, form_class=EventForm),
        name="event-moved-date",
    ),
    *record_paths("evidence", Evidence, EvidenceForm, list_view=None, detail_view=None),
    *record_paths(
        "participations", Participation, ParticipationForm, list_view=None, detail_view=None
    ),
    *record_paths(
        "sources",
        Source,
        SourceForm,
        list_view=source.SourceList,
        detail_view=source.SourceDetail,
        create_view=source_text.SourceCreate,
    ),
    *source_paths(),
    *record_paths(
        "passages",
        Passage,
        PassageForm,
        list_view=None,
        detail_view=passage.PassageDetail,
        edit_view=passage.PassageEdit,
    ),
    path(
        "d/<slug:slug>/passages/",
        passage.PassageQueue.as_view(model=Passage, form_class=PassageForm),
        name="passage-queue",
    ),
    path(
        "d/<slug:slug>/passages/<ref:ref>/place",
        passage.PassagePlace.as_view(model=Passage, form_class=PassageForm),
        name="passage-place",
    ),
    path(
        "d/<slug:slug>/passages/<ref:ref>/loss",
        passage.PassageLoss.as_view(model=Passage, form_class=PassageForm),
        name="passage-loss",
    ),
    *record_paths(
        "actors", Actor, ActorForm, list_view=actor.ActorList, detail_view=actor.ActorDetail
    ),
    path(
        "d/<slug:slug>/actors/<ref:ref>/events",
        actor.ActorEvents.as_view(model=Actor, form_class=ActorForm),
        name="actor-events",
    ),
    *record_paths(
        "affiliations",
        Affiliation,
        AffiliationForm,
        list_view=actor.AffiliationList,
        detail_view=actor.AffiliationDetail,
    ),
    *record_paths("sides", Side, SideForm, list_view=side.SideList, detail_view=None),
    *record_paths(
        "issues",
        Issue,
        IssueForm,
        list_view=issue.IssueList,
        detail_view=issue.IssueDetail,
    ),
    *record_paths(
        "proposals",
        Proposal,
        ProposalForm,
        list_view=proposal.ProposalList,
        detail_view=proposal.ProposalDetail,
    ),
    path(
        "d/<slug:slug>/proposals/<ref:ref>/versions",
        proposal.ProposalVersions.as_view(model=Proposal, form_class=ProposalForm),
        name="proposal-versions",
    ),
    *record_paths("terms", Term, TermForm, list_view=None, detail_view=None),
    *record_paths("proposers", Proposer, ProposerForm, list_view=None, detail_view=None),
    *record_paths("consents", Consent, ConsentForm, list_view=None, detail_view=None),
    *record_paths(
        "positions",
        Position,
        PositionForm,
        list_view=position.PositionList,
        detail_view=position.PositionDetail,
        list_at="list/",
    ),
    *record_paths(
        "commitments",
        Commitment,
        CommitmentForm,
        list_view=commitment.CommitmentList,
        detail_view=commitment.CommitmentDetail,
    ),
    *record_paths("outcomes", Outcome, OutcomeForm, list_view=None, detail_view=None),
    *record_paths(
        "links",
        Link,
        LinkForm,
        list_view=link.LinkList,
        detail_view=link.LinkDetail,
    ),
    *record_paths(
        "conflicts",
        Conflict,
        ConflictForm,
        list_view=conflict.ConflictList,
        detail_view=conflict.ConflictDetail,
        create_view=conflict.ConflictCreate,
    ),
    path(
        "d/<slug:slug>/conflicts/sides",
        conflict.ConflictSides.as_view(model=Conflict, form_class=ConflictForm),
        name="conflict-sides",
    ),
    path(
        "d/<slug:slug>/conflicts/<ref:ref>/decision",
        conflict.ConflictDecision.as_view(
            model=Conflict, form_class=ConflictForm, detail_class=conflict.ConflictDetail
        ),
        name="conflict-decision",
    ),
    *record_paths(
        "conflict-members", ConflictMember, ConflictMemberForm, list_view=None, detail_view=None
    ),
    *record_paths(
        "notes",
        Note,
        NoteForm,
        list_view=note.NoteList,
        detail_view=None,
        create_view=note.NoteCreate,
        edit_view=note.NoteEdit,
        field_view=note.NoteField,
        delete_view=note.NoteDelete,
        restoration_view=note.NoteRestoration,
    ),
    path("d/<slug:slug>/notes/people", note.NotePeople.as_view(), name="note-people"),
    path(
        "d/<slug:slug>/notes/<ref:ref>/resolution",
        note.Resolution.as_view(model=Note, form_class=NoteForm),
        name="note-resolution",
    ),
    path(
        "d/<slug:slug>/notes/<ref:ref>/reopening",
        note.Resolution.as_view(model=Note, form_class=NoteForm, resolved=False),
        name="note-reopening",
    ),
    path("d/<slug:slug>/revisions/<int:number>/undo", Undo.as_view(), name="undo"),
    path("d/<slug:slug>/dates", account.date_reading, name="date-reading"),
]

team: list[URLPattern] = [
    path("d/<slug:slug>/members/", membership.MembershipList.as_view(), name="members"),
    path(
        "d/<slug:slug>/members/<ref:ref>/role",
        membership.MembershipRole.as_view(),
        name="membership-edit",
    ),
    path(
        "d/<slug:slug>/members/<ref:ref>/removal",
        membership.MembershipRemoval.as_view(),
        name="membership-delete",
    ),
    path("d/<slug:slug>/departure", membership.Departure.as_view(), name="membership-departure"),
    path("d/<slug:slug>/history/", revision.RevisionList.as_view(), name="history"),
    path(
        "d/<slug:slug>/history/<int:number>/",
        revision.RevisionDetail.as_view(),
        name="revision-detail",
    ),
    path(
        "d/<slug:slug>/history/<int:number>/<ref:ref>/restoration",
        revision.Recovery.as_view(),
        name="revision-restoration",
    ),
]

about_people: list[URLPattern] = [
    path("sign-in/", account.SignIn.as_view(), name="sign-in"),
    path("sign-out", account.SignOut.as_view(), name="sign-out"),
    path("preferences", account.preferences, name="preferences"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

screens: list[URLPattern] = [
    path("", dossier.dossier_list, name="dossier-list"),
    path("dossiers/new", dossier.DossierCreate.as_view(), name="dossier-create"),
    path("d/<slug:slug>/", timeline.timeline, name="timeline"),
    path("d/<slug:slug>/chart", timeline.chart, name="chart"),
    path("d/<slug:slug>/chart.svg", chart_file.svg, name="chart-svg"),
    path("d/<slug:slug>/chart.png", chart_file.png, name="chart-png"),
    path("d/<slug:slug>/print", chart_file.on_paper, name="timeline-print"),
    path("d/<slug:slug>/table/", table.table, name="table"),
    path("d/<slug:slug>/silences/", silence.silences, name="silences"),
    path("d/<slug:slug>/agenda/", agenda.upcoming, name="agenda"),
    path("d/<slug:slug>/agenda.ics", agenda.feed, name="agenda-feed"),
    path("d/<slug:slug>/changes", changes.changes, name="changes"),
    path("d/<slug:slug>/presence", changes.presence, name="presence"),
    path("d/<slug:slug>/positions/", matrix.matrix, name="matrix"),
    path("d/<slug:slug>/positions.csv", matrix_file.table, name="matrix-csv"),
    path("d/<slug:slug>/positions.svg", matrix_file.svg, name="matrix-svg"),
    path("d/<slug:slug>/positions.png", matrix_file.png, name="matrix-png"),
    path("d/<slug:slug>/positions/shifts", shift.shifts, name="shifts"),
    path("d/<slug:slug>/positions/of/<ref:actor>/on/<ref:issue>/", matrix.ledger, name="ledger"),
    path("d/<slug:slug>/search", search.results, name="search"),
    path("d/<slug:slug>/checks/", checks.data_checks, name="checks"),
    path("d/<slug:slug>/review/", review.ReviewQueue.as_view(), name="review"),
    path("d/<slug:slug>/review/publication", review.Decision.as_view(), name="review-publication"),
    path(
        "d/<slug:slug>/review/marking",
        review.Decision.as_view(verb="review", said="marked as reviewed"),
        name="review-marking",
    ),
    path("d/<slug:slug>/settings", dossier.DossierEdit.as_view(), name="dossier-edit"),
]

urlpatterns: list[URLPattern | URLResolver] = [*screens, *team, *about_people, *records, *readouts]
