"""What open pages ask every few seconds: what others changed, and who is here.

Only members have it. Visitors would learn from it that drafts are being written.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events import live
from events.forms.presence import ChangesForm, PresenceForm
from events.models import Presence
from events.roles import Access, requires
from events.templatetags.truceline import initials

if TYPE_CHECKING:
    from events.models import Dossier, User


@requires(Access.READ)
@require_safe
@never_cache
def changes(request: HttpRequest) -> HttpResponse:
    """The changes after a revision and the people here, as JSON; 204 while both are the same.

    `reload` tells a page that missed too much, or knows a revision that is not there, to load anew.
    """
    viewer = request.viewer
    if not viewer.is_member or getattr(viewer, "as_of", None):
        raise Http404("Only members follow changes, and the past has none.")
    form = ChangesForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"error": form.problem}, status=400)
    asked = form.cleaned_data
    after = viewer.number if asked["after"] is None else asked["after"]
    people = who_is_here(viewer.dossier, request.user, asked["tab"])
    mark = hashlib.sha256(json.dumps(people).encode()).hexdigest()[:16]
    if after == viewer.number and asked["here"] == mark:
        return HttpResponse(status=204)
    told: list[live.Told] | None = []
    if after != viewer.number:
        told = live.since(viewer.dossier, after) if after < viewer.number else None
    # Revisions may have come since the number was read; what was told goes as far as it goes.
    number = max([viewer.number, *(change.number for change in told or ())])
    answer = {"number": number, "here": mark, "people": people, "reload": told is None}
    return JsonResponse(answer | {"changes": [shown(one, request.user) for one in told or ()]})


def who_is_here(dossier: Dossier, user: User, tab: str) -> list[dict[str, Any]]:
    """Each person with a page open, and the records and fields they edit; one query.

    The asking page is left out; `you` marks other pages of the same person.
    """
    people: dict[int, dict[str, Any]] = {}
    for page in Presence.here(dossier, tab):
        person = people.setdefault(
            page.user_id,
            {
                "name": _name(page.user),
                "initials": initials(page.user),
                "you": page.user_id == user.pk,
                "edits": [],
            },
        )
        if page.record and [page.record, page.field] not in person["edits"]:
            person["edits"].append([page.record, page.field])
    return list(people.values())


def shown(change: live.Told, user: User) -> dict[str, Any]:
    """A change as a page reads it; no values, for those are read under the viewer's own rights."""
    names = ("number", "noun", "ref", "version", "operation", "fields", "at", "touches")
    told = {name: getattr(change, name) for name in names}
    return told | {"who": _name(change.author), "you": change.author.pk == user.pk}


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()


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
