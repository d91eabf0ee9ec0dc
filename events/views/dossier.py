"""Dossiers: the list one starts from, making one, and its settings."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View
from django.views.decorators.http import require_safe

from events import history
from events.forms.dossier import DossierForm, SettingsForm
from events.gate import open_to, requires
from events.models import Dossier
from events.roles import Access
from events.views.merging import forget

TAKEN = "Somebody saved the same address or the same code of a side a moment ago. Save again."


@require_safe
@open_to(Access.PUBLIC)
def dossier_list(request: HttpRequest) -> HttpResponse:
    """The dossiers one may see; a visitor who can see one and make none goes straight to it."""
    dossiers = list(Dossier.objects.visible_to(request.user).with_counts(request.user))
    if len(dossiers) == 1 and not request.user.is_authenticated:
        return redirect(dossiers[0])
    return render(request, "events/dossier_list.html", {"listed": dossiers})


@open_to(Access.SIGNED_IN)
class DossierCreate(View):
    """Make a dossier; who makes it owns it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, DossierForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = DossierForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, 422)
        try:
            with history.recording(by=request.user, note="New dossier"):
                dossier = form.save(commit=False)
                dossier.establish(request.user)
        except IntegrityError:
            form.add_error(None, TAKEN)
            return self._page(request, form, 422)
        messages.success(request, f"{dossier} is there. You own it.")
        return forget(request, redirect(dossier), [request.get_full_path()])

    def _page(self, request: HttpRequest, form: DossierForm, status: int = 200) -> HttpResponse:
        return render(request, "events/dossier_form.html", {"form": form}, status=status)


@requires(Access.OWN)
class DossierEdit(View):
    """Change a dossier's settings and its sides."""

    def get(self, request: HttpRequest) -> HttpResponse:
        dossier = request.dossier  # type: ignore[attr-defined]
        return self._page(request, SettingsForm(instance=dossier))

    def post(self, request: HttpRequest) -> HttpResponse:
        dossier = request.dossier  # type: ignore[attr-defined]
        # A row of its own: a refused form leaves its values on it, and the page names the dossier.
        form = SettingsForm(request.POST, instance=Dossier.objects.get(pk=dossier.pk))
        try:
            # Checked in here too: it compares with a version that nobody else can change then.
            with history.recording(by=request.user, note="Settings of the dossier"):
                saved = form.save() if form.is_valid() else None
        except IntegrityError:
            form.add_error(None, TAKEN)
            return self._page(request, form, 422)
        if saved is None:
            return self._page(request, form, 409 if form.met_others else 422)
        kept = f", beside what others changed: {', '.join(form.kept)}" if form.kept else ""
        messages.success(request, f"Settings saved{kept}")
        return forget(request, redirect(saved), [request.get_full_path()])

    def _page(self, request: HttpRequest, form: SettingsForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "sides": form.sides,
            "dossier": request.dossier,  # type: ignore[attr-defined]
            "viewer": request.viewer,  # type: ignore[attr-defined]
            "screen": "none",
        }
        return render(request, "events/dossier_form.html", context, status=status)
