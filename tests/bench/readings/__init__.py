"""Readings of texts, made by hand: what a demanding analyst marks. README.md says how to add one.

A reading is a .toml beside a .txt of the same name, or one whose text is not kept here and is
known by its sha256. `load` gives the text with all that was marked, as spans.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from events.suggest import Known

HERE = Path(__file__).parent
SEEDS = HERE.parent.parent.parent / "seeds"
FIELDS = {
    "quotation": ("speaker",),
    "date": ("edtf", "basis"),
    "statement": ("speaker",),
    "response": ("speaker",),
    "commitment": ("speaker", "firmness"),
    "condition": (),
    "mention": ("speaker",),
}
"""What a reading says of each kind, after the words and which of them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something marked by hand: code points from `start` to `end`, and what it is.

    `speaker` is the ref of a known actor, or words for one who is not known, or ''.
    """

    start: int
    end: int
    speaker: str = ""
    edtf: str = ""
    basis: str = ""
    firmness: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text and what was marked in it, by kind; a kind that was not read is missing."""

    name: str
    title: str
    is_held_out: bool
    text: str
    day: date | None
    zone: str
    actors: tuple[Known, ...]
    marks: dict[str, list[Mark]]

    @property
    def refs(self) -> frozenset[str]:
        """The refs of the known actors."""
        return frozenset(actor.ref for actor in self.actors)


def names() -> list[str]:
    """Every reading whose text is kept here."""
    return sorted(file.stem for file in HERE.glob("*.txt"))


def load(name: str, path: Path | None = None) -> Reading:
    """Read a reading; ValueError where its words are not in the text, or the text is another."""
    read = tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))
    text = (path or HERE / f"{name}.txt").read_text("utf-8")
    if "sha256" in read and sha256(text.encode()).hexdigest() != read["sha256"]:
        raise ValueError(f"{path} is not the text that was read for {name}")
    marks = {
        kind: sorted((_mark(text, kind, entry) for entry in entries), key=lambda m: m.start)
        for kind, entries in read["reading"].items()
        if kind != "mention"
    }
    if "mention" in read["reading"]:
        marks["mention"] = _named(text, read["reading"]["mention"])
    return Reading(
        name,
        read["title"],
        read.get("set") == "held out",
        text,
        read.get("day"),
        read.get("zone", "UTC"),
        _actors(read),
        marks,
    )


def _actors(read: dict[str, Any]) -> tuple[Known, ...]:
    if "dossier" in read:
        dossier = json.loads((SEEDS / read["dossier"] / "dossier.json").read_text("utf-8"))
        return tuple(known(actor) for actor in dossier["actors"])
    return tuple(
        Known(ref, tuple(spelt), is_person=group == "persons")
        for group in ("persons", "bodies")
        for ref, spelt in read.get(group, {}).items()
    )


def known(actor: dict[str, Any]) -> Known:
    """An actor of a dossier file."""
    spelt = (actor["name"], actor.get("short_name"), *(actor.get("aliases") or ()))
    kind = actor.get("kind") or "person"
    return Known(actor["ref"], tuple(name for name in spelt if name), is_person=kind == "person")


def _mark(text: str, kind: str, entry: Any) -> Mark:
    """One entry: words or a span, which of them (1 where not said), and what the kind says."""
    values = [entry] if isinstance(entry, str) else list(entry)
    if isinstance(values[0], int):
        start, end, *rest = values
    else:
        nth = values.pop(1) if len(values) > 1 and isinstance(values[1], int) else 1
        start, end = span(text, values[0], nth)
        rest = values[1:]
    return Mark(start, end, **dict(zip(FIELDS[kind], rest, strict=True)))


def span(text: str, words: str, nth: int = 1) -> tuple[int, int]:
    """Where words stand; ' … ' in them leaves out what is between."""
    first, _, last = words.partition(" … ")
    start = -1
    for _ in range(nth):
        start = text.find(first, start + 1)
        if start < 0:
            raise ValueError(f"{words!r} does not stand {nth} times in the text")
    end = start + len(first)
    if last:
        after = text.find(last, end)
        if after < 0:
            raise ValueError(f"{last!r} does not follow {first!r}")
        end = after + len(last)
    return start, end


def _named(text: str, spelt: dict[str, list[Any]]) -> list[Mark]:
    """Mentions: spans, or every place of a name as a word, the longest first."""
    spans = [(*at, ref) for ref, forms in spelt.items() for at in forms if not isinstance(at, str)]
    forms = {form: ref for ref, forms in spelt.items() for form in forms if isinstance(form, str)}
    if forms:
        longest = sorted(forms, key=len, reverse=True)
        one = "|".join(re.escape(form).replace(r"\ ", r"\s") for form in longest)
        for match in re.finditer(rf"(?<!\w)(?:{one})(?!\w)", text):
            ref = forms[re.sub(r"\s", " ", match[0])]
            spans.append((match.start(), match.end(), ref))
    return [Mark(start, end, ref) for start, end, ref in sorted(spans)]
