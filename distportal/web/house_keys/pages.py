"""API keys of the house, for operators. A secret is on one answer only, and that answer is kept by no cache."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.choices import Scope, StaffGroup
from distportal.accounts.keys import HOUSE_CHANNELS, live_keys, make_key, replace_key, revoke_key
from distportal.accounts.models import ApiKey
from distportal.web.audience import PersonRequest, staff_view
from distportal.web.company.forms import KeyForm
from distportal.web.done import done, with_reason
from distportal.web.secrets_once import shown_once

TEAM = staff_view(StaffGroup.OPERATOR)


class HouseKeyForm(KeyForm):
    """A key that acts for every account; notes of accounts are open to it, too."""

    channel = forms.ChoiceField(label="It is", choices=list(HOUSE_CHANNELS.items()))
    field_order = ("name", "channel", "scopes", "days", "networks")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = Scope.choices  # type: ignore[attr-defined]  # of this kind of field


@require_GET
@TEAM
def index(request: PersonRequest) -> HttpResponse:
    """The live keys and those that ended, without their secrets."""
    return _page(request, HouseKeyForm())


@require_POST
@TEAM
@reauthentication_required  # type: ignore[untyped-decorator]
def make(request: PersonRequest) -> HttpResponseBase:
    """A new key; its secret is shown now and never again. Whoever has not proved who they are lately does it first."""
    form = HouseKeyForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    return _shown_once(
        request,
        lambda: make_key(by=request.user, account=None, **form.cleaned_data),
        refused=lambda why: _page(request, with_reason(form, why), status=422),
    )


@require_POST
@TEAM
@reauthentication_required  # type: ignore[untyped-decorator]
def replace(request: PersonRequest, prefix: str) -> HttpResponseBase:
    """A new key in place of one that goes on working for seven days."""
    return _shown_once(request, lambda: replace_key(by=request.user, account=None, prefix=prefix))


@require_POST
@TEAM
def revoke(request: PersonRequest, prefix: str) -> HttpResponseBase:
    """The key ends now."""
    return done(
        request,
        lambda: revoke_key(by=request.user, account=None, prefix=prefix),
        "The key is revoked and opens nothing any more.",
        "house_keys:index",
    )


def _page(request: PersonRequest, form: HouseKeyForm, status: int = 200) -> HttpResponse:
    live = live_keys(None).select_related("made_by").prefetch_related("successors").order_by("name")
    ended = ApiKey.objects.filter(account=None).exclude(pk__in=live.values("pk")).order_by("-created")[:10]
    context = {"keys": live, "ended": ended, "form": form}
    return render(request, "web/house_keys/index.html", context, status=status)


def _shown_once(
    request: PersonRequest, work: Callable[[], tuple[ApiKey, str]], refused: Callable[[str], HttpResponse] | None = None
) -> HttpResponseBase:
    return shown_once(
        request,
        work,
        page=lambda key, secret: render(request, "web/house_keys/key.html", {"key": key, "secret": secret}),
        back="house_keys:index",
        refused=refused,
    )
