"""Whether a page lets its reader in, asked before a link to it is shown."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from distportal.accounts.models import User
from distportal.web.audience import audiences_of


def may_open(request: HttpRequest, address: str) -> bool:
    """Whether the person of the request is let in at an address of the portal or the back office, by what its guard
    goes by: the staff's groups, the act of a role, the right to see such rows. Rows are not looked at, so 404 is
    possible; what names no guard, and what is not ours, is open.
    """
    try:
        view = resolve(urlsplit(address).path).func
    except Resolver404:
        return True
    user = request.user
    if groups := getattr(view, "groups", None):
        return bool(audiences_of(request) & groups)
    if model_admin := getattr(view, "model_admin", None):
        return bool(user.is_staff and model_admin.has_view_permission(request))
    if (act := getattr(view, "act", None)) and isinstance(user, User):
        return user.standing.may(act) if user.standing else bool(user.is_staff and view.for_staff)  # type: ignore[attr-defined]
    return True
