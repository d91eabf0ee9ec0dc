"""Tags for rows of which a page has many: events of the list, hits of a search.

A template works out every value anew, so they are written here. What people wrote is escaped.
"""

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from events.chronicle import Row
from events.models import Event, Side
from events.search import Group, Hit
from events.templatetags import truceline

register = template.Library()

_KINDS = dict(Event.Kind.choices)


@register.simple_tag
def event_rows(rows: Iterable[Row], selected: str, *, states: bool) -> SafeString:
    """The events of a day in the list, each an item of it; `selected` is a ref.

    `states` shows how far each has been reviewed.
    """
    pen = _Pen()
    # Nothing in it is as people wrote it: each text went through escape().
    return mark_safe("\n".join(pen.event(row, selected, states=states) for row in rows))


@register.simple_tag
def search_hits(group: Group) -> SafeString:
    """What a search found of one kind, each an item of a list."""
    pen = _Pen()
    # Nothing in it is as people wrote it: titles and texts come as HTML.
    return mark_safe("\n".join(pen.hit(hit, group) for hit in group.hits))


class _Pen:
    """Writes rows of a page, each chip once."""

    def __init__(self) -> None:
        self.sprite = escape(static("glyphs.svg"))
        self.chips: dict[str, str] = {}

    def event(self, row: Row, selected: str, *, states: bool) -> str:
        """An event of the list: when, what kind, its title and what is told of it."""
        event = row.event
        ref, is_selected = escape(event.ref), event.ref == selected
        chips = "".join(f"{self._chip(side)} " for side in row.sides)
        slot = f" slot-{row.sides[0].slot}" if row.sides else ""
        current = ' aria-current="true"' if is_selected else ""
        kind = self._glyph(row.glyph, escape(_KINDS.get(event.kind, event.kind)))
        return (
            f'<li class="row{" is-selected" if is_selected else ""}" data-row data-ref="{ref}"'
            f' id="row-{ref}">\n<div class="row-when"><span class="when-sides">{chips}</span>'
            f"{_time(row)} <span"
            f' class="meta">{escape(row.precision)}</span></div>\n'
            f'<span class="row-kind{slot}">{kind}</span>\n<div class="row-body">\n'
            f'<h3 class="row-title"><span class="title-sides">{chips}</span><a href="'
            f'{escape(row.url)}" data-drawer="{ref}"{current}>{escape(event.title)}</a></h3>\n'
            f"{_said(row)}\n{self._relations(row)}\n</div>\n"
            f'<div class="row-side">{_sources(row.sources)}'
            f"{f' {_state(event.state)}' if states else ''}</div>\n</li>"
        )

    def hit(self, hit: Hit, group: Group) -> str:
        """A record that was found, and what is quoted of it."""
        title = f"<q>‘{hit.title}’</q>" if group.kind.serif else hit.title
        text = ""
        if hit.text and group.kind.fragments:
            text = f'<p class="hit-text is-source"><q>‘{hit.text}’</q></p>'
        elif hit.text:
            text = f'<p class="hit-text">{hit.text}</p>'
        return (
            '<li class="row" data-row><div class="row-body"><h3 class="row-title">'
            f'{self._glyph(hit.glyph)} <a href="{escape(hit.href)}">{title}</a></h3>{text}</div>'
            f'<div class="row-side"><span class="ref">{escape(hit.ref)}</span></div></li>'
        )

    def _glyph(self, name: str, label: str = "") -> str:
        """As truceline.glyph; `label` is HTML."""
        role = f'role="img" aria-label="{label}"' if label else 'aria-hidden="true"'
        use = f'<use href="{self.sprite}#{escape(name)}"></use>'
        return f'<svg class="glyph" {role}>{use}</svg>'

    def _chip(self, side: Side) -> str:
        if side.code not in self.chips:
            self.chips[side.code] = truceline.side_chip(side)
        return self.chips[side.code]

    def _relations(self, row: Row) -> str:
        """What it follows from, who answered, and that it is contested; "" for none."""
        related = ""
        if row.relation:
            related = (
                f'<span class="relation">{self._glyph("ui-reply")} {escape(row.relation)}'
                f' <a href="{escape(row.related_url)}" data-drawer="{escape(row.related)}">'
                f"{escape(row.related_title)}</a></span>"
            )
        responses = f"<span>{escape(row.responses)}</span>" if row.responses else ""
        contested = _contested() if getattr(row.event, "contested", False) else ""
        told = " ".join(one for one in (related, responses, contested) if one)
        return f'<p class="row-links">{told}</p>' if told else ""


def _time(row: Row) -> str:
    looks = [
        look for look, is_so in (("is-derived", row.derived), ("is-on-day", row.on_day)) if is_so
    ]
    look = f' class="{" ".join(looks)}"' if looks else ""
    return f'<time title="{escape(row.when_full)}"{look}>{escape(row.when)}</time>'


def _said(row: Row) -> str:
    if row.quote:
        return f'<p class="row-quote">{truceline.quote(row.quote)}</p>'
    return f'<p class="row-people">{escape(row.people)}</p>' if row.people else ""


@lru_cache(maxsize=64)
def _sources(count: int) -> str:
    return truceline.source_count(count)


@lru_cache(maxsize=8)
def _state(state: str) -> str:
    return truceline.state_chip(state)


@lru_cache(maxsize=1)
def _contested() -> str:
    return truceline.contested_chip()
