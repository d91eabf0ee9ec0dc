"""The members of a dossier: who they are, adding, changing and removing them, leaving."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from events import history
from events.forms.membership import MemberForm, RoleForm
from events.gate import requires
from events.models import Change, Dossier, LastOwner, Membership, keeping_owners
from events.roles import Access, PastIsRead, Viewer


class Members(View):
    """What the pages of members share."""

    def member(self, ref: str) -> Membership:
        """The member of that ref; 404 for none."""
        rows = Membership.objects.select_related("user")
        found = get_object_or_404(rows, dossier=self.request.dossier, ref=ref)
        found.dossier = self.request.dossier
        return found

    def page(self, status: int = 200, **more: Any) -> HttpResponse:
        """The page of all members, with what `more` adds: a form with errors, a question."""
        dossier = self.request.dossier
        rows = Membership.objects.filter(dossier=dossier).select_related("user")
        ranks = {role: rank for rank, role in enumerate(reversed(Membership.Role.values))}
        context = {
            "members": sorted(rows, key=lambda m: (ranks[m.role], m.user.get_username())),
            "roles": Membership.Role.choices,
            "form": MemberForm(dossier=dossier),
            **self.frame(),
        }
        return render(self.request, "events/membership_list.html", context | more, status=status)

    def frame(self) -> dict[str, Any]:
        """What the page around needs."""
        return {
            "dossier": self.request.dossier,
            "dossiers": Dossier.objects.visible_to(self.request.user),
            "viewer": self.request.viewer,
            "screen": "none",
        }

    def done(self, member: Membership, said: str, pk: int) -> HttpResponse:
        """Say what was done, with the way to undo it, and go on to where one may still be."""
        dossier, user = self.request.dossier, self.request.user
        newest = Change.objects.filter(table=Membership._meta.db_table, record_id=pk)
        number = newest.order_by("-id").values_list("revision__number", flat=True).first()
        now = Viewer.of(user, dossier)
        undo = reverse("events:undo", args=[dossier.slug, number]) if number else ""
        messages.success(
            self.request, said, extra_tags=f"undo={undo}" if undo and now.may_own else ""
        )
        if now.may_own:
            return redirect("events:members", dossier.slug)
        open_to_them = now.is_member or dossier.is_public
        return redirect(dossier if open_to_them else "events:dossier-list")


@requires(Access.OWN)
class MembershipList(Members):
    """All members, and adding one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        form = MemberForm(request.POST, dossier=request.dossier)
        if not form.is_valid():
            return self.page(422, form=form)
        member = form.member()
        try:
            with history.recording(by=request.user, note=f"Added {member.user} as {member.role}"):
                member.save()
        except IntegrityError:
            form.add_error("username", f"{member.user} is a member already.")
            return self.page(422, form=form)
        return self.done(member, f"{member.user} added as {member.role}", member.pk)


@requires(Access.OWN)
class MembershipRole(Members):
    """Give a member another role; POST only."""

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        member, form = self.member(ref), RoleForm(request.POST)
        if not form.is_valid():
            return self.page(422, problem=f"{member.user} stays {member.role}: no such role.")
        role = form.cleaned_data["role"]
        if role == member.role:
            return redirect("events:members", request.dossier.slug)
        note = f"{member.user} from {member.role} to {role}"
        try:
            with keeping_owners(), history.recording(by=request.user, note=note):
                member.give(role, form.cleaned_data["version"])
        except LastOwner as problem:
            return self.page(409, problem=str(problem))
        except LookupError:
            return self.page(409, problem="The list was out of date. Choose again.")
        except history.StaleEdit as stale:
            now = stale.latest.get_role_display().lower()
            problem = f"{member.user} was made {now} meanwhile. Choose again if that is not right."
            return self.page(409, problem=problem)
        return self.done(member, f"{member.user} is now {role}", member.pk)


@requires(Access.OWN)
class MembershipRemoval(Members):
    """Take someone out of the dossier: GET asks, POST does it."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        return self.page(leaving=self.member(ref))

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        member = self.member(ref)
        pk = member.pk
        try:
            note = f"Removed {member.user}"
            with keeping_owners(), history.recording(by=request.user, note=note):
                member.end()
        except LastOwner as problem:
            return self.page(409, problem=str(problem))
        return self.done(member, f"{member.user} is no longer a member", pk)


@requires(Access.READ)
class Departure(Members):
    """Leave a dossier: GET asks, POST does it. Everybody may who is a member by themselves."""

    def get(self, request: HttpRequest, status: int = 200, problem: str = "") -> HttpResponse:
        context = {**self.frame(), "own": self._own(), "problem": problem}
        return render(request, "events/membership_departure.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        member = self._own()
        pk = member.pk
        try:
            note = f"{member.user} left"
            with keeping_owners(), history.recording(by=request.user, note=note):
                member.end()
        except LastOwner as problem:
            return self.get(request, 409, str(problem))
        return self.done(member, f"You have left {request.dossier}", pk)

    def _own(self) -> Membership:
        """The membership of who asks; 404 for visitors, and for superusers without one."""
        user = self.request.user
        if self.request.viewer.as_of is not None:
            raise PastIsRead
        found = Membership.objects.filter(dossier=self.request.dossier, user_id=user.pk).first()
        if found is None:
            raise Http404("You are no member here.")
        found.dossier, found.user = self.request.dossier, user
        return found
