"""One search over the records and source texts of a dossier.

Words are matched as typed so far (prefixes), "quoted words" in this order, -word not at all. The
vectors are those of the models' own GIN indexes, so that the indexes answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db import models
from django.db.models import F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, Left, RowNumber
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from events.models import (
    Actor,
    Commitment,
    Conflict,
    Event,
    Issue,
    Passage,
    Position,
    Source,
    SourceText,
)

if TYPE_CHECKING:
    from events.roles import Viewer

SHOWN = 20
"""Most hits of one kind that are shown."""

COUNTED = 1_000
"""Hits are counted up to here; above, the count reads "1,000+" and nothing is ranked."""

LONGEST = 200
WORDS = 24
"""Words of a text that are quoted around what was found."""

# Private-use characters: no text has them, and they pass through escaping unchanged.
_START, _STOP = "\ue000", "\ue001"
_TERM = re.compile(r'(-?)(?:"([^"]*)"?|“([^”]*)”?|(\S+))')
_WORDLESS = re.compile(r"[\W_]*\Z")


def clean(text: str) -> str:
    """`text` without what no query can hold, at most 200 characters."""
    without = "".join(char for char in text if char >= " " and char not in (_START, _STOP))
    return " ".join(without.split())[:LONGEST]


def expression(text: str) -> str:
    """The tsquery for what was typed; "" when nothing in it can be searched for.

    A quotation is looked for word by word; any other word also as the beginning of one.
    """
    terms: list[str] = []
    wanted = False
    for minus, straight, curly, word in _TERM.findall(clean(text)):
        if _WORDLESS.match(straight or curly or word):
            continue
        if word:
            term = f"{_quoted(word)}:*"
        else:
            words = [part for part in (straight or curly).split() if not _WORDLESS.match(part)]
            term = f"({' <-> '.join(_quoted(part) for part in words)})"
        terms.append(f"!{term}" if minus else term)
        wanted = wanted or not minus
    return " & ".join(terms) if wanted else ""


def _quoted(word: str) -> str:
    """A lexeme for to_tsquery: Postgres itself splits it as it split the texts."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def query_for(text: str) -> SearchQuery | None:
    """What was typed as a query, None when nothing in it can be searched for."""
    raw = expression(text)
    return SearchQuery(raw, config="simple", search_type="raw") if raw else None


def vector_of(model: type[models.Model]) -> Any:
    """The vector `model` has a GIN index on: the same expression, so that the index is used."""
    return next(i for i in model._meta.indexes if isinstance(i, GinIndex)).expressions[0]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record in the results: which rows, how each is named, what is quoted of it."""

    key: str
    title: str
    model: type[models.Model]
    noun: str
    glyph: str
    headline: Any
    text: Any
    ref: str = "ref"
    newest: Any = None
    serif: bool = False
    fragments: bool = False


def _joined(*parts: Any) -> Concat:
    return Concat(*parts, output_field=models.TextField())


KINDS: tuple[Kind, ...] = (
    Kind(
        "event", "Events", Event, "event", "", F("title"), F("summary"),
        newest=F("earliest").desc(nulls_last=True),
    ),
    Kind(
        "position", "Positions", Position, "position", "ui-scale",
        _joined("actor__name", Value(" on "), "issue__name"),
        _joined("summary", Value(" "), "condition"),
    ),
    Kind(
        "commitment", "Commitments", Commitment, "commitment", "ui-handshake",
        F("action"), _joined("condition", Value(" "), "depends_on_text"),
    ),
    Kind("issue", "Issues and proposals", Issue, "issue", "ui-table", F("name"), F("description")),
    Kind("actor", "Actors", Actor, "actor", "ui-users", F("name"), F("note")),
    Kind("conflict", "Conflicts", Conflict, "conflict", "ui-contested", F("title"), F("note")),
    Kind(
        "passage", "Passages", Passage, "source", "ui-quote", F("exact"), Value(""),
        ref="source_text__source__ref", serif=True,
    ),
    Kind(
        "source", "Sources", Source, "source", "ui-doc",
        F("title"), _joined("publisher", Value(" "), "author"),
        newest=F("published_earliest").desc(nulls_last=True),
    ),
    Kind(
        "text", "Source texts", SourceText, "source", "ui-doc",
        F("source__title"), Left("text", 200_000), ref="source__ref", fragments=True,
    ),
)  # fmt: skip
BY_KEY = {kind.key: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found. `title` and `text` are safe HTML, the words looked for in <mark>."""

    ref: str
    href: str
    glyph: str
    title: SafeString
    text: SafeString


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind, at most 20 of them; `count` is exact up to 1,000."""

    kind: Kind
    count: int
    hits: tuple[Hit, ...]

    @property
    def count_words(self) -> str:
        """The count as shown: "12" or "1,000+"."""
        return f"{COUNTED:,}+" if self.count > COUNTED else f"{self.count:,}"


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found. `ranked` says whether the best come first; else the newest do."""

    text: str
    groups: tuple[Group, ...]
    ranked: bool

    @property
    def count(self) -> int:
        """All hits, each kind counted up to 1,001."""
        return sum(group.count for group in self.groups)

    @property
    def count_words(self) -> str:
        """The number of all hits as shown."""
        over = any(group.count > COUNTED for group in self.groups)
        return f"{min(self.count, COUNTED):,}+" if over else f"{self.count:,}"


