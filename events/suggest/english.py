"""Dates of English texts: what may be one, by strict rules for its span.

A month counts only in capitals and beside a day, a year or a word such as 'in': 'may' and 'march'
are verbs. A range is taken whole. Numbers with points or slashes are dates only with a year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from events.suggest.foreign import Candidate
from events.suggest.words import Script, each

_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan\\.?|Feb\\.?|Mar\\.?|Apr\\.?|Jun\\.?|Jul\\.?|Aug\\.?|Sept?\\.?|Oct\\.?|Nov\\.?|Dec\\.?"
    "|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER)"
)
_WEEKDAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d%:]|,\d{3}(?!\d))"
_YEAR = r"(?:1[89]\d\d|20\d\d)(?!\d|[.,]\d|-\w)"
_COUNT = r"(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3})"
_UNIT = "(?:days?|weeks?|months?|years?)"
_AND = r"(?:\ ?-\ ?|\ to\ |\ and\ |\ or\ |\ until\ |\ through\ )"
_ZONE = r"(?:\ ?(?:UTC|GMT|CET|CEST|EET|EEST|EST|EDT|Z)(?![^\W_]))"
# 'at 14:00 Kyiv time' is left out: which zone that is, the text does not say in a way to be read.
_TIME = rf"(?:,?\ at\ (?:\d{{1,2}}:\d\d(?!\d|\ \w+\ time)|\d{{1,2}}\ ?[ap]m(?![^\W_])){_ZONE}?)?"
_PART = "(?:morning|afternoon|evening|night)"
_SOURCE = rf"""
(?<![^\W_])(?:
(?P<lead>(?i:on|by|before|after|since|until|from|between|in|during|around|about)\ )?(?:the\ )?
(?:
  (?P<iso>{_YEAR.replace("|-\\w", "")}-[01]\d-[0-3]\d(?![\d-])(?:T[0-2]\d:[0-5]\d(?::[0-5]\d)?Z)?
    |[0-3]?\d(?P<sign>[./])[01]?\d(?P=sign)(?:19|20)\d\d(?![\w/-]|\.\d)
    |[01]?\d/[0-3]?\d/(?:19|20)\d\d(?![\w/-]|\.\d))
 |(?P<full>(?:{_WEEKDAY},?\ )?(?:
     {_DAY}(?:{_AND}{_DAY})?(?:\ of)?\ {_MONTH}(?![^\W_])(?:,?\ {_YEAR})?
       (?:{_AND}{_DAY}\ {_MONTH}(?:,?\ {_YEAR})?)?
    |{_MONTH}\ {_DAY}(?![^\W_])(?:{_AND}(?:{_MONTH}\ )?{_DAY}(?![^\W_]))?(?:,?\ {_YEAR})?
   ){_TIME})
 |(?P<month>(?:(?:early|mid|late)[ -]|end\ of\ )?{_MONTH}\ {_YEAR})
 |(?P<bare>(?:(?:early|mid|late|last|next|this)[ -]|end\ of\ )?{_MONTH}(?![^\W_]))
 |(?P<weekday>(?:(?:this|next|last|coming|following)\ )?{_WEEKDAY}
    (?:\ {_PART})?(?![^\W_])(?:\ at\ noon(?![^\W_]))?{_TIME})
 |(?P<night>(?i:tonight|overnight|last\ night)(?![^\W_]))
 |(?P<near>(?i:(?:the\ )?day\ before\ yesterday
    |(?:(?:yesterday|tomorrow)(?:\ {_PART})?|today)(?![^\W_]){_TIME}
    |this\ (?:morning|afternoon|evening|week|weekend|month|year)
    |(?:next|last)\ (?:week|weekend|month|year))(?![^\W_]))
 |(?P<ago>{_COUNT}\ {_UNIT}\ ago(?![^\W_]))
 |(?P<year>{_YEAR}(?!\ [A-Za-z]+s\b)(?![^\W_]))
)
|(?P<ahead>(?i:(?:in|within)\ (?:the\ next\ )?{_COUNT}\ {_UNIT}
    |the\ day\ after\ tomorrow)(?![^\W_]))
|(?P<hours>(?i:(?:within|(?:(?:in|over|during|for)\ )?the\ (?:next|coming|past|last))
    \ {_COUNT}\ hours
    |(?:over|in|during)\ the\ (?:past|last)\ {_COUNT}\ days)(?![^\W_]))
|(?P<soon>(?i:over|in|within|during|for)\ the\ (?:(?:next|coming)\ (?:few\ )?|following\ few\ )
    (?:days|weeks|months)(?![^\W_]))
)
"""
_DATES = re.compile(_SOURCE, re.VERBOSE)
_DIGITS = 6  # '11th', '2025', and '2025' with a letter behind it
_BEGIN = each(
    "on by before after since until from between in during around about the monday tuesday "
    "wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december jan feb mar apr jun jul aug sep sept oct nov dec early "
    "mid late last next this coming following end tonight overnight day yesterday tomorrow today "
    "a an one two three four five six seven eight nine ten eleven twelve within over for"
)
_STARTS = re.compile(r"(?<![^\W_])(?<![\d.,/]-)(?<![\d][.,/:])(?<!-)")

_WHICH = re.compile(r"(?:\w+ )?(?:the )?(?:(?:early|mid|late|last|next|this)[ -]|end of )")


def _matches(script: Script) -> Iterator[re.Match[str]]:
    """The pattern's matches, tried only at the words with which a date may begin."""
    until = 0
    for word in script.words:
        is_number = word.value[0].isdigit() and len(word.value) <= _DIGITS
        if word.start >= until and (is_number or word.folded in _BEGIN):
            match = _DATES.match(script.plain, word.start)
            if match is not None:
                yield match
                until = match.end()


def candidates(script: Script) -> Iterator[Candidate]:
    """Where a date may stand, its words, and by which rule."""
    plain = script.plain
    for match in _matches(script):
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
        if not _STARTS.match(plain, start) or is_part(plain, start, match.end()):
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
        if text.lower() == "the day after tomorrow":
            text = "in two days"
        yield start, match.end(), text, kind


_RULES = (
    *("iso", "full", "month", "bare", "weekday", "night", "near", "ago", "year", "ahead"),
    *("hours", "soon"),
)


def is_part(plain: str, start: int, end: int) -> bool:
    """Whether what was found is part of a number or a name: '11 March Street', '2025-26'."""
    after = plain[end : end + 2]
    is_number = plain[end - 1].isdigit() and after[:1] == "." and after[1:].isdigit()
    return (
        is_number
        or bool(re.match(r"[-/]\d|%", after))
        or plain[max(0, start - 1) : start] in ("$", "€")
    )
