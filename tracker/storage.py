"""Static files under hashed names, so that browsers may keep them for ever."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Hashed and compressed static files that bear a missing font.

    The fonts are built, not committed. Where that could not be done the style sheet still names
    them, and system fonts stand in; collecting the rest must not fail on it.
    """

    # A file collected after the process started has no entry yet; its plain name is served.
    manifest_strict = False
    # Our modules import one another: the imports have to name the hashed files, too.
    support_js_module_import_aggregation = True

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """Give the hashed name, or the plain one for a font that was not built."""
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            if name.startswith("fonts/"):
                return name
            raise
