"""What all records share: dossier, ref, version, review state, and the checks built from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.db.models.lookups import Exact

from events import history

from .fields import OneOf, Within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.roles import Viewer

    from .user import User

__all__ = [
    "ContestableQuerySet",
    "Record",
    "RecordQuerySet",
    "ReviewRefused",
    "Reviewable",
    "Within",
    "exactly_one",
    "named_in",
    "ordered",
]


def ordered(first: str, second: str, *, strict: bool = False) -> models.CheckConstraint:
    """A CHECK that `first` is not after `second`; empty bounds pass."""
    lookup = "lt" if strict else "lte"
    return models.CheckConstraint(
        condition=models.Q(**{f"{first}__{lookup}": models.F(second)}),
        name=f"%(class)s_{first}_{second}",
        violation_error_message=f"{first} must not be after {second}.",
    )


class _NonNulls(models.Func):
    """How many of the named columns hold a value."""

    function = "num_nonnulls"
    output_field = models.IntegerField()


def named_in(*keys: str) -> models.Q:
    """Which rows a record names that the public sees; `keys` are written "Position.actor".

    Asked row by row on indexed keys, so that it costs what a page shows and not what there is.
    """
    found = models.Q()
    for key in keys:
        noun, _, name = key.partition(".")
        model: Any = apps.get_model("events", noun)
        rows = model._base_manager.filter(**{name: models.OuterRef("pk")}).order_by()
        hidden = model.hidden_from_public()
        found |= models.Q(models.Exists(rows.exclude(hidden) if hidden else rows))
    return found


def exactly_one(*fields: str) -> models.CheckConstraint:
    """A CHECK that one and only one of `fields` is filled."""
    return models.CheckConstraint(
        condition=Exact(_NonNulls(*[models.F(f"{name}_id") for name in fields]), 1),
        name="%(class)s_one_target",
        violation_error_message=f"Exactly one of {', '.join(fields)} must be given.",
    )


class RecordQuerySet(models.QuerySet[Any]):
    """Rows of one noun; narrows by dossier and by what a viewer may see."""

    def within(self, dossier: models.Model) -> Self:
        """Only the rows of `dossier`."""
        return self.filter(dossier=dossier)

    def visible_to(self, viewer: Viewer) -> Self:
        """Only what `viewer` may see: members all, others published rows of public dossiers."""
        rows = self.filter(dossier=viewer.dossier)
        if viewer.is_member:
            return rows
        hidden = self.model.hidden_from_public()
        return rows.exclude(hidden) if hidden else rows


class ContestableQuerySet(RecordQuerySet):
    """Rows that evidence may support and dispute, and that conflicts may name."""

    def with_contested(self, viewer: Viewer, among: Iterable[int] | None = None) -> Self:
        """Adds `contested`: supporting and disputing evidence, or an open conflict that `viewer`
        may see.

        `among` are the keys of the rows where these are few: Postgres may look up all evidence,
        which takes long in the past.
        """
        from .conflict import Conflict, ConflictMember
        from .evidence import Evidence

        name = str(self.model._meta.model_name)
        key: dict[str, Any] = {name: models.OuterRef("pk")}
        if among is not None:
            key[f"{name}__in"] = among
        still_open = Conflict.objects.visible_to(viewer).filter(status=Conflict.Status.OPEN)
        named = ConflictMember.objects.filter(**key, conflict__in=still_open.values("pk"))
        said = Evidence.objects.filter(**key)
        return self.annotate(
            contested=models.Exists(named)
            | (
                models.Exists(said.filter(bearing=Evidence.Bearing.SUPPORTS))
                & models.Exists(said.filter(bearing=Evidence.Bearing.DISPUTES))
            )
        )


class ReviewRefused(Exception):
    """A record is not reviewed or published now, or not by this person; the text says why."""


class Record(models.Model):
    """A row of a dossier with a short name, a version and a history.

    `ref`, `version`, `updated_at` are written by the database (see events/history.py).
    """

    ref_prefix: ClassVar[str] = ""

    GIVEN: ClassVar[tuple[str, ...]] = ("ref", "version", "created_at", "updated_at")
    """The fields that the database gives a new record, which nobody has to check before."""

    dossier = models.ForeignKey("events.Dossier", on_delete=models.CASCADE, db_constraint=False)
    ref = models.CharField(max_length=40, db_default="", blank=True, editable=False)
    version = models.PositiveIntegerField(db_default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["dossier", "ref"], name="%(class)s_ref"),
            models.UniqueConstraint(fields=["dossier", "id"], name="%(class)s_within"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.headline}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, then read back what the database wrote: version, time, review state."""
        updating = not self._state.adding
        super().save(*args, **kwargs)
        if updating:
            self.refresh_from_db(fields=self.written_by_database())

    @property
    def headline(self) -> str:
        """The words by which a person knows the record."""
        for name in ("title", "name", "summary", "action", "text", "exact"):
            if value := getattr(self, name, ""):
                return str(value)
        return ""

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        """Which rows only members see; None when the public sees all."""
        return None

    @classmethod
    def written_by_database(cls) -> list[str]:
        """Names of the fields that triggers may change on an update."""
        return ["version", "updated_at"]

    def clean(self) -> None:
        """Refuse a reference that leaves the dossier, naming the field."""
        super().clean()
        for field in self._meta.concrete_fields:
            if isinstance(field, Within) and field.is_cached(self):
                other = getattr(self, field.name)
                if other is not None and other.dossier_id != self.dossier_id:
                    raise ValidationError({field.name: f"{other} belongs to another dossier."})

    def refuse_circle(self, name: str) -> None:
        """Raise ValidationError when following the key `name` from this row leads back to it."""
        above = getattr(self, name)
        while above is not None and self.pk is not None:
            if above.pk == self.pk:
                raise ValidationError({name: f"{self.ref} cannot be part of itself."})
            above = getattr(above, name)

    def expect(self, version: int) -> None:
        """Lock the row, and raise history.StaleEdit unless `version` is its newest; one that is
        gone passes. Must run inside `history.recording()`."""
        rows = type(self)._base_manager.select_for_update(no_key=True)
        latest = rows.filter(pk=self.pk).first()
        if latest is not None and latest.version != version:
            raise history.StaleEdit(latest, {})

    def revise(
        self,
        base_version: int,
        changes: dict[str, Any],
        units: Iterable[frozenset[str]] = (),
    ) -> list[str]:
        """Apply `changes` (field name to value) to this row as its latest version stands.

        Fields that others changed since `base_version` and that the caller leaves as they were
        keep the others' value; lists that both added to have the items of both. Returns the names
        of the fields merged that way. `units` are fields that mean something only together, such
        as latitude and longitude: they are changed by one side or by the other, never by both.
        Raises history.StaleEdit when both sides changed one field or unit to different values,
        and ObjectDoesNotExist when the row was deleted meanwhile.
        The caller saves nothing itself; must run inside `history.recording()`.
        """
        model = type(self)
        # The weaker lock lets others name this row meanwhile; with FOR UPDATE two people who link
        # two events to each other would wait for each other.
        latest = model._base_manager.select_for_update(no_key=True).get(pk=self.pk)
        merged: list[str] = []
        if latest.version != base_version:
            base = history.version_of(latest, base_version)
            merged, conflicts = merge(base, latest, changes, units)
            if conflicts:
                raise history.StaleEdit(latest, conflicts)
        for name, value in changes.items():
            setattr(latest, name, value)
        latest.full_clean(validate_unique=False)
        # Only these columns: to name the others in an UPDATE takes the stronger lock all the same.
        latest.save(update_fields=list(changes))
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(latest, field.attname))
        self._state.fields_cache.clear()
        return merged


