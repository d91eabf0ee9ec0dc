"""A dossier: one negotiation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce, Now
from django.urls import reverse

from .fields import OneOf
from .membership import LastOwner, Membership

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    from .user import User


def check_time_zone(name: str) -> None:
    """Refuse a name that the time zone database does not know."""
    if name not in available_timezones():
        raise ValidationError(f"'{name}' is not a time zone. Try 'UTC' or 'Europe/Kyiv'.")


class DossierQuerySet(models.QuerySet["Dossier"]):
    """Dossiers, narrowed to those a person may open."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> DossierQuerySet:
        """Public ones, and the private ones that `user` is a member of."""
        if getattr(user, "is_superuser", False):
            return self.all()
        public = models.Q(visibility=Dossier.Visibility.PUBLIC)
        if not user.is_authenticated:
            return self.filter(public)
        mine = Membership.objects.filter(dossier=models.OuterRef("pk"), user=user)
        return self.filter(public | models.Exists(mine))

    def with_counts(self, user: AbstractBaseUser | AnonymousUser) -> DossierQuerySet:
        """Adds `role` of `user` ("" for none), `event_count` and `source_count` as they see them.

        Who is no member counts published events, and the sources that published records cite.
        """
        from .event import Event
        from .source import Source

        mine = Membership.objects.filter(dossier=models.OuterRef("pk"), user_id=user.pk)
        role: models.Expression = Coalesce(models.Subquery(mine.values("role")), models.Value(""))
        if getattr(user, "is_superuser", False):
            role = models.Value(Membership.Role.OWNER.value)
        events = Event.objects.filter(dossier=models.OuterRef("pk"))
        sources = Source.objects.filter(dossier=models.OuterRef("pk"))

        def counted(rows: models.QuerySet[Any], hidden: models.Q | None) -> models.Case:
            seen = _count(rows.exclude(hidden) if hidden else rows)
            return models.Case(models.When(role="", then=seen), default=_count(rows))

        return self.annotate(role=role).annotate(
            event_count=counted(events, Event.hidden_from_public()),
            source_count=counted(sources, Source.hidden_from_public()),
        )


def _count(rows: models.QuerySet[Any]) -> Coalesce:
    """How many `rows` a dossier has, 0 for none."""
    counted = rows.order_by().values("dossier").annotate(n=models.Count("pk")).values("n")
    return Coalesce(models.Subquery(counted), models.Value(0))


class Dossier(models.Model):
    """One negotiation: the unit of permission, export and snapshot."""

    class Visibility(models.TextChoices):
        """Who may read the published part."""

        PRIVATE = "private", "Private"
        PUBLIC = "public", "Public"

    slug = models.SlugField(max_length=80, unique=True, help_text="Its name in addresses.")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="")
    time_zone = models.CharField(max_length=64, default="UTC", validators=[check_time_zone])
    visibility = OneOf(choices=Visibility, default=Visibility.PRIVATE)
    stale_after = models.PositiveSmallIntegerField(
        default=30, help_text="Days after which a latest position counts as old."
    )
    version = models.PositiveIntegerField(db_default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, then read back the version the database wrote."""
        updating = not self._state.adding
        super().save(*args, **kwargs)
        if updating:
            self.refresh_from_db(fields=["version", "updated_at"])

    def get_absolute_url(self) -> str:
        return reverse("events:timeline", args=[self.slug])

    def establish(self, owner: User) -> None:
        """Save a new dossier and make `owner` its owner; run inside `recording()`."""
        self.save()
        Membership.objects.create(dossier=self, user=owner, role=Membership.Role.OWNER)

    @property
    def is_public(self) -> bool:
        """Whether people without a membership may read what is published."""
        return self.visibility == self.Visibility.PUBLIC

    def is_owned_by(self, user: User) -> bool:
        """Whether `user` owns it, as every superuser does."""
        owners = Membership.objects.filter(dossier=self, role=Membership.Role.OWNER)
        return user.is_superuser or owners.filter(user=user).exists()

    def lock_members(self) -> None:
        """Wait for others who are changing its members; nobody else can until the transaction
        ends. All who might take the last owner away come through here."""
        Dossier.objects.select_for_update(no_key=True).values_list("pk").get(pk=self.pk)

    def keep_an_owner(self) -> None:
        """Raise LastOwner when nobody is left who owns the dossier and can sign in."""
        owners = Membership.objects.filter(dossier=self, role=Membership.Role.OWNER)
        if not owners.filter(user__is_active=True).exists():
            raise LastOwner
