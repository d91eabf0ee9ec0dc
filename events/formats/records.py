"""The rows of a dossier file: which kinds there are, which fields, and what each may hold.

KINDS is the one place that states the format. Types, lengths, words, defaults and rules of a
field are those of the Django model, so a new field of a record is one more word in its line.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models as db
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model
from pydantic_core import PydanticCustomError

from events import models
from events.models.fields import UncertainDate, Within

from .problems import shown

NAME = "truceline-dossier"
VERSION = 1
_DATE_PARTS = ("text", "edtf", "basis", "anchor_day", "anchor_event")
_REF = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")


class Part(BaseModel):
    """An object of the file: a row, or a date in one. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)

    if TYPE_CHECKING:  # fields come from the Django models, when the module is loaded

        def __getattr__(self, name: str) -> Any: ...

    def plain(self) -> dict[str, Any]:
        """As the file has it: fields in order, without those that hold their default."""
        values: dict[str, Any] = {}
        for name, info in type(self).model_fields.items():
            value = getattr(self, name)
            if info.is_required() or value != info.get_default(call_default_factory=True):
                values[name] = _plain(value)
        return values


class Row(Part):
    """A row with its short name."""

    ref: str


def _plain(value: Any) -> Any:
    if isinstance(value, Part):
        return value.plain()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _error(message: str) -> PydanticCustomError:
    # The message goes in as a value: braces in what people wrote are no placeholders.
    return PydanticCustomError("said", "{message}", {"message": message})


def _check_ref(ref: str) -> str:
    if len(ref) > 40 or not _REF.fullmatch(ref) or ref == "new":
        raise _error(
            f"{shown(ref)} cannot be a ref. Write a short name such as 'E7':"
            " letters and digits, with single . _ or - between them, at most 40, not 'new'."
        )
    return ref


def _read_day(value: Any) -> dt.date:
    try:
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _error(f"{shown(value)} is not a day. Write one like '2025-03-11'.") from None


def _read_decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _error(f"{shown(value)} is not a number. Write one like 21.54333.")
    return Decimal(str(value)).normalize() + 0  # -0 and 1E+1 have plainer spellings


Named = Annotated[str, AfterValidator(_check_ref)]


def _annotation(field: db.Field[Any, Any]) -> Any:
    """The pydantic type that takes what the Django field takes."""
    if isinstance(field, Within):
        return Named | None if field.null else Named
    if isinstance(field, ArrayField):
        return list[Annotated[str, _as_django(field.base_field)]]
    if isinstance(field, db.DateField):
        return Annotated[dt.date, BeforeValidator(_read_day)] | None
    if isinstance(field, db.DecimalField):
        return Annotated[Decimal, BeforeValidator(_read_decimal), _as_django(field)] | None
    if isinstance(field, db.IntegerField):
        return Annotated[int, _as_django(field)]
    if field.choices:
        words = [word for word, _ in field.flatchoices] + ([""] if field.blank else [])
        return Literal[tuple(words)]
    return Annotated[str, _as_django(field)]


def _as_django(field: db.Field[Any, Any]) -> AfterValidator:
    """Run the field's own validators: lengths, ranges, addresses, time zones."""

    def check(value: Any) -> Any:
        if value == "" and not field.blank:
            raise _error("is empty. Write something, it is what people know the record by.")
        if field.choices and value not in dict(field.flatchoices):
            allowed = ", ".join(str(word) for word, _ in field.flatchoices)
            raise _error(f"{shown(value)} is none of {allowed}.")
        try:
            field.run_validators(value)
        except ValidationError as error:
            said = " ".join(error.messages)
            raise _error(said if shown(value) in said else f"{shown(value)}: {said}") from None
        return value

    return AfterValidator(check)


def _definition(field: db.Field[Any, Any]) -> tuple[Any, Any]:
    """Annotation and default of a field, as pydantic's create_model takes them."""
    if isinstance(field, ArrayField):
        return _annotation(field), Field(default_factory=list)
    if field.has_default():
        return _annotation(field), field.get_default()
    return _annotation(field), None if field.null else ...