def search(
    text: str, viewer: Viewer, *, relevant: bool = False, each: int = SHOWN, kind: str = ""
) -> Results:
    """Find `text` in all that `viewer` may see of the dossier, in two queries.

    Newest first; `relevant` puts the best first unless there are more than 1,000 hits of a kind.
    `each` is how many of a kind are wanted, `kind` narrows to one kind.
    """
    query = query_for(text)
    if query is None:
        return Results(clean(text), (), ranked=False)
    chosen = [BY_KEY[kind]] if kind in BY_KEY else list(KINDS)
    if not viewer.is_member:
        # A hit within a text would quote what stands around the passages cited.
        chosen = [one for one in chosen if one.model is not SourceText]
    if not chosen:
        return Results(clean(text), (), ranked=False)
    matching = {one: _matching(one, query, viewer) for one in chosen}
    found = _found({one: _ordered(one, rows, None) for one, rows in matching.items()})
    ranked = relevant and bool(found) and all(len(keys) <= COUNTED for keys in found.values())
    if ranked:
        found = _found({one: _ordered(one, matching[one], query) for one in found})
    shown = _shown({one: keys[:each] for one, keys in found.items()}, query, viewer)
    groups = tuple(Group(one, len(keys), tuple(shown[one])) for one, keys in found.items())
    return Results(clean(text), groups, ranked)


def _matching(kind: Kind, query: SearchQuery, viewer: Viewer) -> models.QuerySet[Any]:
    rows = kind.model.objects.visible_to(viewer).order_by()  # type: ignore[attr-defined]
    if kind.model is Conflict:
        # The one kind without an index: a dossier has few.
        vector = SearchVector("title", "note", config="simple")
        return rows.annotate(vector=vector).filter(vector=query)
    if kind.model is SourceText:
        newer = SourceText.objects.filter(source=OuterRef("source"), number__gt=OuterRef("number"))
        rows = rows.exclude(models.Exists(newer))
    if kind.model is Actor:
        # Other names are an array, which the index does not hold; a dossier has few actors.
        also = SearchVector(
            models.Func(
                F("aliases"),
                Value(" "),
                function="array_to_string",
                output_field=models.TextField(),
            ),
            config="simple",
        )
        rows = rows.annotate(vector=vector_of(Actor), also=also)
        return rows.filter(Q(vector=query) | Q(also=query))
    return rows.annotate(vector=vector_of(kind.model)).filter(vector=query)


def _ordered(
    kind: Kind, rows: models.QuerySet[Any], ranked_by: SearchQuery | None
) -> models.QuerySet[Any]:
    """The keys of `rows` with their place: newest first, or the best first by `ranked_by`."""
    newest = [kind.newest, F("id").desc()] if kind.newest else [F("id").desc()]
    if ranked_by is not None:
        newest = [SearchRank(F("vector"), ranked_by).desc(), *newest]
    place = models.Window(RowNumber(), order_by=newest)
    keys = rows.annotate(hit_kind=Value(kind.key), hit_place=place).order_by("hit_place")
    return keys.values("hit_kind", "hit_place", "pk")[: COUNTED + 1]


