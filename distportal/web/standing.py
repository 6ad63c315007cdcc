"""Who a request's person acts for: found once, when the person is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from distportal.accounts.models import User
from distportal.accounts.standing import standings_of

COMPANY = "account_id"
"""Where the session keeps the company that a person chose."""


class StandingMiddleware:
    """`request.user.standing` is the company chosen in the session, where the person may still act for it, else the
    first of their companies; None for staff and for people without a company.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(partial(_standing_person, request, request.user))  # type: ignore[assignment]
        return self.get_response(request)


def _standing_person(request: HttpRequest, user: User | AnonymousUser) -> User | AnonymousUser:
    if isinstance(user, User) and not user.is_staff:
        standings = standings_of(user)
        chosen = request.session.get(COMPANY)
        user.standing = next((s for s in standings if str(s.account.pk) == chosen), standings[0] if standings else None)
        request.companies = standings  # type: ignore[attr-defined]
    return user
