"""The matrix to take away: a table as CSV, a picture as SVG, and PNG from it.

All are of the present rows and columns and of the instant looked from, and say so. Nothing in the
picture is loaded from elsewhere.
"""

from __future__ import annotations

import csv
import io
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.html import escape

from events import chart_file, chart_style
from events.matrix import TICKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.matrix import Cell, Matrix
    from events.roles import Viewer

COLUMNS = (
    *("side", "actor", "actor_ref", "issue", "issue_ref", "stance", "waiting_or_age_days"),
    *("old", "before", "moved", "statements", "contested"),
)
_FORMULA = tuple("=+-@\t\r＝＋－＠")
_WAYS = {"up": "towards assent", "down": "towards refusal", "aside": "neither way"}

NAME, COLUMN, ROW, HEAD, MARGIN = 220, 136, 40, 64, 12
"""Pixels: the column of names, a column, a row, the heads of columns, around all."""

_FILLS = {
    "supports": "--st-pos-fill",
    "conditional": "--st-pos-soft",
    "opposes": "--st-neg-fill",
    "denies_discussed": "--st-neg-soft",
    "awaited": "--line-soft",
}
_HUES = {"opposes": "--st-neg", "denies_discussed": "--st-neg", "unclear": "--st-mid"}
_GLYPHS = {
    "supports": "stance-accept",
    "conditional": "stance-cond",
    "open": "stance-open",
    "unclear": "stance-unclear",
    "opposes": "stance-oppose",
    "denies_discussed": "stance-denies",
    "awaited": "stance-await",
}


