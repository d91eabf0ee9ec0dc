"""Dates of German, French, Ukrainian and Russian texts, put into English words for the reader.

A weekday of a Slavic text needs its preposition ('у середу'), for the bare word may be another.
French 'hier' is yesterday only in a French line: in a German one it is 'here'.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from events.suggest.daywords import (
    BY,
    COUNTS,
    DAYS,
    ENGLISH_MONTHS,
    LATER,
    MONTHS,
    PARTS,
    PHRASES,
    SPANS,
    UNITS,
    WEEKDAYS,
    WHICH,
)
from events.suggest.words import Script, each

type Candidate = tuple[int, int, str, str]
"""Where a date may stand, its words in English, and the rule of `dates` it goes by."""

_WITHIN = (
    r"innerhalb\ von|innerhalb|binnen|in\ den\ (?:nächsten|kommenden)|dans\ les(?:\ prochaine?s)?"
    r"|d'ici|sous|протягом(?:\ наступних)?|упродовж|в\ течение|в\ ближайшие"
)


def _one_of(table: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))


_YEAR = r"(?:1[89]\d\d|20\d\d)(?!\d)"
_END = r"(?![^\W_])"
_LEAD = rf"(?:(?P<lead>(?i:{_one_of(BY)}))\ (?:dem\ |le\ )?)?"
_PART = rf"(?:\ ?(?P<part>(?i:{_one_of(PARTS)})))?"
_COUNT = rf"(?P<count>\d{{1,3}}|(?i:{_one_of(COUNTS)}))"
_UNIT = rf"(?P<unit>{_one_of(UNITS)})"
_MONTH = rf"(?P<month>{_one_of(MONTHS)}){_END}"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_JOIN = r"(?P<join>\ ?-\ ?|\ (?:bis(?:\ zum)?|au|et(?:\ le)?|und|по|та|і|и)\ )"
_AT = r"(?:,?\ (?:um|à|о|об|в)\ (?P<hour>\d{1,2})(?:[:.h]|\ h\ )(?P<minute>\d\d)(?:\ Uhr)?(?!\d))?"
_STARTS = r"(?<![^\W_])(?<![\d.,/:]-)(?<!\d[.,/:])(?<!-)"
_DATED = re.compile(
    rf"{_STARTS}{_LEAD}(?:(?P<range>(?i:vom|du|zwischen\ dem|entre\ le|з|із|с|со|від|от))\ )?"
    rf"(?P<first>{_DAY})(?P<dot>\.|er)?(?:{_JOIN}(?P<last>{_DAY})\.?)?\ {_MONTH}"
    rf"(?:\ (?P<year>{_YEAR}))?{_AT}{_END}"
)
_NUMERIC = re.compile(rf"{_STARTS}{_LEAD}(?P<date>[0-3]?\d[./][01]?\d[./]{_YEAR}){_END}")
_MONTHLY = re.compile(
    rf"{_STARTS}(?:(?P<lead>(?i:im|en|у|в|seit|depuis))\ (?:mois\ de\ )?"
    rf"|(?P<early>(?i:Anfang|début|на\ початку|в\ начале))\ "
    rf"|(?P<mid>(?i:Mitte|mi-?|в\ середине|у\ середині))\ ?"
    rf"|(?P<late>(?i:Ende|fin|наприкінці|в\ конце))\ )?{_MONTH}(?:\ (?P<year>{_YEAR}))?{_END}"
)
_WEEKLY = re.compile(
    rf"{_STARTS}{_LEAD}(?:(?P<which>(?i:{_one_of(WHICH)}))\ )?(?P<day>{_one_of(WEEKDAYS)})"
    rf"(?:\ (?P<later>{_one_of(LATER)}))?{_PART}{_END}"
)
_NEAR = re.compile(rf"{_STARTS}(?P<day>(?i:{_one_of(DAYS)})){_PART}{_END}")
_PHRASE = re.compile(rf"{_STARTS}(?P<phrase>(?i:{_one_of(SPANS)})){_END}")
_AHEAD = re.compile(rf"{_STARTS}(?i:{_WITHIN})\ {_COUNT}\ {_UNIT}{_END}")
_AGO = re.compile(
    rf"{_STARTS}(?:(?i:vor|il\ y\ a)\ {_COUNT}\ {_UNIT}{_END}"
    rf"|{_COUNT.replace('count', 'count2')}\ {_UNIT.replace('unit', 'unit2')}"
    rf"\ (?:тому|назад){_END})"
)
_FRENCH = each("le la les des est et une dans du pour qui que au aux sur ont été l d qu")
_GERMAN = each("der die das und ist ein eine den dem mit von sich nicht auf zu im wir")


def _first_words(*tables: Iterable[str]) -> frozenset[str]:
    """The words with which a rule's matches may begin; each rule is tried at these alone."""
    return frozenset(Script(word).words[0].folded for table in tables for word in table)