def merge(
    base: Record, latest: Record, changes: dict[str, Any], units: Iterable[frozenset[str]] = ()
) -> tuple[list[str], dict[str, history.Sides]]:
    """Bring `changes`, made from `base`, to `latest`: drops or rewrites those of its entries that
    merge. Returns the names merged, and what both sides changed. See Record.revise()."""
    attnames = {field.name: field.attname for field in latest._meta.concrete_fields}
    together = {name: unit for unit in units for name in unit}
    merged: list[str] = []
    conflicts: dict[str, history.Sides] = {}
    for unit in dict.fromkeys(together.get(name, frozenset([name])) for name in changes):
        sides: dict[str, history.Sides] = {}
        for name in sorted(unit):
            before, theirs = (getattr(row, attnames[name]) for row in (base, latest))
            yours = changes.get(name, before)
            yours = yours.pk if isinstance(yours, models.Model) else yours
            sides[name] = history.Sides(before, theirs, yours)
        differing = {name: s for name, s in sides.items() if s.theirs != s.yours}
        if not differing or all(s.before == s.theirs for s in sides.values()):
            continue
        if all(s.before == s.yours for s in sides.values()):
            mine = unit & changes.keys()
            merged += sorted(mine)
            for name in mine:
                del changes[name]
            continue
        for name, side in differing.items():
            both = merged_list(side.before, side.theirs, side.yours)
            if both is None:
                conflicts[name] = side
            else:
                changes[name] = both
                merged.append(name)
    return merged, conflicts


