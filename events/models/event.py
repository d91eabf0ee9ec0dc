"""Events and who took part in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from events import dates

from .actor import Actor
from .base import ContestableQuerySet, Record, Reviewable, Within, ordered
from .fields import InstantField, OneOf
from .source import Basis

if TYPE_CHECKING:
    from collections.abc import Sequence


class EventQuerySet(ContestableQuerySet):
    """Events, in the order of time."""

    def in_time(self) -> EventQuerySet:
        """Earliest first, undated last; a tie goes by the later bound, then by id."""
        return self.order_by(
            models.F("earliest").asc(nulls_last=True),
            models.F("latest").asc(nulls_last=True),
            "id",
        )


class Event(Reviewable):
    """Something dated, or to be dated: talks, a statement, a decision, an attack, a deadline.

    `earliest` to `latest` are the outer bounds (latest exclusive); `certain_from` to `certain_to`
    the time through which an interval surely lasted. `when_text` keeps the date as it was said.
    """

    ref_prefix = "E"

    class Kind(models.TextChoices):
        """What sort of event it is."""

        TALKS = "talks", "Talks"
        MEETING = "meeting", "Meeting"
        STATEMENT = "statement", "Statement"
        CALL = "call", "Call"
        DECISION = "decision", "Decision"
        ATTACK = "attack", "Attack"
        DEADLINE = "deadline", "Deadline"
        POST = "post", "Post"
        OTHER = "other", "Other"

    class Modality(models.TextChoices):
        """Whether it took place, is to come, or is only possible."""

        OCCURRED = "occurred", "Occurred"
        PLANNED = "planned", "Planned"
        ANNOUNCED = "announced", "Announced"
        NOT_RULED_OUT = "not_ruled_out", "Not ruled out"
        HYPOTHETICAL = "hypothetical", "Hypothetical"
        CANCELLED = "cancelled", "Cancelled"

    class Channel(models.TextChoices):
        """By what way the sides were in touch."""

        DIRECT = "direct", "Direct"
        PHONE = "phone", "Phone"
        SHUTTLE = "shuttle", "Shuttle"
        RELAYED = "relayed", "Relayed"
        PUBLIC = "public", "Public"
        UNKNOWN = "unknown", "Unknown"

    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True, default="")
    kind = OneOf(choices=Kind, default=Kind.OTHER)
    modality = OneOf(choices=Modality, default=Modality.OCCURRED)
    when_text = models.CharField("when", max_length=200, blank=True, default="")
    when_edtf = models.CharField("when, EDTF", max_length=200, blank=True, default="")
    earliest = InstantField(null=True, blank=True, editable=False)
    latest = InstantField(null=True, blank=True, editable=False)
    certain_from = InstantField(null=True, blank=True, editable=False)
    certain_to = InstantField(null=True, blank=True, editable=False)
    when_basis = OneOf("basis of the date", choices=Basis, default=Basis.STATED)
    when_anchor_day = models.DateField("worked out from the day", null=True, blank=True)
    when_anchor_event = Within(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="dates_derived",
        verbose_name="worked out from the event",
    )
    place = models.CharField(max_length=200, blank=True, default="")
    latitude = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    channel = OneOf(choices=Channel, default=Channel.UNKNOWN)
    part_of = Within("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="parts")

    objects = EventQuerySet.as_manager()

    class Meta(Reviewable.Meta):
        ordering = [
            models.F("earliest").asc(nulls_last=True),
            models.F("latest").asc(nulls_last=True),
            "id",
        ]
        constraints = [
            *Reviewable.Meta.constraints,
            ordered("earliest", "latest"),
            ordered("certain_from", "certain_to"),
            ordered("earliest", "certain_from"),
            ordered("certain_to", "latest"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                # Said out loud, since a CHECK that comes out NULL lets the row pass.
                | models.Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="event_coordinates",
                violation_error_message="Give both latitude (-90 to 90) and longitude, or neither.",
            ),
            models.CheckConstraint(
                condition=models.Q(when_anchor_day__isnull=True)
                | models.Q(when_anchor_event__isnull=True),
                name="event_one_anchor",
                violation_error_message="A date is worked out from a day or an event, not both.",
            ),
        ]
        indexes = [
            models.Index(fields=["dossier", "earliest", "id"], name="event_in_time"),
            GinIndex(
                SearchVector("title", "summary", "when_text", "place", config="simple"),
                name="event_search",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("events:event-detail", args=[self.dossier.slug, self.ref])

    def clean(self) -> None:
        """Refuse an event that is part of itself."""
        super().clean()
        self.refuse_circle("part_of")

    @property
    def when(self) -> dates.Reading:
        """The date as read from what is stored."""
        return dates.from_edtf(self.when_edtf, zone=self.dossier.time_zone, text=self.when_text)

    def set_when(self, reading: dates.Reading, *, anchor_event: Event | None = None) -> None:
        """Take over a reading: text, EDTF, bounds, basis, anchor. Does not save.

        `anchor_event` is the event named in the words ("before the talks"), where there is one.
        """
        self.when_text = reading.text
        self.when_edtf = reading.edtf
        self.earliest, self.latest = reading.earliest, reading.latest
        self.certain_from, self.certain_to = reading.certain_from, reading.certain_to
        self.when_basis = Basis(str(reading.basis))
        self.when_anchor_event = anchor_event
        self.when_anchor_day = None if anchor_event else reading.anchor_day

    def order_against(self, other: Event, relation: str) -> None:
        """Record that this event came `after` or `before` `other`; run inside `recording()`."""
        from .link import Link

        later, earlier = (self, other) if relation == "after" else (other, self)
        Link.objects.filter(
            dossier_id=self.dossier_id,
            kind=Link.Kind.AFTER,
            from_event=earlier,
            to_event=later,
        ).delete()
        Link.objects.get_or_create(
            dossier_id=self.dossier_id,
            kind=Link.Kind.AFTER,
            from_event=later,
            to_event=earlier,
            defaults={"state": self.state},
        )


class Participation(Record):
    """Who took part in an event, and as what."""

    ref_prefix = "PT"

    class Role(models.TextChoices):
        """The part an actor has in an event; an initiator decides, attacks or convenes."""

        INITIATOR = "initiator", "Initiator"
        HOST = "host", "Host"
        MEDIATOR = "mediator", "Mediator"
        DELEGATE = "delegate", "Delegate"
        SPEAKER = "speaker", "Speaker"
        ADDRESSEE = "addressee", "Addressee"
        TARGET = "target", "Target"
        PRESENT = "present", "Present"
        ABSENT = "absent", "Absent"

    ACTING: ClassVar[Sequence[str]] = (
        Role.INITIATOR,
        Role.SPEAKER,
        Role.DELEGATE,
        Role.MEDIATOR,
        Role.HOST,
        Role.PRESENT,
    )
    """Roles that put an event into the actor's lane, foremost first."""

    event = Within(Event, on_delete=models.CASCADE, related_name="participations")
    actor = Within(Actor, on_delete=models.RESTRICT, related_name="participations")
    role = OneOf(choices=Role, default=Role.PRESENT)
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta(Record.Meta):
        ordering = ["id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["event", "actor", "role"],
                name="participation_once",
                violation_error_message="This actor already has this role in the event.",
            ),
        ]

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        return ~models.Q(event__state="published")

    @property
    def headline(self) -> str:
        return f"{self.actor.called} as {self.get_role_display().lower()}"
