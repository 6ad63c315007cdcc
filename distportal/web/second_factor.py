"""Who has to have a second factor, and what opens to them before they have one."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from distportal.accounts.choices import Role
from distportal.accounts.models import User
from distportal.accounts.standing import Standing

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes alone are none: they come with one of these."""
BEFORE = frozenset(
    {
        "account_login", "account_logout", "account_reauthenticate", "set_theme", "set_language", "company:switch",
        "join",
    }
)  # fmt: skip
"""Addresses that are open without: the way out, the proof of who one is, the change to another company."""


def enrolment_owed(request: HttpRequest, user: User) -> HttpResponseBase | None:
    """The way to enrolment, for a page that opens only with a second factor to a person who has none; else None."""
    match = request.resolver_match
    name = match.view_name if match is not None else ""
    reason = "" if name in BEFORE or name.startswith("mfa_") else _reason(user.standing)
    if not reason or is_mfa_enabled(user, types=FACTORS):
        return None
    _say_once(request, reason)
    return redirect("mfa_index")


def _say_once(request: HttpRequest, reason: str) -> None:
    """A page that asks again and again, as live ones do, does not pile up what the next one shows."""
    waiting = messages.get_messages(request)
    said = {str(message) for message in waiting}
    if isinstance(waiting, BaseStorage):
        waiting.used = False  # they were looked at, not shown
    if reason not in said:
        messages.warning(request, reason)


def _reason(standing: Standing | None) -> str:
    """Why the person needs one, in words; empty where they may do without."""
    if standing is None or standing.visit is not None:  # one of our own people, or nobody's
        return "Northline's own people need a second factor. Add one here; then you can go on." if _forced() else ""
    if standing.account.mfa_required:
        text = _("%(company)s requires a second factor. Add one here; then you can go on.")
        return text % {"company": standing.account.name}
    if standing.role == Role.ADMIN and _forced():
        text = _("Administrators of %(company)s need a second factor. Add one here; then you can go on.")
        return text % {"company": standing.account.name}
    return ""


def _forced() -> bool:
    return bool(settings.SECOND_FACTOR_REQUIRED)
