"""The switch between the languages that the portal speaks."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from distportal.accounts.models import User
from distportal.accounts.speaking import set_language


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """The language of this browser, and of the person's mails where somebody signed in; back to the page before."""
    language = request.POST.get("language", "")
    answer = redirect(page_before(request))
    if language not in dict(settings.LANGUAGES):
        return answer
    if isinstance(request.user, User) and not request.user.is_staff:
        set_language(user=request.user, language=language)
    return remember_language(answer, language)


def remember_language(answer: HttpResponse, language: str) -> HttpResponse:
    """The answer with the cookie that brings the language back, also before the next sign-in."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE, samesite="Lax", httponly=True,
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )  # fmt: skip
    return answer


def page_before(request: HttpRequest) -> str:
    """The address that the person comes from, the start page where that is none of ours."""
    back = request.headers.get("Referer", "/")
    return back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/"
