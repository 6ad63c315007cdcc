"""Clean pictures, sent to a browser so that they can be nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from orders.models import ProofImage


def picture_answer(request: HttpRequest, image: ProofImage, *, name: str) -> HttpResponse:
    """The picture under that name, or 304 where the browser has it."""
    if request.headers.get("If-None-Match") == f'"{image.sha256}"':
        return HttpResponse(status=304)
    suffix = image.media_type.rpartition("/")[2]
    return HttpResponse(
        bytes(image.content),
        content_type=image.media_type,
        headers={
            "Content-Disposition": f'inline; filename="{name}-{image.sha256[:12]}.{suffix}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=300",
            "ETag": f'"{image.sha256}"',
        },
    )
