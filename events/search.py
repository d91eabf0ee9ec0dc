"""One search over the records and source texts of a dossier.

Words are matched as typed so far (prefixes), "quoted words" in this order, -word not at all. The
vectors are those of the models' own GIN indexes, so that the indexes answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db import connection, models, transaction
from django.db.models import F, OuterRef, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat, Left, RowNumber
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from events import history, keyset
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
"""Hits of a kind are counted up to here, of source texts up to a tenth; above, the count reads
"1,000+" and nothing is ranked."""

NEARBY = 1_000
"""Of the last records so many are looked through for the newest hits, before all are sorted."""

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
    return _query(raw) if raw else None


def _query(raw: str) -> SearchQuery:
    return SearchQuery(raw, config="simple", search_type="raw")


def vector_of(model: type[models.Model]) -> Any:
    """The vector `model` has a GIN index on: the same expression, so that the index is used."""
    return next(i for i in model._meta.indexes if isinstance(i, GinIndex)).expressions[0]


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of record in the results: which rows, how each is named, what is quoted of it.

    Each is itself alone: to compare what it is made of would take longer than what it is asked.
    """

    key: str
    title: str
    model: type[models.Model]
    noun: str
    glyph: str
    headline: Any
    text: Any
    ref: str = "ref"
    newest: str = "id"
    serif: bool = False
    fragments: bool = False
    cited: bool = False

    def counted(self, viewer: Viewer) -> int:
        """Hits are counted up to here: to look at a long text, or to see whether the public may
        see a source, takes as long as to look at many short ones."""
        is_slow = self.fragments or (self.cited and not viewer.is_member)
        return COUNTED // 10 if is_slow else COUNTED


def _joined(*parts: Any) -> Concat:
    return Concat(*parts, output_field=models.TextField())


