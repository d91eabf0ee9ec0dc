"""What somebody sent who was signed out meanwhile, or whose page had become too old to be sent.

Neither loses what was typed: the answer is a page that holds it, and from which it is sent again.
Nothing is stored; the page carries it through the sign-in.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from events.forms.account import SignInForm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

UNSENT = {"csrfmiddlewaretoken", "password"}
"""Fields that are not carried: a mark that is too old, and what nobody else should see."""

PLUMBING = {"version", "base", "next", "carried", "act", "username", "received", "step"}
"""Fields that are carried but not shown as what was written."""

OF_A_MERGE = re.compile("(mine|typed)-")
"""What stands before the names of a form's fields on a merge page."""

LONGEST_READ = 100_000_000
"""Bytes of a request that is refused for its size, and yet read to its end."""

HEADER = "Signed-Out"
"""Tells our scripts that the same, sent as a page, is answered with a page that holds it."""


def sent_by(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and values of a form, in its order."""
    lists = request.POST.lists()
    return [(name, value) for name, values in lists if name not in UNSENT for value in values]


def packed(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and values in one hidden field."""
    return json.dumps(list(pairs), ensure_ascii=False)


def unpacked(text: str) -> list[tuple[str, str]]:
    """What `packed` made; nothing where it is anything else."""
    try:
        pairs = [(str(name), str(value)) for name, value in json.loads(text)]
        packed(pairs).encode()  # half a pair of surrogates is no text, and cannot be sent
        return pairs
    except (ValueError, TypeError, RecursionError):
        return []


def fields_at(address: str) -> Mapping[str, Any]:
    """The fields of the form at an address of ours, whether or not its record is there."""
    try:
        view = resolve(urlsplit(address).path).func
    except (Resolver404, ValueError):
        return {}
    form = getattr(view, "view_initkwargs", {}).get("form_class")
    return form.shown_fields() if form else {}


def written(pairs: Iterable[tuple[str, str]], to: str = "") -> list[tuple[str, str]]:
    """What a person reads of what is sent to an address: labels, and texts or words of choices."""
    fields, shown = fields_at(to), []
    for sent, value in pairs:
        name = OF_A_MERGE.sub("", sent, count=1)
        # Of a merge the texts are shown; which of them was chosen says little without the page.
        if name in PLUMBING or sent.startswith("choice-") or not value.strip():
            continue
        label = getattr(fields.get(name), "label", None)
        words = label or name.replace("_", " ").capitalize()
        shown.append((str(words), in_words(fields.get(name), value)))
    return shown


def in_words(field: Any, value: str) -> str:
    """A value as its form names it; records stay as they are, for not everybody may see them."""
    if not isinstance(field, forms.ChoiceField) or isinstance(field, forms.ModelChoiceField):
        return value
    choices: Any = field.choices
    return next((str(words) for key, words in choices if str(key) == value), value)


def to_sign_in(request: HttpRequest) -> dict[str, object]:
    """The context of a sign-in page that carries what was sent on."""
    pairs = sent_by(request)
    return {
        "form": SignInForm(request),
        "next": request.get_full_path(),
        "carried": packed(pairs),
        "written": written(pairs, request.get_full_path()),
    }


def once_more(
    request: HttpRequest, to: str, pairs: list[tuple[str, str]], status: int
) -> HttpResponse:
    """A page from which `pairs` are sent to the address `to` by a press of a button."""
    context = {"to": to, "pairs": pairs, "written": written(pairs, to)}
    return render(request, "carried.html", context, status=status)


def after_sign_in(request: HttpRequest, data: Mapping[str, str]) -> HttpResponse | None:
    """The page to send what was carried through the sign-in; None when there is nothing."""
    to, pairs = data.get("next", ""), unpacked(data.get("carried", ""))
    ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, request.is_secure())
    return once_more(request, to, pairs, 200) if pairs and ours and to.startswith("/") else None


class KeepWhatWasSent:
    """Middleware: a form sent by somebody who is signed out is answered with a sign-in page that
    holds it. The answer is the same whether or not there is something at the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and look whether the answer turned a form away."""
        response = self.get_response(request)
        if request.method != "POST" or request.user.is_authenticated or not sent_by(request):
            return response
        sent_away = response.get("Location", "") == redirect_to_login(request.get_full_path()).url
        if not sent_away and response.status_code != 404:
            return response
        status = 403 if sent_away else 404
        page = render(request, "sign_in.html", to_sign_in(request), status=status)
        page[HEADER] = "true"
        return page


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be read. Django's own answer looks into the form once more, and fails
    where that is what cannot be read.

    A page that takes whole texts says itself that one was too long.
    """
    match = request.resolver_match
    view = getattr(match.func, "view_class", None) if match else None
    is_too_much = isinstance(exception, RequestDataTooBig)
    if is_too_much:
        _read_to_the_end(request)
    if match and is_too_much and getattr(view, "takes_texts", False):
        request.method, request.is_too_much = "GET", True  # type: ignore[attr-defined]
        with suppress(Http404, PermissionDenied):
            return match.func(request, *match.args, **match.kwargs)
    return render(request, "400.html", status=400)


def _read_to_the_end(request: HttpRequest) -> None:
    """Take in what is left of a request: a browser that is still sending hears no answer."""
    left = LONGEST_READ
    with suppress(OSError):
        while left > 0 and (chunk := request.read(1 << 16)):
            left -= len(chunk)


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose mark against forgery does not fit, as after signing in elsewhere.

    Only what comes from a page of ours is offered again: a page of others could have anything
    sent in this way.
    """
    del reason
    origin = request.headers.get("Origin", "")
    host = f"{request.scheme}://{request.get_host()}"
    pairs = sent_by(request) if origin == host else []
    if not pairs:
        return render(request, "403_csrf.html", status=403)
    page = once_more(request, request.get_full_path(), pairs, 403)
    page[HEADER] = "true"
    return page
