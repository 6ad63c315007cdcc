"""The company pages as tabs: which there are, and which of them a role opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from distportal.accounts.permissions import Act
from distportal.web.audience import PersonRequest, may


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One page by its address's name."""

    url_name: str
    title: Promise
    act: Act


TABS = (
    Tab(url_name="company:index", title=_("Company"), act=Act.VIEW_COMPANY),
    Tab(url_name="company:people", title=_("People"), act=Act.MANAGE_USERS),
    Tab(url_name="company:places", title=_("Delivery addresses"), act=Act.VIEW_COMPANY),
    Tab(url_name="company:keys", title=_("API keys"), act=Act.MANAGE_KEYS),
    Tab(url_name="company:webhooks", title=_("Webhooks"), act=Act.MANAGE_KEYS),
    Tab(url_name="company:edi", title=_("EDI"), act=Act.VIEW_EDI),
    Tab(url_name="company:sign_ins", title=_("Sign-in log"), act=Act.VIEW_SIGN_INS),
    Tab(url_name="company:roles", title=_("What roles may do"), act=Act.VIEW_COMPANY),
)


def company_page(
    request: PersonRequest, template: str, context: dict[str, Any], *, tab: str, status: int = 200
) -> HttpResponse:
    """A page of the company with the tabs that the person's role opens; `tab` is the one that is shown."""
    tabs = [one for one in TABS if may(request, one.act)]
    return render(
        request, f"web/company/{template}.html", {**context, "tabs": tabs, "tab": f"company:{tab}"}, status=status
    )
