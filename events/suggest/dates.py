"""Dates with their basis: strict rules for what may be one, read by `events.dates`.

A month counts only in capitals and beside a day, a year or a word such as 'in': 'may' and 'march'
are verbs. A range is taken whole. Dates in German, French, Ukrainian and Russian are put into
English first. What counts from the document's day is not proposed without one.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from events import dates
from events.suggest.model import Choice, Dated, Draft, Kind
from events.suggest.words import Script

_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan\\.?|Feb\\.?|Mar\\.?|Apr\\.?|Jun\\.?|Jul\\.?|Aug\\.?|Sept?\\.?|Oct\\.?|Nov\\.?|Dec\\.?"
    "|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER)"
)
_WEEKDAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d%:])"
_YEAR = r"(?:1[89]\d\d|20\d\d)(?!\d|[.,]\d|-\w)"
_COUNT = r"(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3})"
_UNIT = "(?:days?|weeks?|months?|years?)"
_AND = r"(?:\ ?-\ ?|\ to\ |\ and\ |\ or\ |\ until\ |\ through\ )"
_TIME = r"(?:,?\ at\ \d{1,2}:\d\d(?:\ (?:UTC|GMT|CET|EET))?)?"
_SOURCE = rf"""
(?<![^\W_])(?:
(?P<lead>(?i:on|by|before|after|since|until|from|between|in|during|around|about)\ )?(?:the\ )?
(?:
  (?P<iso>{_YEAR.replace("|-\\w", "")}-[01]\d-[0-3]\d(?![\d-]))
 |(?P<full>(?:{_WEEKDAY},?\ )?(?:
     {_DAY}(?:{_AND}{_DAY})?(?:\ of)?\ {_MONTH}(?![^\W_])(?:,?\ {_YEAR})?
       (?:{_AND}{_DAY}\ {_MONTH}(?:,?\ {_YEAR})?)?
    |{_MONTH}\ {_DAY}(?![^\W_])(?:{_AND}(?:{_MONTH}\ )?{_DAY}(?![^\W_]))?(?:,?\ {_YEAR})?
   ){_TIME})
 |(?P<month>(?:(?:early|mid|late)[ -])?{_MONTH}\ {_YEAR})
 |(?P<bare>(?:(?:early|mid|late|last|next|this)[ -])?{_MONTH}(?![^\W_]))
 |(?P<weekday>(?:(?:this|next|last|coming|following)\ )?{_WEEKDAY}
    (?:\ (?:morning|afternoon|evening|night))?(?![^\W_]))
 |(?P<night>(?i:tonight|overnight|last\ night)(?![^\W_]))
 |(?P<near>(?i:today|yesterday|tomorrow|this\ (?:morning|afternoon|evening|week|weekend|month|year)
    |(?:next|last)\ (?:week|weekend|month|year))(?![^\W_]))
 |(?P<ago>{_COUNT}\ {_UNIT}\ ago(?![^\W_]))
 |(?P<year>{_YEAR}(?!\ [A-Za-z]+s\b)(?![^\W_]))
)
|(?P<ahead>(?i:in|within)\ (?:the\ next\ )?{_COUNT}\ {_UNIT}(?![^\W_]))
|(?P<soon>(?i:over|in|within|during|for)\ the\ (?:(?:next|coming)\ (?:few\ )?|following\ few\ )
    (?:days|weeks|months)(?![^\W_]))
)
"""
_DATES = re.compile(_SOURCE, re.VERBOSE)
_STARTS = re.compile(r"(?<![^\W_])(?<![\d.,/]-)(?<![\d][.,/:])(?<!-)")

_FOREIGN_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "Januar Jänner janvier січня января", "Februar Feber février лютого февраля",
            "März mars березня марта", "avril квітня апреля", "Mai mai травня мая",
            "Juni juin червня июня", "Juli juillet липня июля", "août серпня августа",
            "septembre вересня сентября", "Oktober octobre жовтня октября",
            "novembre листопада ноября", "Dezember décembre грудня декабря",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_FOREIGN_DAYS = {
    "heute nacht": "tonight", "cette nuit": "tonight", "сьогодні вночі": "tonight",
    "сегодня ночью": "tonight", "heute": "today", "gestern": "yesterday", "morgen": "tomorrow",
    "aujourd'hui": "today", "demain": "tomorrow", "сьогодні": "today", "вчора": "yesterday",
    "учора": "yesterday", "завтра": "tomorrow", "сегодня": "today", "вчера": "yesterday",
    "ce soir": "this evening", "heute abend": "this evening", "heute morgen": "this morning",
}  # fmt: skip
_ENGLISH = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
_FOREIGN = re.compile(
    rf"(?<![^\W_])(?:(?P<day>[0-3]?\d)(?:\.|er)?\ (?P<month>{'|'.join(_FOREIGN_MONTHS)}"
    rf"|(?<=\.\ )(?:April|August|September|November))"
    rf"(?:\ (?P<year>{_YEAR}))?(?![^\W_])"
    rf"|(?P<word>(?i:{'|'.join(sorted(_FOREIGN_DAYS, key=len, reverse=True))}))(?![^\W_]))"
)
_WHICH = re.compile(r"(?:\w+ )?(?:the )?(?:early|mid|late|last|next|this)[ -]")
_LOOSE = ("", "on ", "between ", "about ", "around ")
_NIGHTS = frozenset(("tonight", "overnight"))
_SPANS = {"days": 7, "weeks": 31, "months": 183}


def drafts(script: Script, day: date | None, zone: str) -> list[Draft]:
    """Every date that can be read, in order; none overlaps another."""
    found: list[Draft] = []
    last = 0
    for start, end, text, kind in _candidates(script.plain):
        if start < last:
            continue
        draft = _draft(start, end, text, kind, day, zone)
        if draft is not None:
            found.append(draft)
            last = end
    return found


def _candidates(plain: str) -> list[tuple[int, int, str, str]]:
    """Where a date may stand, its words in English, and by which rule."""
    found = []
    for match in _DATES.finditer(plain):
        kind = next(name for name in _RULES if match[name])
        lead = (match["lead"] or "").lower()
        start = match.start()
        is_placed = lead not in ("", "on ", "between ", "about ", "around ") or _WHICH.match(
            match[0]
        )
        if kind == "bare" and not is_placed:
            continue
        if kind == "year" and lead not in ("in ", "since ", "until ", "by ", "before ", "after "):
            continue
        if not _STARTS.match(plain, start) or _is_part(plain, start, match.end()):
            continue
        text = match[0]
        if kind in ("near", "night", "ago"):
            # 'on today's news' and 'from yesterday' are no bounds.
            skip = match.start(kind) - start
            start, text = start + skip, text[skip:]
        if kind in ("full", "iso") and lead in ("in ", "during "):
            start, text = start + len(lead), text[len(lead) :]
        if lead == "from " and " to " not in text and " until " not in text:
            start, text = start + 5, text[5:]
        if lead == "between " and " and " not in text:
            start, text = start + 8, text[8:]
        found.append((start, match.end(), text, kind))
    for match in _FOREIGN.finditer(plain):
        if not _STARTS.match(plain, match.start()) or plain[match.end() : match.end() + 1] == "'":
            continue
        # In capitals it is the noun 'Morgen', a part of the day.
        if match["word"] == "Morgen":
            continue
        if match["word"]:
            english = _FOREIGN_DAYS[match["word"].lower()]
        else:
            name = match["month"]
            month = _ENGLISH[_FOREIGN_MONTHS[name] - 1] if name in _FOREIGN_MONTHS else name
            english = f"{match['day']} {month} {match['year'] or ''}".strip()
        kind = "near" if match["word"] else "full"
        kind = "night" if english in _NIGHTS else kind
        found.append((match.start(), match.end(), english, kind))
    found.sort(key=lambda one: (one[0], -one[1]))
    return found


_RULES = (
    *("iso", "full", "month", "bare", "weekday", "night", "near", "ago", "year", "ahead", "soon"),
)


def _is_part(plain: str, start: int, end: int) -> bool:
    """Whether what was found is part of a number or a name: '11 March Street', '2025-26'."""
    after = plain[end : end + 2]
    is_number = plain[end - 1].isdigit() and after[:1] == "." and after[1:].isdigit()
    return (
        is_number
        or bool(re.match(r"[-/]\d|%", after))
        or plain[max(0, start - 1) : start] in ("$", "€")
    )


def _draft(start: int, end: int, text: str, kind: str, day: date | None, zone: str) -> Draft | None:
    read = _soon(text, day, zone) if kind == "soon" else _choices(text, kind, day, zone)
    if not read:
        return None
    first = read[0]
    basis = "counted from the day of the text" if "derived" in first.basis else "as stated"
    if kind == "soon":
        basis = "counted from the day of the text; the end is a guess"
    reason, confidence = f"A date, {basis}.", 0.9 if kind in ("iso", "full", "month") else 0.8
    if first.basis == "stated" and day is not None and not re.search(r"\d{4}", text):
        reason, confidence = "A date whose year is that of the text's day.", 0.8
    if kind == "soon" or kind in ("bare", "year"):
        confidence = 0.6
    if len(read) > 1:
        which = "two nights: the one that ends on the day or the one that begins on it"
        reason = f"'{text}' may mean {which if kind == 'night' else 'two days'}."
        confidence = 0.5
    return Draft(start, end, Kind.DATE, reason, confidence, Dated(read))


@lru_cache(maxsize=4096)
def _choices(text: str, kind: str, day: date | None, zone: str) -> tuple[Choice, ...]:
    """What the words may mean; nothing when they cannot be read."""
    wordings: tuple[str, ...] = (text,)
    if kind == "night" and text.lower() in _NIGHTS:
        wordings = ("tonight", "last night")
    found: list[Choice] = []
    for wording in wordings:
        try:
            found.append(_choice(dates.read(wording, zone=zone, anchor=day)))
        except dates.DateError as refused:
            # The reader offers whole texts only where the day of the text tells what they mean.
            if day is None:
                continue
            for other in refused.suggestions:
                try:
                    found.append(_choice(dates.read(other, zone=zone, anchor=day), derived=True))
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
