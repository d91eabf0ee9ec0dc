"""Files that are sent: kept in memory while they are within bounds, and never on disk."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MOST = 4
"""A request of more than this many times the largest file is not read to its end."""


class InMemory(FileUploadHandler):
    """Keeps what is sent; of files that are too large, together or alone, only their size.

    So a form can say beside its field how large the file was, and that it was too large.
    """

    kept = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        if content_length > MOST * settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig(f"{content_length:,} bytes were announced.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.content = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.kept <= settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            self.content.write(raw_data)
            self.kept += len(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.content.seek(0)
        name, type_ = self.file_name, self.content_type
        return InMemoryUploadedFile(
            self.content, self.field_name, name, type_, file_size, self.charset
        )
