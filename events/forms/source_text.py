"""The forms by which a text comes in: pasted or as a file, looked at, then saved with its source.

Between the two steps nothing is kept on the server. The page carries the text that was read,
signed, so that what is stored is what was shown, to the letter.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from copy import deepcopy
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from events import anchors, dates, signs
from events.formats import documents, duplicates
from events.formats.documents import kinds, txt
from events.formats.problems import Refused
from events.forms.source import SourceForm
from events.models import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.files.uploadedfile import UploadedFile

    from events.formats.documents import Document
    from events.formats.duplicates import Likeness
    from events.models import Dossier, Record

SALT = "events.source_text"
SHOWN_PARAGRAPHS = 12
SHOWN_CHARACTERS = 1_500
"""How much of a text, and of one paragraph, its preview shows."""
LOOKED_THROUGH = 300_000
"""Code points that are looked through for citation marks, which need not take long."""
TRIFLE = 200
"""Code points of a text too short to say which language it is in."""
_TELLS = re.compile(r"(?:is|has|holds|shows|takes|needs)\b")
"""How a message begins that goes on after the name of what it is about."""
GONE = "The text that was read did not come back whole. Paste it or choose its file once more."


class _Unescaped:
    """JSON for signing that leaves letters as they are: half the size for what is not ASCII."""

    def dumps(self, obj: Any) -> bytes:
        return json.dumps(obj, ensure_ascii=False, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


def carried(document: Document) -> str:
    """A document as a page carries it."""
    return signing.dumps(asdict(document), salt=SALT, serializer=_Unescaped, compress=True)


def uncarried(sent: str) -> Document | None:
    """The document that a page carried; None for anything else."""
    try:
        found = signing.loads(sent, salt=SALT, serializer=_Unescaped)
        kind, remarks = documents.Kind(found["kind"]), tuple(found["remarks"])
        return documents.Document(**found | {"kind": kind, "remarks": remarks})
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        return None  # Also what another release of ours carried otherwise.


def in_words(stated: str) -> str:
    """A date as a document states it (ISO 8601) as one would type it; "" where it is none."""
    try:
        moment = dt.datetime.fromisoformat(stated)
        dates.read(stated)
    except (ValueError, dates.DateError):
        return ""
    day = f"{moment.day} {moment:%B %Y}"
    if "T" not in stated:
        return day
    return f"{day} {moment:%H:%M} UTC" if moment.utcoffset() == dt.timedelta() else stated


def messages_of(refused: Refused) -> list[str]:
    """What a refusal says, as errors of a field: "empty.txt is empty." or "a.txt: byte 0x98 …"."""
    return [
        f"{each.place} {each.message}" if each.place and _TELLS.match(each.message) else str(each)
        for each in refused.problems
    ]


class PastedText(forms.CharField):
    """A text kept exactly as pasted, but for its line ends: browsers send them doubled."""

    widget = forms.Textarea(attrs={"rows": 14})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        # What it may hold is said in one place, for files too: documents.pasted().
        self.validators = []

    def to_python(self, value: Any) -> str:
        text = super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")
        return text if text.strip() else ""


class FileField(forms.FileField):
    """One file, cleaned to its bytes and name."""

    widget = forms.FileInput(attrs={"accept": kinds.ACCEPTED})

    def clean(self, data: UploadedFile | None, initial: Any = None) -> Any:
        """The file; an empty one is refused with the words of every other refusal."""
        self.allow_empty_file = True
        return super().clean(data, initial)


class TextForm(forms.Form):
    """Step one: a text is pasted or a file chosen; afterwards `document` is what was read.

    Where `needed` is false both may be left empty: some sources are known only through others.
    """

    text = PastedText(
        label="Paste the text",
        required=False,
        help_text="The words exactly as received.",
    )
    file = FileField(
        label="Or choose a file",
        required=False,
        help_text=f"{kinds.READ} At most {documents.MAX_BYTES // 1_000_000} MB.",
        error_messages={"invalid": "No file came with this. Choose it once more."},
    )
    error_css_class = "has-error"

    def __init__(self, *args: Any, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needed = needed
        self.document: Document | None = None
        if not self.is_bound:
            self.fields["text"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        """Read what came; every refusal stands beside the field it came in."""
        found = super().clean() or {}
        text, file = found.get("text"), found.get("file")
        chosen = self.files.getlist("file") if hasattr(self.files, "getlist") else []
        if len(chosen) > 1:
            message = f"{len(chosen)} files came. Choose one: each file is a source of its own."
            self.add_error("file", message)
        elif text and file:
            message = f"A text was pasted too. Empty it to read {file.name}, or send it alone."
            self.add_error("file", message)
        elif file:
            self._read("file", file)
        elif text:
            self._read("text", text)
        elif self.needed and not self.errors:
            self.add_error("text", "Paste the text or choose a file.")
        return found

    def _read(self, name: str, given: Any) -> None:
        try:
            if name == "text":
                self.document = documents.pasted(given)
            elif given.size > documents.MAX_BYTES:
                called = documents.plain_name(given.name) or "The file"
                self.add_error(name, f"{called} {documents.too_large(given.size)}")
            else:
                self.document = documents.read(given.read(), given.name)
        except Refused as refused:
            self.add_error(name, ValidationError(messages_of(refused)))

    def refuse_size(self) -> None:
        """Say that what was sent was more than a request may hold."""
        self.full_clean()
        most = f"{documents.MAX_CHARACTERS:,} characters, a file {documents.MAX_BYTES // 10**6} MB"
        self.add_error("text", f"What was sent is too large. A text may have {most}. Split it.")


class ReceivedForm(forms.Form):
    """Step two: the text that was read, carried by the page, and the encoding it was read in.

    `sent` is what the page carried, `document` the same in the encoding that was chosen.
    """

    received = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    encoding = forms.ChoiceField(label="Encoding", required=False)
    error_css_class = "has-error"

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.sent = uncarried(data.get("received", "")) if data else None
        self.document = self.sent
        self._offer()

    @classmethod
    def of(cls, document: Document | None) -> ReceivedForm:
        """The form that carries `document` on."""
        form = cls()
        form.document = document
        if document is not None:
            form.initial["received"] = carried(document)
        form._offer()
        return form

    def shown(self) -> ReceivedForm:
        """This form for the page that answers it: with what is carried now, and the errors."""
        if self.errors:
            return self
        form = ReceivedForm.of(self.document)
        form.is_read_again = self.is_read_again
        return form

    @property
    def is_lost(self) -> bool:
        """Whether the page said it carried a text, and it cannot be made out."""
        return bool(self.data.get("received")) and self.sent is None

    is_read_again = False

    def _offer(self) -> None:
        """Offer the encodings in which the text reads otherwise, each with how it would read."""
        known, field = self.document, self.base_fields["encoding"]
        others = txt.readings(known.text, known.codec) if known is not None else []
        self.fields.pop("encoding", None)
        if not others:
            return
        self.fields["encoding"] = field = deepcopy(field)
        field.choices = [
            (known.codec, f"{known.encoding} (as read)"),
            *((codec, f"{said}: {words}") for codec, said, words in others),
        ]
        field.initial = known.codec

    def clean(self) -> dict[str, Any]:
        """Read again where another encoding was chosen."""
        found = super().clean() or {}
        codec = found.get("encoding")
        if self.sent is not None and codec and codec != self.sent.codec:
            try:
                self.document = documents.read_again(self.sent, codec)
                self.is_read_again = True
            except Refused as refused:
                self.add_error("encoding", ValidationError(messages_of(refused)))
        return found


class Preview:
    """A document as the page shows it before it is stored.

    `paragraphs` are the first ones: number, pieces (words, the unseen sign or the citation mark
    that follows them), and how many characters of it are not shown.
    """

    def __init__(self, document: Document, dossier: Dossier) -> None:
        self.document = document
        self.dossier = dossier
        lines = [line for line in document.text.split("\n") if line.strip()]
        self.paragraph_count = len(lines)
        # One more is shown rather than counted.
        shown = SHOWN_PARAGRAPHS + (len(lines) == SHOWN_PARAGRAPHS + 1)
        self.paragraphs = [
            (number, _pieces(line[:SHOWN_CHARACTERS]), _left(line))
            for number, line in enumerate(lines[:shown], 1)
        ]
        more = len(lines) - len(self.paragraphs)
        self.more = f"{_counted(more, 'more paragraph')} not shown here." if more else ""

    @property
    def counted(self) -> str:
        """How much it is: "3 paragraphs, 120 words, 711 characters. 2 citation marks recognised."

        Citation marks are recognised only where there are any."""
        text = self.document.text
        counts = ((self.paragraph_count, "paragraph"), (len(text.split()), "word"))
        said = ", ".join(_counted(n, what) for n, what in (*counts, (len(text), "character")))
        marks = len(anchors.citation_marks(text[:LOOKED_THROUGH]))
        if not marks:
            return f"{said}."
        where = f" in the first {LOOKED_THROUGH:,} characters" if len(text) > LOOKED_THROUGH else ""
        return f"{said}. {_counted(marks, 'citation mark')} recognised{where}."

    @cached_property
    def likeness(self) -> Likeness | None:
        """The text of the dossier that is most like it, if any comes near."""
        return duplicates.like(self.dossier, self.document.text)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _pieces(line: str) -> list[tuple[str, str, str]]:
    """`line` cut for showing: words, and the unseen sign or the citation mark after them."""
    found: list[tuple[str, str, str]] = []
    at = 0
    for mark in [*anchors.citation_marks(line), anchors.Span(len(line), len(line))]:
        found += [(words, sign, "") for words, sign in signs.pieces(line[at : mark.start])]
        found[-1] = (*found[-1][:2], line[mark.start : mark.end])
        at = mark.end
    return found


def _left(line: str) -> str:
    left = len(line) - SHOWN_CHARACTERS
    return _counted(left, "more character") if left > 0 else ""


class NewSourceForm(SourceForm):
    """A source together with the first version of its text, which has been read before."""

    document: Document | None = None
    offered_fields: ClassVar[tuple[str, ...]] = (
        *("title", "publisher", "author", "published", "url", "language"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reliability, published = self.fields["reliability"], self.fields["published"]
        reliability.widget = forms.RadioSelect(choices=reliability.choices)
        published.widget.attrs["placeholder"] = "No date stated"

    @classmethod
    def offered_by(cls, document: Document) -> dict[str, str]:
        """What a document says of itself, as initial values; a date so known is derived. Where
        it does not name its language, that is guessed by its words, "" where they do not tell."""
        language = documents.language.guess(document.text)
        # A few plain words tell nothing, and are no reason to ask.
        is_a_trifle = document.text.isascii() and len(document.text) < TRIFLE
        found: dict[str, str] = {} if is_a_trifle and not language else {"language": language}
        for name in cls.offered_fields:
            value = document.offered.get(name, "")
            if name == "published":
                value = in_words(value)
            elif value:
                value = value[: Source._meta.get_field(name).max_length]
            if value:
                found[name] = value
        return found | ({"published_basis": "derived_document"} if "published" in found else {})

    def says_date_of(self, document: Document | None) -> None:
        """Say under the date where it comes from, when the document offered it."""
        offered = in_words(document.offered.get("published", "")) if document else ""
        if offered and self.initial.get("published") == offered:
            label = dates.read(offered, zone=self.dossier.time_zone).label
            self.fields["published"].help_text = f"The page gives it for itself: {label}. Check it."

    def different(self, sent: dict[str, str]) -> dict[str, str]:
        """What of `sent` is not what this form shows by itself."""
        return {n: value for n, value in sent.items() if value != str(self[n].value() or "")}

    def clean(self) -> dict[str, Any]:
        """Refuse a text that the dossier has."""
        found = super().clean() or {}
        text = self.document.text if self.document else ""
        if text and (known := duplicates.same(self.dossier, text)):
            message = f"The dossier has this very text already: {known.source.ref}."
            self.add_error(None, f"{message} Nothing has been written.")
        return found

    def store(self, record: Record) -> None:
        """Source and text at once."""
        document = self.document
        record.receive(document.text if document else "", document.taken_from if document else "")
