"""The records of a dossier, one file per noun."""

from .actor import Actor, Affiliation
from .base import Record, Reviewable
from .commitment import Commitment, Outcome
from .conflict import Conflict, ConflictMember
from .density import Density
from .dossier import Dossier
from .event import Event, Participation
from .evidence import Evidence
from .issue import Issue
from .link import Link
from .membership import LastOwner, Membership, keeping_owners
from .note import Note
from .placement import Placement
from .position import Position
from .presence import Presence
from .proposal import Consent, Proposal, Proposer, Term
from .readout import Readout, ReadoutPassage, ReadoutPoint
from .revision import Change, RefCounter, Revision
from .side import Side
from .snapshot import Snapshot
from .source import Basis, Passage, Source, SourceText
from .suggestion import Suggestion
from .user import User

__all__ = [
    "Actor",
    "Affiliation",
    "Basis",
    "Change",
    "Commitment",
    "Conflict",
    "ConflictMember",
    "Consent",
    "Density",
    "Dossier",
    "Event",
    "Evidence",
    "Issue",
    "LastOwner",
    "Link",
    "Membership",
    "Note",
    "Outcome",
    "Participation",
    "Passage",
    "Placement",
    "Position",
    "Presence",
    "Proposal",
    "Proposer",
    "Readout",
    "ReadoutPassage",
    "ReadoutPoint",
    "Record",
    "RefCounter",
    "Reviewable",
    "Revision",
    "Side",
    "Snapshot",
    "Source",
    "SourceText",
    "Suggestion",
    "Term",
    "User",
    "keeping_owners",
]
