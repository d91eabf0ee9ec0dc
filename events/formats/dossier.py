"""The dossier file: reading it and writing it. docs/dossier-format.md describes it.

A folder holds dossier.json and one file per source text; a single file holds the texts inline.
`load(dump(x)) == x`, and the same content always gives the same bytes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from events import models

from . import checks, strict_json
from .problems import Problem, Refused, did_you_mean, shown
from .records import (
    DOSSIER_FIELDS,
    KINDS,
    NAME,
    VERSION,
    DossierFile,
    Head,
    Kind,
)
from .wording import take

MAIN = "dossier.json"
_TEXTS = "sources"
_ENOUGH = 10_000
"""Problems after which the rest of a file is not looked at."""


def load(source: Path | str | bytes) -> DossierFile:
    """Read a folder, a file, or the bytes of a single file.

    Raises Refused with everything that is wrong, OSError when it cannot be opened.
    """
    if isinstance(source, bytes):
        return _parse(strict_json.read(source, "the file"), None)
    path = Path(source)
    main = path / MAIN if path.is_dir() else path
    if path.is_dir() and not main.is_file():
        raise Refused(Problem(str(path), f"a dossier folder needs a {MAIN}; there is none."))
    return _parse(strict_json.read(_bytes(main), main.name), main.parent)


def dump(file: DossierFile) -> bytes:
    """A single file, texts inline."""
    return _json(file.plain())


def dump_folder(file: DossierFile) -> dict[str, bytes]:
    """The files of a folder: path in it -> content."""
    plain = file.plain()
    texts: dict[str, bytes] = {}
    for row in plain.get("source_texts", ()):
        row["file"] = f"{_TEXTS}/{row['ref']}.txt"
        texts[row["file"]] = row.pop("text").encode()
    return {MAIN: _json(plain), **texts}


def write_folder(file: DossierFile, folder: Path) -> None:
    """Write the folder, made when missing; texts that an earlier export left there go.

    Raises Refused when the folder holds anything but an export of the same dossier.
    """
    stale = _texts_of(folder, file.dossier.slug)
    files = dump_folder(file)
    (folder / _TEXTS).mkdir(parents=True, exist_ok=True)
    for name in sorted(files, key=lambda name: name == MAIN):  # what names the others comes last
        part = folder / f"{name}.part"
        part.write_bytes(files[name])
        os.replace(part, folder / name)
    for name in stale - files.keys():
        (folder / name).unlink(missing_ok=True)


def collect(dossier: models.Dossier) -> DossierFile:
    """The whole dossier as it is stored."""
    head = Head.model_construct(**{name: getattr(dossier, name) for name in DOSSIER_FIELDS})
    refs: dict[str, dict[int, str]] = {}
    for kind in KINDS:
        stored = kind.model.objects.filter(dossier=dossier).order_by()
        refs[kind.name] = dict(stored.values_list("pk", "ref"))
    return DossierFile(head, {kind.name: list(_stored(kind, dossier, refs)) for kind in KINDS})


def would_refuse(file: DossierFile) -> tuple[Problem, ...]:
    """What `load` would say to this dossier; empty when it reads it as it is."""
    try:
        load(dump(file))
    except Refused as refused:
        return refused.problems
    return ()


def _stored(kind: Kind, dossier: models.Dossier, refs: Mapping[str, Mapping[int, str]]) -> Any:
    columns = list(kind.columns)
    rows = kind.model.objects.filter(dossier=dossier).order_by()
    for ref, *found in rows.values_list("ref", *columns).iterator():
        values = dict(zip(columns, found, strict=True))
        for name, target in kind.links.items():
            values[name] = refs[target].get(values[name])
        yield kind.make(ref, values)


def _json(plain: dict[str, Any]) -> bytes:
    return (json.dumps(plain, ensure_ascii=False, indent=2) + "\n").encode()


def _bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size > strict_json.MAX_BYTES:
        raise Refused(Problem(path.name, strict_json.too_large(size)))
    return path.read_bytes()


def _texts_of(folder: Path, slug: str) -> set[str]:
    """The text files of the dossier that stands in `folder`."""
    if not folder.exists() or not any(folder.iterdir()):
        return set()
    try:
        found = strict_json.read(_bytes(folder / MAIN), MAIN)
        if found["format"] == NAME and found["dossier"]["slug"] == slug:
            rows = found.get("source_texts", ())
            return {f"{_TEXTS}/{row['ref']}.txt" for row in rows} & {
                f"{_TEXTS}/{path.name}" for path in (folder / _TEXTS).glob("*.txt")
            }
    except (OSError, Refused, TypeError, KeyError, AttributeError):
        pass
    raise Refused(
        Problem(str(folder), f"holds something else than the dossier '{slug}'. Name an empty one.")
    )


def _parse(raw: Any, folder: Path | None) -> DossierFile:
    """Rows out of JSON values, with all checks; texts named by file are read from `folder`."""
    found: list[Problem] = [*_outline(raw)]
    if found:
        raise Refused(found)
    head = take(Head, raw["dossier"], "dossier", ("", -1), found)
    content = checks.Content(head.time_zone if head else "UTC")
    for kind in KINDS:
        for index, item in enumerate(raw.get(kind.name, ())):
            if len(found) >= _ENOUGH:
                raise Refused([*found, Problem("", f"Reading stopped after {_ENOUGH:,} problems.")])
            ref = item.get("ref") if isinstance(item, dict) else None
            if isinstance(ref, str):
                content.refs[kind.name].setdefault(ref, index)
            key, place = (kind.name, index), checks.place(kind, index, ref)
            try:
                whole = _completed(kind, item, content, folder)
            except Refused as refused:
                found.extend(
                    Problem(f"{place}, {p.place}", p.message, *key) for p in refused.problems
                )
                continue
            if row := take(kind.row, whole, place, key, found):
                content.rows[kind.name].append(checks.Placed(kind, index, row))
    found.extend(checks.problems(content))
    if found:
        order = {"": -1} | {kind.name: n for n, kind in enumerate(KINDS)}
        raise Refused(sorted(found, key=lambda problem: (order[problem.kind], problem.index)))
    return DossierFile(
        head, {name: [each.row for each in rows] for name, rows in content.rows.items()}
    )


def _outline(raw: Any) -> Any:
    """Problems with the file as a whole."""
    if not isinstance(raw, dict):
        yield Problem("", f'{shown(raw)} is no dossier. Start with {{"format": "{NAME}", …}}.')
        return
    if raw.get("format") != NAME:
        yield Problem("format", f"{shown(raw.get('format'))} is not '{NAME}'.")
    if raw.get("version") != VERSION or isinstance(raw.get("version"), bool):
        yield Problem(
            "version", f"{shown(raw.get('version'))} is not {VERSION}, the one read here."
        )
    names = {kind.name for kind in KINDS}
    if not isinstance(raw.get("dossier"), dict):
        yield Problem(
            "dossier", f"{shown(raw.get('dossier'))} is not an object with slug and title."
        )
    for key, value in raw.items():
        if key in names and not isinstance(value, list):
            yield Problem(key, f"{shown(value)} is not a list of rows.", key)
        elif key not in names | {"format", "version", "dossier"}:
            yield Problem(
                key[:80],
                f"unknown key.{did_you_mean(key, names)} A dossier file has dossier,"
                f" {', '.join(kind.name for kind in KINDS)}.",
            )


def _completed(kind: Kind, item: Any, content: checks.Content, folder: Path | None) -> Any:
    """The row with its text read and its passage located; raises Refused when that fails."""
    if kind.name == "source_texts" and isinstance(item, dict) and "file" in item:
        return _with_text(item, folder)
    if kind.name == "passages" and isinstance(item, dict):
        exact = item.get("exact")
        return _located(item, content) if isinstance(exact, str) and exact else item
    return item


def _with_text(item: dict[str, Any], folder: Path | None) -> dict[str, Any]:
    name = item["file"]
    rest = {key: value for key, value in item.items() if key != "file"}
    if "text" in item:
        raise Refused(Problem("field file", "the text is given as well. Keep one of them."))
    if folder is None:
        raise Refused(
            Problem("field file", "a file alone has no folder beside it. Write the text inline.")
        )
    if not isinstance(name, str) or not name or "\\" in name or Path(name).is_absolute():
        raise Refused(Problem("field file", f"{shown(name)} is no path. Write '{_TEXTS}/ST1.txt'."))
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Refused(
            Problem("field file", f"{shown(name)} leads out of the folder. Keep texts inside it.")
        )
    if not path.is_file():
        raise Refused(Problem("field file", f"there is no file {shown(name)} in the folder."))
    return rest | {"text": strict_json.decode(_bytes(path), f"file {name}")}


def _located(item: dict[str, Any], content: checks.Content) -> dict[str, Any]:
    """A passage with its place: `end` follows from `start`, `start` from a single occurrence."""
    exact, start = item["exact"], item.get("start")
    if start is None:
        texts = content.rows["source_texts"]
        text = next((e.row.text for e in texts if e.row.ref == item.get("source_text")), None)
        if text is None:
            return item
        starts = checks.occurrences(text, exact)
        if len(starts) != 1:
            said = "start is missing, and " + (
                "must be given to say which one is meant. " if starts else "cannot be found. "
            )
            raise Refused(Problem("field start", said + checks.where(text, exact)))
        start = starts[0]
    if "end" in item or isinstance(start, bool) or not isinstance(start, int):
        return item | {"start": start}
    return item | {"start": start, "end": start + len(exact)}
