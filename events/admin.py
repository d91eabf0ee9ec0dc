"""Django's admin over every record: the plain way to see and mend anything.

Each request that writes runs inside `recording()` with the signed-in user as author, so admin edits
stand in the history like all others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import models
from django.forms import BaseInlineFormSet, Textarea
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events import history
from events.forms.versions import MADE_FROM, VersionedForm
from events.models import (
    Actor,
    Affiliation,
    Change,
    Commitment,
    Conflict,
    ConflictMember,
    Consent,
    Dossier,
    Event,
    Evidence,
    Issue,
    LastOwner,
    Link,
    Membership,
    Note,
    Outcome,
    Participation,
    Passage,
    Position,
    Presence,
    Proposal,
    Proposer,
    Readout,
    ReadoutPassage,
    ReadoutPoint,
    Record,
    RefCounter,
    Reviewable,
    Revision,
    Side,
    Snapshot,
    Source,
    SourceText,
    Suggestion,
    Term,
    User,
    keeping_owners,
)
from events.models.base import ReviewRefused
from events.models.fields import Within

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence


class RecordingAdmin(admin.ModelAdmin):
    """Writes under the name of the user, inside one transaction with one revision."""

    list_per_page = 50
    show_full_result_count = False

    def _recorded(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        recording = history.recording(by=request.user, origin=Revision.Origin.ADMIN)
        try:
            with keeping_owners(), recording:
                response = view(request, *args, **kwargs)
                if isinstance(response, TemplateResponse):
                    response.render()
                return response
        except LastOwner as problem:
            # Only the commit tells; what the view has said by then is not true.
            list(messages.get_messages(request))
            self.message_user(request, f"{problem} Nothing was saved.", messages.ERROR)
            return redirect(request.get_full_path())

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add and change pages."""
        return self._recorded(request, super().changeform_view, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page that asks before deleting one row."""
        return self._recorded(request, super().delete_view, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list, which is also where actions are carried out."""
        for chosen in request.POST.getlist(ACTION_CHECKBOX_NAME):
            _as_key(self.model._meta.pk, chosen)
        return self._recorded(request, super().changelist_view, *args, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address of an add page fills in."""
        initial = super().get_changeform_initial_data(request)
        for field in [*self.model._meta.concrete_fields, *self.model._meta.many_to_many]:
            if field.is_relation and field.name in initial:
                given = initial[field.name]
                for key in given if isinstance(given, list) else [given]:
                    _as_key(field.related_model._meta.pk, key)
        return initial


def _is_key(field: Any, text: str) -> bool:
    """Whether a text can be the key of a row: the database is not asked for anything else."""
    try:
        field.run_validators(field.to_python(text))
    except ValidationError:
        return False
    return True


def _as_key(field: Any, text: str) -> None:
    if not _is_key(field, text):
        raise BadRequest("There is no such row.")


class Versioned:
    """What is saved says which version it was made from (see events/forms/versions.py)."""

    form = VersionedForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """With the version in a hidden field, for those who may change something."""
        fields = [name for name in super().get_fields(request, obj) if name != MADE_FROM]
        may_change = self.has_change_permission(request, obj)
        return [*fields, MADE_FROM] if obj and may_change else fields


class KeySelect(AutocompleteSelect):
    """Shows again what was chosen; what cannot be a key is no choice, and the form says so."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        """The chosen row; Django would ask the database for whatever was sent."""
        target = self.field.remote_field.get_related_field()
        return super().optgroups(name, [v for v in value if not v or _is_key(target, v)], attr)


class LookedUp:
    """Keys are looked up by typing."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """With the widget above in place of Django's."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KeySelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class RecordAdmin(LookedUp, Versioned, RecordingAdmin):
    """What all records share: ref, version, dossier filter, keys as search fields."""

    list_filter = ("dossier",)
    readonly_fields = ("ref", "version", "created_at", "updated_at", "recorded")

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """Every key to another record or user is looked up by typing."""
        del request
        return [
            field.name
            for field in self.model._meta.concrete_fields
            if isinstance(field, models.ForeignKey)
        ]

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        """Follow what a row's name is made of in the one query of the list."""
        del request
        return ["dossier", *self.followed]

    followed: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A stored record keeps its dossier."""
        return (*self.readonly_fields, "dossier") if obj else tuple(self.readonly_fields)

    @admin.display(description="history")
    def recorded(self, record: Record) -> str:
        """The last ten changes: version, operation, author and time."""
        if record.pk is None:
            return "Not stored yet."
        lines = [
            f"{(change.after or change.before or {}).get('version', '')} "
            f"{change.get_operation_display()} by {change.revision.author}"
            + (
                f", {change.revision.sealed_at:%d %b %Y, %H:%M} UTC"
                if change.revision.sealed_at
                else ""
            )
            + (f": {change.revision.note}" if change.revision.note else "")
            for change in history.changes_of(record)[:10]
        ]
        return "\n".join(lines)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any) -> HttpResponse:
        """The history as the database wrote it, whoever wrote and wherever; also of a row that is
        gone. The admin's own log knows only of what was done in the admin."""
        del args
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        changes = reverse("admin:events_change_changelist")
        row = {"table": self.model._meta.db_table, "record_id": unquote(object_id)}
        return redirect(f"{changes}?{urlencode(row)}")

    @admin.display(description="what", ordering="ref")
    def said(self, record: Record) -> str:
        """The record's headline, short enough for a row."""
        words = record.headline
        return words if len(words) <= 100 else f"{words[:99]}…"


class ReviewableAdmin(RecordAdmin):
    """A record with a review state, and the actions that move it."""

    list_filter = ("dossier", "state")
    actions = ("publish", "review", "withdraw")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The state is moved by actions, not typed."""
        return (*super().get_readonly_fields(request, obj), "state")

    def _move(self, request: HttpRequest, queryset: Any, state: str, word: str) -> None:
        """One by one through the model's verbs: what holds on the pages holds here."""
        verb = {"reviewed": "review", "published": "publish"}.get(state, "withdraw")
        moved = 0
        for record in queryset.exclude(state=state).order_by("pk"):
            try:
                getattr(record, verb)(by=request.user)
            except ReviewRefused as problem:
                self.message_user(request, str(problem), messages.ERROR)
            else:
                moved += 1
        self.message_user(request, f"{word}: {moved}.", messages.SUCCESS)

    @admin.action(description="Publish the selected records", permissions=["change"])
    def publish(self, request: HttpRequest, queryset: Any) -> None:
        """Make visible to all who may see the dossier."""
        self._move(request, queryset, Reviewable.State.PUBLISHED, "Published")

    @admin.action(description="Mark the selected records as reviewed", permissions=["change"])
    def review(self, request: HttpRequest, queryset: Any) -> None:
        """Mark as reviewed."""
        self._move(request, queryset, Reviewable.State.REVIEWED, "Marked as reviewed")

    @admin.action(description="Withdraw the selected records to draft", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: Any) -> None:
        """Take back to draft."""
        self._move(request, queryset, Reviewable.State.DRAFT, "Withdrawn")


class SameDossierFormSet(BaseInlineFormSet):
    """Rows added inside a parent's page belong to the parent's dossier before they are checked."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)
        parent = self.instance
        form.instance.dossier_id = parent.pk if isinstance(parent, Dossier) else parent.dossier_id
        return form


class RecordInline(LookedUp, Versioned, admin.TabularInline):
    """Rows of a record inside the page of the record they belong to."""

    extra = 0
    show_change_link = True
    formset = SameDossierFormSet
    # Long text grows in the browser; at full size a row would run out of the page.
    formfield_overrides: ClassVar[dict[Any, Any]] = {
        models.TextField: {"widget": Textarea(attrs={"rows": 2, "cols": 28})}
    }

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The dossier is the parent's, so it is not asked for."""
        del request, obj
        return () if self.parent_model is Dossier else ("dossier",)

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """Every key but the one to the parent is looked up by typing."""
        del request
        return [
            field.name
            for field in self.model._meta.concrete_fields
            if isinstance(field, Within) and field.related_model is not self.parent_model
        ]


class MembershipInline(RecordInline):
    model = Membership

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """People are looked up by typing."""
        return ["user"]


class SideInline(RecordInline):
    model = Side


class SourceTextInline(RecordInline):
    model = SourceText
    fields = ("ref", "number", "sha256")
    readonly_fields = ("ref", "number", "sha256")
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A text is added on its own page, where there is room for it."""
        return False


class ParticipationInline(RecordInline):
    model = Participation
    fields = ("actor", "role", "note")


class EvidenceInline(RecordInline):
    model = Evidence
    fields = ("passage", "bearing", "manner", "speaker", "clean_text", "credibility", "note")


class PositionInline(RecordInline):
    model = Position
    fk_name = "event"
    fields = ("actor", "issue", "stance", "condition", "voiced_by")


class AffiliationInline(RecordInline):
    model = Affiliation
    fk_name = "member"
    fields = ("body", "title", "held_text", "basis")
    autocomplete_fields = ("body",)

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """The body is looked up by typing; the member is the parent."""
        return ["body"]


class TermInline(RecordInline):
    model = Term


class ProposerInline(RecordInline):
    model = Proposer


class ConsentInline(RecordInline):
    model = Consent


class OutcomeInline(RecordInline):
    model = Outcome


class ConflictMemberInline(RecordInline):
    model = ConflictMember


@admin.register(User)
class PersonAdmin(RecordingAdmin, UserAdmin):
    """Accounts, with the habits of the interface. With one its memberships go, which is recorded;
    who is the last owner of a dossier is neither deleted nor switched off."""

    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        (_("Interface"), {"fields": ("theme", "single_keys")}),
    )


@admin.register(Dossier)
class DossierAdmin(Versioned, RecordingAdmin):
    """Dossiers, with their members and sides."""

    list_display = ("title", "slug", "visibility", "time_zone", "version")
    list_filter = ("visibility",)
    search_fields = ("title", "slug", "description")
    readonly_fields = ("version", "created_at", "updated_at")
    inlines = (MembershipInline, SideInline)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A new dossier for which no owner was named is owned by who made it."""
        super().save_related(request, form, formsets, change)
        members = Membership.objects.filter(dossier=form.instance)
        if not change and not members.filter(role=Membership.Role.OWNER).exists():
            owned = {"role": Membership.Role.OWNER}
            members.update_or_create(dossier=form.instance, user=request.user, defaults=owned)


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    list_display = ("ref", "user", "role", "dossier")
    list_filter = ("dossier", "role")
    search_fields = ("ref", "user__username")
    followed = ("user",)


@admin.register(Side)
class SideAdmin(RecordAdmin):
    list_display = ("ref", "code", "name", "order", "slot", "dossier")
    search_fields = ("ref", "code", "name")


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    list_display = ("ref", "title", "kind", "publisher", "published_text", "reliability", "dossier")
    list_filter = ("dossier", "kind", "reliability", "language")
    search_fields = ("ref", "title", "publisher", "author")
    inlines = (SourceTextInline,)


@admin.register(SourceText)
class SourceTextAdmin(RecordAdmin):
    list_display = ("ref", "source", "number", "sha256", "dossier")
    search_fields = ("ref", "source__ref", "source__title")
    followed = ("source",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A stored text is never changed; the database refuses it too."""
        fixed = ("source", "number", "text", "sha256") if obj else ("sha256",)
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Lists leave the long texts in the database."""
        rows = super().get_queryset(request)
        listing = request.resolver_match is None or request.resolver_match.url_name.endswith(
            "changelist"
        )
        return rows.defer("text") if listing else rows


@admin.register(Passage)
class PassageAdmin(RecordAdmin):
    list_display = ("ref", "said", "source_text", "start", "end", "state", "dossier")
    list_filter = ("dossier", "state")
    search_fields = ("ref", "exact")
    followed = ("source_text__source",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """A passage needs the name of its text, not the text."""
        return super().get_queryset(request).defer("source_text__text")


@admin.register(Suggestion)
class SuggestionAdmin(RecordAdmin):
    list_display = ("ref", "said", "kind", "decision", "source", "dossier")
    list_filter = ("dossier", "decision", "kind")
    search_fields = ("ref", "exact")
    followed = ("source",)


@admin.register(Actor)
class ActorAdmin(RecordAdmin):
    list_display = ("ref", "name", "short_name", "kind", "side", "dossier")
    list_filter = ("dossier", "kind", "side")
    search_fields = ("ref", "name", "short_name", "aliases")
    followed = ("side",)
    inlines = (AffiliationInline,)


@admin.register(Affiliation)
class AffiliationAdmin(ReviewableAdmin):
    list_display = ("ref", "member", "title", "body", "held_text", "basis", "state")
    search_fields = ("ref", "title", "member__name", "body__name")
    followed = ("member", "body")
    inlines = (EvidenceInline,)


@admin.register(Issue)
class IssueAdmin(RecordAdmin):
    list_display = ("ref", "name", "parent", "order", "dossier")
    search_fields = ("ref", "name", "description")
    followed = ("parent",)


@admin.register(Proposal)
class ProposalAdmin(ReviewableAdmin):
    list_display = ("ref", "said", "tabled_in", "duration", "state", "dossier")
    search_fields = ("ref", "issue__name")
    followed = ("issue", "tabled_in")
    inlines = (ProposerInline, ConsentInline, TermInline, EvidenceInline)


@admin.register(Event)
class EventAdmin(ReviewableAdmin):
    list_display = (
        "ref",
        "title",
        "kind",
        "when_text",
        "when_edtf",
        "modality",
        "state",
        "dossier",
    )
    list_filter = ("dossier", "state", "kind", "modality", "when_basis")
    search_fields = ("ref", "title", "summary", "place")
    inlines = (ParticipationInline, PositionInline, EvidenceInline)


@admin.register(Participation)
class ParticipationAdmin(RecordAdmin):
    list_display = ("ref", "event", "actor", "role", "dossier")
    list_filter = ("dossier", "role")
    search_fields = ("ref", "event__title", "actor__name")
    followed = ("event", "actor")


@admin.register(Position)
class PositionAdmin(ReviewableAdmin):
    list_display = ("ref", "actor", "issue", "stance", "event", "shift", "state", "dossier")
    list_filter = ("dossier", "state", "stance", "issue")
    search_fields = ("ref", "summary", "condition", "actor__name", "issue__name")
    followed = ("actor", "issue", "event")
    inlines = (EvidenceInline,)


@admin.register(Commitment)
class CommitmentAdmin(ReviewableAdmin):
    list_display = ("ref", "debtor", "action", "firmness", "due_text", "state", "dossier")
    list_filter = ("dossier", "state", "firmness")
    search_fields = ("ref", "action", "condition", "debtor__name")
    followed = ("debtor",)
    inlines = (OutcomeInline, EvidenceInline)


@admin.register(Outcome)
class OutcomeAdmin(RecordAdmin):
    list_display = ("ref", "commitment", "event", "result", "dossier")
    list_filter = ("dossier", "result")
    search_fields = ("ref", "commitment__action", "event__title")
    followed = ("commitment", "event")


@admin.register(Link)
class LinkAdmin(ReviewableAdmin):
    list_display = ("ref", "from_event", "kind", "to_event", "state", "dossier")
    list_filter = ("dossier", "state", "kind")
    search_fields = ("ref", "from_event__title", "to_event__title", "note")
    followed = ("from_event", "to_event")
    inlines = (EvidenceInline,)


@admin.register(Conflict)
class ConflictAdmin(RecordAdmin):
    list_display = ("ref", "title", "status", "dossier")
    list_filter = ("dossier", "status")
    search_fields = ("ref", "title", "note")
    inlines = (ConflictMemberInline, EvidenceInline)


@admin.register(ConflictMember)
class ConflictMemberAdmin(RecordAdmin):
    list_display = ("ref", "conflict", "event", "position", "commitment", "proposal", "dossier")
    search_fields = ("ref", "conflict__title")
    followed = (
        "conflict",
        "event",
        "position__actor",
        "position__issue",
        "commitment",
        "proposal__issue",
    )


@admin.register(Evidence)
class EvidenceAdmin(RecordAdmin):
    list_display = ("ref", "said", "bearing", "manner", "speaker", "credibility", "dossier")
    list_filter = ("dossier", "bearing", "manner", "credibility")
    search_fields = ("ref", "clean_text", "passage__exact", "speaker__name")
    followed = ("passage", "speaker")


@admin.register(Term)
class TermAdmin(RecordAdmin):
    list_display = ("ref", "proposal", "number", "said", "dossier")
    search_fields = ("ref", "text")
    followed = ("proposal__issue",)


@admin.register(Proposer)
class ProposerAdmin(RecordAdmin):
    list_display = ("ref", "proposal", "actor", "dossier")
    search_fields = ("ref", "actor__name", "proposal__issue__name")
    followed = ("proposal__issue", "actor")


@admin.register(Consent)
class ConsentAdmin(RecordAdmin):
    list_display = ("ref", "proposal", "actor", "asked", "dossier")
    search_fields = ("ref", "actor__name", "asked", "proposal__issue__name")
    followed = ("proposal__issue", "actor")


@admin.register(Readout)
class ReadoutAdmin(RecordAdmin):
    list_display = ("ref", "event", "source", "actor", "dossier")
    search_fields = ("ref", "event__title", "source__title", "actor__name")
    followed = ("event", "source", "actor")


@admin.register(ReadoutPoint)
class ReadoutPointAdmin(RecordAdmin):
    list_display = ("ref", "event", "number", "subject", "reading", "dossier")
    list_filter = ("dossier", "reading")
    search_fields = ("ref", "event__title", "subject", "note")
    followed = ("event",)


@admin.register(ReadoutPassage)
class ReadoutPassageAdmin(RecordAdmin):
    list_display = ("ref", "point", "readout", "passage", "dossier")
    search_fields = ("ref", "point__subject", "passage__exact")
    followed = ("point", "readout__source", "readout__actor", "passage")


@admin.register(Note)
class NoteAdmin(RecordAdmin):
    list_display = ("ref", "said", "author", "resolved", "dossier")
    list_filter = ("dossier", "resolved")
    search_fields = ("ref", "text", "author__username")
    followed = ("author",)


@admin.register(Snapshot)
class SnapshotAdmin(RecordAdmin):
    list_display = ("ref", "number", "title", "revision", "dossier")
    search_fields = ("ref", "title")


class ReadOnlyAdmin(admin.ModelAdmin):
    """The history is looked at, never touched."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only the database writes here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes the history."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes from the history."""
        return False


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ("number", "dossier_id", "author", "origin", "sealed_at", "note")
    list_filter = ("origin", "author")
    search_fields = ("note", "author__username")
    list_select_related = ("author",)
    ordering = ("-sealed_at",)


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ("id", "ref", "table", "operation", "revision", "author", "sealed_at")
    list_filter = ("operation", "table")
    ordering = ("-id",)
    search_fields = ("ref",)
    list_select_related = ("revision__author",)

    @admin.display(ordering="revision__author")
    def author(self, change: Change) -> str:
        """Who made the change."""
        return str(change.revision.author)

    @admin.display(description="when", ordering="revision__sealed_at")
    def sealed_at(self, change: Change) -> dt.datetime | None:
        """When the revision was sealed."""
        return change.revision.sealed_at


@admin.register(RefCounter)
class RefCounterAdmin(ReadOnlyAdmin):
    list_display = ("dossier_id", "prefix", "last")


@admin.register(Presence)
class PresenceAdmin(ReadOnlyAdmin):
    list_display = ("user", "dossier_id", "record", "field", "seen_at")
