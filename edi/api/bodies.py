"""The body of a request as it comes in, whether its length was announced or it comes in chunks."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.request import UnreadablePostError

from edi.transports.arriving import CutOff


def reader_of(request: HttpRequest) -> tuple[Callable[[int], bytes], int | None]:
    """How to read the body, and its length where the sender said it. Reading raises CutOff for a connection that ends.

    A body in chunks has no length: the server knows its end (`wsgi.input_terminated`), Django does not.
    """
    said = request.META.get("CONTENT_LENGTH") or ""
    if said.isdecimal():
        return _safely(request.read), int(said)
    environ = getattr(request, "environ", {})
    if environ.get("wsgi.input_terminated") and request.headers.get("Transfer-Encoding", "").lower() == "chunked":
        return _safely(environ["wsgi.input"].read), None
    return _safely(request.read), 0


def _safely(read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    def piece(size: int) -> bytes:
        try:
            return read(size)
        except (UnreadablePostError, OSError) as error:
            raise CutOff from error

    return piece
