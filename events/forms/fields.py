"""Form fields of our own: records named by ref or name, dates as said, lists, coordinates.

A field with `columns()` fills several columns of a record; RecordForm asks it which.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch, reverse

from events import dates
from events.forms import lookup

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from events.models import Dossier, Event, Record, Source


class RecordInput(forms.TextInput):
    """A text input with a list of records that is fetched while typing.

    Without script it is a plain input; the server resolves what was typed either way.
    """

    template_name = "events/widgets/record_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "maxlength": "300"} | (attrs or {}))
        self.options_url = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["options_url"] = self.options_url
        return context


class RecordField(forms.CharField):
    """One record of the dossier, typed as its ref ("E7") or its name, or both as listed.

    Takes several models where a record of any of them will do. Never loads all records: what
    was typed is looked up, and an unknown or ambiguous name is refused with what would work.
    """

    widget = RecordInput

    def __init__(self, *models: type[Record], **kwargs: Any) -> None:
        self.models = models
        self.dossier: Dossier | None = None
        kwargs.setdefault("max_length", 10_000)
        super().__init__(**kwargs)

    def bind(self, dossier: Dossier, name: str) -> None:
        """Set the dossier to look in and the address of the list."""
        self.dossier = dossier
        if len(self.models) == 1:
            noun = self.models[0]._meta.model_name
            try:
                address = reverse(f"events:{noun}-options", args=[dossier.slug])
            except NoReverseMatch:
                return
            self.widget.options_url = f"{address}?of={name}"

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            found = self.models[0]._base_manager.filter(pk=value, dossier=self.dossier).first()
            return str(found) if found else ""
        return "" if value is None else str(value)

    def named(self, typed: str) -> str:
        """A record as it is listed, for words that come from an address; these, if it is none."""
        try:
            return str(lookup.find(self.dossier, self.models, typed))
        except LookupError:
            return typed

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "").strip() != (data or "").strip()

    def clean(self, value: Any) -> Record | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return lookup.find(self.dossier, self.models, typed)
        except LookupError as problem:
            raise ValidationError(str(problem), code="unknown") from None


class TargetField(RecordField):
    """A record of one of several nouns, kept in the column of its noun; the others are emptied."""

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else str(value)

    def initial_of(self, record: Record) -> Any:
        """The record that is named now, None on a new one."""
        named = (model._meta.model_name for model in self.models)
        return next((t for name in named if (t := getattr(record, name, None)) is not None), None)

    def columns(self, name: str, value: Any) -> dict[str, Any]:
        """Every target column, all but one empty."""
        named = {model._meta.model_name: model for model in self.models}
        return {noun: value if isinstance(value, model) else None for noun, model in named.items()}


class WhenField(forms.CharField):
    """A date as an analyst types it, read in the dossier's zone; cleans to a Reading.

    Relative words and missing years are read against the `anchor`: see lookup.anchor_day().
    `prefix` is the name the date has in the model, such as "held" for `held_text`.
    """

    def __init__(self, prefix: str, **kwargs: Any) -> None:
        self.prefix = prefix
        self.dossier: Dossier | None = None
        self.record: Record | None = None
        self.known_events: dict[str, Event] = {}
        self.document: Source | None = None
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", dates.MAX_LENGTH)
        kwargs.setdefault("help_text", "As it was said: '11 Mar', 'about 10 to 12 March'.")
        super().__init__(**kwargs)

    def bind(self, dossier: Dossier, name: str, record: Record | None = None) -> None:
        """Set what the words are read against."""
        self.dossier, self.record = dossier, record
        about = f"?about={record.ref}" if record is not None and record.pk else ""
        try:
            address = reverse("events:date-reading", args=[dossier.slug])
        except NoReverseMatch:
            return
        self.widget.attrs["data-date-preview"] = address + about

    def counts_from(self, source: Source) -> None:
        """Read relative words against the day of the document they stand in."""
        self.document = source
        if address := self.widget.attrs.get("data-date-preview"):
            page = address.partition("?")[0]
            self.widget.attrs["data-date-preview"] = f"{page}?about={source.ref}"

    @property
    def anchor(self) -> dt.date | None:
        """The day that relative words count from."""
        day = lookup.published_day(self.document) if self.document is not None else None
        return day or lookup.anchor_day(self.dossier, self.record)

    def initial_of(self, record: Record) -> str:
        """The words as stored."""
        return getattr(record, f"{self.prefix}_text") or getattr(record, f"{self.prefix}_edtf")

    def known(self, words: str) -> Sequence[dates.KnownEvent]:
        """The events of the dossier that `words` may mean, remembered for columns()."""
        found = [e for e in lookup.events_called(self.dossier, words) if e != self.record]
        self.known_events |= {event.ref: event for event in found}
        return [lookup.as_known(event) for event in found]

    def clean(self, value: Any) -> dates.Reading:
        typed = super().clean(value)
        try:
            return dates.read(
                typed,
                zone=self.dossier.time_zone,
                anchor=self.anchor,
                known=self.known,
            )
        except dates.DateError as problem:
            raise ValidationError(problem.message, code="date") from None

    def columns(self, name: str, value: dates.Reading) -> dict[str, Any]:
        """Text, EDTF and bounds, and the basis where the model keeps one."""
        prefix = self.prefix
        found = {
            f"{prefix}_text": value.text,
            f"{prefix}_edtf": value.edtf,
            f"{prefix}_earliest": value.earliest,
            f"{prefix}_latest": value.latest,
        }
        if any(f.name == f"{prefix}_basis" for f in self.record._meta.fields):
            basis = self.record._meta.get_field(f"{prefix}_basis")
            if str(value.basis) in dict(basis.flatchoices):
                found[f"{prefix}_basis"] = str(value.basis)
        return found


class EventWhenField(WhenField):
    """The date of an event, with inner bounds and what it was worked out from."""

    def columns(self, name: str, value: dates.Reading) -> dict[str, Any]:
        """All columns that Event.set_when() fills, worked out by it."""
        scratch = type(self.record)(dossier=self.dossier)
        anchor = self.known_events.get(value.anchor_event or "")
        scratch.set_when(value, anchor_event=anchor)
        kept = ("when_text", "when_edtf", "earliest", "latest", "certain_from", "certain_to")
        kept += ("when_basis", "when_anchor_day", "when_anchor_event")
        return {column: getattr(scratch, column) for column in kept}

    def order_of(self, value: dates.Reading) -> tuple[str, Event] | None:
        """The known order in the words ("after the talks"): relation and event, or None."""
        if value.order is None:
            return None
        relation, ref = value.order
        return (relation, self.known_events[ref]) if ref in self.known_events else None


class LinesField(forms.CharField):
    """A list of short texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, **kwargs: Any) -> None:
        for unknown in ("base_field", "size"):
            kwargs.pop(unknown, None)
        kwargs.setdefault("help_text", "One a line.")
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != (initial or [])

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = (value or "").splitlines() if not isinstance(value, list) else value
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))

    def run_validators(self, value: Any) -> None:
        for line in value:
            super().run_validators(line)
            if len(line) > 200:
                raise ValidationError(f"'{line[:40]}…' has {len(line)} characters; 200 fit.")


