"""Documents from the command line, stored as a new source or as a new version of a text.

A text that is stored is never changed, so there is no writer here: the export of a dossier gives
each text back as a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from events import dates, history, models

from . import documents, duplicates
from .problems import Problem, Refused, shown

FIELDS: dict[str, list[str] | None] = {
    "title": None,
    "kind": list(models.Source.Kind.values),
    "publisher": None,
    "published": None,
    "language": None,
    "url": None,
}
"""What may be said of a source along with its text; the words of a field that has a list."""


_SAID = {
    models.Passage.State.ANCHORED: "",
    models.Passage.State.MOVED: ", to be confirmed in the data checks",
    models.Passage.State.ORPHANED: ", to be found again from the data checks",
    models.Passage.State.GONE: ", as a person found before",
}


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a text."""

    source: models.Source
    text: models.SourceText
    document: documents.Document
    is_new: bool
    passages: dict[models.Passage.State, list[models.Passage]] = field(default_factory=dict)
    """What became of the passages of the version before."""

    @property
    def remarks(self) -> list[str]:
        """What is worth saying about it."""
        there = f"{self.source.dossier.slug} has this text already. Nothing was written."
        remarks = [self.document.read_as, *self.document.remarks]
        remarks += [] if self.is_new else [there]
        if self.is_new and self.document.says_of_itself and not self.passages:
            remarks.append(self.document.says_of_itself)
        for state, passages in self.passages.items():
            if passages:
                refs = ", ".join(passage.ref for passage in passages)
                count = "1 passage" if len(passages) == 1 else f"{len(passages):,} passages"
                remarks.append(f"{count} {state}{_SAID[state]}: {refs}.")
        return remarks


def store(
    content: bytes,
    dossier: models.Dossier,
    by: models.User,
    *,
    name: str,
    title: str = "",
    published: str = "",
    **fields: Any,
) -> Stored:
    """Store the text of a document as a new source, in a revision of its own.

    `name` is the file's; without a `title` it is the source's. `published` is a date
    as typed; `fields` are further ones of Source. A text that the dossier has already
    is left as it is. Raises Refused, with nothing written.
    """
    document = documents.read(content, name)
    if same := duplicates.same(dossier, document.text):
        return Stored(same.source, same, document, is_new=False)
    title = title or Path(name).stem
    source = models.Source(dossier=dossier, title=title, **fields)
    problems: list[Problem] = []
    try:
        reading = dates.read(published, zone=dossier.time_zone)
        models.Source.published.set(source, reading)
        source.published_basis = models.Basis(str(reading.basis))
    except dates.DateError as error:
        problems.append(Problem("published", error.message))
    try:
        source.full_clean(exclude=["dossier"], validate_unique=False)
    except ValidationError as error:
        for field, said in error.message_dict.items():
            given = shown(getattr(source, field))
            problems.append(Problem(field, f"{given}: {' '.join(said)}"))
    if problems:
        raise Refused(problems)
    with history.recording(by=by, origin="import", note=f"Imported {name}"):
        made: Any = source.receive(document.text, document.taken_from)
    source.refresh_from_db()
    made.refresh_from_db()
    return Stored(source, made, document, is_new=True)


def store_version(content: bytes, source: models.Source, by: models.User, *, name: str) -> Stored:
    """Store the text of a document as the next version of a source's, in a revision of its own.

    The passages go along with their words. `name` is the file's. A text that the dossier has
    already is left as it is. Raises Refused, with nothing written.
    """
    document = documents.read(content, name)
    if same := duplicates.same(source.dossier, document.text):
        return Stored(same.source, same, document, is_new=False)
    note = f"Imported {name} as a new version of {source.ref}"
    with history.recording(by=by, origin="import", note=note):
        made = source.add_text(document.text, document.taken_from)
    made.text.refresh_from_db()
    return Stored(source, made.text, document, is_new=True, passages=made.passages)
