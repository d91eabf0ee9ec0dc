"""Citation marks: the numbers of notes, glued to the end of a word or sentence. Pure.

"ceasefire.1", "court.”3", "peace¹" and "said.[12]" carry one. A number that says something must
never be taken for one, so what could be either is left in the text.
"""

from __future__ import annotations

import re
from itertools import pairwise

from .plain import Span

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_QUOTES = "”“’‘\"'»«)]"
_CLOSING = f".,;!?…{_QUOTES}"
# Several notes at one place: "1,2" and "3–5".
_NUMBERS = r"\d{1,3}(?:[,–-]\d{1,3})*"
# Not the first digits of a longer number, an hour, a share, a telephone number, a file's name.
_ENDS = r"(?!\d)(?![.,:/–-]\d)(?!\.\w)(?![%°‰/])"
_MARK = re.compile(
    rf"[{_SUPERSCRIPTS}]+(?:[,–-][{_SUPERSCRIPTS}]+)*"
    rf"|\[\d{{1,3}}(?:[,–-]\s?\d{{1,3}})*\]"
    rf"|(?<=[{re.escape(_CLOSING)}]){_NUMBERS}{_ENDS}(?:(?!\w)|(?=[^\W\d_]{{2}}))"
    rf"|(?<=[^\W\d_]){_NUMBERS}{_ENDS}(?!\w)"
)
_WORD = re.compile(r"[^\W\d_]+$")
_LONGEST = 48
"""Code points before a mark that are looked at: a word and what closes it."""

# What a number follows that belongs to it: "p.12", "Art.5", "Dec.12".
_COUNTED = frozenset(
    re.findall(
        r"\w+",
        "p pp no nos art arts vol ch cl sec fig figs para paras v ver nr abs st cf c ca ed eds fn "
        "n rev op bd hrsg стр п ст гл рис см "
        "jan feb mar apr jun jul aug sep sept oct nov dec",
    )
)
# What a number may be written to without a space: "phase2", "article5".
_NUMBERED = frozenset(
    re.findall(
        r"\w+",
        "phase article appendix option version level grade group part point page chapter section "
        "item table figure annex round stage step type class track category covid unit",
    )
)


def citation_marks(text: str) -> list[Span]:
    """Where digits or bracketed numbers are glued to a word or sentence as citations.

    "ceasefire.1", "court.17" and "peace¹" carry one; "30-day", "G7", "3.14", "p.12", "COVID-19"
    and "total:5" do not.
    """
    return [Span(m.start(), m.end()) for m in _MARK.finditer(text) if _is_mark(text, m)]


def _is_mark(text: str, match: re.Match[str]) -> bool:
    start, found = match.start(), match[0]
    if found[0] in _SUPERSCRIPTS or found[0] == "[":
        # A raised number after a digit or a short unit is a power: "10⁶", "km²".
        return start > 0 and not text[start - 1].isspace() and not _is_power(text, start, found)
    if not _ascends(found):
        return False
    before = text[max(0, start - _LONGEST) : start]
    # French puts a space before its closing marks.
    closed = before.rstrip(_CLOSING + (" \u00a0\u202f" if before.endswith("»") else ""))
    closing = before[len(closed) :]
    word = _WORD.search(closed)
    if not closing:
        # Glued to the letters themselves: "ceasefire1" but not "G7", "F16", "Su27" or "Covid19".
        return (
            word is not None
            and len(word[0]) >= 4
            and word[0].islower()
            and (word[0] not in _NUMBERED and "," not in found)
        )
    if word is None:
        # "in 2025.3" may be a number; what a quotation or bracket closes is none: "(2025).3".
        last = closed[-1:]
        return last.isdigit() and closing.strip(".,;!?…") != "" and closing != ")"
    if closing in {",", ";"} and ("," in found or len(found) > 2):
        return False
    after = text[match.end() : match.end() + 2]
    if after[:1].isalpha() and not (after[0].isupper() and after[1].islower()):
        return False
    if closing != ".":
        return True
    # A single letter with a stop counts something ("S.12"), but not in "the U.S.8".
    if len(word[0]) == 1:
        return closed[-2:-1] == "."
    return word[0].lower() not in _COUNTED


def _is_power(text: str, start: int, found: str) -> bool:
    """Whether what is raised belongs to the number or the unit before it."""
    if found[0] == "[":
        return False
    if text[start - 1].isdigit():
        return True
    word = _WORD.search(text[max(0, start - _LONGEST) : start])
    return word is not None and len(word[0]) <= 2 and found in {"²", "³"}


def _ascends(found: str) -> bool:
    """Whether the numbers of a mark rise, as those of notes do and those of a sum do not."""
    numbers = [int(part) for part in re.split(r"[,–-]", found)]
    return numbers[0] > 0 and found[0] != "0" and all(one < two for one, two in pairwise(numbers))


def clean(exact: str) -> str:
    """`exact` without its citation marks; white space left double by them is joined."""
    kept: list[str] = []
    done = 0
    for mark in citation_marks(exact):
        kept.append(exact[done : mark.start])
        done = mark.end
    return re.sub(r"[ \u00a0]{2,}", " ", "".join([*kept, exact[done:]])).strip()


def unmarked(words: str) -> str:
    """`words` without the citation mark they end with, if they do; else as they are."""
    last = citation_marks(words)[-1:]
    return words[: last[0].start] if last and last[0].end == len(words) else words
