"""Static files under hashed names, so that browsers may keep them for ever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

GATHERED = "css/site.css"
IMPORT = re.compile(r'^@import "([\w.-]+)";\n', re.MULTILINE)


class Gathered:
    """Opens a style sheet with the sheets beside it that it imports put in their places.

    What is imported would be asked for only once the importing sheet has come, and each sheet
    keeps the first picture of a page waiting.
    """

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def open(self, path: str) -> ContentFile[bytes]:
        """The sheet as one."""
        folder = PurePosixPath(path).parent
        text = IMPORT.sub(lambda found: self._read(str(folder / found[1])), self._read(path))
        return ContentFile(text.encode())

    def _read(self, path: str) -> str:
        with self.storage.open(path) as file:
            return str(file.read().decode())


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Hashed and compressed static files that bear a missing font.

    The fonts are built, not committed. Where that could not be done the style sheet still names
    them, and system fonts stand in; collecting the rest must not fail on it.
    """

    # A file collected after the process started has no entry yet; its plain name is served.
    manifest_strict = False
    # Our modules import one another: the imports have to name the hashed files, too.
    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        """Hash and compress what was collected, the sheets of every page as one."""
        if GATHERED in paths:
            storage, path = paths[GATHERED]
            paths = paths | {GATHERED: (Gathered(storage), path)}
        return super().post_process(paths, *args, **options)

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """Give the hashed name, or the plain one for a font that was not built."""
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            if name.startswith("fonts/"):
                return name
            raise
