"""Every change made in a request is recorded with the person who made it, and with the one it was made for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pghistory
import structlog
from django.http import HttpRequest, HttpResponse

from distportal.accounts.models import User, Visit
from distportal.accounts.standing import signed_email
from distportal.observability.actor import acting

MOST_NAMED = 120
"""As long as the columns are that keep who did something."""


class AuditContextMiddleware:
    """Names the actor for events and logs, and puts user and URL into the history rows of writing requests."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person: Any = getattr(request, "user", None)
        user: User | None = person if person is not None and person.is_authenticated else None
        name = signed_email(user)[:MOST_NAMED] if user else ""
        structlog.contextvars.bind_contextvars(user_id=user.pk if user else None)
        if request.method in ("GET", "HEAD", "OPTIONS"):
            with acting(name):
                return self.get_response(request)
        behalf = _behalf(user.standing.visit) if user and user.standing and user.standing.visit else {}
        with acting(name), pghistory.context(actor=name, url=request.path, **behalf):
            return self.get_response(request)


def _behalf(visit: Visit) -> dict[str, str]:
    """Whose part one of our people takes, and why."""
    return {"on_behalf_of": visit.person.email, "reason": visit.reason, "visit": str(visit.pk)}
