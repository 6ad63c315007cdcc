"""Who is looking: dealers' people with the account they act for, or staff by group."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from distportal.accounts.choices import Role
from distportal.accounts.models import Account, Membership, User

View = Callable[..., HttpResponseBase]
DEALER = "dealer"


class PersonRequest(HttpRequest):
    """A request of somebody who signed in; `account` and `role` are set for dealers' people."""

    user: User
    account: Account
    role: str


def audiences_of(request: HttpRequest) -> frozenset[str]:
    """`dealer` and/or the names of the staff groups; asked once a request."""
    cached: frozenset[str] | None = getattr(request, "_audiences", None)
    if cached is None:
        user = request.user
        names: set[str] = set()
        if user.is_authenticated and user.is_staff:
            names = set(user.groups.values_list("name", flat=True))
            names |= {"agent", "finance", "operator"} if user.is_superuser else set()
        elif user.is_authenticated and membership_of(request):
            names = {DEALER}
        cached = frozenset(names)
        request._audiences = cached  # type: ignore[attr-defined]
    return cached


def membership_of(request: HttpRequest) -> Membership | None:
    """The membership the person acts under now: the one chosen in the session, else the first."""
    if not hasattr(request, "_membership"):
        found: Membership | None = None
        if request.user.is_authenticated:
            rows = list(
                Membership.objects.filter(user=request.user).select_related("account").order_by("account__name")
            )
            chosen = request.session.get("account_id")
            found = next((m for m in rows if str(m.account_id) == chosen), rows[0] if rows else None)
        request._membership = found  # type: ignore[attr-defined]
    return request._membership  # type: ignore[attr-defined,no-any-return]


def dealer_view(*roles: str) -> Callable[[View], View]:
    """Only for people of an account, with one of the roles if any are named; sets request.account and request.role."""

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            membership = membership_of(request)
            if membership is None or (roles and membership.role not in (*roles, Role.ADMIN)):
                raise PermissionDenied("Your role at this account does not include this page.")
            request.account, request.role = membership.account, membership.role
            return view(request, *args, **kwargs)

        return inner

    return decorate


def staff_view(*groups: str) -> Callable[[View], View]:
    """Only for staff of one of the groups."""

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not audiences_of(request) & frozenset(groups):
                raise PermissionDenied("This page belongs to another team.")
            return view(request, *args, **kwargs)

        return inner

    return decorate
