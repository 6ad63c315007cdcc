"""Clean files, sent to a browser so that they can be nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from distportal.uploads.models import StoredFile


def file_answer(request: HttpRequest, file: StoredFile) -> HttpResponse:
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
