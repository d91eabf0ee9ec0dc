"""What open pages ask every few seconds: what others changed, and who is here.

Only members have it. Visitors would learn from it that drafts are being written.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_safe

from events import live
from events.forms.presence import ChangesForm, PresenceForm
from events.gate import requires
from events.models import Presence
from events.roles import Access
from events.templatetags.truceline import initials

if TYPE_CHECKING:
    from events.models import User

FRESH = {"Cache-Control": "private, no-store"}
"""An answer is of its moment: the back button must not bring it again."""


def changes(request: HttpRequest, *, slug: str) -> HttpResponse:
    """The changes after a revision and the people here, as JSON; 204 while both are the same.

    `reload` tells a page that missed too much, or knows a revision that is not there, to load anew.
    """
    request.asked = form = ChangesForm(request.GET)
    if form.is_valid() and not form.cleaned_data["as_of"] and request.method == "GET":
        # Only members have a pulse. All else, and all who have none, go through the usual gate.
        request.pulse = pulse = live.pulse(request.user, slug, form.cleaned_data["tab"])
        if pulse and (form.cleaned_data["after"], form.cleaned_data["here"]) == (
            pulse.number,
            mark_of(who_is_here(pulse, request.user)),
        ):
            return HttpResponse(status=204, headers=FRESH)
    return news(request, slug=slug)


@requires(Access.READ)
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """What there is to tell, or what is wrong with the question."""
    viewer, form = request.viewer, request.asked
    if not viewer.is_member or viewer.as_of:
        raise Http404("Only members follow changes, and the past has none.")
    if not form.is_valid():
        return JsonResponse({"error": form.problem}, status=400, headers=FRESH)
    asked, dossier = form.cleaned_data, viewer.dossier
    pulse = getattr(request, "pulse", None) or live.Pulse(viewer.number, [])
    after = pulse.number if asked["after"] is None else asked["after"]
    told: list[live.Told] | None = []
    if after != pulse.number:
        told = live.since(dossier, after) if after < pulse.number else None
    people = who_is_here(pulse, request.user)
    # Revisions may have come since the number was read; what was told goes as far as it goes.
    number = max([pulse.number, *(change.number for change in told or ())])
    answer = {"number": number, "here": mark_of(people), "people": people, "reload": told is None}
    answer["changes"] = [shown(one, request.user) for one in told or ()]
    return JsonResponse(answer, headers=FRESH)


changes.access = news.access


def who_is_here(pulse: live.Pulse, user: User) -> list[dict[str, Any]]:
    """Each person with a page open, and the records and fields they edit.

    `you` marks other pages of the person who asks.
    """
    people: dict[int, dict[str, Any]] = {}
    for who, record, field in pulse.pages:
        known = {"name": who.called, "initials": initials(who), "you": who.pk == user.pk}
        person = people.setdefault(who.pk, known | {"edits": []})
        if record and [record, field] not in person["edits"]:
            person["edits"].append([record, field])
    return list(people.values())


def mark_of(people: list[dict[str, Any]]) -> str:
    """A short name for a list of people: the same while nobody comes, goes or edits elsewhere."""
    return hashlib.sha256(json.dumps(people).encode()).hexdigest()[:16]


def shown(change: live.Told, user: User) -> dict[str, Any]:
    """A change as a page reads it; no values, for those are read under the viewer's own rights."""
    names = ("number", "noun", "ref", "version", "operation", "fields", "at", "touches")
    told = {name: getattr(change, name) for name in names}
    return told | {"who": change.author.called, "you": change.author.pk == user.pk}


@requires(Access.READ)
@require_http_methods(["POST", "DELETE"])
def presence(request: HttpRequest) -> HttpResponse:
    """A page of a member is open (POST, every few seconds), or was left (DELETE)."""
    if not request.viewer.is_member:
        raise Http404("Only members are seen here.")
    signing = request.method == "POST"
    form = PresenceForm(request.POST) if signing else PresenceForm(request.GET)
    if not form.is_valid():
        return HttpResponse("There is no such page.", status=400, content_type="text/plain")
    dossier, asked = request.viewer.dossier, form.cleaned_data
    if signing:
        Presence.sign(dossier, request.user, asked["tab"], asked["record"], asked["field"])
    else:
        Presence.leave(dossier, request.user, asked["tab"])
    return HttpResponse(status=204)
