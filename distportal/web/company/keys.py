"""API keys of a company. A secret is on one answer only, and that answer is kept by no cache."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.keys import live_keys, make_key, replace_key, revoke_key
from distportal.accounts.models import ApiKey
from distportal.accounts.permissions import Act
from distportal.web.audience import PersonRequest, dealer_view
from distportal.web.company.forms import KeyForm
from distportal.web.company.pages import company_page
from distportal.web.done import done, with_reason
from distportal.web.secrets_once import shown_once


@require_GET
@dealer_view(Act.MANAGE_KEYS)
def index(request: PersonRequest) -> HttpResponse:
    """The live keys and those that ended, without their secrets."""
    return _page(request, KeyForm())


@require_POST
@dealer_view(Act.MANAGE_KEYS)
@reauthentication_required  # type: ignore[untyped-decorator]
def make(request: PersonRequest) -> HttpResponseBase:
    """A new key; its secret is shown now and never again. Whoever has not proved who they are lately does it first."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    return _shown_once(
        request,
        lambda: make_key(by=request.user, account=request.account, **form.cleaned_data),
        refused=lambda why: _page(request, with_reason(form, why), status=422),
    )


@require_POST
@dealer_view(Act.MANAGE_KEYS)
@reauthentication_required  # type: ignore[untyped-decorator]
def replace(request: PersonRequest, prefix: str) -> HttpResponseBase:
    """A new key in place of one that goes on working for seven days."""
    return _shown_once(request, lambda: replace_key(by=request.user, account=request.account, prefix=prefix))


@require_POST
@dealer_view(Act.MANAGE_KEYS)
def revoke(request: PersonRequest, prefix: str) -> HttpResponseBase:
    """The key ends now."""
    return done(
        request,
        lambda: revoke_key(by=request.user, account=request.account, prefix=prefix),
        _("The key is revoked and opens nothing any more."),
        "company:keys",
    )


def _page(request: PersonRequest, form: KeyForm, status: int = 200) -> HttpResponse:
    live = live_keys(request.account).select_related("made_by").prefetch_related("successors").order_by("name")
    ended = ApiKey.objects.filter(account=request.account).exclude(pk__in=live.values("pk")).order_by("-created")[:10]
    return company_page(request, "keys", {"keys": live, "ended": ended, "form": form}, tab="keys", status=status)


def _shown_once(
    request: PersonRequest, work: Callable[[], tuple[ApiKey, str]], refused: Callable[[str], HttpResponse] | None = None
) -> HttpResponseBase:
    return shown_once(
        request,
        work,
        page=lambda key, secret: company_page(request, "key", {"key": key, "secret": secret}, tab="keys"),
        back="company:keys",
        refused=refused,
    )
