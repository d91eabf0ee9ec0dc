"""The form of a note, and what the page of all notes reads from its address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db.models import Q
from django.urls import reverse

from events.forms.fields import TargetField
from events.forms.paging import ListForm, Page
from events.forms.records import RecordForm
from events.models import (
    Actor,
    Commitment,
    Conflict,
    Event,
    Note,
    Position,
    Proposal,
    Source,
    User,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from events.models import Record
    from events.roles import Viewer

LONGEST = 10_000
"""Characters of a note: it is a comment. What is longer belongs into a source or a summary."""


class NoteForm(RecordForm):
    """What a member says about a record. The record is chosen once, the words can be changed."""

    text = forms.CharField(
        label="Note",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
        help_text="Markdown. @name calls a member, E7 links to the record.",
    )
    about = TargetField(
        Event,
        Position,
        Commitment,
        Proposal,
        Source,
        Actor,
        Conflict,
        label="About",
        help_text="The record, by its number: E7.",
    )
    field_order: ClassVar[list[str]] = ["about", "text"]
    off_page = ("about",)
    together = ("about",)

    class Meta(RecordForm.Meta):
        model = Note
        fields: ClassVar[list[str]] = ["text"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = reverse("events:note-people", args=[self.dossier.slug])
        self.fields["text"].widget.attrs["data-mentions"] = people
        self.fields.pop("reason", None)
        if self.latest is not None:
            self.fields.pop("about", None)

    def write(self, by: User) -> bool:
        """Save; a new note is by whoever saves it."""
        self.author = by
        return super().write(by)

    def complete(self, record: Record) -> None:
        record.author = self.author  # type: ignore[attr-defined]


class NotesForm(ListForm):
    """Which notes: open, those that call the reader, their own, resolved; of which record."""

    SHOWN: ClassVar[list[tuple[str, str]]] = [
        ("open", "Open"),
        ("mentions", "Mention me"),
        ("mine", "Mine"),
        ("resolved", "Resolved"),
    ]
    show = forms.ChoiceField(label="Show", choices=SHOWN, required=False)
    on = forms.CharField(label="On record", required=False, max_length=40)

    @property
    def shown(self) -> str:
        """The chosen set; the open ones unless the address says otherwise."""
        return self.cleaned_data.get("show") or "open"

    def chosen(self, viewer: Viewer) -> QuerySet[Note]:
        """The notes that the address asks for. Notes that mention the reader are open ones."""
        self.is_valid()
        rows = Note.objects.visible_to(viewer)
        if self.shown == "mine":
            rows = rows.filter(author_id=viewer.user.pk)
        elif self.shown == "resolved":
            rows = rows.filter(resolved=True)
        else:
            rows = rows.still_open()
        if self.shown == "mentions":
            rows = rows.mentioning(viewer.user.get_username())
        if on := self.cleaned_data.get("on", ""):
            about = Q(pk__in=[])
            for name in Note.TARGETS:
                about |= Q(**{f"{name}__ref__iexact": on})
            rows = rows.filter(about)
        return rows

    def newest(self, rows: QuerySet[Note]) -> Page:
        """The page of `rows` that the address names, the newest note first."""
        return self.page_of(rows, ("id",), newest_first=True)

    @staticmethod
    def _having(model: Any, word: str) -> Q:
        return Q(ref__iexact=word) | Q(text__icontains=word)


class PeopleForm(forms.Form):
    """The letters after an @, while one types."""

    q = forms.CharField(required=False, max_length=150)

    def members(self, viewer: Viewer) -> QuerySet[User]:
        """The first members of the dossier whose name begins so; nobody else is ever named."""
        self.is_valid()
        q = self.cleaned_data.get("q", "")
        begins = Q(username__istartswith=q) | Q(first_name__istartswith=q)
        rows = User.objects.filter(begins | Q(last_name__istartswith=q))
        return rows.filter(membership__dossier=viewer.dossier).order_by("username")[:8]
