"""NUL bytes are no text: PostgreSQL cannot store or compare them, so they are refused at the door."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict

from distportal.web.api.frame import API
from distportal.web.api.problems import plain_problem

REFUSED = "A NUL byte is not text; nothing was done."


class PlainTextMiddleware:
    """400 for an address or a form that carries a NUL byte; JSON bodies are checked by their serializers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        api = request.path.startswith(API)
        # Nobody reads a body sent to the API before its key is known. `request.POST` is empty for everything but
        # forms: other bodies are not read here.
        if "\0" in request.path or _has_nul(request.GET) or (not api and _has_nul(request.POST)):
            if api:
                return plain_problem(400, "not_text", REFUSED)
            return HttpResponse(REFUSED, status=400, content_type="text/plain")
        return self.get_response(request)


def _has_nul(values: QueryDict) -> bool:
    return any("\0" in value for _, sent in values.lists() for value in sent if isinstance(value, str))
