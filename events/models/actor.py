"""Actors and the offices they hold."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.urls import reverse

from .base import Record, Reviewable, Within, named_in, ordered
from .fields import OneOf, UncertainDate
from .side import Side


class Actor(Record):
    """A person, state, body, delegation or group that acts or speaks."""

    ref_prefix = "A"

    class Kind(models.TextChoices):
        """What sort of actor it is."""

        PERSON = "person", "Person"
        STATE = "state", "State"
        GOVERNMENT_BODY = "government_body", "Government body"
        INTERNATIONAL_ORGANISATION = "international_organisation", "International organisation"
        ARMED_GROUP = "armed_group", "Armed group"
        DELEGATION = "delegation", "Delegation"
        MEDIA = "media", "Media"
        UNNAMED = "unnamed", "Unnamed group or source"

    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True, default="")
    kind = OneOf(choices=Kind, default=Kind.PERSON)
    side = Within(Side, on_delete=models.SET_NULL, null=True, blank=True, related_name="actors")
    aliases = ArrayField(models.CharField(max_length=200), blank=True, default=list)
    wikidata = models.CharField(
        "Wikidata item", max_length=20, blank=True, default="", help_text="Such as Q1234."
    )
    note = models.TextField(blank=True, default="")

    class Meta(Record.Meta):
        ordering = ["name", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(wikidata="") | models.Q(wikidata__regex=r"^Q[1-9][0-9]*$"),
                name="actor_wikidata_item",
                violation_error_message="A Wikidata item looks like Q1234.",
            ),
        ]
        indexes = [
            GinIndex(
                SearchVector("name", "short_name", "note", config="simple"), name="actor_search"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("events:actor-detail", args=[self.dossier.slug, self.ref])

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        """Whom no published record names. The keys are those of every record to an actor."""
        named = named_in(
            *("Participation.actor", "Position.actor", "Position.voiced_by"),
            *("Position.addressee", "Commitment.debtor", "Commitment.creditor"),
            *("Commitment.depends_on_actor", "Proposer.actor", "Consent.actor"),
            *("Affiliation.member", "Affiliation.body", "Evidence.speaker"),
            "Readout.actor",
        )
        return ~named

    @property
    def called(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


class Affiliation(Reviewable):
    """An office or membership: who belongs to which body, as what, from when to when."""

    ref_prefix = "AF"

    class Basis(models.TextChoices):
        """How the affiliation is known."""

        STATED = "stated", "Stated"
        INFERRED = "inferred", "Inferred"

    member = Within(Actor, on_delete=models.CASCADE, related_name="affiliations")
    body = Within(Actor, on_delete=models.CASCADE, related_name="members")
    title = models.CharField(max_length=200, blank=True, default="")
    held = UncertainDate("held")
    basis = OneOf(choices=Basis, default=Basis.STATED)

    class Meta(Reviewable.Meta):
        ordering = ["member_id", "held_earliest", "id"]
        constraints = [
            *Reviewable.Meta.constraints,
            ordered("held_earliest", "held_latest"),
            models.CheckConstraint(
                condition=~models.Q(member=models.F("body")),
                name="affiliation_not_self",
                violation_error_message="Nobody is a member of themselves.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("events:affiliation-detail", args=[self.dossier.slug, self.ref])

    @property
    def headline(self) -> str:
        office = self.title or "member"
        return f"{self.member.called}, {office}, {self.body.called}"