def _found(ordered: dict[Kind, models.QuerySet[Any]]) -> dict[Kind, list[int]]:
    """The keys found of each kind, at most 1,001, in order; kinds without any are left out."""
    found: dict[Kind, list[int]] = {kind: [] for kind in ordered}
    for row in sorted(_union(ordered.values()), key=lambda row: row["hit_place"]):
        found[BY_KEY[row["hit_kind"]]].append(row["pk"])
    return {kind: keys for kind, keys in found.items() if keys}


def _union(parts: Iterable[models.QuerySet[Any]]) -> Iterable[dict[str, Any]]:
    first, *others = parts
    # A union would take the order of the first model, by columns it does not have.
    return first.union(*others, all=True).order_by("hit_kind") if others else first


def _shown(
    found: dict[Kind, list[int]], query: SearchQuery, viewer: Viewer
) -> dict[Kind, list[Hit]]:
    """Load and highlight the hits that are shown."""
    if not found:
        return {}
    rows = {
        (row["hit_kind"], row["hit_id"]): row
        for row in _union([_highlighted(kind, keys, query) for kind, keys in found.items()])
    }
    return {
        kind: [_hit(kind, rows[kind.key, key], viewer) for key in keys if (kind.key, key) in rows]
        for kind, keys in found.items()
    }


def _highlighted(kind: Kind, keys: list[int], query: SearchQuery) -> models.QuerySet[Any]:
    whole: dict[str, Any] = {"config": "simple", "start_sel": _START, "stop_sel": _STOP}
    cut = {**whole, "max_words": WORDS, "min_words": 12, "short_word": 0, "max_fragments": 1}
    title = {**whole, "highlight_all": True} if not kind.serif else {**cut, "max_words": 34}
    glyph = _joined(Value("kind-"), "kind") if kind.model is Event else Value(kind.glyph)
    rows = kind.model._base_manager.filter(pk__in=keys).order_by()
    return rows.annotate(
        hit_kind=Value(kind.key),
        hit_id=F("pk"),
        hit_ref=F(kind.ref),
        hit_anchor=F("ref"),
        hit_glyph=Cast(glyph, models.TextField()),
        hit_title=SearchHeadline(kind.headline, query, **title),
        hit_text=SearchHeadline(kind.text, query, **cut),
    ).values("hit_kind", "hit_id", "hit_ref", "hit_anchor", "hit_glyph", "hit_title", "hit_text")


def _hit(kind: Kind, row: dict[str, Any], viewer: Viewer) -> Hit:
    href = _address(kind, viewer.dossier.slug, row["hit_ref"])
    if kind.model is Passage:
        href += f"#{row['hit_anchor']}"
    return Hit(
        ref=row["hit_ref"],
        href=href,
        glyph=row["hit_glyph"],
        title=marked(row["hit_title"]),
        text=marked(_open_ended(row["hit_text"])),
    )


def _open_ended(piece: str) -> str:
    """A piece of a text with dots where it seems to be cut: within a sentence, or when full."""
    plain = piece.replace(_START, "").replace(_STOP, "").strip()
    if not plain:
        return ""
    before = "…" if plain[0].islower() else ""
    after = "…" if len(plain.split()) >= WORDS and plain[-1] not in ".!?’”'\"" else ""
    return f"{before}{piece.strip()}{after}"


def _address(kind: Kind, slug: str, ref: str) -> str:
    try:
        return reverse(f"events:{kind.noun}-detail", args=[slug, ref])
    except NoReverseMatch:
        return f"{reverse('events:timeline', args=[slug])}?selected={ref}"


def marked(headline: str) -> SafeString:
    """A headline as HTML: escaped first, then the words found put into <mark>."""
    escaped = conditional_escape(" ".join(headline.split()))
    return mark_safe(escaped.replace(_START, "<mark>").replace(_STOP, "</mark>"))
