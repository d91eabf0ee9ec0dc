"""Where the passages of a source stand, stood before, and may stand now."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from events import anchors, diff, history, marks
from events.models import Change, Evidence, Passage, SourceText

if TYPE_CHECKING:
    from collections.abc import Callable

    from events.diff import Piece
    from events.models.source import Reread

REACH = 140
"""Characters on either side of a passage that are shown with it."""

SHOWN = 100
"""Passages of each sort that are told of one by one."""

SORTS = ("kept", "moved", "lost")

SORT_OF = {
    Passage.State.ANCHORED: "kept",
    Passage.State.MOVED: "moved",
    Passage.State.ORPHANED: "lost",
    Passage.State.GONE: "lost",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Words of a text with what is around them; `paragraph` counts from 1."""

    number: int
    paragraph: int
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Guess:
    """A likely place of lost words in the newest text: code points, how like, what differs."""

    start: int
    end: int
    percent: int
    there: Standing
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is to decide about a passage: where it stood and where it may stand."""

    newest: SourceText
    was: Standing | None
    now: Standing | None
    guesses: list[Guess]
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Fate:
    """What a new version of a text made of a passage: where it stood, and stands unless lost."""

    passage: Passage
    was: Standing
    now: Standing | None
    pieces: list[Piece]


@dataclass(slots=True)
class Fates:
    """What a new version of a text makes of the passages, the first SHOWN of each sort."""

    kept: list[Fate] = field(default_factory=list)
    moved: list[Fate] = field(default_factory=list)
    lost: list[Fate] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SORTS, 0))

    @property
    def sentence(self) -> str:
        """ "29 kept, 2 moved, 8 lost"; "" without passages."""
        if not sum(self.counts.values()):
            return ""
        return ", ".join(f"{count} {sort}" for sort, count in self.counts.items())

    @property
    def groups(self) -> list[tuple[str, int, list[Fate]]]:
        """Those that want a look first: sort, how many, the first of them."""
        return [(sort, self.counts[sort], getattr(self, sort)) for sort in reversed(SORTS)]

    def add(self, sort: str, tell: Callable[[], Fate]) -> None:
        """Count one, and tell of it while there is room."""
        self.counts[sort] += 1
        if self.counts[sort] <= SHOWN:
            getattr(self, sort).append(tell())


class Places:
    """Tells of places in texts; the paragraphs of each text are counted once."""

    def __init__(self) -> None:
        self._starts: dict[int, list[int]] = {}

    def standing(self, text: SourceText, start: int, end: int) -> Standing:
        """The words of `text` from `start` to `end` (code points) within their paragraph."""
        before, after = text.text[max(0, start - REACH) : start], text.text[end : end + REACH]
        line_before, line_after = before.rpartition("\n")[2], after.partition("\n")[0]
        if line_before == before and start > REACH:
            line_before = f"…{before.partition(' ')[2] or before}"
        if line_after == after and end + REACH < len(text.text):
            line_after = f"{after.rpartition(' ')[0] or after}…"
        number = self.paragraph(text, start)
        return Standing(text.number, number, line_before, text.text[start:end], line_after)

    def paragraph(self, text: SourceText, offset: int) -> int:
        """As Passage.paragraph, for one place after another."""
        if text.number not in self._starts:
            self._starts[text.number] = [p.start for p in marks.paragraphs(text.text)]
        return max(bisect_right(self._starts[text.number], offset), 1)

    def fate(self, passage: Passage, was: Standing, now: Standing | None) -> Fate:
        """What became of a passage, with what differs in its words."""
        pieces = diff.words_between(was.words, now.words) if now else []
        return Fate(passage, was, now, pieces)


def standing(text: SourceText, start: int, end: int) -> Standing:
    """The words of `text` from `start` to `end` (code points) within their paragraph."""
    return Places().standing(text, start, end)


def question_of(passage: Passage) -> Question | None:
    """What is to be decided about `passage`; needs its source text and source loaded. None for a
    source without a text."""
    newest = passage.source_text.source.current_text
    if newest is None:
        return None
    here = standing(passage.source_text, passage.start, passage.end)
    if passage.source_text_id != newest.pk:
        return Question(newest, here, None, guesses_of(passage, newest), [])
    was = _stood_before(passage)
    pieces = diff.words_between(was.words, here.words) if was else []
    return Question(newest, was, here, [], pieces)


def guesses_of(passage: Passage, newest: SourceText) -> list[Guess]:
    """The places of the newest text that are most like the words of a lost passage."""
    span = anchors.Span(passage.start, passage.end)
    found = []
    for candidate in anchors.candidates(passage.source_text.text, span, newest.text):
        start, end = candidate.span.start, candidate.span.end
        there = standing(newest, start, end)
        pieces = diff.words_between(passage.exact, there.words)
        found.append(Guess(start, end, round(candidate.similarity * 100), there, pieces))
    return found


def _stood_before(passage: Passage) -> Standing | None:
    """Where it stood in the last text before the present one, from its history."""
    for change in history.changes_of(passage)[:50]:
        before = history.as_json(change.before) or {}
        if before.get("source_text_id") not in (None, passage.source_text_id):
            text = SourceText.objects.filter(pk=before["source_text_id"]).first()
            return standing(text, before["start"], before["end"]) if text else None
    return None


def foreseen(reread: Reread) -> Fates:
    """What a new version would do, before it is stored; see Source.foresee()."""
    texts = SourceText.objects.in_bulk({was.source_text_id for was in reread.was.values()})
    places, fates = Places(), Fates()
    for state, passages in reread.passages.items():
        for passage in passages:
            was = reread.was[passage.pk]
            text = texts[was.source_text_id]

            def tell(passage: Passage = passage, was: Passage = was, text: Any = text) -> Fate:
                there = places.standing(text, was.start, was.end)
                is_lost = SORT_OF[Passage.State(passage.state)] == "lost"
                now = None if is_lost else places.standing(reread.text, passage.start, passage.end)
                return places.fate(passage, there, now)

            fates.add(SORT_OF[state], tell)
    return fates


def became(text: SourceText) -> Fates:
    """What the passages of its source became when `text` was stored, from the history.

    Passages that no longer exist are left out; of an imported dossier nothing is known.
    """
    stored = history.changes_of(text).filter(operation="insert").first()
    places, fates = Places(), Fates()
    if stored is None:
        return fates
    table = Passage._meta.db_table
    found = Change.objects.filter(revision=stored.revision_id, table=table, operation="update")
    changes = list(found.order_by("id"))
    passages = Passage.objects.in_bulk([change.record_id for change in changes])
    texts = {each.pk: each for each in text.source.texts.all()}
    for change in changes:
        before, after = history.as_json(change.before), history.as_json(change.after)
        passage = passages.get(change.record_id)
        if passage is None or before["source_text_id"] not in texts:
            continue

        def tell(passage: Passage = passage, before: Any = before, after: Any = after) -> Fate:
            was = places.standing(texts[before["source_text_id"]], before["start"], before["end"])
            is_here = after["source_text_id"] == text.pk
            now = places.standing(text, after["start"], after["end"]) if is_here else None
            return places.fate(passage, was, now)

        fates.add(SORT_OF[Passage.State(after["state"])], tell)
    return fates


@dataclass(frozen=True, slots=True)
class Past:
    """A passage that stood in an older text at these code points and has gone on since."""

    passage: Passage
    start: int
    end: int
    words: str
    paragraph: int


def moved_on(text: SourceText) -> list[Past]:
    """The passages that stood in `text` and stand in a later one now, in the order of the text."""
    later = Passage.objects.filter(
        source_text__source=text.source_id, source_text__number__gt=text.number
    )
    passages = later.defer("source_text__text").select_related("source_text").in_bulk()
    left = Change.objects.filter(
        table=Passage._meta.db_table, record_id__in=passages, before__source_text_id=text.pk
    )
    rows = {change.record_id: history.as_json(change.before) for change in left.order_by("id")}
    places = Places()
    found = [
        Past(
            passages[pk],
            row["start"],
            row["end"],
            row["exact"],
            places.paragraph(text, row["start"]),
        )
        for pk, row in rows.items()
    ]
    return sorted(found, key=lambda past: (past.start, past.passage.pk))


def stored(texts: list[SourceText]) -> dict[int, Change]:
    """The change that stored each of `texts`, by its key, with the author; one query."""
    made = Change.objects.filter(
        table=SourceText._meta.db_table,
        record_id__in=[text.pk for text in texts],
        operation="insert",
    )
    rows = made.select_related("revision__author").defer("after", "before").order_by("id")
    return {change.record_id: change for change in rows}


def resting_on(passage: Passage) -> list[Evidence]:
    """The evidence made of a passage, with the records it is about; one query."""
    found = Evidence.objects.filter(passage=passage).order_by("id")
    return list(
        found.select_related(
            *("event", "commitment", "conflict", "participation__event", "speaker"),
            *("position__actor__side", "position__issue", "proposal__issue"),
            *("affiliation__member", "affiliation__body", "link__from_event", "link__to_event"),
        )
    )
