"""Which page shows a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from events.models import Record

OWNERS = {
    "evidence": "target",
    "participation": "event",
    "term": "proposal",
    "proposer": "proposal",
    "consent": "proposal",
    "outcome": "commitment",
    "conflictmember": "conflict",
    "sourcetext": "source",
    "passage": "source_text",
}
"""Records without a page of their own, and what they are shown with."""


def page_of(record: Record) -> str:
    """The address of the page that shows `record`: its own, its owner's, else the dossier's."""
    if hasattr(record, "get_absolute_url"):
        return record.get_absolute_url()
    owner = OWNERS.get(record._meta.model_name)
    return page_of(getattr(record, owner)) if owner else record.dossier.get_absolute_url()
