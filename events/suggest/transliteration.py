"""Names of one script known in the other: 'Kovalenko' in 'Коваленка'.

Both are folded to a rough Latin spelling in which the usual ways of writing a name fall together
(Zelenskyy and Zelensky do; the German Selenskyj does not, for its S is another letter).
"""

from __future__ import annotations

import re
from functools import lru_cache

_LATIN = {
    **dict(zip("абвгґдезийклмнопрстуфцыэ", "abvhhdezijklmnoprstufcie", strict=True)),
    **{"ж": "zh", "х": "h", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "iu", "я": "ia", "ё": "e"},
    **{"і": "i", "ї": "i", "є": "ie", "ь": "", "ъ": ""},
}
_FOLDS = str.maketrans({"y": "i", "j": "i", "w": "v", "g": "h", "é": "e", "'": None})
_DOUBLE = re.compile(r"(.)\1+")
_VOWELS = re.compile("[aeiou]+$")
SHORTEST = 4


@lru_cache(maxsize=8192)
def folded(word: str) -> str:
    """A word without case in rough Latin letters."""
    latin = "".join(_LATIN.get(letter, letter) for letter in word).replace("kh", "h")
    return _DOUBLE.sub(r"\1", latin.translate(_FOLDS)).replace("ts", "c").replace("tz", "c")


def stem(word: str) -> str:
    """The folded word without the vowels at its end, where enough is left; '' for a short one."""
    whole = folded(word)
    short = _VOWELS.sub("", whole)
    found = short if len(short) > SHORTEST else whole
    return found if len(found) >= SHORTEST else ""