@dataclass(frozen=True)
class Kind:
    """A kind of record: its key in the file, its model, its fields in the file's order."""

    name: str
    model: type[models.Record]
    fields: tuple[str, ...]

    @cached_property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """Model field -> the way to its value in a row: ("title",) or ("when", "edtf")."""
        found: dict[str, tuple[str, ...]] = {}
        for name in self.fields:
            if self.is_date(name):
                parts = [part for part in _DATE_PARTS if f"{name}_{part}" in self._named]
                found.update({f"{name}_{part}": (name, part) for part in parts})
            else:
                found[name] = (name,)
        return found

    @cached_property
    def _named(self) -> dict[str, db.Field[Any, Any]]:
        return {field.name: field for field in self.model._meta.concrete_fields}

    def column(self, name: str) -> str:
        """The database column of a model field."""
        return str(self._named[name].column)

    def is_date(self, name: str) -> bool:
        """Whether `name` stands for the several columns of an uncertain date."""
        return name == "when" or isinstance(getattr(self.model, name, None), UncertainDate)

    def bounds(self, name: str) -> tuple[str, ...]:
        """The columns that hold what is worked out of the date `name`."""
        prefix = "" if name == "when" else f"{name}_"
        columns = ("earliest", "latest", "certain_from", "certain_to")
        return tuple(f"{prefix}{end}" for end in columns if f"{prefix}{end}" in self._named)

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The fields that are dates."""
        return tuple(name for name in self.fields if self.is_date(name))

    @cached_property
    def links(self) -> dict[str, str]:
        """Field that holds a ref -> the kind it refers to; `when_anchor_event` for a part."""
        return {
            name: _NAMES[str(self._named[name].related_model)]
            for name in self.columns
            if isinstance(self._named[name], Within)
        }

    @cached_property
    def noun(self) -> str:
        """What one row is called in a sentence."""
        return str(self.model._meta.verbose_name)

    @cached_property
    def row(self) -> type[Row]:
        """The pydantic model of a row."""
        definitions: dict[str, Any] = {"ref": (Named, ...)}
        for name in self.fields:
            if self.is_date(name):
                part = self._date(name)
                definitions[name] = (part, Field(default_factory=part))
            else:
                definitions[name] = _definition(self._named[name])
        return create_model(f"{self.model.__name__}Row", __base__=Row, **definitions)

    def _date(self, name: str) -> type[Part]:
        parts: dict[str, Any] = {
            way[1]: _definition(self._named[column])
            for column, way in self.columns.items()
            if way[0] == name
        }
        return create_model(f"{self.model.__name__}{name.title()}", __base__=Part, **parts)

    def values(self, row: Row) -> dict[str, Any]:
        """Model field -> value of the row, refs as they are."""
        return {column: _follow(row, way) for column, way in self.columns.items()}

    def make(self, ref: str, values: Mapping[str, Any]) -> Row:
        """The row of stored values, which need no check."""
        content: dict[str, Any] = {}
        for name in self.fields:
            if not self.is_date(name):
                content[name] = values[name]
                continue
            part = type(self.row.model_fields[name].get_default(call_default_factory=True))
            inner = {p: values[f"{name}_{p}"] for p in part.model_fields}
            content[name] = part.model_construct(**inner)
        return self.row.model_construct(ref=ref, **content)


def _follow(row: Any, way: Iterable[str]) -> Any:
    for step in way:
        row = getattr(row, step)
    return row


def _kind(name: str, model: type[models.Record], fields: str) -> Kind:
    state = ("state",) if issubclass(model, models.Reviewable) else ()
    return Kind(name, model, (*state, *fields.split()))


KINDS: tuple[Kind, ...] = (
    _kind("sides", models.Side, "code name order slot"),
    _kind(
        "sources",
        models.Source,
        "title kind publisher author published url language reliability translation_of"
        " translation_status note",
    ),
    _kind("source_texts", models.SourceText, "source number text taken_from"),
    _kind("passages", models.Passage, "source_text start end exact state speaker"),
    _kind("actors", models.Actor, "name short_name kind side aliases wikidata note"),
    _kind("affiliations", models.Affiliation, "member body title held basis"),
    _kind("issues", models.Issue, "name description parent order variants"),
    _kind(
        "proposals",
        models.Proposal,
        "issue announced_in tabled_in duration start expires earlier relation ended_in ending",
    ),
    _kind("terms", models.Term, "proposal number subject text"),
    _kind("proposers", models.Proposer, "proposal actor"),
    _kind("consents", models.Consent, "proposal actor asked"),
    _kind(
        "events",
        models.Event,
        "title summary when kind modality place latitude longitude channel part_of",
    ),
    _kind("participations", models.Participation, "event actor role note"),
    _kind(
        "positions",
        models.Position,
        "actor issue stance summary condition event voiced_by addressee shift shifts_from",
    ),
    _kind(
        "commitments",
        models.Commitment,
        "debtor creditor action issue firmness event condition depends_on_proposal"
        " depends_on_actor depends_on_answer depends_on_commitment depends_on_text due duration",
    ),
    _kind("outcomes", models.Outcome, "commitment event result due"),
    _kind("links", models.Link, "from_event to_event kind note"),
    _kind("conflicts", models.Conflict, "title note status resolution"),
    _kind(
        "conflict_members",
        models.ConflictMember,
        "conflict event position commitment proposal passage",
    ),
    _kind(
        "evidence",
        models.Evidence,
        "passage event position commitment proposal term consent affiliation participation link"
        " conflict bearing manner speaker clean_text credibility note",
    ),
    _kind("readouts", models.Readout, "event source actor"),
    _kind("readout_points", models.ReadoutPoint, "event number subject reading note"),
    _kind("readout_passages", models.ReadoutPassage, "point readout passage"),
    _kind("suggestions", models.Suggestion, "source kind fingerprint exact decision"),
)
"""Every kind of record in a dossier file, in the file's order."""

BY_NAME = {kind.name: kind for kind in KINDS}
_NAMES = {str(kind.model): kind.name for kind in KINDS}

DOSSIER_FIELDS = ("slug", "title", "description", "time_zone", "visibility", "stale_after")
_HEAD: dict[str, Any] = {
    name: _definition(field)
    for name in DOSSIER_FIELDS
    if isinstance(field := models.Dossier._meta.get_field(name), db.Field)
}
Head: type[Part] = create_model("Head", __base__=Part, **_HEAD)
"""What the file says about the dossier itself."""


def natural(ref: str) -> tuple[Any, ...]:
    """Sort key of a ref: E2 before E10."""
    pieces = re.split(r"([0-9]+)", ref)
    return tuple((1, int(p), "") if p.isdecimal() else (0, 0, p) for p in pieces if p), ref


@dataclass(eq=True)
class DossierFile:
    """A dossier as its file has it; the rows of each kind are in natural order of their refs."""

    dossier: Any
    rows: dict[str, list[Row]]

    def __post_init__(self) -> None:
        self.rows = {
            kind.name: sorted(self.rows.get(kind.name, ()), key=lambda row: natural(row.ref))
            for kind in KINDS
        }

    def plain(self) -> dict[str, Any]:
        """As JSON has it, texts inline; kinds without a row are left out."""
        lists = {name: [row.plain() for row in rows] for name, rows in self.rows.items() if rows}
        return {"format": NAME, "version": VERSION, "dossier": self.dossier.plain(), **lists}
