"""A source and its translation side by side, paragraph by paragraph."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language_info

from events import alignment, cards, marks, reading
from events.gate import requires
from events.models import Source, SourceText
from events.roles import Access
from events.views.text_version import OfSource

if TYPE_CHECKING:
    from events.marks import Paragraph
    from events.roles import Viewer


@dataclass(slots=True)
class Column:
    """One of the two: the source, what it is to the other, its paragraphs with their marks."""

    source: Source
    paragraphs: list[Paragraph] = field(default_factory=list)

    @property
    def lengths(self) -> list[int]:
        """Of each paragraph, in characters."""
        return [paragraph.end - paragraph.start for paragraph in self.paragraphs]

    def of(self, places: range) -> list[Paragraph]:
        """The paragraphs at these places."""
        return [self.paragraphs[place] for place in places]


def said_of(source: Source) -> str:
    """What a source is in a pair: "Original, Ukrainian", "Unofficial translation, English"."""
    known = source.get_translation_status_display() if source.translation_of_id else "Original"
    if source.translation_of_id and source.translation_status == Source.Translation.UNKNOWN:
        known = "Translation, not known whose"
    return f"{known}, {language_of(source.language)}"


def language_of(tag: str) -> str:
    """The English name of a language by its BCP 47 tag; the tag where it has none here."""
    try:
        return str(get_language_info(tag.lower())["name"])
    except KeyError:
        return tag


def counterparts(source: Source, viewer: Viewer) -> list[Source]:
    """The original of a source, its translations and those of the same original that have a text,
    for members; each with `said`. One query."""
    if not viewer.is_member:
        return []
    same = Q(translation_of=source)
    if original := source.translation_of_id:
        same |= Q(pk=original) | Q(translation_of=original)
    texts = SourceText.objects.filter(source=OuterRef("pk"))
    found = list(
        Source.objects.visible_to(viewer)
        .filter(same, Exists(texts))
        .exclude(pk=source.pk)
        .order_by("id")
    )
    for other in found:
        other.said = said_of(other)  # type: ignore[attr-defined]
    return found


@requires(Access.READ)
class SourceBeside(OfSource):
    """Both texts in rows that belong together."""

    def get(self, request: HttpRequest, ref: str, other: str) -> HttpResponse:
        source = self.source(ref)
        if not source.texts.exists():
            raise Http404(f"{ref} has no text.")
        found = [each for each in counterparts(source, request.viewer) if each.ref == other]
        if not found:
            raise Http404(f"{other} is no translation of {ref}, nor the other way round.")
        columns = [self.column(each) for each in (source, found[0])]
        one, two = columns
        pairs = [
            (one.of(pair.one), two.of(pair.other))
            for pair in alignment.aligned(one.lengths, two.lengths)
        ]
        context = self.context(record=source, columns=columns, pairs=pairs)
        context["is_approximate"] = len(one.paragraphs) != len(two.paragraphs)
        return self.page("beside", context)

    def column(self, source: Any) -> Column:
        """A source with its newest text and the marks in it."""
        viewer = self.request.viewer
        source.dossier, source.said = viewer.dossier, said_of(source)
        text = source.current_text
        passages = reading.passages_of(text, viewer)
        kinds: dict[str, str] = {}
        for card in cards.cards_of(passages, viewer):
            kinds.setdefault(card.mark, card.kind)
        cut = [marks.Mark(p.start, p.end, p.ref, kinds.get(p.ref, "quote")) for p in passages]
        return Column(source, marks.paragraphs(text.text, [*cut, *marks.found_in(text.text)]))
