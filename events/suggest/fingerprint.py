"""What makes a suggestion the same one again: its kind, its words and, of short ones, those beside.

Citation digits, marks, case and typography do not count, nor where the words stand in the text.
"""

from __future__ import annotations

from hashlib import sha256

from events.suggest.model import Draft, Suggestion
from events.suggest.words import Script, Word, holding

_ENOUGH = 6
"""So many words are known again without those beside them."""
_BESIDE = 3


def signed(script: Script, drafts: list[Draft]) -> tuple[Suggestion, ...]:
    """Suggestions in reading order with their fingerprints, each span and kind once."""
    found = []
    seen = set()
    for draft in sorted(drafts, key=lambda d: (d.start, -d.end, d.kind, d.reason)):
        key = (draft.start, draft.end, draft.kind)
        if key in seen:
            continue
        seen.add(key)
        exact = script.text[draft.start : draft.end]
        found.append(
            Suggestion(
                draft.start,
                draft.end,
                draft.kind,
                exact,
                draft.reason,
                draft.confidence,
                draft.found,
                _fingerprint(script, draft),
            )
        )
    return tuple(found)


def _fingerprint(script: Script, draft: Draft) -> str:
    words = _spoken(script, script.words_between(draft.start, draft.end))
    parts = [draft.kind.value, " ".join(words)]
    if len(words) < _ENOUGH:
        start, end = script.paragraphs[holding(script.paragraphs, draft.start)]
        before = script.words_between(max(start, draft.start - 60), draft.start)
        after = script.words_between(draft.end, min(end, draft.end + 60))
        parts += [
            " ".join(_spoken(script, before[-2 * _BESIDE :])[-_BESIDE:]),
            " ".join(_spoken(script, after[: 2 * _BESIDE])[:_BESIDE]),
        ]
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _spoken(script: Script, words: list[Word]) -> list[str]:
    """The words without case and without the citation digits glued to them."""
    spoken = []
    for word in words:
        letters = word.folded
        if letters[-1].isdigit():
            places = range(word.start, word.end)
            at = next((place for place in places if place in script.citations), word.end)
            letters = letters[: len(letters) - (word.end - at)]
        if letters:
            spoken.append(letters)
    return spoken
