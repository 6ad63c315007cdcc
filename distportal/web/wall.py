"""All that a dealer's person or key asks runs behind the database's own wall between accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import StreamingHttpResponse

from distportal.accounts.wall import behind_wall


class DealerWallMiddleware:
    """The second wall around each request of a person who acts for companies; the first is `visible_to`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own = _accounts(request)
        with ExitStack() as stack:  # the API knows its caller later
            request.wall = stack  # type: ignore[attr-defined]
            if own is not None:
                stack.enter_context(behind_wall(own))
            response = self.get_response(request)
        if own is not None and isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _streamed(iter(response.streaming_content), own)
        return response


def _accounts(request: HttpRequest) -> list[UUID] | None:
    """The companies a person may act for, one of which they may switch to; None for staff, who see all."""
    user = request.user
    if not user.is_authenticated:
        return None
    if user.is_staff:
        return [user.standing.account.pk] if user.standing else None
    return [standing.account.pk for standing in request.companies]  # type: ignore[attr-defined]


def raise_for_key(request: HttpRequest, account_id: UUID) -> None:
    """The rest of the request runs behind the wall of the key's account."""
    request.wall.enter_context(behind_wall([account_id]))  # type: ignore[attr-defined]


def _streamed(parts: Iterator[bytes], own: list[UUID]) -> Iterator[bytes]:
    """What a response still reads while it is sent is read behind the wall too."""
    with behind_wall(own):
        yield from parts
