"""What lists show beside their records: the words they rest on, and dates in words.

Asked once for all rows of a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from events import dates
from events.models import Evidence
from events.undertakings import accounts_of
from events.views.rows import may_see

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.models import Commitment, Dossier, Event
    from events.roles import Viewer

SPOKEN = (Evidence.Manner.DIRECT_QUOTE, Evidence.Manner.PARTIAL_QUOTE)
LONGEST = 280
"""Characters of a quotation in a list; more does not fit its line."""


def add_quotes(rows: Iterable[Any], noun: str, viewer: Viewer) -> None:
    """Give each row `quote`, the first words quoted for it ("" for none), and `sources`, how many
    different sources support or dispute it. One query."""
    by_id = {row.pk: row for row in rows}
    sources: dict[int, set[int]] = {key: set() for key in by_id}
    for row in by_id.values():
        row.quote = ""
    found = Evidence.objects.visible_to(viewer).filter(**{f"{noun}__in": by_id}).order_by("id")
    columns = (
        f"{noun}_id",
        "manner",
        "clean_text",
        "passage__exact",
        "passage__source_text__source_id",
    )
    for key, manner, clean, exact, source in found.values_list(*columns):
        sources[key].add(source)
        if manner in SPOKEN and not by_id[key].quote:
            words = clean or exact
            by_id[key].quote = words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
    for key, row in by_id.items():
        row.sources = len(sources[key])


def said_when(event: Event | None, dossier: Dossier) -> str:
    """The date of an event as lists show it, "" without an event."""
    if event is None:
        return ""
    return dates.short_label(event.when_edtf, text=event.when_text, zone=dossier.time_zone)


def add_when(rows: Iterable[Any], viewer: Viewer) -> None:
    """Give each row `shown_when`: the date of its event, "" where the viewer may not see that."""
    for row in rows:
        known = row.event is not None and may_see(viewer, row.event)
        row.shown_when = said_when(row.event if known else None, viewer.dossier)


def said_date(text: str, edtf: str, dossier: Dossier) -> str:
    """An uncertain date of a record as lists show it, "" where none is stated."""
    if not text and not edtf:
        return ""
    return dates.short_label(edtf, text=text, zone=dossier.time_zone) if edtf else text


def add_status(rows: Iterable[Commitment], viewer: Viewer) -> None:
    """Give each commitment `account`, how it stands and why, and `shown_status`: the same in a
    word, or that it is only a signal. At most four queries."""
    shown = list(rows)
    found = accounts_of(shown, viewer)
    for row in shown:
        row.account = found[row.pk]
        row.shown_status = row.account.word
