"""Uncertain dates: what analysts type, EDTF (ISO 8601-2), bounds in instants, labels.

Pure: no database, no web framework. `read` takes whatever is typed, `from_edtf` what is stored.
Instants are seconds since 1970-01-01T00:00Z in the proleptic Gregorian calendar. The choices
made where a standard or the language leaves one are listed in `edtf` and `typed`.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from events.dates import edtf as _edtf
from events.dates import typed as _typed
from events.dates import words as _words
from events.dates.civil import Civil, civil, instant, iso
from events.dates.durations import Duration, add, duration, shift
from events.dates.labels import basis_label, day_label, long_label, short_label, time_label
from events.dates.meaning import Lookup, Meaning
from events.dates.meaning import NotTyped as _NotTyped
from events.dates.model import (
    MAX_LENGTH,
    Basis,
    DateError,
    KnownEvent,
    Order,
    Precision,
    Reading,
    Shape,
)
from events.dates.moving import Part
from events.dates.moving import in_words as _in_words
from events.dates.moving import is_as_fine as _is_as_fine
from events.dates.moving import moved as _moved


def read(
    text: str, *, zone: str = "UTC", anchor: date | None = None, known: Lookup | None = None
) -> Reading:
    """Read a date as typed, in English or EDTF.

    `zone` (IANA name) is the one of local days and times; `anchor` the day from which
    'this Saturday' counts and whose year '11 March' takes; `known` looks up events by reference
    or title. Raises DateError for anything else.
    """
    if len(text) > MAX_LENGTH:
        raise _edtf.too_long(text)
    folded = _words.fold(text)
    start, stop = len(folded) - len(folded.lstrip()), len(folded.rstrip())
    # What is kept is one line, like the field it was typed in.
    text, folded = text[start:stop].translate(_words.LINES), folded[start:stop]
    if not folded or folded.lower().rstrip(".") in _words.NOTHING:
        return _reading(text, Meaning(None), zone)
    try:
        node = _edtf.parse(folded)
    except _edtf.NotEdtf as not_edtf:
        try:
            meaning = _typed.read_typed(text, folded, zone, anchor, known)
        except _NotTyped as not_typed:
            raise (not_edtf if _edtf.looks_like(folded) else not_typed) from None
    else:
        meaning = Meaning(node)
    return _reading(text, meaning, zone)


@lru_cache(maxsize=8192)
def from_edtf(edtf: str, *, zone: str = "UTC", text: str = "") -> Reading:
    """Return the reading of a stored EDTF date ('' for none), with bounds in `zone`."""
    if not edtf:
        return _reading(text, Meaning(None), zone)
    return _reading(text, Meaning(_edtf.parse(edtf)), zone)


def move(
    reading: Reading,
    part: Part,
    by: int,
    sizes: tuple[Precision, Precision],
    start: int | None = None,
) -> Reading:
    """Return the reading of a date of which a part is moved later by `by` seconds.

    It is rounded to the first of `sizes` where the date was known as finely, else to the second.
    Its text is words that mean it, else EDTF. `start` is the instant at which a date that has none
    is drawn. Raises DateError where there is no such date.
    """
    size = sizes[0] if _is_as_fine(reading, sizes[0]) else sizes[1]
    found = from_edtf(_moved(reading, part, by, size, start), zone=reading.zone)
    words = _in_words(short_label(found))
    try:
        said = read(words, zone=reading.zone)
    except DateError:
        return read(found.edtf, zone=reading.zone)
    same = ("earliest", "latest", "certain_from", "certain_to", "unit", "shape")
    meant = all(getattr(said, name) == getattr(found, name) for name in same)
    return said if meant else read(found.edtf, zone=reading.zone)


def canonical(edtf: str) -> str:
    """Return EDTF in its canonical spelling ('' for '')."""
    return _edtf.print_node(_edtf.parse(edtf)) if edtf else ""


def _reading(text: str, meaning: Meaning, zone: str) -> Reading:
    node = meaning.node
    if node is None:
        bounds, shape, precision, size = _edtf.Bounds(None, None), Shape.NONE, Precision.NONE, None
        printed, dates = "", []
    else:
        printed = _edtf.print_node(node)
        bounds = _edtf.bounds(node, zone, text or printed)
        shape, precision = _shape(node)
        size = _edtf.coarsest(node)
        dates = list(_edtf.points(node))
    if len(printed) > MAX_LENGTH:
        raise _edtf.too_long(printed)
    return Reading(
        text=text,
        edtf=printed,
        earliest=bounds.earliest,
        latest=bounds.latest,
        certain_from=bounds.certain_from,
        certain_to=bounds.certain_to,
        precision=precision,
        shape=shape,
        approximate=any(point.approximate for point in dates),
        uncertain=any(point.uncertain for point in dates),
        basis=meaning.basis,
        anchor_day=meaning.anchor_day,
        anchor_event=meaning.anchor_event,
        order=meaning.order,
        label=long_label(node, text, meaning.order),
        unit=size or Precision.NONE,
        zone=zone,
    )


def _shape(node: _edtf.Node) -> tuple[Shape, Precision]:
    match node:
        case _edtf.Point():
            return Shape.POINT, _edtf.unit(node)
        case _edtf.Interval():
            return Shape.INTERVAL, Precision.INTERVAL
        case _edtf.Choice(every=every):
            return (Shape.INTERVAL if every else Shape.POINT), Precision.SET


__all__ = [
    "MAX_LENGTH",
    "Basis",
    "Civil",
    "DateError",
    "Duration",
    "KnownEvent",
    "Lookup",
    "Order",
    "Part",
    "Precision",
    "Reading",
    "Shape",
    "add",
    "basis_label",
    "canonical",
    "civil",
    "day_label",
    "duration",
    "from_edtf",
    "instant",
    "iso",
    "move",
    "read",
    "shift",
    "short_label",
    "time_label",
]
