"""The cases and spellings of a name: the keys under which it is known, and a text's words too.

A key is a word without case, '~' with a stem, or '=' with a rough Latin spelling.
"""

from __future__ import annotations

import re

from events.suggest import transliteration
from events.suggest.words import Word, each

_ENDINGS = each(
    "а я у ю і и ы о е є ї й ь ом ем єм ем ою ею єю ой ей ові еві єві ам ям ами ями ах ях "
    "ого ому им ім ый ий ій ої ая ую ую ые ых ым ими ыми его ему ей ье ьє ья ью ию ия ии"
)
_CHANGES = {
    "єць": ("йц",), "ець": ("ц",), "ец": ("ц",), "ок": ("к",), "ек": ("к",), "ёк": ("ьк",),
    "їв": ("єв",), "ів": ("ов", "ев"), "іл": ("ол",), "ін": ("он",),
}  # fmt: skip
_ALIKE = str.maketrans("іїєґёэ", "ииегее")
_SOFTENED = {"зі": "г", "ці": "к", "сі": "х"}
_GERMAN = each("der die das und ist den dem mit von sich nicht auf zu im ein eine des")
_CYRILLIC = re.compile("[\u0400-\u04ff]")


class Forms(dict[str, list[str]]):
    """The keys under which each word of a text may be known, made once.

    A German text has 'Bergers' for 'of Berger'; elsewhere that is a plural.
    """

    def __init__(self, words: list[Word]) -> None:
        super().__init__()
        some = words[:3000]
        self.is_german = 12 * sum(word.folded in _GERMAN for word in some) > len(some)

    def __missing__(self, word: str) -> list[str]:
        self[word] = _forms(word, is_german=self.is_german)
        return self[word]


def stems(word: str) -> list[str]:
    """The stems of a word of a name, each with its mark; short words and figures stay."""
    if len(word) < 4:
        return [word]
    if not _CYRILLIC.search(word):
        return ["~" + word] if word[-1].isalpha() and word[-1] not in "sxzß" else [word]
    found = [_stem(word)]
    # Vowels that come and go: Заєць, Зайця; Маленок, Маленка; Канів, Канева.
    for ending, others in _CHANGES.items():
        if word.endswith(ending):
            found += ["~" + word[: -len(ending)] + other for other in others]
            break
    return list(dict.fromkeys(_alike(stem) for stem in found))


def other_script(word: str) -> str:
    """How a word of a Latin name is known in Cyrillic, '' where it is not."""
    if _CYRILLIC.search(word) or not word.isalpha():
        return ""
    found = transliteration.stem(word)
    return "=" + found if found else ""


def _alike(word: str) -> str:
    """A stem in which Ukrainian and Russian spellings fall together: Зеленськ, Зеленск."""
    return word.translate(_ALIKE).replace("ськ", "ск")


def _stem(word: str) -> str:
    """The mark of a stem and the word without its last vowel."""
    for ending in ("ий", "ый", "ій", "ая", "а", "я", "о", "е", "й", "ь", "і", "и", "ы"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return "~" + word[: -len(ending)]
    return "~" + word


def _forms(word: str, *, is_german: bool) -> list[str]:
    """The keys under which a word of the text may be known: itself, then its stems.

    A German text has 'Bergers' for 'of Berger'; elsewhere that is a plural.
    """
    forms = [word]
    if is_german and len(word) > 4 and word[-1].isalpha() and not _CYRILLIC.search(word):
        forms += ["~" + word, "~" + word[:-1]] if word[-1] == "s" else ["~" + word]
    if len(word) >= 4 and _CYRILLIC.search(word):
        forms.append("~" + word)
        forms += [
            "~" + word[:-cut]
            for cut in (1, 2, 3)
            if len(word) - cut >= 3 and word[-cut:] in _ENDINGS
        ]
        # Шульга, Шульзі; Наталка, Наталці.
        if word[-2:] in _SOFTENED:
            forms.append("~" + word[:-2] + _SOFTENED[word[-2:]])
        stems = list(dict.fromkeys(_alike(form) for form in forms[1:]))
        other = dict.fromkeys("=" + transliteration.folded(form[1:]) for form in forms[1:])
        forms = [word, *stems, *other]
    return forms
