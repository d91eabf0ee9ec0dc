"""Tags of the matrix: its rows, of which there may be thousands of cells.

A template would work out every value of every cell anew, so the cells are written here; what many
of them share is written once. What people wrote is escaped.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from events.templatetags.truceline import STANCE_HUES, STANCES, stance_word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.matrix import Cell, Group, Matrix
    from events.models import Actor, Dossier, Issue

register = template.Library()

TICKS = 5
"""Most ticks of a tally."""

WORDS = {"denies_discussed": "Denies"}
"""Stances that a cell has less room for than a chip."""

FULL = {
    "conditional": "supports with conditions",
    "open": "does not rule it out",
    "denies_discussed": "denies it was discussed",
}
"""What a screen reader hears besides the word."""

_ARROWS = {"up": "ui-ne", "down": "ui-se", "aside": "ui-right"}
_WAYS = {"up": "towards assent", "down": "towards refusal", "aside": "neither way"}
_SYMBOLS = (*(name for name, _ in STANCES.values()), *_ARROWS.values(), "ui-contested")


@register.simple_tag
def matrix_symbols() -> SafeString:
    """The glyphs of cells, once in the page, so that a cell names them in few letters."""
    return mark_safe(_symbols())


@lru_cache(maxsize=1)
def _symbols() -> str:
    space = "{http://www.w3.org/2000/svg}"
    root = ET.parse(settings.BASE_DIR / "static" / "glyphs.svg").getroot()
    ET.register_namespace("", space.strip("{}"))
    found = [
        ET.tostring(one, encoding="unicode").replace(' xmlns="http://www.w3.org/2000/svg"', "")
        for one in root.iter(f"{space}symbol")
        if one.get("id") in _SYMBOLS
    ]
    return f'<svg class="symbols" aria-hidden="true">{"".join(sorted(found))}</svg>'


@register.simple_tag
def matrix_body(matrix: Matrix, dossier: Dossier, selected: str = "") -> SafeString:
    """The groups of rows, each a <tbody>; `selected` is a cell as "A3.I6"."""
    pen = _Pen(dossier, selected)
    # Nothing in it is as people wrote it: each text went through escape().
    return mark_safe("\n".join(pen.group(group, matrix) for group in matrix.groups))


@register.simple_tag
def stance_name(stance: str, needs_consent: bool = False) -> str:
    """A stance in words: "accepts with conditions"; in full, unlike that of a chip."""
    if stance == "conditional":
        return "Accepts with conditions" if needs_consent else "Supports with conditions"
    return stance_word(stance, needs_consent)


@register.simple_tag
def cell_words(cell: Cell) -> str:
    """What a cell says, for who does not see it: "Conditional: supports with conditions, 1 day"."""
    return words_of(cell)


def words_of(cell: Cell) -> str:
    """Everything a cell shows, in words."""
    stance = cell.stance
    word = short_word(stance, cell.needs_consent)
    full = FULL.get(stance, "")
    if full and cell.needs_consent:
        full = full.replace("supports", "accepts")
    parts = [f"{word}: {full}" if full else word]
    if cell.since is not None:
        parts.append(cell.since.exact)
    if cell.old:
        parts.append("old")
    if cell.before:
        before = stance_word(cell.before, cell.needs_consent).lower()
        way = _WAYS[cell.movement] if cell.movement else ""
        parts.append(f"before: {before}, moved {way}")
    if cell.contested:
        parts.append("contested")
    if cell.count > 1 or (cell.count and stance not in STANCES):
        parts.append(f"{cell.count} statement{'' if cell.count == 1 else 's'}")
    return ", ".join(parts)


def short_word(stance: str, needs_consent: bool = False) -> str:
    """The word of a cell: "Accepts", "Denies", "Awaited"."""
    if stance in WORDS:
        return WORDS[stance]
    return stance_word(stance, needs_consent)


class _Pen:
    """Writes rows; what follows the address in a cell is kept by what it shows."""

    def __init__(self, dossier: Dossier, selected: str) -> None:
        self.base = escape(reverse("events:matrix", args=[dossier.slug]))
        self.actors = escape(reverse("events:actor-list", args=[dossier.slug]))
        self.selected = selected
        self.tails: dict[tuple[object, ...], str] = {}

    def group(self, group: Group, matrix: Matrix) -> str:
        """A side's rows under its name."""
        slot = min(group.side.slot, 5) if group.side else 5
        rows = [self.row(actor, matrix.issues, matrix.cells) for actor in group.actors]
        head = ""
        if not group.is_all:
            head = (
                f'<tr class="side-row"><th colspan="{len(matrix.issues) + 1}" scope="colgroup">'
                f"{escape(group.name)}</th></tr>\n"
            )
        return f'<tbody class="slot-{slot}">\n{head}{"".join(rows)}</tbody>'

    def row(self, actor: Actor, issues: Iterable[Issue], cells: dict[tuple[int, int], Cell]) -> str:
        """An actor with a cell for each issue."""
        ref, key = escape(actor.ref), actor.pk
        office = getattr(actor, "office", "") or actor.get_kind_display()
        parts = [
            f'<tr data-actor="{ref}"><th scope="row"><a href="{self.actors}{ref}/"'
            f' data-drawer="{ref}">{escape(actor.name)}</a>'
            f"<small>{escape(office)}</small></th>"
        ]
        write, get = parts.append, cells.get
        lead = f'"><a href="{self.base}of/{ref}/on/'
        for issue in issues:
            cell = get((key, issue.pk))
            if cell is None:
                write("<td>–</td>")
                continue
            tail, name = self.tail(cell), issue.ref
            current = f"{ref}.{name}"
            mark = ' aria-current="true"' if current == self.selected else ""
            write(f'<td class="{cell.stance}{lead}{name}/" data-drawer="{current}"{mark}{tail}')
        parts.append("</tr>\n")
        return "".join(parts)

    def tail(self, cell: Cell) -> str:
        """What comes after the address: name, glyph, word, and the line beneath."""
        since = cell.since
        ticks = min(cell.count, TICKS)
        key = (
            cell.stance,
            cell.needs_consent,
            cell.before,
            cell.movement,
            since,
            cell.old,
            cell.contested,
            cell.count,
        )
        found = self.tails.get(key)
        if found is not None:
            return found
        parts = [f' aria-label="{escape(words_of(cell))}">']
        is_stance = cell.stance in STANCES
        if is_stance:
            parts.append(_glyph(STANCES[cell.stance][0]))
        word = short_word(cell.stance, cell.needs_consent) if is_stance else "–"
        parts.append(f"{word}<small>")
        if cell.before:
            hue = STANCE_HUES.get(cell.before, "mid")
            parts.append(f'<b class="{hue}">{_glyph(STANCES[cell.before][0])}</b>')
        if cell.movement is not None:
            parts.append(_glyph(_ARROWS[cell.movement]))
        if since is not None:
            age = since.words if cell.stance == "awaited" else since.short
            parts.append(f"<u>{age}</u>" if cell.old else f"<span>{age}</span>")
        if cell.contested:
            parts.append(f'<b class="contested">{_glyph("ui-contested")}</b>')
        if ticks > 1 or (ticks and not is_stance):
            parts.append(f"<i>{'❘' * ticks}</i>")
        parts.append("</small></a></td>")
        found = self.tails[key] = "".join(parts)
        return found


def _glyph(name: str) -> str:
    return f'<svg class="glyph"><use href="#{name}"/></svg>'
