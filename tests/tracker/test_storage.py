"""What becomes of static files when they are collected."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from tracker.storage import GATHERED, HashedStaticFiles

STATIC = Path(settings.BASE_DIR) / "static"


def test_the_sheets_of_every_page_are_one(tmp_path: Path) -> None:
    own, storage = FileSystemStorage(STATIC), HashedStaticFiles(location=tmp_path)
    names = [f"css/{file.name}" for file in STATIC.glob("css/*.css")]
    plain = {name: (own, name) for name in [*names, "glyphs.svg"]}
    for name in plain:
        storage.save(name, ContentFile((STATIC / name).read_bytes()))
    list(storage.post_process(plain))
    sheet = Path(storage.path(storage.stored_name(GATHERED))).read_text()
    first, *others = re.findall(r'^@import "([\w.-]+)";$', (STATIC / GATHERED).read_text(), re.M)
    assert first == "base.css"
    assert "@import" not in sheet
    texts = [(STATIC / "css" / name).read_text() for name in others]
    places = [sheet.index(text) for text in texts if "url(" not in text]
    assert places == sorted(places)
    assert len(places) > 3
    assert sheet.index("@layer reset") < places[0]
