"""In which language, and by which clock, a page speaks to its reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from distportal.accounts.models import User
from distportal.accounts.speaking import ENGLISH, zone_of
from distportal.web.said_once import look_up_once

ALWAYS_ENGLISH = ("/admin/", "/api/", "/as2", "/edi/", "/health/", "/metrics", "/desk/")
"""The back office and the desk, and what machines read: their words are an interface."""
_zone: ContextVar[ZoneInfo | None] = ContextVar("reader_zone", default=None)


class LanguageMiddleware:
    """Dealers' people read the language they chose, else that of the cookie, else of their browser. Our own people read
    English, also in a dealer's portal that they look at.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(ALWAYS_ENGLISH):
            look_up_once(ENGLISH)
            with translation.override(ENGLISH):
                return self.get_response(request)
        language, zone = _language(request), _reader_zone(request)
        look_up_once(language)
        with translation.override(language), read_in(zone):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language",))
        return response


def reader_zone() -> ZoneInfo:
    """The zone in which moments are shown now: the reader's, else the site's. Days that count are the site's always."""
    return _zone.get() or ZoneInfo(settings.TIME_ZONE)


def moment_words(moment: dt.datetime) -> str:
    """The moment in words of a sentence, in that zone."""
    local = moment.astimezone(reader_zone())
    return f"{local.day} {local:%b %Y, %H:%M}"


@contextmanager
def read_in(zone: str) -> Iterator[None]:
    """Moments are shown in the zone of that name inside."""
    token = _zone.set(ZoneInfo(zone))
    try:
        yield
    finally:
        _zone.reset(token)


def _language(request: HttpRequest) -> str:
    user = request.user
    if isinstance(user, User):
        if user.is_staff or (user.standing and user.standing.visit):
            return ENGLISH
        chosen: str = user.language
        if chosen:
            return chosen
    return str(translation.get_language_from_request(request))


def _reader_zone(request: HttpRequest) -> str:
    user = request.user
    if not isinstance(user, User):
        return str(settings.TIME_ZONE)
    own: str = user.time_zone
    return own or zone_of(user.standing.account if user.standing else None)
