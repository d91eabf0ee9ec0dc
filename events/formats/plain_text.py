"""Plain text as it comes: its encoding recognised and said, and stored as a new source.

A text that is stored is never changed, so there is no writer here: the export of a dossier gives
each text back as a file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from events import dates, history, models

from .problems import Problem, Refused, shown
from .strict_json import position

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8 with a byte order mark"),
    (b"\xff\xfe\x00\x00", "utf-32-le", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32-be", "UTF-32"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_HIGH_RUN = re.compile(rb"[\xc0-\xff\xa8\xb8\xb3\xbf\xb4\xa5\xaa\xba\xaf]{3,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_KNOWN = ((b"%PDF-", "a PDF"), (b"PK\x03\x04", "a zip or office file"), (b"\x89PNG", "a picture"))


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
}


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a text."""

    source: models.Source
    text: models.SourceText
    encoding: str
    is_new: bool
    passages: dict[models.Passage.State, list[models.Passage]] = field(default_factory=dict)
    """What became of the passages of the version before."""

    @property
    def remarks(self) -> list[str]:
        """What is worth saying about it."""
        there = f"{self.source.dossier.slug} has this text already. Nothing was written."
        remarks = [f"Read as {self.encoding}.", *([] if self.is_new else [there])]
        for state, passages in self.passages.items():
            if passages:
                refs = ", ".join(passage.ref for passage in passages)
                count = "1 passage" if len(passages) == 1 else f"{len(passages):,} passages"
                remarks.append(f"{count} {state}{_SAID[state]}: {refs}.")
        return remarks


def decode(content: bytes, name: str) -> tuple[str, str]:
    """The text and the name of its encoding; raises Refused for what is not plain text.

    A byte order mark is taken off. Without one: UTF-16 when every other byte tells so, else UTF-8
    when the bytes are, else Windows-1251 when high bytes come in words, else Windows-1252.
    """
    for start, what in _KNOWN:
        if content.startswith(start):
            raise Refused(Problem(name, f"is {what}, not plain text. Save its text as .txt first."))
    text, encoding = _decoded(content, name)
    if found := _CONTROL.search(text):
        what = "a NUL character" if found[0] == "\0" else f"the control code {ord(found[0])}"
        place = f"{name}, {position(text, found.start())}"
        raise Refused(Problem(place, f"{what}. Plain text holds none: save it as text anew."))
    if not text.strip():
        raise Refused(Problem(name, "is empty. There is nothing to read."))
    return text, encoding


def _decoded(content: bytes, name: str) -> tuple[str, str]:
    mark = next((each for each in _MARKS if content.startswith(each[0])), None)
    candidates = [mark] if mark else _guesses(content)
    failure: UnicodeDecodeError | None = None
    for start, codec, said in candidates:
        try:
            return content[len(start) :].decode(codec), said
        except UnicodeDecodeError as error:
            failure = failure or error
    at = len(candidates[0][0]) + (failure.start if failure else 0)
    raise Refused(
        Problem(name, f"byte 0x{content[at]:02x} at {at:,} fits no encoding. Save it as UTF-8.")
    )


def _guesses(content: bytes) -> list[tuple[bytes, str, str]]:
    """What text may be that is not UTF-8, likeliest first."""
    sample = content[:100_000]
    in_words = sum(len(run) for run in _HIGH_RUN.findall(sample))
    cyrillic = in_words * 2 > len(_HIGH.findall(sample))
    windows = [(b"", "cp1251", "Windows-1251"), (b"", "cp1252", "Windows-1252")]
    found = [(b"", "utf-8", "UTF-8"), *(windows if cyrillic else windows[::-1])]
    # Spaces and line ends of UTF-16 have a NUL on one side only, always the same.
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(content) % 2 == 0 and max(even, odd) * 20 > len(sample) and not min(even, odd):
        return [(b"", "utf-16-be" if even else "utf-16-le", "UTF-16"), *found]
    return found


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
    """Store a text as a new source, in a revision of its own.

    `name` is the file's; without a `title` it is the source's. `published` is a date
    as typed; `fields` are further ones of Source. A text that the dossier has already
    is left as it is. Raises Refused, with nothing written.
    """
    text, encoding = decode(content, name)
    stored = models.SourceText.objects.filter(dossier=dossier, text=text)
    if same := stored.select_related("source").first():
        return Stored(same.source, same, encoding, is_new=False)
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
        source.save()
        made = models.SourceText.objects.create(dossier=dossier, source=source, text=text)
    source.refresh_from_db()
    made.refresh_from_db()
    return Stored(source, made, encoding, is_new=True)


def store_version(content: bytes, source: models.Source, by: models.User, *, name: str) -> Stored:
    """Store a text as the next version of a source's, in a revision of its own.

    The passages go along with their words. `name` is the file's. A text that the dossier has
    already is left as it is. Raises Refused, with nothing written.
    """
    text, encoding = decode(content, name)
    stored = models.SourceText.objects.filter(dossier=source.dossier_id, text=text)
    if same := stored.select_related("source").first():
        return Stored(same.source, same, encoding, is_new=False)
    note = f"Imported {name} as a new version of {source.ref}"
    with history.recording(by=by, origin="import", note=note):
        made = source.add_text(text)
    made.text.refresh_from_db()
    return Stored(source, made.text, encoding, is_new=True, passages=made.passages)
