"""On the table: the proposals, whose answer is awaited, what depends on it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events import on_table
from events.branches import all_leaves
from events.forms.table import TableForm
from events.gate import requires
from events.models import Dossier
from events.negotiation import clocks
from events.negotiation.proposals import Stage
from events.roles import Access
from events.templatetags.truceline import stance_word
from events.views import agenda
from events.views.addresses import drawer_of
from events.views.cited import add_quotes, add_status, said_date, said_when
from events.views.proposal import STANDING

NAMES = {"open": "Open", "agreed": "Agreed", "lapsed": "Lapsed"}
ANSWERS = {
    "supports": "Accepts",
    "conditional": "Accepts on a condition",
    "open": "Leaves it open",
    "unclear": "Unclear",
    "opposes": "Does not accept",
    "denies_discussed": "Denies it was discussed",
}
"""The answer that a stance is of somebody whose consent is needed."""


@requires(Access.READ)
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The proposals of one list, as cards."""
    viewer = request.viewer
    form = TableForm(request.GET)
    rows = on_table.rows_of(viewer).filter(stage__in=on_table.SHOWN[form.shown])
    page = form.page_of(rows, on_table.ORDERS[form.ordered])
    counts = on_table.counts(viewer)
    selected = form.cleaned_data.get("selected", "")
    context = {
        "dossier": request.dossier,
        "dossiers": Dossier.objects.visible_to(request.user),
        "viewer": viewer,
        "may_edit": viewer.may_edit,
        "screen": "table",
        "form": form,
        "page": page,
        "lists": [
            {
                "name": NAMES[word],
                "word": word,
                "count": counts[word],
                "current": word == form.shown,
            }
            for word in NAMES
        ],
        "orders": form.ORDERS.items(),
        "cards": _cards(page.rows, viewer),
        "selected": selected,
        "selected_drawer": drawer_of(request, selected),
    }
    return render(request, "table.html", context | agenda.shown(viewer))


def _cards(rows: list[Any], viewer: Any) -> list[on_table.Card]:
    """The cards of these rows, with dates and statuses in words."""
    cards = on_table.cards_of(rows, viewer)
    stated = [s.position for card in cards for s in card.steps if s.position]
    stated += [position for card in cards for position in card.others]
    add_quotes(stated, "position", viewer)
    for card in cards:
        _say(card, viewer)
    leaves = [leaf for card in cards for leaf in all_leaves(card.branches)]
    add_status([leaf.commitment for leaf in leaves], viewer)
    return cards


def _say(card: on_table.Card, viewer: Any) -> None:
    """The card's dates, answers, clock and end in words."""
    zone = viewer.dossier.time_zone
    card.standing = STANDING.get(card.stage, "")
    if card.stage is Stage.OPEN and not card.tabled:
        card.standing = "Not confirmed as offered" if card.announced else "No offer recorded"
    card.expiry = _expiry(card.proposal, viewer)
    if card.clock is not None:
        may_begin = card.stage in (Stage.OPEN, Stage.AGREED)
        card.clock_words = clocks.told(card.clock, zone, may_begin=may_begin)
    for step in card.steps:
        step.answer = ANSWERS.get(step.position.stance, "") if step.position else ""
        # Who proposes supports it; where that changed since, it is said.
        moved = step.proposes and step.position and step.position.stance != "supports"
        step.now = f"Later: {stance_word(step.position.stance).lower()}" if moved else ""
    for event in (card.tabled, card.announced, card.ended):
        if event is not None:
            event.shown_when = said_when(event, viewer.dossier)
    for position in [*(s.position for s in card.steps if s.position), *card.others]:
        known = position.event_seen is not None
        position.shown_when = said_when(position.event if known else None, viewer.dossier)


def _expiry(proposal: Any, viewer: Any) -> str:
    """When the offer itself ends, as a sentence."""
    said = said_date(proposal.expires_text, proposal.expires_edtf, viewer.dossier)
    if not said:
        return "No expiry of the offer itself is stated."
    basis = f" ({proposal.expires_basis})" if proposal.expires_basis else ""
    return f"The offer itself expires: {said}{basis}."
