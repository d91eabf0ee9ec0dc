"""Who acts in an invented negotiation, where, and on what: written first, since all name them."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from typing import Any

from events.invented import words
from events.invented.dating import read
from events.invented.tables import Table
from events.models import Actor, Affiliation, Dossier, Issue, Side

MOST_PEOPLE = 400


@dataclass(frozen=True, slots=True)
class Acting:
    """An actor: its key, the name by which titles call it, the code of its side."""

    key: int
    called: str
    side: str


@dataclass(slots=True)
class Cast:
    """Everybody and everything that events name."""

    sided: list[Acting] = field(default_factory=list)
    others: list[Acting] = field(default_factory=list)
    places: list[tuple[str, str, str]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def assemble(dossier: Dossier, events: int, chance: random.Random) -> Cast:
    """Write sides, actors, offices and issues; more people the more events. In `recording()`."""
    cast = Cast(places=_places(chance))
    sides: dict[str, Side | None] = {"": None}
    for order, (code, name, slot) in enumerate(words.SIDES, 1):
        sides[code] = Side.objects.create(
            dossier=dossier, code=code, name=name, order=order, slot=slot
        )
    for order, topic in enumerate(("the " + words.COMMON, *words.TOPICS), 1):
        name = topic.removeprefix("the ").capitalize()
        cast.issues.append(Issue.objects.create(dossier=dossier, name=name, order=order))
    actors = Table(Actor, dossier, "id", "ref", "name", "short_name", "kind", "side_id")
    offices = Table(
        *(Affiliation, dossier, "ref", "member_id", "body_id", "title", "basis", "state"),
        *("held_text", "held_edtf", "held_earliest", "held_latest"),
    )
    rows: list[tuple[Any, ...]] = []
    held: list[tuple[Any, ...]] = []
    bodies: dict[str, list[int]] = {}
    for code, names in words.BODIES.items():
        for name in names:
            key = actors.next_key()
            bodies.setdefault(code, []).append(key)
            kind = next((k for word, k in words.BODY_KINDS.items() if word in name), "state")
            rows.append((key, f"A{len(rows) + 1}", name, "", kind, _key(sides[code])))
            (cast.sided if code else cast.others).append(Acting(key, name, code))
    for name in _people(min(40 + events // 2_000, MOST_PEOPLE), chance):
        key, code = actors.next_key(), chance.choice(list(bodies))
        rows.append((key, f"A{len(rows) + 1}", name, name.split()[1], "person", _key(sides[code])))
        (cast.sided if code else cast.others).append(Acting(key, name.split()[1], code))
        body, office = chance.choice(bodies[code]), chance.choice(words.OFFICES)
        number = f"AF{len(held) + 1}"
        held.append((number, key, body, office, "inferred", "published", *_held(chance)))
    actors.copy(rows)
    offices.copy(held)
    return cast


def _key(side: Side | None) -> int | None:
    return side.pk if side else None


def _held(chance: random.Random) -> tuple[Any, ...]:
    """A time in office."""
    year = chance.randrange(2014, 2024)
    return read(f"{year}-0{chance.randrange(1, 10)}/{year + 3}-06")[:4]


def _people(number: int, chance: random.Random) -> list[str]:
    """Names of people, each family once."""
    families = _joined(words.FAMILY)
    chance.shuffle(families)
    given = words.GIVEN.split()
    return [f"{chance.choice(given)} {family}" for family in families[:number]]


def _places(chance: random.Random) -> list[tuple[str, str, str]]:
    """Names of places with latitude and longitude, somewhere in the southern ocean."""
    return [
        (place, f"{chance.uniform(-56, -50):.5f}", f"{chance.uniform(80, 100):.5f}")
        for place in _joined(words.PLACES)
    ]


def _joined(parts: tuple[str, str]) -> list[str]:
    """Each beginning with each end."""
    return [first + last for first, last in itertools.product(*map(str.split, parts))]