KINDS: tuple[Kind, ...] = (
    Kind(
        "event", "Events", Event, "event", "", F("title"), F("summary"),
        newest="earliest",
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
        ref="source_text__source__ref", serif=True, cited=True,
    ),
    Kind(
        "source", "Sources", Source, "source", "ui-doc",
        F("title"), _joined("publisher", Value(" "), "author"),
        newest="published_earliest", cited=True,
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
    """The hits of one kind, at most 20 of them; `count` is exact up to `most`."""

    kind: Kind
    count: int
    hits: tuple[Hit, ...]
    most: int

    @property
    def is_over(self) -> bool:
        """Whether there are more than are counted."""
        return self.count > self.most

    @property
    def count_words(self) -> str:
        """The count as shown: "12" or "1,000+"."""
        return f"{self.most:,}+" if self.is_over else f"{self.count:,}"


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
        over = any(group.is_over for group in self.groups)
        return f"{min(self.count, COUNTED):,}+" if over else f"{self.count:,}"


def search(
    text: str, viewer: Viewer, *, relevant: bool = False, each: int = SHOWN, kind: str = ""
) -> Results:
    """Find `text` in all that `viewer` may see of the dossier; five queries at most.

    Newest first; `relevant` puts the best first unless there are more than 1,000 hits of a kind.
    `each` is how many of a kind are wanted, `kind` narrows to one kind.
    """
    words = expression(text)
    if not words:
        return Results(clean(text), (), ranked=False)
    chosen = [BY_KEY[kind]] if kind in BY_KEY else list(KINDS)
    if not viewer.is_member:
        # A hit within a text would quote what stands around the passages cited.
        chosen = [one for one in chosen if one.model is not SourceText]
    placed = [one for one in chosen if one.model is Event and viewer.as_of is None]
    others = _found([one for one in chosen if one not in placed], words, viewer, each)
    newest = {one: keyset.newest(worded(text, viewer), each, COUNTED + 1) for one in placed}
    found = newest | others
    found = {one: found[one] for one in chosen if found.get(one)}
    few = all(len(keys) <= one.counted(viewer) for one, keys in found.items())
    ranked = relevant and bool(found) and few
    first = _best(found, _query(words), each) if ranked else found
    shown = _shown({one: keys[:each] for one, keys in first.items()}, words, viewer)
    groups = tuple(
        Group(one, len(keys), tuple(shown[one]), one.counted(viewer)) for one, keys in found.items()
    )
    return Results(clean(text), groups, ranked)


def worded(text: str, viewer: Viewer) -> keyset.Asked:
    """The question which events have the words of `text`, of those that `viewer` may see."""
    states = viewer.visible_states
    return keyset.Asked(viewer.dossier.pk, states=states, words=expression(text))


def _matching(kind: Kind) -> models.QuerySet[Any]:
    """The rows of a kind with _WORDS in the dossier _DOSSIER, whoever may see them."""
    rows, query = kind.model._base_manager.order_by(), _query(_WORDS)
    if kind.model is Conflict:
        # The one kind without an index: a dossier has few.
        vector = SearchVector("title", "note", config="simple")
        return rows.filter(dossier_id=_DOSSIER).annotate(vector=vector).filter(vector=query)
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
        rows = rows.filter(dossier_id=_DOSSIER).annotate(vector=vector_of(Actor), also=also)
        return rows.filter(Q(vector=query) | Q(also=query))
    if kind.model is SourceText:
        newer = SourceText.objects.filter(source=OuterRef("source"), number__gt=OuterRef("number"))
        rows = rows.exclude(models.Exists(newer))
    # The sum keeps Postgres from going through the dossier by another index, working out the
    # words of every row on the way.
    rows = rows.annotate(within=F("dossier_id") + 0, vector=vector_of(kind.model))
    return rows.filter(within=_DOSSIER, vector=query)


_WORDS, _DOSSIER = _START, -1
"""What stands in a statement for a query and for the key of a dossier: neither is ever one."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL that reads rows of a table, and its parameters; written once, asked of any dossier."""

    sql: str
    parameters: tuple[Any, ...]
    table: str

    @classmethod
    def of(cls, rows: models.QuerySet[Any, Any]) -> _Statement:
        """That of a query."""
        sql, parameters = rows.query.sql_with_params()
        return cls(sql, parameters, rows.model._meta.db_table)

    def asked(self, words: str, dossier: int) -> tuple[str, list[Any]]:
        """With what is looked for, and where."""
        given = ((_WORDS, words), (_DOSSIER, dossier))
        found = [
            next((value for name, value in given if one == name), one) for one in self.parameters
        ]
        return self.sql, found

    def among(self, those: str, *parameters: Any) -> _Statement:
        """The same of no rows but `those`, a clause after the name of the table."""
        head, found, tail = self.sql.partition(f' FROM "{self.table}"')
        narrow = f' FROM (SELECT * FROM "{self.table}" {those}) "{self.table}"'
        given = list(self.parameters)
        place = head.count("%s")
        given[place:place] = parameters
        return replace(self, sql=f"{head}{narrow if found else ''}{tail}", parameters=tuple(given))


@cache
def _finding(kind: Kind) -> _Statement:
    """What finds rows of a kind: their keys, and what tells the newest."""
    return _Statement.of(_keys_and_newest(_matching(kind), kind))


def _keys_and_newest(rows: models.QuerySet[Any], kind: Kind) -> models.QuerySet[Any, Any]:
    return rows.annotate(newest=F(kind.newest)).values_list("pk", "newest")


def _found(kinds: list[Kind], words: str, viewer: Viewer, each: int) -> Found:
    """The keys found of each kind, the newest first, as many as are counted and one more.

    Of more than are counted only the first `each` are sure to be the newest, of source texts none.
    """
    if not kinds:
        return {}
    with transaction.atomic(savepoint=False):
        # Everything by an index and row by row: the words of a row are worked out anew each time
        # it is looked at, which no plan reckons with, and most answers end early.
        history.set_local(_PLANS)
        most = {kind: kind.counted(viewer) for kind in kinds}
        found = _keys(_Part(kind, words, viewer, most[kind] + 1) for kind in kinds)
        many = [kind for kind, keys in found.items() if len(keys) > most[kind]]
        # Where much is found, the newest are most likely among the last that came.
        newest = _keys(
            _Part(kind, words, viewer, each, near=NEARBY // (10 if kind.fragments else 1))
            for kind in many
            if kind.newest == "id" and kind.model not in _FEW
        )
        rest = [kind for kind in many if len(newest.get(kind, ())) < each and not kind.fragments]
        newest |= _keys(_Part(kind, words, viewer, each, in_order=True) for kind in rest)
        history.set_local(dict.fromkeys(_PLANS))
    for kind, keys in newest.items():
        found[kind] = list(dict.fromkeys([*keys, *found[kind]]))[: most[kind] + 1]
    return found


_PLANS = dict.fromkeys(("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit"), "off")
# To start others takes longer than they save: an index is read by one process alone.
_PLANS["max_parallel_workers_per_gather"] = "0"

_FEW = (Actor, Conflict)
"""Kinds of which a dossier has few."""

_ALL = 10**6


type Found = dict[Kind, list[int]]


@dataclass(frozen=True, slots=True)
class _Part:
    """What is asked of one kind: at most `most` keys, any so many unless `in_order`.

    `near` looks only at so many of the last rows, one after the other until there are enough.
    `looked_at` is at how many times as many matching rows one looks for those that the public may
    see.
    """

    kind: Kind
    words: str
    viewer: Viewer
    most: int
    in_order: bool = False
    near: int = 0
    looked_at: int = 5

    def statements(self, number: int) -> tuple[list[str], str, list[Any]]:
        """Named queries, what is read of them (number, key, newest), and the parameters."""
        finding, order, how = _finding(self.kind), "", "MATERIALIZED"
        dossier = self.viewer.dossier.pk
        if self.near:
            last = "WHERE dossier_id = %s ORDER BY id DESC LIMIT %s"
            finding = finding.among(last, dossier, self.near)
            order, how = " ORDER BY pk DESC", "NOT MATERIALIZED"
        elif self.in_order:
            order = " ORDER BY newest DESC NULLS LAST, pk DESC"
        matching, given = finding.asked(self.words, dossier)
        # Planned as if all were read: the plan for some rows would go through the whole table
        # where fewer match than was guessed. It still ends with the last row that is asked for.
        named = [f"m{number} (pk, newest) AS {how} ({matching})"]
        read = f"(SELECT {number}, pk, newest FROM m{number}{order} LIMIT {self.most})"
        if not self.viewer.is_member:
            looked_at = f"SELECT * FROM m{number}{order} LIMIT {self.most * self.looked_at}"
            named.append(f"c{number} AS MATERIALIZED ({looked_at})")
            seen: Any = self.kind.model.objects.visible_to(self.viewer)  # type: ignore[attr-defined]
            those = RawSQL(f"SELECT pk FROM c{number}", ())
            seen = _keys_and_newest(seen.order_by().filter(pk__in=those), self.kind)
            visible, more = seen.query.sql_with_params()
            given += more
            named.append(f"v{number} (pk, newest) AS ({visible})")
            read = (
                f"(SELECT {number}, pk, newest FROM v{number}{order} LIMIT {self.most})"
                f" UNION ALL (SELECT {number}, NULL, count(*) FROM c{number})"
            )
        return named, read, given


def _keys(parts: Iterable[_Part]) -> Found:
    """The keys asked for of each kind, the newest first, in one query."""
    parts = list(parts)
    if not parts:
        return {}
    named, read, given = [], [], []
    for number, part in enumerate(parts):
        names, query, parameters = part.statements(number)
        named += names
        read.append(query)
        given += parameters
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(named)} {' UNION ALL '.join(read)}", given)
        rows = cursor.fetchall()
    looked_at = {number: count for number, key, count in rows if key is None}
    found: Found = {part.kind: [] for part in parts}
    for number, key, _ in sorted((row for row in rows if row[1]), key=_by_newest, reverse=True):
        found[parts[number].kind].append(key)
    # Where most is hidden, all that matches is looked at.
    hidden = []
    for number, count in looked_at.items():
        part = parts[number]
        if count == part.most * part.looked_at and len(found[part.kind]) < part.most:
            hidden.append(replace(part, looked_at=_ALL))
    return found | _keys(hidden)


def _by_newest(row: tuple[int, int, int | None]) -> tuple[bool, int, int]:
    _, key, newest = row
    return newest is not None, newest or 0, key


def _best(found: dict[Kind, list[int]], query: SearchQuery, each: int) -> dict[Kind, list[int]]:
    """The keys of the best `each` of each kind, from all that was found."""
    rows = _union([_ranked(kind, keys, query, each) for kind, keys in found.items()])
    best: dict[Kind, list[int]] = {kind: [] for kind in found}
    for row in sorted(rows, key=lambda row: row["hit_place"]):
        best[BY_KEY[row["hit_kind"]]].append(row["pk"])
    return best


def _ranked(
    kind: Kind, keys: list[int], query: SearchQuery, each: int
) -> models.QuerySet[Any, dict[str, Any]]:
    newest = F(kind.newest).desc(nulls_last=True)
    vector = SearchVector("title", "note", config="simple")
    vector = vector if kind.model is Conflict else vector_of(kind.model)
    place = models.Window(
        RowNumber(), order_by=[SearchRank(vector, query).desc(), newest, F("id").desc()]
    )
    rows = kind.model._base_manager.filter(pk__in=keys)
    rows = rows.annotate(hit_kind=Value(kind.key), hit_place=place).order_by("hit_place")
    return rows.values("hit_kind", "hit_place", "pk")[:each]


def _union(parts: Iterable[models.QuerySet[Any]]) -> Iterable[dict[str, Any]]:
    first, *others = parts
    # A union would take the order of the first model, by columns it does not have.
    return first.union(*others, all=True).order_by("hit_kind") if others else first


def _shown(found: dict[Kind, list[int]], words: str, viewer: Viewer) -> dict[Kind, list[Hit]]:
    """Load and highlight the hits that are shown."""
    if not found:
        return {}
    parts, given = [], []
    for kind, keys in found.items():
        showing = _showing(kind).among("WHERE id = ANY (%s)", keys)
        part, parameters = showing.asked(words, viewer.dossier.pk)
        parts.append(f"({part})")
        given += parameters
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), given)
        rows = {(row[0], row[1]): _Found(*row) for row in cursor.fetchall()}
    return {
        kind: [_hit(kind, rows[kind.key, key], viewer) for key in keys if (kind.key, key) in rows]
        for kind, keys in found.items()
    }


