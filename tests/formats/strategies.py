"""Small dossiers out of thin air, of every kind of record and odd content, all of them valid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models as db
from hypothesis import strategies as st

from events.formats import rules
from events.formats.records import KINDS, DossierFile, Head, Kind, Row

# Everything Postgres stores: no surrogates, no NUL.
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
EDTF = st.sampled_from(
    [
        "",
        "2025-03-11",
        "2025-03",
        "2025?",
        "2025-03-11T14:30Z",
        "2025-03-11T14:30+03:00",
        "2025-03-10~/2025-03-12~",
        "[2025-03-10..2025-03-12]",
        "[..2025-03-11]",
        "2025-03-11/..",
        "{2025-03-10,2025-03-12}",
        "2025-21",
        "202X",
        "-0490-09-12",
        "9999",
    ]
)
SHAPES = {
    "wikidata": st.sampled_from(["", "Q1", "Q30"]),
    "url": st.sampled_from(["", "https://example.org/a?b=ü", "http://example.org"]),
    "duration": st.sampled_from(["", "P30D", "PT12H", "P1Y2M"]),
}


@st.composite
def dossiers(draw: st.DrawFn) -> DossierFile:
    """A dossier with up to three rows of each kind."""
    rows: dict[str, list[Row]] = {}
    for kind in KINDS:
        made: list[Row] = []
        rows[kind.name] = made
        if kind.name == "conflicts" and not rows["events"]:
            continue
        wanted = draw(st.integers(0, 3))
        if kind.name == "conflict_members":
            made += [_member(kind, n, rows) for n in range(2 * len(rows["conflicts"]))]
            continue
        for number in range(1, wanted + 1):
            values = draw(_values(kind, rows))
            if values is None:
                break
            values["id"] = ref = draw(_refs(kind, number))
            if any(rules.broken(kind.model, values)) or _taken(kind, values, made):
                continue
            if kind.name == "readout_passages" and not _fits(values, rows):
                continue
            made.append(kind.make(ref, values))
    # Actors come after the passages that may name one as the speaker.
    for passage in rows["passages"]:
        passage.speaker = draw(st.sampled_from([None, *(row.ref for row in rows["actors"])]))
    slug = draw(st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True))
    head = Head(
        slug=slug,
        title=draw(st.text(CHARACTERS, min_size=1, max_size=20)),
        description=draw(st.text(CHARACTERS, max_size=20)),
        time_zone=draw(st.sampled_from(["UTC", "Europe/Kyiv", "America/New_York"])),
        visibility=draw(st.sampled_from(["private", "public"])),
        stale_after=draw(st.integers(0, 400)),
    )
    return DossierFile(head, rows)


def _refs(kind: Kind, number: int) -> st.SearchStrategy[str]:
    prefix = kind.model.ref_prefix
    return st.sampled_from([f"{prefix}{number}", f"{kind.name}-x.{number}"])


def _member(kind: Kind, index: int, rows: dict[str, list[Row]]) -> Row:
    values = dict.fromkeys(kind.columns)
    values["conflict"] = rows["conflicts"][index // 2].ref
    values["event"] = rows["events"][0].ref
    return kind.make(f"XM{index + 1}", values)


@st.composite
def _values(draw: st.DrawFn, kind: Kind, rows: dict[str, list[Row]]) -> dict[str, Any] | None:
    """Values for the fields of a row; None when a row it must refer to is not there."""
    if kind.name == "passages":
        if not rows["source_texts"]:
            return None
        text = draw(st.sampled_from(rows["source_texts"]))
        start = draw(st.integers(0, len(text.text) - 1))
        end = draw(st.integers(start + 1, len(text.text)))
        place = {"start": start, "end": end, "exact": text.text[start:end]}
        state = draw(_value(kind.model._meta.get_field("state")))
        return {"source_text": text.ref, "state": state, "speaker": None, **place}
    values: dict[str, Any] = {}
    for name in kind.columns:
        field = kind.model._meta.get_field(name)
        if name in kind.links:
            refs = [row.ref for row in rows[kind.links[name]]] if kind.links[name] in rows else []
            if not refs and not field.null:
                return None
            empty = [None] if field.null else []
            values[name] = draw(st.sampled_from(empty + refs))
        else:
            values[name] = draw(_value(field))
    targets = getattr(kind.model, "TARGETS", ())
    filled = [name for name in targets if values[name] is not None]
    for name in filled[1:]:
        values[name] = None
    if values.get("when_anchor_event"):
        values["when_anchor_day"] = None
    if values.get("latitude") is None or values.get("longitude") is None:
        values |= {name: None for name in ("latitude", "longitude") if name in values}
    return values


def _value(field: db.Field) -> st.SearchStrategy[Any]:
    if field.name.endswith("_edtf"):
        return EDTF
    if field.name in SHAPES:
        return SHAPES[field.name]
    if field.choices:
        words = [word for word, _ in field.flatchoices] + ([""] if field.blank else [])
        return st.sampled_from(words)
    if isinstance(field, ArrayField):
        return st.lists(st.text(CHARACTERS, min_size=1, max_size=10), max_size=3)
    if isinstance(field, db.DateField):
        return st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31))
    if isinstance(field, db.DecimalField):
        return st.none() | st.decimals(-90, 90, places=5).map(lambda d: d + Decimal(0))
    if isinstance(field, db.IntegerField):
        return st.integers(1, 5)
    least = 0 if field.blank else 1
    return st.text(CHARACTERS, min_size=least, max_size=min(field.max_length or 30, 30))


def _taken(kind: Kind, values: dict[str, Any], made: list[Row]) -> bool:
    """Whether a row made before has the same values where only one may have them."""
    if any(row.ref == values["id"] for row in made):
        return True
    for names in rules.unique_sets(kind.model):
        key = [values[name] for name in names]
        if any([kind.values(row)[name] for name in names] == key for row in made):
            return True
    return False


def _fits(values: dict[str, Any], rows: dict[str, list[Row]]) -> bool:
    """Whether the words are of the readout's source, and the point is of its event."""
    named = {row.ref: row for made in rows.values() for row in made}
    readout, passage = named[values["readout"]], named[values["passage"]]
    point, text = named[values["point"]], named[passage.source_text]
    return (point.event, text.source) == (readout.event, readout.source)
