"""Finding what a person means by a few words: records by ref or name, events in a date, the
day that relative words count from.

No query here reads all records of a dossier: each is bounded.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from events import dates, models

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from events.models import Dossier, Event, Record, Source

NAMES: dict[str, tuple[str, ...]] = {
    "actor": ("name", "short_name"),
    "commitment": ("action",),
    "conflict": ("title",),
    "consent": ("actor__name", "proposal__issue__name"),
    "event": ("title",),
    "issue": ("name",),
    "link": ("from_event__title", "to_event__title"),
    "passage": ("exact",),
    "affiliation": ("member__name", "title"),
    "participation": ("actor__name", "event__title"),
    "position": ("actor__name", "issue__name", "summary"),
    "proposal": ("issue__name",),
    "readout": ("source__title", "actor__name"),
    "readoutpoint": ("subject",),
    "side": ("name", "code"),
    "source": ("title",),
    "term": ("text", "proposal__issue__name"),
}
"""The columns by which a person knows a record; the first is its name."""

LISTS = {"actor": "aliases", "issue": "variants"}
"""Further names, kept as a list."""

SHOWN = 12
"""Most records offered at once."""

SCANNED = 3000
"""Most names compared for one that is spelled alike."""


def matching(dossier: Dossier, model: type[Record], words: str) -> Iterable[Record]:
    """The first records whose ref begins with, or whose name has, all of `words`."""
    rows = _fitting(dossier, model, words).select_related(*related(model))
    return rows.order_by("id")[:SHOWN]


def _fitting(dossier: Dossier, model: type[Record], words: str) -> QuerySet[Any]:
    rows = model._base_manager.filter(dossier=dossier)
    for word in words.split()[:8]:
        wanted = Q(ref__istartswith=word)
        for column in NAMES[model._meta.model_name]:
            wanted |= Q(**{f"{column}__icontains": word})
        if listed := LISTS.get(model._meta.model_name):
            wanted |= Q(**{f"{listed}__icontains": word})
        rows = rows.filter(wanted)
    return rows


def related(model: type[Record]) -> list[str]:
    """What a record of `model` needs for its headline, for select_related."""
    paths = {column.rpartition("__")[0] for column in NAMES[str(model._meta.model_name)]} - {""}
    return sorted(paths) or ["dossier"]


def find(dossier: Dossier, among: Sequence[type[Record]], typed: str) -> Record:
    """The one record that `typed` names: "E7", "E7 Joint statement", or its name alone.

    Raises LookupError with a sentence that says what is wrong and what would work.
    """
    if "\0" in typed:  # the database takes no such text
        raise LookupError("Null characters are not allowed.")
    ref, _, rest = typed.partition(" ")
    for model in among:
        if not re.fullmatch(rf"{model.ref_prefix}[0-9A-Za-z_-]+", ref, re.IGNORECASE):
            continue
        rows = model._base_manager.filter(dossier=dossier, ref__iexact=ref)
        found = rows.select_related(*related(model)).first()
        if found and (not rest.strip() or _same(rest, found.headline)):
            return found
    named = [record for model in among for record in _by_name(dossier, model, typed)]
    if len(named) == 1:
        return named[0]
    if named:
        offers = _either([str(record) for record in named[:4]])
        raise LookupError(f"'{typed}' may be {offers}. Write the one with its number.")
    words = " or ".join(_a(model._meta.verbose_name) for model in among[:3])
    alike = [name for model in among for name in _alike(dossier, model, typed)][:3]
    hint = (
        f" Did you mean {_either(alike)}?" if alike else " Pick one of the list, or add it first."
    )
    raise LookupError(f"'{typed}' is not {words} here.{hint}")


def _by_name(dossier: Dossier, model: type[Record], typed: str) -> list[Record]:
    noun = model._meta.model_name
    wanted = Q()
    for column in NAMES[noun]:
        wanted |= Q(**{f"{column}__iexact": typed})
    if listed := LISTS.get(noun):
        wanted |= Q(**{f"{listed}__contains": [typed]})
    rows = model._base_manager.filter(wanted, dossier=dossier)
    return list(rows.select_related(*related(model)).distinct()[:5])


def _alike(dossier: Dossier, model: type[Record], typed: str) -> list[str]:
    having = [f"'{record.headline}'" for record in list(matching(dossier, model, typed))[:3]]
    if having:
        return having
    column = NAMES[model._meta.model_name][0]
    rows = model._base_manager.filter(dossier=dossier).order_by("-id")
    known: dict[str, str] = {}
    for name in rows.values_list(column, flat=True)[:SCANNED]:
        for spelled in (name, *name.split()):
            known.setdefault(spelled.casefold(), name)
    close = difflib.get_close_matches(typed.casefold(), known, n=3, cutoff=0.7)
    return [f"'{name}'" for name in dict.fromkeys(known[spelled] for spelled in close)]


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _a(noun: object) -> str:
    return f"{'an' if str(noun)[0] in 'aeiou' else 'a'} {noun}"


def events_called(dossier: Dossier, words: str) -> list[Event]:
    """The events that words in a date may mean: a ref, a kind ("the talks"), or part of a title.

    A kind means the events of it that took place; only without such any of it.
    """
    rows = models.Event.objects.filter(dossier=dossier)
    words = re.sub(r"^(the|a|an)\s+", "", words.strip(), flags=re.IGNORECASE)
    if not words:
        return []
    if found := rows.filter(ref__iexact=words).first():
        return [found]
    kind = words.casefold().removesuffix("s")
    kinds = [value for value in models.Event.Kind.values if value.removesuffix("s") == kind]
    if kinds:
        of_kind = list(rows.filter(kind=kinds[0]).in_time()[:20])
        took_place = [e for e in of_kind if e.modality == models.Event.Modality.OCCURRED]
        if of_kind:
            return took_place or of_kind
    for word in words.split()[:8]:
        rows = rows.filter(title__icontains=word)
    return list(rows.in_time()[:6])


def as_known(event: Event) -> dates.KnownEvent:
    """An event as dates.read() wants it."""
    return dates.KnownEvent(
        ref=event.ref,
        title=event.title,
        edtf=event.when_edtf,
        earliest=event.earliest,
        latest=event.latest,
    )


def anchor_day(dossier: Dossier, record: Record | None = None) -> dt.date | None:
    """The day from which "this Saturday" counts and whose year "11 March" takes.

    In this order: the day the record's present date was worked out from; the date of the document
    that its first evidence is from; its own present date; the date of the newest dated source of
    the dossier; the newest dated event. None in a dossier without any date: then a year is asked.
    """
    zone = dossier.time_zone
    if day := getattr(record, "when_anchor_day", None):
        return day
    if record is not None and record.pk and hasattr(record, "evidence"):
        cited = record.evidence.exclude(
            passage__source_text__source__published_earliest=None
        ).order_by("id")
        published = "passage__source_text__source__published_earliest"
        if (seconds := cited.values_list(published, flat=True).first()) is not None:
            return day_of(seconds, zone)
    if (seconds := getattr(record, "earliest", None)) is not None:
        return day_of(seconds, zone)
    sources = models.Source.objects.filter(dossier=dossier, published_earliest__isnull=False)
    newest = sources.order_by("-published_earliest").values_list("published_earliest", flat=True)
    if (seconds := newest.first()) is None:
        past = models.Event.objects.filter(dossier=dossier, earliest__isnull=False)
        seconds = past.order_by("-earliest").values_list("earliest", flat=True).first()
    return None if seconds is None else day_of(seconds, zone)


def day_of(seconds: int, zone: str) -> dt.date | None:
    """The day of an instant in `zone`; None outside the years 1 to 9999."""
    moment = dates.civil(seconds, zone)
    try:
        return dt.date(moment.year, moment.month, moment.day)
    except ValueError:
        return None


def published_day(source: Any) -> dt.date | None:
    """The day a document is of; None where no single day is known."""
    first, last = source.published_earliest, source.published_latest
    if first is None or last is None:
        return None
    zone = source.dossier.time_zone
    day = day_of(first, zone)
    return day if day == day_of(max(last - 1, first), zone) else None


def among(dossier: Dossier, models: Sequence[type[Record]], words: str) -> list[Record]:
    """The newest records that `words` fit, of each of the models in turn; at most SHOWN."""
    found = [
        list(
            _fitting(dossier, model, words).select_related(*related(model)).order_by("-id")[:SHOWN]
        )
        for model in models
    ]
    return [one for turn in zip_longest(*found) for one in turn if one is not None][:SHOWN]


def near(source: Source, among: Sequence[type[Record]], words: str) -> list[Record]:
    """Records that `words` fit, of any of the models: those that rest on the same source, then
    the newest. At most SHOWN."""
    cited, others = [], []
    for model in among:
        noun = str(model._meta.model_name)
        rows = _fitting(source.dossier, model, words).select_related(*related(model))
        here = Q(evidence__passage__source_text__source=source)
        nearest = list(rows.filter(here).order_by("-id").distinct()[:SHOWN])
        cited += nearest
        if noun != "conflict" or words:
            others += [r for r in rows.order_by("-id")[:SHOWN] if r not in nearest]
    others.sort(key=lambda record: record.updated_at, reverse=True)
    return [*cited, *others][:SHOWN]
