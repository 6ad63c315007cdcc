"""How long somebody stays signed in: so long without a look, and so long in all."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from distportal.accounts.models import User

BEGAN, SEEN = "began_at", "seen_at"
"""Where a session keeps, in seconds since 1970, when it was begun and when it was last looked at."""
STEP = 60.0
"""A look is noted so often at most: each note is a statement."""


class SessionLimitsMiddleware:
    """Whoever was away too long, or signed in too long ago, is a stranger again; before anything asks who they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User):
            now = time.time()
            if _over(request, user, now):
                logout(request)
            else:
                _note(request, now)
        return self.get_response(request)


def note_sign_in(request: HttpRequest, **_: object) -> None:
    """The session begins now; kept with what signing in writes anyway, so the first look needs no statement."""
    request.session[BEGAN] = request.session[SEEN] = time.time()


def _over(request: HttpRequest, user: User, now: float) -> bool:
    idle, whole = settings.SESSION_MINUTES["staff" if user.is_staff else "dealer"]
    began = float(request.session.get(BEGAN, now))
    seen = float(request.session.get(SEEN, now))
    return bool(now - seen > idle * 60 or now - began > whole * 60)


def _note(request: HttpRequest, now: float) -> None:
    if BEGAN not in request.session:
        request.session[BEGAN] = now
    if now - float(request.session.get(SEEN, 0.0)) >= STEP:
        request.session[SEEN] = now
