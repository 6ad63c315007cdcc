"""Who is looking: dealers' people with the account they act for, or staff by group."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from distportal.accounts.granting import role_givers
from distportal.accounts.models import Account, User
from distportal.accounts.permissions import Act
from distportal.accounts.standing import Standing

View = Callable[..., HttpResponseBase]
DEALER = "dealer"


class PersonRequest(HttpRequest):
    """A request of somebody who signed in; `account` and `role` are set for dealers' people."""

    user: User
    account: Account
    role: str
    companies: list[Standing]


def audiences_of(request: HttpRequest) -> frozenset[str]:
    """`dealer` and/or the names of the staff groups; asked once a request."""
    cached: frozenset[str] | None = getattr(request, "_audiences", None)
    if cached is None:
        user = request.user
        names: set[str] = set()
        if user.is_authenticated and user.is_staff:
            names = set(user.groups.values_list("name", flat=True))
            names |= {"agent", "finance", "operator"} if user.is_superuser else set()
        elif user.is_authenticated and user.standing:
            names = {DEALER}
        cached = frozenset(names)
        request._audiences = cached  # type: ignore[attr-defined]
    return cached


def may(request: PersonRequest, act: Act) -> bool:
    """Whether the person acts for a company now, and their role there includes the act; False for staff as such."""
    standing = request.user.standing
    return standing is not None and standing.may(act)


def dealer_view(act: Act) -> Callable[[View], View]:
    """Only for people of a company whose role includes the act; sets request.account and request.role."""
    return _guarded(act, staff=False)


def shared_view(act: Act) -> Callable[[View], View]:
    """As `dealer_view`, and open to all staff: one page for both. `request.account` is set for dealers' people only."""
    return _guarded(act, staff=True)


def _guarded(act: Act, *, staff: bool) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            standing: Standing | None = request.user.standing
            if standing is not None and standing.may(act):
                request.account, request.role = standing.account, standing.role
            elif standing is not None or not (staff and request.user.is_staff):
                raise PermissionDenied(_refusal(standing))
            return view(request, *args, **kwargs)

        inner.act = act  # type: ignore[attr-defined]  # what a visit of our own people is judged by
        inner.for_staff = staff  # type: ignore[attr-defined]
        return inner

    return decorate


def _refusal(standing: Standing | None) -> str:
    """That the page is not theirs and, for a dealer's person, who can change that."""
    if standing is None:
        return _("Your role at this company does not include this page.")
    if standing.visit is not None:
        return _("A visit does not open this page. People and keys stay closed, and a cart needs an order on behalf.")
    names = role_givers(standing.account)
    return _("Your role does not include this page. You can be given another one by: %(names)s.") % {"names": names}


def staff_view(*groups: str) -> Callable[[View], View]:
    """Only for staff of one of the groups."""

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not audiences_of(request) & frozenset(groups):
                raise PermissionDenied(_("This page belongs to another team."))
            return view(request, *args, **kwargs)

        inner.groups = frozenset(groups)  # type: ignore[attr-defined]  # what a link to the page is shown by
        return inner

    return decorate
