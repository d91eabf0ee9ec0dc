"""The text of notes as HTML: Markdown made safe, members who are named in it, records it refers to.

A note is written by one member and read by others, so nothing in it may act or call elsewhere:
no HTML, no images, no attributes but those given here.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import nh3
from django.apps import apps
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from events.models import Record, User

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from events.models import Dossier

MOST = 200
"""Names, and refs, that are looked up for one page at most."""

COSTLY = 1_000_000
"""Opening brackets times characters beyond which brackets are words. The parser looks from each
bracket to the end of the text for its fellow: 50,000 characters could take it 3 seconds."""

_NAME = r"(?<![\w.@+/-])@(\w(?:[\w.@+-]*\w)?)"  # the function truceline_mentions() has the same
_REF = r"(?<![\w/#.&-])([A-Z]{1,2}[0-9]{1,9})(?![\w-])"
_FOUND = re.compile(f"{_NAME}|{_REF}")

_TAGS = {
    *{"p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li"},
    *{"a", "span", "table", "thead", "tbody", "tr", "th", "td"},
}
_ATTRIBUTES = {
    "a": {"href", "title", "class", "data-drawer"},
    "span": {"title", "class"},
    "p": {"class"},
    "ol": {"start"},
}


def names_in(text: str) -> set[str]:
    """The names that are called with @ in a text, in lower case, whoever bears them."""
    return {match[1].lower() for match in _FOUND.finditer(text) if match[1]}


def refs_in(text: str) -> set[str]:
    """What reads like the ref of a record."""
    return {match[2] for match in _FOUND.finditer(text) if match[2]}


def render(notes: Iterable[Any], dossier: Dossier, reader: Any = None) -> None:
    """Give each note its `html`: members and records are looked up once for all of them.

    A name that no member of `dossier` bears stays a word, whether or not such a user exists.
    `reader` is the user whose own name stands out.
    """
    notes = list(notes)
    people = members_called(dossier, set().union(*(names_in(note.text) for note in notes)))
    known = known_refs(dossier, set().union(*(refs_in(note.text) for note in notes)))

    def linked(match: re.Match[str]) -> str:
        if match[1] and (person := people.get(match[1].lower())):
            return _chip(person, person.pk == getattr(reader, "pk", None))
        if match[2] and (noun := known.get(match[2])):
            url = reverse(f"events:{noun}-detail", args=[dossier.slug, match[2]])
            words = '<a class="ref" href="{}" data-drawer="{}">{}</a>'
            return format_html(words, url, match[2], match[2])
        return format_html("{}", match[0])

    for note in notes:
        note.html = to_html(note.text, linked)


def members_called(dossier: Dossier, names: set[str]) -> dict[str, User]:
    """The members of `dossier` by their user names in lower case, those of `names` alone."""
    if not names:
        return {}
    users = User.objects.annotate(name=Lower("username")).filter(
        name__in=list(islice(sorted(names), MOST)), membership__dossier=dossier
    )
    return {user.name: user for user in users}


def known_refs(dossier: Dossier, refs: set[str]) -> dict[str, str]:
    """Which of `refs` are records of `dossier` with a page of their own, and their nouns."""
    nouns = _nouns()
    of_noun: dict[type[Record], list[str]] = {}
    for ref in islice(sorted(refs), MOST):
        if model := nouns.get(ref.rstrip("0123456789")):
            of_noun.setdefault(model, []).append(ref)
    rows = [
        model._base_manager.filter(dossier=dossier, ref__in=some).order_by().values_list("ref")
        for model, some in of_noun.items()
    ]
    if not rows:
        return {}
    found = rows[0].union(*rows[1:]) if len(rows) > 1 else rows[0]
    known = (ref for (ref,) in found.order_by())
    return {ref: str(nouns[ref.rstrip("0123456789")]._meta.model_name) for ref in known}


def to_html(text: str, linked: Callable[[re.Match[str]], str] | None = None) -> SafeString:
    """Markdown as safe HTML. `linked` gives the HTML of a name or ref found outside of links.

    Answers within a second for 50,000 characters of any kind. Cleaned once more after rendering:
    that also drops hx- attributes, which can run requests.
    """
    parser = _parser(text.count("[") * len(text) <= COSTLY)
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            # The headings of the page are not a note's to extend.
            token.tag = "p"
            token.attrs = {"class": "heading"}
        if linked and token.children:
            token.children = list(_with_links(token.children, linked))
    cleaned = nh3.clean(
        parser.renderer.render(tokens, parser.options, {}),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noreferrer nofollow",
    )
    return mark_safe(cleaned)


def _with_links(tokens: list[Token], linked: Callable[[re.Match[str]], str]) -> Iterable[Token]:
    depth = 0
    for token in tokens:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type != "text" or depth or not _FOUND.search(token.content):
            yield token
            continue
        html, at = [], 0
        for match in _FOUND.finditer(token.content):
            html += [format_html("{}", token.content[at : match.start()]), linked(match)]
            at = match.end()
        html.append(format_html("{}", token.content[at:]))
        yield Token("html_inline", "", 0, content="".join(html))


def _chip(person: User, is_reader: bool) -> SafeString:
    return format_html(
        '<span class="mention{}" title="{}">@{}</span>',
        " is-you" if is_reader else "",
        person.get_full_name(),
        person.username,
    )


@cache
def _nouns() -> dict[str, type[Record]]:
    """The records with a page of their own, by the letters of their refs."""
    ours: Any = apps.get_app_config("events").get_models()
    paged = [model for model in ours if issubclass(model, Record)]
    return {m.ref_prefix: m for m in paged if hasattr(m, "get_absolute_url")}


@cache
def _parser(with_links: bool) -> MarkdownIt:
    options = {"html": False, "linkify": False, "typographer": False}
    parser = MarkdownIt("js-default", options).disable("image")
    return parser if with_links else parser.disable(["link", "reference"])
