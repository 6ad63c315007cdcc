"""Order an old order again: first what changed since, then the chosen lines into the cart."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, dealer_view
from orders.models import Order
from orders.portal.picking import NOTHING, Typed, picks_of, quantity_text, typed_in
from orders.process.drafts import open_draft
from orders.process.picking import Choice, take_picks
from orders.queries.reordering import lines_again


@require_GET
@dealer_view(Act.PLACE_ORDERS)
def show(request: PersonRequest, number: int) -> HttpResponse:
    """Then and now, line by line. Quantities are empty, or with `?quantities=old` as they were."""
    return _page(request, _order(request, number), old=request.GET.get("quantities") == "old")


@require_POST
@dealer_view(Act.PLACE_ORDERS)
def take(request: PersonRequest, number: int) -> HttpResponse:
    """The chosen lines join what is in the cart, all of them or none."""
    order = _order(request, number)
    try:
        choices = {
            str(again.line.pk): Choice(again.offer.item, again.quantity, again.unit)
            for again in lines_again(order, request.account)
            if again.offer is not None and again.offer.can_be_ordered
        }
        draft = open_draft(account=request.account, user=request.user)
        added = take_picks(draft=draft, picks=picks_of(request.POST), choices=choices)
    except DomainError as error:
        messages.error(request, error.message)
        return _page(request, order, old=False, typed=request.POST, status=error.http_status)
    told = ngettext("%(n)s line of %(order)s is in your cart.", "%(n)s lines of %(order)s are in your cart.", added)
    messages.success(request, told % {"n": added, "order": order})
    return redirect("orders:cart")


def _page(
    request: PersonRequest, order: Order, *, old: bool, typed: Typed = NOTHING, status: int = 200
) -> HttpResponse:
    rows: list[dict[str, Any]] = []
    for again in lines_again(order, request.account):
        fields = {"quantity": quantity_text(again.quantity) if old else "", "unit": again.unit, "ticked": False}
        rows.append({"key": str(again.line.pk), "again": again, **fields, **typed_in(typed, str(again.line.pk))})
    changed = sum(row["again"].change != "same" or bool(row["again"].remarks) for row in rows)
    context = {"order": order, "rows": rows, "old": old, "changed": changed}
    return render(request, "orders/portal/reorder.html", context, status=status)


def _order(request: PersonRequest, number: int) -> Order:
    """Of the person's company; any other is not there."""
    return get_object_or_404(Order.objects.visible_to(request.user), number=number, account=request.account)
