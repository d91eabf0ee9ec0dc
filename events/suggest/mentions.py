"""Mentions of known actors: names, short names and aliases, the longest first.

Case counts where it tells a name from a word: 'US' is no 'us', 'Commission' no 'commission', yet
'RUBIO' is Rubio. White space, hidden characters and apostrophes are folded. Names in Cyrillic are
also found in their Ukrainian and Russian cases, by stem and usual ending, others with the German
ending of 'Bergers', and people's names in Latin letters in Cyrillic ones too, while only one actor
has that stem.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from events.suggest.model import Draft, Kind, Known, Mention
from events.suggest.spellings import Forms, other_script, stems
from events.suggest.words import Script, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONGEST = 5
"""Names of more words are known only as they are given."""
_HANDLE = re.compile(r"@[\w.-]+|[A-Z][a-z]+[A-Z]\w*|\w+_\w+")
_SPACES = re.compile(r"\s+")
_GAP = 4


@dataclass(slots=True)
class _Node:
    """A place in the tree of names: what may follow, and whose name ends here."""

    following: dict[tuple[str, str], _Node] = field(default_factory=dict)
    names: list[tuple[str, tuple[Word, ...], bool]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """A mention: where, whose, and whether in another form than the name as given."""

    start: int
    end: int
    actors: tuple[str, ...]
    is_inflected: bool


def mentions(script: Script, actors: Iterable[Known]) -> list[Found]:
    """Every mention in order; none lies in another."""
    root = _tree(actors)
    found = []
    forms = Forms(script.words)
    # Words with which no name begins are most of a text: each is looked at once.
    begins: dict[str, bool] = {}
    index, count = 0, len(script.words)
    while index < count:
        word = script.words[index].folded
        if word not in begins:
            begins[word] = any(
                (sign, form) in root.following for form in forms[word] for sign in ("", "@")
            )
        longest = _longest(script, root, index, forms) if begins[word] else None
        if longest is None:
            index += 1
            continue
        mention, length = longest
        found.append(mention)
        index += length
    return found


def drafts(found: list[Found]) -> list[Draft]:
    """The mentions as suggestions."""
    made = []
    for mention in found:
        reason, confidence = "A name of a known actor", 0.95
        if mention.is_inflected:
            reason, confidence = "A known actor's name with another ending", 0.75
        if len(mention.actors) > 1:
            reason, confidence = f"{reason}; {len(mention.actors)} actors have it", 0.4
        held = Mention(mention.actors)
        made.append(Draft(mention.start, mention.end, Kind.MENTION, f"{reason}.", confidence, held))
    return made


def _tree(actors: Iterable[Known]) -> _Node:
    root = _Node()
    for actor in actors:
        for name in dict.fromkeys(_spellings(actor.names)):
            script = Script(name)
            parts = tuple(script.words)
            if not parts or not any(letter.isalpha() for letter in name):
                continue
            keys = [_key(script, parts, index) for index in range(len(parts))]
            if _HANDLE.fullmatch(name.strip()):
                _add(root, [("@", keys[0][1]), *keys[1:]], (actor.ref, parts, False))
            if name.strip().startswith("@"):
                continue
            _add(root, keys, (actor.ref, parts, False))
            if len(keys) <= _LONGEST:
                choices = [[(gap, stem) for stem in stems(word)] for gap, word in keys]
                for chosen in product(*choices):
                    if list(chosen) != keys:
                        _add(root, list(chosen), (actor.ref, parts, True))
                other = [(gap, other_script(word)) for gap, word in keys]
                if actor.is_person and all(word for _, word in other):
                    _add(root, other, (actor.ref, parts, True))
    return root


def _spellings(names: tuple[str, ...]) -> Iterator[str]:
    """Each name as given and with its initials dotted or not: 'US' and 'U.S.'."""
    for name in names:
        bare = name.strip()
        yield bare
        yield re.sub(r"\b([A-Z])\.([A-Z])\.(?:([A-Z])\.)?", r"\1\2\3", bare)
        yield re.sub(r"\b([A-Z])([A-Z])(?![\w.])", r"\1.\2.", bare)


def _add(
    node: _Node, keys: list[tuple[str, str]], name: tuple[str, tuple[Word, ...], bool]
) -> None:
    for key in keys:
        node = node.following.setdefault(key, _Node())
    node.names.append(name)


def _key(script: Script, parts: tuple[Word, ...] | list[Word], index: int) -> tuple[str, str]:
    """What stands before a word of a name, plainly, and the word without case."""
    gap = ""
    if index:
        gap = _fold_gap(script.plain[parts[index - 1].end : parts[index].start])
    return gap, parts[index].folded


def _fold_gap(gap: str) -> str:
    return _SPACES.sub(" ", "".join(letter for letter in gap if letter not in "\u00ad\u200b\u2060"))


def _longest(script: Script, root: _Node, index: int, forms: Forms) -> tuple[Found, int] | None:
    words = script.words
    nodes, best, at = [root], None, index
    while nodes and at < len(words):
        gap = _at_sign(script, words[at].start)
        if at > index:
            between = script.plain[words[at - 1].end : words[at].start]
            if len(between) > _GAP:
                break
            gap = _fold_gap(between)
        nodes = [
            node.following[gap, form]
            for form in forms[words[at].folded]
            for node in nodes
            if (gap, form) in node.following
        ]
        at += 1
        best = _named(script, nodes, words[index:at]) or best
    return best


def _named(script: Script, nodes: list[_Node], said: list[Word]) -> tuple[Found, int] | None:
    """The actors whose name ends here; as given before inflected, and then of one actor only."""
    for is_inflected in (False, True):
        refs = {
            ref: None
            for node in nodes
            for ref, parts, stem in node.names
            if stem == is_inflected and _case_fits(parts, said)
        }
        if refs and not (is_inflected and len(refs) > 1):
            end = said[-1].end
            start = said[0].start - len(_at_sign(script, said[0].start))
            # The full stop of 'U.S.' is part of the name.
            if len(said[-1].value) == 1 and len(said) > 1 and script.plain[end : end + 1] == ".":
                end += 1
            # '@Berger_fan' is somebody else.
            if script.plain[end : end + 1] == "_" or script.plain[max(0, start - 1) : start] == "_":
                return None
            return Found(start, end, tuple(refs), is_inflected), len(said)
    return None


def _at_sign(script: Script, offset: int) -> str:
    """'@' where the word that begins there is a handle: only a handle's owner is meant by it."""
    return "@" if script.plain[max(0, offset - 1) : offset] == "@" else ""


def _case_fits(parts: tuple[Word, ...], said: list[Word]) -> bool:
    for part, word in zip(parts, said, strict=True):
        if part.value[0].isupper() and not word.value[0].isupper():
            return False
        if part.value.isupper() and len(part.value) > 1 and not word.value.isupper():
            return False
    return True
