"""Field types that Django does not bring: instants of any century, keys within a dossier."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

if TYPE_CHECKING:
    from events import dates

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_CYCLE = 146_097 * 86_400
"""Seconds in 400 Gregorian years, after which the calendar repeats."""


def timestamptz(seconds: int) -> str:
    """Seconds since 1970 as Postgres reads a `timestamptz`: "0490-09-12 00:00:00+00 BC"."""
    # Moved by whole cycles into 1970 to 2369, since datetime ends with the year 9999: so does the
    # calendar of people, but the end of that year is the first instant of the next.
    cycles, rest = divmod(seconds, _CYCLE)
    moment = _EPOCH + dt.timedelta(seconds=rest)
    year = moment.year + 400 * cycles
    era = "" if year > 0 else " BC"
    return f"{year if year > 0 else 1 - year:04}-{moment:%m-%d %H:%M:%S}+00{era}"


@models.AutoField.register_lookup
@models.BigAutoField.register_lookup
@models.ForeignKey.register_lookup
class Among(models.Lookup):  # type: ignore[type-arg]
    """`pk__among=keys`: as `in`, but however many keys are one parameter, not one each.

    Text with a hundred of them takes longer to write and to read than the rows do.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Equal to any of an array."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY (%s)", (*params, list(self.rhs))


class InstantField(models.Field):
    """A `timestamptz` that is an `int` in Python: seconds since 1970-01-01T00:00:00Z.

    `datetime` begins in year 1, the dates of history do not. Values are proleptic Gregorian;
    Postgres takes 4713 BC and later.
    """

    description = "Instant (seconds since 1970, any century)"
    FIRST, LAST = -210_866_803_200, 9_224_318_015_999
    """What Postgres takes: 24 November 4714 BC to the end of the year 294276."""
    default_validators: ClassVar[Any] = [MinValueValidator(FIRST), MaxValueValidator(LAST)]

    def get_internal_type(self) -> str:
        return "InstantField"

    def db_type(self, connection: Any) -> str:
        return "timestamp with time zone"

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return f"extract(epoch from {sql})::bigint", params

    def to_python(self, value: Any) -> int | None:
        if value is None or value == "":
            return None
        if isinstance(value, dt.datetime):
            return int((value - _EPOCH).total_seconds())
        return int(value)

    def get_prep_value(self, value: Any) -> int | None:
        return self.to_python(super().get_prep_value(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> str | None:
        seconds = value if prepared else self.get_prep_value(value)
        return None if seconds is None else timestamptz(seconds)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)


class OneOf(models.CharField):
    """A word out of a fixed list, which the database holds as a CHECK of the column."""

    non_db_attrs = tuple(name for name in models.CharField.non_db_attrs if name != "choices")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.max_length = self.max_length or max(len(word) for word in self._words())

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, kwargs

    def _words(self) -> list[str]:
        return [word for word, _ in self.flatchoices] + ([""] if self.blank else [])

    def db_check(self, connection: Any) -> str:
        words = ", ".join(f"'{word}'" for word in self._words())
        return f"{connection.ops.quote_name(self.column)} IN ({words})"


class Within(models.ForeignKey):
    """A foreign key that cannot leave its dossier.

    Django's own constraint is off; the migration adds `(dossier_id, key) -> (dossier_id, id)` by
    `truceline_within`, with the same action on delete. A test compares the two.
    """

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs.setdefault("db_constraint", False)
        super().__init__(to, on_delete, **kwargs)


class UncertainDate:
    """Four columns that keep a date as it was said: text, EDTF, earliest, latest.

    `published = UncertainDate()` makes `published_text`, `published_edtf`, `published_earliest`
    and `published_latest`; reading `record.published` gives the text, `set()` takes a Reading.
    """

    def __init__(self, verbose_name: str = "", help_text: str = "") -> None:
        self.verbose_name = verbose_name
        self.help_text = help_text

    def contribute_to_class(self, cls: Any, name: str) -> None:
        said = self.verbose_name or name
        cls.add_to_class(
            f"{name}_text",
            models.CharField(
                f"{said}, as said",
                max_length=200,
                blank=True,
                default="",
                help_text=self.help_text,
            ),
        )
        cls.add_to_class(
            f"{name}_edtf",
            models.CharField(f"{said}, EDTF", max_length=200, blank=True, default=""),
        )
        for end in ("earliest", "latest"):
            cls.add_to_class(
                f"{name}_{end}",
                InstantField(f"{said}, {end}", null=True, blank=True, editable=False),
            )
        self.name = name
        setattr(cls, name, self)

    def __get__(self, record: Any, owner: Any = None) -> Any:
        return self if record is None else getattr(record, f"{self.name}_text")

    def set(self, record: models.Model, reading: dates.Reading) -> None:
        """Store a reading in the four columns of `record`; does not save."""
        setattr(record, f"{self.name}_text", reading.text)
        setattr(record, f"{self.name}_edtf", reading.edtf)
        setattr(record, f"{self.name}_earliest", reading.earliest)
        setattr(record, f"{self.name}_latest", reading.latest)