def table(matrix: Matrix) -> str:
    """The cells that hold something, one a row, as CSV. What a spreadsheet would work out as a
    formula is led by an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for group in matrix.groups:
        for actor in group.actors:
            for issue in matrix.issues:
                cell = matrix.cells.get((actor.pk, issue.pk))
                if cell is not None:
                    names = (actor.side.name if actor.side else "", actor.name, actor.ref)
                    row = (*names, issue.name, issue.ref, *_values(cell))
                    writer.writerow([_plain(value) for value in row])
    return out.getvalue()


def _values(cell: Cell) -> tuple[str, ...]:
    return (
        cell.stance,
        "" if cell.since is None else str(cell.since.days),
        "yes" if cell.old else "",
        cell.before,
        _WAYS[cell.movement] if cell.movement else "",
        str(cell.count),
        "yes" if cell.contested else "",
    )


def _plain(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def svg(matrix: Matrix, viewer: Viewer, address: str, now: str) -> str:
    """The matrix as an SVG document; `address` is the page it shows, `now` when it was taken."""
    width = 2 * MARGIN + NAME + COLUMN * max(len(matrix.issues), 3)
    rows = sum(len(group.actors) for group in matrix.groups)
    heads = sum(not group.is_all for group in matrix.groups)
    top = 2 * MARGIN + 46 + HEAD
    height = top + rows * ROW + heads * 22 + 2 * MARGIN + 34
    parts = [
        f'<svg xmlns="{chart_file.SVG}" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" font-family="Inter, Helvetica, Arial, sans-serif"'
        f' font-size="13" fill="{_ink("--ink")}">',
        f"<title>{_said(viewer.dossier.title)}: positions</title><defs>{_symbols()}</defs>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        _text(MARGIN, MARGIN + 16, viewer.dossier.title, size=18, weight=600, room=width),
        _text(MARGIN, MARGIN + 38, _seen_from(viewer), hue="--ink-2", room=width),
        *_heads(matrix, top),
        *_rows(matrix, top, width),
        _text(MARGIN, height - 26, _foot(viewer), size=11, hue="--ink-3", room=width),
        _text(MARGIN, height - 10, f"{address}, {now}", size=11, hue="--ink-3", room=width),
        "</svg>\n",
    ]
    return "\n".join(parts)


def file_name(viewer: Viewer, ending: str) -> str:
    """ "ukraine-ceasefire-positions-as-of-2025-03-12.csv"."""
    past = viewer.as_of
    then = f"-as-of-{past.text}" if past else ""
    return re.sub(
        r"[^\w.-]+", "-", f"{viewer.dossier.slug}-positions{then}.{ending}", flags=re.ASCII
    )


def _heads(matrix: Matrix, top: int) -> Iterator[str]:
    for number, issue in enumerate(matrix.issues):
        x = MARGIN + NAME + number * COLUMN + 8
        lines = list(chart_file.wrapped(issue.name, COLUMN - 12, 12, 600))[:3]
        for line, words in enumerate(lines):
            yield _text(x, top - 8 - 16 * (len(lines) - line), words, size=12, weight=600)
        kind = f"Proposal {issue.proposal.ref}" if issue.proposal else "Issue"
        yield _text(x, top - 8, kind, size=11, hue="--ink-2")


def _rows(matrix: Matrix, top: int, width: int) -> Iterator[str]:
    y = top
    for group in matrix.groups:
        hue = _ink(f"--s{min(group.side.slot, 5) if group.side else 5}")
        if not group.is_all:
            yield f'<rect x="{MARGIN}" y="{y}" width="4" height="22" fill="{hue}"/>'
            name = _text(MARGIN + 12, y + 15, group.name, weight=600, hue="")
            yield f'<g fill="{hue}">{name}</g>'
            y += 22
        for actor in group.actors:
            yield f'<rect x="{MARGIN}" y="{y}" width="4" height="{ROW}" fill="{hue}"/>'
            yield _text(MARGIN + 12, y + 16, actor.name, weight=500, room=NAME)
            yield _text(MARGIN + 12, y + 32, actor.office, size=11, hue="--ink-2", room=NAME)
            for number, issue in enumerate(matrix.issues):
                x = MARGIN + NAME + number * COLUMN
                cell = matrix.cells.get((actor.pk, issue.pk))
                yield from _cell(cell, x, y)
            y += ROW
            line = _ink("--line-soft")
            yield f'<path d="M{MARGIN} {y}H{width - MARGIN}" stroke="{line}"/>'


def _cell(cell: Cell | None, x: int, y: int) -> Iterator[str]:
    stance = "none" if cell is None else cell.stance
    if cell is None or stance == "none":
        yield _text(x + 8, y + 24, "–", hue="--ink-2")
        return
    if stance in _FILLS:
        fill = _ink(_FILLS[stance])
        yield f'<rect x="{x}" y="{y}" width="{COLUMN - 1}" height="{ROW - 1}" fill="{fill}"/>'
    hue = _ink(_HUES.get(stance, "--ink" if stance == "awaited" else "--st-pos"))
    yield (
        f'<use href="#{_GLYPHS[stance]}" x="{x + 8}" y="{y + 5}" width="14" height="14"'
        f' color="{hue}"/>'
    )
    yield _text(x + 27, y + 17, cell.word, weight=500)
    beneath = []
    if cell.movement:
        beneath.append({"up": "↗", "down": "↘", "aside": "→"}[cell.movement])
    if cell.since is not None:
        beneath.append(cell.since.short + (" (old)" if cell.old else ""))
    if cell.contested:
        beneath.append("contested")
    if cell.count > 1:
        beneath.append("|" * min(cell.count, TICKS))
    yield _text(x + 27, y + 32, " ".join(beneath), size=11, hue="--ink-2")


def _seen_from(viewer: Viewer) -> str:
    past = viewer.as_of
    if past is None:
        return "Positions, as recorded now"
    which = "what this dossier said then" if past.is_recorded else "what had happened by then"
    return f"Positions as of {past.label}: {which}"


def _foot(viewer: Viewer) -> str:
    if viewer.is_member:
        return "As members of the dossier see it: what is not yet published may be among it."
    return "What is published. – stands for no statement recorded, Awaited for no answer yet."


def _text(
    x: int,
    y: int,
    words: str,
    *,
    size: int = 13,
    weight: int = 400,
    hue: str = "--ink",
    room: int = 0,
) -> str:
    if room:
        first = next(iter(chart_file.wrapped(words, max(room - 24, 40), size, weight)), "")
        words = first if first == " ".join(words.split()) else f"{first} …"
    fill = f' fill="{_ink(hue)}"' if hue else ""
    look = f'font-size="{size}" font-weight="{weight}"{fill}'
    return f'<text x="{x}" y="{y}" {look}>{_said(words)}</text>'


def _said(words: str) -> str:
    """What people wrote, as XML can have it."""
    return escape(chart_file.in_xml(words))


def _ink(name: str) -> str:
    return chart_style.tokens()[name]


@lru_cache(maxsize=1)
def _symbols() -> str:
    """The glyphs of stances, from the sprite of the pages."""
    sprite = (settings.BASE_DIR / "static" / "glyphs.svg").read_text()
    names = "|".join(_GLYPHS.values())
    found = re.findall(rf'<symbol id="(?:{names})".*?</symbol>', sprite, flags=re.DOTALL)
    # No program that draws SVG alone knows custom properties.
    return "".join(found).replace("var(--knock, #fff)", "#fff")