class CoordinatesField(forms.CharField):
    """Latitude and longitude in degrees in one input: "21.5433, 39.1728"."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", "Latitude and longitude in degrees: 21.5433, 39.1728.")
        super().__init__(max_length=60, **kwargs)

    def initial_of(self, record: Any) -> str:
        """The pair as stored, without trailing zeros."""
        if record.latitude is None or record.longitude is None:
            return ""
        return f"{record.latitude.normalize():f}, {record.longitude.normalize():f}"

    def clean(self, value: Any) -> tuple[Decimal | None, Decimal | None]:
        typed = super().clean(value)
        if not typed:
            return None, None
        parts = typed.replace(";", ",").replace(",", " ").split()
        try:
            north, east = (Decimal(part).quantize(Decimal("0.00001")) for part in parts)
            on_earth = abs(north) <= 90 and abs(east) <= 180
        except (ValueError, InvalidOperation):
            on_earth = False
        if not on_earth:
            message = f"'{typed}' is not a place on Earth. Try '21.5433, 39.1728'."
            raise ValidationError(message, code="coordinates")
        return north, east

    def columns(self, name: str, value: tuple[Any, Any]) -> dict[str, Any]:
        """Both columns."""
        return {"latitude": value[0], "longitude": value[1]}


class DurationField(forms.CharField):
    """A length of time in words or ISO 8601 ("30 days", "P30D"); kept as ISO 8601."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", "Such as 30 days.")
        super().__init__(max_length=100, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return self.label_of(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.label_of(initial) != self.label_of(data)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return dates.duration(typed).iso if typed else ""
        except dates.DateError as problem:
            raise ValidationError(problem.message, code="duration") from None

    @staticmethod
    def label_of(value: Any) -> str:
        """The length in words, or what was typed where it is none."""
        text = str(value or "").strip()
        try:
            return dates.duration(text).label if text else ""
        except dates.DateError:
            return text
