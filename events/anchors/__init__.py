"""Quoted words and the texts they stand in. Pure: no database, no requests.

Offsets are code points of the stored text, `end` exclusive (W3C TextPositionSelector).
"""

from .candidates import Candidate, candidates
from .finding import find, from_utf16
from .marks import citation_marks, clean, unmarked
from .passages import Again, Place, again
from .plain import How, Span

__all__ = [
    "Again",
    "Candidate",
    "How",
    "Place",
    "Span",
    "again",
    "candidates",
    "citation_marks",
    "clean",
    "find",
    "from_utf16",
    "unmarked",
]
