"""Files that are sent are kept in memory, within bounds."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import RequestFactory, override_settings

from events import uploads


def sent(*sizes: int) -> list[Any]:
    """The files of a request as a view gets them: type, name, size, how much was kept."""
    files = [SimpleUploadedFile(f"{n}.txt", b"x" * size) for n, size in enumerate(sizes)]
    request = RequestFactory().post("/", {"file": files})
    return [
        (type(file), file.name, file.size, len(file.read()))
        for file in request.FILES.getlist("file")
    ]


def test_a_file_is_kept_in_memory() -> None:
    assert sent(5, 0) == [
        (InMemoryUploadedFile, "0.txt", 5, 5),
        (InMemoryUploadedFile, "1.txt", 0, 0),
    ]


@override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=100_000)
def test_of_files_that_are_too_large_the_size_is_known_and_little_kept() -> None:
    (_, _, size, kept), (_, _, second, also) = sent(300_000, 70_000)
    assert (size, second) == (300_000, 70_000)
    # What is kept ends with the chunk that goes over the limit.
    assert kept + also <= 100_000 + uploads.InMemory.chunk_size


@override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=1_000)
def test_a_request_without_measure_is_not_read() -> None:
    with pytest.raises(RequestDataTooBig):
        sent(5_000)
