"""Dates with their basis: strict rules for what may be one, read by `events.dates`.

A month counts only in capitals and beside a day, a year or a word such as 'in': 'may' and 'march'
are verbs. A range is taken whole. Dates in German, French, Ukrainian and Russian are put into
English first (`foreign`). What counts from the document's day is not proposed without one. Of two
days that a word may mean, the one that fits the sentence comes first.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from events import dates
from events.suggest import english, foreign
from events.suggest.foreign import Candidate
from events.suggest.model import Choice, Dated, Draft, Kind
from events.suggest.words import Script

_BOUND = re.compile(
    r"(?:on|by|before|after|since|until|from|between|in|during|around|about)\ (?:the\ )?",
    re.IGNORECASE,
)
_AHEAD = re.compile(r"(?:by|until|before|next|this|coming)\b", re.IGNORECASE)
_PAST = re.compile(r"(?:since|last|after)\b", re.IGNORECASE)
_COMING = re.compile(
    r"(?<![^\W_])(?:will|shall|to|plans?|planned|scheduled|expected|would|'ll|wird|werden|wollen|"
    r"soll|sollen|doit|doivent|sera|seront|буде|будуть|має|мають|відбудеться|будет|будут|"
    r"состоится|пройдёт|пройдет|вылетает|намечена?|намечен[оы])(?![^\W_])",
    re.IGNORECASE,
)
_NIGHTS = frozenset(("tonight", "overnight"))
_NUMBERS = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_COUNTED = re.compile(rf"(?<!\w)(\d{{1,3}}|{'|'.join(_NUMBERS)})\ (?:hours|days)$", re.IGNORECASE)
_SPANS = {"days": 7, "weeks": 31, "months": 183}


def drafts(script: Script, day: date | None, zone: str) -> list[Draft]:
    """Every date that can be read, in order; none overlaps another."""
    found: list[Draft] = []
    last = 0
    for start, end, text, kind in _candidates(script):
        if start < last:
            continue
        draft = _draft(script.plain, start, end, text, kind, day, zone)
        if draft is not None:
            found.append(draft)
            last = end
    return found


def _candidates(script: Script) -> list[Candidate]:
    """What may be a date by any rule, in order, the longest first."""
    found = [*english.candidates(script), *foreign.candidates(script)]
    found = [one for one in found if not english.is_part(script.plain, one[0], one[1])]
    found.sort(key=lambda one: (one[0], -one[1]))
    return found


def _draft(
    plain: str, start: int, end: int, text: str, kind: str, day: date | None, zone: str
) -> Draft | None:
    read = _read(text, kind, day, zone)
    bound = _BOUND.match(text)
    if not read and bound and plain.startswith(bound[0], start):
        # A bound that cannot be read with its range ('until March 11-15') is left out.
        start, text = start + bound.end(), text[bound.end() :]
        read = _read(text, kind, day, zone)
    if not read:
        return None
    if len(read) > 1:
        read = _likely_first(plain, start, text, read, day)
    first = read[0]
    basis = "counted from the day of the text" if "derived" in first.basis else "as stated"
    if kind in ("soon", "hours"):
        basis = "counted from the day of the text; the end is a guess"
    reason, confidence = f"A date, {basis}.", 0.9 if kind in ("iso", "full", "month") else 0.8
    if (
        first.basis == "stated"
        and len(read) == 1
        and day is not None
        and not re.search(r"\d{4}", text)
    ):
        reason, confidence = "A date whose year is that of the text's day.", 0.8
    if kind in ("soon", "hours", "bare", "year"):
        confidence = 0.6
    if len(read) > 1:
        which = "two nights: the one that ends on the day or the one that begins on it"
        reason = f"'{text}' may mean {which if kind == 'night' else 'two days'}."
        confidence = 0.5
    return Draft(start, end, Kind.DATE, reason, confidence, Dated(read))


def _read(text: str, kind: str, day: date | None, zone: str) -> tuple[Choice, ...]:
    if kind == "soon":
        return _soon(text, day, zone)
    if kind == "hours" or (kind == "ahead" and text.endswith("hours")):
        return _hours(text, day, zone)
    return _choices(text, kind, day, zone)


def _likely_first(
    plain: str, start: int, text: str, read: tuple[Choice, ...], day: date | None
) -> tuple[Choice, ...]:
    """Of two days that a word may mean, first the one that the sentence speaks of."""
    first, *_, last = read
    lead = plain[max(0, start - 120) : start]
    lead = lead[max(lead.rfind(mark) for mark in '.!?\n"“”„«»') + 1 :]
    ahead = _AHEAD.match(text) or (_COMING.search(lead) and not _PAST.match(text))
    is_today = day is not None and day.isoformat() in last.edtf and "-" in last.edtf
    if text.lower() in _NIGHTS:
        return read
    if last.basis == "derived_document" and (ahead or (is_today and not _PAST.match(text))):
        return (last, *[choice for choice in read if choice != last])
    return (first, *read[1:])


@lru_cache(maxsize=4096)
def _choices(text: str, kind: str, day: date | None, zone: str) -> tuple[Choice, ...]:
    """What the words may mean; nothing when they cannot be read."""
    wordings: tuple[str, ...] = (text,)
    if kind == "night" and text.lower() in _NIGHTS:
        wordings = ("tonight", "last night")
        if text.lower() == "overnight":
            wordings = ("last night", "tonight")
    found: list[Choice] = []
    for wording in wordings:
        try:
            found.append(_choice(dates.read(wording, zone=zone, anchor=day)))
        except dates.DateError as refused:
            # The reader offers whole texts where the day of the text tells what they mean, or
            # where day and month may have changed places.
            if (day is None and kind != "iso") or len(refused.suggestions) < 2:
                continue
            for other in refused.suggestions:
                try:
                    read = dates.read(other, zone=zone, anchor=day)
                    found.append(_choice(read, derived=kind != "iso"))
                except dates.DateError:
                    continue
    return tuple(choice for choice in found if choice.edtf)


def _choice(reading: dates.Reading, *, derived: bool = False) -> Choice:
    basis = dates.Basis.DERIVED_DOCUMENT if derived else reading.basis
    return Choice(reading.text, reading.edtf, basis.value, reading.label)


def _soon(text: str, day: date | None, zone: str) -> tuple[Choice, ...]:
    """'over the next few days' as between the day of the text and a week later."""
    if day is None:
        return ()
    unit = text.rsplit(" ", 1)[-1]
    try:
        end = day + timedelta(days=_SPANS[unit])
        read = dates.read(f"between {day.isoformat()} and {end.isoformat()}", zone=zone)
    except (OverflowError, dates.DateError):
        return ()
    return (_choice(read, derived=True),)


def _hours(text: str, day: date | None, zone: str) -> tuple[Choice, ...]:
    """'within 48 hours' as between the day of the text and two days on; 'the past' looks back."""
    count = _COUNTED.search(text)
    if day is None or count is None:
        return ()
    number = int(count[1]) if count[1].isdigit() else _NUMBERS.index(count[1].lower()) + 1
    length = timedelta(days=-(-number // 24) if text.lower().endswith("hours") else number)
    try:
        ends = (day - length, day) if re.search(r"\b(?:past|last)\b", text) else (day, day + length)
        read = dates.read(f"between {ends[0].isoformat()} and {ends[1].isoformat()}", zone=zone)
    except (OverflowError, dates.DateError):
        return ()
    return (_choice(read, derived=True),)
