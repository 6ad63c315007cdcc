"""Gives each request its correlation id and tells the caller."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from distportal.observability.correlation import correlated
from distportal.observability.spans import Span, span

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "_OTHER"
"""What OpenTelemetry calls any other method: a caller may write there what it likes."""


class CorrelationMiddleware:
    """Every response carries `X-Correlation-ID`; a caller's own id, or trace, is not trusted as ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        method = request.method if request.method in METHODS else OTHER
        with (
            correlated() as chosen,
            span(method, "server", {"http.request.method": method}, begins=True) as told,
        ):
            response = self.get_response(request)
            _tell(told, method, request, response)
        response["X-Correlation-ID"] = str(chosen)
        return response


def _tell(told: Span, method: str, request: HttpRequest, response: HttpResponse) -> None:
    """The route, not the address: that may hold the key of an invitation."""
    route = request.resolver_match.route if request.resolver_match else ""
    if route:
        told.rename(f"{method} {route}")
        told.note({"http.route": route})
    told.note({"http.response.status_code": response.status_code})
    if response.status_code >= 500:
        told.fail(str(response.status_code))
