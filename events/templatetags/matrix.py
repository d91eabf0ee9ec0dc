"""Tags of the matrix: its rows, of which there may be thousands of cells.

A template would work out every value of every cell anew, so the cells are written here; what many
of them share is written once. What people wrote is escaped.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from events.matrix import TICKS
from events.templatetags.truceline import STANCES, stance_word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.matrix import Cell, Group, Matrix
    from events.models import Actor, Dossier, Issue
    from events.negotiation import Span

register = template.Library()

FULL = {
    "conditional": "supports with conditions",
    "open": "does not rule it out",
    "denies_discussed": "denies it was discussed",
}
"""What a screen reader hears besides the word."""

_SIGNS = {"up": "↗ ", "down": "↘ ", "aside": "→ "}
_WAYS = {"up": "towards assent", "down": "towards refusal", "aside": "neither way"}


@register.simple_tag
def matrix_body(
    matrix: Matrix, dossier: Dossier, selected: str = "", query: str = "?"
) -> SafeString:
    """The groups of rows, each a <tbody>; `selected` is a cell as "A3.I6", `query` what the page
    was asked for."""
    pen = _Pen(dossier, selected, query)
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
    age = f", {cell.since.exact}" if cell.since is not None else ""
    tally = _tally(cell.count, cell.standing is None)[0]
    return f"{_stance_words(cell)}{age}{_more_words(cell)}{tally}"


def _stance_words(cell: Cell) -> str:
    word = cell.word
    full = FULL.get(cell.stance, "")
    if full and cell.needs_consent:
        full = full.replace("supports", "accepts")
    return f"{word}: {full}" if full else word


def _more_words(cell: Cell) -> str:
    """Staleness, movement and doubt; each led by a comma."""
    parts = ["", "old"] if cell.old else [""]
    if cell.before:
        before = stance_word(cell.before, cell.needs_consent).lower()
        way = _WAYS[cell.movement] if cell.movement else ""
        parts.append(f"before: {before}, moved {way}")
    if cell.contested:
        parts.append("contested")
    return ", ".join(parts)


class _Pen:
    """Writes rows; what follows the address in a cell is kept by what it shows."""

    def __init__(self, dossier: Dossier, selected: str, query: str) -> None:
        self.actors = escape(reverse("events:actor-list", args=[dossier.slug]))
        self.selected = selected
        # With its own parameters first, and "?" alone where it has none.
        self.query = escape(f"{query}&" if query != "?" else query)
        self.kinds: dict[tuple[object, ...], tuple[str, str, str, str]] = {}
        self.ages: dict[tuple[Span, bool], tuple[str, str]] = {}
        self.tallies: dict[int, tuple[str, str]] = {-1: _tally(1, True)}

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
        lead = f'"><a href="{self.query}selected={ref}.'
        for issue in issues:
            cell = get((key, issue.pk))
            if cell is None:
                write("<td>–</td>")
                continue
            name = issue.ref
            mark = '" aria-current="true' if f"{ref}.{name}" == self.selected else ""
            write(f'<td class="s-{cell.stance}{lead}{name}{mark}{self.tail(cell)}')
        parts.append("</tr>\n")
        return "".join(parts)

    def tail(self, cell: Cell) -> str:
        """What comes after the address: name, word, and the line beneath. The glyphs are drawn by
        the style sheet, which has a class for each."""
        standing, since, count = cell.standing, cell.since, cell.count
        before = cell.before
        kind = (cell.stance, cell.needs_consent, before, cell.movement, cell.old, cell.contested)
        found = self.kinds.get(kind)
        if found is None:
            found = self.kinds[kind] = _kind(cell)
        age = ("", "")
        if since is not None:
            span = (since, cell.is_awaited)
            age = self.ages.get(span) or self.ages.setdefault(span, _age(*span))
        if count not in self.tallies:
            self.tallies[count] = _tally(count, standing is None)
        name, ticks = self.tallies[count if standing is not None or count != 1 else -1]
        said = f"{found[0]}{age[0]}{found[1]}{name}{found[2]}{ticks}{found[3]}{age[1]}"
        return f"{said}</small></a></td>"


def _kind(cell: Cell) -> tuple[str, str, str, str]:
    """What cells share that differ in age and number alone: the parts between these."""
    stance = cell.stance
    word = cell.word
    said = escape(_stance_words(cell))
    more = escape(_more_words(cell))
    shown = word if stance in STANCES else "–"
    classes = [f"b-{cell.before}"] if cell.before else []
    classes += ["old"] * cell.old + ["is-contested"] * cell.contested
    arrow = _SIGNS[cell.movement] if cell.movement else ""
    listed = " ".join(["", *classes]) if classes else ""
    return f'" aria-label="{said}', more, f'">{shown}<small class="', f'{listed}">{arrow}'


def _age(since: Span, is_awaited: bool) -> tuple[str, str]:
    """An age in words, and as a cell shows it."""
    return f", {since.exact}", f"<span>{since.words if is_awaited else since.short}</span>"


def _tally(count: int, is_silent: bool) -> tuple[str, str]:
    """How many statements in words, and the class that draws as many ticks."""
    if count < 2 and not (count and is_silent):
        return "", "t0"
    return f", {count} statement{'' if count == 1 else 's'}", f"t{min(count, TICKS)}"
