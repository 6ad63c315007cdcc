"""Who a request's person acts for: found once, when the person is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from distportal.accounts.choices import VisitKind
from distportal.accounts.models import User, Visit, as_visitor
from distportal.accounts.standing import Standing, standings_of, visit_standing
from distportal.web.second_factor import enrolment_owed

COMPANY = "account_id"
"""Where the session keeps the company that a person chose."""
VISIT = "visit_id"
"""Where a staff member's session keeps the visit that runs."""
ALWAYS = frozenset({"home", "set_theme", "dealers:end", "account_logout"})
"""Open during a visit besides pages that name an act."""


class StandingMiddleware:
    """`request.user.standing` is the company chosen in the session, where the person may still act for it, else the
    first of their companies; for our own people that of the visit that runs; else None.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(partial(_standing_person, request, request.user))  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponseBase | None:
        """A visit opens what a dealer's page names an act for, and nothing else: no passwords, keys or desk; who has to
        have a second factor first sees only where to get one.
        """
        user = request.user
        if not user.is_authenticated:
            return None
        standing: Standing | None = user.standing
        if standing is not None and standing.visit is not None:
            _check_visit(request, view, standing.visit)
        return enrolment_owed(request, user)


def _standing_person(request: HttpRequest, user: User | AnonymousUser) -> User | AnonymousUser:
    if not isinstance(user, User):
        return user
    if user.is_staff:
        return _visitor(request, user) if VISIT in request.session else user
    standings = standings_of(user)
    chosen = request.session.get(COMPANY)
    user.standing = next((s for s in standings if str(s.account.pk) == chosen), standings[0] if standings else None)
    request.companies = standings  # type: ignore[attr-defined]
    return user


def _visitor(request: HttpRequest, user: User) -> User:
    """The staff member as a visitor; as themselves again where the visit is over."""
    rows = Visit.objects.filter(pk=request.session[VISIT], staff=user)
    visit = rows.select_related("account", "person", "staff").first()
    standing = visit_standing(visit) if visit else None
    if standing is None:
        del request.session[VISIT]
        return user
    visitor = as_visitor(user)
    visitor.standing = standing
    request.companies = [standing]  # type: ignore[attr-defined]
    return visitor


def _check_visit(request: HttpRequest, view: Any, visit: Visit) -> None:
    match = request.resolver_match
    if match is not None and match.view_name in ALWAYS:
        return
    if not hasattr(view, "act"):
        raise PermissionDenied("This page is not part of a visit. End the visit first; nothing was changed.")
    if visit.kind == VisitKind.LOOK and request.method not in ("GET", "HEAD", "OPTIONS"):
        raise PermissionDenied("You view this portal as somebody else: you can read, not change. Nothing was changed.")
