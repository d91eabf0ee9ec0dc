"""Factories for the records; build inside `recording(by=...)`.

Each makes its own dossier unless one is given; what it points to is made in the same dossier.
"""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from events import models


class UserFactory(DjangoModelFactory):
    class Meta:
        model = models.User

    username = factory.Sequence(lambda n: f"person{n}")


class DossierFactory(DjangoModelFactory):
    class Meta:
        model = models.Dossier

    slug = factory.Sequence(lambda n: f"dossier-{n}")
    title = factory.Sequence(lambda n: f"Dossier {n}")


class RecordFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    dossier = factory.SubFactory(DossierFactory)


def same_dossier(target: str) -> Any:
    """A sub-factory of this module that builds in the dossier of the record that needs it."""
    return factory.SubFactory(
        f"tests.factories.{target}", dossier=factory.SelfAttribute("..dossier")
    )


class MembershipFactory(RecordFactory):
    class Meta:
        model = models.Membership

    user = factory.SubFactory(UserFactory)
    role = "analyst"


class SideFactory(RecordFactory):
    class Meta:
        model = models.Side

    code = factory.Sequence(lambda n: f"S{n}")
    name = factory.Sequence(lambda n: f"Side {n}")


class SourceFactory(RecordFactory):
    class Meta:
        model = models.Source

    title = factory.Sequence(lambda n: f"Source {n}")


class SourceTextFactory(RecordFactory):
    class Meta:
        model = models.SourceText

    source = same_dossier("SourceFactory")
    text = "The delegations met. “We will talk again,” the envoy said."


class PassageFactory(RecordFactory):
    class Meta:
        model = models.Passage

    source_text = same_dossier("SourceTextFactory")
    start = 0
    end = 3
    exact = "The"


class ActorFactory(RecordFactory):
    class Meta:
        model = models.Actor

    name = factory.Sequence(lambda n: f"Actor {n}")


class AffiliationFactory(RecordFactory):
    class Meta:
        model = models.Affiliation

    member = same_dossier("ActorFactory")
    body = same_dossier("ActorFactory")
    title = "envoy"


class IssueFactory(RecordFactory):
    class Meta:
        model = models.Issue

    name = factory.Sequence(lambda n: f"Issue {n}")


class EventFactory(RecordFactory):
    class Meta:
        model = models.Event

    title = factory.Sequence(lambda n: f"Event {n}")


class ParticipationFactory(RecordFactory):
    class Meta:
        model = models.Participation

    event = same_dossier("EventFactory")
    actor = same_dossier("ActorFactory")
    role = "speaker"


class ProposalFactory(RecordFactory):
    class Meta:
        model = models.Proposal

    issue = same_dossier("IssueFactory")


class TermFactory(RecordFactory):
    class Meta:
        model = models.Term

    proposal = same_dossier("ProposalFactory")
    text = "All fire ceases."


class ProposerFactory(RecordFactory):
    class Meta:
        model = models.Proposer

    proposal = same_dossier("ProposalFactory")
    actor = same_dossier("ActorFactory")


class ConsentFactory(RecordFactory):
    class Meta:
        model = models.Consent

    proposal = same_dossier("ProposalFactory")
    actor = same_dossier("ActorFactory")
    asked = "to accept"


class PositionFactory(RecordFactory):
    class Meta:
        model = models.Position

    actor = same_dossier("ActorFactory")
    issue = same_dossier("IssueFactory")
    stance = "open"


class CommitmentFactory(RecordFactory):
    class Meta:
        model = models.Commitment

    debtor = same_dossier("ActorFactory")
    action = "To resume deliveries"


class OutcomeFactory(RecordFactory):
    class Meta:
        model = models.Outcome

    commitment = same_dossier("CommitmentFactory")
    event = same_dossier("EventFactory")
    result = "met"


class LinkFactory(RecordFactory):
    class Meta:
        model = models.Link

    from_event = same_dossier("EventFactory")
    to_event = same_dossier("EventFactory")


class ConflictFactory(RecordFactory):
    class Meta:
        model = models.Conflict

    title = factory.Sequence(lambda n: f"What differs {n}")


class ConflictMemberFactory(RecordFactory):
    class Meta:
        model = models.ConflictMember

    conflict = same_dossier("ConflictFactory")
    event = same_dossier("EventFactory")


class EvidenceFactory(RecordFactory):
    class Meta:
        model = models.Evidence

    passage = same_dossier("PassageFactory")
    event = same_dossier("EventFactory")


class ReadoutFactory(RecordFactory):
    class Meta:
        model = models.Readout

    event = same_dossier("EventFactory")
    source = same_dossier("SourceFactory")


class ReadoutPointFactory(RecordFactory):
    class Meta:
        model = models.ReadoutPoint

    event = same_dossier("EventFactory")
    number = factory.Sequence(lambda n: n + 1)
    subject = "The ceasefire"


class ReadoutPassageFactory(RecordFactory):
    class Meta:
        model = models.ReadoutPassage

    point = same_dossier("ReadoutPointFactory")
    readout = factory.LazyAttribute(
        lambda row: ReadoutFactory(
            dossier=row.dossier, event=row.point.event, source=row.passage.source_text.source
        )
    )
    passage = same_dossier("PassageFactory")


class NoteFactory(RecordFactory):
    class Meta:
        model = models.Note

    text = "Check the hour."
    author = factory.SubFactory(UserFactory)
    event = same_dossier("EventFactory")


class SuggestionFactory(RecordFactory):
    class Meta:
        model = models.Suggestion

    source = same_dossier("SourceFactory")
    fingerprint = factory.Sequence(lambda n: f"{n:032x}")
    kind = models.Suggestion.Kind.QUOTATION
    exact = "We will talk again,"
    decision = models.Suggestion.Decision.REJECTED


class SnapshotFactory(RecordFactory):
    class Meta:
        model = models.Snapshot

    number = factory.Sequence(lambda n: n + 1)
    title = "As first published"
    revision = 1


RECORDS: dict[type[models.Record], type[RecordFactory]] = {
    f._meta.model: f for f in RecordFactory.__subclasses__()
}
"""Every record model with the factory that makes it."""
