"""The form of a record: what every noun's form shares.

It writes through Record.revise(), so that two people can edit one record: what they changed in
different fields is merged, what they changed in the same field comes back as a question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, models
from django.utils.http import url_has_allowed_host_and_scheme

from events import history
from events.forms.fields import LinesField, RecordField, WhenField
from events.forms.labels import labels_of
from events.forms.refusals import refusal_of
from events.forms.versions import UNVERSIONED, version_sent
from events.models.base import Within

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest

    from events.models import Dossier, Record, User

OWN = ("version", "reason")
"""Fields of the form that are no fields of the record."""

LONGEST = 50_000
"""Characters of a text. The search index of a record takes 1 MB, which two texts of this length
stay below in any script; whole documents are texts of sources."""


def as_field(db_field: models.Field, **kwargs: Any) -> forms.Field | None:
    """The form field of a model's field: references are typed, lists have a line each."""
    if isinstance(db_field, Within):
        return RecordField(
            db_field.related_model,
            label=kwargs.get("label") or str(db_field.verbose_name).capitalize(),
            required=not db_field.blank,
            help_text=db_field.help_text,
        )
    if isinstance(db_field, ArrayField):
        label = kwargs.get("label") or str(db_field.verbose_name).capitalize()
        return LinesField(label=label, required=not db_field.blank)
    if isinstance(db_field, models.TextField) and db_field.max_length is None:
        kwargs["max_length"] = LONGEST
    field = db_field.formfield(**kwargs)
    if field is not None and isinstance(field.widget, forms.Textarea):
        field.widget.attrs.setdefault("rows", 4)
    return field


