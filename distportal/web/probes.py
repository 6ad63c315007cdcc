"""Answers who watches this process, before anything asks by which name or over which scheme it was called."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from distportal.web.health import live, ready
from distportal.web.metrics import metrics

PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/health/live": live,
    "/health/ready": ready,
    "/metrics": metrics,
}


class ProbeMiddleware:
    """Kubernetes and Prometheus call each pod by its address, over plain HTTP: no ALLOWED_HOSTS can name those, and a
    redirect to https would count as health. What is told there is no secret, or needs its token.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info)
        return self.get_response(request) if probe is None else probe(request)
