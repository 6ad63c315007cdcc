"""What the framework refuses, in our words: what happened, that nothing was done, what to send instead."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from rest_framework.exceptions import (
    APIException,
    MethodNotAllowed,
    NotAuthenticated,
    NotFound,
    ParseError,
    Throttled,
    UnsupportedMediaType,
)  # fmt: skip
from rest_framework.pagination import CursorPagination


def words_of(error: Exception, view: Any, request: Any) -> str | None:
    """The sentence of a refusal of the framework's own; None where the error speaks for itself."""
    say = _SAYING.get(type(error))
    return say(error, view, request) if say and isinstance(error, APIException) else None


def _nobody(*_: Any) -> str:
    return "Nothing says who calls. Send Authorization: Api-Key <prefix>.<secret>, or Bearer <token>. Nothing was done."


def _other_method(_: Any, view: Any, request: Any) -> str:
    taken = [one for one in view.allowed_methods if one not in ("HEAD", "OPTIONS")]
    return f"This address takes {' and '.join(taken)}, not {request.method}. Nothing was done."


def _other_media_type(_: Any, view: Any, request: Any) -> str:
    read = " or ".join(dict.fromkeys(parser.media_type for parser in view.parser_classes))
    sent = request.content_type.partition(";")[0] or "a body that names no type"
    return f"This call reads {read}, not {sent}. Nothing was done."


def _unreadable(error: Any, *_: Any) -> str:
    return f"The body cannot be read ({error.detail}). Nothing was done."


def _too_often(error: Any, _: Any, request: Any) -> str:
    """The key's own limits, or what all callers wait for; RateLimit-Remaining alone would not say which."""
    allowance = getattr(request._request, "api_allowance", None)
    seconds = math.ceil(error.wait or 1)
    again = f"Nothing was done; ask again in {seconds} s."
    if allowance is None or not allowance.wait:
        return f"The portal has more to do than it can and puts this kind of call off, whoever makes it. {again}"
    if allowance.spent:
        most = allowance.policy.daily_quota
        return f"This key's calls of the day are used up ({most}); days end at midnight UTC. {again}"
    return f"This key may make {allowance.policy.rate_per_minute} calls a minute. {again}"


def _no_such_page(error: Any, *_: Any) -> str | None:
    unknown = str(error.detail) == str(CursorPagination.invalid_cursor_message)
    return "This cursor is none of ours. Begin without one, and follow `next` as it is." if unknown else None


_SAYING: dict[type[Exception], Callable[[Any, Any, Any], str | None]] = {
    NotAuthenticated: _nobody,
    MethodNotAllowed: _other_method,
    UnsupportedMediaType: _other_media_type,
    ParseError: _unreadable,
    Throttled: _too_often,
    NotFound: _no_such_page,
}
