"""Whose money a page is about: the company a dealer's person acts for, or the one that our own people name."""

from __future__ import annotations

from django.http import Http404

from distportal.accounts.models import Account
from distportal.web.audience import PersonRequest


def account_of(request: PersonRequest) -> Account | None:
    """None where our own people named no account. Raises Http404 for one that is not there; dealers name none."""
    standing = request.user.standing
    if standing is not None:
        return standing.account
    code = request.GET.get("account", "") or request.POST.get("account", "")
    if not code:
        return None
    found = Account.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found