class _Found(NamedTuple):
    """A row that is shown, its words between _START and _STOP."""

    kind: str
    key: int
    ref: str
    anchor: str
    glyph: str
    title: str
    text: str


@cache
def _showing(kind: Kind) -> _Statement:
    """What reads rows of a kind as they are shown."""
    query = _query(_WORDS)
    whole: dict[str, Any] = {"config": "simple", "start_sel": _START, "stop_sel": _STOP}
    cut = {**whole, "max_words": WORDS, "min_words": 12, "short_word": 0, "max_fragments": 1}
    title = {**whole, "highlight_all": True} if not kind.serif else {**cut, "max_words": 34}
    glyph = _joined(Value("kind-"), "kind") if kind.model is Event else Value(kind.glyph)
    rows = kind.model._base_manager.order_by().annotate(
        hit_kind=Value(kind.key),
        hit_id=F("pk"),
        hit_ref=F(kind.ref),
        hit_anchor=F("ref"),
        hit_glyph=Cast(glyph, models.TextField()),
        hit_title=SearchHeadline(kind.headline, query, **title),
        hit_text=SearchHeadline(kind.text, query, **cut),
    )
    return _Statement.of(rows.values_list(*(f"hit_{name}" for name in _HIT)))


_HIT = ("kind", "id", "ref", "anchor", "glyph", "title", "text")


def _hit(kind: Kind, row: _Found, viewer: Viewer) -> Hit:
    href = _address(kind, viewer.dossier.slug, row.ref)
    if kind.model is Passage:
        href += f"#{row.anchor}"
    return Hit(row.ref, href, row.glyph, marked(row.title), marked(_open_ended(row.text)))


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
