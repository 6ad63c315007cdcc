"""Clean files, sent to a browser so that they can be nothing else."""

from __future__ import annotations

from typing import Protocol

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header


class CleanedFile(Protocol):
    """A file that was cleaned before it was kept, whatever it belongs to."""

    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def content(self) -> bytes | memoryview: ...
    @property
    def is_picture(self) -> bool: ...


def file_answer(request: HttpRequest, file: CleanedFile) -> HttpResponse:
    """The file, or 304 where the browser has it. Pictures are shown, anything else is saved."""
    if request.headers.get("If-None-Match") == f'"{file.sha256}"':
        return HttpResponse(status=304)
    disposition = content_disposition_header(as_attachment=not file.is_picture, filename=file.name)
    return HttpResponse(
        bytes(file.content),
        content_type=file.media_type,
        headers={
            "Content-Disposition": disposition or "attachment",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=300",
            "ETag": f'"{file.sha256}"',
        },
    )