def candidates(script: Script) -> Iterator[Candidate]:
    """Every date in the four languages, word by word."""
    plain = script.plain
    for word in script.words:
        is_number = word.value[0].isdigit() and len(word.value) <= _DIGITS
        if not is_number and word.folded not in _BEGIN:
            continue
        for pattern, made, begin in _RULES:
            if is_number or word.folded in begin:
                match = pattern.match(plain, word.start)
                if match is not None:
                    yield from made(plain, match)


def _phrase(plain: str, match: re.Match[str]) -> Iterator[Candidate]:
    english = PHRASES[match["phrase"].lower()]
    kind = "soon" if english.startswith("over") else "near"
    yield match.start(), match.end(), english, "night" if english == "tonight" else kind


def _ahead(plain: str, match: re.Match[str]) -> Iterator[Candidate]:
    count, unit = match["count"].lower(), UNITS[match["unit"]]
    # 'протягом' may say for how long as well as until when.
    kind = "hours" if match[0][0] > "\u0400" and unit == "days" else "ahead"
    yield match.start(), match.end(), f"within {COUNTS.get(count, count)} {unit}", kind


def _ago(plain: str, match: re.Match[str]) -> Iterator[Candidate]:
    count = (match["count"] or match["count2"]).lower()
    unit = UNITS[match["unit"] or match["unit2"]]
    yield match.start(), match.end(), f"{COUNTS.get(count, count)} {unit} ago", "ago"


def _by(match: re.Match[str]) -> tuple[int, str]:
    """Where the date begins with its bound, and the bound in English: 'on' is none."""
    lead = BY.get((match["lead"] or "").lower(), "")
    if lead in ("", "on"):
        return match.end("lead") + 1 if match["lead"] else match.start(), ""
    return match.start(), f"{lead} "


def _dated(plain: str, match: re.Match[str]) -> Iterator[Candidate]:
    name, day = match["month"], match["first"]
    # 'April' may be English, and is read there, but for the German full stop.
    if name in ENGLISH_MONTHS and not match["dot"]:
        return
    start, bound = _by(match)
    if not bound and match["lead"]:
        start = match.start("range") if match["range"] else match.start("first")
    days = day
    if match["last"]:
        join = match["join"].strip()
        between = (match["range"] or "").lower() in ("zwischen dem", "entre le")
        word = "and" if between or join in ("et", "et le", "und", "та", "і", "и") else "to"
        days = f"{'between ' if between else ''}{day} {word} {match['last']}"
    elif match["range"]:
        start = match.start("first")
    text = f"{bound}{days} {MONTHS[name]} {match['year'] or ''}".strip()
    if match["hour"]:
        text += f" at {match['hour']}:{match['minute']}"
    yield start, match.end(), text, "full"


def _numeric(plain: str, match: re.Match[str]) -> Iterator[Candidate]:
    start, bound = _by(match)
    if bound:
        yield start, match.end(), f"{bound}{match['date']}", "iso"


