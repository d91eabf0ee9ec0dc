"""Whether a dossier has a text already, or one that is nearly the same.

Likeness is that of sets of five words in a row (w-shingling, Broder 1997): the share of those in
either text that are in both. The work is bounded: at most FEW candidates, found by the search
index from rare words that stand together, and at most COMPARED characters of texts.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models.functions import Left

from events.models import Dossier, SourceText

FEW = 50
COMPARED = 3_000_000
HEAD = 200_000
"""Code points of a text that are compared, and that the search index holds."""
ALIKE = 0.8
RUN = 5

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """A stored text that is like another; `share` from 0 to 1, 1 only for the very same text."""

    text: SourceText
    share: float
    is_same: bool = False

    @property
    def percent(self) -> int:
        """Rounded down, so that only what has all words in common says 100."""
        return int(self.share * 100)


def same(dossier: Dossier, text: str) -> SourceText | None:
    """The stored text that is `text` to the letter."""
    found = SourceText.objects.filter(dossier=dossier, text=text).select_related("source")
    return found.order_by("id").first()


def like(dossier: Dossier, text: str) -> Likeness | None:
    """The stored text most like `text`, the very same first; None when none comes near."""
    if found := same(dossier, text):
        return Likeness(found, 1.0, is_same=True)
    mine = shingles(text[:HEAD])
    if not mine:
        return None
    left, best = COMPARED, None
    for other, head in _candidates(dossier, text[:HEAD]):
        left -= len(head)
        if left < 0:
            break
        share = shared(mine, shingles(head))
        if share >= ALIKE and (best is None or share > best.share):
            best = Likeness(other, share)
    return best


def shingles(text: str) -> set[tuple[str, ...]]:
    """The runs of five words of a text, whatever their case and punctuation; of a shorter text
    the one run it has."""
    words = _WORD.findall(text.casefold())
    if not words:
        return set()
    runs = [words[start:] for start in range(min(RUN, len(words)))]
    return set(zip(*runs, strict=False))


def shared(one: set[tuple[str, ...]], two: set[tuple[str, ...]]) -> float:
    """Jaccard's index of two sets: what is in both by what is in either."""
    whole = len(one | two)
    return len(one & two) / whole if whole else 0.0


def _candidates(dossier: Dossier, text: str) -> list[tuple[SourceText, str]]:
    """Stored texts of about this length that have three rare words in common with it."""
    rare = _rare_words(text)
    triples = [rare[at : at + 3] for at in range(0, len(rare), 3)]
    queries = [
        reduce(lambda a, b: a & b, (SearchQuery(w, config="simple") for w in triple))
        for triple in triples
    ]
    if not queries:
        return []
    vector = SearchVector(Left("text", HEAD), config="simple")
    found = (
        SourceText.objects.filter(dossier=dossier)
        .annotate(words=vector, head=Left("text", HEAD))
        .filter(words=reduce(or_, queries))
        .defer("text")
        .select_related("source")
        .order_by("-id")[:FEW]
    )
    heads: list[tuple[Any, str]] = [(each, vars(each)["head"]) for each in found]
    return [(each, head) for each, head in heads if 0.6 < len(head) / len(text) < 1.7]


def _rare_words(text: str) -> list[str]:
    """Up to 24 long words from all over the text, seldom ones first."""
    counts = Counter(word for word in _WORD.findall(text.lower()) if 3 < len(word) < 40)
    words = sorted(counts, key=lambda word: (counts[word], -len(word)))[:24]
    # Neighbours in this order come from anywhere, so that one edited paragraph spoils few triples.
    return sorted(words)
