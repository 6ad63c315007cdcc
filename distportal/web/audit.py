"""Every change made in a request is recorded with the person who made it."""

from __future__ import annotations

from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponse

from distportal.observability.actor import acting


class AuditContextMiddleware:
    """Names the actor for events and puts user and URL into the history rows of writing requests."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        name = user.email if user is not None and user.is_authenticated else ""
        if request.method in ("GET", "HEAD", "OPTIONS"):
            with acting(name):
                return self.get_response(request)
        with acting(name), pghistory.context(actor=name, url=request.path):
            return self.get_response(request)
