"""Delivery addresses of a company."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from distportal.accounts.models import ShipTo
from distportal.accounts.permissions import Act
from distportal.accounts.places import add_place, change_place, use_place
from distportal.web.audience import PersonRequest, dealer_view, may
from distportal.web.company.forms import PlaceForm
from distportal.web.company.pages import company_page
from distportal.web.done import done


@require_GET
@dealer_view(Act.VIEW_COMPANY)
def index(request: PersonRequest) -> HttpResponse:
    """All of them; administrators can change them."""
    rows = ShipTo.objects.filter(account=request.account).order_by("-active", "name")
    may_change = may(request, Act.MANAGE_SHIP_TOS)
    return company_page(request, "places", {"places": rows, "may_change": may_change}, tab="places")


@require_http_methods(["GET", "POST"])
@dealer_view(Act.MANAGE_SHIP_TOS)
def add(request: PersonRequest) -> HttpResponseBase:
    """One more."""
    form = PlaceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        text = _("The address waits for our review; you can use it as soon as we have approved it.")
        return done(
            request,
            lambda: add_place(by=request.user, account=request.account, place=form.place()),
            text if request.account.ship_to_review else _("The address is in; orders can go there."),
            "company:places",
        )
    return company_page(request, "place", {"form": form}, tab="places", status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@dealer_view(Act.MANAGE_SHIP_TOS)
def change(request: PersonRequest, ship_to_id: UUID) -> HttpResponseBase:
    """Another name, street or code."""
    row = get_object_or_404(ShipTo, pk=ship_to_id, account=request.account)
    form = PlaceForm(request.POST if request.method == "POST" else None, initial=PlaceForm.values_of(row))
    if form.is_valid():
        return done(
            request,
            lambda: change_place(by=request.user, account=request.account, ship_to_id=row.pk, place=form.place()),
            _("%(place)s: changed.") % {"place": row.name},
            "company:places",
        )
    context = {"form": form, "place": row}
    return company_page(request, "place", context, tab="places", status=422 if form.is_bound else 200)


@require_POST
@dealer_view(Act.MANAGE_SHIP_TOS)
def use(request: PersonRequest, ship_to_id: UUID) -> HttpResponseBase:
    """Offer the address for orders, or no more."""
    wanted = request.POST.get("active") == "yes"
    return done(
        request,
        lambda: use_place(by=request.user, account=request.account, ship_to_id=ship_to_id, active=wanted),
        _("Orders can go there again.") if wanted else _("The address is not offered for orders any more."),
        "company:places",
    )
