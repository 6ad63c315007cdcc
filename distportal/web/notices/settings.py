"""The grid of events, and the person's clock."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from distportal.accounts.models import User
from distportal.accounts.speaking import zone_of
from distportal.common.errors import DomainError
from distportal.notices.choices import Mode
from distportal.notices.models import DIGEST_AT
from distportal.notices.people import settings_of
from distportal.notices.preferences import GridRow, WantedClock, grid, set_choices, try_address_again
from distportal.web.languages import remember_language


class TimeInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"


class ClockForm(forms.Form):
    """When mails may come."""

    language = forms.ChoiceField(label=_("Language of pages and mails"), required=False, choices=settings.LANGUAGES)
    time_zone = forms.CharField(label=_("Your time zone"), required=False, max_length=60)
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=TimeInput(format="%H:%M"))
    quiet_until = forms.TimeField(label=_("Quiet until"), required=False, widget=TimeInput(format="%H:%M"))
    digest_at = forms.TimeField(label=_("Digest at"), required=False, widget=TimeInput(format="%H:%M"))

    def wanted(self) -> WantedClock:
        """The cleaned values."""
        data = self.cleaned_data
        return WantedClock(
            language=data["language"],
            time_zone=data["time_zone"].strip(),
            quiet_from=data["quiet_from"],
            quiet_until=data["quiet_until"],
            digest_at=data["digest_at"] or DIGEST_AT,
        )


@require_http_methods(["GET", "POST"])
@login_required
def show(request: HttpRequest) -> HttpResponse:
    """Everything about notifications that a person may set, on one page and in one form."""
    user: Any = request.user
    roles = _roles(user)
    own = settings_of(user)
    form = ClockForm(request.POST or None, initial=_initial(user, own))
    rows = grid(user=user, roles=roles)
    posted = _posted(request, rows) if request.method == "POST" else {}
    if request.method == "POST" and form.is_valid():
        try:
            set_choices(user=user, roles=roles, clock=form.wanted(), wanted=posted)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, gettext("Your choices are saved."))
            return remember_language(redirect("notices:settings"), user.language)
    context = {
        "rows": [_as_typed(row, *posted[row.kind.key]) for row in rows] if posted else rows,
        "modes": Mode.choices,
        "form": form,
        "may_choose": not user.is_staff,
        "own": own if own and own.refused_email == user.email else None,
        "account_zone": zone_of(user.standing.account if user.standing else None),
        "zones": sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc")),
    }
    return render(request, "web/notices/settings.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def try_again(request: HttpRequest) -> HttpResponse:
    """The person says that their address works."""
    user: Any = request.user
    try_address_again(user=user)
    messages.success(request, gettext("Mails are sent to %(email)s again.") % {"email": user.email})
    return redirect("notices:settings")


def _roles(user: User) -> frozenset[str]:
    if user.is_staff:
        return frozenset(user.groups.values_list("name", flat=True))
    return frozenset(user.memberships.filter(active=True).values_list("role", flat=True))


def _initial(user: User, own: Any) -> dict[str, Any]:
    names = ("quiet_from", "quiet_until", "digest_at")
    clock = {name: getattr(own, name) for name in names} if own else {"digest_at": DIGEST_AT}
    return {"time_zone": user.time_zone, "language": user.language or get_language(), **clock}


def _as_typed(row: GridRow, mail: str, in_app: bool) -> GridRow:
    """The row as the person left it, so that a slip elsewhere on the page costs no tick."""
    return GridRow(row.kind, Mode(mail) if mail in Mode.values else row.mail, in_app or row.kind.mandatory)


def _posted(request: HttpRequest, rows: list[GridRow]) -> dict[str, tuple[str, bool]]:
    return {
        row.kind.key: (
            str(request.POST.get(f"mail.{row.kind.key}", row.mail.value)),
            f"app.{row.kind.key}" in request.POST,
        )
        for row in rows
    }
