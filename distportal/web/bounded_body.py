"""The body of a post from somebody else's system, never more of it than was agreed."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.request import UnreadablePostError


def bounded_body(request: HttpRequest, most: int) -> bytes | None:
    """The bytes, read to the end and no further than the limit; None for more or for a length that is not said."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or not 0 < int(length) <= most:
        return None
    try:
        body = request.read(int(length))
    except UnreadablePostError:
        return None
    return body if len(body) == int(length) else None