def _monthly(plain: str, match: re.Match[str]) -> Iterator[Candidate]:
    name, year = match["month"], match["year"] or ""
    part = next((part for part in ("early", "mid", "late") if match[part]), "")
    lead = (match["lead"] or "").lower()
    if name in ENGLISH_MONTHS and not lead and not part:
        return
    if not lead and not part and not year:
        return
    # 'у березня' is no month said with 'in': the case is another.
    english = f"{part}-{MONTHS[name]}" if part else MONTHS[name]
    start = match.start()
    if lead in ("seit", "depuis"):
        english = f"since {english}"
    elif not part:
        english = english if year else f"in {english}"
    yield start, match.end(), f"{english} {year}".strip(), "month" if year else "bare"


def _weekly(plain: str, match: re.Match[str]) -> Iterator[Candidate]:
    lead, which = (match["lead"] or "").lower(), match["which"]
    is_slavic = match["day"][0] > "\u0400"
    if is_slavic and not lead and not which:
        return
    chosen = WHICH.get((which or "").lower(), "") or LATER.get(match["later"] or "", "")
    bound = BY.get(lead, "")
    start = match.start()
    if lead == "le":
        start, bound = match.end("lead") + 1, ""
    text = match["day"] if match["day"] in WEEKDAYS.values() else WEEKDAYS[match["day"]]
    if chosen:
        text, bound = f"{chosen} {text}", "" if bound == "on" else bound
    if match["part"]:
        text = f"{text} {PARTS[match['part'].lower()]}"
    yield start, match.end(), f"{bound} {text}".strip(), "weekday"


def _near(plain: str, match: re.Match[str]) -> Iterator[Candidate]:
    word = match["day"]
    day = DAYS[word.lower()]
    if plain[match.end() : match.end() + 1] == "'" and word.lower() != "aujourd'hui":
        return
    if (
        word.lower() == "hier"
        and (match["part"] or "") not in ("soir", "matin")
        and not _is_french(plain, match.start())
    ):
        return
    # In capitals it is the noun 'Morgen', a part of the day, but at the beginning of a sentence.
    before = plain[max(0, match.start() - 3) : match.start()].rstrip()
    if word == "Morgen" and (
        (before and before[-1] not in '.!?"“„»«')
        or not plain[match.end() : match.end() + 2].lstrip()[:1].islower()
    ):
        return
    part = PARTS[match["part"].lower()] if match["part"] else ""
    if not part:
        yield match.start(), match.end(), day, "near"
    elif day == "today":
        text = "tonight" if part == "night" else f"this {part}"
        yield match.start(), match.end(), text, "night" if part == "night" else "near"
    elif part == "night" and day == "yesterday":
        yield match.start(), match.end(), "last night", "near"
    else:
        yield match.start(), match.end(), f"{day} {part}", "near"


def _is_french(plain: str, offset: int) -> bool:
    """Whether the words around an offset are rather French than German."""
    words = re.findall(r"[^\W\d_]+", plain[max(0, offset - 300) : offset + 300].casefold())
    french = sum(word in _FRENCH for word in words)
    return french > sum(word in _GERMAN for word in words)


_DIGITS = 3
_LEADS = _first_words(BY)
_RULES = (
    (_DATED, _dated, _LEADS | each("vom du zwischen entre з із с со від от")),
    (
        _MONTHLY,
        _monthly,
        _first_words(MONTHS)
        | each("im en у в seit depuis anfang début на mitte mi ende fin наприкінці"),
    ),
    (_WEEKLY, _weekly, _LEADS | _first_words(WHICH, WEEKDAYS)),
    (_NUMERIC, _numeric, _LEADS),
    (_NEAR, _near, _first_words(DAYS)),
    (_PHRASE, _phrase, _first_words(SPANS)),
    (_AHEAD, _ahead, each("innerhalb binnen in dans d sous протягом упродовж в")),
    (_AGO, _ago, _first_words(COUNTS) | each("vor il")),
)
_BEGIN = frozenset().union(*(begin for _, _, begin in _RULES))