def merged_list(before: Any, theirs: Any, yours: Any) -> list[Any] | None:
    """A list with what both sides added and without what either took out; None where they differ
    in more than that: another order, or another word in the place of the same item."""
    if not all(isinstance(value, list) for value in (before, theirs, yours)):
        return None
    for changed in (theirs, yours):
        kept = [item for item in changed if item in before]
        if kept != [item for item in before if item in changed]:
            return None
    added = [item for item in yours if item not in before and item not in theirs]
    gone = [item for item in before if item not in yours]
    both_took = [item for item in gone if item not in theirs]
    if both_took and added and any(item not in before for item in theirs):
        return None
    return [item for item in theirs if item not in gone] + added


class Reviewable(Record):
    """A record that goes from draft over reviewed to published.

    Changing the content of a reviewed or published row makes it a draft again: a trigger does so.
    """

    class State(models.TextChoices):
        """Where a record stands in review."""

        DRAFT = "draft", "Draft"
        REVIEWED = "reviewed", "Reviewed"
        PUBLISHED = "published", "Published"

    state = OneOf(choices=State, default=State.DRAFT, editable=False)

    class Meta(Record.Meta):
        abstract = True

    @classmethod
    def hidden_from_public(cls) -> models.Q | None:
        return ~models.Q(state="published")

    @classmethod
    def written_by_database(cls) -> list[str]:
        return ["version", "updated_at", "state"]

    def move_to(self, state: str) -> None:
        """Set the review state alone; must run inside `history.recording()`."""
        self.state = self.State(state)
        self.save(update_fields=["state"])

    def review(self, *, by: User | None = None, base_version: int | None = None) -> None:
        """Mark as reviewed. See `publish` for the arguments."""
        self.refuse_review(by, base_version)
        self.move_to(self.State.REVIEWED)

    def publish(self, *, by: User | None = None, base_version: int | None = None) -> None:
        """Make visible to all who may see the dossier; run inside `history.recording()`.

        `by` must not be who wrote the present words, unless they own the dossier; None asks
        nothing: for the admin, imports and commands. `base_version` is the version that was read.
        Raises ReviewRefused.
        """
        self.refuse_review(by, base_version)
        self.move_to(self.State.PUBLISHED)

    def withdraw(self, *, by: User | None = None, base_version: int | None = None) -> None:
        """Take back to draft: that anyone who reviews may do, whoever wrote it."""
        del by
        self.refuse_review(None, base_version)
        self.move_to(self.State.DRAFT)

    def refuse_review(self, by: User | None, base_version: int | None) -> None:
        """Raise ReviewRefused when `by` wrote the record last or `base_version` is not the newest.

        Locks the row, so that it stays as it was judged until the transaction ends.
        """
        rows = type(self)._base_manager.select_for_update(no_key=True).filter(pk=self.pk)
        version = rows.values_list("version", flat=True).first()
        if version is None:
            raise ReviewRefused(f"{self.ref} was deleted meanwhile.")
        if base_version is not None and version != base_version:
            raise ReviewRefused(f"{self.ref} was changed meanwhile. Read it again first.")
        if by is None or history.last_writer(self) != by.pk or self.dossier.is_owned_by(by):
            return
        raise ReviewRefused(
            f"You wrote the present version of {self.ref}. Someone else has to review it,"
            " or an owner of the dossier."
        )
