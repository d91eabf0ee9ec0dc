"""Words in quotation marks that nobody says: titles, names, nicknames, scare quotes.

An analyst would have to reject each of them, so they are not proposed.
"""

from __future__ import annotations

import re

from events.suggest import speech
from events.suggest.quoted import Quoted
from events.suggest.words import Script

_NAMED = re.compile(
    r"(?<![^\W_])(?:operations?|plans?|films?|movies?|books?|novels?|series|songs?|plays?|shows?"
    r"|newspapers?|magazines?|daily|ships?|vessels?|hotels?|projects?|programmes?|programs?"
    r"|campaigns?|titled|titles?|entitled|nicknamed|dubbed|code-?named|named|so-called|formula"
    r"|sogenannten?|Film|Buch|Zeitung|Titel|Lied|Roman|Zeitschrift|livre|journal|roman|opération"
    r"|intitulée?|surnommée?|baptisée?|газет\w{1,3}|ф[иі]льм\w{0,3}|книг\w{1,2}|операц\w{1,4}"
    r"|роман\w{0,2}|корреспондент\w{0,3}|кореспондент\w{0,3}|видання|издани\w{1,2}|телеканал\w{0,2}|агентств\w{1,3}|готел\w{1,2}"
    r"|так\s+зван\w{1,3}|так\s+называем\w{1,3}|під\s+назвою|под\s+названием)\s*[,(]?\s*$",
    re.IGNORECASE,
)
_WORD = re.compile(
    r"(?<![^\W_])(?:words?|terms?|phrases?|expressions?|proverbs?|quotes?|(?:the|a|old)\s+saying|slogans?|mottos?"
    r"|Wort|Wörter|Begriff|Ausdruck|mots?|terme|expression|слов[оауі]|термін\w{0,2}|термин\w{0,2})"
    r"\s*$",
    re.IGNORECASE,
)
_OWNED = re.compile(r"(?<![^\W_])(?:his|her|their|its|your|our|my|so-called|the\s+new)\s*$", re.I)
_NAMES = re.compile(
    r"(?<![^\W_])(?:call|calls|called|calling|describ\w+|labell?ed|branded|nannte|bezeichnet\w*"
    r"|qualifi\w+|назва\w+|называ\w+)(?:\s+[^\W\d_][\w'-]*){0,4}\s*$",
    re.IGNORECASE,
)
_LONGEST = 8
_FEW = 2


def is_title(script: Script, one: Quoted) -> bool:
    """Whether the quoted words are a title, a name or a word set apart rather than speech."""
    plain = script.plain
    words = script.words_between(one.start, one.end)
    is_sentence = plain[one.end - 1] in ".!?"
    if len(words) > _LONGEST or is_sentence:
        return False
    lead = plain[max(0, one.pair.opened - 60) : one.pair.opened]
    values = [word.value for word in words]
    if lead.rstrip(" ,(")[-1:].isalnum():
        return _is_title(script, one, values, lead)
    # No word stands before the mark.
    return not one.voice.words and (len(words) <= _FEW or _is_capitalised(values))


def _is_title(script: Script, one: Quoted, words: list[str], lead: str) -> bool:
    last = script.words_between(max(0, one.pair.opened - 30), one.pair.opened)[-1:]
    is_said = lead.rstrip().endswith(":") or (bool(last) and last[0].folded in speech.SAID)
    if _NAMED.search(lead) or (_WORD.search(lead) and not one.voice.words):
        return True
    if len(words) > 1 and not is_said and _is_capitalised(words):
        return True
    if len(words) > _FEW or _NAMES.search(lead):
        return False
    return not one.voice.words or bool(_OWNED.search(lead) or _WORD.search(lead))


def _is_capitalised(words: list[str]) -> bool:
    """'Winter Bell', 'The Long Table': every word but the small ones, and at least two."""
    long = [word for word in words if len(word) > 3]
    capital = [word for word in words if word[0].isupper() or word[0].isdigit()]
    return words[0][0].isupper() and len(capital) > 1 and all(word in capital for word in long)
