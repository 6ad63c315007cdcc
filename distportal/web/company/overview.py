"""The company at a glance, its policy on signing in, and the change to another company."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.companies import require_second_factor
from distportal.accounts.models import Membership
from distportal.accounts.permissions import Act
from distportal.web.audience import PersonRequest, dealer_view
from distportal.web.company.pages import company_page
from distportal.web.done import done
from distportal.web.standing import COMPANY


@require_GET
@dealer_view(Act.VIEW_COMPANY)
def index(request: PersonRequest) -> HttpResponse:
    """Name, terms, parent and children, and who administers it."""
    account = request.account
    rows = Membership.objects.filter(account=account, active=True).select_related("user").order_by("user__name")
    context = {
        "admins": [row.user for row in rows if row.role == "admin"],
        "count": len(rows),
        "children": account.children.order_by("name"),
    }
    return company_page(request, "index", context, tab="index")


@require_POST
@dealer_view(Act.VIEW_COMPANY)
def switch(request: PersonRequest) -> HttpResponseBase:
    """From now on the person acts for the company they chose; 404 for one they may not act for."""
    wanted = request.POST.get("company", "")
    found = next((s for s in request.companies if str(s.account.pk) == wanted), None)
    if found is None:
        raise Http404
    request.session[COMPANY] = wanted
    messages.success(request, _("You act for %(company)s now.") % {"company": found.account.name})
    return redirect("home")


@require_POST
@dealer_view(Act.MANAGE_SECURITY)
def second_factor(request: PersonRequest) -> HttpResponseBase:
    """Require a second factor of everybody at the company, or no more."""
    wanted = request.POST.get("required") == "yes"
    text = _("Everybody needs a second factor now.") if wanted else _("A second factor is everybody's own choice now.")
    return done(
        request,
        lambda: require_second_factor(by=request.user, account=request.account, required=wanted),
        text,
        "company:index",
    )