class RecordForm(forms.ModelForm):
    """Create or edit one record of a dossier.

    `only` narrows it to some of its fields, for editing in place. While editing, `instance` is
    the record as it stands; the form compares with the version the page was made from.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label="Why", required=False, max_length=300, help_text="Kept in the history."
    )

    together: tuple[str, ...] = ()
    """Fields that mean something only with each other, so none is edited in place."""

    off_page: tuple[str, ...] = ()
    """Fields that the form has and the record's page does not list as rows."""

    led_by: dict[str, str] = {}
    """Fields whose value comes with another's, unless they are changed themselves."""

    when_empty: dict[str, str] = {}
    """What stands in place of a value that is not there yet, such as "Add a date"."""

    class Meta:
        formfield_callback = as_field

    @classmethod
    def shown_fields(cls) -> dict[str, forms.Field]:
        """The record's fields in the order of the form."""
        ordered = [*(cls.field_order or ()), *cls.base_fields]
        return {n: cls.base_fields[n] for n in ordered if n in cls.base_fields and n not in OWN}

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        dossier: Dossier,
        instance: Record | None = None,
        only: tuple[str, ...] = (),
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.dossier = dossier
        self.latest = instance
        self.stale: history.StaleEdit | None = None
        self.kept: list[str] = []
        self.problem = ""
        base = self._base(data, instance)
        if self.problem:
            # Shown once more over the present version, so that saving again is a choice.
            data = data.copy()  # type: ignore[union-attr]
            data["version"] = str(instance.version)  # type: ignore[union-attr]
        base.dossier = dossier
        super().__init__(data, instance=base, initial=initial)
        for name in [n for n in self.fields if only and n not in (*only, *OWN)]:
            del self.fields[name]
        if instance is None:
            del self.fields["version"]
        else:
            self.initial["version"] = instance.version
        for name, field in self.fields.items():
            field.error_messages["required"] = "This is needed and still empty."
            if hasattr(field, "initial_of") and name not in (initial or {}):
                self.initial[name] = field.initial_of(base)
            if isinstance(field, WhenField):
                field.bind(dossier, name, base)
            elif isinstance(field, RecordField):
                field.bind(dossier, name)
                if name in (initial or {}):
                    self.initial[name] = field.named(initial[name])

    def _base(self, data: Mapping[str, Any] | None, instance: Record | None) -> Record:
        """The record as it was when the page was made."""
        if instance is None:
            return self._meta.model()
        self.base_version = instance.version
        if data is None:
            return instance
        sent = version_sent(data.get("version"))
        if sent == instance.version:
            return instance
        try:
            base = history.version_of(instance, sent)
        except LookupError:
            self.problem = UNVERSIONED.format(ref=instance.ref, version=instance.version)
            return instance
        self.base_version = sent
        return base

    @classmethod
    def initial_from(cls, query: Mapping[str, str]) -> dict[str, str]:
        """What the parameters of an address say about the fields of a new record."""
        return {name: query[name] for name in cls.shown_fields() if name in query}

    @classmethod
    def units(cls) -> list[tuple[str, ...]]:
        """The fields in the order of the form, those in one tuple that mean something only
        together: one person's date does not go with another's basis for it."""
        found: dict[str, list[str]] = {}
        for name in cls.shown_fields():
            lead = cls.together[0] if name in cls.together else cls.led_by.get(name, name)
            found.setdefault(lead, []).append(name)
        return [tuple(names) for names in found.values()]

    @property
    def record_fields(self) -> list[str]:
        """Names of the fields that belong to the record."""
        return [name for name in self.fields if name not in OWN]

    @property
    def columns(self) -> dict[str, str]:
        """Which form field each column of the record comes from."""
        found: dict[str, str] = {}
        for name, field in self.fields.items():
            if hasattr(field, "columns") and name in self.cleaned_data:
                found |= dict.fromkeys(field.columns(name, self.cleaned_data[name]), name)
            else:
                found[name] = name
        return found

    def values(self, names: list[str]) -> dict[str, Any]:
        """Column names and values of the form fields `names`."""
        found: dict[str, Any] = {}
        for name in names:
            field, value = self.fields[name], self.cleaned_data[name]
            found |= field.columns(name, value) if hasattr(field, "columns") else {name: value}
        return found

    def write(self, by: User) -> bool:
        """Save under the name of `by`. False when it was refused: then the form has errors, and
        `stale` is set where somebody else changed the same fields meanwhile."""
        if self.problem:
            self.add_error(None, self.problem)
        if not self.is_valid():
            return False
        try:
            history.retried(lambda: self._write(by))
        except history.StaleEdit as stale:
            self.stale = stale
        except ValidationError as problem:
            self._refuse(problem)
        except IntegrityError as problem:
            name, message = refusal_of(problem, self._meta.model)
            self.add_error(name if name in self.fields else None, message)
        except ObjectDoesNotExist:
            self.add_error(None, "This record was deleted meanwhile. Nothing has been written.")
        return self.stale is None and not self.errors

    def _write(self, by: User) -> None:
        with history.recording(by=by, note=self.cleaned_data.get("reason", "")):
            self.record = self._create() if self.latest is None else self._revise()
            self.after_write(self.record)

    def _create(self) -> Record:
        record = self._meta.model(dossier=self.dossier)
        names = [n for n in self.record_fields if n not in self.led_by or n in self.changed_data]
        for name, value in self.values(names).items():
            setattr(record, name, value)
        self.complete(record)
        record.full_clean(exclude=record.GIVEN)
        self.store(record)
        return record

    def _revise(self) -> Record:
        changed = {name for name in self.changed_data if name not in OWN}
        values: dict[str, Any] = {}
        units: list[frozenset[str]] = []
        for unit in self.units():
            if mine := [name for name in unit if name in changed]:
                found = self.values(mine)
                values |= found
                units.append(frozenset(found) | self._filled_by(unit))
        if values:
            self.kept = self._changed_meanwhile(set(values))
            merged = self.latest.revise(self.base_version, values, units)
            self.kept += [label for label in self._labels(merged) if label not in self.kept]
            self.latest.dossier = self.dossier
        return self.latest  # type: ignore[return-value]

    def _filled_by(self, unit: tuple[str, ...]) -> set[str]:
        """The fields of the model that the fields of `unit` fill, whether they changed or not."""
        own = {field.name for field in self._meta.model._meta.concrete_fields}
        found: set[str] = set()
        for name in unit:
            field = self.fields.get(name)
            if hasattr(field, "columns"):
                found |= set(field.columns(name, self.cleaned_data[name]))
            elif field is not None and name in own:
                found.add(name)
        return found

    def _labels(self, columns: Iterable[str]) -> list[str]:
        """What the fields of the model in `columns` are called on the page, each once."""
        labels = labels_of(self._meta.model, type(self))
        fields = {field.name: field.column for field in self._meta.model._meta.concrete_fields}
        known = [labels[fields[name]].field for name in columns if fields[name] in labels]
        return list(dict.fromkeys(known))

    def _changed_meanwhile(self, ours: set[str]) -> list[str]:
        """Labels of the fields that others changed and that this edit leaves as they are now."""
        return self._labels(
            field.name
            for field in self._meta.model._meta.concrete_fields
            if field.name not in ours
            # Of fields that were not touched, the instance has the values of the base version.
            and getattr(self.instance, field.attname) != getattr(self.latest, field.attname)
        )

    def complete(self, record: Record) -> None:
        """Give a new record what the form does not ask for."""

    def store(self, record: Record) -> None:
        """Write a new record, which has passed its own checks."""
        record.save()

    def after_write(self, record: Record) -> None:
        """Write what follows from the record, in the same transaction."""

    def _refuse(self, problem: ValidationError) -> None:
        columns = self.columns
        by_column = hasattr(problem, "error_dict")
        errors = problem.error_dict if by_column else {NON_FIELD_ERRORS: problem.error_list}
        for column, messages in errors.items():
            name = columns.get(column)
            self.add_error(name if name in self.fields else None, messages)


class ReturnForm(forms.Form):
    """Where to go after a new record is saved: the page one came from."""

    next = forms.CharField(required=False)

    def __init__(self, data: Mapping[str, str], request: HttpRequest) -> None:
        super().__init__(data)
        self.host, self.secure = request.get_host(), request.is_secure()

    @property
    def to(self) -> str:
        """An address of ours, "" for any other."""
        to = self.cleaned_data["next"] if self.is_valid() else ""
        ours = url_has_allowed_host_and_scheme(to, {self.host}, self.secure)
        # A mere word would be taken for the name of a view.
        return to if ours and to.startswith("/") else ""
