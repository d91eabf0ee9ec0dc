"""Dates of what is spoken of: 'condemned the attack of last Thursday', 'praised Monday's call'.

They do not date the statement. What a statement is made at or in does: 'said in a call on Monday'.
English only.
"""

from __future__ import annotations

import re

_HAPPENED = (
    r"(?:attack|assault|strike|airstrike|raid|shelling|bombing|killing|shooting|explosion|clash"
    r"|incident|crash|vote|election)(?:es|s)?"
)
_TALKS = (
    r"(?:talk|meeting|summit|call|conversation|negotiation|discussion|session|briefing|interview)s?"
)
_TOLD = r"(?:statement|speech|remark|letter|message|post|announcement)(?:es|s)?"
_AGREED = r"(?:agreement|deal|decision|ruling|proposal|offer|plan)s?"
_EVENT = rf"(?<![\w-])(?:(?P<at>{_TALKS}|{_TOLD})|{_HAPPENED}|{_AGREED})"
_AT = (
    r"(?<![\w-])(?:in|at|during|after|following|before|by|via)\s+"
    r"(?:(?:an?|the|his|her|its|their|these|those)\s+)?(?:[^\W\d_][\w-]*\s+){0,2}?$"
)
"""What leads to the occasion of speaking."""
_WHOSE = re.compile(rf"{_EVENT}\s+(?:of|from)\s+$", re.IGNORECASE)
# 'rejected the offer on Monday' says when it was rejected; an attack was on a day.
_ON_A_DAY = re.compile(rf"(?<![\w-])(?:(?P<at>{_TALKS})|{_HAPPENED})\s+(?:on\s+)?$", re.IGNORECASE)
_OWNED = re.compile(rf"['’]s?\s+(?:[^\W\d_][\w-]*\s+){{0,2}}?{_EVENT}(?![\w-])", re.IGNORECASE)
_BOUND = re.compile(r"(?P<word>on|from|of)\s+", re.IGNORECASE)
_BACK = 80
"""Code points before a date that are looked at."""


def is_spoken_of(text: str, begin: int, start: int, end: int) -> bool:
    """Whether the date at `start` to `end` is that of an object in the sentence from `begin`."""
    bound = _BOUND.match(text, start, end)
    day = start + (bound.end() - bound.start() if bound else 0)
    lead = text[max(begin, day - _BACK) : day]
    if owned := _OWNED.match(text, end, end + _BACK):
        return not (owned["at"] and re.search(_AT, lead, re.IGNORECASE))
    found = _WHOSE.search(lead)
    if found is None and re.search(r"\bon\s+$", lead, re.IGNORECASE):
        found = _ON_A_DAY.search(lead)
    if found is None:
        return False
    return not (found["at"] and re.search(_AT, lead[: found.start()], re.IGNORECASE))
