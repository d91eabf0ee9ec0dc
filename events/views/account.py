"""Signing in and out, the habits of the interface, and the reading of a date while it is typed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import ValidationError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from events import carried, dates
from events.forms.account import PreferencesForm, ReadingForm, SignInForm
from events.gate import open_to, requires
from events.roles import Access

A_YEAR = 365 * 24 * 3600
READING = "events/record_form.html#reading"


@open_to(Access.PUBLIC)
class SignIn(LoginView):
    """The sign-in page; goes on to where one was sent from."""

    template_name = "sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who signed in elsewhere meanwhile gets what the page carried."""
        if request.method == "POST" and request.user.is_authenticated:
            held = carried.after_sign_in(request, request.POST)
            if held is not None:
                return held
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in; go on, or offer to send what was written before."""
        response = super().form_valid(form)
        return carried.after_sign_in(self.request, self.request.POST) or response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is carried is carried on when the password was wrong."""
        pairs = carried.unpacked(self.request.POST.get("carried", ""))
        shown = carried.written(pairs, self.request.POST.get("next", ""))
        held = {"carried": carried.packed(pairs), "written": shown}
        return super().get_context_data(**kwargs) | (held if pairs else {})

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Show the form again, as an answer that says it was refused."""
        response = super().form_invalid(form)
        response.status_code = 422
        return response


@open_to(Access.PUBLIC)
class SignOut(LogoutView):
    """Ends the session; POST only."""


@open_to(Access.PUBLIC)
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep a habit: on the account of whoever is signed in, else in cookies of the same names."""
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("There is no such choice.")
    to = form.cleaned_data["next"]
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, request.is_secure())
    # Not redirect(), which would take a word for the name of a view.
    response: HttpResponse = HttpResponseRedirect(to if safe else "/")
    if request.htmx or "application/json" in request.headers.get("Accept", ""):
        response = HttpResponse(status=204)
    chosen = form.chosen()
    if request.user.is_authenticated:
        for name, value in chosen.items():
            setattr(request.user, name, value if name == "theme" else value == "on")
        request.user.save(update_fields=list(chosen))
        return response
    for name, value in chosen.items():
        response.set_cookie(name, value, max_age=A_YEAR, samesite="Lax", httponly=True)
    return response


@requires(Access.EDIT)
@require_safe
def date_reading(request: HttpRequest) -> HttpResponse:
    """How a date would be read, as a few words of HTML: 422 when it would be refused."""
    try:
        reading = ReadingForm(request.GET).reading(request.dossier)
    except ValidationError as problem:
        refused = {"problem": problem.messages[0]}
        return render(request, READING, refused, status=422)
    context: dict[str, Any] = {"reading": reading, "basis": dates.basis_label(reading)}
    return render(request, READING, context)
