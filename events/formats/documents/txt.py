"""Plain text as bytes: its encoding recognised and said. Pure."""

from __future__ import annotations

import re

from events.formats.problems import Problem, Refused
from events.formats.strict_json import position

MARKS = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8 with a byte order mark"),
    (b"\xff\xfe\x00\x00", "utf-32-le", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32-be", "UTF-32"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)
CODECS = {
    "utf-8": "UTF-8",
    "cp1251": "Windows-1251",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "koi8-u": "KOI8-U",
    "cp866": "DOS 866",
    "iso8859-5": "ISO 8859-5",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16, big end first",
}
"""Python's names of the encodings that a text can be read again in, and the usual ones."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_HIGH_RUN = re.compile(rb"[\xc0-\xff\xa8\xb8\xb3\xbf\xb4\xa5\xaa\xba\xaf]{3,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_KNOWN = ((b"%PDF-", "a PDF"), (b"PK\x03\x04", "a zip or office file"), (b"\x89PNG", "a picture"))


def decode(content: bytes, name: str) -> tuple[str, str]:
    """The text and the name of its encoding; raises Refused for what is not plain text.

    A byte order mark is taken off. Without one: UTF-16 when every other byte tells so, else UTF-8
    when the bytes are, else Windows-1251 when high bytes come in words, else Windows-1252.
    """
    text, _, said = decoded(content, name)
    return text, said


def decoded(content: bytes, name: str) -> tuple[str, str, str]:
    """As decode(), with Python's name of the encoding between; "" where a mark makes it certain."""
    for start, what in _KNOWN:
        if content.startswith(start):
            raise Refused(Problem(name, f"is {what}, not plain text. Save its text as .txt first."))
    text, codec, said = _decoded(content, name)
    return checked(text, name), codec, said


def checked(text: str, name: str) -> str:
    """`text`; raises Refused where it holds nothing, or what no text holds."""
    if found := _CONTROL.search(text):
        what = "a NUL character" if found[0] == "\0" else f"the control code {ord(found[0])}"
        place = f"{name}, {position(text, found.start())}"
        raise Refused(Problem(place, f"{what}. Plain text holds none: save it as text anew."))
    if not text.strip():
        raise Refused(Problem(name, "is empty. There is nothing to read."))
    return text


def _decoded(content: bytes, name: str) -> tuple[str, str, str]:
    mark = next((each for each in MARKS if content.startswith(each[0])), None)
    candidates = [mark] if mark else _guesses(content)
    failure: UnicodeDecodeError | None = None
    for start, codec, said in candidates:
        try:
            return content[len(start) :].decode(codec), "" if mark else codec, said
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


def read_again(text: str, codec: str, other: str) -> str | None:
    """`text`, once read as `codec`, read as `other` instead; None where its bytes are not that.

    The bytes need not have been kept: what was read strictly gives them back.
    """
    try:
        return checked(text.encode(codec).decode(other), "")
    except (UnicodeError, Refused):
        return None


def readings(text: str, codec: str) -> list[tuple[str, str, str]]:
    """Other encodings that `text` could be in: codec, its name, how the text would then begin
    where the readings differ."""
    at = next((found.start() for found in re.finditer(r"[^\x00-\x7f]", text)), -1)
    if not codec or at < 0:
        return []
    # A few words around the first letter that is not ASCII tell; a codec that fits them may still
    # fail further on, which is said when it is chosen.
    begin = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at), at - 20) + 1
    sample, found = text[begin : at + 40], []
    for other, said in CODECS.items():
        # Every even number of bytes is some UTF-16, in letters of another world.
        if other.startswith("utf-16") and not codec.startswith("utf-16"):
            continue
        words = read_again(sample, codec, other) if other != codec else None
        if words is not None:
            found.append((other, said, " ".join(words.split())[:40]))
    return found
