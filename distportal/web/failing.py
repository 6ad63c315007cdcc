"""The page for what went wrong on our side, with the status that tells proxies and programs whether to come again."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import server_error

RETRY_AFTER = "10"


def failed(request: HttpRequest) -> HttpResponse:
    """500; or 503 with Retry-After where the database does not answer: that ends by itself, and nothing was stored."""
    answer = server_error(request)
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        answer.status_code = 503
        answer["Retry-After"] = RETRY_AFTER
    return answer
