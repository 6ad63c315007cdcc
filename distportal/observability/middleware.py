"""Gives each request its correlation id and tells the caller."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from distportal.observability.correlation import correlated


class CorrelationMiddleware:
    """Every response carries `X-Correlation-ID`; a caller's own id is not trusted as ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with correlated() as chosen:
            response = self.get_response(request)
        response["X-Correlation-ID"] = str(chosen)
        return response
